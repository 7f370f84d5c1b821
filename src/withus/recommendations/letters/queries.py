"""What gives a body its deadlines, what its letters open, and what its page says of both."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from withus.people.queries import public_recognised_codes
from withus.policy.facts import Actor
from withus.policy.who import EDITORS, OFFICE
from withus.processes.models import Body, BodyEnd
from withus.recommendations.letters import secret
from withus.recommendations.letters import telling as telling
from withus.recommendations.letters.models import Norm, TakeOver
from withus.recommendations.models import Recommendation, Response

LATEST = 20  # of what others passed on to a body, on its page


def public_norm(body: Body) -> Norm | None:
    """The norm that holds for what is sent to the body today, if it has no terms of reference in force."""
    return public_norms(body).first()


def public_norm_of(recommendation: Recommendation) -> Norm | None:
    """The law that gave it its clock, in the version of then; its words stand there alone, so they can go at once."""
    return recommendation.body.norms.filter(version=recommendation.norm_version or 0).first()


def public_norms(body: Body) -> QuerySet[Norm]:
    """All versions, the newest first."""
    return body.norms.select_related("by").order_by("-version")


def public_take_overs(body: Body) -> QuerySet[TakeOver]:
    """Who took the page over, and with which letter; the newest first."""
    return body.take_overs.select_related("letter__organisation").order_by("-id")


def public_letter(body: Body, typed: str) -> Recommendation | None:
    """The letter to this body whose code was typed."""
    letters = Recommendation.objects.filter(body=body)
    code = secret.opened_by(typed, letters.values_list("code", flat=True))
    return letters.filter(code=code or "").first()


def code_for(actor: Actor, letter: Recommendation) -> str:
    """The letter's code for those who speak for its sender, while nobody answers for the body; else nothing."""
    is_ours = letter.organisation_code in actor.organisations(*EDITORS)
    return secret.code_of(letter.code) if is_ours and not letter.body.organisation.is_answered_for() else ""


def public_has_joined(body: Body) -> bool:
    """Whether somebody answers for it here today, or it has ever spoken here: by terms, or by a word to peers.

    So nobody who joined becomes a body that each letter has to reach on paper, by letting all its roles end.
    """
    if body.organisation.is_answered_for() or body.terms.exists():
        return True
    spoke = Q(was_heard=True) | Q(answered_on__isnull=False) | Q(is_promised=True)
    return body.recommendations.filter(spoke).exists()


@dataclass(frozen=True)
class Replaced:
    """A closed body in whose place another one stands, how many answers it still owes, and by when the first."""

    end: BodyEnd
    owed: int
    by: datetime.date | None


def public_replaced(codes: Collection[str]) -> list[Replaced]:
    """The closed bodies in whose place these stand, in one statement."""
    owed = Count("body__recommendations", filter=Q(body__recommendations__owed_on__isnull=False))
    found = BodyEnd.objects.filter(successor__organisation__code__in=codes)
    found = found.select_related("body__organisation", "successor__organisation").order_by("-said_on", "-id")
    counted = found.annotate(owed=owed, by=Min("body__recommendations__owed_on"))
    return [Replaced(one, one.owed, one.by) for one in counted]


def _passed_on(body: Body) -> QuerySet[Response]:
    found = Response.objects.filter(passed_to=body).select_related("recommendation__body__organisation")
    return found.order_by("-said_on", "-id")[:LATEST]


@dataclass(frozen=True)
class Standing:
    """What a body's page says of its norm, of who took it over, and of what came to it from others."""

    body: Body
    norms: list[Norm]
    take_overs: list[TakeOver]
    is_answered_for: bool
    has_joined: bool
    may_cite: bool
    is_of_its_office: bool
    replaces: list[Replaced]
    passed_on_here: list[Response]


def standing(actor: Actor, body: Body) -> Standing:
    """What the page of a body says of its norm and of who took it over, as the actor sees it."""
    speaks_for = actor.organisations(*EDITORS)
    return Standing(
        body=body,
        norms=list(public_norms(body)),
        take_overs=list(public_take_overs(body)),
        is_answered_for=body.organisation.is_answered_for(),
        has_joined=public_has_joined(body),
        may_cite=bool(speaks_for and speaks_for & public_recognised_codes()),
        is_of_its_office=body.code in actor.organisations(*OFFICE),
        replaces=public_replaced([body.code]),
        passed_on_here=list(_passed_on(body)),
    )
