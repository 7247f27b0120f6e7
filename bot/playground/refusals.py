"""What the Bot API says when it refuses a call."""

from typing import Any


class Refused(Exception):  # noqa: N818 - named by what happened, as the rest of Chiron does
    """A call that Telegram would refuse.

    Args:
        description: Telegram's own words, with their prefix (`Bad Request: ...`).
        code: The HTTP status, which is also `error_code`.
        retry_after: Whole seconds to wait, for 429.
    """

    def __init__(self, description: str, code: int = 400, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.description = description
        self.code = code
        self.retry_after = retry_after

    def body(self) -> dict[str, Any]:
        """Give the JSON envelope of the refusal."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(reason: str) -> Refused:
    """Refuse with 400 and Telegram's prefix."""
    return Refused(f"Bad Request: {reason}")


def too_many_requests(retry_after: int) -> Refused:
    """Refuse with 429 for so many whole seconds."""
    return Refused(f"Too Many Requests: retry after {retry_after}", 429, retry_after=retry_after)
