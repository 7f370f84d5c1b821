"""What gives a body its deadlines, what its letters open, and what its page says of both."""

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from withus.people.queries import public_recognised_codes
from withus.policy.facts import Actor, Role
from withus.policy.who import EDITORS, OFFICE
from withus.processes.board.queries import public_own_versions
from withus.processes.models import Body, BodyEnd
from withus.processes.others import finds_others
from withus.processes.queries import public_ends
from withus.recommendations.letters import secret
from withus.recommendations.letters import telling as telling
from withus.recommendations.letters.models import IN_DOUBT, SETTLED, Joined, JoiningWord, Norm, TakeOver
from withus.recommendations.models import Recommendation, Response

LATEST = 20  # of what others passed on to a body, on its page


@finds_others
def _days_of_others() -> Iterable[tuple[int, datetime.date, datetime.date]]:
    """From the day of a take-over to that of the host's word, both with: what was entered then is not the body's."""
    said = JoiningWord.objects.filter(kind=Joined.OUSTED)
    return said.values_list("take_over__body", "take_over__said_on", "said_on").order_by("id")


def public_norm_of(recommendation: Recommendation) -> Norm | None:
    """The law that gave it its clock, in the version of then; its words stand there alone, so they can go at once."""
    return recommendation.body.norms.filter(version=recommendation.norm_version or 0).first()


def public_norms(body: Body) -> QuerySet[Norm]:
    """All versions, the newest first: that one holds for what is sent today, if the body has no terms in force."""
    return body.norms.select_related("by").order_by("-version")


def public_take_overs(body: Body) -> QuerySet[TakeOver]:
    """Who took the page over, with which letter, and what was said of them; the newest first."""
    found = body.take_overs.select_related("letter__organisation").order_by("-id")
    return found.prefetch_related("words__letter__organisation")


def _used(body: Body) -> list[TakeOver]:
    """Those with which somebody came in, the newest first. Earlier versions did not write whether somebody did: then
    they count while somebody answers, or once the host has said that those were not the body."""
    is_answered_for, found = body.organisation.is_answered_for(), public_take_overs(body)
    if_unknown = [one for one in found if one.is_used is None and (is_answered_for or one.joined() == Joined.OUSTED)]
    return [one for one in found if one.is_used or one in if_unknown]


def public_joined(body: Body) -> TakeOver | None:
    """The take-over with which those came in who answer for the body, or did last; None if the host let them in."""
    found = next(iter(_used(body)), None)
    # Whoever answers now has come after all the roles had ended, and with no letter.
    is_over = found is not None and found.joined() == Joined.OUSTED and body.organisation.is_answered_for()
    return None if is_over else found


def _behind(answer: Response, used: list[TakeOver]) -> TakeOver | None:
    """The take-over with which those came in who gave this answer; of one that is ousted only until that day."""
    found = next((one for one in used if one.said_on <= answer.said_on), None)
    last = found.last_word() if found and found.joined() == Joined.OUSTED else None
    return None if last and answer.said_on > last.said_on else found


def public_doubts(recommendation: Recommendation) -> dict[int, TakeOver]:
    """The take-over behind each answer, by its row, while nobody else has confirmed that the body itself gave it."""
    used, unsure = _used(recommendation.body), {Joined.ALONE, *IN_DOUBT}
    behind = {one.pk: _behind(one, used) for one in recommendation.answers()}
    return {row: one for row, one in behind.items() if one and one.joined() in unsure}


def public_asked_in_vain(recommendation: Recommendation) -> Body | None:
    """The body, if the last answer was not its own, as the host found: then it can be asked once more."""
    answers, doubts = recommendation.answers(), public_doubts(recommendation)
    last = doubts.get(answers[-1].pk) if answers else None
    return recommendation.body if last and last.joined() == Joined.OUSTED else None


def public_contested(bodies: QuerySet[Body]) -> list[TakeOver]:
    """Of which of these bodies it is contested who answers: the host has to say how it checked."""
    doubted = bodies.filter(take_overs__words__kind=Joined.CONTESTED).distinct()
    found = [public_joined(body) for body in doubted]
    return [one for one in found if one and one.joined() == Joined.CONTESTED]


