"""What peers are asked and paid: everybody may read it."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from withus.pay import telling as telling  # its words and rows, for the log
from withus.pay.models import CENT, Arrival, PayLine, Payment, Rate
from withus.people.models import Organisation, OrganisationKind
from withus.people.queries import House, public_recognised_codes
from withus.policy.facts import Actor, Role
from withus.policy.pay_lines import PAYERS
from withus.policy.who import EDITORS

PAID, MISSING, WAITING = "paid", "missing", "waiting"


@dataclass(frozen=True)
class Agreeable(House):
    """A rate as those see it who may agree to it, for the policy."""

    rate: Rate

    @property
    def organisation_code(self) -> str:
        """Whose people are paid."""
        return self.rate.worked_for.code

    @property
    def payer_code(self) -> str:
        """Who pays them."""
        return self.rate.payer.code


@dataclass(frozen=True)
class Hours:
    """What was asked and what was paid, in minutes and in money; `missing` is called paid, and did not arrive."""

    minutes_asked: int = 0
    minutes_paid: int = 0
    minutes_missing: int = 0
    owed: dict[str, Decimal] = field(default_factory=dict)
    paid: dict[str, Decimal] = field(default_factory=dict)
    oldest_unpaid_on: datetime.date | None = None
    minutes_unrated: int = 0  # nobody says that they are paid, and nobody has agreed how much: no sum holds them

    @property
    def minutes_waiting(self) -> int:
        """Asked, and nobody says that they are paid."""
        return self.minutes_asked - self.minutes_paid - self.minutes_missing

    @property
    def bar(self) -> list[dict[str, str]]:
        """Paid, not arrived and waiting, as the pieces of a bar that is 100 wide."""
        pieces, start = [], 0.0
        shares = {"agree": self.minutes_paid, "disagree": self.minutes_missing, "hidden": self.minutes_waiting}
        for name, minutes in shares.items():
            if minutes:
                width = 100 * minutes / self.minutes_asked
                pieces.append({"name": name, "start": f"{start:.2f}", "width": f"{width:.2f}"})
                start += width
        return pieces


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody: rates to agree to, lines to pay (also again, where the pay did not arrive), payments to
    check, each the oldest first."""

    rates: QuerySet[Rate]
    to_pay: QuerySet[PayLine]
    to_check: QuerySet[PayLine]


def public_organisations() -> QuerySet[Organisation]:
    """All organisations, by name: any may pay."""
    return Organisation.objects.order_by("name", "id")


def public_peer_organisations() -> QuerySet[Organisation]:
    """All peer organisations, by name."""
    return public_organisations().filter(kind=OrganisationKind.PEER)


def public_payers_for(line: PayLine) -> QuerySet[Organisation]:
    """Whose money a line can be paid with: the payer's own, or a funder's."""
    funders = Organisation.objects.filter(kind=OrganisationKind.FUNDER)
    return (funders | Organisation.objects.filter(pk=line.payer_id)).order_by("name", "id")


def peers_of(actor: Actor) -> QuerySet[Organisation]:
    """The peer organisations in whose name this actor can ask for pay."""
    ours = {one.organisation for one in actor.standings if one.is_of_peers and one.role in EDITORS}
    return public_peer_organisations().filter(code__in=ours)


def public_all_rates() -> QuerySet[Rate]:
    """All rates, those of the latest day first, with whether they were agreed to."""
    return Rate.objects.select_related("payer", "worked_for", "agreement").order_by("-from_on", "-id")


def public_rates(organisation: Organisation) -> QuerySet[Rate]:
    """The rates that an organisation offers."""
    return public_all_rates().filter(payer=organisation)


def public_peers_rates(organisation: Organisation) -> QuerySet[Rate]:
    """The rates that are offered to the people of a peer organisation."""
    return public_all_rates().filter(worked_for=organisation)


