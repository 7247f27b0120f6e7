"""What holds the project together outside its code: pins, CI, versions, settings on paper, the next migration."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings
from storage import schema

ROOT = Path(__file__).parent.parent
SKIPPED_TEST = """
import pytest

from tests.completeness import pytest_make_collect_report, pytest_runtest_makereport


def test_that_needs_a_program():
    pytest.skip("the program is not installed")
"""


def test_constraints_are_plain_pins() -> None:
    """Every line of constraints.txt pins one package: no index, no address, no local folder."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()

    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)] == []


def test_constraints_cover_what_is_asked_for() -> None:
    """Whatever pyproject.toml names is pinned."""
    project = _pyproject()["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]

    names = {_normal(re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]) for requirement in asked}
    pinned = {_normal(line.partition("==")[0]) for line in (ROOT / "constraints.txt").read_text().splitlines()}

    assert names - pinned == set()


def test_ci_runs_the_command_of_the_readme() -> None:
    """CI runs `make test`, which is what the README tells everybody to run."""
    assert re.search(r"\bmake test$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert re.search(r"^make test\b", (ROOT / "README.md").read_text(), re.MULTILINE)


def test_ci_can_be_executed() -> None:
    """The executable bit of .ci/run is set."""
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_version_is_the_newest_of_the_changelog() -> None:
    """The version in pyproject.toml has its entry in the CHANGELOG, above all others."""
    versions = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$", _read("CHANGELOG.md"), re.MULTILINE)

    assert versions[0] == _pyproject()["project"]["version"]


def test_env_example_names_every_setting() -> None:
    """`.env.example` has all settings and no other."""
    names = set(re.findall(r"^(?:# )?([A-Z_]+)=", _read(".env.example"), re.MULTILINE))

    assert names == {name.upper() for name in Settings.model_fields}


def test_env_example_is_valid_as_it_is(tmp_path: Path) -> None:
    """A copy of `.env.example` without any edit sets nothing and breaks nothing."""
    env = tmp_path / ".env"
    env.write_text(_read(".env.example"))

    assert Settings(_env_file=env).model_fields_set <= _set_outside()


def test_env_example_shows_values_that_are_taken(tmp_path: Path) -> None:
    """Every example of `.env.example` is a value that the program takes."""
    env = tmp_path / ".env"
    env.write_text(re.sub(r"^# (?=[A-Z_]+=)", "", _read(".env.example"), flags=re.MULTILINE))

    assert Settings(_env_file=env).model_fields_set >= set(Settings.model_fields) - {
        "telegram_bot_token",
        "openai_api_key",
    }


def test_readme_names_every_setting() -> None:
    """The table of settings in the README has all of them and no other."""
    names = re.findall(r"^\| `([A-Z_]+)` \|", _read("README.md"), re.MULTILINE)

    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)


def test_readme_shows_pictures_and_files_that_are_there() -> None:
    """Every relative link of the README leads somewhere."""
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", _read("README.md"))

    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_skipped_test_fails_in_ci_only(tmp_path: Path, ci: str, code: int) -> None:
    """A test that is skipped for want of a program fails where CI is true, and nowhere else."""
    (tmp_path / "conftest.py").write_text(SKIPPED_TEST)
    (tmp_path / "test_it.py").write_text("from conftest import test_that_needs_a_program\n")

    done = subprocess.run(  # noqa: S603 - pytest itself
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path],
        env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == code, done.stdout
    assert "the program is not installed" in done.stdout or not ci


def test_next_migration_is_written_and_is_empty(tmp_path: Path) -> None:
    """The next migration gets the next number, and changes nothing, for the tables are migrated as they are."""
    newest = schema.state(f"sqlite+aiosqlite:///{tmp_path / 'none.db'}").newest

    written = schema.write_migration("add nothing", tmp_path)

    assert written == tmp_path / f"{int(newest) + 1:04d}_add_nothing.py"
    assert f'down_revision = "{newest}"' in written.read_text().replace("'", '"')
    assert written.read_text().count("    pass\n") == 2


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _pyproject() -> dict[str, Any]:
    return tomllib.loads(_read("pyproject.toml"))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _set_outside() -> set[str]:
    return {name for name in Settings.model_fields if name.upper() in os.environ}
