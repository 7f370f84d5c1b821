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
    "label", ["Receipt: ", "receipt ", "إيصال: ", "الإيصال ", "Quittung:\n", "Es ist: ", "receipt："]
)
def test_what_it_is_called_before_it_does_not_matter(label: str) -> None:
    assert receipts.read(label + codes.grouped(RECEIPT)) == receipts.read(label + WORDS) == RECEIPT


@pytest.mark.parametrize(
    ("typed", "counts"),
    [
        (RECEIPT[1:], (15, 0)),
        (f"Receipt: {codes.grouped(RECEIPT)}-7", (17, 0)),
        (WORDS.removesuffix(" key"), (0, 7)),
        (f"Receipt {WORDS} key", (0, 9)),
        ("", (0, 0)),
        ("x" * 100_000, (200, 0)),
    ],
)
def test_what_can_be_no_receipt_is_counted(typed: str, counts: tuple[int, int]) -> None:
    assert receipts.read(typed) is None
    assert receipts.counted(typed) == counts


@pytest.mark.parametrize(
    "text",
    [f"my code is {RECEIPT}", "it is 0123-4567 89ab-cdef, yes", f"I have “{WORDS.title()}” here", "a " * 500 + WORDS],
)
def test_a_text_that_holds_the_receipt_is_known(text: str) -> None:
    assert receipts.holds(text, RECEIPT)


NO_SIGN = st.text(
    st.one_of(
        st.sampled_from(" .,_/:|*-\u2013\u200b\u200d\u2060\ufeff\u00ad\n"), st.characters(categories=["P", "Z", "Cf"])
    ),
    max_size=3,
)


@given(ANY, st.lists(NO_SIGN, min_size=15, max_size=15))
def test_whatever_stands_between_its_symbols_a_receipt_is_read_and_known(receipt: str, between: list[str]) -> None:
    typed = "".join(sign + gap for sign, gap in zip(receipt, [*between, ""], strict=True))
    assert receipts.read(typed) == receipt
    assert receipts.holds(f"So it is: {typed}!", receipt)


@given(ANY, st.lists(NO_SIGN.filter(bool), min_size=7, max_size=7))
def test_whatever_stands_between_its_words_a_receipt_is_read_and_known(receipt: str, between: list[str]) -> None:
    words = receipts.in_words(receipt).split()
    typed = "".join(word + gap for word, gap in zip(words, [*between, ""], strict=True))
    assert receipts.read(typed) == receipt
    assert receipts.holds(f"So it is: {typed}!", receipt)


def test_a_receipt_is_read_in_the_digits_of_any_keyboard() -> None:
    assert receipts.read("٠١٢٣ ٤٥٦٧ ٨٩AB CDEF") == RECEIPT
    assert receipts.read("０１２３４５６７８９ａｂｃｄｅｆ") == RECEIPT


@pytest.mark.parametrize("gap", [" ", "-", ".", "_", "/", ":", "|", "*", ", ", "\u200b", "\n"])
def test_a_text_that_holds_any_receipt_is_known_whosever_it_is(gap: str) -> None:
    for number in range(40):
        receipt = codes.derived(str(number), "a receipt", 16)
        groups = [receipt[at : at + 4] for at in range(0, 16, 4)]
        for text in (
            gap.join(groups),
            gap.join(groups).lower(),
            gap.join(receipt),
            f"{groups[0]}{groups[1]}{gap}{receipt[8:]}",
        ):
            assert receipts.seems_in(f"They gave me a slip, it is {text}, and then?"), text
        for words in (receipts.in_words(receipt), " ".join(word[:4] for word in receipts.in_words(receipt).split())):
            assert receipts.seems_in(f"my words:\n{words.replace(' ', gap).title()}. Nobody asked us!"), words


@given(ANY)
def test_hardly_any_receipt_passes_as_ordinary_words(receipt: str) -> None:
    assert receipts.seems_in(receipts.in_words(receipt)) or len({*receipts.in_words(receipt).split()}) < 5
    fours = [receipt[at : at + 4] for at in range(0, 16, 4)]
    if any(not four.isalpha() and not four.isdecimal() and four[0].isalpha() for four in fours):
        assert receipts.seems_in(codes.grouped(receipt))


@pytest.mark.parametrize(
    "text",
    [
        "Open from 10am till 12pm only, and they shut at 25th 10am each time.",
        "They have been here since 2024, with them when they left.",
        "RESPONSIBILITIES are with them, THEY HAVE BEEN HERE LONG.",
        "Substitutionsarzt, Drogenkonsumraum, Rechtsanwaltschaft.",
        "Call 0123 4567 8901 2345 at night",
        "Clearer than what one cloud gives one cloud: only this will make more people come there when they know.",
        "test test test test test test test test",
        "27G needles and 30G ones: 100 of each in 2019, 2020 and 2021.",
        "لا أحد يسألنا عن الإبر",
        "a b c d e f g h i j k l m n o p q r s",
        "",
    ],
)
def test_an_ordinary_text_holds_no_receipt(text: str) -> None:
    assert not receipts.seems_in(text)


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
        bytes.fromhex("f241ca9a2f69eba262b1b0ff25860ee98e6d8bf41a1a2d67b77ff827f371c586"),
    )
