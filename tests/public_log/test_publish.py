"""What is signed and shown, and when nothing may be signed."""

from pathlib import Path

import pytest
from django.db import connection
from tests.public_log.writing import enter

from withus.compute import verifier
from withus.compute.verifier import Folder, Kept
from withus.core import keys
from withus.policy.facts import ActorKind
from withus.public_log import anchor, identity, jobs, publish, queries
from withus.public_log.models import LogCheckpoint, LogHead

pytestmark = pytest.mark.django_db


def check(kept: Kept | None = None) -> verifier.Result:
    """The outsider's check of what is published."""
    key = identity.key()
    assert key is not None
    return verifier.check_log(Folder(publish.folder()), key, kept)


def test_an_empty_log_shows_nothing() -> None:
    assert publish.publish() == 0
    assert not publish.folder().exists()


@pytest.mark.parametrize("count", [1, 254, 255, 256, 300, 767])
def test_what_is_shown_holds_for_an_outsider_at_every_step(count: int) -> None:
    enter(1)
    assert publish.publish() == 2
    early = (publish.folder() / "checkpoint").read_bytes()
    assert publish.publish() == 0
    enter(count)
    assert publish.publish() == count
    result = check(Kept(checkpoints=[("early", early)]))
    assert (result.errors, result.size) == ([], count + 2)
    partial = sorted(path.name for path in publish.folder().rglob("*.p"))
    width = (count + 2) % 256
    assert len(partial) == (0 if count < 1 else 2 * bool(width) + bool(count + 2 >= 256))


def test_running_again_signs_the_same_and_a_lost_copy_is_laid_out_anew() -> None:
    enter(300)
    publish.publish()
    before = {path: path.read_bytes() for path in publish.folder().rglob("*") if path.is_file()}
    for path in before:
        path.unlink()
    assert publish.publish() == 301
    assert {path: path.read_bytes() for path in publish.folder().rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("killed_before", ["anchor", "tile", "checkpoint", "tidying"])
def test_a_publisher_that_is_killed_leaves_what_the_next_one_ends(
    killed_before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(250)
    publish.publish()
    enter(20)
    whole = publish.files.write

    class Killed(BaseException):
        pass

    def write(path: Path, data: bytes, **keywords: object) -> None:
        kind = "anchor" if path.name.startswith("anchor") else "checkpoint" if path.name == "checkpoint" else "tile"
        if kind == killed_before:
            (path.parent / ".draft").write_bytes(data[: len(data) // 2])
            raise Killed
        whole(path, data, **keywords)  # type: ignore[arg-type]

    def tidy(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(publish.files, "write", write)
        if killed_before == "tidying":
            patched.setattr(publish, "_tidy", tidy)
        with pytest.raises(Killed):
            publish.publish()
        assert check().errors == []  # the old copy, or the new one, but always a whole one
    enter(5)
    publish.publish()
    result = check()
    assert (result.errors, result.size) == ([], 276)


def roll_back(size: int) -> None:
    """An old back-up comes back: what SQLite's file, or PostgreSQL's tables, held at that size."""
    with connection.cursor() as cursor:
        for table in ("withus_log_entry", "withus_log_tile", "withus_log_checkpoint", "withus_log_head"):
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(f"DELETE FROM withus_log_entry WHERE seq >= {size}")
        cursor.execute(f"DELETE FROM withus_log_checkpoint WHERE size > {size}")
        cursor.execute("SELECT leaf FROM withus_log_entry ORDER BY seq")
        frontier: list[bytes] = []
        for seq, (leaf,) in enumerate(cursor.fetchall()):
            frontier = verifier.grow(frontier, seq, bytes(leaf))
    LogHead.objects.update(size=size, frontier=b"".join(frontier))


def test_an_old_database_may_neither_append_nor_sign_and_paper_proves_it() -> None:
    enter(20)
    publish.publish()
    paper = queries.public_words()
    assert paper is not None
    assert paper.size == 21
    roll_back(10)
    with pytest.raises(anchor.RolledBack, match="has signed 21 entries, and the database holds 10"):
        enter()
    with pytest.raises(anchor.RolledBack):
        publish.publish()
    assert queries.public_verdict(paper.size, paper.words.split()).state == "cut"


def test_an_old_database_that_was_continued_past_the_anchor_is_refused(home: Path) -> None:
    enter(20)
    publish.publish()
    guard = anchor.path_of(LogHead.objects.get().origin)
    paper, kept = queries.public_words(), guard.read_bytes()
    assert paper is not None
    roll_back(10)
    guard.unlink()  # somebody goes on without the guard, and it comes back
    enter(30)
    guard.write_bytes(kept)
    with pytest.raises(anchor.RolledBack, match="does not hold the 21 entries"):
        enter()
    (publish.folder() / "checkpoint").unlink()
    with pytest.raises(anchor.RolledBack, match="does not hold the 21 entries"):
        publish.publish()
    assert queries.public_verdict(paper.size, paper.words.split()).state == "changed"


def test_the_guard_lies_with_the_keys_and_never_moves_back(home: Path) -> None:
    enter(3)
    publish.publish()
    origin = LogHead.objects.get().origin
    assert anchor.path_of(origin).parent == home / "keys"
    small = verifier.Checkpoint(origin, 2, bytes(32))
    with pytest.raises(anchor.RolledBack):
        anchor.write(small, "")


def test_a_foreign_or_missing_key_signs_nothing(home: Path) -> None:
    enter(2)
    path = keys.path_of(identity.KEY_FILE)
    assert oct(path.stat().st_mode)[-3:] == "600"
    own = path.read_bytes()
    path.write_bytes(bytes(32))
    with pytest.raises(identity.NotOurs):
        publish.publish()
    path.unlink()
    with pytest.raises(identity.NotOurs):
        publish.publish()
    assert not LogCheckpoint.objects.exists()
    path.write_bytes(own)
    assert publish.publish() == 3


def test_published_files_that_were_changed_stop_the_publisher() -> None:
    enter(300)
    publish.publish()
    (publish.folder() / "tile/entries/000").write_bytes(b"x")
    (publish.folder() / "checkpoint").unlink()
    with pytest.raises(publish.Damaged, match="tile/entries/000"):
        publish.publish()


def test_the_jobs_let_peers_records_in_and_show_them() -> None:
    enter(2)
    enter(5, actor=ActorKind.PEERS)
    assert jobs.enter_what_peers_did() == 5
    assert jobs.show_the_log() == 8
    assert jobs.show_the_log() == 0
