"""A peer organisation names what gives a body its deadlines; the body takes its page over with a letter; and whether it
is the body that did, another letter or the host says."""

import datetime
from typing import Any

from django.utils.translation import gettext

from withus.acting import Record, acting, only_once, only_telling
from withus.compute.deadlines import Counting
from withus.compute.reasons import OF_A_REASON
from withus.core import clock, codes, erasure
from withus.core.errors import Refused, all_at_once
from withus.people import roles
from withus.people.coming import on_coming_in
from withus.people.models import Invite, InviteBatch, Organisation
from withus.policy.facts import Actor, ActorKind, Role
from withus.policy.rules import Action
from withus.processes.board.conditions import only_fit_numbers, only_known_holidays
from withus.processes.models import Body
from withus.recommendations.conditions import LAW, REASON, only_for_whom_one_speaks
from withus.recommendations.letters import queries
from withus.recommendations.letters.models import SETTLED, Joined, JoiningWord, Norm, TakeOver
from withus.recommendations.models import Draft, Recommendation, Response
from withus.recommendations.queries import Addressee, public_whole
from withus.recommendations.settling import settle

TIME_TO_JOIN = datetime.timedelta(days=30)


def cite(
    actor: Actor,
    addressee: Addressee,
    *,
    organisation: Organisation,
    words: str,
    language: str,
    acknowledge_days: int,
    reply_days: int,
    question_days: int,
    extension_days: int,
    counting: str = Counting.CALENDAR.value,
    region: str = "",
) -> Norm:
    """Names the law, or another stated default, that gives the body its deadlines: for what is sent from now on.

    Earlier versions stay, and what was sent under them keeps its clock. Raises Refused, Denied.
    """
    with acting(actor, Action.CITE, addressee) as record:
        body = addressee.held()  # two at once get a version each
        days = {"acknowledge_days": acknowledge_days, "reply_days": reply_days}
        days |= {"question_days": question_days, "extension_days": extension_days}
        with all_at_once() as check:
            check(only_for_whom_one_speaks, actor, organisation)
            check(only_telling, LAW, OF_A_REASON, words=words)
            check(only_fit_numbers, **days)
            check(only_known_holidays, region)
        made = Norm.objects.create(
            body=body,
            version=body.norms.count() + 1,
            by=organisation,
            words=words,
            language=language,
            **days,
            counting=counting,
            region=region,
            said_on=clock.today(body.time_zone),
        )
        record.told(made.told(), by=ActorKind.ORGANISATION, body=body.code)
    return made


def take_over(actor: Actor, body: Body, *, code: str) -> None:
    """Takes the page of a body over that nobody answers for, with the code of any letter to it.

    From then on the same code is a card for the body's first secretary. Whoever gives up before she has joined can
    come back with it; with another letter's code, the earlier card is worthless. One sentence says no to every wrong
    code, used ones too, at one price. Raises Refused.
    """
    with acting(actor, Action.TAKE_OVER, body) as record:
        # Whoever joins with such a card in this moment is waited for: then somebody answers for the body.
        cards = Invite.objects.select_for_update(of=("self",)).filter(batch__take_overs__body=body)
        waiting = {one.digest: one.batch for one in cards.select_related("batch")}
        letter, is_answered_for = queries.public_letter(body, code), body.organisation.is_answered_for()
        if letter is None or is_answered_for:
            sentence = gettext(
                "This code does not open this page. Read it once more from the letter. "
                "If somebody answers for this body already, ask them for a card."
            )
            raise Refused(sentence, "code")
        digest, today = codes.digest(codes.read_code(code)), clock.today()
        same = waiting.get(digest)
        if same and same.ends_on >= today:
            record.nothing()
            return
        InviteBatch.objects.filter(pk__in={one.pk for one in waiting.values()}).delete()
        batch = InviteBatch.objects.create(
            organisation=body.organisation,
            role=Role.BODY_SECRETARY,
            made_on=today,
            ends_on=today + TIME_TO_JOIN,
            size=1,
        )
        Invite.objects.create(batch=batch, digest=digest)
        made = TakeOver.objects.create(body=body, letter=letter, batch=batch, said_on=clock.today(body.time_zone))
        record.told(made.told(), by=ActorKind.BODY, body=body.code)


@on_coming_in
def _came_in(batch: InviteBatch) -> dict[str, object]:
    """Somebody came in with the code of a letter: the record of her role says with which, and the row that it was."""
    used = TakeOver.objects.filter(batch=batch).select_related("letter").first()
    if used is None:
        return {}
    used.is_used = True
    used.save(update_fields=["is_used"])
    return {"opened_with": used.letter.code}


