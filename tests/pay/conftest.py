"""A recognised peer organisation, a ministry that pays it, and days to move in."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import cast, make
from tests.sown import sown
from withus.pay import actions, queries
from withus.pay.models import PayLine, Payment, Rate
from withus.people import actions as people
from withus.people.models import Organisation
from withus.policy.facts import SYSTEM, Role

MONDAY = datetime.date(2026, 11, 23)
DAY = datetime.timedelta(days=1)
WORDS = "Travel is on top, in cash, on the same evening."


@dataclass
class Purse:
    """Those who pay and those who are paid."""

    everybody: cast.Cast
    eve: make.Somebody

    @property
    def peers(self) -> Organisation:
        """Whose people work: Lu is its steward, Eve its editor."""
        return self.everybody.peers

    @property
    def ministry(self) -> Organisation:
        """Who pays: Mina acts for it."""
        return self.everybody.ministry

    def offered(self, **more: Any) -> Rate:
        """A rate that Mina offers, from that Monday on."""
        about = {"kind": "meeting", "amount": Decimal("22.50"), "currency": "EUR", "per": "hour", "words": WORDS}
        about |= {"worked_for": self.peers, "language": "en", "from_on": MONDAY} | more
        return actions.offer_rate(self.everybody.mina.actor, self.ministry, **about)

    def agreed(self, **more: Any) -> Rate:
        """A rate to which Lu agrees too."""
        rate = self.offered(**more)
        actions.agree_rate(self.everybody.lu.actor, queries.public_agreeable(rate))
        return rate

    def claimed(self, **more: Any) -> PayLine:
        """Hours for which Eve asks the ministry to pay."""
        about = {"payer": self.ministry, "kind": "meeting", "minutes": 100, "worked_on": MONDAY} | more
        return actions.claim_hours(self.eve.actor, self.peers, **about)

    def paid(self, line: PayLine, **more: Any) -> Payment:
        """The ministry's word."""
        about = {"form": "cash", "receipt": "code", "paid_on": MONDAY} | more
        return actions.pay(self.everybody.mina.actor, line, **about)


@pytest.fixture
def on(settings: Any) -> Callable[[int], None]:
    """Moves to so many days after a Monday."""

    def move(days: int) -> None:
        settings.WITHUS_TODAY = MONDAY + datetime.timedelta(days=days)

    move(0)
    return move


@sown
def come_in() -> Purse:
    """Everybody is there."""
    everybody = cast.come_in()
    make.mandate(everybody.peers)
    people.declare(SYSTEM, everybody.peers, share="none")
    people.countersign(SYSTEM, everybody.peers, version=1, outside_name="Abroad", outside_proof="Their site")
    return Purse(everybody, make.somebody(Role.PEER_EDITOR, everybody.peers))


@pytest.fixture
def purse(db: None, home: Path, on: Callable[[int], None]) -> Purse:
    """Everybody is there, on that Monday."""
    return come_in()
