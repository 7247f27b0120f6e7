"""A throw-away PostgreSQL, where its programs are installed."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path


class PostgresMissing(Exception):  # noqa: N818 - a reason to skip
    """The programs are not here, or they cannot be run by this user."""


class Postgres:
    """A server of its own in a temporary folder, on a loopback port."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._folder = Path(tempfile.mkdtemp(prefix="chiron-pg-", dir="/tmp"))  # a short socket path
        self._user = _user()
        self.port = _free_port()

    def start(self) -> None:
        """Make a cluster and start it."""
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        data = self._folder / "data"
        self._run(
            [str(self._programs / "initdb"), "-D", str(data), "-U", "chiron", "-A", "trust", "-E", "UTF8", "--no-sync"]
        )
        self.revive()

    def revive(self) -> None:
        """Start the cluster that is there, after a kill."""
        data = self._folder / "data"
        options = (
            f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 "
            "-c shared_buffers=32MB -c max_connections=200 "
            # Programs are killed here, never the machine: what the system keeps in memory is not lost.
            "-c fsync=off -c full_page_writes=off"
        )
        self._run(
            [str(self._programs / "pg_ctl"), "-D", str(data), "-w", "-t", "60", "-l", str(self._folder / "log"),
             "-o", options, "start"]
        )  # fmt: skip

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._run([str(self._programs / "pg_ctl"), "-D", str(self._folder / "data"), "-m", "immediate", "stop"])
        shutil.rmtree(self._folder, ignore_errors=True)

    def kill(self) -> None:
        """Stop the server at once, as an outage would."""
        self._run([str(self._programs / "pg_ctl"), "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop"])

    def url(self, database: str = "postgres") -> str:
        """Address of a database."""
        return f"postgresql+psycopg://chiron@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, *, template: str = "template0") -> str:
        """Make a database; gives its address."""
        import psycopg  # noqa: PLC0415 - only where PostgreSQL is

        with psycopg.connect(f"postgresql://chiron@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            # Copying the files is six times as quick as writing them through the log, where nothing waits for the disk.
            strategy = "STRATEGY file_copy" if connection.info.server_version >= 150_000 else ""
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" {strategy}')
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, whoever is connected."""
        import psycopg  # noqa: PLC0415 - only where PostgreSQL is

        with psycopg.connect(f"postgresql://chiron@127.0.0.1:{self.port}/postgres", autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(  # noqa: S603 - our own command
            command,
            user=self._user,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            cwd=self._folder,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]}: {done.stderr or done.stdout}")


def _programs() -> Path:
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    found = shutil.which("initdb")
    if found:
        candidates.append(Path(found))
    for candidate in candidates:
        if (candidate.parent / "pg_ctl").exists():
            return candidate.parent
    raise PostgresMissing("PostgreSQL's initdb and pg_ctl are not installed")


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then somebody else runs it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise PostgresMissing("PostgreSQL does not run as root, and there is no other user here")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, seconds: float = 10) -> None:
    """Wait until something listens."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(port)
