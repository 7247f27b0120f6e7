"""The playground's page in a real browser: a whole quiz in both languages, student and parent side by side."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.e2e.chat import PARENT, STUDENT, Chat

PATIENCE_MS = 15_000
WORDS = {
    "it": {"next": "Avanti", "result": "Com'è andata", "unknown": "Non lo so", "rather_not": "Preferisco"},
    "en": {"next": "Next", "result": "How did it go", "unknown": "I don't know", "rather_not": "rather not"},
}


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    pytest.skip("no Chromium is installed")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium."""
    path = _chromium()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        await running.close()


@pytest.mark.parametrize(("language", "scheme"), [("it", "light"), ("en", "dark")])
async def test_quiz_in_the_browser(chat: Chat, browser: Browser, tmp_path: Path, language: str, scheme: str) -> None:
    """Start, five questions, the three things asked once, the result: all with the mouse, nothing goes wrong."""
    for who in (STUDENT, PARENT):
        chat.pg.person(who).language_code = language
    context = await browser.new_context(viewport={"width": 1180, "height": 860}, color_scheme=scheme)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    await page.goto(chat.pg.url)
    student, parent = _phone(page, STUDENT), _phone(page, PARENT)
    await student.locator("[data-role=start]").click(timeout=PATIENCE_MS)
    await parent.locator("[data-role=start]").click(timeout=PATIENCE_MS)
    words = WORDS[language]

    for number in range(1, 6):
        await _key(student, re.compile("^A$")).click(timeout=PATIENCE_MS)
        await expect(_newest(student)).to_contain_text(
            re.compile("XP|Non è così|That's not right"), timeout=PATIENCE_MS
        )
        if number == 1:
            await page.screenshot(path=tmp_path / f"verdict-{language}-{scheme}.png", animations="disabled")
        await _key(student, words["next"] if number < 5 else words["result"]).click(timeout=PATIENCE_MS)
        if number == 3:
            await _key(student, words["unknown"]).click(timeout=PATIENCE_MS)
            await _key(student, words["rather_not"]).click(timeout=PATIENCE_MS)
    await expect(_newest(student)).to_contain_text("⏱", timeout=PATIENCE_MS)
    await page.screenshot(path=tmp_path / f"result-{language}-{scheme}.png", animations="disabled")
    await chat.quiet()

    assert errors == []
    assert len(await chat.attempts()) == 5
    assert len(chat.bot_messages(PARENT)) == 1
    await context.close()


async def test_writing_and_a_formula_in_the_browser(chat: Chat, browser: Browser, tmp_path: Path) -> None:
    """A written answer and a picture, on a screen as small as a phone's."""
    context = await browser.new_context(viewport={"width": 390, "height": 780}, color_scheme="dark")
    page = await context.new_page()
    await chat.begin("extra/numeric")
    await page.goto(chat.pg.url)
    student = _phone(page, STUDENT)

    await student.locator("[data-role=composer]").fill("0,75")
    await student.locator("[data-role=send]").click(timeout=PATIENCE_MS)
    await expect(_newest(student)).to_contain_text("Giusto", timeout=PATIENCE_MS)
    await chat.begin("extra/formula")
    await _key(student, re.compile("^A$")).scroll_into_view_if_needed(timeout=PATIENCE_MS)
    await expect(_newest(student).locator("img")).to_be_visible(timeout=PATIENCE_MS)
    await page.screenshot(path=tmp_path / "formula.png", animations="disabled")

    assert [bool(row.is_right) for row in await chat.attempts()] == [True]
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_exam_in_the_browser(chat: Chat, browser: Browser, tmp_path: Path, scheme: str) -> None:
    """A section of a mini TOLC-I with the mouse: letters, the grid, handing in, on a screen as small as a phone's."""
    context = await browser.new_context(viewport={"width": 390, "height": 780}, color_scheme=scheme)
    page = await context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    await page.goto(chat.pg.url)
    student = _phone(page, STUDENT)

    async def see(name: str) -> None:
        await page.wait_for_timeout(300)
        await page.screenshot(path=tmp_path / f"{name}-{scheme}.png", animations="disabled")

    await student.locator("[data-role=composer]").fill("/exam")
    await student.locator("[data-role=send]").click(timeout=PATIENCE_MS)
    for number, label in enumerate(("TOLC-I", "Mini", "Vai alla prova", "Comincia: Matematica")):
        await expect(_key(student, label)).to_be_visible(timeout=PATIENCE_MS)
        await see(f"{number}-before-{label.split()[0].lower()}")
        await _key(student, label).click(timeout=PATIENCE_MS)
    for number, letter in enumerate("ABC", 1):
        await _key(student, re.compile(f"^{letter}$")).click(timeout=PATIENCE_MS)
        await expect(_newest(student)).to_contain_text(f"● {letter}", timeout=PATIENCE_MS)
        await see(f"paper-{number}")
        if number == 2:
            await _key(student, "⚑ Da rivedere").click(timeout=PATIENCE_MS)
            await expect(_newest(student)).to_contain_text("⚑", timeout=PATIENCE_MS)
        await _key(student, "▶").click(timeout=PATIENCE_MS)
        await expect(_newest(student)).to_contain_text(f"{number + 1} di 5", timeout=PATIENCE_MS)
    await _key(student, "4/5").click(timeout=PATIENCE_MS)
    await expect(_newest(student)).to_contain_text("3 risposte", timeout=PATIENCE_MS)
    await see("grid")
    await _key(student, "Consegna").click(timeout=PATIENCE_MS)
    await expect(_newest(student)).to_contain_text("In bianco: 2 (domande 4, 5)", timeout=PATIENCE_MS)
    await see("hand-in")
    await _key(student, "Sì, consegna").click(timeout=PATIENCE_MS)
    await expect(_newest(student)).to_contain_text("Logica", timeout=PATIENCE_MS)
    await see("between")
    await _key(student, "Abbandona").click(timeout=PATIENCE_MS)
    await _key(student, "Sì, abbandona").click(timeout=PATIENCE_MS)
    await expect(_newest(student)).to_contain_text("su 14", timeout=PATIENCE_MS)
    await see("result")
    for label, name in (("Dove sono", "debrief"), ("Rivedi", "review")):
        await _key(student, label).click(timeout=PATIENCE_MS)
        await see(name)
    await chat.quiet()

    assert errors == []
    assert len(await chat.attempts()) == 3
    await context.close()


def _phone(page: Page, who: int) -> Locator:
    return page.locator(f'section[data-person="{who}"]')


def _newest(phone: Locator) -> Locator:
    return phone.locator('[data-message-id][data-from="bot"]').last


def _key(phone: Locator, label: str | re.Pattern[str]) -> Locator:
    return phone.locator("button[data-callback]").filter(has_text=label).last