def public_rate(payer: Organisation, worked_for: Organisation, kind: str, day: datetime.date) -> Rate | None:
    """The rate in force on a day: the newest of those that were agreed to and have begun by then."""
    begun = public_all_rates().filter(payer=payer, worked_for=worked_for, kind=kind, from_on__lte=day)
    return begun.filter(agreement__isnull=False).order_by("-id").first()


def public_rates_in_force(worked_for: Organisation, kind: str, day: datetime.date) -> list[Rate]:
    """The rates in force on a day for work of this kind of a peer organisation's people, one of each payer, by name."""
    begun = public_peers_rates(worked_for).filter(kind=kind, from_on__lte=day, agreement__isnull=False)
    newest = {rate.payer_id: rate for rate in begun.order_by("id")}
    return sorted(newest.values(), key=lambda rate: rate.payer.name)


def public_open_offers() -> QuerySet[Rate]:
    """Rates to which nobody has agreed, the oldest first, without offers that have ended."""
    same = {name: OuterRef(name) for name in ("payer", "worked_for", "kind")}
    newer = Rate.objects.filter(**same, pk__gt=OuterRef("pk"), agreement__isnull=False)
    return public_all_rates().filter(~Exists(newer), agreement__isnull=True).order_by("id")


def public_has_ended(offer: Rate) -> bool:
    """Whether a newer rate for the same work was agreed to: then nobody can agree to the older one any more."""
    same = public_all_rates().filter(payer=offer.payer, worked_for=offer.worked_for, kind=offer.kind)
    return same.filter(pk__gt=offer.pk, agreement__isnull=False).exists()


def public_agreeable(rate: Rate) -> Agreeable:
    """The rate, with what the policy asks of it."""
    return Agreeable(public_recognised_codes(), rate)


def public_all_lines() -> QuerySet[PayLine]:
    """All lines, the newest work first, with what became of each; statements do not grow with them."""
    return (
        PayLine.objects.select_related("payer", "worked_for", "rate")
        .prefetch_related(Prefetch("arrivals", Arrival.objects.order_by("id")))
        .prefetch_related(Prefetch("payments", Payment.objects.order_by("number").select_related("paid_by")))
        .order_by("-worked_on", "-id")
    )


def public_lines(payer: Organisation) -> QuerySet[PayLine]:
    """The lines that an organisation has to pay."""
    return public_all_lines().filter(payer=payer)


def public_peers_lines(organisation: Organisation) -> QuerySet[PayLine]:
    """The lines of the people of a peer organisation."""
    return public_all_lines().filter(worked_for=organisation)


def public_hours(payer: Organisation, first: datetime.date | None = None, last: datetime.date | None = None) -> Hours:
    """What an organisation was asked and what it paid, for work from `first` to `last`; one statement."""
    return _hours(PayLine.objects.filter(payer=payer), first, last)


def public_peers_hours(
    organisation: Organisation, first: datetime.date | None = None, last: datetime.date | None = None
) -> Hours:
    """The same, of the people of a peer organisation."""
    return _hours(PayLine.objects.filter(worked_for=organisation), first, last)


def _states() -> Case:
    """Where a line stands: the payer's word, unless the last word of the peers is that it did not arrive."""
    said = Arrival.objects.filter(line=OuterRef("pk"))
    return Case(
        When(~Exists(Payment.objects.filter(line=OuterRef("pk"))), then=Value(WAITING)),
        When(Exists(said.filter(arrived=False)) & ~Exists(said.filter(arrived=True)), then=Value(MISSING)),
        default=Value(PAID),
    )


def public_has_arrived(kind: str, subject: str, worked_for: str) -> Exists:
    """Whether pay for work arrived, as those say whose people worked; of rows that name in these columns what it was
    for, and whose people. The payer's word alone is not enough, nor is what an organisation pays its own people."""
    lines = PayLine.objects.filter(kind=kind, subject=OuterRef(subject), worked_for=OuterRef(worked_for))
    return Exists(lines.exclude(payer=F("worked_for")).filter(arrivals__arrived=True))


