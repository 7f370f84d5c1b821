"""Whether those who spoke were told what became of it: I-08, of voices, so in steps of ten and never of few."""

import datetime

from django.db.models import Q, Sum

from withus.compute import rates
from withus.compute.rates import Quarter, Rate
from withus.processes.models import Body
from withus.recommendations.models import Recommendation
from withus.voices.findings.models import Returned


def public_returned(body: Body, day: datetime.date) -> dict[Quarter, Rate]:
    """I-08 by quarter, in one statement."""
    shown, wanted = rates.quarters(day), {}
    for quarter in shown:
        within = Q(counted_on__range=(quarter.first, min(quarter.last, day)))
        wanted[f"all_{quarter.number}"] = Sum("voices", filter=within, default=0)
        wanted[f"told_{quarter.number}"] = Sum("voices", filter=within & Q(is_in_time=True), default=0)
    theirs = Recommendation.objects.filter(body=body).values("code")
    found = Returned.objects.filter(recommendation__in=theirs).aggregate(**wanted)
    return {one: rates.in_tens(found[f"told_{one.number}"], found[f"all_{one.number}"]) for one in shown}
