"""Beside what people write: translations, recordings, the community's own words; and what two keys took away of it."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.core import codes
from withus.people.models import Organisation
from withus.public_log.rows import REDACTED, Told


class Translation(models.Model):
    """The organisation's translation of one text of a thing (field: kind.field), found by the thing's public code."""

    subject = models.CharField(max_length=32, db_index=True)
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    text = models.TextField()
    by = models.ForeignKey(Organisation, models.PROTECT, related_name="translations")
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "field", "language"], name="a_field_has_one_translation_a_language"
            )
        ]

    def told(self) -> Told:
        """What the last translation into this language has left in the log."""
        facts = {"subject": self.subject, "field": self.field, "language": self.language}
        more = {"organisation": self.by.code, "said_on": self.made_on.isoformat()}
        return Told("text.translated", self.subject, facts | more, self, {"text": "text"}, later=frozenset(more))


class Recording(models.Model):
    """A text of a thing read aloud in one language; the sound lies in the row, so erasing it is one deed."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    subject = models.CharField(max_length=32, db_index=True)
    field = models.CharField(max_length=40)
    language = models.CharField(max_length=12)
    media = models.CharField(max_length=40)
    sound = models.BinaryField()
    made_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "field", "language"], name="a_field_has_one_recording_a_language"
            )
        ]

    def get_absolute_url(self) -> str:
        """Where it is heard."""
        return reverse("recording", args=[self.code])


class Wording(models.Model):
    """The community's own words for a sentence of the product, consulted before the catalogue."""

    language = models.CharField(max_length=12)
    original = models.TextField()
    words = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "original"], name="a_sentence_is_reworded_once_a_language")
        ]


class Grounds(models.TextChoices):
    """Why words may be taken away; nothing else is a reason."""

    NAMES_SOMEBODY = "names_somebody", _("they name or point to a person")
    DANGER = "danger", _("they are a danger to somebody")
    COURT = "court", _("a court has ordered it")
    UNLAWFUL = "unlawful", _("they are unlawful for another reason")


class Redaction(models.Model):
    """Somebody with one of two keys asks to take words away; whoever has the other one agrees, or says no.

    One key is with the stewards of this house, the other with those of any recognised peer organisation. What stays
    is this tombstone, without the words.
    """

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    fingerprint = models.CharField(max_length=64)  # the commitment in the log: which words
    seq = models.BigIntegerField()  # the log's entry that holds it
    fact = models.CharField(max_length=40)  # and its name there
    thing = models.CharField(max_length=32)  # the code of what the words stand on, and the field that holds them
    field = models.CharField(max_length=40)
    reason = models.CharField(max_length=16, choices=Grounds)
    words = models.TextField()
    language = models.CharField(max_length=12)
    asked_by = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")  # none: house
    asked_by_account = models.BigIntegerField(null=True, blank=True)  # until it is answered: nobody has both keys
    asked_on = models.DateField()
    agreed = models.BooleanField(null=True, blank=True)
    answered_by = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True)
    answer_language = models.CharField(max_length=12, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["thing"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agreed__isnull=True, answered_on__isnull=True)
                | models.Q(agreed__isnull=False, answered_on__isnull=False),
                name="what_is_settled_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(agreed__isnull=True)
                | (models.Q(asked_by__isnull=True) ^ models.Q(answered_by__isnull=True)),
                name="two_different_keys_take_words_away",
            ),
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=models.Q(agreed__isnull=True) | models.Q(agreed=True),
                name="words_are_asked_about_once_at_a_time",
            ),
        ]

    @property
    def asked_by_code(self) -> str:
        """Whose key asked; empty for this house's."""
        return self.asked_by.code if self.asked_by else ""

    @property
    def organisation(self) -> Organisation | None:
        """The peer organisation of the two keys; none while only this house has spoken."""
        return self.asked_by or self.answered_by

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("redaction", args=[self.code])

    def told_asked(self) -> Told:
        """What asking has left in the log."""
        facts = {
            "redaction": self.code,
            "fingerprint": self.fingerprint,
            "entry": self.seq,
            "fact": self.fact,
            "grounds": self.reason,
            "asked_by": self.asked_by_code,
            "language": self.language,
            "said_on": self.asked_on.isoformat(),
        }
        return Told("redaction.asked", self.code, facts, self, {"words": "words"})

    def told_answered(self) -> Told:
        """What the other key's yes or no has left in the log."""
        facts = {
            "redaction": self.code,
            "fingerprint": self.fingerprint,
            "entry": self.seq,
            "grounds": self.reason,
            "answered_by": self.answered_by.code if self.answered_by else "",
            "language": self.answer_language,
            "said_on": self.answered_on.isoformat() if self.answered_on else "",
        }
        return Told(REDACTED if self.agreed else "redaction.declined", self.code, facts, self, {"answer": "answer"})
