"""What enters the log, in which form, and what never does."""

import json

import pytest
from django.db import transaction
from tests.public_log.writing import DAY, enter

from withus.compute import merkle
from withus.compute.verifier import leaf_hash, read_entry, tree_root
from withus.core import clock
from withus.policy.facts import ActorKind
from withus.public_log import append as log
from withus.public_log import identity, verify
from withus.public_log.models import LogEntry, LogHead, LogOpening, LogPending, LogTile

pytestmark = pytest.mark.django_db


def records() -> list[dict[str, object]]:
    """All entries, read."""
    return [read_entry(bytes(body)) for body in LogEntry.objects.order_by("seq").values_list("body", flat=True)]


def test_the_first_deed_opens_the_log_under_a_name_of_its_own() -> None:
    assert enter() == 1
    opened, first = records()
    head, key = LogHead.objects.get(), identity.key()
    assert opened == {
        "v": 1,
        "seq": 0,
        "type": "log.opened",
        "day": clock.today().isoformat(),
        "facts": {"origin": head.origin, "vkey": str(key)},
    }
    assert head.origin.startswith("withus.invalid/log/")
    assert (first["seq"], first["type"], first["actor"], first["day"], first["facts"]) == (
        1,
        "steward.invited",
        "organisation",
        "2026-05-03",
        {"number": 0},
    )
    assert enter() == 2


def test_the_name_of_the_log_may_be_set_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WITHUS_LOG_ORIGIN", "peers.example/log")
    enter()
    assert LogHead.objects.get().origin == "peers.example/log"


def test_only_bodies_and_the_system_are_dated_to_the_second() -> None:
    for kind in ActorKind:
        enter(actor=kind)
    log.append_pending()
    timed = {record["actor"] for record in records() if "at" in record}
    assert timed == {"body", "system"}
    assert {record.get("actor") for record in records()} == {None, *(kind.value for kind in ActorKind)}


def test_the_tree_grows_as_the_standard_says_and_full_tiles_are_kept() -> None:
    enter(520)
    leaves = [bytes(leaf) for leaf in LogEntry.objects.order_by("seq").values_list("leaf", flat=True)]
    bodies = [bytes(body) for body in LogEntry.objects.order_by("seq").values_list("body", flat=True)]
    head = LogHead.objects.get()
    assert leaves == [leaf_hash(body) for body in bodies]
    assert (head.size, merkle.root(merkle.split(bytes(head.frontier)))) == (521, tree_root(leaves))
    assert [(tile.level, tile.n, bytes(tile.data), bytes(tile.root)) for tile in LogTile.objects.order_by("n")] == [
        (0, 0, b"".join(leaves[:256]), tree_root(leaves[:256])),
        (0, 1, b"".join(leaves[256:512]), tree_root(leaves[256:512])),
    ]


def test_what_peers_do_waits_without_a_time_and_enters_shuffled() -> None:
    enter()
    for number in range(40):
        values = {"actor": ActorKind.PEERS, "day": DAY, "at": clock.now(), "subject": f"CODE{number}"}
        assert log.append("statement.proposed", {}, **values) is None  # type: ignore[arg-type]
    assert LogEntry.objects.count() == 2
    assert log.append_pending() == 40
    assert not LogPending.objects.exists()
    entered = records()[2:]
    order = [record["subject"] for record in entered]
    assert all("at" not in record for record in entered)
    assert sorted(order) == sorted(f"CODE{number}" for number in range(40))
    assert order != [f"CODE{number}" for number in range(40)]
    assert log.append_pending() == 0


def test_words_of_peers_enter_as_commitments_and_can_be_erased() -> None:
    seq = enter(texts={"text": "Open on Sundays.", "reason": "Open on Sundays."})
    facts = records()[1]["facts"]
    assert isinstance(facts, dict)
    assert facts["text"]["commit"] != facts["reason"]["commit"]
    assert "Sundays" not in json.dumps(records())
    assert verify.own_log().errors == []
    assert log.erase("ABCD", "facts.text") == 1
    assert log.erase("ABCD") == 1
    assert log.erase("ABCD") == 0
    assert not LogOpening.objects.exists()
    assert verify.own_log().errors == []
    assert seq == 1


def test_neither_a_deed_nor_its_record_stays_when_something_fails() -> None:
    @transaction.atomic
    def two_deeds() -> None:
        enter(texts={"text": "words"})
        enter(subject="e\u0301")

    enter()
    with pytest.raises(merkle.Unfit):
        two_deeds()
    assert not LogOpening.objects.exists()
    assert LogEntry.objects.count() == 2
    assert enter() == 2


def test_many_at_once_are_as_one_after_another() -> None:
    def new(number: int, kind: ActorKind) -> log.NewRecord:
        return log.NewRecord("steward.invited", {"number": number}, kind, DAY, subject="ABCD", texts={"text": "words"})

    kinds = (ActorKind.ORGANISATION, ActorKind.PEERS)
    assert log.append_all(new(number, kinds[number % 2]) for number in range(4)) == [1, None, 2, None]
    assert log.append_all(new(number, ActorKind.SYSTEM) for number in range(700)) == list(range(3, 703))
    assert log.append_all([]) == []
    assert [record["seq"] for record in records()] == list(range(703))
    assert LogPending.objects.count() == 2
    assert LogOpening.objects.count() == 704
    leaves = [bytes(leaf) for leaf in LogEntry.objects.order_by("seq").values_list("leaf", flat=True)]
    assert [bytes(tile.data) for tile in LogTile.objects.order_by("n")] == [
        b"".join(leaves[:256]),
        b"".join(leaves[256:512]),
    ]
    assert verify.own_log().errors == []


def test_tiles_of_the_second_level_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = (200, 56, 65_000, 279, 1_000)  # from within a tile, to its end, over the end of a tile of tiles
    size = 0
    for step in steps:
        log.append_all(log.NewRecord("steward.invited", {}, ActorKind.ORGANISATION, DAY) for _ in range(step))
        size += step
    leaves = [bytes(leaf) for leaf in LogEntry.objects.order_by("seq").values_list("leaf", flat=True)]
    roots = [tree_root(leaves[n * 256 : (n + 1) * 256]) for n in range(256)]
    upper = LogTile.objects.get(level=1)
    assert (bytes(upper.data), bytes(upper.root)) == (b"".join(roots), tree_root(roots))
    assert LogTile.objects.count() == (size + 1) // 256 + 1
    assert merkle.root(merkle.split(bytes(LogHead.objects.get().frontier))) == tree_root(leaves)


def test_peers_records_that_could_never_enter_are_refused_at_once() -> None:
    with pytest.raises(merkle.Unfit), transaction.atomic():
        log.append("statement.proposed", {"share": 0.5}, actor=ActorKind.PEERS, day=DAY)
    assert not LogPending.objects.exists()
