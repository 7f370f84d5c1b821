"""What is done at a body's table: each deed in public, and none that takes anything away again."""

import datetime
from collections.abc import Collection, Mapping
from typing import TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext

from withus.acting import Record, acting, only_once, only_telling
from withus.compute.reasons import OF_A_REASON
from withus.core import clock, codes
from withus.core.errors import Refused, all_at_once, only_if
from withus.pay.models import Work
from withus.pay.owing import owe
from withus.people.models import Organisation
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.processes.board import queries
from withus.processes.board.conditions import (
    member,
    only_fit_terms,
    only_fit_votes,
    only_for_whom_one_speaks,
    only_free,
    only_from_today,
    only_new,
    only_seats_of,
    only_titles,
    only_while_there,
    only_with_notice,
    who_fills,
)
from withus.processes.board.models import (
    Approval,
    Attendance,
    Decision,
    Interest,
    Item,
    Meeting,
    Minutes,
    Objection,
    Paper,
    Seat,
    SeatEnd,
    SeatVote,
    Tenure,
    TenureEnd,
    Terms,
)
from withus.processes.board.speaking import Side, Speaker
from withus.processes.models import Body
from withus.processes.others import only_from_tomorrow

Row = TypeVar("Row", bound=models.Model)
Words = TypeVar("Words", Item, Paper, Objection)
BODY, ORGANISATION, PEERS = ActorKind.BODY, ActorKind.ORGANISATION, ActorKind.PEERS


def _today(body: Body) -> datetime.date:
    return clock.today(body.time_zone)


def _held(row: Row) -> Row:
    """The row, read anew and held until the end of the transaction: two at once come one after the other."""
    return type(row)._default_manager.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


def _kind(speaker: Speaker) -> ActorKind:
    """Of a peer in a seat the day is told, and no more."""
    if speaker.side == Side.BODY:
        return BODY
    return PEERS if speaker.seat and speaker.side == Side.PEERS else ORGANISATION


def adopt(actor: Actor, body: Body, *, terms: Terms) -> Terms:
    """Adopts these terms of reference as the next version; clocks that run keep theirs. Raises Refused, Denied."""
    with acting(actor, Action.ADOPT, body) as record:
        only_from_tomorrow(body.pk, _today(body))
        only_fit_terms(terms, _today(body))
        only_new(queries.public_own_versions(body).first(), terms)
        terms.body, terms.version, terms.endorsed_on = body, body.terms.count() + 1, _today(body)
        terms.save(force_insert=True)
        record.told(terms.told(), by=BODY, body=body.code)
    return terms


def add_seat(
    actor: Actor,
    body: Body,
    *,
    name: str,
    side: str,
    language: str,
    organisation: Organisation | None = None,
    has_vote: bool = False,
    code: str = "",
) -> Seat:
    """Adds a seat and says which organisation fills it; the body fills its own. Raises Refused, Denied."""
    with acting(actor, Action.ADD_SEAT, body) as record:
        with all_at_once() as check:
            check(only_titles, name=name)
            is_new = not body.seats.filter(name__iexact=name, ending__isnull=True).exists()
            check(only_if, is_new, gettext("A seat of this name is there already. Give it another name."), "name")
            filler = who_fills(body, organisation, side)
        seat = Seat.objects.create(
            code=code or codes.code(),
            body=body,
            name=name,
            side=side,
            organisation=filler,
            has_vote=has_vote,
            language=language,
            set_up_on=_today(body),
        )
        record.told(seat.told(), by=BODY, body=body.code)
    return seat


def end_seat(actor: Actor, seat: Seat, *, reason: str, language: str, ends_on: datetime.date) -> None:
    """Ends a seat with a day from today on, and says why. Raises Refused, Denied."""
    with acting(actor, Action.END_SEAT, seat) as record:
        if SeatEnd.objects.filter(seat=seat).exists():
            raise Refused(gettext("It was said already when this seat ends."))
        with all_at_once() as check:
            check(only_from_today, "ends_on", ends_on, _today(seat.body))
            why = gettext("Say why, in a sentence or more: everybody reads it.")
            check(only_telling, why, OF_A_REASON, reason=reason)
        said_on = _today(seat.body)
        made = SeatEnd.objects.create(seat=seat, reason=reason, language=language, ends_on=ends_on, said_on=said_on)
        record.told(made.told(), by=BODY, body=seat.body.code)


