"""When something can be done at the table: the conditions of its deeds, each with its sentence. For actions only."""

import datetime
from collections.abc import Collection, Mapping

from django.utils.translation import gettext

from withus.acting import only_telling
from withus.compute.deadlines import is_region
from withus.compute.reasons import OF_A_REASON, names_something
from withus.core import clock
from withus.core.errors import Refused
from withus.people.models import Account, Membership, in_force
from withus.people.names import read_pseudonym
from withus.policy.facts import Actor
from withus.processes.board import queries
from withus.processes.board.models import Minutes, Seat, Tenure, Terms
from withus.processes.board.speaking import Speaker
from withus.processes.board.terms import AHEAD, LEAST_CAP, LIMITS, LONGEST
from withus.processes.models import Body
from withus.web.language import written_day, written_number

NOTICE = datetime.timedelta(days=7)  # between the call and the meeting; the product's own measure


def only_fit_terms(terms: Terms, day: datetime.date) -> None:
    """Raises Refused for terms that reach into the past, hold for ever, or count in a way nobody can or should."""
    if terms.in_force_on < day:
        raise Refused(gettext("This day has passed. Terms hold from today on, or from a later day."), "in_force_on")
    if terms.in_force_on > day + AHEAD:
        raise Refused(gettext("Choose a day at most a year away. Later terms can be adopted later."), "in_force_on")
    if terms.review_on <= terms.in_force_on:
        raise Refused(gettext("Choose a day after the one from which the terms hold."), "review_on")
    if terms.review_on > terms.in_force_on + LONGEST:
        sentence = gettext("Choose a day at most three years after the one from which the terms hold.")
        raise Refused(sentence, "review_on")
    _only_fit_numbers(terms)
    if not is_region(terms.region):
        raise Refused(
            gettext("We know no public holidays of this region. Write it like DE or DE-BE, or leave it empty."),
            "region",
        )


def _only_fit_numbers(terms: Terms) -> None:
    if terms.cap is not None and terms.cap < LEAST_CAP:
        raise Refused(
            gettext("Fewer than ten would keep peers from asking. Write ten or more, or leave it empty."), "cap"
        )
    for name, (least, most) in LIMITS.items():
        number = getattr(terms, name)
        if number is not None and not least <= number <= most:
            says = gettext("Write a number from %(least)s to %(most)s.")
            raise Refused(says % {"least": written_number(least), "most": written_number(most)}, name)
    only_heard_before_answered(terms.acknowledge_days, terms.reply_days)


def only_heard_before_answered(acknowledge_days: int, reply_days: int) -> None:
    """Raises Refused for a body that would have longer to say that something has arrived than to answer it."""
    if acknowledge_days > reply_days:
        sentence = gettext("Saying that it has arrived cannot take longer than the answer.")
        raise Refused(sentence, "acknowledge_days")


def only_new(last: Terms | None, terms: Terms) -> None:
    """Raises Refused for terms that state what the last version does: sent twice, they would be two."""
    if last and not any(point.is_changed for point in queries.public_points(terms, last)):
        number = written_number(last.version)
        raise Refused(gettext("This is what version %(number)s says already. Change something.") % {"number": number})


def only_titles(**titles: str) -> None:
    """Raises Refused for what is so short that nobody could find the thing again."""
    for field, title in titles.items():
        if not names_something(title):
            raise Refused(gettext("Write at least a word, so that others can find it."), field)


def only_while_there(seat: Seat, day: datetime.date) -> None:
    """Raises Refused for a seat that ends, or has ended, before the day."""
    if not seat.is_there(max(day, seat.set_up_on)):
        raise Refused(gettext("This seat is not there any more on that day."))


def only_free(seat: Seat, since: datetime.date, until: datetime.date) -> None:
    """Raises Refused for days in which somebody holds the seat already; of whoever has left only the first day is
    taken, as two terms cannot begin on one."""
    tenures = [one for one in seat.tenures.all() if one.since <= until and since <= one.last_day]
    taken = next((one for one in tenures if one.counts or one.since == since), None)
    if taken:
        sentence = gettext("Somebody holds this seat from %(since)s to %(until)s. Choose days that are free.")
        days = {"since": written_day(taken.since), "until": written_day(taken.last_day)}
        raise Refused(sentence % days, "since")


def member(seat: Seat, pseudonym: str, since: datetime.date, until: datetime.date) -> Account | None:
    """The account of a member of the organisation that fills the seat, who holds no other on its side in these days;
    None if nobody is named.

    Raises Refused, with one sentence for everybody who cannot sit there: who is a member elsewhere, or sits where,
    is nobody's to find out. Held until the end of the transaction, so that nobody gets two seats at once.
    """
    if not pseudonym:
        return None
    members = Membership.objects.filter(in_force(clock.today()), organisation=seat.organisation)
    same_name = Account.objects.select_for_update().filter(pseudonym=read_pseudonym(pseudonym))
    found = same_name.filter(pk__in=members.values("account")).first()
    terms = Tenure.objects.filter(account=found, seat__body=seat.body, seat__side=seat.side).select_related("ending")
    terms = terms.exclude(seat__ending__ends_on__lt=since)
    if found is None or any(one.since <= until and since <= one.last_day for one in terms):
        sentence = gettext(
            "Nobody of this organisation who is free on these days has this pseudonym here. "
            "Look at it again, or leave it empty. One person holds one seat at a table."
        )
        raise Refused(sentence, "pseudonym")
    return found


def only_with_notice(day: datetime.date, today: datetime.date, urgency: str) -> None:
    """Raises Refused for a meeting so soon that nobody could bring anything up or come prepared, and says not why."""
    if day <= today:
        raise Refused(gettext("Nobody could bring anything up any more. Choose a day from tomorrow on."), "day")
    if day < today + NOTICE:
        advice = gettext("That is in less than a week. Choose a later day, or say in a sentence why it cannot wait.")
        only_telling(advice, OF_A_REASON, urgency=urgency)


def only_for_whom_one_speaks(actor: Actor, body: Body, speaker: Speaker, *, also_office: bool = True) -> None:
    """Raises Refused for a seat or organisation for which the actor cannot speak here today."""
    if actor.is_system:
        return
    own = queries.speakers(actor, body, also_office=also_office)
    if (speaker.side, speaker.code) not in {(one.side, one.code) for one in own}:
        raise Refused(gettext("Choose a seat or an organisation for which you can speak today."), "speaker")


def only_seats_of(body: Body, present: Collection[str], day: datetime.date) -> list[Seat]:
    """The seats of these codes; raises Refused for one that nobody held on the day."""
    held = {seat.code: seat for seat in queries.public_held_on(body, day)}
    if set(present) - set(held):
        raise Refused(gettext("Only a seat that somebody held on that day can have been there."), "present")
    return [held[code] for code in sorted(present)]


def only_fit_votes(minutes: Minutes, votes: Mapping[str, str], conflicts: Collection[str]) -> dict[str, Seat]:
    """The seats that were there, by code; raises Refused for a vote or a conflict of another, and for a vote that the
    terms or a declared conflict do not let the seat have."""
    there = {one.seat.code: one.seat for one in minutes.attendances.select_related("seat")}
    for code in (*votes, *conflicts):
        if code not in there:
            raise Refused(gettext("A seat that was not there cannot have voted, nor stepped out."), f"seat_{code}")
    for code in votes:
        if code in conflicts:
            raise Refused(
                gettext("A seat that declared a conflict of interest does not vote on this item."), f"seat_{code}"
            )
        if not there[code].has_vote:
            raise Refused(gettext("This seat has no vote."), f"seat_{code}")
    return there
