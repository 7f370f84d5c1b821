"""Recommendations with all that was said about them: everybody may read them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from withus.compute.answering import Clock, Course
from withus.compute.deadlines import Calendar, Counting
from withus.people.models import Organisation, OrganisationKind
from withus.people.queries import public_recognised_codes
from withus.policy.facts import Actor, Role
from withus.processes.models import Body
from withus.public_log.telling import Named, names
from withus.recommendations.models import Delivery, Draft, Recommendation, Response


@dataclass(frozen=True)
class Terms:
    """What holds for what is sent today: where that stands (empty: only this host states it), its clock, and limits."""

    basis: str
    clock: Clock
    extension_days: int
    cap: int | None = None

    def clock_fields(self) -> dict[str, object]:
        """As a recommendation keeps them, however the terms change later."""
        return {
            "basis": self.basis,
            "acknowledge_days": self.clock.acknowledge_days,
            "reply_days": self.clock.reply_days,
            "counting": self.clock.counting.value,
            "region": self.clock.calendar.region,
            "extension_days": self.extension_days,
        }


DEFAULT = Clock(10, 30, Counting.CALENDAR, Calendar())  # no norm exists, so it is stated on every page that uses it
DEFAULT_EXTENSION = 30


@dataclass(frozen=True)
class Addressee:
    """A body as those see it who write to it, for the policy."""

    body: Body | None  # none: whichever, for the page that asks
    recognised: frozenset[str]

    def recognised_codes(self) -> frozenset[str]:
        """Which peer organisations count."""
        return self.recognised

    def held(self) -> Body:
        """The body, held until the end of the transaction."""
        assert self.body is not None
        return Body.objects.select_for_update().get(pk=self.body.pk)

    def has_joined(self) -> bool:
        """Whether anybody answers for it here."""
        return self.body is not None and self.body.organisation.memberships.exists()


@dataclass(frozen=True)
class Checkable:
    """A recommendation as those see it who check what was delivered, for the policy."""

    recommendation: Recommendation
    recognised: frozenset[str]

    def recognised_codes(self) -> frozenset[str]:
        """Which peer organisations count."""
        return self.recognised


def public_addressee(body: Body | None) -> Addressee:
    """The body (none: whichever), with what the policy asks of it."""
    return Addressee(body, frozenset(public_recognised_codes()))


def public_checkable(recommendation: Recommendation) -> Checkable:
    """The recommendation, with what the policy asks of it."""
    return Checkable(recommendation, frozenset(public_recognised_codes()))


def public_recommendations() -> QuerySet[Recommendation]:
    """All recommendations with everything that `course` needs, the newest first; statements do not grow with them."""
    return (
        Recommendation.objects.select_related(
            "body__organisation", "organisation", "acknowledgement", "question", "serving"
        )
        .prefetch_related(
            "evidence",
            "extensions",
            Prefetch("responses", Response.objects.prefetch_related("dissents__organisation", "corrections")),
            "commitments__said_by",
            Prefetch("deliveries", Delivery.objects.prefetch_related("verifications__organisation")),
        )
        .order_by("-written_on", "-id")
    )


def public_course(recommendation: Recommendation) -> Course:
    """What has happened to it, read anew."""
    return public_recommendations().get(pk=recommendation.pk).course()


def public_terms(body: Body) -> Terms:
    """What holds for what is sent to the body today."""
    return Terms("", DEFAULT, DEFAULT_EXTENSION)


def draft_for(actor: Actor, recommendation: Recommendation) -> Draft | None:
    """The answer that waits for a signature; only those see it who answer for the body."""
    ours = actor.organisations(Role.BODY_SECRETARY, Role.DUTY_BEARER)
    is_ours = recommendation.body_code in ours
    return Draft.objects.filter(recommendation=recommendation).first() if is_ours else None


def organisations_that_recommend(actor: Actor) -> QuerySet[Organisation]:
    """The recognised peer organisations in whose name this actor can write to a body, or check what was delivered."""
    codes = actor.organisations(Role.ORG_STEWARD, Role.PEER_EDITOR) & set(public_recognised_codes())
    return Organisation.objects.filter(code__in=codes, kind=OrganisationKind.PEER).order_by("name", "id")


def public_waiting(body: Body, organisation: Organisation) -> int:
    """How many of the organisation's recommendations wait for the body's answer."""
    theirs = public_recommendations().filter(body=body, organisation=organisation)
    return sum(one.course().is_waiting() for one in theirs)


def _named_recommendations(codes: Collection[str]) -> dict[str, Named]:
    found = Recommendation.objects.filter(code__in=codes).select_related("organisation", "body__organisation")
    whose = {
        one.pk: Named(one.organisation.name, one.organisation.language, one.organisation.get_absolute_url())
        for one in found
    }
    return {
        one.code: Named(str(one), one.language, one.get_absolute_url(), whose[one.pk], is_title=True) for one in found
    }


names("recommendation", _named_recommendations)
