"""What is erased is nowhere on the disk: not in the database, not in its write-ahead file, not beside it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from tests import cast, make
from tests.deliberation import scene

from withus.core import erasure
from withus.deliberation import actions
from withus.deliberation.models import Statement
from withus.people import actions as people
from withus.processes.models import Process
from withus.running import jobs
from withus.texts import actions as texts

SAID = "canary-said-by-ana"
LONG = " ".join(f"{SAID}-{number}" for number in range(900))  # on pages of its own
WORDS = "canary-why-declined"
REASON = "canary-why-not-so"
TRANSLATED = "canary-in-another-language"

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(autouse=True)
def _on_sqlite() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are its own: docs/threats.md says what stays there")


def found() -> set[str]:
    """The canaries that lie in any file of the database."""
    place = Path(str(connection.settings_dict["NAME"]))
    read = b"".join(path.read_bytes() for path in place.parent.glob(f"{place.name}*"))
    assert b"withus_statement" in read
    return {canary for canary in (SAID, WORDS, REASON, TRANSLATED) if canary.encode() in read}


def said(text: str, talk: Process | None = None, *, tie: str = "") -> Statement:
    """A statement that was declined with words, appealed against, and translated."""
    talk = talk or scene.process()
    tie = tie or scene.tie("ana", talk)
    one = actions.propose(scene.ANA, talk, text=text, language="en", tie=tie)
    actions.moderate(scene.EVE, one, decision="declined", reason="unclear", words=WORDS)
    actions.appeal(scene.ANA, one, reason=REASON, language="en", tie=tie)
    texts.translate(scene.LU, one, kind="statement", field="text", language="ar", text=TRANSLATED)
    for number in range(20):  # neighbours, so that its page is split
        actions.seed(scene.LU, talk, text=f"A neighbour {number} " * 20, language="en")
    return one


@contextmanager
def somebody_reads() -> Iterator[None]:
    """Another connection reads, as a back-up does, until the end of the block."""
    begun, enough = threading.Event(), threading.Event()

    def reads() -> None:
        connection.ensure_connection()
        raw = connection.connection
        raw.execute("BEGIN")
        raw.execute("SELECT count(*) FROM withus_statement").fetchall()
        begun.set()
        enough.wait(30)
        raw.execute("ROLLBACK")
        connection.close()

    thread = threading.Thread(target=reads)
    thread.start()
    begun.wait(10)
    try:
        yield
    finally:
        enough.set()
        thread.join()


@pytest.mark.parametrize("text", [SAID, LONG], ids=["short", "long"])
def test_what_is_taken_back_is_on_no_disk(text: str) -> None:
    one = said(text)
    assert found() == {SAID, WORDS, REASON, TRANSLATED}
    actions.withdraw(scene.ANA, one, tie=scene.tie("ana", one.process))
    assert found() == set()


def test_what_somebody_said_who_leaves_is_on_no_disk() -> None:
    ana = cast.come_in().ana
    talk = scene.process()
    one = said(SAID, talk, tie=scene.ties.tie_of(ana.key, talk.code))
    people.leave(ana.actor, None, key=ana.key, stays=False)
    one.refresh_from_db()
    assert one.text == ""
    assert found() == set()
    assert ana.pseudonym.encode() not in Path(str(connection.settings_dict["NAME"])).read_bytes()


def test_while_somebody_reads_it_waits_and_a_job_does_it_later() -> None:
    one = said(SAID)
    with somebody_reads():
        actions.withdraw(scene.ANA, one, tie=scene.tie("ana", one.process))
        assert one.state == "withdrawn"
        assert jobs.fold_in() == 0
        assert SAID in found()
    assert jobs.fold_in() == 1
    assert found() == set()


def test_it_is_done_once_after_the_commit_and_not_at_all_for_what_is_rolled_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[Callable[[], bool]] = []
    monkeypatch.setattr(erasure, "fold_in", lambda: done.append(erasure.fold_in) or True)
    with transaction.atomic():
        erasure.for_good()
        erasure.for_good()
        assert done == []
    assert len(done) == 1
    with suppress(ZeroDivisionError), transaction.atomic():
        erasure.for_good()
        raise ZeroDivisionError
    assert len(done) == 1


def test_a_failing_checkpoint_does_not_undo_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    one = said(SAID)

    def full(execute: object, sql: str, *_: object) -> object:
        if "wal_checkpoint" in sql:
            raise OperationalError("database or disk is full")
        return execute(sql, *_)  # type: ignore[operator]

    with connection.execute_wrapper(full):
        actions.withdraw(scene.ANA, one, tie=scene.tie("ana", one.process))
    assert Statement.objects.get(pk=one.pk).text == ""
    assert make.instance().pk == 1  # the connection still works
