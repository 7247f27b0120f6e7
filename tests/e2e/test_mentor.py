"""The mentor in the chat, with a model behind it: replies while they are written, stop, sessions, costs, photos."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from bot.callbacks import MentorAsk, MentorStop, Wish
from bot.playground import Playground
from bot.settings import Settings
from tests.e2e.chat import STUDENT, Chat, labels, presses, said, words
from tests.model_server import ModelServer, Trouble

SLOW = Trouble(delay=0.02)


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    """A model server on loopback."""
    async with ModelServer() as server:
        yield server


@pytest.fixture
def settings(pg: Playground, database: str, model: ModelServer) -> Settings:
    """Settings that point the bot at it, as at OpenAI."""
    return Settings(
        _env_file=None,
        telegram_bot_token=SecretStr(pg.token),
        telegram_api_url=pg.api_url,
        database_url=database,
        openai_base_url=model.base_url,
        mentor_model="gpt-6-luna",
        mentor_price="0.10/0.01/0.125/0.50",
    )


@pytest.fixture
async def chat(stopped: Chat) -> Chat:
    """The bot, running, with a student of sixteen."""
    await stopped.start()
    await grown(stopped)
    return stopped


async def grown(chat: Chat, who: int = STUDENT, year: int = 2010) -> None:
    """Make a student's birth year known."""
    await chat.say("/help", who=who)
    chat.spoil("UPDATE users SET birth_year = :year, onboarding = 'done' WHERE telegram_id = :who", year=year, who=who)


async def calls(chat: Chat, purpose: str) -> list[tuple[str, int, int, int | None]]:
    """State, prompt and completion tokens, and cost of the calls for a purpose."""
    rows = await chat.rows(
        "SELECT state, prompt_tokens, completion_tokens, cost_pico_usd FROM model_calls WHERE purpose = :purpose"
        " ORDER BY id",
        purpose=purpose,
    )
    return [tuple(row) for row in rows]


async def settled_calls(chat: Chat) -> None:
    """Wait until no call is open."""
    async with asyncio.timeout(10):
        while await chat.count("model_calls", "finished_at IS NULL"):  # noqa: ASYNC110 - a poll
            await asyncio.sleep(0.01)


async def test_a_question_is_answered_and_billed(chat: Chat, model: ModelServer) -> None:
    """The reply of the model stands in the chat, and the ledger has what the server billed."""
    model.reply = "Il **vertice** di $y = x^2 - 4x$ sta in $x = \\frac{4}{2} = 2$. Quanto vale $y$ lì?"

    reply = await chat.say("come trovo il vertice di una parabola?")
    await settled_calls(chat)

    assert words(reply).startswith("Il vertice di y = x² − 4x sta in x = 4/2 = 2")
    billed = [line for line in model.bill if line.path.endswith("completions")]
    rows = await chat.rows("SELECT sum(cost_pico_usd) AS cost, sum(prompt_tokens) AS prompt FROM model_calls")
    assert rows[0].cost == sum(line.pico_usd for line in billed) > 0
    assert rows[0].prompt == sum(line.prompt for line in billed)
    session = (await chat.rows("SELECT * FROM ai_mentor_sessions"))[0]
    assert session.message_count == 2
    assert session.total_cost_pico_usd == rows[0].cost


async def test_the_reply_appears_while_it_is_written(chat: Chat, model: ModelServer) -> None:
    """As a draft with a key to stop it; the whole reply takes its place."""
    model.reply = " ".join(f"parola{number}" for number in range(60))
    model.usual = SLOW

    chat.pg.say(STUDENT, "spiegami le derivate")
    draft = await seen_draft(chat, "parola0")
    reply = await chat.settled()

    assert len(draft) < len(model.reply)
    assert words(reply) == model.reply


async def test_stop(chat: Chat, model: ModelServer) -> None:
    """What stands there stays, the rest is read to its end for the bill and shown to nobody."""
    model.reply = " ".join(f"parola{number}" for number in range(100))
    model.usual = SLOW
    chat.pg.say(STUDENT, "spiegami le derivate")
    await seen_draft(chat, "parola0")

    chat.pg.stop_generation(STUDENT)
    reply = await chat.settled()
    await settled_calls(chat)

    assert words(reply).endswith(said("mentor-stopped"))
    assert "parola99" not in words(reply)
    ((state, _, completion, cost),) = await calls(chat, "reply")
    line = next(line for line in model.bill if line.path.endswith("completions"))
    assert (state, completion, cost) == ("settled", line.completion, line.pico_usd)


