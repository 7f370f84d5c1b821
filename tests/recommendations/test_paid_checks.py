"""Whether a check was paid: lines of pay say so, and no words do."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests import cast, make
from tests.public_log.bending import bend, found
from tests.recommendations.conftest import Table, old_check, records
from tests.recommendations.test_clock import day, state
from withus.compute.answering import State
from withus.core import clock
from withus.core.errors import Refused
from withus.pay import actions as pay
from withus.pay.models import PayLine
from withus.pay.queries import public_agreeable
from withus.people.models import OrganisationKind
from withus.policy.facts import SYSTEM
from withus.recommendations import desk
from withus.recommendations.models import Recommendation, Verification

Days = Callable[[int], None]


@pytest.fixture
def sent(table: Table, on: Days) -> Recommendation:
    """A recommendation that the body calls done."""
    made = table.sent()
    table.answered(made)
    table.done(made)
    return made


def shown(of: Recommendation) -> str:
    """Its page, as everybody reads it."""
    return Client().get(of.get_absolute_url()).content.decode()


@pytest.mark.parametrize("words", ["we were 2, nobody got a cent", "15 an hour", "100000"])
def test_no_words_make_a_check_paid(table: Table, sent: Recommendation, words: str) -> None:
    said = {"verdict": "confirmed", "evidence": f"Open on three nights; {words}.", "minutes": "40", "pay": words}
    lu = cast.browser(table.everybody.lu)
    assert lu.post(f"{sent.get_absolute_url()}verify", said).status_code == 303
    assert state(sent) is State.UNPAID
    assert "Checked by nobody who was paid." in shown(sent)
    assert not PayLine.objects.exists()


@pytest.mark.parametrize("was_paid", [True, False])
def test_what_an_old_check_said_in_words_counts_for_nothing_and_stays_as_it_was_told(
    table: Table, sent: Recommendation, was_paid: bool
) -> None:
    old_check(sent.deliveries.get(), table.everybody.peers, "we were 2, nobody got a cent", was_paid=was_paid)
    assert state(sent) is State.UNPAID
    assert "Checked by nobody who was paid." in shown(sent)
    assert found() == []
    Verification.objects.update(pay="15 an hour")
    assert [one for one in found() if "pay in its row differs" in one]


def test_a_check_is_paid_once_peers_say_that_the_pay_arrived(table: Table, sent: Recommendation) -> None:
    check = table.checked(sent, minutes=40, payer=table.fund)
    assert state(sent) is State.UNPAID
    page = shown(sent)
    assert "pay for 40 minutes is asked of" in page
    assert "not paid yet" in page
    assert f"{Decimal(10):.2f}" in page
    line = table.called_paid(check)
    assert state(sent) is State.UNPAID, "that is the payer's word alone"
    assert "No pay from others has arrived for this check." in shown(sent)
    assert "paid, say they; peers have not said whether it arrived" in shown(sent)
    pay.check_pay(SYSTEM, line, arrived=False)
    assert state(sent) is State.UNPAID
    pay.pay(SYSTEM, line, form="cash", receipt="code", paid_on=clock.today())
    assert state(sent) is State.UNPAID, "they said so before, and peers said no"
    pay.check_pay(SYSTEM, line, arrived=True)
    assert state(sent) is State.CONFIRMED
    assert "No pay from others" not in shown(sent)
    assert found() == []


def test_what_an_organisation_pays_its_own_people_confirms_nothing(table: Table, sent: Recommendation) -> None:
    check, peers = table.checked(sent), table.everybody.peers
    about = {"kind": "checking", "minutes": 30, "worked_on": clock.today(), "payer": peers, "subject": check.code}
    money = {"form": "cash", "receipt": "code", "paid_on": clock.today(), "amount": Decimal(9), "currency": "EUR"}
    pay.pay(SYSTEM, pay.claim_hours(SYSTEM, peers, **about), **money)
    assert state(sent) is State.UNPAID
    assert "paid, says the organisation of its own money" in shown(sent)
    assert "No pay from others has arrived for this check." in shown(sent)


def test_the_record_of_the_check_tells_its_line(table: Table, sent: Recommendation) -> None:
    check = table.checked(sent, minutes=40, payer=table.fund)
    (told,) = records("delivery.verified")
    (owed,) = told["facts"]["owed"]
    assert (owed["payer"], owed["about"], owed["minutes"], owed["work"]) == (
        table.fund.code,
        check.code,
        40,
        "checking",
    )
    assert "was_paid" not in told["facts"]
    assert records("hours.claimed") == []


def test_a_verdict_that_was_bent_and_pay_that_was_deleted_are_found(table: Table, sent: Recommendation) -> None:
    table.checked(sent, minutes=40, payer=table.fund)
    bend("UPDATE withus_recommendation SET verdict = 'confirmed' WHERE code = %s", sent.code)
    assert [one for one in found() if f"{sent.code}: verdict" in one]
    bend("UPDATE withus_recommendation SET verdict = 'unpaid' WHERE code = %s", sent.code)
    assert found() == []
    table.paid(Verification.objects.get())
    bend("DELETE FROM withus_arrival")
    assert [one for one in found() if f"{sent.code}: verdict" in one]


@pytest.mark.parametrize(
    ("more", "field"),
    [({"minutes": None}, "minutes"), ({"minutes": 1441}, "minutes"), ({"minutes": 0}, "minutes"), ({}, "payer")],
)
def test_only_agreed_minutes_are_asked_of_somebody(
    table: Table, sent: Recommendation, more: dict[str, Any], field: str
) -> None:
    payer = table.body.organisation if field == "payer" else table.fund
    with pytest.raises(Refused) as no:
        table.checked(sent, **{"minutes": 40, "payer": payer} | more)
    assert no.value.field == field
    assert not Verification.objects.exists()


def test_hours_that_are_asked_for_afterwards_count_if_they_are_theirs(table: Table, sent: Recommendation) -> None:
    check, peers = table.checked(sent), table.everybody.peers
    other = make.recognised("Others")
    about = {"kind": "checking", "minutes": 30, "worked_on": clock.today(), "payer": table.fund, "subject": check.code}
    money = {"form": "cash", "receipt": "code", "paid_on": clock.today(), "amount": Decimal(9), "currency": "EUR"}
    for who, more in ((other, {}), (peers, {"kind": "other"})):
        line = pay.claim_hours(SYSTEM, who, **about | more)
        pay.pay(SYSTEM, line, **money)
        pay.check_pay(SYSTEM, line, arrived=True)
    assert state(sent) is State.UNPAID
    line = pay.claim_hours(SYSTEM, peers, **about)
    assert state(sent) is State.UNPAID
    pay.pay(SYSTEM, line, form="cash", receipt="code", paid_on=clock.today())
    pay.check_pay(SYSTEM, line, arrived=True)
    assert state(sent) is State.CONFIRMED
    assert found() == []


def test_its_page_leads_those_who_checked_to_asking_for_the_pay(table: Table, sent: Recommendation) -> None:
    check, lu = table.checked(sent), cast.browser(table.everybody.lu)
    page = lu.get(sent.get_absolute_url()).content.decode()
    (link,) = [words.partition('"')[0] for words in page.split('href="') if check.code in words.partition('"')[0]]
    assert f'value="{check.code}"' in lu.get(link.replace("&amp;", "&")).content.decode()
    assert link not in shown(sent), "others cannot ask for it"


def test_the_form_and_the_desk_say_what_is_agreed_today(table: Table, sent: Recommendation, on: Days) -> None:
    fund, peers = table.fund, table.everybody.peers
    about = {"kind": "checking", "amount": Decimal(22), "currency": "EUR", "per": "hour", "language": "en"}
    about |= {"words": "Each visit, with the way there, in cash.", "worked_for": peers}
    rate = pay.offer_rate(SYSTEM, fund, from_on=day(5), **about)
    pay.agree_rate(SYSTEM, public_agreeable(rate))
    unagreed = make.organisation("The stranger", OrganisationKind.FUNDER)
    pay.offer_rate(SYSTEM, unagreed, from_on=day(0), **about)

    def says() -> tuple[str, str]:
        lu = cast.browser(table.everybody.lu)
        (task,) = [one for one in desk.everything(table.everybody.lu.actor) if one.deed.endswith("/verify")]
        return task.pay or "", lu.get(f"{sent.get_absolute_url()}verify").content.decode()

    for days, amount, old in ((0, "15.00", "22.00"), (5, "22.00", "15.00")):
        on(days)
        for words in says():
            assert amount in words
            assert old not in words
            assert "The fund" in words
            assert "The stranger" not in words
    said = {"verdict": "confirmed", "evidence": "Open on three nights.", "minutes": "30", "payer": fund.code}
    answer = cast.browser(table.everybody.lu).post(f"{sent.get_absolute_url()}verify", said)
    assert answer.status_code == 303
    assert PayLine.objects.get().amount == Decimal(11)
