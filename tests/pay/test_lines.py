"""Hours that are asked, what they are worth, the payer's word and the peers' word."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import translation

from tests import make
from tests.pay.conftest import DAY, MONDAY, Purse
from withus.core import codes
from withus.core.errors import Denied, Refused
from withus.pay import actions, desk, queries
from withus.pay.models import Arrival, PayLine, Payment
from withus.pay.owing import owe
from withus.pay.wording import ShownLine
from withus.people.models import Account, OrganisationKind
from withus.policy.facts import SYSTEM, Role


def words(line: PayLine, days: int = 0) -> str:
    """What the page says of a line, so many days after that Monday."""
    return str(ShownLine(queries.public_all_lines().get(pk=line.pk), MONDAY + days * DAY).words)


def test_hours_are_worth_the_rate_of_their_day(purse: Purse, on: Callable[[int], None]) -> None:
    rate = purse.agreed()
    purse.agreed(amount=Decimal(30), from_on=MONDAY + 7 * DAY)
    on(8)
    early, late = purse.claimed(), purse.claimed(worked_on=MONDAY + 7 * DAY)
    assert (early.rate, early.amount, early.currency) == (rate, Decimal("37.50"), "EUR")
    assert late.amount == Decimal("50.00")
    assert purse.claimed(worked_on=MONDAY - DAY).rate is None


@pytest.mark.parametrize(
    ("amount", "minutes", "due"),
    [
        ("22.50", 100, "37.50"),
        ("10", 1, "0.17"),
        ("0.30", 1, "0.01"),
        ("0.20", 1, "0.01"),
        ("0.90", 1, "0.02"),
        ("13.37", 1440, "320.88"),
    ],
)
def test_pay_is_rounded_half_up_to_the_cent(purse: Purse, amount: str, minutes: int, due: str) -> None:
    purse.agreed(amount=Decimal(amount))
    line = purse.claimed(minutes=minutes)
    line.refresh_from_db()
    assert line.amount == Decimal(due)
    assert purse.paid(line).amount == Decimal(due)


def test_a_line_that_an_earlier_version_rounded_to_nothing_can_be_paid(purse: Purse) -> None:
    purse.agreed(amount=Decimal("0.20"))
    line = purse.claimed(minutes=1)
    PayLine.objects.update(amount=0)
    line.refresh_from_db()
    assert purse.paid(line).amount == Decimal("0.01")


def test_another_fault_of_a_row_is_not_called_a_repetition(purse: Purse, monkeypatch: pytest.MonkeyPatch) -> None:
    line = purse.claimed()
    monkeypatch.setattr(actions, "_whole", lambda *_: Decimal(0))
    with pytest.raises(IntegrityError):
        purse.paid(line, currency="EUR")


@pytest.mark.parametrize("per", ["meeting", "item"])
def test_a_meeting_or_a_piece_of_work_pays_the_same_however_long(purse: Purse, per: str) -> None:
    purse.agreed(per=per)
    assert [purse.claimed(minutes=minutes).amount for minutes in (1, 600)] == [Decimal("22.50")] * 2


def test_without_a_rate_a_line_says_so_and_its_hours_count(purse: Purse) -> None:
    purse.offered()
    line = purse.claimed()
    assert (line.rate, line.amount, line.currency) == (None, 0, "")
    assert queries.public_hours(purse.ministry).minutes_asked == 100


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"minutes": 0}, "minutes", "from 1 to 1440"),
        ({"minutes": 1441}, "minutes", "from 1 to 1440"),
        ({"minutes": -60}, "minutes", "from 1 to 1440"),
        ({"worked_on": MONDAY + DAY}, "worked_on", "the last twelve months"),
        ({"worked_on": MONDAY - 366 * DAY}, "worked_on", "the last twelve months"),
        ({"expenses": Decimal(-1)}, "expenses", "cannot be right"),
        ({"expenses": Decimal("1e12")}, "expenses", "cannot be right"),
        ({"expenses": Decimal("0.001")}, "expenses", "two digits"),
        ({"expenses": Decimal(4), "kind": "seat"}, "currency", "three letters"),
        ({"expenses": Decimal(4), "currency": "USD"}, "currency", "agreed rate is in EUR"),
        ({"code": "DEMO"}, None, "not from here"),
    ],
)
def test_what_cannot_be_worked_is_refused(purse: Purse, wrong: dict[str, Any], field: str | None, says: str) -> None:
    purse.agreed()
    with pytest.raises(Refused, match=says) as no:
        purse.claimed(**wrong)
    assert no.value.field == field
    assert not PayLine.objects.exists()


def test_all_that_is_wrong_with_hours_is_told_at_once(purse: Purse) -> None:
    with pytest.raises(Refused) as no:
        purse.claimed(minutes=10**30, worked_on=MONDAY + DAY, expenses=Decimal(-1), currency="XXX")
    assert [one.field for one in no.value.several] == ["minutes", "worked_on", "currency", "expenses"]
    line = purse.claimed(kind="seat")
    with pytest.raises(Refused) as no:
        purse.paid(line, paid_on=MONDAY + DAY, paid_by=purse.peers, currency="XXX")
    assert [one.field for one in no.value.several] == ["paid_on", "paid_by", "amount", "currency"]


def test_what_was_spent_comes_on_top_in_the_currency_of_the_rate(purse: Purse) -> None:
    purse.agreed()
    assert purse.claimed(expenses=Decimal("4.80")).total == Decimal("42.30")
    unrated = purse.claimed(kind="seat", expenses=Decimal("4.80"), currency="chf")
    assert (unrated.total, unrated.currency) == (Decimal("4.80"), "CHF")


def test_a_form_that_is_sent_twice_is_one_line_and_two_people_are_two(purse: Purse) -> None:
    code = codes.code()
    purse.claimed(code=code)
    with pytest.raises(Refused, match="sent already"):
        purse.claimed(code=code)
    purse.claimed()
    assert PayLine.objects.count() == 2


def test_nobody_asks_for_the_people_of_another_organisation(purse: Purse) -> None:
    about = {"payer": purse.ministry, "kind": "meeting", "minutes": 60, "worked_on": MONDAY}
    others = make.recognised("The others")
    clinic = make.organisation("The clinic", OrganisationKind.SERVICE)
    strangers = [make.somebody(Role.ORG_STEWARD, one) for one in (others, clinic)]
    for who in (*strangers, purse.everybody.mina, purse.everybody.ana, purse.everybody.hedy):
        with pytest.raises(Denied, match="whose people worked"):
            actions.claim_hours(who.actor, purse.peers, **about)
    with pytest.raises(Denied, match="whose people worked"):
        actions.claim_hours(strangers[1].actor, clinic, **about)  # a service's people are staff


def test_paid_needs_the_payers_word_and_arrived_that_of_the_peers(purse: Purse, on: Callable[[int], None]) -> None:
    purse.agreed()
    line = purse.claimed()
    assert words(line) == "not paid yet"
    assert words(line, 1) == "not paid for 1 day"
    assert words(line, 30) == "not paid for 30 days"
    with pytest.raises(Refused, match="nothing to check"):
        actions.check_pay(purse.eve.actor, line, arrived=True)
    purse.paid(line)
    assert words(line) == "paid, say they; peers have not said whether it arrived"
    actions.check_pay(purse.eve.actor, line, arrived=False)
    assert words(line) == "paid, say they; it did not arrive, say peers"
    with pytest.raises(Refused, match="already that this did not arrive"):
        actions.check_pay(purse.eve.actor, line, arrived=False)
    actions.check_pay(purse.everybody.lu.actor, line, arrived=True)
    assert words(line) == "paid, and it arrived"
    for arrived in (True, False):
        with pytest.raises(Refused, match="already that this arrived"):
            actions.check_pay(purse.eve.actor, line, arrived=arrived)
    assert Arrival.objects.count() == 2


def test_a_line_is_paid_once_and_whole(purse: Purse) -> None:
    purse.agreed()
    line = purse.claimed(expenses=Decimal(5))
    with pytest.raises(Refused, match="paid whole"):
        purse.paid(line, amount=Decimal(20))
    assert purse.paid(line).amount == Decimal("42.50")
    with pytest.raises(Refused, match="said already that this is paid"):
        purse.paid(line, form="transfer")
    assert Payment.objects.get().form == "cash"


def test_pay_that_did_not_arrive_is_settled_by_paying_again(purse: Purse) -> None:
    purse.agreed()
    line = purse.claimed()
    for _ in range(2):
        purse.paid(line)
        with pytest.raises(Refused, match="said already that this is paid"):
            purse.paid(line)
        actions.check_pay(purse.eve.actor, line, arrived=False)
        with pytest.raises(Refused, match="already that this did not arrive"):
            actions.check_pay(purse.eve.actor, line, arrived=False)
        assert words(line) == "paid, say they; it did not arrive, say peers"
    purse.paid(line, form="transfer")
    assert words(line) == "it did not arrive, said peers; paid again, say they"
    assert queries.public_hours(purse.ministry).minutes_missing == 100, "the payer's word alone mends nothing"
    actions.check_pay(purse.eve.actor, line, arrived=True)
    assert words(line) == "paid, and it arrived"
    with pytest.raises(Refused, match="said already that this is paid"):
        purse.paid(line)
    assert list(Payment.objects.values_list("number", "form")) == [(1, "cash"), (2, "cash"), (3, "transfer")]
    assert list(Arrival.objects.values_list("number", "arrived")) == [(1, False), (2, False), (3, True)]


def test_a_late_yes_to_the_first_payment_ends_it_too(purse: Purse) -> None:
    purse.agreed()
    line = purse.claimed()
    purse.paid(line)
    for arrived in (False, True):
        actions.check_pay(purse.eve.actor, line, arrived=arrived)
    with pytest.raises(Refused, match="said already that this is paid"):
        purse.paid(line)
    assert not queries.waiting_for(purse.everybody.mina.actor).to_pay


@pytest.mark.parametrize("days", [1, -61])
def test_a_payment_has_a_day_that_can_be(purse: Purse, days: int) -> None:
    purse.agreed()
    line = purse.claimed()
    with pytest.raises(Refused, match="not in the future, at most 60 days before"):
        purse.paid(line, paid_on=MONDAY + days * DAY)
    purse.paid(line, paid_on=MONDAY - 60 * DAY)


def test_where_no_rate_was_agreed_the_payer_says_how_much(purse: Purse) -> None:
    line = purse.claimed()
    for wrong, says in (
        ({}, "Say how much was paid"),
        ({"amount": Decimal(-3), "currency": "EUR"}, "cannot be right"),
        ({"amount": Decimal(3), "currency": "EURO"}, "three letters"),
    ):
        with pytest.raises(Refused, match=says):
            purse.paid(line, **wrong)
    assert purse.paid(line, amount=Decimal(15), currency="EUR").amount == 15


def test_nobody_pays_or_checks_somebody_elses_line(purse: Purse) -> None:
    purse.agreed()
    line, about = purse.claimed(), {"form": "cash", "receipt": "none", "paid_on": MONDAY}
    other = make.somebody(Role.BODY_SECRETARY, make.organisation("Another council", OrganisationKind.BODY))
    for who in (other, purse.everybody.lu, purse.eve, purse.everybody.hedy, purse.everybody.ana):
        with pytest.raises(Denied, match="act for the organisation that pays"):
            actions.pay(who.actor, line, **about)
    purse.paid(line)
    foreign = make.somebody(Role.ORG_STEWARD, make.recognised("The others"))
    for who in (foreign, purse.everybody.mina, purse.everybody.hedy, purse.everybody.ana):
        with pytest.raises(Denied, match="whose people worked"):
            actions.check_pay(who.actor, line, arrived=True)


def test_the_payer_can_name_a_funder_and_nobody_else(purse: Purse) -> None:
    purse.agreed()
    line, fund = purse.claimed(), make.organisation("The fund", OrganisationKind.FUNDER)
    with pytest.raises(Refused, match="or a funder"):
        purse.paid(line, paid_by=purse.peers)
    assert set(queries.public_payers_for(line)) == {purse.ministry, fund}
    assert purse.paid(line, paid_by=fund).paid_by == fund


def test_nobody_checks_ones_own_word(purse: Purse) -> None:
    line = purse.claimed(payer=purse.peers)
    about = {"form": "cash", "receipt": "none", "paid_on": MONDAY, "amount": Decimal(9), "currency": "EUR"}
    actions.pay(purse.everybody.lu.actor, line, **about)
    with pytest.raises(Refused, match="one's own word"):
        actions.check_pay(purse.everybody.lu.actor, line, arrived=True)
    assert words(line) == "paid, says the organisation of its own money"
    assert not queries.waiting_for(purse.everybody.lu.actor).to_check


def test_each_finds_what_waits_for_it(purse: Purse) -> None:
    purse.agreed()
    first, second = purse.claimed(worked_on=MONDAY - DAY), purse.claimed()
    mina, eve = purse.everybody.mina.actor, purse.eve.actor
    assert list(queries.waiting_for(mina).to_pay) == [first, second]
    purse.paid(first, amount=Decimal(8), currency="EUR")
    assert list(queries.waiting_for(mina).to_pay) == [second]
    assert list(queries.waiting_for(eve).to_check) == [first]
    actions.check_pay(eve, first, arrived=False)
    assert list(queries.waiting_for(mina).to_pay) == [first, second]  # whose pay did not arrive has to be paid again
    purse.paid(first, form="transfer", amount=Decimal(8), currency="EUR")
    assert list(queries.waiting_for(mina).to_pay) == [second]
    assert list(queries.waiting_for(eve).to_check) == [first]
    actions.check_pay(eve, first, arrived=True)
    assert list(queries.waiting_for(mina).to_pay) == [second]
    for who in (eve, purse.everybody.cem.actor, purse.everybody.ana.actor):
        waiting = queries.waiting_for(who)
        assert not waiting.to_check
        assert not waiting.to_pay


def test_no_row_of_pay_leads_to_an_account() -> None:
    tables = (PayLine, Payment, Arrival)
    pointed = {field.related_model for table in tables for field in table._meta.get_fields() if field.is_relation}
    assert Account not in pointed
    assert {"account", "payee", "name"} & {
        field.name for table in tables for field in table._meta.get_fields()
    } == set()


def test_another_deed_can_owe_pay_at_the_rate_of_the_day(purse: Purse) -> None:
    purse.agreed(kind="checking")
    about = {"payer": purse.ministry, "worked_for": purse.peers, "subject": "R-1", "seat": "", "worked_on": MONDAY}
    line, unrated = (owe(kind=kind, minutes=60, **about) for kind in ("checking", "seat"))
    assert (line.amount, line.currency, line.subject) == (Decimal("22.50"), "EUR", "R-1")
    assert unrated.rate is None
    purse.paid(line)
    actions.check_pay(SYSTEM, line, arrived=True)
    assert words(line) == "paid, and it arrived"


def test_the_hours_of_a_seat_at_a_meeting_are_asked_for_once(purse: Purse) -> None:
    purse.agreed()
    about = {"payer": purse.ministry, "worked_for": purse.peers, "kind": "meeting", "subject": "M-1", "seat": "S-1"}
    owe(minutes=60, worked_on=MONDAY, **about)
    with pytest.raises(Refused, match="asked for already") as no:
        purse.claimed(subject="M-1", seat="S-1")
    assert no.value.field == "seat"
    purse.claimed(subject="M-1", seat="S-2")


def test_the_desk_says_time_and_money_in_the_readers_digits(purse: Purse) -> None:
    purse.agreed()
    purse.offered(kind="checking")
    purse.claimed()
    with translation.override("ar"):
        (line,), (rate,) = desk.for_the_payers(purse.everybody.mina.actor), desk.for_the_peers(purse.everybody.lu.actor)
        assert "٣٧٫٥٠" in line.text
        assert rate.pay
        assert "٢٢٫٥٠" in rate.pay
        assert not re.search("[0-9]", line.text + rate.pay)