async def test_messages_meanwhile_are_answered_together(chat: Chat, model: ModelServer) -> None:
    """One reply is written at a time; what comes meanwhile waits for the next."""
    model.usual = SLOW
    model.reply = " ".join(f"parola{number}" for number in range(40))
    chat.pg.say(STUDENT, "prima domanda sui limiti")
    await seen_draft(chat, "parola0")

    chat.pg.say(STUDENT, "seconda domanda sugli integrali")
    chat.pg.say(STUDENT, "e anche questa sulle serie")
    await chat.quiet()

    asked = [str(line.body["messages"][-1]["content"]) for line in model.bill if line.body.get("stream")]
    replies = [text for text in asked if "domanda" in text or "serie" in text]
    assert "prima domanda" in replies[0]
    assert "seconda domanda" not in replies[0]
    both = [text for text in replies if "seconda domanda" in text and "e anche questa" in text]
    assert both
    assert await chat.count("ai_mentor_chats", "speaker = 'mentor'") == 2


async def test_buttons_work_meanwhile(chat: Chat, model: ModelServer) -> None:
    """A quiz goes on while a reply is written."""
    await chat.begin("extra/plain")
    model.usual = Trouble(delay=0.05)
    model.reply = " ".join(f"parola{number}" for number in range(60))
    chat.pg.say(STUDENT, "che cos'è un limite notevole?")
    await seen_draft(chat, "parola0")

    question = next(m for m in chat.with_keys() if any(isinstance(p, MentorAsk) for p in presses(m)))
    answer = next(p for p in presses(question) if type(p).__name__ == "QuizAnswer")
    chat.pg.press(STUDENT, question["message_id"], answer.encode())
    async with asyncio.timeout(5):
        while not await chat.attempts():  # noqa: ASYNC110 - a poll
            await asyncio.sleep(0.01)

    assert await chat.count("ai_mentor_chats", "state = 'open'") == 1
    await chat.quiet()


async def test_help_before_an_answer_keeps_the_key(chat: Chat, model: ModelServer) -> None:
    """A reply that gives the solution away is asked again without it; twice, and the archive answers."""
    question = await chat.begin("extra/plain")
    tap = next(p for p in presses(question) if isinstance(p, MentorAsk))
    right = words(question)
    assert tap.wish is Wish.HELP
    key = await right_text(chat, question)
    model.reply = f"La risposta giusta è {key}."

    reply = await chat.tap(tap)
    await settled_calls(chat)

    assert key not in words(reply)
    assert words(reply).startswith(said("archive-why-gave-away"))
    assert len([line for line in model.bill if line.path.endswith("completions")]) == 2
    assert right


async def test_after_an_answer_the_mentor_knows_it(chat: Chat, model: ModelServer) -> None:
    """The question, the chosen option, the error behind it and the solution are in the prompt; never a name or id."""
    await chat.begin("extra/plain")
    verdict = await chat.answer(right=False)
    tap = next(p for p in presses(verdict) if isinstance(p, MentorAsk))

    await chat.tap(tap)

    assert tap.wish is Wish.WHY
    prompt = next(line.body for line in model.bill if line.path.endswith("completions"))
    newest = str(prompt["messages"][-1]["content"])
    assert said("mentor-wish-why") in newest
    assert "plain" in newest
    whole = str(prompt)
    assert str(STUDENT) not in whole
    assert "Giulia" not in whole


async def test_sessions(chat: Chat, model: ModelServer) -> None:
    """/new begins one, /mentor lists them with what they cost, and an old one can be gone on with."""
    model.reply = "Prova prima tu."
    await chat.say("come si calcola una derivata?")
    await settled_calls(chat)
    fresh = await chat.say("/new")
    chat.clock.advance(seconds=1)
    await chat.say("e la probabilità condizionata?")
    await settled_calls(chat)

    shelf = await chat.say("/mentor")
    resumed = await chat.press("▶ 2.")

    assert "Pagina nuova" in words(fresh)
    assert "messaggi" in words(shelf)
    assert "token" in words(shelf)
    assert words(resumed).startswith("▶")
    await chat.say("continua da qui per favore")
    sessions = await chat.rows("SELECT message_count, ended_at FROM ai_mentor_sessions ORDER BY started_at")
    assert [row.message_count for row in sessions] == [4, 2]
    assert sessions[0].ended_at is None


