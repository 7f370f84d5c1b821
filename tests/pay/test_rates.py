"""Rates: offered by whoever pays, agreed to by the peers, replaced and never edited."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests import make
from tests.pay.conftest import DAY, MONDAY, Purse
from withus.core.errors import Denied, Refused
from withus.pay import actions, queries
from withus.pay.models import Rate
from withus.people import actions as people
from withus.people.models import OrganisationKind
from withus.policy.facts import SYSTEM, Role


def in_force(purse: Purse, kind: str = "meeting", days: int = 0) -> Rate | None:
    """The rate that counts so many days after that Monday."""
    return queries.public_rate(purse.ministry, purse.peers, kind, MONDAY + days * DAY)


def test_a_rate_counts_only_once_the_peer_organisation_has_agreed(purse: Purse) -> None:
    rate = purse.offered()
    assert in_force(purse) is None
    actions.agree_rate(purse.everybody.lu.actor, queries.public_agreeable(rate))
    assert in_force(purse) == rate
    assert in_force(purse, "checking") is None
    assert in_force(purse, days=-1) is None


def test_a_newer_rate_takes_the_place_of_the_older_from_its_day_on(purse: Purse) -> None:
    old, new = purse.agreed(), purse.agreed(amount=Decimal(30), from_on=MONDAY + 7 * DAY)
    purse.offered(amount=Decimal(99), from_on=MONDAY + 8 * DAY)
    assert [in_force(purse, days=days) for days in (0, 6, 7, 40)] == [old, old, new, new]


def test_of_two_rates_that_have_begun_the_newest_counts(purse: Purse) -> None:
    purse.agreed(from_on=MONDAY + 7 * DAY)
    last = purse.agreed(amount=Decimal(30), from_on=MONDAY + 2 * DAY)
    assert in_force(purse, days=9) == last


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"amount": Decimal("-5")}, "amount", "cannot be right"),
        ({"amount": Decimal(0)}, "amount", "cannot be right"),
        ({"amount": Decimal("1e300")}, "amount", "cannot be right"),
        ({"amount": Decimal("12.505")}, "amount", "two digits after the point"),
        ({"currency": "EURO"}, "currency", "three letters of a currency"),
        ({"currency": "DEM"}, "currency", "in use"),
        ({"currency": "XXX"}, "currency", "in use"),
        ({"from_on": MONDAY - DAY}, "from_on", "cannot begin in the past"),
        ({"words": "Travel"}, "words", "what is included"),
    ],
)
def test_what_cannot_be_a_rate_is_refused(purse: Purse, wrong: dict[str, Any], field: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as no:
        purse.offered(**wrong)
    assert no.value.field == field
    assert not Rate.objects.exists()


def test_all_that_is_wrong_with_a_rate_is_told_at_once(purse: Purse) -> None:
    with pytest.raises(Refused) as no:
        purse.offered(amount=Decimal(0), currency="XXX", from_on=MONDAY - DAY, words="Travel")
    assert [one.field for one in no.value.several] == ["amount", "currency", "from_on", "words"]


def test_a_currency_may_be_written_in_small_letters(purse: Purse) -> None:
    assert purse.offered(currency="eur").currency == "EUR"


def test_rates_are_for_people_of_peer_organisations(purse: Purse) -> None:
    clinic = make.organisation("The clinic", OrganisationKind.SERVICE)
    with pytest.raises(Refused, match="Choose a peer organisation"):
        purse.offered(worked_for=clinic)


def test_the_same_rate_is_offered_once(purse: Purse) -> None:
    purse.offered()
    with pytest.raises(Refused, match="offered already"):
        purse.offered()
    purse.offered(per="meeting")
    assert Rate.objects.count() == 2


def test_a_rate_is_agreed_to_once(purse: Purse) -> None:
    rate = purse.agreed()
    with pytest.raises(Refused, match="agreed to this rate already"):
        actions.agree_rate(purse.everybody.lu.actor, queries.public_agreeable(rate))


def test_only_whoever_acts_for_the_payer_offers(purse: Purse) -> None:
    about = {"worked_for": purse.peers, "kind": "seat", "amount": Decimal(20), "currency": "EUR", "per": "hour"}
    about |= {"words": "Everything is included in this.", "language": "en", "from_on": MONDAY}
    for who in (purse.everybody.lu, purse.everybody.ana, purse.everybody.hedy, purse.eve):
        with pytest.raises(Denied, match="act for the organisation that pays"):
            actions.offer_rate(who.actor, purse.ministry, **about)
    actions.offer_rate(make.somebody(Role.DUTY_BEARER, purse.ministry).actor, purse.ministry, **about)
    actions.offer_rate(purse.everybody.lu.actor, purse.peers, **about)  # a peer organisation pays its own people


def test_only_a_steward_of_those_who_are_paid_agrees(purse: Purse) -> None:
    rate = queries.public_agreeable(purse.offered())
    others = make.recognised("The others")
    for who in (make.somebody(Role.ORG_STEWARD, others), purse.eve, purse.everybody.mina, purse.everybody.hedy):
        with pytest.raises(Denied, match="Only a steward of the peer organisation whose people are paid"):
            actions.agree_rate(who.actor, rate)


def test_an_organisation_that_nobody_vouches_for_makes_no_rate_count(purse: Purse) -> None:
    alone = make.organisation("Alone")
    rate = purse.offered(worked_for=alone)
    steward = make.somebody(Role.ORG_STEWARD, alone)
    with pytest.raises(Denied, match="counts once a recognised peer organisation agrees"):
        actions.agree_rate(steward.actor, queries.public_agreeable(rate))
    make.mandate(alone)
    people.declare(SYSTEM, alone, share="none")
    people.countersign(SYSTEM, alone, version=1, by=purse.peers)
    actions.agree_rate(steward.actor, queries.public_agreeable(rate))


def test_a_rate_waits_for_the_stewards_of_a_recognised_organisation(purse: Purse, on: Callable[[int], None]) -> None:
    rate = purse.offered()
    assert list(queries.waiting_for(purse.everybody.lu.actor).rates) == [rate]
    for who in (purse.eve, purse.everybody.mina, purse.everybody.cem):
        assert not queries.waiting_for(who.actor).rates
    actions.agree_rate(purse.everybody.lu.actor, queries.public_agreeable(rate))
    assert not queries.waiting_for(purse.everybody.lu.actor).rates


def test_an_older_offer_has_ended_once_a_newer_one_is_agreed_to(purse: Purse) -> None:
    old, newer = purse.offered(), purse.agreed(amount=Decimal(18))
    assert not queries.waiting_for(purse.everybody.lu.actor).rates
    with pytest.raises(Refused, match="This offer has ended"):
        actions.agree_rate(purse.everybody.lu.actor, queries.public_agreeable(old))
    assert in_force(purse) == newer