def _opening(body: Body) -> QuerySet[Recommendation]:
    """The letters whose codes say something: none of an organisation with whose letter somebody else came in."""
    ousted = TakeOver.objects.filter(body=body, words__kind=Joined.OUSTED)
    return Recommendation.objects.filter(body=body).exclude(organisation__in=ousted.values("letter__organisation"))


def public_opens(letter: Recommendation) -> bool:
    """Whether the letter's code opens the page of its body, while nobody answers there."""
    return _opening(letter.body).filter(pk=letter.pk).exists()


def public_letter(body: Body, typed: str) -> Recommendation | None:
    """The letter to this body whose code was typed."""
    letters = _opening(body).select_related("organisation")
    code = secret.opened_by(typed, letters.values_list("code", flat=True))
    return letters.filter(code=code or "").first()


def code_for(actor: Actor, letter: Recommendation) -> str:
    """The letter's code for those who speak for its sender, while it opens or says something; else nothing.

    Nobody who answers for the body gets one, by which she could confirm herself.
    """
    is_the_senders = letter.organisation_code in actor.organisations(*EDITORS)
    if not is_the_senders or letter.body_code in actor.organisations(*OFFICE):
        return ""
    joined, is_answered_for = public_joined(letter.body), letter.body.organisation.is_answered_for()
    can_speak = joined is not None and joined.letter != letter and joined.joined() not in SETTLED
    tells = can_speak if is_answered_for else public_opens(letter)
    return secret.code_of(letter.code) if tells else ""


def public_is_of_others(letter: Recommendation, joined: TakeOver) -> bool:
    """Whether the letter is of another recognised peer organisation than the one that opened the page, and of no
    chapter or sister of it."""
    ours, theirs = joined.letter.organisation, letter.organisation
    is_other = (ours.parent_id or ours.pk) != (theirs.parent_id or theirs.pk)
    return is_other and theirs.code in public_recognised_codes()


def public_has_joined(body: Body) -> bool:
    """Whether somebody answers for it here today, or it has ever spoken here: by terms, or by a word to peers.

    So nobody who joined becomes a body that each letter has to reach on paper, by letting all its roles end.
    """
    if body.organisation.is_answered_for():
        return True
    if (joined := public_joined(body)) and joined.joined() == Joined.OUSTED:
        return False  # whatever was said here last, the body did not say
    if public_own_versions(body).exists():
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
    found = public_ends().filter(successor__organisation__code__in=codes)
    found = found.select_related("body__organisation", "successor__organisation").order_by("-said_on", "-id")
    counted = found.annotate(owed=owed, by=Min("body__recommendations__owed_on"))
    return [Replaced(one, one.owed, one.by) for one in counted]


def _passed_on(body: Body) -> QuerySet[Response]:
    found = Response.objects.filter(passed_to=body, disowned_by=None).select_related(
        "recommendation__body__organisation"
    )
    return found.order_by("-said_on", "-id")[:LATEST]


@dataclass(frozen=True)
class Standing:
    """What a body's page says of its norm, of who took it over, and of what came to it from others."""

    body: Body
    norms: list[Norm]
    take_overs: list[TakeOver]
    joined: TakeOver | None
    is_answered_for: bool
    has_joined: bool
    may_cite: bool
    is_of_its_office: bool
    is_of_the_house: bool
    replaces: list[Replaced]
    passed_on_here: list[Response]


def standing(actor: Actor, body: Body) -> Standing:
    """What the page of a body says of its norm and of who took it over, as the actor sees it."""
    speaks_for = actor.organisations(*EDITORS)
    return Standing(
        body=body,
        norms=list(public_norms(body)),
        take_overs=list(public_take_overs(body)),
        joined=public_joined(body),
        is_answered_for=body.organisation.is_answered_for(),
        has_joined=public_has_joined(body),
        may_cite=bool(speaks_for and speaks_for & public_recognised_codes()),
        is_of_its_office=body.code in actor.organisations(*OFFICE),
        is_of_the_house=actor.holds(Role.INSTANCE_STEWARD),
        replaces=public_replaced([body.code]),
        passed_on_here=list(_passed_on(body)),
    )
