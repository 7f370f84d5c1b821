"""A recognised peer organisation, a ministry with a secretary and a duty bearer, and days to move in."""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import cast, make
from tests.sown import sown
from withus.core import clock
from withus.pay import actions as pay
from withus.pay.models import PayLine
from withus.pay.queries import public_agreeable
from withus.people import actions as people
from withus.people.models import Organisation, OrganisationKind
from withus.policy.facts import SYSTEM, ActorKind, Role
from withus.processes import actions as processes
from withus.processes.models import Body
from withus.public_log import append
from withus.public_log.models import LogEntry
from withus.recommendations import actions, queries, settling
from withus.recommendations.models import Commitment, Delivery, Draft, Recommendation, Verification

MONDAY = datetime.date(2026, 11, 23)
WORDS = {
    "text": "The room is closed at night, when people need it most.",
    "asked_change": "Open it until two, every night of the week.",
}


@dataclass
class Table:
    """Both sides of the table."""

    everybody: cast.Cast
    body: Body
    odile: make.Somebody

    def sent(self, to: Body | None = None, **more: Any) -> Recommendation:
        """A recommendation to the ministry or another body, by Lu for her organisation; each in words of its own."""
        own = {"text": f"{WORDS['text']} ({Recommendation.objects.count()})"}
        said = WORDS | own | {"organisation": self.everybody.peers, "language": "en"} | more
        return actions.recommend(self.everybody.lu.actor, queries.public_addressee(to or self.body), **said)

    def signed(self, of: Recommendation) -> Draft:
        """Odile countersigns what is drafted, as it is."""
        return actions.endorse(self.odile.actor, of, seen=mark(of))

    @property
    def fund(self) -> Organisation:
        """Whoever pays for checks by the peers: a rate is agreed from that Monday on."""
        fund = Organisation.objects.filter(name="The fund").first()
        if fund is None:
            fund = make.organisation("The fund", OrganisationKind.FUNDER)
            about = {"kind": "checking", "amount": Decimal(15), "currency": "EUR", "per": "hour", "language": "en"}
            about |= {"words": "Each visit, with the way there, in cash.", "from_on": clock.today()}
            rate = pay.offer_rate(SYSTEM, fund, worked_for=self.everybody.peers, **about)
            pay.agree_rate(SYSTEM, public_agreeable(rate))
        return fund

    def promised(self, of: Recommendation, due_on: datetime.date, **more: Any) -> Commitment:
        """Odile promises something until a day."""
        said = {"owner": "Health office", "measure": "Two people at night", "budget": "20,000", "language": "en"}
        return actions.commit(self.odile.actor, of, due_on=due_on, **said | more)

    def done(self, of: Recommendation, promise: Commitment | None = None, **more: Any) -> Delivery:
        """Odile says that it is done, or that this promise is kept."""
        said = {"words": "The room is open every night now.", "language": "en", "commitment": promise} | more
        return actions.deliver(self.odile.actor, of, **said)

    def checked(self, of: Recommendation, verdict: str = "confirmed", **more: Any) -> Verification:
        """Lu says for her organisation whether it is true."""
        said = {"organisation": self.everybody.peers, "evidence": "We were there on three nights.", "language": "en"}
        return actions.verify(self.everybody.lu.actor, queries.public_checkable(of), verdict=verdict, **said | more)

    def called_paid(self, check: Verification) -> PayLine:
        """Whoever has to pay for this check says that it is paid."""
        line = PayLine.objects.get(subject=check.code)
        pay.pay(SYSTEM, line, form="cash", receipt="none", paid_on=clock.today())
        return line

    def paid(self, check: Verification) -> PayLine:
        """The same, and peers say that it arrived."""
        line = self.called_paid(check)
        pay.check_pay(SYSTEM, line, arrived=True)
        return line

    def answered(self, of: Recommendation, outcome: str = "accepted", **more: Any) -> Any:
        """Odile, who bears the duty, signs an answer."""
        said = {"outcome": outcome, "reason": "The budget of next year has room for this.", "language": "en"} | more
        return actions.respond(self.odile.actor, of, **said)


