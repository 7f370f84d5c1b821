"""How pages speak of rates and of hours that are asked or paid."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from withus.pay.models import PayLine, Rate
from withus.pay.queries import Agreeable, public_months
from withus.policy.rules import Action
from withus.web.language import written_number

Words = str | Promise


@dataclass(frozen=True)
class Deed:
    """How a page speaks of a deed: its title, one line on why, and the word on its button."""

    title: Words
    lead: Words
    button: Words


DEEDS: dict[Action, Deed] = {
    Action.OFFER_RATE: Deed(
        _("Offer a rate"),
        _("It counts once the peer organisation agrees. Nobody can change it: a newer one takes its place."),
        _("Offer this rate"),
    ),
    Action.AGREE_RATE: Deed(
        _("Agree to a rate"),
        _("Hours from its first day on are counted with it. It takes the place of an older rate for the same work."),
        _("We agree"),
    ),
    Action.CLAIM_HOURS: Deed(
        _("Ask for pay for hours"),
        _("Everybody can read the hours, the work and the money. Whoever worked is not named."),
        _("Ask for pay"),
    ),
    Action.PAY: Deed(
        _("Say that it is paid"),
        _(
            "Say it once all of it is paid. The peer organisation then says whether it arrived. If it says no, look "
            "what went wrong, pay, and say so again."
        ),
        _("It is paid"),
    ),
    Action.CHECK_PAY: Deed(
        _("Did the pay arrive?"),
        _("Ask whoever worked, and say it for your organisation. After a no you can still say yes."),
        _("Say it"),
    ),
}


@dataclass(frozen=True)
class ShownLine:
    """Hours as a page shows them: where they stand on a day."""

    line: PayLine
    day: datetime.date

    @property
    def words(self) -> Words:
        """Where it stands: "paid" is the payer's word, "arrived" the word of the peers."""
        if self.line.paid is None:
            days = (self.day - self.line.worked_on).days
            if not days:
                return _("not paid yet")
            said = ngettext("not paid for %(days)s day", "not paid for %(days)s days", days)
            return said % {"days": written_number(days)}
        if self.line.payer_id == self.line.worked_for_id:
            return _("paid, says the organisation of its own money")
        if self.line.arrival is None:
            return _("paid, say they; peers have not said whether it arrived")
        if self.line.answer is None:
            return _("it did not arrive, said peers; paid again, say they")
        return (
            _("paid, and it arrived")
            if self.line.arrival.arrived
            else _("paid, say they; it did not arrive, say peers")
        )

    @property
    def kind(self) -> str:
        """Which badge it gets."""
        if self.line.paid is None:
            return "wait"
        if self.line.arrival is None:
            return "plain"
        return "yes" if self.line.arrival.arrived else "no"


@dataclass(frozen=True)
class ShownRate:
    """A rate as a page shows it: whether it counts on a day."""

    rate: Rate
    agreeable: Agreeable
    words: Words
    kind: str
    is_open: bool


@dataclass(frozen=True)
class Month:
    """The lines of a month that a page shows, and the minutes of all its lines."""

    first: datetime.date
    lines: list[ShownLine]
    minutes_asked: int
    minutes_paid: int


def months(page: Sequence[PayLine], of: QuerySet[PayLine], day: datetime.date) -> list[Month]:
    """The lines of a page by their month, in the order in which they come."""
    grouped: dict[datetime.date, list[ShownLine]] = {}
    for line in page:
        grouped.setdefault(line.month, []).append(ShownLine(line, day))
    sums = public_months(of, page)
    return [Month(first, lines, *sums[first]) for first, lines in grouped.items()]


def shown_rates(rates: Sequence[Rate], recognised: frozenset[str], day: datetime.date) -> list[ShownRate]:
    """The rates with what each is today: in force, replaced, still to come, waiting for a yes, or lapsed."""
    agreed: dict[tuple[int, int, str], list[Rate]] = {}
    for rate in rates:
        if hasattr(rate, "agreement"):
            agreed.setdefault(_about(rate), []).append(rate)
    return [
        ShownRate(rate, Agreeable(recognised, rate), *_standing(rate, agreed.get(_about(rate), []), day))
        for rate in rates
    ]


def _about(rate: Rate) -> tuple[int, int, str]:
    return rate.payer_id, rate.worked_for_id, rate.kind


def _standing(rate: Rate, agreed: Sequence[Rate], day: datetime.date) -> tuple[Words, str, bool]:
    newer = [one for one in agreed if one.pk > rate.pk]
    if not hasattr(rate, "agreement"):
        return (
            (_("not agreed to; a newer one was"), "plain", False)
            if newer
            else (_("offered, and not agreed to"), "wait", True)
        )
    if any(one.from_on <= max(day, rate.from_on) for one in newer):
        return _("replaced by a newer one"), "plain", False
    return (_("agreed, still to come"), "plain", False) if rate.from_on > day else (_("agreed, in force"), "yes", False)
