"""Kill -9 at random moments while students play."""

from pathlib import Path

from tests.e2e.conftest import ON_BOTH
from tests.e2e.kill_mentor import kill_mentor
from tests.e2e.kill_play import kill_play


@ON_BOTH
async def test_killed_while_students_play(database: str, tmp_path: Path) -> None:
    """No answer that was shown as taken is missing, none counts twice, and every chat goes on to its end."""
    report = await kill_play(database, kills=5, students=6, seed=11, folder=tmp_path)

    assert report.good, report
    assert report.answers >= 30
    assert report.results >= 6


@ON_BOTH
async def test_killed_while_the_mentor_writes(database: str, tmp_path: Path) -> None:
    """No message is lost or asked twice, nothing stays reserved, and what was cut off is said to be."""
    report = await kill_mentor(database, kills=3, students=4, seed=11, folder=tmp_path)

    assert report.good, report
    assert report.messages >= 4
    assert report.interrupted
