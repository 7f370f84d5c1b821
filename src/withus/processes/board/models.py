"""Terms of reference, seats and who holds them, meetings and what was decided there: rows that are only added.

Each row tells the record that its deed left in the public log. Who holds a seat is told to nobody.
"""

import datetime
from collections.abc import Collection
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.core import codes
from withus.pay.owing import owed_facts
from withus.people.models import Account, Organisation
from withus.processes.board.speaking import Side, Spoken, Vote, Wanted
from withus.processes.board.terms import CHOSEN, DAYS, NUMBERS, TEXTS, Stated
from withus.processes.models import Body
from withus.public_log.rows import Told

Facts = dict[str, Any]


class Terms(Stated, models.Model):
    """A version of a body's terms of reference; an empty text means that nothing is stated."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    body = models.ForeignKey(Body, models.PROTECT, related_name="terms")
    version = models.PositiveSmallIntegerField()
    endorsed_on = models.DateField(_("Adopted on"))

    class Meta:
        verbose_name_plural = "terms"
        ordering = ("-version",)
        constraints = [
            *Stated.Meta.constraints,
            models.UniqueConstraint(fields=["body", "version"], name="a_version_of_terms_exists_once"),
            models.CheckConstraint(
                condition=models.Q(in_force_on__gte=models.F("endorsed_on")), name="terms_hold_for_no_day_in_the_past"
            ),
        ]

    def told(self) -> Told:
        """Its record: days, numbers and rights as they stand, all words as commitments."""
        facts: Facts = {"terms": self.code, "body": self.body.code, "version": self.version}
        facts |= {name: getattr(self, name) for name in (*CHOSEN, *NUMBERS)}
        facts |= {name: getattr(self, name).isoformat() for name in DAYS}
        return Told("terms.adopted", self.code, facts, self, {name: name for name in TEXTS})


class Seat(models.Model):
    """A place at the body's table and the organisation that fills it, for as long as the seat is there."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    body = models.ForeignKey(Body, models.PROTECT, related_name="seats")
    name = models.CharField(max_length=120)
    side = models.CharField(max_length=8, choices=Side)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")
    has_vote = models.BooleanField(default=True)
    language = models.CharField(max_length=12, default="en")
    set_up_on = models.DateField()

    class Meta:
        ordering = ("set_up_on", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_code(self) -> str:
        """Whose table it stands at, for the policy."""
        return self.body.code

    def is_there(self, day: datetime.date) -> bool:
        """Whether the seat exists on the day."""
        ending: SeatEnd | None = getattr(self, "ending", None)
        return self.set_up_on <= day and (ending is None or day <= ending.ends_on)

    def holder_on(self, day: datetime.date) -> "Tenure | None":
        """The term that runs on the day, of two the later: the seat was filled anew after its holder had left."""
        if not self.is_there(day):
            return None
        return next((one for one in reversed(self.tenures.all()) if one.since <= day <= one.last_day), None)

    def is_filled(self, day: datetime.date, recognised: Collection[str]) -> bool:
        """Whether somebody holds it who belongs there, in one of peers for a recognised organisation (their codes)."""
        counts, holder = self.side != Side.PEERS or self.organisation.code in recognised, self.holder_on(day)
        return counts and holder is not None and holder.counts

    def told(self) -> Told:
        """Its record."""
        facts: Facts = {
            "seat": self.code,
            "body": self.body.code,
            "side": self.side,
            "organisation": self.organisation.code,
        }
        facts |= {"has_vote": self.has_vote, "language": self.language, "said_on": self.set_up_on.isoformat()}
        return Told("seat.added", self.code, facts, self, {"name": "name"})


class SeatEnd(models.Model):
    """From when on a seat is there no more, and why."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="ending")
    reason = models.TextField()
    language = models.CharField(max_length=12)
    ends_on = models.DateField()
    said_on = models.DateField()

    def told(self) -> Told:
        """Its record."""
        facts: Facts = {"seat": self.seat.code, "body": self.seat.body.code, "language": self.language}
        facts |= {"ends_on": self.ends_on.isoformat(), "said_on": self.said_on.isoformat()}
        return Told("seat.ended", self.seat.code, facts, self, {"reason": "reason"})


class Tenure(models.Model):
    """A term in a seat. Its account is shown to nobody but the person herself, and is gone when she leaves."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="tenures")
    account = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="tenures")
    is_named = models.BooleanField(default=False)  # stays when she leaves: then nobody sits there
    since = models.DateField()
    until = models.DateField()
    said_on = models.DateField()

    class Meta:
        ordering = ("since", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")), name="a_term_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["seat", "since"], name="one_term_begins_on_a_day"),
            models.CheckConstraint(
                condition=models.Q(account__isnull=True) | models.Q(is_named=True),
                name="whoever_has_an_account_in_a_seat_was_named",
            ),
        ]

    @property
    def last_day(self) -> datetime.date:
        """The last day of the term, perhaps earlier than it was meant."""
        ending: TenureEnd | None = getattr(self, "ending", None)
        return ending.ends_on if ending else self.until

    @property
    def counts(self) -> bool:
        """Whether its holder is still a member, as `queries.public_seats` finds; or had no account to be asked for."""
        return not self.is_named or bool(self.is_of_member)  # type: ignore[attr-defined]

    def told(self) -> Told:
        """Its record: the seat, its organisation and the days, never who."""
        seat = self.seat
        facts: Facts = {"seat": seat.code, "body": seat.body.code, "organisation": seat.organisation.code}
        facts |= {"since": self.since.isoformat(), "until": self.until.isoformat(), "said_on": self.said_on.isoformat()}
        facts |= {"is_named": self.is_named}
        what = "seat.filled" if seat.side == Side.PEERS else "seat.appointed"
        return Told(what, seat.code, facts, self, later=frozenset({"is_named"}))