def mark(of: Recommendation) -> str:
    """What whoever reads the draft sees of it; nothing while there is none."""
    found = Draft.objects.filter(recommendation=of).first()
    return found.mark() if found else ""


@pytest.fixture
def on(settings: Any) -> Callable[[int], None]:
    """Moves to so many days after a Monday."""

    def move(days: int) -> None:
        settings.WITHUS_TODAY = MONDAY + datetime.timedelta(days=days)

    move(0)
    return move


@sown
def come_in() -> Table:
    """Everybody, with a recognised peer organisation, and a body whose duty bearer is Odile."""
    everybody = cast.come_in()
    make.mandate(everybody.peers)
    people.declare(SYSTEM, everybody.peers, share="none")
    people.countersign(SYSTEM, everybody.peers, version=1, outside_name="Abroad", outside_proof="Their site")
    about = {"name": "", "decides": "Hours and money of services", "language": "en", "organisation": everybody.ministry}
    body = processes.open_body(SYSTEM, None, **about)
    return Table(everybody, body, make.somebody(Role.DUTY_BEARER, everybody.ministry))


@pytest.fixture
def table(db: None, home: Path, on: Callable[[int], None]) -> Table:
    """Everybody is there, on that Monday."""
    return come_in()


def a_clinic(table: Table) -> Body:
    """A body that never joined; peers opened its page."""
    about = {"name": "The clinic", "decides": "Doses", "language": "en"}
    return processes.open_body(SYSTEM, table.everybody.peers, **about)


@pytest.fixture
def clinic(table: Table) -> Body:
    """The same, for a test."""
    return a_clinic(table)


@pytest.fixture
def letter(table: Table, clinic: Body) -> Recommendation:
    """A letter to it, not handed over yet."""
    return table.sent(clinic)


@pytest.fixture
def joined(db: None, home: Path, on: Callable[[int], None]) -> Any:
    """The clinic's page is taken over, and the letter answered; see `joined.py`."""
    from tests.recommendations.joined import come_in

    return come_in()


def old_check(of: Delivery, by: Organisation, pay: str, *, was_paid: bool, verdict: str = "confirmed") -> Verification:
    """A check as an earlier version kept and told it: with its pay in words, and whether they hold a number."""
    about = {"delivery": of, "organisation": by, "verdict": verdict, "language": "en", "minutes": 40, "said_on": MONDAY}
    made = Verification.objects.create(evidence="Open on three nights.", pay=pay, was_paid=was_paid, **about)
    facts = {"organisation": by.code, "verification": made.code, "delivery": of.code, "verdict": verdict, "minutes": 40}
    facts |= {"recommendation": of.recommendation.code, "language": "en", "said_on": MONDAY.isoformat()}
    facts |= {"was_paid": was_paid, "is_independent": True}
    texts = {"evidence": made.evidence, "pay": pay}
    about = {"actor": ActorKind.ORGANISATION, "day": MONDAY, "body": of.recommendation.body.code, "texts": texts}
    append.append("delivery.verified", facts, subject=of.recommendation.code, **about)
    settling.settle(of.recommendation)
    return made


def records(of_type: str) -> list[dict[str, Any]]:
    """What the log holds of this type."""
    append.append_pending()
    told = [json.loads(bytes(body)) for body in LogEntry.objects.order_by("seq").values_list("body", flat=True)]
    return [one for one in told if one["type"] == of_type]


def a_letter() -> Recommendation:
    """A letter where nothing else is: for tests with a database of their own."""
    peers = make.recognised()
    lu = make.somebody(Role.ORG_STEWARD, peers)
    clinic = processes.open_body(SYSTEM, peers, name="The clinic", decides="Doses", language="en")
    addressee = queries.public_addressee(clinic)
    return actions.recommend(lu.actor, addressee, organisation=peers, language="en", **WORDS)
