"""The label "involves peers": each condition alone takes it away, and says which one it was."""

from dataclasses import replace
from datetime import date

import pytest

from withus.compute.involvement import MISSING, Facts, Terms, a_year_before, has_formal_seats, label

DAY = date(2026, 11, 28)
TERMS = Terms(review_on=DAY, peer_seats=3, peers_vote=True, peers_set_agenda=True, state_pay=True)
WHOLE = Facts(day=DAY, terms=TERMS, filled_seats=2, asked_own_view=True)


def test_the_label_holds_while_nothing_is_missing() -> None:
    assert label(WHOLE).holds
    assert label(WHOLE).missing == ()


def test_a_body_about_which_nothing_is_known_lacks_everything_that_it_has_to_show() -> None:
    shown = label(Facts(day=DAY))
    assert not shown.holds
    assert shown.missing == ("terms", "seats", "agenda", "pay", "view")


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (replace(WHOLE, filled_seats=1), ("seats",)),
        (replace(WHOLE, terms=replace(TERMS, peers_vote=False)), ("seats",)),
        (replace(WHOLE, terms=replace(TERMS, peer_seats=1)), ("seats",)),
        (replace(WHOLE, terms=replace(TERMS, peers_set_agenda=False)), ("agenda",)),
        (replace(WHOLE, terms=replace(TERMS, state_pay=False)), ("pay",)),
        (replace(WHOLE, answers_overdue=1), ("overdue",)),
        (replace(WHOLE, promises_overdue=1), ("overdue",)),
        (replace(WHOLE, unheard=1), ("overdue",)),
        (replace(WHOLE, asked_own_view=False), ("view",)),
        (replace(WHOLE, is_contested=True), ("sure",)),
        (replace(WHOLE, is_closed=True), ("seats", "open")),
        (replace(WHOLE, terms=None), ("terms", "seats", "agenda", "pay")),
    ],
)
def test_one_missing_thing_is_enough_and_is_named(facts: Facts, missing: tuple[str, ...]) -> None:
    assert label(facts).missing == missing
    assert not label(facts).holds


def test_terms_past_their_review_day_count_no_more() -> None:
    assert label(replace(WHOLE, day=date(2026, 11, 29))).missing == ("terms", "seats", "agenda", "pay")


def test_terms_without_a_review_day_stay() -> None:
    assert label(replace(WHOLE, terms=replace(TERMS, review_on=None))).holds


def test_every_key_can_be_missing_and_they_come_in_one_order() -> None:
    assert label(Facts(day=DAY, answers_overdue=3, is_contested=True, is_closed=True)).missing == MISSING


def test_seats_without_a_vote_are_no_formal_seats() -> None:
    assert has_formal_seats(WHOLE)
    assert not has_formal_seats(replace(WHOLE, terms=replace(TERMS, peers_vote=False)))
    assert not has_formal_seats(replace(WHOLE, filled_seats=1))


def test_seats_that_lapsed_terms_gave_are_no_formal_seats() -> None:
    assert has_formal_seats(replace(WHOLE, day=DAY))
    assert not has_formal_seats(replace(WHOLE, day=date(2026, 11, 29)))
    assert not has_formal_seats(replace(WHOLE, terms=None))


def test_a_year_before_a_leap_day_is_there_too() -> None:
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert a_year_before(DAY) == date(2025, 11, 28)
