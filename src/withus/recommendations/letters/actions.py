"""A peer organisation names what gives a body its deadlines; the body takes its page over with a letter."""

import datetime

from django.utils.translation import gettext

from withus.acting import acting, only_telling
from withus.compute.deadlines import Counting
from withus.compute.reasons import OF_A_REASON
from withus.core import clock, codes
from withus.core.errors import Refused, all_at_once
from withus.people.models import Invite, InviteBatch, Organisation
from withus.policy.facts import Actor, ActorKind, Role
from withus.policy.rules import Action
from withus.processes.board.conditions import only_fit_numbers, only_known_holidays
from withus.processes.models import Body
from withus.recommendations.conditions import LAW, only_for_whom_one_speaks
from withus.recommendations.letters import queries
from withus.recommendations.letters.models import Norm, TakeOver
from withus.recommendations.queries import Addressee

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