def fill(actor: Actor, seat: Seat, *, since: datetime.date, until: datetime.date, pseudonym: str = "") -> Tenure:
    """Fills a seat from a day until another; who sits there is named if she has an account, and shown to nobody.

    Raises Refused, Denied.
    """
    with acting(actor, Action.FILL, queries.public_sitting(seat, queries.public_recognised())) as record:
        held, day = queries.public_all_seats().get(pk=_held(seat).pk), _today(seat.body)
        if until < since:
            raise Refused(gettext("It ends before it begins. Choose a later day."), "until")
        with all_at_once() as check:
            check(only_from_today, "since", since, day)
            check(only_while_there, held, since)
            check(only_free, held, since, until)
            account = check(member, held, pseudonym, since, until)
        about = {"account": account, "is_named": account is not None}
        made = Tenure.objects.create(seat=held, since=since, until=until, said_on=day, **about)
        by = ORGANISATION if held.side == Side.PEERS else BODY
        record.told(made.told(), by=by, body=held.body.code)
    return made


def vacate(actor: Actor, seat: Seat, *, ends_on: datetime.date) -> None:
    """Ends the term that runs in a seat earlier than was meant; nobody has to say why. Raises Refused, Denied."""
    with acting(actor, Action.VACATE, queries.public_sitting(seat, queries.public_recognised())) as record:
        held, day = _held(seat), _today(seat.body)
        tenure = held.holder_on(day)
        if tenure is None or hasattr(tenure, "ending"):
            raise Refused(gettext("Nobody holds this seat today, or it was said already when this term ends."))
        if not day <= ends_on < tenure.until:
            raise Refused(gettext("Choose a day from today on, before the term would end anyway."), "ends_on")
        made = TenureEnd.objects.create(tenure=tenure, ends_on=ends_on, said_on=day)
        record.told(made.told(), by=PEERS if held.side == Side.PEERS else BODY, body=held.body.code)


def call(
    actor: Actor,
    body: Body,
    *,
    day: datetime.date,
    place: str,
    planned_minutes: int,
    language: str,
    urgency: str = "",
    code: str = "",
) -> Meeting:
    """Calls a meeting a week ahead; sooner only with a public reason, and never for today. Raises Refused, Denied."""
    with acting(actor, Action.CALL, body) as record:
        with all_at_once() as check:
            check(only_with_notice, day, _today(body), urgency)
            check(only_titles, place=place)
        only_once(body.meetings.filter(day=day, place=place))
        meeting = Meeting.objects.create(
            code=code or codes.code(),
            body=body,
            day=day,
            place=place,
            planned_minutes=planned_minutes,
            urgency=urgency,
            language=language,
            called_on=_today(body),
        )
        record.told(meeting.told(), by=BODY, body=body.code)
    return meeting


def bring_up(
    actor: Actor,
    meeting: Meeting,
    *,
    speaker: Speaker,
    title: str,
    summary: str,
    wanted: str,
    language: str,
    code: str = "",
) -> Item:
    """Brings an item up until the day before the meeting. It stays; where the terms give that right, on the agenda.

    Raises Refused, Denied.
    """
    body = meeting.body
    with acting(actor, Action.BRING_UP, queries.public_table(body)) as record:
        day = _today(body)
        if day >= meeting.day:
            raise Refused(gettext("Items can be brought up until the day before the meeting. Choose a later one."))
        only_titles(title=title, summary=summary)
        terms, by = queries.public_terms(body, day), Item.by(speaker)
        about = {"meeting": meeting, "title": title, "summary": summary, "wanted": wanted, "language": language}
        is_on_agenda = speaker.side == Side.BODY or (terms is not None and terms.agenda_right)
        item = Item(code=code or codes.code(), is_on_agenda=is_on_agenda, proposed_on=day, **about, **by)
        return _said(record, actor, body, item, same=_held(meeting).items.filter(title=title, **by))


def add_paper(
    actor: Actor, item: Item, *, speaker: Speaker, title: str, where: str, language: str, is_plain: bool = False
) -> Paper:
    """Says where something can be read for an item, and whether it is in plain words. Raises Refused, Denied."""
    body = item.meeting.body
    with acting(actor, Action.ADD_PAPER, queries.public_table(body)) as record:
        only_titles(title=title, where=where)
        about = {"item": item, "title": title, "where": where, "is_plain": is_plain, "language": language}
        paper = Paper(added_on=_today(body), **about, **Paper.by(speaker))
        return _said(record, actor, body, paper, same=_held(item).papers.filter(title=title, where=where))


def _said(
    record: Record, actor: Actor, body: Body, made: Words, *, same: QuerySet[Words], also_office: bool = True
) -> Words:
    """Keeps what somebody says at the table, once, and in a name in which she can speak today."""
    only_for_whom_one_speaks(actor, body, made.speaker, also_office=also_office)
    only_once(same)
    made.save(force_insert=True)
    record.told(made.told(), by=_kind(made.speaker), body=body.code)
    return made


