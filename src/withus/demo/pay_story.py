"""What the peers of the demo are paid: rates, what became of three evenings with the board, and paid checks."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from withus.core import clock
from withus.pay import actions
from withus.pay.models import PayLine, Per, Receipt, Way, Work
from withus.pay.queries import public_agreeable
from withus.people.models import Organisation
from withus.policy.facts import SYSTEM
from withus.recommendations.models import Recommendation, Verification

INCLUDED = "Reading before and the way there count. Cash on the same day, travel on top. (invented)"
OFFERED = "Each visit to a site to check what was done. Cash or a transfer, as people choose. (invented)"
CHECKED = "Each visit to look whether something is done, with the way there. Cash, within a week. (invented)"
AGREED, ARRIVED, MISSING, UNPAID = 290, 60, 39, 18  # days ago: the rate, and three evenings with the board


def tell(payer: Organisation, peers: Organisation) -> None:
    """Rates that are agreed, one that waits for a yes, and lines: paid and arrived, paid and missing, not paid."""
    _rate(payer, peers, AGREED, kind=Work.CHECKING, amount=Decimal("15.00"), words=CHECKED, is_agreed=True)
    _rate(payer, peers, AGREED, kind=Work.MEETING, amount=Decimal("22.50"), words=INCLUDED, is_agreed=True)
    _rate(payer, peers, 9, kind=Work.CHECKING, amount=Decimal("18.00"), words=OFFERED, is_agreed=False)
    for days, arrived in ((ARRIVED, True), (MISSING, False)):
        line = _evening(payer, peers, days)
        with clock.at(clock.today() - timedelta(days=days - 3)):
            actions.pay(SYSTEM, line, form=Way.CASH, receipt=Receipt.CODE, paid_on=clock.today())
        with clock.at(clock.today() - timedelta(days=days - 8)):
            actions.check_pay(SYSTEM, line, arrived=arrived)
    _evening(payer, peers, UNPAID)


def _rate(
    payer: Organisation, peers: Organisation, days: int, *, kind: str, amount: Decimal, words: str, is_agreed: bool
) -> None:
    with clock.at(clock.today() - timedelta(days=days)):
        about: dict[str, Any] = {
            "kind": kind,
            "amount": amount,
            "currency": "EUR",
            "per": Per.HOUR,
            "words": words,
            "language": "en",
        }
        rate = actions.offer_rate(SYSTEM, payer, worked_for=peers, from_on=clock.today(), **about)
        if is_agreed:
            actions.agree_rate(SYSTEM, public_agreeable(rate))


def _evening(payer: Organisation, peers: Organisation, days: int) -> PayLine:
    with clock.at(clock.today() - timedelta(days=days)):
        about: dict[str, Any] = {"payer": payer, "kind": Work.MEETING, "minutes": 150, "expenses": Decimal("4.80")}
        return actions.claim_hours(SYSTEM, peers, worked_on=clock.today(), **about)


def pay_check(about: Recommendation) -> None:
    """The board says that the last check is paid, with a funder's money, and the peers that it arrived."""
    check = Verification.objects.filter(delivery__recommendation=about).latest("id")
    line, fund = PayLine.objects.get(subject=check.code), Organisation.objects.get(code="FAIRSTART")
    actions.pay(SYSTEM, line, form=Way.CASH, receipt=Receipt.MARK, paid_on=clock.today(), paid_by=fund)
    actions.check_pay(SYSTEM, line, arrived=True)
