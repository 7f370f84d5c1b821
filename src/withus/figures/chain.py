"""The chain of a body, walkable both ways: what was asked rests on, what was promised, done, checked and told back."""

from dataclasses import dataclass

from django.db.models import QuerySet

from withus.figures.queries import public_promises, public_tallies
from withus.processes.models import Body
from withus.recommendations.judging.models import Tally
from withus.recommendations.models import Commitment, Delivery, Evidence, Recommendation, Verification
from withus.recommendations.queries import public_checks
from withus.voices.findings.models import Notice


@dataclass(frozen=True)
class Chain:
    """What recommendations to a body rest on, what was promised, done and checked, and told back: rows that name one
    another."""

    evidence: QuerySet[Evidence]
    notices: QuerySet[Notice]
    promises: QuerySet[Commitment]
    open_ones: QuerySet[Commitment, str]  # codes of promises
    deliveries: QuerySet[Delivery]
    checks: QuerySet[Verification]
    tallies: QuerySet[Tally]


def public_chain(body: Body) -> Chain:
    """All of it, the oldest first; each is read when it is asked for, in one statement."""
    promises = Commitment.objects.filter(recommendation__body=body).order_by("id")
    promises = promises.select_related("recommendation__body", "said_by")
    deliveries = Delivery.objects.filter(recommendation__body=body).select_related("recommendation", "commitment")
    checks = public_checks().filter(delivery__recommendation__body=body).select_related("delivery__commitment")
    open_ones = public_promises(body).values_list("code", flat=True)
    evidence = Evidence.objects.filter(recommendation__body=body).select_related("recommendation").order_by("id")
    theirs = Recommendation.objects.filter(body=body).values("code")
    notices = Notice.objects.filter(recommendation__in=theirs).select_related("finding").order_by("id")
    checks = checks.select_related("organisation").order_by("id")
    return Chain(evidence, notices, promises, open_ones, deliveries, checks, public_tallies(body).order_by("id"))
