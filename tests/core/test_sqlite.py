"""The write gate and the pragmas of `withus.core.sqlite`, on files of their own beside the tests' database."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError, connections, transaction

from withus.core.sqlite import gate, has_wal_reset_bug
from withus.core.sqlite import settings as sqlite_settings

SOURCE = Path(__file__).parents[2] / "src"


@pytest.fixture
def beside(tmp_path: Path, django_db_blocker: object) -> Iterator[str]:
    """The alias of a database file of this test's own, with a table of votes."""
    before = connections.settings
    connections.settings = connections.configure_settings({**before, "beside": sqlite_settings(tmp_path / "w.sqlite3")})
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with connections["beside"].cursor() as cursor:
            cursor.execute("CREATE TABLE vote (id INTEGER PRIMARY KEY, who TEXT)")
            cursor.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
            cursor.execute("CREATE TABLE child (p INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
        yield "beside"
        connections["beside"].close()
        del connections["beside"]
    connections.settings = before


def rows(alias: str, query: str = "SELECT who FROM vote ORDER BY id") -> list[object]:
    """All rows of a query."""
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]


def vote(alias: str, who: str) -> None:
    """One vote, by itself."""
    with connections[alias].cursor() as cursor:
        cursor.execute("INSERT INTO vote (who) VALUES (%s)", [who])


def in_thread(alias: str, work: object, *given: object) -> threading.Thread:
    """Starts work in a thread with a connection of its own, closed afterwards."""

    def run() -> None:
        try:
            work(*given)  # type: ignore[operator]
        finally:
            connections[alias].close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def the_gate(alias: str) -> gate.Gate:
    """The gate of a database."""
    return gate.gate_of(str(connections[alias].settings_dict["NAME"]), in_memory=False)


def free(alias: str) -> bool:
    """Whether nobody holds the gate."""
    return not the_gate(alias)._taken


def test_every_pragma_arrives(beside: str) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "recursive_triggers", "trusted_schema")
    found = {name: rows(beside, f"PRAGMA {name}")[0] for name in (*names, "busy_timeout", "cache_size")}
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "recursive_triggers": 1,
        "trusted_schema": 0,
        "busy_timeout": 10000,
        "cache_size": -16000,
    }


def test_this_machines_library_is_used_everywhere_and_its_bug_is_known() -> None:
    import sqlite3

    from django.db.backends.sqlite3 import base

    assert base.Database is sqlite3.dbapi2
    assert [has_wal_reset_bug(v) for v in ((3, 40, 1), (3, 44, 6), (3, 50, 7), (3, 51, 2), (3, 51, 3), (3, 53, 4))] == [
        True,
        False,
        False,
        True,
        False,
        False,
    ]


def test_reading_goes_on_while_somebody_writes(beside: str) -> None:
    vote(beside, "Ana")
    seen: list[list[object]] = []
    with transaction.atomic(using=beside):
        vote(beside, "Bo")
        in_thread(beside, lambda: seen.append(rows(beside))).join(5)
    assert seen == [["Ana"]]
    assert rows(beside) == ["Ana", "Bo"]


