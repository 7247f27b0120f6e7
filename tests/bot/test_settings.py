"""Settings: what can be set, and the one line that names a wrong one."""

from pathlib import Path

import pytest

from bot.settings import Settings, WrongSettings, load_settings


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither the environment nor a .env file says anything."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))


def test_nothing_need_be_set_but_the_token() -> None:
    """Without any setting there is a database in the user's folder, and Telegram's own address."""
    settings = load_settings()

    assert settings.database_url.startswith("sqlite+aiosqlite:///")
    assert settings.telegram_api_url == "https://api.telegram.org/bot"
    assert settings.file_url == "https://api.telegram.org/file/bot"
    assert not settings.loopback


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_API_URL", "127.0.0.1:8081"),
        ("TELEGRAM_API_URL", "http://127.0.0.1:8081"),
        ("SESSION_IDLE_MINUTES", "0"),
        ("SESSION_IDLE_MINUTES", "half an hour"),
        ("WEBHOOK_URL", "http://example.org"),
        ("WEBHOOK_SECRET", "short"),
        ("WEBHOOK_SECRET", "not allowed: spaces"),
        ("WEBHOOK_PORT", "70000"),
        ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_wrong_setting_is_named_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """What is wrong is named; a secret is not repeated."""
    monkeypatch.setenv(name, value)

    with pytest.raises(WrongSettings) as wrong:
        load_settings()

    assert str(wrong.value).startswith(f"{name} is wrong: ")
    assert "\n" not in str(wrong.value)
    assert name != "WEBHOOK_SECRET" or value not in str(wrong.value)


@pytest.mark.parametrize("token", ["", "abc", "abc:def", "12:", "12:a b", ":x"])
def test_token_that_is_none(monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """A missing or impossible token says what to do, and is not repeated."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", token)

    with pytest.raises(WrongSettings, match="TELEGRAM_BOT_TOKEN") as wrong:
        load_settings().token()

    assert "BotFather" in str(wrong.value)
    assert not token or f" {token} " not in str(wrong.value)


def test_webhook_needs_its_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without a secret would let anybody post updates."""
    monkeypatch.setenv("WEBHOOK_URL", "https://bot.example.org")

    with pytest.raises(WrongSettings, match="WEBHOOK_SECRET is missing"):
        load_settings()


def test_settings_file_in_another_encoding() -> None:
    """A file that an editor saved as UTF-16 is named, and what to do."""
    Path(".env").write_text("LOG_LEVEL=INFO", encoding="utf-16")

    with pytest.raises(WrongSettings, match=r"\.env is not UTF-8"):
        load_settings()


def test_forms_that_people_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """Case and trailing slashes do not matter."""
    monkeypatch.setenv("LOG_LEVEL", "debug")
    monkeypatch.setenv("LOG_FORMAT", "JSON")
    monkeypatch.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081/bot/")

    settings = load_settings()

    assert (settings.log_level, settings.log_format) == ("DEBUG", "json")
    assert settings.telegram_api_url == "http://127.0.0.1:8081/bot"
    assert settings.loopback


def test_secrets_are_not_printed() -> None:
    """Neither repr nor dump shows a token."""
    settings = load_settings(telegram_bot_token="12:very-secret")

    assert "very-secret" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert settings.token() == "12:very-secret"