def _open_to_words(body: Body) -> TakeOver:
    """The take-over about which a letter can still say something; raises Refused."""
    joined = queries.public_joined(body)
    if joined is None:
        raise Refused(gettext("Nobody took this page over with a letter, so there is nothing to say about that."))
    if joined.joined() in SETTLED:
        raise Refused(gettext("This house has said how it checked. If that is wrong, write to whoever runs it."))
    return joined


def _letter_beside(body: Body, joined: TakeOver, code: str) -> Recommendation:
    """Another letter to the body whose code was typed; raises Refused."""
    letter = queries.public_letter(body, code)
    if letter is None:
        raise Refused(gettext("This code stands on no letter to this body. Read it once more from the letter."), "code")
    if letter == joined.letter:
        raise Refused(gettext("This letter opened the page. It takes another one."), "code")
    return letter


def _say_of(record: Record, joined: TakeOver, by: ActorKind, **said: Any) -> None:
    body = joined.body
    made = JoiningWord.objects.create(take_over=joined, said_on=clock.today(body.time_zone), **said)
    if made.kind == Joined.OUSTED:
        _disown(made)
    record.told(made.told(), by=by, body=body.code)


def _disown(word: JoiningWord) -> None:
    """What those entered who were not the body does not hold: the clocks run on as if nobody had said it.

    An answer says so itself; of all else the days decide, see `processes.others`.
    What they drafted and signed goes: nobody of the body would sign it by sending it.
    """
    joined = word.take_over
    rows = Recommendation.objects.select_for_update(no_key=True).filter(body=joined.body)
    held = {one.pk: one for one in rows}
    if Draft.objects.filter(recommendation__in=held).delete()[0]:
        erasure.for_good()
    theirs = Response.objects.filter(recommendation__in=held, said_on__gte=joined.said_on, disowned_by=None)
    theirs.update(disowned_by=word)
    for one in public_whole().filter(body=joined.body):
        if one.course().standing() != one.standing():
            settle(held[one.pk])


def confirm(actor: Actor, body: Body, *, code: str) -> None:
    """Those who answer for the body have a letter of another recognised peer organisation too, once: so two
    organisations sent theirs to the same people. Raises Refused, Denied.
    """
    with acting(actor, Action.CONFIRM, body) as record:
        joined = _open_to_words(body)
        letter = _letter_beside(body, joined, code)
        if not queries.public_is_of_others(letter, joined):
            advice = gettext(
                "It takes a letter of another recognised peer organisation than the one whose letter opened the page, "
                "and not of a chapter of the same."
            )
            raise Refused(advice, "code")
        only_once(joined.words.filter(kind=Joined.AGREED))
        _say_of(record, joined, ActorKind.BODY, kind=Joined.AGREED, letter=letter)


def contest(actor: Actor, body: Body, *, code: str, reason: str, language: str) -> None:
    """Whoever holds another letter to the body says that those who answer here are not the body: in public, once with
    each letter, until the host has said how it checked. Raises Refused, Denied.
    """
    with acting(actor, Action.CONTEST, body) as record:
        joined = _open_to_words(body)
        with all_at_once() as check:
            check(only_telling, REASON, OF_A_REASON, reason=reason)
            letter = _letter_beside(body, joined, code)
        only_once(joined.words.filter(kind=Joined.CONTESTED, letter=letter))
        said = {"letter": letter, "reason": reason, "language": language}
        _say_of(record, joined, ActorKind.BODY, kind=Joined.CONTESTED, **said)


def attest(actor: Actor, body: Body, *, holds: bool, reason: str, language: str) -> None:
    """The host says in public how it checked whether those who answer for the body are the body. If they are not, all
    their roles end, what they answered is no answer, and no letter of the organisation whose letter they had opens the
    page any more.

    Raises Refused, Denied.
    """
    with acting(actor, Action.ATTEST, body) as record:
        joined, kind = queries.public_joined(body), Joined.HELD if holds else Joined.OUSTED
        if joined is None:
            raise Refused(gettext("Nobody took this page over with a letter, so there is nothing to say about that."))
        if joined.joined() in {kind, Joined.OUSTED}:
            raise Refused(gettext("This house has said so already. Their roles have ended, or they hold the page."))
        only_telling(REASON, OF_A_REASON, reason=reason)
        ended = {} if holds else roles.end_all(body.organisation)
        said = {"reason": reason, "language": language, "roles_ended": ended}
        _say_of(record, joined, ActorKind.ORGANISATION, kind=kind, **said)
