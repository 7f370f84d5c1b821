"""What only a chosen reader can open: pairs, parts bound to purpose and row, and keys that end with their week."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from withus.core import buckets, keys, sealing
from withus.core.errors import CannotSeal

SEED = bytes(range(32))
ROW = "ABCDEFGHJKMNP"
# Made once with this code (PyNaCl 1.6.2) and checked in: whatever changes, what was sealed stays readable.
PUBLIC = "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"
SHUT = "31af00601eb349c1b33d53d684768b466e5433d3d1db9455bd463191d4f6fc0e730958dd7f319b1c1fd73b2b4c16"
PART = (
    "d0a919c09df5410d374eddc8c45483426a9c12e48cf2d84ac4c960656f61e254b33b6380f2b30ba45471cd3644bdf4faaa586469dd0a69ae"
    "43747c13d8e811967a8000d5d84b18b7852e32bd0de4b8c731d2d13819069808f96a67daa6a282534cff50d39652e05ee250b67778bd38d0"
    "d7917e77564ca772fca46036c483798c07d319e6e23b822a520070e2338b7db23da41bbe1d960045c06f9bb270c1e10fca33d64dd5de5d7b"
    "8f55d158e6b56158f090a1bab0a54fb935"
)
MONDAY = datetime.date(2027, 2, 1)  # the first day of 2027-W05
WEEK = datetime.timedelta(days=7)


@pytest.fixture(autouse=True)
def _own_keys(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WITHUS_KEYS", str(tmp_path / "keys"))


def test_what_was_sealed_by_an_earlier_version_opens() -> None:
    pair = sealing.pair(SEED)
    assert pair.public.hex() == PUBLIC
    assert sealing.unshut(SEED, bytes.fromhex(SHUT), "voice", ROW) == b"words"
    assert sealing.whole(pair.private, bytes.fromhex(PART), "voice", ROW, 64) == b"needles too short"


@given(st.binary(max_size=5000), st.sampled_from([sealing.TEXT_BLOCK, sealing.FILE_BLOCK]))
def test_a_part_opens_for_its_reader_and_tells_its_length_in_blocks_only(plain: bytes, block: int) -> None:
    pair = sealing.pair()
    sealed = sealing.part(pair.public, plain, "voice", ROW, block)
    assert sealing.whole(pair.private, sealed, "voice", ROW, block) == plain
    assert len(sealed) == len(sealing.part(pair.public, b"x" * (len(plain) // block * block), "voice", ROW, block))


@pytest.mark.parametrize(
    ("purpose", "row", "reader"),
    [("reply", ROW, SEED), ("voice", "another", SEED), ("voice", ROW, bytes(range(1, 33)))],
)
def test_a_part_in_another_place_or_for_another_reader_stays_closed(purpose: str, row: str, reader: bytes) -> None:
    sealed = sealing.part(sealing.pair(SEED).public, b"words", "voice", ROW)
    with pytest.raises(sealing.Unreadable):
        sealing.whole(sealing.pair(reader).private, sealed, purpose, row)


@pytest.mark.parametrize("place", [0, 40, 79, 80, 81, 100, -1])
def test_one_changed_byte_closes_it(place: int) -> None:
    sealed = bytearray(sealing.part(sealing.pair(SEED).public, b"words", "voice", ROW))
    sealed[place] ^= 1
    for altered in (bytes(sealed), bytes(sealed[:place]), b""):
        with pytest.raises(sealing.Unreadable):
            sealing.whole(SEED, altered, "voice", ROW)


def test_a_week_is_closed_by_its_key_alone_and_for_good_without_it() -> None:
    week = buckets.week_of(MONDAY)
    assert week == "2027-W05"
    for made in (week, "2027-W06"):
        with pytest.raises(CannotSeal):
            buckets.close(made, b"sealed", "inbox", ROW)
        assert made not in buckets.kept(), "only who knows that nothing ends in it yet makes its key"
        buckets.make(made)
    closed = buckets.close(week, b"sealed", "inbox", ROW)
    assert buckets.reopen(week, closed, "inbox", ROW) == b"sealed"
    other = buckets.close("2027-W06", b"sealed", "inbox", ROW)
    for wrong_week, wrong, row in ((week, other, ROW), (week, closed, "another"), ("2027-W07", closed, ROW)):
        with pytest.raises(sealing.Unreadable):
            buckets.reopen(wrong_week, wrong, "inbox", row)
    assert buckets.kept() == ["2027-W05", "2027-W06"]  # asking for what is not there makes no key
    assert buckets.end(MONDAY + WEEK - datetime.timedelta(days=1)) == 0
    assert buckets.overdue(MONDAY + WEEK) == ["2027-W05"]
    assert buckets.end(MONDAY + WEEK) == 1
    assert buckets.end(MONDAY + WEEK) == 0
    assert (buckets.kept(), buckets.overdue(MONDAY + WEEK)) == (["2027-W06"], [])
    with pytest.raises(sealing.Unreadable):
        buckets.reopen(week, closed, "inbox", ROW)


@pytest.mark.parametrize(
    ("day", "week"), [(datetime.date(2026, 12, 31), "2026-W53"), (datetime.date(2027, 1, 3), "2026-W53")]
)
def test_a_week_belongs_to_its_own_year(day: datetime.date, week: str) -> None:
    assert buckets.week_of(day) == week
    assert buckets.week_of(day) < buckets.week_of(MONDAY)


def test_a_fault_seals_nothing_rather_than_less(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bytes:
        raise OSError

    monkeypatch.setattr(keys, "read", broken)
    with pytest.raises(CannotSeal):
        buckets.close("2027-W05", b"sealed", "inbox", ROW)
