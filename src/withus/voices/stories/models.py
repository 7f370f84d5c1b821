"""A story: what everybody may read of one voice, because whoever sent it says so; until she says otherwise."""

from typing import Any

from django.db import models
from django.urls import reverse

from withus.compute.sentences import first_sentence
from withus.core import codes
from withus.people.models import Organisation
from withus.public_log.rows import Told

_WORDS = ("text", "pseudonym", "topic", "area")


class Story(models.Model):
    """What a peer organisation tells of a voice, in its own words. Taken back it is a tombstone: no word, no tie.

    `locator` is of the receipt: whoever has it takes the story back, also when the voice has ended. No pseudonym:
    somebody.
    """

    code = models.CharField(max_length=32, unique=True, default=codes.code)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="stories")
    locator = models.CharField(max_length=64, unique=True, null=True)  # two of one voice would tell more than each
    is_told = models.BooleanField(default=True)
    text = models.TextField()
    pseudonym = models.CharField(max_length=40, blank=True)
    topic = models.CharField(max_length=80, blank=True)
    area = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=12)
    told_on = models.DateField()
    said: dict[str, Any]  # its text as this reader gets it, while a page is made

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_told=True, locator__isnull=False)
                | models.Q(is_told=False, locator__isnull=True, **dict.fromkeys(_WORDS, "")),
                name="a_story_taken_back_has_no_word_and_no_tie",
            )
        ]

    def __str__(self) -> str:
        return first_sentence(self.text)

    @property
    def organisation_code(self) -> str:
        """Who tells it, for the policy."""
        return self.organisation.code

    @property
    def editors_code(self) -> str:
        """Who may translate it and read it aloud, for the policy."""
        return self.organisation.code

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("story", args=[self.code])

    def empty(self) -> None:
        """Leaves the tombstone alone."""
        self.is_told, self.locator = False, None
        for name in _WORDS:
            setattr(self, name, "")

    def told(self) -> Told:
        """The record that telling it left; taken back, both have no words any more."""
        more = {"language": self.language, "said_on": self.told_on.isoformat()}
        words = {name: name for name in _WORDS}
        return Told("story.told", self.code, self._facts | more, self, words, is_public=self.is_told)

    def told_back(self) -> Told:
        """The record that taking it back left."""
        return Told("story.withdrawn", self.code, self._facts, self)

    @property
    def _facts(self) -> dict[str, object]:
        return {"organisation": self.organisation.code, "story": self.code}
