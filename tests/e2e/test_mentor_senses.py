"""Photos and voice messages for the mentor: what the model is given, what it costs, what is kept, what is no use."""

import io

import pytest
from PIL import Image

from tests.e2e.chat import STUDENT, Chat, said, words
from tests.e2e.conftest import ON_BOTH
from tests.e2e.mentor_room import (
    REPLY,
    asked,
    bot_words,
    calls,
    newest,
    outcomes,
    picture,
    pictures,
    prompt,
    replied,
    settled_calls,
)
from tests.model_server import SOUND_PICO_A_SECOND, ModelServer, Trouble

HEARD = f"🎙 Ho sentito: «come si risolve x al quadrato più uno?»\n\n{REPLY}"
"""A reply to what was spoken says first what was understood."""

SOUND = b"OggS" + b"\0" * 2_000
NO_PICTURES = Trouble(
    status=400, code="invalid_value", message="Invalid content type. image_url is only supported by certain models."
)


async def show(chat: Chat, content: bytes, kind: str = "photo", caption: str = "") -> str:
    """Send a file; gives what the bot answers."""
    chat.pg.upload(STUDENT, kind, content, caption=caption, name="foglio.jpg" if kind == "document" else "")
    return words(await chat.settled())


@ON_BOTH
@pytest.mark.parametrize("caption", ["", "come si fa il secondo?"])
async def test_a_photo_reaches_the_model(chat: Chat, model: ModelServer, caption: str) -> None:
    """It is small enough, says nothing of the camera, and is billed as the server counts; then nobody can fetch it."""
    exif = Image.Exif()
    exif[0x010F] = "Camera di Giulia"
    exif[0x8825] = {1: "N"}

    answer = await show(chat, picture(2_400, 1_800, exif=exif), caption=caption)
    await settled_calls(chat)

    assert answer == REPLY
    ((detail, image, size),) = pictures(asked(model)[0])
    assert (detail, image.format, max(image.size)) == ("auto", "JPEG", 1_536)
    assert size < 300_000
    assert not image.getexif()
    assert caption in newest(asked(model)[0])
    ((_, read, _, cost),) = await calls(chat, "reply")
    line = asked(model)[0]
    assert (read, cost) == (line.prompt, line.pico_usd)
    assert read > 2_000
    assert not await chat.count("ai_mentor_chats", "media IS NOT NULL")


async def test_a_photo_lies_as_it_was_held(chat: Chat, model: ModelServer) -> None:
    """The camera says which side is up; the model is given it upright."""
    exif = Image.Exif()
    exif[0x0112] = 6

    await show(chat, picture(90, 60, exif=exif))

    ((_, image, _),) = pictures(asked(model)[0])
    assert image.size == (60, 90)


async def test_a_screenshot_with_holes(chat: Chat, model: ModelServer) -> None:
    """What is transparent is white, or black formulas would stand on black."""
    out = io.BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(out, "PNG")

    await show(chat, out.getvalue(), "document")

    ((_, image, _),) = pictures(asked(model)[0])
    assert image.getpixel((10, 10)) == (255, 255, 255)


async def test_what_follows_a_photo(chat: Chat, model: ModelServer) -> None:
    """Later prompts say that there was one and do not carry it again; the same words each time, for the cache."""
    await show(chat, picture(), caption="questo come si fa?")
    await chat.say("e il passo dopo qual è?")
    await chat.say("e poi come continuo?")

    first, second, third = asked(model)
    assert "[foto: 1]\nquesto come si fa?" in newest(first)
    assert [len(pictures(line)) for line in (first, second, third)] == [1, 0, 0]
    assert second.body["messages"][:3] == third.body["messages"][:3]
    assert "[foto: 1]\nquesto come si fa?" in prompt(third)


async def test_an_album(chat: Chat, model: ModelServer) -> None:
    """Its photos are looked at together, in their order, and answered once."""
    for width, caption in ((50, "tutto il foglio"), (60, ""), (70, "")):
        chat.pg.upload(STUDENT, "photo", picture(width), caption=caption, album="a1")
    await replied(chat, 1)

    (line,) = asked(model)
    assert [image.width for _, image, _ in pictures(line)] == [50, 60, 70]
    assert {detail for detail, *_ in pictures(line)} == {"auto"}
    assert "[foto: 3]\ntutto il foglio" in newest(line)