def test_the_gate_opens_after_commit_rollback_refusal_and_close(beside: str) -> None:
    with transaction.atomic(using=beside):
        vote(beside, "Ana")
        assert not free(beside)
        with transaction.atomic(using=beside):
            vote(beside, "Bo")
        assert not free(beside)
    assert free(beside)
    for error, deed in (
        (ZeroDivisionError, lambda: [vote(beside, "nobody"), 1 // 0]),
        (IntegrityError, lambda: rows(beside, "INSERT INTO child VALUES (7) RETURNING p")),  # refused by COMMIT itself
        (OperationalError, lambda: rows(beside, "SELECT nothing FROM nowhere")),
        (ProgrammingError, lambda: [connections[beside].close(), vote(beside, "nobody")]),
    ):
        with pytest.raises(error), transaction.atomic(using=beside):
            deed()
        assert free(beside)
    assert rows(beside) == ["Ana", "Bo"]


def test_a_lone_write_passes_the_gate_too(beside: str) -> None:
    with connections[beside].cursor() as cursor:
        cursor.execute("INSERT INTO vote (who) VALUES ('Ana') RETURNING id")
        assert not free(beside)  # until its rows are read
        assert cursor.fetchall() == [(1,)]
    assert free(beside)
    entered = threading.Event()

    def write() -> None:
        entered.set()
        vote(beside, "Bo")

    with transaction.atomic(using=beside):
        thread = in_thread(beside, write)
        entered.wait(5)
        time.sleep(0.2)
        assert thread.is_alive()
    thread.join(5)
    assert rows(beside) == ["Ana", "Bo"]


def test_who_came_first_is_served_first(beside: str) -> None:
    def write(who: str) -> None:
        with transaction.atomic(using=beside):
            vote(beside, who)

    threads = []
    with transaction.atomic(using=beside):
        for number in range(8):
            threads.append(in_thread(beside, write, f"{number}"))
            while len(the_gate(beside)._waiting) != number + 1:
                time.sleep(0.005)
    for thread in threads:
        thread.join(10)
    assert rows(beside) == [f"{number}" for number in range(8)]


def test_whoever_waits_too_long_is_told_and_blocks_nobody(beside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PATIENCE", 0.1)
    errors: list[str] = []

    def write() -> None:
        try:
            vote(beside, "late")
        except OperationalError as error:
            errors.append(str(error))

    the_gate(beside).enter()
    thread = in_thread(beside, write)
    thread.join(5)
    the_gate(beside).leave()
    assert len(errors) == 1
    assert "write gate" in errors[0]
    vote(beside, "Ana")
    assert rows(beside) == ["Ana"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_process_does_not_share_its_parents_place_in_the_gate(beside: str) -> None:
    import fcntl

    with transaction.atomic(using=beside):
        child = os.fork()
        if child == 0:
            try:
                fcntl.flock(the_gate(beside)._file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
            except BlockingIOError:
                os._exit(0)
            os._exit(1)
        assert os.waitpid(child, 0)[1] == 0


RACE = """
import sys, threading
from pathlib import Path
from django.conf import settings
from withus.core.sqlite import settings as sqlite_settings
settings.configure(DATABASES={"default": sqlite_settings(Path(sys.argv[1]))}, INSTALLED_APPS=[])
import django; django.setup()
from django.db import connection, transaction
kept = []
def work(name):
    for number in range(int(sys.argv[3])):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT n FROM tally")
                n = cursor.fetchone()[0]
                cursor.execute("UPDATE tally SET n = %s", [n + 1])
                cursor.execute("INSERT INTO vote VALUES (%s)", [f"{name}-{number}"])
        kept.append(f"{name}-{number}")
        if number % 5 == 0:
            connection.close()
    connection.close()
threads = [threading.Thread(target=work, args=(f"{sys.argv[2]}-{t}",)) for t in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
print(" ".join(kept))
"""


def test_threads_and_processes_lose_no_write_and_are_never_locked_out(tmp_path: Path, beside: str) -> None:
    with connections[beside].cursor() as cursor:
        cursor.execute("DROP TABLE vote")
        cursor.execute("CREATE TABLE vote (who TEXT PRIMARY KEY)")
        cursor.execute("CREATE TABLE tally (n INTEGER)")
        cursor.execute("INSERT INTO tally VALUES (0)")
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(RACE), str(tmp_path / "w.sqlite3"), str(number), "40"],
            env={"PYTHONPATH": str(SOURCE)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    answers = [racer.communicate(timeout=120) for racer in racers]
    assert [error for _, error in answers] == ["", "", ""]
    kept = sorted(" ".join(out for out, _ in answers).split())
    assert len(kept) == 3 * 4 * 40
    assert sorted(rows(beside, "SELECT who FROM vote")) == kept
    assert rows(beside, "SELECT n FROM tally") == [len(kept)]
    assert rows(beside, "PRAGMA integrity_check") == ["ok"]


def test_a_database_in_memory_works_as_well(django_db_blocker: object) -> None:
    before = connections.settings
    memory = {**sqlite_settings(Path("x")), "NAME": ":memory:"}
    connections.settings = connections.configure_settings({**before, "memory": memory})
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        with transaction.atomic(using="memory"), connections["memory"].cursor() as cursor:
            cursor.execute("CREATE TABLE vote (who TEXT)")
        vote("memory", "Ana")
        assert rows("memory", "SELECT who FROM vote") == ["Ana"]
        del connections["memory"]
    connections.settings = before
