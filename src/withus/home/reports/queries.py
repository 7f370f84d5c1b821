"""What is read of reports: by whoever has one's address, by the stewards of this house, and by everybody as counts."""

import datetime
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from withus.compute.suppression import PUBLIC_FLOOR
from withus.core import codes
from withus.home.reports import telling as telling
from withus.home.reports.models import Report
from withus.home.reports.places import resolved
from withus.policy.facts import Actor, Role
from withus.public_log.queries import Entry, public_history

KEPT = datetime.timedelta(days=90)  # words of a report, after its decision
YEAR = datetime.timedelta(days=365)


def public_report(secret: str) -> Report | None:
    """The report that this address opens; None if there is none, or its words have gone."""
    return Report.objects.filter(digest=codes.digest(secret)).first()


def reports(actor: Actor) -> QuerySet[Report]:
    """All reports, for a steward of this house: what waits first, by its day; nothing for anybody else."""
    if not actor.holds(Role.INSTANCE_STEWARD):
        return Report.objects.none()
    return Report.objects.order_by(F("decided_on").desc(nulls_first=True), "decide_by", "id")


def waiting(actor: Actor) -> QuerySet[Report]:
    """Those that are not decided."""
    return reports(actor).filter(decided_on__isnull=True)


def due_reports(day: datetime.date) -> QuerySet[Report]:
    """Decided reports whose words have to go."""
    return Report.objects.filter(decided_on__lt=day - KEPT, digest__isnull=False)


@dataclass(frozen=True)
class Year:
    """A year of reports. What people sent is told from ten on; what this house let wait is told always."""

    received: int | None
    decided: int | None
    late: int


def public_year(day: datetime.date) -> Year:
    """How many came and were decided in the year before this day, and how many were past their day."""
    since = day - YEAR
    came = Report.objects.filter(received_on__gt=since)
    received, decided = came.count(), came.filter(decided_on__isnull=False).count()
    late = Q(decided_on__isnull=True, decide_by__lt=day) | Q(decided_on__gt=F("decide_by"), decide_by__gt=since)
    is_told = received >= PUBLIC_FLOOR
    number = Report.objects.filter(late).count()
    return Year(received if is_told else None, decided if is_told else None, number)


def entries_about(actor: Actor, report: Report) -> list[Entry]:
    """The entries of the public log about what the reported page shows: from there words are taken away."""
    found = resolved(report.target)
    values = [str(value) for value in found.kwargs.values()] if found else []
    return [entry for code in values for entry in public_history(code)]
