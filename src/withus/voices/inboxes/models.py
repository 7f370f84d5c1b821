"""An organisation's inbox and its readers: public halves of keys, and the inbox's own key sealed for each reader."""

import hmac

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.core import codes
from withus.people.models import Account, Organisation
from withus.public_log.rows import Told
from withus.voices.inboxes import unlocking


class Occasion(models.TextChoices):
    """Why an inbox has the key that it has."""

    MADE = "made", _("it was made")
    RENEWED = "renewed", _("a reader gave it a new one")
    RECOVERED = "recovered", _("it was opened with its paper key")


_RECORDS: dict[str, str] = {
    Occasion.MADE: "inbox.made",
    Occasion.RENEWED: "inbox.renewed",
    Occasion.RECOVERED: "inbox.recovered",
}


class Inbox(models.Model):
    """A key pair of an organisation; the one with the highest number is in use. Its private half is stored nowhere."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="inboxes")
    number = models.PositiveIntegerField()
    public = models.BinaryField()
    occasion = models.CharField(max_length=10, choices=Occasion)
    made_on = models.DateField()
    given_up = models.PositiveIntegerField(default=0)  # voices that it did not get from the key before

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="an_inbox_number_is_given_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="inboxes_are_numbered_from_one"),
        ]

    @property
    def part_of(self) -> Organisation:
        """What the door holds before it: a new key writes a row of the organisation that an assisted voice holds."""
        return self.organisation

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.organisation.code

    @property
    def reader_accounts(self) -> frozenset[int]:
        """Who has its key, for the policy."""
        reading = Reader.objects.filter(organisation=self.organisation_id, reads_since__isnull=False)
        reading = reading.exclude(wrapped=b"")
        return frozenset(reading.values_list("account_id", flat=True))

    @property
    def fingerprint(self) -> str:
        """Eight words by which everybody can compare its key."""
        return unlocking.fingerprint(bytes(self.public))

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("inbox", args=[self.organisation.code])

    def told(self) -> Told:
        """The record that it left in the log."""
        facts = {
            "organisation": self.organisation.code,
            "inbox": self.number,
            "key_words": self.fingerprint,
            "said_on": self.made_on.isoformat(),
        }
        more = {"given_up": self.given_up}
        return Told(_RECORDS[self.occasion], self.organisation.code, facts | more, self, later=frozenset(more))


class Reader(models.Model):
    """Somebody who reads an organisation's inbox, or offers to: `wrapped` is the key of the inbox in use, for her.

    Whoever read it and lost her role there has none; her row says until the next key that she knew this one.
    `vouched` shows the other readers that one of them gave it to this key of hers, not whoever has the database.
    """

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="readers")
    account = models.ForeignKey(Account, models.CASCADE, related_name="reading")
    public = models.BinaryField()
    wrapped = models.BinaryField(default=bytes)
    vouched = models.BinaryField(default=bytes)
    offered_on = models.DateField()
    reads_since = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "account"], name="somebody_reads_an_inbox_once")]

    @property
    def code(self) -> str:
        """What a form calls her by."""
        return self.account.pseudonym

    @property
    def fingerprint(self) -> str:
        """Eight words by which she is told from somebody who only took her place in the database."""
        return unlocking.fingerprint(bytes(self.public))

    @property
    def pseudonym_and_words(self) -> str:
        """What the form calls her by in which her words are compared: with another key it is not she."""
        return f"{self.account.pseudonym} {self.fingerprint}"

    def mark(self, inbox: Inbox, private: bytes) -> bytes:
        """What `vouched` has to be, for whoever has the inbox's private half."""
        return unlocking.mark(private, inbox.code, self.pk, self.account_id, bytes(self.public))

    def is_vouched(self, inbox: Inbox, private: bytes) -> bool:
        """Whether a reader gave the inbox's key to just this person and this key of hers."""
        return hmac.compare_digest(self.mark(inbox, private), bytes(self.vouched))

    def __str__(self) -> str:
        return self.account.pseudonym
