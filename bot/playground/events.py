"""What open pages are told, as it happens."""

import asyncio
import json
from typing import Any

Json = dict[str, Any]

BACKLOG = 1000
encode = json.JSONEncoder(separators=(",", ":")).encode


class Events:
    """Server-Sent Events by person. A page that reads too slowly is cut off and takes a new snapshot."""

    def __init__(self) -> None:
        self._pages: dict[int, list[asyncio.Queue[str | None]]] = {}
        self.closing = False

    def subscribe(self, person_id: int) -> asyncio.Queue[str | None]:
        """Open a queue of encoded events; None in it means: close the stream."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._pages.setdefault(person_id, []).append(queue)
        if self.closing:
            queue.put_nowait(None)
        return queue

    def unsubscribe(self, person_id: int, queue: asyncio.Queue[str | None]) -> None:
        """Forget a page that went away."""
        pages = self._pages.get(person_id, [])
        if queue in pages:
            pages.remove(queue)
        if not pages:
            self._pages.pop(person_id, None)

    @property
    def watched(self) -> list[int]:
        """List the people who have a page open."""
        return list(self._pages)

    def publish(self, person_id: int, event: Json) -> None:
        """Tell a person's pages; costs nothing where none is open."""
        pages = self._pages.get(person_id)
        if not pages:
            return
        line = encode(event)
        for queue in list(pages):
            if queue.qsize() >= BACKLOG:
                self.unsubscribe(person_id, queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(line)

    def close(self) -> None:
        """End every stream."""
        self.closing = True
        for pages in self._pages.values():
            for queue in pages:
                queue.put_nowait(None)
