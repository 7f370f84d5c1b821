"""A voice: random codes, sealed bytes, days, and the week in which it ends. Nothing of who, and no word in clear."""

import datetime

from django.db import models
from django.urls import reverse

from withus.core import buckets, codes
from withus.people.models import Account, Organisation
from withus.voices.inboxes.models import Inbox


class Voice(models.Model):
    """What somebody sent. Whoever has its private key can read it; that key is sealed for inboxes and for the receipt.

    `locator` finds the row for a receipt, and `own_wrap` is the key for it, closed until `week` is over. On a slip
    it was sealed by somebody who did not have the receipt. `may_be_told` is her consent of today to a story; it lies in
    clear, so that nobody can miss that it ended.
    """

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    code = models.CharField(max_length=32, unique=True)
    locator = models.CharField(max_length=64, unique=True)
    public = models.BinaryField()
    own_wrap = models.BinaryField()
    is_on_slip = models.BooleanField(default=False)
    week = models.CharField(max_length=8, db_index=True)
    sent_on = models.DateField()
    may_be_told = models.BooleanField(default=False)

    @property
    def ends_on(self) -> datetime.date:
        """The last day on which it can be read, if nothing more happens."""
        return buckets.last_day(self.week)

    @property
    def lying(self) -> models.QuerySet["Envelope"]:
        """Where readers have it: its envelopes without those that were given up."""
        return self.envelopes.exclude(wrap=b"")


class Envelope(models.Model):
    """A voice in an inbox: its key, sealed for that inbox alone and closed until its week is over.

    One that its readers gave up stays with the key that the inbox had then, and its `wrap` is empty: that it came stays
    true.
    """

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="envelopes")
    inbox = models.ForeignKey(Inbox, models.PROTECT, related_name="envelopes")
    wrap = models.BinaryField()
    is_waiting = models.BooleanField(default=True)  # new words that nobody has answered
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "inbox"], name="a_voice_lies_in_an_inbox_once")]

    @property
    def is_given_up(self) -> bool:
        """Whether its readers went on without it, since nothing opened it."""
        return not self.wrap

    @property
    def part_of(self) -> Voice:
        """What the door holds before it."""
        return self.voice

    @property
    def organisation_code(self) -> str:
        """Whose inbox it is in, for the policy."""
        return self.inbox.organisation_code

    @property
    def reader_accounts(self) -> frozenset[int]:
        """Who has the key of that inbox, for the policy."""
        return self.inbox.reader_accounts

    def get_absolute_url(self) -> str:
        """Its page, for readers."""
        return reverse("voice", args=[self.inbox.organisation.code, self.voice.code])


class Turn(models.Model):
    """What one side said: sealed for the voice's key. `by` is the organisation; none is whoever has the receipt."""

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="turns")
    number = models.PositiveSmallIntegerField()
    by = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    sealed = models.BinaryField()
    said_on = models.DateField()
    is_transcript = models.BooleanField(default=False)  # a reader wrote down what was spoken

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["voice", "number"], name="each_turn_has_its_place")]


class Enclosure(models.Model):
    """Speech, a photo, or one of these as it was sent: sealed for the voice's key, its kind inside its turn."""

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    voice = models.ForeignKey(Voice, models.CASCADE, related_name="enclosures")
    number = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["voice", "number"], name="each_enclosure_has_its_place")]


class SentForm(models.Model):
    """A form for a voice that was sent, by a mark of its own, so that it works once. Nothing ties it to the voice.

    `told` is a mark of what came with it, until its receipt was seen. A sheet of slips has such a row too, without it.
    """

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    mark = models.CharField(max_length=26, unique=True)
    told = models.CharField(max_length=26, blank=True)
    sent_on = models.DateField(db_index=True)


class Opening(models.Model):
    """Somebody of an organisation opened a voice on a day; its people see that. It outlives the voice, by its code."""

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="openings")
    voice_code = models.CharField(max_length=32)
    reader = models.ForeignKey(Account, models.SET_NULL, null=True, blank=True, related_name="openings")
    opened_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "-opened_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "voice_code", "reader", "opened_on"], name="an_opening_is_kept_once_a_day"
            )
        ]
