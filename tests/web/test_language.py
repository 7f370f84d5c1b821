"""Money, months and lengths of time, as each reader writes them."""

import datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from withus.web.language import apart, written_minutes, written_money, written_month


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (60, "1 hour"),
        (61, "1 hour and 1 minute"),
        (150, "2 hours and 30 minutes"),
        (60_000_000, "1\u202f000\u202f000 hours"),
    ],
)
def test_a_time_is_told_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert written_minutes(minutes) == words


@pytest.mark.parametrize(
    ("language", "amount", "currency", "words"),
    [
        ("en", "1234.5", "EUR", "1,234.50 EUR"),
        ("ar", "1234.5", "EUR", "١٬٢٣٤٫٥٠ EUR"),
        ("en", "1234.5", "JPY", "1,234.50 JPY"),
        ("en", "0.07", "KWD", "0.07 KWD"),
    ],
)
def test_money_is_in_the_readers_digits_and_hides_nothing(
    language: str, amount: str, currency: str, words: str
) -> None:
    with override(language):
        written = written_money(Decimal(amount), currency)
    assert written.replace("\xa0", " ") == f"<bdi>{words}</bdi>"


def test_a_month_has_its_name_and_year() -> None:
    assert written_month(datetime.date(2026, 5, 3)) == "May 2026"


def test_foreign_words_are_set_apart_by_signs_where_markup_cannot_be() -> None:
    assert apart("Open late") == "\u2068Open late\u2069"
