"""Money, months and lengths of time, as each reader writes them."""

import datetime
import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import override

import withus
from withus.web.language import apart, written_minutes, written_money, written_month, written_percent

ARABIC = Path(withus.__file__).parent / "locale" / "ar" / "LC_MESSAGES" / "django.po"
PLACE = re.compile(r"%\([a-z_]+\)[.\d]*[a-z]")
CODE = re.compile(r"\S*[A-Za-z]\S*|\d{4}-\d\d-\d\d")  # names with numbers in them, and a day as a form takes it


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0\xa0minutes"),
        (1, "1\xa0minute"),
        (60, "1\xa0hour"),
        (61, "1\xa0hour and 1\xa0minute"),
        (150, "2\xa0hours and 30\xa0minutes"),
        (60_000_000, "1\u202f000\u202f000\xa0hours"),
    ],
)
def test_a_time_is_told_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert written_minutes(minutes) == words


@pytest.mark.parametrize(
    ("language", "amount", "currency", "words"),
    [
        ("en", "1234.5", "EUR", "1,234.50\xa0EUR"),
        ("ar", "1234.5", "EUR", "١٬٢٣٤٫٥٠\xa0EUR"),
        ("en", "1234.5", "JPY", "1,234.50\xa0JPY"),
        ("en", "0.07", "KWD", "0.07\xa0KWD"),
    ],
)
def test_money_is_in_the_readers_digits_and_hides_nothing(
    language: str, amount: str, currency: str, words: str
) -> None:
    with override(language):
        written = written_money(Decimal(amount), currency)
    assert written == f"<bdi>{words}</bdi>"


def test_a_share_is_never_broken_apart_from_its_sign() -> None:
    assert written_percent(57.6) == "58\xa0%"
    with override("ar"):
        assert written_percent(100) == "١٠٠\xa0%"


def latin_digits(text: str) -> list[str]:
    """Digits for readers of English within an Arabic sentence: not in codes, nor behind a word in Latin letters."""
    text = PLACE.sub("", text)
    codes = {place for code in CODE.finditer(text) for place in range(*code.span())}
    found, is_arabic = [], True
    for place, sign in enumerate(text):
        if unicodedata.bidirectional(sign) in {"L", "AL", "R"}:
            is_arabic = unicodedata.bidirectional(sign) != "L"
        if sign in "0123456789" and is_arabic and place not in codes:
            found.append(sign)
    return found


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("أقل من 10", ["1", "0"]),
        ("أقل من ١٠، %(least)s", []),
        ("بصمة (SHA-256)، RFC 6962", []),
        ("(‏19 ميبيبايت)", ["1", "9"]),
        ("اكتب اليوم هكذا: 2026-05-03.", []),
    ],
)
def test_latin_digits_are_found(text: str, digits: list[str]) -> None:
    assert latin_digits(text) == digits


def test_arabic_texts_write_their_numbers_in_arabic_digits() -> None:
    with ARABIC.open("rb") as file:
        catalog = read_po(file, locale="ar")
    said = [
        one for text in catalog if text.id for one in ([text.string] if isinstance(text.string, str) else text.string)
    ]
    assert len(said) > 2_000
    assert [text for text in said if latin_digits(text)] == []


def test_a_month_has_its_name_and_year() -> None:
    assert written_month(datetime.date(2026, 5, 3)) == "May 2026"


def test_foreign_words_are_set_apart_by_signs_where_markup_cannot_be() -> None:
    assert apart("Open late") == "\u2068Open late\u2069"
