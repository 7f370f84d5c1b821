"""Stories: those that are told, for everybody, and the one that whoever has a receipt can take back."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from withus.core import clock, erasure
from withus.people.models import Organisation
from withus.policy.facts import Actor
from withus.policy.who import EDITORS
from withus.texts.subjects import has_texts
from withus.voices.models import Envelope
from withus.voices.stories import telling as telling
from withus.voices.stories.models import Story


@dataclass(frozen=True)
class Tellable:
    """A voice in an inbox of which somebody wants to tell, as plain facts: the door holds the voice, not this row."""

    envelope: Envelope

    @property
    def organisation_code(self) -> str:
        """Who would tell it, for the policy."""
        return self.envelope.organisation_code

    @property
    def reader_accounts(self) -> frozenset[int]:
        """Who can read it, for the policy."""
        return self.envelope.reader_accounts


@dataclass(frozen=True)
class Withdrawable:
    """A story that somebody wants to take back, for the policy: `is_own` for whoever has the receipt."""

    story: Story
    is_own: bool

    @property
    def organisation_code(self) -> str:
        """Who tells it."""
        return self.story.organisation_code


def public_stories() -> QuerySet[Story]:
    """All that is told, the newest first."""
    return Story.objects.filter(is_told=True).select_related("organisation").order_by("-told_on", "-pk")


def public_story_of(locator: str) -> Story | None:
    """What is told of a voice, found by its receipt's locator."""
    return public_stories().filter(locator=locator).first()


def public_copies_until() -> datetime.date:
    """The last day on which this house's own back-ups can hold what is erased today."""
    return clock.today() + erasure.COPIES_KEPT


def may_tell(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor is of those who tell stories for the organisation."""
    return organisation.code in actor.organisations(*EDITORS)


def _story(actor: Actor, code: str) -> Story | None:
    return public_stories().filter(code=code).first()


has_texts("story", _story, text=_("Story"))
