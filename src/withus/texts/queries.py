"""What stands beside a text: for pages, one query each for all translations and all recordings that they need."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet

from withus.policy.facts import Actor
from withus.texts import telling, wording  # noqa: F401  importing `telling` registers what rows tell
from withus.texts.models import Recording, Translation
from withus.texts.subjects import KINDS, Words
from withus.texts.wording import Message
from withus.web import languages
from withus.web.language import direction

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Said:
    """A text as this reader gets it: the original, or a translation into her language with the original beside it."""

    text: str
    language: str
    original: str = ""
    original_language: str = ""
    recordings: Sequence[Recording] = field(default=())
    by: str = ""

    @property
    def direction(self) -> str:
        """In which direction it is written."""
        return direction(self.language)

    @property
    def original_direction(self) -> str:
        """In which direction the original is written."""
        return direction(self.original_language)


def public_said(kind: str, things: Iterable[Thing]) -> list[Thing]:
    """The things, each with `said`: field → Said, in the reader's language where there is a translation."""
    found: list[Any] = list(things)
    wanted = languages.readers()
    names = [f"{kind}.{name}" for name in KINDS[kind].fields]
    at = {"subject__in": [thing.code for thing in found], "field__in": names}
    translated = {
        (one.subject, one.field): one for one in Translation.objects.filter(**at, language=wanted).select_related("by")
    }
    recorded: dict[tuple[str, str], list[Recording]] = {}
    for one in Recording.objects.filter(**at).defer("sound").order_by("language"):
        recorded.setdefault((one.subject, one.field), []).append(one)
    for thing in found:
        thing.said = {}
        for name in KINDS[kind].fields:
            key, text = (thing.code, f"{kind}.{name}"), getattr(thing, name)
            other = translated.get(key) if thing.language != wanted else None
            beside = sorted(recorded.get(key, ()), key=lambda one: one.language != wanted)
            thing.said[name] = (
                Said(other.text, wanted, text, thing.language, beside, other.by.name)
                if other
                else Said(text, thing.language, recordings=beside)
            )
    return found


def subject_for(actor: Actor, kind: str, code: str, name: str) -> tuple[Any, Words] | None:
    """The thing and what its text is called, if there is such a text and the actor may see it."""
    if kind not in KINDS or name not in KINDS[kind].fields:
        return None
    thing = KINDS[kind].find(actor, code)
    return (thing, KINDS[kind].fields[name]) if thing is not None and getattr(thing, name) else None


def public_translations(subject: str, kind: str, name: str) -> QuerySet[Translation]:
    """All translations of one text."""
    return Translation.objects.filter(subject=subject, field=f"{kind}.{name}").order_by("language")


def public_recordings() -> QuerySet[Recording]:
    """All recordings; each is as public as the text beside which it stands, and erased with it."""
    return Recording.objects.all()


def public_messages(language: str, search: str, is_changed: bool) -> list[Message]:
    """The product's sentences with the community's own words for them, those that match the search."""
    needle = search.casefold().strip()
    return [
        message
        for message in wording.messages(language)
        if (not is_changed or message.own) and (not needle or any(needle in text.casefold() for text in message.texts))
    ]


def public_message(language: str, code: str) -> Message | None:
    """One sentence of the product by its short name."""
    if language not in dict(settings.LANGUAGES):
        return None
    return next((message for message in wording.messages(language) if message.code == code), None)
