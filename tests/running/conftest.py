"""Houses to run commands in: each test gets its own copy of a demo that was sown once."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

POSTGRES = os.environ.get("WITHUS_TEST_DATABASE", "") or "postgresql://postgres@127.0.0.1:5432/postgres"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Houses with processes of their own are long to run: those on PostgreSQL in its run, the others in SQLite's."""
    if os.environ.get("WITHUS_SOAK"):
        return
    is_postgres_run = os.environ.get("WITHUS_TEST_DATABASE", "").startswith("postgres")
    kept, left = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        asks = set(getattr(item, "fixturenames", ()))
        wants = "new_postgres" in asks or "[postgresql" in item.name
        is_house = bool(asks & {"sown", "empty", "lively", "new_postgres"})
        (left if is_house and wants != is_postgres_run else kept).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


@dataclass
class House:
    """A data folder and a key folder, and the commands run on them."""

    data: Path
    keys: Path
    database: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def environment(self, **more: str) -> dict[str, str]:
        """What a command finds around itself."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("WITHUS_", "DJANGO_"))}
        own = {"WITHUS_DATA": str(self.data), "WITHUS_KEYS": str(self.keys), "WITHUS_DATABASE": self.database}
        return {**kept, "PYTHONPATH": "src", **own, **self.more, **more}

    def run(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Runs a command to its end."""
        command = [sys.executable, "-m", "withus", *words]
        done = subprocess.run(command, env=self.environment(**more), capture_output=True, text=True, timeout=120)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def must(self, *words: str, **more: str) -> str:
        """Runs a command that has to succeed; returns what it printed."""
        done = self.run(*words, **more)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """Starts a command and leaves it running."""
        command = [sys.executable, "-m", "withus", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=self.environment(**more), stdout=pipe, stderr=pipe, text=True)

    def python(self, code: str, *words: str) -> str:
        """Runs Python inside Withus, for what a test needs and no command does."""
        code = f"import django; django.setup()\n{code}"
        environment = {"DJANGO_SETTINGS_MODULE": "withus.settings", **self.environment()}
        command = [sys.executable, "-c", code, *words]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def log(self) -> dict[str, Any]:
        """What verify-log finds."""
        found: dict[str, Any] = json.loads(self.must("verify-log", "--json"))
        return found


def refusal(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    """A command's exit code and its one sentence; more than one line fails."""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("withus: ")
    return done.returncode, lines[0].removeprefix("withus: ")


SOW = "from withus.running import start; from withus.demo import seed; start.prepare(); seed.sow()"


@pytest.fixture(scope="session")
def sown(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The demo, on SQLite, sown once; never written to."""
    folder = tmp_path_factory.mktemp("sown")
    house = House(folder / "data", folder / "keys")
    house.python(SOW)
    return house


@pytest.fixture
def house(sown: House, tmp_path: Path) -> House:
    """A demo of one's own, on SQLite."""
    shutil.copytree(sown.data, tmp_path / "data")
    shutil.copytree(sown.keys, tmp_path / "keys")
    return House(tmp_path / "data", tmp_path / "keys")


@pytest.fixture
def empty(tmp_path: Path) -> House:
    """Nothing yet."""
    return House(tmp_path / "empty-data", tmp_path / "empty-keys")


@pytest.fixture
def new_postgres() -> Iterator[Callable[[], str]]:
    """Makes empty PostgreSQL databases, and drops them afterwards; skips where there is no PostgreSQL."""
    psycopg = pytest.importorskip("psycopg")
    server = POSTGRES.rpartition("/")[0] + "/postgres"
    try:
        admin = psycopg.connect(server, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError:
        pytest.skip("no PostgreSQL answers here")
    made: list[str] = []

    def make() -> str:
        name = f"withus_running_{os.getpid()}_{len(made)}"
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
        made.append(name)
        return f"{server.rpartition('/')[0]}/{name}"

    yield make
    for name in made:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    admin.close()