def write_minutes(
    actor: Actor, meeting: Meeting, *, words: str, duration: int, present: Collection[str], language: str
) -> Minutes:
    """Writes the minutes, once, on the day or later; `present` are codes of seats.

    For each seat of peers that was there the body owes its hours, at the agreed rate. Raises Refused, Denied.
    """
    with acting(actor, Action.WRITE_MINUTES, meeting) as record:
        day = _today(meeting.body)
        if day < meeting.day:
            raise Refused(gettext("The meeting has not been yet. Minutes can be written on its day or later."))
        if Minutes.objects.filter(meeting=meeting).exists():
            raise Refused(gettext("There are minutes already. They stay as they are."))
        with all_at_once() as check:
            advice = gettext("Say in a sentence or more what was said and done: everybody reads it.")
            check(only_telling, advice, words=words)
            seats = only_seats_of(meeting.body, present, meeting.day)
        minutes = Minutes.objects.create(
            meeting=meeting, words=words, duration=duration, language=language, written_on=day
        )
        Attendance.objects.bulk_create(Attendance(minutes=minutes, seat=seat) for seat in seats)
        for seat in seats:
            if seat.side == Side.PEERS:  # their time was asked for: it is owed from now on, whoever forgets to claim it
                owe(
                    payer=meeting.body.organisation,
                    worked_for=seat.organisation,
                    kind=Work.MEETING,
                    subject=meeting.code,
                    seat=seat.code,
                    minutes=duration,
                    worked_on=meeting.day,
                )
        record.told(minutes.told(), by=BODY, body=meeting.body.code)
    return minutes


def conclude(
    actor: Actor,
    item: Item,
    *,
    words: str,
    language: str,
    votes: Mapping[str, str],
    conflicts: Collection[str] = (),
    conflict_words: str = "",
) -> Decision:
    """Says once, after the minutes, what the meeting made of an item; `votes` and `conflicts` name seats by code.

    Raises Refused, Denied.
    """
    with acting(actor, Action.CONCLUDE, item) as record:
        minutes = Minutes.objects.filter(meeting=item.meeting).first()
        if minutes is None:
            raise Refused(gettext("Write the minutes first. Then it is known which seats were there."))
        if Decision.objects.filter(item=item).exists():
            raise Refused(gettext("It was said already what was decided. That stays as it is."))
        with all_at_once() as check:
            check(only_telling, gettext("Say in a sentence or more what was decided, and why."), words=words)
            there = check(only_fit_votes, minutes, votes, conflicts) or {}
            if conflicts:
                advice = gettext("Say which conflict of interest was declared, in a sentence.")
                check(only_telling, advice, conflict_words=conflict_words)
        decision = Decision.objects.create(
            item=item,
            words=words,
            conflict_words=conflict_words if conflicts else "",
            language=language,
            decided_on=_today(item.meeting.body),
        )
        SeatVote.objects.bulk_create(
            SeatVote(decision=decision, seat=there[code], value=value) for code, value in votes.items()
        )
        Interest.objects.bulk_create(Interest(decision=decision, seat=there[code]) for code in sorted(conflicts))
        record.told(decision.told(), by=BODY, body=item.meeting.body.code)
    return decision


def object_to(actor: Actor, decision: Decision, *, speaker: Speaker, words: str, language: str) -> Objection:
    """Puts dissent beside a decision, for good. Raises Refused, Denied."""
    body = decision.item.meeting.body
    with acting(actor, Action.OBJECT_TO, queries.public_table(body)) as record:
        only_telling(gettext("Say in a sentence what you hold against it: everybody reads it."), words=words)
        by = Objection.by(speaker)
        made = Objection(decision=decision, words=words, language=language, said_on=_today(body), **by)
        same = _held(decision).objections.filter(words=words, **by)
        return _said(record, actor, body, made, same=same, also_office=False)


def approve_minutes(actor: Actor, minutes: Minutes, *, organisation: Organisation) -> None:
    """Says for a peer organisation with a seat that the minutes are right; once each. Raises Refused, Denied."""
    body = minutes.meeting.body
    with acting(actor, Action.APPROVE_MINUTES, queries.public_table(body)) as record:
        approving = queries.organisations_that_approve(actor, body)
        if not (actor.is_system or approving.filter(pk=organisation.pk).exists()):
            raise Refused(gettext("Choose an organisation for which you can speak."), "organisation")
        if _held(minutes).approvals.filter(organisation=organisation).exists():
            raise Refused(gettext("Your organisation has approved these minutes already."))
        made = Approval.objects.create(minutes=minutes, organisation=organisation, approved_on=_today(body))
        record.told(made.told(), by=ORGANISATION, body=body.code)
