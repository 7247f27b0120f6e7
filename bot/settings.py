"""Settings: from the environment or a `.env` file; a wrong one is named in one line."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.mentor.prices import own

TELEGRAM = "https://api.telegram.org/bot"
SOME_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""A price is read only to see whether it can be."""
MODEL = "gpt-6-luna"
"""Asked where OpenAI's own server is; elsewhere the operator names one."""


class WrongSettings(Exception):  # noqa: N818 - read as a sentence
    """A setting is missing or wrong; the message names it and says what to do."""


def default_database_url() -> str:
    """An SQLite file in the user's data folder."""
    return f"sqlite+aiosqlite:///{user_data_path('chiron') / 'chiron.db'}"


class Settings(BaseSettings):
    """Everything that can be set. `.env.example` mirrors it."""

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", extra="ignore", env_ignore_empty=True)

    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = TELEGRAM
    database_url: str = Field(default_factory=default_database_url)
    session_idle_minutes: int = Field(default=30, ge=1, le=24 * 60)
    openai_api_key: SecretStr | None = None
    openai_base_url: str | None = None
    mentor_model: str | None = None
    mentor_price: str | None = None
    student_daily_usd: Decimal = Field(default=Decimal("0.10"), ge=0, le=1_000)
    operator_daily_usd: Decimal = Field(default=Decimal(5), ge=0, le=1_000_000)
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_port: int = Field(default=8080, ge=1, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["console", "json"] = "console"

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _fold_case(cls, value: object, info: object) -> object:
        if not isinstance(value, str):
            return value
        return value.lower() if getattr(info, "field_name", "") == "log_format" else value.upper()

    @field_validator("telegram_api_url")
    @classmethod
    def _api_url(cls, value: str) -> str:
        value = value.rstrip("/")
        if not value.startswith(("http://", "https://")) or not value.endswith("/bot"):
            raise ValueError("an address that begins with http:// or https:// and ends with /bot")
        return value

    @field_validator("openai_base_url")
    @classmethod
    def _model_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://")):
            raise ValueError("an address that begins with http:// or https://, such as http://127.0.0.1:11434/v1")
        return value

    @field_validator("mentor_price")
    @classmethod
    def _price(cls, value: str | None) -> str | None:
        if value is not None:
            own(value, SOME_TIME)
        return value

    @field_validator("webhook_url")
    @classmethod
    def _webhook_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise ValueError("an address that begins with https://")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
        if value is not None and not (
            16 <= len(value.get_secret_value()) <= 256 and set(value.get_secret_value()) <= allowed
        ):
            raise ValueError("16 to 256 letters, digits, _ or -")
        return value

    @property
    def has_model(self) -> bool:
        """Whether a model server is set."""
        return self.openai_api_key is not None or self.openai_base_url is not None

    @property
    def model(self) -> str:
        """The model that the mentor asks."""
        return self.mentor_model or MODEL

    @property
    def file_url(self) -> str:
        """Where the Bot API hands out files."""
        return f"{self.telegram_api_url.removesuffix('/bot')}/file/bot"

    @property
    def loopback(self) -> bool:
        """Whether the Bot API is on this machine."""
        return self.telegram_api_url.startswith(("http://127.0.0.1", "http://localhost", "http://[::1]"))

    def token(self) -> str:
        """The bot's token.

        Raises:
            WrongSettings: It is missing or cannot be one.
        """
        token = self.telegram_bot_token.get_secret_value() if self.telegram_bot_token else ""
        if not token:
            raise WrongSettings(
                "TELEGRAM_BOT_TOKEN is missing: ask @BotFather for one and put it into .env (or try `chiron play`)"
            )
        number, _, secret = token.partition(":")
        if not number.isdigit() or not secret or any(sign.isspace() for sign in token):
            raise WrongSettings(
                "TELEGRAM_BOT_TOKEN does not look like a token: 123456789:letters, as @BotFather gave it"
            )
        return token


def load_settings(**overrides: object) -> Settings:
    """The settings in force.

    Raises:
        WrongSettings: One is wrong; the first is named.
    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type] # checked by pydantic
    except UnicodeDecodeError:
        raise WrongSettings(".env is not UTF-8: save it again in that encoding") from None
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
        reason = str(problem["msg"]).removeprefix("Value error, ")
        raise WrongSettings(f"{name} is wrong: {reason}") from None
    if settings.openai_base_url and settings.mentor_model is None:
        raise WrongSettings("MENTOR_MODEL is missing: with OPENAI_BASE_URL set, name a model that this server has")
    if settings.webhook_url and settings.webhook_secret is None:
        raise WrongSettings("WEBHOOK_SECRET is missing: with WEBHOOK_URL set, choose 16 to 256 letters or digits")
    return settings
