"""`verify-log` on the own database finds whatever was bent, even by somebody who took the triggers away."""

import hashlib
import json

import pytest
from django.db import connection
from tests.public_log.test_publish import roll_back
from tests.public_log.writing import DAY, enter

from withus.compute import verifier
from withus.compute.verifier import Kept
from withus.policy.facts import ActorKind
from withus.public_log import anchor, publish, queries, verify
from withus.public_log.append import append
from withus.public_log.models import LogHead

pytestmark = pytest.mark.django_db

IS_POSTGRESQL = connection.vendor == "postgresql"


@pytest.fixture
def log() -> None:
    """A log of 301 entries, published at 201 and 301, without triggers."""
    enter(200, texts={"text": "words"})
    publish.publish()
    enter(100)
    publish.publish()
    roll_back(301)


def bend(sql: str) -> None:
    """Changes the database behind the product's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql)


def found() -> list[tuple[int | None, str]]:
    """What verify-log says, but for the triggers that this test took away."""
    return [error for error in verify.own_log().errors if "trigger" not in error[1]]


def test_a_whole_log_holds_and_says_so_for_machines() -> None:
    enter(200, texts={"text": "words"})
    publish.publish()
    enter(100)
    result = json.loads(verify.own_log().as_json())
    assert (result["ok"], result["size"], result["errors"]) == (True, 301, [])
    assert result["types"] == {"log.opened": 1, "steward.invited": 300}
    assert verify.problems() == []


def test_an_empty_log_holds() -> None:
    assert json.loads(verify.own_log().as_json())["ok"] is True


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("sql", "index", "says"),
    [
        ("UPDATE withus_log_entry SET body = {braces} WHERE seq = 7", 7, "calls itself number None"),
        ("UPDATE withus_log_entry SET leaf = body WHERE seq = 7", 7, "the stored hash is not that of the entry"),
        ("UPDATE withus_log_entry SET subject = 'X' WHERE seq = 7", 7, "the row names another subject"),
        ("DELETE FROM withus_log_entry WHERE seq = 7", 0, "tile/entries/000: holds 255 entries"),
        ("DELETE FROM withus_log_entry WHERE seq = 300", 256, "tile/entries/001.p/45: holds 44 entries"),
        ("DELETE FROM withus_log_tile", 0, "tile/0/000: is missing"),
        ("UPDATE withus_log_tile SET data = root", 0, "tile/0/000: does not fit the entries"),
        ("UPDATE withus_log_tile SET root = data", None, "tile/0/000: its stored root is wrong"),
        ("UPDATE withus_log_head SET size = 300", None, "a stored checkpoint shows 301 entries, this log only 300"),
        ("UPDATE withus_log_head SET size = 300", 300, "there are entries beyond the log's head"),
        ("UPDATE withus_log_head SET frontier = ''", None, "the signed root (size 301) shows another history"),
        ("UPDATE withus_log_head SET origin = 'x'", None, "the head names another log than entry 0"),
        ("UPDATE withus_log_checkpoint SET note = 'x'", None, "the stored checkpoint of 201 entries: the note has no"),
        (
            "UPDATE withus_log_checkpoint SET size = 5 WHERE size = 201",
            None,
            "stored checkpoint of 5 entries names 201",
        ),
        ("UPDATE withus_log_opening SET content = 'other'", 1, "the words kept for facts.text are not those"),
    ],
)
def test_whatever_was_bent_in_the_database_is_found(sql: str, index: int | None, says: str) -> None:
    assert found() == []
    bend(sql.format(braces=r"'\x7b7d'" if IS_POSTGRESQL else "'{}'"))
    assert [1 for at, what in found() if at == index and says in what]


@pytest.mark.usefixtures("log")
def test_missing_triggers_are_found() -> None:
    assert not verify.own_log().ok
    assert verify.problems()


@pytest.mark.parametrize("name", ["tile/0/000", "tile/0/001.p/45", "tile/1/000.p/1", "tile/entries/000"])
def test_published_files_that_differ_from_the_database_are_found(name: str) -> None:
    enter(300)
    publish.publish()
    path = publish.folder() / name
    whole = path.read_bytes()
    for other in (whole[:-1], whole + b"x", bytes(len(whole))):
        path.write_bytes(other)
        assert found() == [(None, f"the published {name} is not what the database holds")]
    path.unlink()
    assert found() == [(None, f"the published {name} is not what the database holds")]


def test_a_published_checkpoint_of_somebody_else_is_found() -> None:
    enter(3)
    publish.publish()
    (publish.folder() / "checkpoint").write_text("x\n1\n\n")
    assert found() == [(None, "the published checkpoint: the note has no signatures, or too many")]


def test_a_rolled_back_database_is_found_by_anchor_paper_and_kept_checkpoints() -> None:
    enter(20)
    publish.publish()
    note, paper = queries.public_note(), queries.public_words()
    assert note is not None
    assert paper is not None
    roll_back(10)
    (publish.folder() / "checkpoint").unlink()
    kept = Kept(checkpoints=[("mine", note)], printed=[(paper.size, paper.words.split())])
    errors = [error for error in verify.own_log(kept).errors if "trigger" not in error[1]]
    assert errors == [
        (None, f"{what} shows 21 entries, this log only 10: it was rolled back")
        for what in ("the anchor", "checkpoint mine", "the printed checkpoint")
    ]
    assert "this instance has signed 21 entries, and the database holds 10" in verify.problems()


def test_what_was_kept_of_an_honest_log_is_confirmed() -> None:
    enter(20)
    publish.publish()
    note, paper, proof = queries.public_note(), queries.public_words(), queries.public_proof(7)
    assert note is not None
    assert paper is not None
    assert proof is not None
    enter(20)
    kept = Kept([("mine", note)], [("seven", bytes(proof))], [(paper.size, paper.words.split())])
    result = verify.own_log(kept)
    assert result.ok
    assert {"checkpoint mine (size 21)", "the printed checkpoint (size 21)", "proof seven (entry 7)"} <= set(
        result.checked_against
    )


def test_a_log_without_its_guard_can_still_be_checked() -> None:
    enter(3)
    publish.publish()
    anchor.path_of(LogHead.objects.get().origin).unlink()
    assert verify.own_log().ok


def test_what_entries_name_by_hash_must_lie_beside_the_log() -> None:
    content = b"the reasons, at length"
    name = hashlib.sha256(content).hexdigest()
    facts = {"reasons": {"sha256": name, "bytes": len(content), "media": "text/plain"}}
    append("recommendation.made", facts, actor=ActorKind.BODY, day=DAY)
    publish.publish()
    path, key = publish.folder() / "file" / name, verifier.read_key(queries.public_key())
    assert found() == [(1, f"file/{name}: is missing")]
    assert verifier.check_log(verifier.Folder(publish.folder()), key).ok  # a copy may do without
    path.parent.mkdir()
    for other in (content + b"x", content[:-1], content[::-1]):
        path.write_bytes(other)
        assert found() == [(1, f"file/{name}: is not what the entry names")]
        assert not verifier.check_log(verifier.Folder(publish.folder()), key).ok
    path.write_bytes(content)
    assert found() == []
    assert verifier.check_log(verifier.Folder(publish.folder()), key).ok
    append("recommendation.made", {"a": facts["reasons"] | {"sha256": "../x"}}, actor=ActorKind.BODY, day=DAY)
    assert found() == [(2, "the entry names a file by something that is no hash and length")]


def test_the_two_checks_agree() -> None:
    enter(700)
    publish.publish()
    own, key = verify.own_log(), verifier.read_key(queries.public_key())
    outside = verifier.check_log(verifier.Folder(publish.folder()), key)
    assert (own.ok, own.size, own.root, own.types) == (outside.ok, outside.size, outside.root, outside.types)
