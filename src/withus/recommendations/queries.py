"""Recommendations with all that was said about them: everybody may read them."""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext

from withus.compute.answering import YES, Course
from withus.core import clock
from withus.pay.models import PayLine, Rate, Work
from withus.pay.queries import public_has_arrived, public_lines_about, public_rates_in_force
from withus.people.models import Organisation, OrganisationKind
from withus.people.queries import public_funding, public_recognised_codes
from withus.policy.facts import Actor, Role
from withus.processes.models import Body
from withus.processes.others import not_by_others
from withus.processes.queries import bodies_without_page, public_bodies
from withus.public_log.rows import Told, stands_in_rows
from withus.public_log.telling import Named, names
from withus.recommendations.letters.queries import public_has_joined
from withus.recommendations.models import (
    STANDING,
    Acknowledgement,
    Commitment,
    Delivery,
    Dissent,
    Draft,
    Extension,
    Question,
    Recommendation,
    Response,
    Serving,
    Verdict,
    Verification,
)
from withus.recommendations.told import REPLACED, TYPES, told, told_answer

_CHUNK = 500
_SINCE = Q(said_on__gte=F("recommendation__answered_on"))  # the first answer: what was said before is not of it
OF_A_YES = Q(recommendation__outcome__in=sorted(one.value for one in YES)) & _SINCE


@dataclass(frozen=True)
class Addressee:
    """A body as those see it who write to it, for the policy."""

    body: Body | None  # none: whichever, for the page that asks
    recognised: frozenset[str]

    @property
    def body_code(self) -> str:
        """Who has to answer; empty for whichever."""
        return self.body.code if self.body else ""

    def recognised_codes(self) -> frozenset[str]:
        """Which peer organisations count."""
        return self.recognised

    def held(self) -> Body:
        """The body, held until the end of the transaction."""
        assert self.body is not None
        return Body.objects.select_for_update(no_key=True).get(pk=self.body.pk)

    def has_joined(self) -> bool:
        """Whether somebody answers for it here, or it has spoken here before."""
        return self.body is not None and public_has_joined(self.body)


@dataclass(frozen=True)
class Checkable:
    """A recommendation as those see it who check what was delivered, for the policy."""

    recommendation: Recommendation
    recognised: frozenset[str]

    @property
    def body_code(self) -> str:
        """Who has to answer."""
        return self.recommendation.body_code

    def recognised_codes(self) -> frozenset[str]:
        """Which peer organisations count."""
        return self.recognised

    def held(self) -> Recommendation:
        """The recommendation, held until the end of the transaction: two checks, or a check and its pay, take turns."""
        return Recommendation.objects.select_for_update(no_key=True).get(pk=self.recommendation.pk)


def public_addressee(body: Body | None) -> Addressee:
    """The body (none: whichever), with what the policy asks of it."""
    return Addressee(body, frozenset(public_recognised_codes()))


def public_checkable(recommendation: Recommendation) -> Checkable:
    """The recommendation, with what the policy asks of it."""
    return Checkable(recommendation, frozenset(public_recognised_codes()))


def public_recommendations() -> QuerySet[Recommendation]:
    """All recommendations with what a list shows, the newest first: one statement, however many there are."""
    return Recommendation.objects.select_related("body__organisation", "organisation").order_by("-written_on", "-id")


def public_some(some: str, body: Body | None) -> QuerySet[Recommendation]:
    """Those to the body (none: to whichever) that wait, are overdue, answered or checked; all for any other word."""
    found = public_recommendations().filter(body=body) if body else public_recommendations()
    day = clock.today(body.time_zone if body else None)
    kinds = {
        "sent": found.filter(sent_on__isnull=False),
        "waiting": found.filter(owed_on__isnull=False),
        "overdue": found.filter(owed_on__lt=day),
        "answered": found.filter(answered_on__isnull=False),
        "checked": found.exclude(verdict=""),
    }
    return kinds.get(some, found)


def public_whole() -> QuerySet[Recommendation]:
    """All recommendations with everything that was said about them; statements do not grow with what was said."""
    return (
        public_recommendations()
        .select_related("acknowledgement", "question", "serving", "body__organisation", "organisation")
        .select_related("body__end__successor__organisation")
        .prefetch_related(
            "evidence",
            "extensions",
            Prefetch("responses", _responses()),
            "commitments__said_by",
            Prefetch(
                "deliveries", Delivery.objects.prefetch_related(Prefetch("verifications", public_checks()), "tallies")
            ),
        )
    )


def _responses() -> QuerySet[Response]:
    found = Response.objects.select_related("passed_to__organisation")
    return found.prefetch_related("dissents__organisation", "corrections")


def public_checks() -> QuerySet[Verification]:
    """All checks, each with whether those who checked were paid: whether they say themselves that it arrived."""
    is_paid = public_has_arrived(Work.CHECKING, subject="code", worked_for="organisation")
    return Verification.objects.select_related("organisation").annotate(**{"is_paid": is_paid})