class TenureEnd(models.Model):
    """A term that ends before its time; nobody has to say why."""

    tenure = models.OneToOneField(Tenure, models.PROTECT, related_name="ending")
    ends_on = models.DateField()
    said_on = models.DateField()

    def told(self) -> Told:
        """Its record."""
        seat = self.tenure.seat
        facts: Facts = {"seat": seat.code, "body": seat.body.code, "since": self.tenure.since.isoformat()}
        facts |= {"ends_on": self.ends_on.isoformat(), "said_on": self.said_on.isoformat()}
        return Told("seat.vacated", seat.code, facts, self)


class Meeting(models.Model):
    """A meeting of a body's table, called beforehand."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings")
    day = models.DateField()
    place = models.CharField(max_length=200)
    planned_minutes = models.PositiveSmallIntegerField()
    urgency = models.TextField(blank=True)  # why it is called with less notice than others
    language = models.CharField(max_length=12, default="en")
    called_on = models.DateField()

    class Meta:
        ordering = ("-day", "-id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(day__gt=models.F("called_on")), name="a_meeting_is_called_the_day_before_or_earlier"
            )
        ]

    @property
    def organisation_code(self) -> str:
        """Whose meeting it is, for the policy."""
        return self.body.code

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("meeting", args=[self.body.code, self.code])

    def told(self) -> Told:
        """Its record."""
        facts: Facts = {"meeting": self.code, "body": self.body.code, "minutes": self.planned_minutes}
        facts |= {"language": self.language}
        facts |= {"held_on": self.day.isoformat(), "said_on": self.called_on.isoformat()}
        return Told("meeting.called", self.code, facts, self, {"place": "place", "urgency": "urgency"})


class Item(Spoken, models.Model):
    """Something for a meeting's agenda. It stays, whether or not the meeting came to it."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    title = models.CharField(max_length=200)
    summary = models.TextField()
    wanted = models.CharField(max_length=8, choices=Wanted)
    is_on_agenda = models.BooleanField()  # by right, or because the body itself brought it up
    language = models.CharField(max_length=12, default="en")
    proposed_on = models.DateField()

    class Meta(Spoken.Meta):
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title

    @property
    def organisation_code(self) -> str:
        """Whose meeting it is for, for the policy."""
        return self.meeting.body.code

    def get_absolute_url(self) -> str:
        """Its place on the meeting's page."""
        return f"{self.meeting.get_absolute_url()}#item-{self.code}"

    def told(self) -> Told:
        """Its record."""
        facts: Facts = {
            "item": self.code,
            "meeting": self.meeting.code,
            "body": self.meeting.body.code,
            **self.spoken(),
        }
        facts |= {"wanted": self.wanted, "language": self.language, "said_on": self.proposed_on.isoformat()}
        facts |= {"is_on_agenda": self.is_on_agenda}
        return Told("item.proposed", self.code, facts, self, {"title": "title", "summary": "summary"})


