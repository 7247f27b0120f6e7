"""The archive in the chat: one more example on a tap, and nothing to whoever may not see it."""

from bot.callbacks import ArchiveItem
from core.ids import VersionId
from tests.e2e.chat import STUDENT, Chat, presses, said, words
from tests.e2e.conftest import ON_BOTH


async def version_of(chat: Chat, slug: str) -> VersionId:
    """The current version of a question."""
    (row,) = await chat.rows("SELECT current_version_id FROM questions WHERE slug = :slug", slug=slug)
    return VersionId(row.current_version_id)


@ON_BOTH
async def test_another_example_and_another(chat: Chat) -> None:
    """Each below the one before it, with its solution, until there is no other."""
    first = await version_of(chat, "sum-of-base-two-logarithms")
    second = await version_of(chat, "exponential-equation-substitution")
    home = await chat.say("/settings")

    shown = await chat.tap(ArchiveItem(first, second), on=home["message_id"])
    assert shown["message_id"] != home["message_id"]
    assert "log₂ 12" in words(shown)
    assert said("archive-solution").splitlines()[0][:2] in words(shown)
    last = await chat.press("Un altro esempio")

    assert last["message_id"] > shown["message_id"]
    assert "4ˣ" in words(last)
    assert not any(isinstance(press, ArchiveItem) for press in presses(last))


@ON_BOTH
async def test_forged_number_is_an_old_button(chat: Chat) -> None:
    """Nothing of it is shown, and the person is where they were."""
    home = await chat.say("/settings")

    query = chat.pg.press(STUDENT, home["message_id"], ArchiveItem(VersionId(2**53), None).encode())
    await chat.quiet()

    assert chat.pg.world.presses[query].text == said("error-not-found")


async def test_open_question_keeps_its_key(chat: Chat) -> None:
    """An old key to the question that is being answered shows a hint, not the solution."""
    question = await chat.begin("mathematics/algebra/logarithms")
    version = await version_of(chat, "sum-of-base-two-logarithms")

    shown = await chat.tap(ArchiveItem(version, None), on=question["message_id"])

    assert "Indizio 1" in words(shown)
    assert "Indizio 2" not in words(shown)
    assert "Risposta" not in words(shown)
