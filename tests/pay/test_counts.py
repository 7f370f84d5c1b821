"""Sums of hours and money: what was asked, paid, called paid, and since when it is owed."""

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pay.conftest import DAY, MONDAY, Purse
from withus.pay import actions, queries
from withus.pay.models import Arrival, PayLine, Payment
from withus.people.models import Organisation


def test_nothing_asked_is_nothing(purse: Purse) -> None:
    hours = queries.public_hours(purse.ministry)
    assert hours == queries.Hours()
    assert hours.bar == []


def test_hours_and_money_are_summed_by_what_became_of_them(purse: Purse) -> None:
    purse.agreed()
    arrived, missing = purse.claimed(expenses=Decimal(5)), purse.claimed(worked_on=MONDAY - DAY)
    purse.claimed(minutes=60)
    purse.claimed(minutes=30, kind="seat", expenses=Decimal(7), currency="CHF", worked_on=MONDAY - 3 * DAY)
    purse.paid(arrived)
    purse.paid(missing, amount=Decimal(40), currency="USD")
    actions.check_pay(purse.eve.actor, missing, arrived=False)
    with CaptureQueriesContext(connection) as asked:
        hours = queries.public_hours(purse.ministry)
    assert len(asked) == 1
    assert (hours.minutes_asked, hours.minutes_paid, hours.minutes_missing, hours.minutes_waiting) == (
        290,
        100,
        100,
        90,
    )
    assert hours.paid == {"EUR": Decimal("42.50")}
    assert hours.owed == {"USD": Decimal(40), "EUR": Decimal("22.50"), "CHF": Decimal(7)}
    assert hours.oldest_unpaid_on == MONDAY - 3 * DAY
    assert queries.public_peers_hours(purse.peers) == hours
    assert queries.public_hours(purse.peers) == queries.Hours()
    assert [piece["name"] for piece in hours.bar] == ["agree", "disagree", "hidden"]
    assert sum(float(piece["width"]) for piece in hours.bar) == pytest.approx(100, abs=0.1)


def test_a_no_that_a_yes_followed_counts_as_paid(purse: Purse) -> None:
    purse.agreed()
    line = purse.claimed()
    purse.paid(line)
    for arrived, paid in ((False, 0), (True, 100)):
        actions.check_pay(purse.eve.actor, line, arrived=arrived)
        assert queries.public_hours(purse.ministry).minutes_paid == paid
    assert queries.public_hours(purse.ministry).oldest_unpaid_on is None


def test_what_was_paid_again_counts_once_and_only_when_it_arrived(purse: Purse) -> None:
    purse.agreed()
    line = purse.claimed()
    purse.paid(line)
    actions.check_pay(purse.eve.actor, line, arrived=False)
    purse.paid(line)
    hours = queries.public_hours(purse.ministry)
    assert (hours.minutes_asked, hours.minutes_paid, hours.minutes_missing) == (100, 0, 100)
    assert (hours.owed, hours.paid) == ({"EUR": Decimal("37.50")}, {})
    actions.check_pay(purse.eve.actor, line, arrived=True)
    hours = queries.public_hours(purse.ministry)
    assert (hours.minutes_asked, hours.minutes_paid, hours.paid) == (100, 100, {"EUR": Decimal("37.50")})


def test_hours_whose_worth_nobody_knows_are_told_beside_the_sums(purse: Purse) -> None:
    purse.agreed()
    purse.claimed()
    unrated = purse.claimed(kind="seat", minutes=50, expenses=Decimal(7), currency="EUR")
    hours = queries.public_hours(purse.ministry)
    assert (hours.minutes_unrated, hours.owed) == (50, {"EUR": Decimal("44.50")})
    purse.paid(unrated, amount=Decimal(30), currency="EUR")
    assert queries.public_hours(purse.ministry).minutes_unrated == 0


def test_a_period_looks_at_the_day_of_the_work(purse: Purse) -> None:
    for days in (0, 1, 2):
        purse.claimed(worked_on=MONDAY - days * DAY, minutes=10**days)

    def asked(first: datetime.date | None = None, last: datetime.date | None = None) -> int:
        return queries.public_hours(purse.ministry, first, last).minutes_asked

    assert (asked(MONDAY), asked(last=MONDAY - DAY), asked(MONDAY - DAY, MONDAY)) == (1, 110, 11)


CAME = {"paid", "came late", "came at last"}
SAID = {  # by peers, of which payment
    "missing": [(1, False)],
    "came late": [(1, False), (1, True)],
    "paid again": [(1, False)],
    "came at last": [(1, False), (2, True)],
}
LINE = st.tuples(
    st.integers(1, 1440),
    st.decimals("0.01", "99999.99", places=2),
    st.sampled_from(["EUR", "XOF"]),
    st.integers(0, 300),
    st.sampled_from(["waiting", "paid", "missing", "came late", "paid again", "came at last"]),
)


@settings(max_examples=40)
@given(st.lists(LINE, max_size=12))
def test_sums_are_those_that_one_counts_by_hand(purse: Purse, lines: list[tuple[int, Decimal, str, int, str]]) -> None:
    payer = Organisation.objects.create(kind="body", name="Council", founded_on=MONDAY)
    minutes: dict[str, int] = defaultdict(int)
    money: dict[str, dict[str, Decimal]] = {"open": defaultdict(Decimal), "paid": defaultdict(Decimal)}
    for long, amount, currency, ago, state in lines:
        about = {"kind": "other", "minutes": long, "amount": amount, "currency": currency, "said_on": MONDAY}
        line = PayLine.objects.create(payer=payer, worked_for=purse.peers, worked_on=MONDAY - ago * DAY, **about)
        if state != "waiting":
            paid = {"amount": amount, "currency": currency, "paid_on": MONDAY, "said_on": MONDAY, "paid_by": payer}
            for number in (1, 2) if state in {"paid again", "came at last"} else (1,):
                Payment.objects.create(line=line, number=number, form="cash", receipt="none", **paid)
        for number, arrived in SAID.get(state, []):
            Arrival.objects.create(line=line, number=number, arrived=arrived, said_on=MONDAY)
        minutes[state] += long
        money["paid" if state in CAME else "open"][currency] += amount
    hours = queries.public_hours(payer)
    assert hours.minutes_asked == sum(minutes.values())
    assert hours.minutes_paid == sum(minutes[state] for state in CAME)
    assert hours.minutes_missing == minutes["missing"] + minutes["paid again"]
    assert (hours.owed, hours.paid) == (money["open"], money["paid"])
    unpaid = [ago for *_, ago, state in lines if state not in CAME]
    assert hours.oldest_unpaid_on == (MONDAY - max(unpaid) * DAY if unpaid else None)