async def test_a_model_without_eyes(chat: Chat, model: ModelServer) -> None:
    """It is said in clear words; a second photo is not even sent, and what is written is answered."""
    model.next(NO_PICTURES)

    first = await show(chat, picture())
    before = len(model.bill)
    second = await show(chat, picture(), caption="come si risolve 2x + 3 = 7?")
    after = len(model.bill)
    written = await chat.say("come si risolve 2x + 3 = 7?")
    await settled_calls(chat)

    assert first == second == said("mentor-no-eyes")
    assert after == before
    assert words(written) == REPLY
    assert await outcomes(chat) == [("released", "blind"), ("settled", "done")]


async def test_a_photo_that_the_model_cannot_read(chat: Chat, model: ModelServer) -> None:
    """One picture that a server refuses does not close its eyes to the next."""
    model.next(Trouble(status=400, code="image_parse_error", message="The image could not be parsed."))

    first = await show(chat, picture())
    second = await show(chat, picture())

    assert first == said("mentor-unseen")
    assert second == REPLY


async def test_a_wrong_key_says_nothing_of_eyes(chat: Chat, model: ModelServer) -> None:
    """The archive answers a photo while nobody reaches the model; tried again, it is looked at."""
    model.usual = Trouble(status=401, code="invalid_api_key")
    first = await show(chat, picture(), caption="le derivate")
    model.usual = Trouble()

    again = await chat.press(said("mentor-retry"))

    assert said("archive-why-model-away") in first
    assert words(again) == REPLY
    assert len(pictures(asked(model)[-1])) == 1
    assert not await chat.count("ai_mentor_chats", "media IS NOT NULL")


async def test_a_photo_is_forgotten_that_nobody_asks_about_again(chat: Chat, model: ModelServer) -> None:
    """After two days it is not known any more where it lies; trying again then says so."""
    model.usual = Trouble(status=500)
    await show(chat, picture(), caption="le derivate")
    model.usual = Trouble()
    assert await chat.count("ai_mentor_chats", "media IS NOT NULL") == 1

    await chat.forget(hours=49)
    again = await chat.press(said("mentor-retry"))

    assert not await chat.count("ai_mentor_chats", "media IS NOT NULL")
    assert words(again) == said("mentor-unseen")


async def test_a_photo_of_nineteen_megabytes(chat: Chat, model: ModelServer) -> None:
    """As a file; it is made small."""
    content = picture(7_000, 5_000) + b"\0" * (19 * 2**20)

    assert await show(chat, content, "document") == REPLY
    ((_, image, size),) = pictures(asked(model)[0])
    assert max(image.size) == 1_536
    assert size < 300_000


@pytest.mark.parametrize(
    ("kind", "content", "key"),
    [
        ("document", b"\xff\xd8\xff" + b"\0" * (21 * 2**20), "mentor-too-big"),
        ("document", b"nothing of the kind", "mentor-unseen"),
        ("document", b"", "mentor-unseen"),
        ("document", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "mentor-unseen"),
        ("photo", picture(12_000, 9_000, "PNG"), "mentor-unseen"),
        ("photo", picture()[:300], "mentor-unseen"),
    ],
    ids=["too big", "no picture", "broken", "a program", "a bomb", "cut"],
)
async def test_files_that_are_no_use(chat: Chat, model: ModelServer, kind: str, content: bytes, key: str) -> None:
    """One clear line, no call, nothing set aside; what is written afterwards is answered."""
    answer = await show(chat, content or b"\x89PNG\r\n\x1a\n", kind)
    bill = list(model.bill)
    written = await chat.say("come si trova il vertice di una parabola?")
    await settled_calls(chat)

    assert answer == said(key)
    assert bill == []
    assert words(written) == REPLY


