"""The command line. Imports stand where they are used: `chiron --help` must not load Telegram and a database."""

import argparse
import sys
from collections.abc import Callable, Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; gives the exit code: 0 done, 1 something was found, 2 it could not be done."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if not hasattr(arguments, "command"):
        parser.print_help()
        return 0
    from bot import commands  # noqa: PLC0415 - see above

    return commands.run(arguments)


def _number(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number within bounds."""

    def number(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text[:40]} is not between {least} and {most}")
        return value

    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chiron", description="A mentor in a Telegram chat, for exams.")
    top = parser.add_subparsers(title="commands", metavar="COMMAND")

    play = top.add_parser("play", help="try the bot in the browser: no token, no key")
    play.add_argument(
        "--port", type=_number(0, 65_535), default=8765, help="port of the page on this machine (default 8765)"
    )
    play.add_argument("--database", metavar="URL", help="database to use (default: one of the playground's own)")
    play.add_argument("--fresh", action="store_true", help="begin with an empty database")
    play.set_defaults(command="play")

    top.add_parser("run", help="serve on Telegram: polling, or webhook when WEBHOOK_URL is set").set_defaults(
        command="run"
    )

    database = top.add_parser("db", help="the database's schema").add_subparsers(metavar="ACTION", required=True)
    database.add_parser("upgrade", help="bring it to this program's schema").set_defaults(command="db-upgrade")
    database.add_parser("check", help="say whether it is this program's schema").set_defaults(command="db-check")
    backup = database.add_parser("backup", help="copy an SQLite database while it is in use")
    backup.add_argument("file", help="the new file")
    backup.set_defaults(command="db-backup")

    bank = top.add_parser("bank", help="banks of questions").add_subparsers(metavar="ACTION", required=True)
    for name, words in (
        ("import", "store the questions of files or folders"),
        ("check", "look for mistakes, store nothing"),
    ):
        action = bank.add_parser(name, help=words)
        action.add_argument("files", nargs="+", metavar="FILE")
        action.add_argument("--name", help="name of the bank (default: the file's)")
        action.add_argument("--language", choices=("it", "en"), default="it", help="of questions that do not say it")
        action.set_defaults(command=f"bank-{name}")
    bank.add_parser("list", help="topics and decks, with their numbers of questions").set_defaults(command="bank-list")
    export = bank.add_parser("export", help="write a bank as JSON Lines")
    export.add_argument("name")
    export.add_argument("file", nargs="?", default="-", help="where to (default: standard output)")
    export.set_defaults(command="bank-export")

    exam = top.add_parser("exam", help="exams as data").add_subparsers(metavar="ACTION", required=True)
    adding = exam.add_parser("add", help="check exam files and store them; a changed one is a new version")
    adding.add_argument("files", nargs="+", metavar="FILE")
    adding.set_defaults(command="exam-add")
    exam.add_parser("list", help="exams, their sections, and what the bank still lacks").set_defaults(
        command="exam-list"
    )

    session = top.add_parser("session", help="practice sessions").add_subparsers(metavar="ACTION", required=True)
    listing = session.add_parser("list", help="a student's sessions, the newest first")
    listing.add_argument("--limit", type=_number(1, 1_000_000), default=10)
    listing.set_defaults(command="session-list")
    for name, words in (("show", "one session"), ("summary", "its figures")):
        action = session.add_parser(name, help=words)
        action.add_argument("session")
        action.set_defaults(command=f"session-{name}")
    ending = session.add_parser("end", help="end a session (default: the active one)")
    ending.add_argument("session", nargs="?")
    ending.set_defaults(command="session-end")
    quizzes = session.add_parser("export", help="write a student's quizzes in the quiz_sessions.json form")
    quizzes.add_argument("file", nargs="?", default="-")
    quizzes.set_defaults(command="session-export")
    taking = session.add_parser("import", help="take quizzes from a quiz_sessions.json; the newer one wins")
    taking.add_argument("file")
    taking.set_defaults(command="session-import")
    for action in session.choices.values():
        action.add_argument(
            "--child", type=_number(1, 2**63 - 1), required=True, metavar="TELEGRAM_ID", help="the student"
        )
        action.add_argument("--json", action="store_true", help="for programs")

    for add in (_add_stats, _add_costs):
        add(top)

    top.add_parser("doctor", help="look at settings, database, model and Telegram, and say what is wrong").set_defaults(
        command="doctor"
    )
    return parser


def _add_stats(top: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    stats = top.add_parser("stats", help="how questions that came back without help were answered; names nobody")
    stats.add_argument("--csv", action="store_true", help="for a spreadsheet")
    stats.set_defaults(command="stats")


def _add_costs(top: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    costs = top.add_parser("costs", help="what calls to models used and cost, by the ledger")
    ways = ("day", "student", "model", "session", "purpose")
    costs.add_argument("--by", choices=ways, default="day", help="default: by day; days are in UTC")
    costs.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help="the first day")
    costs.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help="the last day")
    form = costs.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help="for a spreadsheet: exact, and without a total")
    form.add_argument(
        "--check", action="store_true", help="add all calls up again, and name each tally that says something else"
    )
    costs.set_defaults(command="costs")


if __name__ == "__main__":
    sys.exit(main())
