"""The log gets another key, or goes on under another name; what was signed before stays true."""

import base64
import datetime
import shutil
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from tests import make
from tests.public_log.fake_witness import Witness, serving
from tests.public_log.test_append import records
from tests.public_log.test_publish import roll_back
from tests.public_log.test_witnesses import write_policy
from tests.public_log.writing import DAY, enter

from withus.compute import merkle, verifier
from withus.compute.verifier import Folder, Kept, check_log, open_checkpoint, read_key
from withus.core import clock, keys
from withus.core.errors import Refused
from withus.people.models import Instance
from withus.policy.facts import SYSTEM, ActorKind
from withus.public_log import anchor, append, continuing, identity, jobs, publish, queries, tree, triggers, verify
from withus.public_log.models import LogCheckpoint, LogEntry, LogHead, LogKey, LogPending
from withus.running import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> Instance:
    """A house whose log has a few hundred entries and is published."""
    found = make.instance()
    enter(299)  # and before them the one that opens the log
    publish.publish()
    return found


def note() -> bytes:
    """The published checkpoint."""
    found = queries.public_note()
    assert found is not None
    return found


def signers() -> list[verifier.Key]:
    """Who signed the published checkpoint."""
    return [one.key for one in open_checkpoint(note(), identity.every_key()).signatures]


def proof_of(seq: int) -> bytes:
    """An entry's proof."""
    found = queries.public_proof(seq)
    assert found is not None
    return bytes(found)