def public_last_deliveries() -> QuerySet[Delivery]:
    """The body's last word on each promise, or on the whole; as `Recommendation.to_check`, of all at once."""
    promises = public_promises().filter(recommendation=OuterRef("recommendation"))
    not_yet_alone = promises.filter(deliveries__isnull=True, said_on__lte=OuterRef("said_on"))
    of_today = Q(commitment__isnull=False) | ~Exists(promises.filter(OF_THE_BODY)) | Exists(not_yet_alone)
    holds = OF_A_YES | Q(commitment__in=public_promises())
    newest = Delivery.objects.filter(of_today, holds).values("recommendation", "commitment").annotate(last=Max("pk"))
    return Delivery.objects.filter(pk__in=newest.values("last"))


def public_to_check(organisation: Organisation) -> QuerySet[Delivery]:
    """What waits for the organisation's check: what it asked for itself, and what others did that nobody confirmed."""
    seen = Verification.objects.filter(organisation=organisation).values("delivery")
    checks = public_checks().filter(delivery=OuterRef("pk"))
    counts = checks.filter(~Q(verdict=Verdict.CONFIRMED.value) | Q(is_paid=True, is_independent=True))
    open_now = Q(recommendation__organisation=organisation) | ~Exists(counts)
    return public_last_deliveries().filter(open_now).exclude(pk__in=seen)


REFUTED = Q(verifications__verdict=Verdict.DISPUTED.value) | Q(is_denied=True)  # of a delivery
OF_THE_BODY = Q(said_by=F("recommendation__body__organisation"))  # named by the body itself, as `Part.is_of_body`


def public_promises() -> QuerySet[Commitment]:
    """The promises that have to be kept: of a yes, or of a law, a strategy or a declaration; as `Part.holds`."""
    return public_named().filter(~Q(source=Commitment.Source.ANSWER) | OF_A_YES)


def public_named() -> QuerySet[Commitment]:
    """All promises, but those of laws that others named in a body's name; as `Own.promises`."""
    in_its_name = ~Q(source=Commitment.Source.ANSWER) & OF_THE_BODY
    return Commitment.objects.filter(~in_its_name | not_by_others("recommendation__body"))


def public_open_promises() -> QuerySet[Commitment]:
    """The promises of which no "done" was said, or of which peers found last that it is not so."""
    of_it = Q(commitment=OuterRef("pk")) | Q(commitment__isnull=True, said_on__gte=OuterRef("said_on"))
    said = Delivery.objects.filter(of_it, recommendation=OuterRef("recommendation"))
    said = said.filter(Q(commitment__isnull=False) | OF_A_YES)
    counts = Q(verifications__is_independent=True) | Q(verifications__verdict=Verdict.DISPUTED.value)
    counts |= Q(is_denied=True)
    found = Subquery(said.filter(counts).order_by("-pk").values("pk")[:1])
    disputed = Delivery.objects.filter(REFUTED, pk=OuterRef("checked"))
    promises = public_promises().annotate(checked=found, was_said=Exists(said))
    return promises.filter(Q(was_said=False) | Exists(disputed)).order_by("due_on", "id")


def public_pay_of_checks(recommendation: Recommendation) -> list[PayLine]:
    """The pay that was asked for checks of what it asks, the oldest first."""
    codes = [check.code for said in recommendation.deliveries.all() for check in said.verifications.all()]
    return list(public_lines_about(Work.CHECKING, codes))


def public_questions() -> QuerySet[Question]:
    """The questions back that bodies asked themselves, and nobody has answered."""
    return Question.objects.filter(not_by_others("recommendation__body", "asked_on"), answered_on__isnull=True)


def public_rates_of_checks(organisation: Organisation) -> list[Rate]:
    """What is agreed for checks of a peer organisation's people today: one rate of each payer, by name."""
    return public_rates_in_force(organisation, Work.CHECKING, clock.today())


def public_once_more(code: str) -> dict[str, str]:
    """The words of a recommendation, to be sent to somebody else as well; nothing if there is none."""
    one = Recommendation.objects.filter(code=code).first()
    if one is None:
        return {}
    lines = [*one.evidence.values_list("subject", flat=True), *one.papers.splitlines()]
    words = {name: getattr(one, name) for name in ("kind", "text", "asked_change", "language")}
    return words | {"evidence": "\n".join(lines)}


def public_course(recommendation: Recommendation) -> Course:
    """What has happened to it, read anew."""
    return public_whole().get(pk=recommendation.pk).course()


def public_wrongly_denied(whole: Recommendation) -> list[Delivery]:
    """The deliveries of which it is kept wrongly whether those who spoke contradict an organisation."""
    denied = {code for part in whole.course().parts() for code in part.denied()}
    return [one for one in whole.deliveries.all() if one.is_denied != (one.code in denied)]


def public_is_paid_by(organisation: Organisation, payer: Organisation) -> bool:
    """Whether the organisation has declared that this one pays it."""
    return any(link.payer_id == payer.pk and link.share != "none" for link in public_funding(organisation))


def due_settling(day: datetime.date) -> QuerySet[Recommendation]:
    """Everything that has a clock: a mended list of public holidays counts for what has passed as well."""
    return public_whole().filter(sent_on__lte=day).order_by("id")


