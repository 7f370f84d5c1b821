"""Beside what people write: translations, recordings, and the community's own words for the product's."""

from django.db import models
from django.urls import reverse

from withus.core import codes
from withus.people.models import Organisation


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