class Paper(Spoken, models.Model):
    """Something to read for an item: where it can be read, and whether it is in plain words."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    item = models.ForeignKey(Item, models.PROTECT, related_name="papers")
    title = models.CharField(max_length=200)
    where = models.CharField(max_length=300)
    is_plain = models.BooleanField(default=False)
    language = models.CharField(max_length=12, default="en")
    added_on = models.DateField()

    class Meta(Spoken.Meta):
        ordering = ("id",)

    def told(self) -> Told:
        """Its record."""
        facts: Facts = {
            "paper": self.code,
            "item": self.item.code,
            "body": self.item.meeting.body.code,
            **self.spoken(),
        }
        facts |= {"language": self.language, "said_on": self.added_on.isoformat()}
        facts |= {"is_plain": self.is_plain}
        return Told("paper.added", self.code, facts, self, {"title": "title", "where": "where"})


class Minutes(models.Model):
    """What is kept of a meeting: written once, beside it who was there, by seat."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    words = models.TextField()
    duration = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12, default="en")
    written_on = models.DateField()

    class Meta:
        verbose_name_plural = "minutes"

    def told(self) -> Told:
        """Its record, with the seats that were there."""
        present = sorted(one.seat.code for one in self.attendances.all())
        facts: Facts = {"meeting": self.meeting.code, "body": self.meeting.body.code, "minutes": self.duration}
        facts |= {"present": present, "language": self.language, "said_on": self.written_on.isoformat()}
        facts |= owed_facts(self.meeting.code)
        return Told("minutes.written", self.meeting.code, facts, self, {"words": "words"})


class Attendance(models.Model):
    """A seat that was there."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="attendances")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="attendances")

    class Meta:
        ordering = ("seat__set_up_on", "seat_id")
        constraints = [models.UniqueConstraint(fields=["minutes", "seat"], name="a_seat_attends_once")]


class Approval(models.Model):
    """A peer organisation with a seat says that the minutes are right."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="approvals")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    approved_on = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["minutes", "organisation"], name="minutes_are_approved_once")]

    def told(self) -> Told:
        """Its record."""
        meeting = self.minutes.meeting
        facts: Facts = {"meeting": meeting.code, "body": meeting.body.code, "organisation": self.organisation.code}
        facts |= {"said_on": self.approved_on.isoformat()}
        return Told("minutes.approved", meeting.code, facts, self)


class Decision(models.Model):
    """What the meeting made of an item: only then it came to it."""

    item = models.OneToOneField(Item, models.PROTECT, related_name="decision")
    words = models.TextField()
    conflict_words = models.TextField(blank=True)  # of the seats that stepped out; which ones: see `Interest`
    language = models.CharField(max_length=12, default="en")
    decided_on = models.DateField()

    @property
    def organisation_code(self) -> str:
        """Whose decision it is, for the policy."""
        return self.item.organisation_code

    def told(self) -> Told:
        """Its record, with votes and conflicts by seat."""
        facts: Facts = {"item": self.item.code, "meeting": self.item.meeting.code, "body": self.organisation_code}
        for value in Vote:
            facts[value.value] = sorted(one.seat.code for one in self.votes.all() if one.value == value)
        facts |= {"conflicts": sorted(one.seat.code for one in self.interests.all()), "language": self.language}
        facts |= {"said_on": self.decided_on.isoformat()}
        words = {"words": "words", "conflict_words": "conflict_words"}
        return Told("item.decided", self.item.code, facts, self, words)


class SeatVote(models.Model):
    """The vote of a seat."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="votes")
    value = models.CharField(max_length=12, choices=Vote)

    class Meta:
        ordering = ("seat__set_up_on", "seat_id")
        constraints = [models.UniqueConstraint(fields=["decision", "seat"], name="a_seat_votes_once")]


class Interest(models.Model):
    """A seat that declared a conflict of interest and stepped out of the decision."""

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="interests")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="interests")

    class Meta:
        ordering = ("seat__set_up_on", "seat_id")
        constraints = [models.UniqueConstraint(fields=["decision", "seat"], name="a_seat_declares_a_conflict_once")]


class Objection(Spoken, models.Model):
    """Dissent beside a decision, for good."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="objections")
    words = models.TextField()
    language = models.CharField(max_length=12, default="en")
    said_on = models.DateField()

    class Meta(Spoken.Meta):
        ordering = ("id",)

    def told(self) -> Told:
        """Its record."""
        item = self.decision.item
        facts: Facts = {"objection": self.code, "item": item.code, "body": item.organisation_code, **self.spoken()}
        facts |= {"language": self.language, "said_on": self.said_on.isoformat()}
        return Told("objection.said", self.code, facts, self, {"words": "words"})
