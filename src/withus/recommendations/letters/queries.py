"""What gives a body its deadlines, what its letters open, and what its page says of both."""

from dataclasses import dataclass

from django.db.models import QuerySet

from withus.people.queries import public_recognised_codes
from withus.policy.facts import Actor
from withus.policy.who import EDITORS, OFFICE
from withus.processes.models import Body
from withus.recommendations.letters import secret
from withus.recommendations.letters import telling as telling
from withus.recommendations.letters.models import Norm, TakeOver
from withus.recommendations.models import Recommendation


def public_norm(body: Body) -> Norm | None:
    """The norm that holds for what is sent to the body today, if it has no terms of reference in force."""
    return public_norms(body).first()


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


@dataclass(frozen=True)
class Standing:
    """What a body's page says of its norm and of who took it over."""

    body: Body
    norms: list[Norm]
    take_overs: list[TakeOver]
    is_answered_for: bool
    may_cite: bool
    is_of_its_office: bool


def standing(actor: Actor, body: Body) -> Standing:
    """What the page of a body says of its norm and of who took it over, as the actor sees it."""
    speaks_for = actor.organisations(*EDITORS)
    return Standing(
        body=body,
        norms=list(public_norms(body)),
        take_overs=list(public_take_overs(body)),
        is_answered_for=body.organisation.is_answered_for(),
        may_cite=bool(speaks_for and speaks_for & public_recognised_codes()),
        is_of_its_office=body.code in actor.organisations(*OFFICE),
    )