async def test_getfile_fails(chat: Chat, model: ModelServer) -> None:
    """A moment without Telegram is waited out; a file that it does not hand out is told."""
    chat.expected_refusals |= {"server_error", "too big"}
    chat.pg.faults.server_error(502, method="getFile", count=1)
    passing = await show(chat, picture())
    chat.pg.faults.server_error(500, method="getFile", count=None)
    lasting = await show(chat, picture())

    assert passing == REPLY
    assert lasting == said("mentor-unseen")


async def test_photos_and_voice_without_a_model(chat: Chat) -> None:
    """Nobody looks or listens; what stands below a photo is searched for."""
    photo = await show(chat, picture())
    voice = await show(chat, SOUND, "voice")
    described = await show(chat, picture(), caption="non capisco i logaritmi")

    assert (photo, voice) == (said("mentor-no-eyes"), said("mentor-no-ears"))
    assert said("archive-why-no-model") in described


@ON_BOTH
async def test_a_voice_message(chat: Chat, model: ModelServer) -> None:
    """It is written down, answered, and billed by the second; then nobody can fetch it."""
    answer = await show(chat, SOUND, "voice")
    await settled_calls(chat)

    assert answer == HEARD
    assert "come si risolve x al quadrato" in newest(asked(model)[0])
    rows = await chat.rows("SELECT * FROM model_calls WHERE purpose = 'transcription'")
    assert [(row.state, float(row.sound_seconds)) for row in rows] == [("settled", 4.0)]
    assert rows[0].cost_pico_usd in (None, 4 * SOUND_PICO_A_SECOND)
    said_ = await chat.rows("SELECT content, media FROM ai_mentor_chats WHERE kind = 'voice'")
    assert [tuple(row) for row in said_] == [(model.spoken[0], None)]


async def test_other_sounds(chat: Chat, model: ModelServer) -> None:
    """A sound file too; its kind is told to the server by its name."""
    assert await show(chat, SOUND, "audio") == HEARD

    (line,) = [line for line in model.bill if line.path.endswith("transcriptions")]
    assert line.body["name of file"] == "sound.mp3"


@pytest.mark.parametrize(
    ("content", "spoken", "trouble", "key"),
    [
        (b"OggS", "x", Trouble(), "mentor-unheard"),
        (SOUND, " \n", Trouble(), "mentor-unheard"),
        (SOUND, "\0", Trouble(), "mentor-unheard"),
        (SOUND, "x", Trouble(status=400, message="The audio file could not be decoded."), "mentor-unheard"),
        (SOUND, "x", Trouble(status=404), "mentor-no-ears"),
    ],
    ids=["empty", "silence", "nothing", "no sound", "no ears"],
)
async def test_what_cannot_be_heard(
    chat: Chat, model: ModelServer, content: bytes, spoken: str, trouble: Trouble, key: str
) -> None:
    """One clear line; nothing is asked of the model that writes, and nothing stays set aside."""
    model.spoken = (spoken, 4)
    model.next(trouble)

    answer = await show(chat, content, "voice")
    await settled_calls(chat)

    assert answer == said(key)
    assert asked(model) == []
    assert not await chat.count("ai_mentor_chats", "media IS NOT NULL")


async def test_a_server_without_ears_is_asked_once(chat: Chat, model: ModelServer) -> None:
    """What it does not have it is not asked for again."""
    model.missing.add("/v1/audio/transcriptions")

    answers = [await show(chat, SOUND, "voice") for _ in range(2)]

    assert answers == [said("mentor-no-ears")] * 2
    assert len(model.bill) == 1


async def test_ears_that_fail_once(chat: Chat, model: ModelServer) -> None:
    """The archive answers, with a key to try again, and the voice message is still there."""
    model.next(Trouble(status=500))
    first = await show(chat, SOUND, "voice")

    again = await chat.press(said("mentor-retry"))
    await settled_calls(chat)

    assert said("archive-why-model-away") in first
    assert words(again) == HEARD
    assert await outcomes(chat, "transcription") == [("released", "overloaded"), ("settled", "heard")]


async def test_danger_that_is_spoken(chat: Chat, model: ModelServer) -> None:
    """A voice message is read like any other before a model answers."""
    model.spoken = ("voglio morire", 3)

    assert await show(chat, SOUND, "voice") == said("crisis")
    assert asked(model) == []
    assert bot_words(chat)[-1] == said("crisis")