def public_lines_about(kind: str, subjects: Iterable[str]) -> QuerySet[PayLine]:
    """The lines for work of this kind on things, by their codes, the oldest first."""
    return public_all_lines().filter(kind=kind, subject__in=list(subjects)).order_by("worked_on", "id")


def _hours(lines: QuerySet[PayLine], first: datetime.date | None, last: datetime.date | None) -> Hours:
    days = {"worked_on__gte": first, "worked_on__lte": last}
    payments = Payment.objects.filter(line=OuterRef("pk")).order_by("-number")
    found: Any = (
        lines.filter(**{name: day for name, day in days.items() if day})
        .annotate(
            state=_states(),
            in_currency=Coalesce(Subquery(payments.values("currency")[:1]), "currency"),
            money=Coalesce(Subquery(payments.values("amount")[:1]), F("amount") + F("expenses")),
            is_unrated=Q(rate__isnull=True),
        )
        .order_by()
        .values("state", "in_currency", "is_unrated")
        .annotate(all_minutes=Sum("minutes"), all_money=Sum("money"), oldest=Min("worked_on"))
    )
    unrated = sum(row["all_minutes"] for row in found if row["is_unrated"] and row["state"] == WAITING)
    minutes = dict.fromkeys((PAID, MISSING, WAITING), 0)
    money: dict[bool, dict[str, Decimal]] = {True: {}, False: {}}
    oldest = None
    for row in found:
        is_paid, currency = row["state"] == PAID, row["in_currency"]
        minutes[row["state"]] += row["all_minutes"]
        if currency:
            sums = money[is_paid]
            sums[currency] = sums.get(currency, Decimal()) + row["all_money"].quantize(CENT)
        if not is_paid:
            oldest = min(oldest or row["oldest"], row["oldest"])
    asked = sum(minutes.values())
    return Hours(asked, minutes[PAID], minutes[MISSING], money[False], money[True], oldest, unrated)


def public_months(lines: QuerySet[PayLine], shown: Iterable[PayLine]) -> dict[datetime.date, tuple[int, int]]:
    """Minutes asked and minutes paid of each month of which a page shows lines, those on other pages too."""
    months = {line.month for line in shown}
    if not months:
        return {}
    found: Any = (
        lines.filter(worked_on__gte=min(months))
        .annotate(in_month=TruncMonth("worked_on"), state=_states())
        .order_by()
        .values("in_month", "state")
        .annotate(all_minutes=Sum("minutes"))
    )
    sums = dict.fromkeys(months, (0, 0))
    for row in found:
        asked, paid = sums.get(row["in_month"], (0, 0))
        is_paid = row["state"] == PAID
        sums[row["in_month"]] = (asked + row["all_minutes"], paid + is_paid * row["all_minutes"])
    return sums


def waiting_for(actor: Actor) -> Waiting:
    """What waits for this actor, whichever organisations it acts for."""
    recognised = actor.organisations(Role.ORG_STEWARD) & public_recognised_codes()
    pays = actor.organisations(*PAYERS)  # with which key nobody turns the other one too
    lines = public_all_lines().order_by("worked_on", "id")
    said = Arrival.objects.filter(line=OuterRef("line"), number=OuterRef("number"))
    unanswered = Exists(Payment.objects.filter(~Exists(said), line=OuterRef("pk")))
    arrived = Exists(Arrival.objects.filter(line=OuterRef("pk"), arrived=True))
    to_pay = lines.filter(~unanswered & ~arrived, payer__code__in=pays)
    to_check = lines.filter(unanswered & ~arrived, worked_for__in=peers_of(actor)).exclude(worked_for=F("payer"))
    rates = public_open_offers().filter(worked_for__code__in=recognised)
    others = rates.filter(~Q(payer__code__in=pays) | Q(payer=F("worked_for")))
    return Waiting(others, to_pay, to_check.exclude(payer__code__in=pays))