def after_a_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands a year and a day later."""
    day = clock.today() + datetime.timedelta(days=366)
    monkeypatch.setattr(clock, "today", lambda zone=None: day)


def test_a_rotation_is_an_entry_and_both_keys_sign_for_a_year(
    house: Instance, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    (old,) = identity.every_key()
    early, early_proof = note(), proof_of(7)
    new = actions.rotate_log_key(SYSTEM, house)
    rotated = records()[-1]
    assert (rotated["type"], rotated["seq"], rotated["actor"]) == ("key.rotated", 300, "system")
    until = (clock.today() + datetime.timedelta(days=365)).isoformat()
    assert rotated["facts"] == {"vkey": str(new), "both_until": until, "stolen": False}
    assert queries.public_key() == str(old)  # what is shown is what is published
    publish.publish()
    assert signers() == [old, new]
    assert client.get("/log/key").content.decode() == f"{new}\n"
    between = note()
    kept = Kept([("early", early), ("between", between)], [("seven", early_proof)])
    for key in (old, new):
        result = check_log(Folder(publish.folder()), key, kept)
        assert (result.errors, result.size, result.keys) == ([], 301, [str(old), str(new)])
        assert len(result.checked_against) == 4 - (key == new)  # a proof under our own key is told twice
    after_a_year(monkeypatch)
    enter()
    publish.publish()
    assert signers() == [new]
    result = check_log(Folder(publish.folder()), new, kept)
    assert (result.errors, result.size) == ([], 302)
    assert verify.own_log(kept).errors == []
    assert not check_log(Folder(publish.folder()), old).ok
    late = Kept([("late", note()), ("early", early)])
    assert check_log(Folder(publish.folder()), new, late).ok


def test_what_a_key_that_no_entry_names_signed_is_refused(house: Instance) -> None:
    actions.rotate_log_key(SYSTEM, house)
    publish.publish()
    (old, new), origin = identity.every_key(), LogHead.objects.get().origin
    shown = verifier.parse_checkpoint(note().decode().partition("\n\n")[0] + "\n")
    foreign = merkle.sign(shown, [bytes(32)]).encode()
    proof = verifier.Proof(7, verifier.read_proof(proof_of(7)).hashes, foreign)
    for key in (old, new):
        result = check_log(Folder(publish.folder()), key, Kept([("x", foreign)], [("y", bytes(proof))]))
        assert result.errors == [
            (None, "checkpoint x: nobody whose key we have signed the note"),
            (None, "proof y: nobody whose key we have signed the note"),
        ]
    seeds = identity.signing()[:1]
    other = merkle.sign(verifier.Checkpoint(origin, 200, bytes(32)), seeds).encode()
    more = merkle.sign(verifier.Checkpoint(origin, 999, bytes(32)), seeds).encode()
    wrong = verifier.Proof(8, verifier.read_proof(proof_of(7)).hashes, merkle.sign(shown, seeds).encode())
    result = check_log(Folder(publish.folder()), new, Kept([("a", other), ("b", more)], [("c", bytes(wrong))]))
    assert result.errors == [
        (None, "checkpoint a (size 200) shows another history; keep both, they are evidence"),
        (None, "checkpoint b shows 999 entries, this log only 301: it was rolled back"),
        (8, "proof c is for another entry; keep both, they are evidence"),
    ]


def test_two_rotations_leave_one_chain(house: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    early = note()
    for _ in range(2):
        actions.rotate_log_key(SYSTEM, house)
        publish.publish()
    every = identity.every_key()
    assert signers() == every
    assert len({key.id for key in every}) == 3
    after_a_year(monkeypatch)
    enter()
    publish.publish()
    assert signers() == every[-1:]
    assert check_log(Folder(publish.folder()), every[2], Kept([("early", early)])).ok
    assert len(list(keys.path_of("").glob("log*.key"))) == 3


def test_after_a_theft_the_entry_names_what_can_be_trusted(house: Instance) -> None:
    actions.rotate_log_key(SYSTEM, house, stolen=True)
    assert records()[-1]["facts"].keys() == {"vkey", "both_until", "stolen"}  # type: ignore[attr-defined]
    publish.publish()
    one = Witness("ash", identity.every_key()[-1])
    with serving(one):
        write_policy(one)
        assert jobs.tell_witnesses() == 1
    enter()
    actions.rotate_log_key(SYSTEM, house, stolen=True)
    facts = records()[-1]["facts"]
    assert isinstance(facts, dict)
    root = base64.b64encode(one.seen.root).decode()
    assert facts["trusted"] == {"origin": LogHead.objects.get().origin, "size": 301, "root": root}


def test_a_key_that_is_not_there_cannot_be_rotated(house: Instance) -> None:
    keys.path_of(identity.KEY_FILE).unlink()
    with pytest.raises(identity.NotOurs):
        actions.rotate_log_key(SYSTEM, house)
    assert not LogKey.objects.exists()


def test_keys_beside_the_log_that_its_entries_do_not_name_are_found(house: Instance) -> None:
    stranger = merkle.public_key(LogHead.objects.get().origin, bytes(32))
    identity.note_key(5, stranger)
    assert (None, "the keys kept beside the log are not those that its entries name") in verify.own_log().errors
    enter()
    with pytest.raises(identity.NotOurs):
        publish.publish()


@pytest.mark.parametrize(
    ("kind", "facts", "says"),
    [
        ("key.rotated", {"vkey": "x"}, "the entry names no key"),
        ("key.rotated", {"vkey": "{stranger}"}, "the entry names a key of another log"),
        ("log.opened", {"origin": "stranger.example", "vkey": "{stranger}"}, "the entry opens a log of another name"),
    ],
)
def test_entries_about_the_log_that_cannot_be_are_found(
    house: Instance, kind: str, facts: dict[str, str], says: str
) -> None:
    stranger = str(merkle.public_key("stranger.example", bytes(32)))
    given = {name: value.replace("{stranger}", stranger) for name, value in facts.items()}
    append.append(kind, given, actor=ActorKind.SYSTEM, day=DAY)
    publish.publish()
    errors = check_log(Folder(publish.folder()), identity.every_key()[0]).errors
    assert [1 for index, what in errors if index == 300 and says in what]


# --- An older back-up comes back ---


@pytest.fixture
def older(house: Instance, tmp_path: Path) -> Instance:
    """The house after an older back-up came back: 300 of the 340 entries that it has signed, all of them in `copy`."""
    LogPending.objects.all().delete()
    peers = {"actor": ActorKind.PEERS, "day": DAY, "subject": "WAIT"}
    append.append("thing.said", {}, **peers)  # type: ignore[arg-type]
    waiting = list(LogPending.objects.values())
    append.append_pending()
    actions.rotate_log_key(SYSTEM, house)
    enter(38)
    publish.publish()
    shutil.copytree(publish.folder(), tmp_path / "copy")
    LogKey.objects.all().delete()
    roll_back(300)
    restore_triggers()
    LogPending.objects.bulk_create(LogPending(**row) for row in waiting)
    shutil.rmtree(publish.folder())
    return house


def restore_triggers() -> None:
    """The triggers that `roll_back` took away."""
    with connection.cursor() as cursor:
        for name in triggers.missing(connection):
            if connection.vendor == "sqlite":
                cursor.execute(triggers.statements("sqlite")[name])
            else:
                table = name.rpartition("_no_")[0] or name.removesuffix("_guard").removesuffix("_grows")
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
    assert triggers.missing(connection) == []


def test_missing_entries_come_back_from_a_copy_byte_by_byte(older: Instance, tmp_path: Path) -> None:
    signed = continuing.lost()
    assert signed is not None
    assert signed.size == 340
    assert continuing.bring_back(Folder(tmp_path / "copy")) == 40
    assert continuing.lost() is None
    assert LogHead.objects.get().size == 340
    assert not LogPending.objects.exists()  # what waited then has long been entered
    assert len(identity.every_key()) == 2
    assert publish.publish() == 340
    shown = [path.relative_to(publish.folder()) for path in publish.folder().rglob("*") if path.is_file()]
    assert len(shown) == 6
    assert [(publish.folder() / path).read_bytes() for path in shown] == [
        (tmp_path / "copy" / path).read_bytes() for path in shown
    ]
    assert verify.own_log().errors == []
    assert continuing.bring_back(Folder(tmp_path / "copy")) == 0


def test_a_copy_that_lacks_or_changed_an_entry_brings_nothing_back(older: Instance, tmp_path: Path) -> None:
    bundle = tmp_path / "copy/tile/entries/001.p/84"
    whole = bundle.read_bytes()
    for other, says in ((whole[:-30] + b"x" * 30, "are not what was signed"), (b"", "does not hold all entries")):
        bundle.write_bytes(other)
        with pytest.raises(verifier.Wrong, match=says):
            continuing.bring_back(Folder(tmp_path / "copy"))
        assert LogHead.objects.get().size == 300
    bundle.unlink()
    with pytest.raises(verifier.Wrong, match="does not hold all entries"):
        continuing.bring_back(Folder(tmp_path / "copy"))


def test_a_log_whose_end_is_lost_goes_on_under_another_name(older: Instance, tmp_path: Path) -> None:
    (first,), copy = identity.every_key(), tmp_path / "copy"
    lost, good = continuing.lost(), continuing.last_good()
    assert lost is not None
    assert good.size == 300
    shutil.copytree(copy, publish.folder())  # what the old name published lies there still
    key = actions.continue_log(SYSTEM, older)
    entry = records()[-1]
    assert (entry["seq"], entry["type"], entry["actor"]) == (300, "log.continued", "system")
    root = base64.b64encode(good.root).decode()
    before = {"origin": first.name, "size": 300, "root": root}
    assert entry["facts"] == {"origin": key.name, "vkey": str(key), "from": before, "signed": 340}
    assert LogHead.objects.get().origin == key.name != first.name
    assert continuing.lost() is None
    assert enter() == 301
    assert publish.publish() == 302
    assert signers() == [key]
    aside = [path for path in publish.folder().parent.glob("log-*") if (path / "checkpoint").exists()]
    assert [(path / "checkpoint").read_bytes() for path in aside] == [(copy / "checkpoint").read_bytes()]
    assert verify.own_log().errors == []
    assert verify.problems() == []
    stored = LogCheckpoint.objects.get(size=300).note.encode()
    assert check_log(Folder(publish.folder()), key, Kept([("good", stored)])).errors == []
    assert [read_key(vkey) for vkey in check_log(Folder(publish.folder()), key).keys] == [first, key]
    evidence = Kept([("lost", (copy / "checkpoint").read_bytes())])
    assert not check_log(Folder(publish.folder()), key, evidence).ok
    assert not check_log(Folder(publish.folder()), first).ok  # the old key does not vouch for the new name
    with pytest.raises(Refused):
        actions.continue_log(SYSTEM, older)
    with pytest.raises(anchor.RolledBack):  # the old name never signs again
        anchor.refuse_rollback(first.name, 302)


def test_a_log_that_lost_nothing_keeps_its_name(house: Instance) -> None:
    with pytest.raises(Refused):
        actions.continue_log(SYSTEM, house)
    assert LogEntry.objects.count() == 300


class Memory(dict[str, bytes]):
    """A copy in memory."""

    def read(self, path: str, most: int) -> bytes | None:
        """The file's bytes."""
        return self.get(path)


def published_as(key: verifier.Key) -> dict[str, bytes]:
    """The database's entries, laid out and signed as the log of a key whose secret side is zeros."""
    head, stored = LogHead.objects.get(), tree.Stored()
    shown = verifier.Checkpoint(key.name, head.size, merkle.fold(merkle.split(bytes(head.frontier))))
    paths = [verifier.tile_path(level, n, width) for level, n, width in tree.paths(head.size)]
    return {path: stored.read(path, 0) or b"" for path in paths} | {
        "checkpoint": merkle.sign(shown, [bytes(32)]).encode()
    }


def test_what_goes_on_with_another_log_is_found(house: Instance) -> None:
    append.append("log.continued", {"origin": "a", "from": {"origin": "b"}}, actor=ActorKind.SYSTEM, day=DAY)
    (wrong,) = verify.own_log().errors
    assert "the head names another log" in wrong[1]
    key = merkle.public_key("a", bytes(32))
    errors = check_log(Memory(published_as(key)), key).errors
    assert (300, "the entry goes on with a log of another name") in errors