def bodies_of(actor: Actor) -> QuerySet[Body]:
    """The bodies for which the actor answers."""
    return public_bodies().filter(organisation__code__in=actor.organisations(Role.BODY_SECRETARY, Role.DUTY_BEARER))


def opening_letter(actor: Actor) -> Recommendation | None:
    """The letter with whose code the page of the actor's body was taken over, while it waits for its first answer."""
    theirs = public_whole().filter(take_overs__body__in=bodies_of(actor), answered_on__isnull=True)
    return theirs.order_by("-take_overs__id").first()


def bodies_to_open(actor: Actor) -> QuerySet[Organisation]:
    """The bodies of which the actor is a secretary, and that have no page yet."""
    return bodies_without_page(actor).filter(code__in=actor.organisations(Role.BODY_SECRETARY))


def draft_for(actor: Actor, recommendation: Recommendation) -> Draft | None:
    """The answer that waits for a signature; only those see it who answer for the body."""
    ours = actor.organisations(Role.BODY_SECRETARY, Role.DUTY_BEARER)
    is_ours = recommendation.body_code in ours
    return Draft.objects.filter(recommendation=recommendation).first() if is_ours else None


def organisations_that_recommend(actor: Actor) -> QuerySet[Organisation]:
    """The recognised peer organisations in whose name this actor can write to a body, or check what was delivered."""
    codes = actor.organisations(Role.ORG_STEWARD, Role.PEER_EDITOR) & set(public_recognised_codes())
    return Organisation.objects.filter(code__in=codes, kind=OrganisationKind.PEER).order_by("name", "id")


def public_waiting(body: Body) -> int:
    """How many recommendations wait for the body's answer."""
    return Recommendation.objects.filter(body=body, owed_on__isnull=False).count()


def public_running(body: Body, organisation: Organisation) -> int:
    """How many of the organisation's wait for the body's answer and are not past their day: silence protects nobody."""
    waiting = Recommendation.objects.filter(body=body, organisation=organisation)
    return waiting.filter(owed_on__gte=clock.today(body.time_zone)).count()


def _named_recommendations(codes: Collection[str]) -> dict[str, Named]:
    found = Recommendation.objects.filter(code__in=codes).select_related("organisation", "body__organisation")
    whose = {
        one.pk: Named(one.organisation.name, one.organisation.language, one.organisation.get_absolute_url())
        for one in found
    }
    return {
        one.code: Named(str(one), one.language, one.get_absolute_url(), whose[one.pk], is_title=True)
        if one.text
        else Named(gettext("words that were taken away"), "", one.get_absolute_url(), whose[one.pk])
        for one in found
    }


def public_told(code: str = "") -> Iterator[Told]:
    """All that the rows of recommendations tell, or those of one, by its code."""
    found = public_whole().filter(code=code) if code else public_whole()
    for recommendation in found.order_by("id").iterator(_CHUNK):
        yield _with_its_dates(recommendation)

    def each(kind: Any, *related: str, of: str = "recommendation") -> Iterator[Any]:
        rows = kind.objects.select_related(*related, f"{of}__body__organisation").order_by("id")
        return iter((rows.filter(**{f"{of}__code": code}) if code else rows).iterator(_CHUNK))

    for kind in (Serving, Acknowledgement):
        yield from map(told, each(kind))
    yield from map(told, each(Delivery, "commitment"))
    for question in each(Question):
        if question.answered_on or question.answer or question.answer_language:
            yield told_answer(question)
    yield from map(told, each(Response, "corrects", "passed_to__organisation"))
    yield from map(told, each(Commitment, "said_by"))
    yield from map(told, each(Verification, "organisation", of="delivery__recommendation"))
    yield from map(told, each(Dissent, "organisation", of="response__recommendation"))


def _public_replaceable(code: str = "") -> Iterator[Told]:
    """The questions and the time that were taken; what others took is replaced by the body's own word."""
    of_it = {"recommendation__code": code} if code else {}
    for kind in (Question, Extension):
        rows: QuerySet[Any] = kind._default_manager.select_related("recommendation__body__organisation")
        yield from map(told, rows.filter(**of_it).order_by("id").iterator(_CHUNK))


def _with_its_dates(row: Recommendation) -> Told:
    """What it tells; of the dates beside it only those that do not follow from what happened, which no record holds."""
    tells, true = told(row), Recommendation()
    try:
        true.settle(row.course().standing())
    except (
        ValueError,
        NotImplementedError,
    ):  # an answer or a verdict that nobody can give: its own row tells that it was bent
        return tells
    wrong = {name: str(getattr(row, name)) for name in STANDING if getattr(row, name) != getattr(true, name)}
    wrong |= {f"is_denied of {one.code}": str(one.is_denied) for one in public_wrongly_denied(row)}
    if row.is_letter and row.sent_on != row.arrived_on():
        wrong["sent_on"] = str(row.sent_on)
    return replace(tells, facts={**tells.facts, **wrong})


names("recommendation", _named_recommendations)
stands_in_rows(TYPES - REPLACED, public_told, about=public_told)
stands_in_rows(REPLACED, _public_replaceable, newest=(), about=_public_replaceable)