async def test_costs(chat: Chat, model: ModelServer) -> None:
    """/cost tells turn, session, day, month and what is left of the cap, and who pays."""
    await chat.say("come si calcola una derivata?")
    await settled_calls(chat)

    costs = words(await chat.say("/cost"))

    assert "Ultima risposta" in costs
    assert "Questo mese" in costs
    assert "restano" in costs
    assert said("cost-paid") in costs


async def test_a_cap_that_is_reached(stopped: Chat, model: ModelServer) -> None:
    """Nothing more is asked of the model, and the archive answers."""
    stopped.settings = stopped.settings.model_copy(update={"student_daily_usd": 0})
    await stopped.start()
    await grown(stopped)

    reply = await stopped.say("come si risolve una disequazione?")

    assert words(reply).startswith(said("archive-why-cap-student"))
    assert model.bill == []


async def test_a_model_that_is_down(chat: Chat, model: ModelServer) -> None:
    """The archive answers, and it can be tried again."""
    model.usual = Trouble(status=500)
    reply = await chat.say("come si risolve una disequazione?")
    model.usual = Trouble()
    again = await chat.press(said("mentor-retry"))

    assert words(reply).startswith(said("archive-why-model-away"))
    assert words(again) == "Certo: prova prima tu."


async def test_under_fourteen(chat: Chat, model: ModelServer) -> None:
    """No model is asked; who says so is asked for the year of birth once more."""
    spoken = await chat.say("ho 12 anni, mi spieghi le frazioni?")
    model.bill.clear()
    later = await chat.say("mi spieghi le frazioni?")

    assert said("mentor-tell-year") in labels(spoken)
    assert words(later) == said("mentor-age-unknown")
    assert model.bill == []


async def test_danger(chat: Chat, model: ModelServer) -> None:
    """The scripted words come, and no model is asked."""
    reply = await chat.say("voglio morire")

    assert words(reply) == said("crisis")
    assert not any(line.path.endswith("completions") for line in model.bill)


async def test_danger_that_moderation_finds(chat: Chat, model: ModelServer) -> None:
    """The same, with a row for the call."""
    reply = await chat.say("penso di continuo a come uccidermi domani")

    assert words(reply) == said("crisis")
    assert not any(line.path.endswith("completions") for line in model.bill)


async def test_a_key_to_stop_nothing(chat: Chat) -> None:
    """An old stop key says that the reply is finished."""
    before = len(chat.bot_messages())
    await chat.tap(MentorStop())

    assert len(chat.bot_messages()) == before


async def seen_draft(chat: Chat, text: str, who: int = STUDENT) -> str:
    """Wait until a preview shows something; gives what it shows."""
    async with asyncio.timeout(10):
        while True:
            draft = chat.pg.draft(who)
            if draft is not None and text in draft["text"]:
                return str(draft["text"])
            await asyncio.sleep(0.01)


async def right_text(chat: Chat, message: dict[str, object]) -> str:
    """The text of the right option of a question."""
    tap = next(p for p in presses(message) if type(p).__name__ == "QuizAnswer")
    rows = await chat.rows(
        "SELECT choice_texts.text FROM choices JOIN choice_texts ON choice_texts.choice_id = choices.id"
        " JOIN quiz_sessions ON quiz_sessions.id = :id WHERE choices.is_right AND choice_texts.language = 'it'"
        " AND choices.version_id = :version",
        id=chat.id_of(tap.quiz),
        version=await version_of(chat, tap.quiz),
    )
    return str(rows[0].text)


async def version_of(chat: Chat, quiz: object) -> int:
    """The first question of a quiz."""
    found = await chat.rows("SELECT version_ids FROM quiz_sessions WHERE id = :id", id=chat.id_of(quiz))
    versions = found[0].version_ids
    return int((versions if isinstance(versions, list) else versions.strip("[]").split(","))[0])
