"""A finding: what peer editors say in public that several voices show; its sources, and what they were told of it."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext

from withus.compute.sentences import first_sentence
from withus.core import codes
from withus.people.models import Organisation
from withus.public_log.rows import Told
from withus.voices.inboxes.models import Reader


class Finding(models.Model):
    """What several people said, in the words of a peer organisation; it points to none of them.

    `at_least` is the number of its voices as it was published: in steps of ten, so that no single one shows.
    """

    code = models.CharField(max_length=32, unique=True, default=codes.code)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=8)
    text = models.TextField()
    topic = models.CharField(max_length=80)
    area = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=12)
    found_on = models.DateField()
    at_least = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return first_sentence(self.text) or gettext("Words that were taken away")

    @property
    def organisation_code(self) -> str:
        """Whose finding it is, for the policy."""
        return self.organisation.code

    @property
    def editors_code(self) -> str:
        """Who may translate it and read it aloud, for the policy."""
        return self.organisation.code

    @property
    def reader_accounts(self) -> frozenset[int]:
        """Who reads the inbox in which its voices lie, for the policy."""
        reading = Reader.objects.filter(organisation=self.organisation_id, reads_since__isnull=False)
        return frozenset(reading.values_list("account_id", flat=True))

    @property
    def is_withdrawn(self) -> bool:
        """Whether its organisation took it back."""
        return hasattr(self, "withdrawal")

    def told(self) -> Told:
        """The record that it left in the log; the words of one that was taken back are gone from both."""
        facts = {
            "organisation": self.organisation.code,
            "finding": self.code,
            "finds": self.kind,
            "language": self.language,
            "said_on": self.found_on.isoformat(),
        }
        words = {"text": "text", "topic": "topic", "area": "area"}
        return Told("finding.published", self.code, facts, self, words)

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("finding", args=[self.code])


class Source(models.Model):
    """Somebody who spoke is told what becomes of a finding. It outlives her voice: `locator` is of her receipt."""

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    finding = models.ForeignKey(Finding, models.CASCADE, related_name="sources")
    locator = models.CharField(max_length=64, db_index=True)
    added_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "locator"], name="a_voice_is_a_source_of_a_finding_once")
        ]


class Withdrawal(models.Model):
    """Its organisation took a finding back, and says why; the words of the finding are erased."""

    finding = models.OneToOneField(Finding, models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    language = models.CharField(max_length=12)
    said_on = models.DateField()

    def told(self) -> Told:
        """The record that it left in the log."""
        of = self.finding
        facts = {"organisation": of.organisation.code, "finding": of.code, "language": self.language}
        facts |= {"said_on": self.said_on.isoformat()}
        return Told("finding.withdrawn", of.code, facts, self, {"reason": "reason"})


class Notice(models.Model):
    """What peers tell those who spoke: what was decided about a finding, and why. `response` is the answer's code."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="notices")
    recommendation = models.CharField(max_length=32)
    response = models.CharField(max_length=16)
    text = models.TextField()
    language = models.CharField(max_length=12)
    told_on = models.DateField()

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["finding", "response"], name="of_an_answer_a_finding_is_told_once")
        ]

    def told(self) -> Told:
        """The record that it left in the log."""
        facts = {
            "organisation": self.finding.organisation.code,
            "finding": self.finding.code,
            "recommendation": self.recommendation,
            "response": self.response,
            "language": self.language,
            "said_on": self.told_on.isoformat(),
        }
        return Told("finding.told", self.code, facts, self, {"text": "text"})


class Returned(models.Model):
    """Whether an answer was told to the sources of a finding within thirty days, and how many they were: counted once.

    It is counted when it is told, or when the days are over. Sources end, and this stays; so no figure changes later.
    """

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="returned")
    recommendation = models.CharField(max_length=32, db_index=True)
    response = models.CharField(max_length=16)
    voices = models.PositiveIntegerField()
    is_in_time = models.BooleanField()
    counted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "response"], name="an_answer_returns_to_a_finding_once")
        ]
