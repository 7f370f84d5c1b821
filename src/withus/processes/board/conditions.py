"""When something can be done at the table: the conditions of its deeds, each with its sentence. For actions only."""

import datetime
from collections.abc import Collection, Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.acting import only_telling
from withus.compute.deadlines import is_region
from withus.compute.reasons import OF_A_REASON, names_something
from withus.core import clock
from withus.core.errors import Refused, all_at_once, only_if
from withus.people.models import Account, Membership, Organisation, in_force
from withus.people.names import read_pseudonym
from withus.policy.facts import Actor
from withus.processes.board import queries
from withus.processes.board.models import Minutes, Seat, Tenure, Terms
from withus.processes.board.speaking import Side, Speaker
from withus.processes.board.terms import AHEAD, LIMITS, LONGEST, TEXTS
from withus.processes.models import Body
from withus.web.language import written_day, written_number

STATED = _("Say this in a sentence: others rest on it, and one word tells them nothing.")
NOTICE = datetime.timedelta(days=7)  # between the call and the meeting; the product's own measure


def only_fit_terms(terms: Terms, day: datetime.date) -> None:
    """Raises Refused for terms that say nothing, begin in the past, hold for ever, or count as nobody can or should."""
    with all_at_once() as check:
        for name in TEXTS:
            if words := getattr(terms, name):
                check(only_telling, STATED, **{name: words})
        check(_only_fit_beginning, terms.in_force_on, day)
        check(_only_fit_review, terms.review_on, terms.in_force_on)
        check(only_fit_numbers, **{name: getattr(terms, name) for name in LIMITS})
        check(only_known_holidays, terms.region)


def _only_fit_beginning(in_force_on: datetime.date, day: datetime.date) -> None:
    if in_force_on < day:
        raise Refused(gettext("This day has passed. Terms hold from today on, or from a later day."), "in_force_on")
    if in_force_on > day + AHEAD:
        raise Refused(gettext("Choose a day at most a year away. Later terms can be adopted later."), "in_force_on")


def _only_fit_review(review_on: datetime.date, in_force_on: datetime.date) -> None:
    if review_on <= in_force_on:
        raise Refused(gettext("Choose a day after the one from which the terms hold."), "review_on")
    if review_on - in_force_on > LONGEST:
        sentence = gettext("Choose a day at most three years after the one from which the terms hold.")
        raise Refused(sentence, "review_on")


def only_known_holidays(region: str) -> None:
    """Raises Refused for a region whose public holidays nobody knows."""
    sentence = gettext("We know no public holidays of this region. Write it like DE or DE-BE, or leave it empty.")
    only_if(is_region(region), sentence, "region")


def only_fit_numbers(**numbers: int | None) -> None:
    """Raises Refused for numbers that terms, or a law, cannot give: beyond their bounds, or longer than the answer."""
    reply = numbers["reply_days"] or 0
    with all_at_once() as check:
        for name, number in numbers.items():
            check(only_within, name, number)
        heard = gettext("Saying that it has arrived cannot take longer than the answer.")
        check(only_if, (numbers["acknowledge_days"] or 0) <= reply, heard, "acknowledge_days")
        more = gettext("More time cannot be longer than the time for the answer itself.")
        check(only_if, (numbers["extension_days"] or 0) <= reply, more, "extension_days")


def only_within(name: str, number: int | None) -> None:
    """Raises Refused for a number beyond the bounds of its field."""
    least, most = LIMITS[name]
    if number is None or least <= number <= most:
        return
    if name == "cap" and number < least:
        sentence = gettext("Fewer than ten would keep peers from asking. Write ten or more, or leave it empty.")
    else:
        bounds = {"least": written_number(least), "most": written_number(most)}
        sentence = gettext("Write a number from %(least)s to %(most)s.") % bounds
    raise Refused(sentence, name)


def only_new(last: Terms | None, terms: Terms) -> None:
    """Raises Refused for terms that state what the last version does: sent twice, they would be two."""
    if last and not any(point.is_changed for point in queries.public_points(terms, last)):
        number = written_number(last.version)
        raise Refused(gettext("This is what version %(number)s says already. Change something.") % {"number": number})


def only_titles(**titles: str) -> None:
    """Raises Refused for what is so short that nobody could find the thing again."""
    with all_at_once() as check:
        for field, title in titles.items():
            check(only_if, names_something(title), gettext("Write at least a word, so that others can find it."), field)


def only_from_today(field: str, day: datetime.date, today: datetime.date) -> None:
    """Raises Refused for a day that has passed."""
    only_if(day >= today, gettext("This day has passed. Choose one from today on."), field)


def who_fills(body: Body, organisation: Organisation | None, side: str) -> Organisation:
    """Who fills a seat; raises Refused for nobody, and for somebody from the other side of the table."""
    if side == Side.BODY:
        return body.organisation
    if organisation is None or organisation == body.organisation:
        raise Refused(gettext("Choose the organisation that fills this seat; the body cannot."), "organisation")
    if not queries.public_is_fit(organisation, side):
        advice = gettext("A seat of peers is filled by a peer organisation, and a peer organisation fills no other.")
        raise Refused(advice, "organisation")
    return organisation


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
    with all_at_once() as check:
        for code in (*votes, *conflicts):
            check(_only_a_fit_vote, f"seat_{code}", there.get(code), code in votes, code in conflicts)
    return there


def _only_a_fit_vote(field: str, seat: Seat | None, has_voted: bool, has_conflict: bool) -> None:
    if seat is None:
        raise Refused(gettext("A seat that was not there cannot have voted, nor stepped out."), field)
    if has_voted and has_conflict:
        raise Refused(gettext("A seat that declared a conflict of interest does not vote on this item."), field)
    if has_voted and not seat.has_vote:
        raise Refused(gettext("This seat has no vote."), field)
