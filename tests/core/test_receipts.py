"""Receipts: nobody guesses one, everybody can type it, and nothing of it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from withus.core import codes, receipts

RECEIPT, WORDS = "0123456789ABCDEF", "about bean cargo crisp elite foam hair key"
ANY = st.text(codes.SYMBOLS, min_size=16, max_size=16)


@pytest.fixture(autouse=True)
def _own_keys(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WITHUS_KEYS", str(tmp_path / "keys"))


def test_the_list_of_words_is_the_one_that_slips_of_paper_were_printed_from() -> None:
    assert codes.digest(" ".join(codes.listed("receipt_words.txt"))) == LIST
    assert len({word[:4] for word in codes.listed("receipt_words.txt")}) == 1024
    assert set(codes.listed("receipt_words.txt")) <= set(codes.fit_words())
    assert receipts.in_words(RECEIPT) == WORDS


LIST = "80aae065b9235e756564aec3048e27219cf6ac95606fb80f77ccc49ec4fd17b1"


def test_each_receipt_is_new_and_every_bit_of_it_is_drawn() -> None:
    many = [receipts.new() for _ in range(1000)]
    assert len(set(many)) == 1000
    for place in range(16):
        assert len({one[place] for one in many}) == 32  # by chance one is missing once in 10 ** 11 runs


@given(ANY)
def test_a_receipt_is_read_in_either_form(receipt: str) -> None:
    words = receipts.in_words(receipt)
    assert receipts.read(receipt) == receipts.read(codes.grouped(receipt)) == receipts.read(words) == receipt
    assert receipts.read(words.upper().replace(" ", ",\n")) == receipt
    assert receipts.read(" ".join(word[:4] for word in words.split())) == receipt


def test_a_receipt_is_read_as_tired_hands_type_it() -> None:
    for typed in ("o1z3 4567 89ab cdef", "OIZ3-4567-89AB-CDEF", " 0lz3\t4567–89ab cdef "):
        assert receipts.read(typed.replace("z", "2").replace("Z", "2")) == RECEIPT


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "0123",
        RECEIPT + "0",
        RECEIPT[:-1] + "*",
        WORDS + " key",
        "about bean cargo crisp elite foam hair zzz",
        "x" * 100_000,
        "\0" * 16,
    ],
)
def test_what_can_be_no_receipt_is_none(typed: str) -> None:
    assert receipts.read(typed) is None


@pytest.mark.parametrize(
    "text",
    [f"my code is {RECEIPT}", "it is 0123-4567 89ab-cdef, yes", f"I have “{WORDS.title()}” here", "a " * 500 + WORDS],
)
def test_a_text_that_holds_the_receipt_is_known(text: str) -> None:
    assert receipts.holds(text, RECEIPT)


def test_a_text_that_holds_half_of_it_is_not() -> None:
    assert not receipts.holds("about bean cargo crisp, said the cook", RECEIPT)
    assert not receipts.holds("needles too short", RECEIPT)


@pytest.mark.usefixtures("true_argon2")
def test_what_a_receipt_opens_depends_on_the_house_and_is_the_same_each_time() -> None:
    first = receipts.open_with(RECEIPT)
    assert first == receipts.open_with(RECEIPT)
    assert len({first.locator, first.wrap.hex(), receipts.open_with("1123456789ABCDEF").locator}) == 3
    (receipts.keys.path_of(receipts.SALT)).write_bytes(bytes(range(32)))
    # Argon2id (19 MiB, t 2, p 1) and BLAKE2b, worked out once and checked in.
    assert receipts.open_with(RECEIPT) == receipts.Found(
        "568541f04dd6b6545ad7f4073195eb8cbfedbc32516bdc39986353783306fc79",
        bytes.fromhex("5989518a939831eb1665b27fa466e9aa506cef3f73897780b297905a1475bd12"),
    )
