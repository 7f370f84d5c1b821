"""What stands beside a text: for pages, one query each for all translations and all recordings that they need."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet

from withus.core.edition import kept
from withus.people.models import Organisation
from withus.people.queries import House, public_house
from withus.policy.facts import Actor, Role
from withus.public_log.queries import Entry, public_entry
from withus.public_log.rows import Told, records_about, standing, words_behind
from withus.texts import telling, wording
from withus.texts.models import Recording, Redaction, Translation
from withus.texts.subjects import KINDS, Words
from withus.texts.wording import Message
from withus.web import languages
from withus.web.gone import tombstones
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
    tombstone: Redaction | None = None

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
    gone = public_tombstones([one.code for one in found if not all(getattr(one, name) for name in KINDS[kind].fields)])
    for thing in found:
        thing.said = {}
        for name in KINDS[kind].fields:
            key, text = (thing.code, f"{kind}.{name}"), getattr(thing, name)
            other = translated.get(key) if thing.language != wanted else None
            beside = sorted(recorded.get(key, ()), key=lambda one: one.language != wanted)
            thing.said[name] = (
                Said(other.text, wanted, text, thing.language, beside, other.by.name)
                if other
                else Said(text, thing.language, recordings=beside, tombstone=gone.get((thing.code, name)))
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


@dataclass(frozen=True)
class Takeable(House):
    """Words behind a commitment of an entry, for the policy: what they are (None: erased), and where they stand."""

    seq: int
    fact: str
    fingerprint: str
    content: str | None
    told: Told | None
    about_codes: frozenset[str]  # of all that the entry names: whoever answers for a body among them has no key

    @property
    def shown(self) -> str:
        """The words, if everybody can read them."""
        return self.content or "" if self.told and self.told.is_public else ""

    @property
    def standing(self) -> Told:
        """The row, once it is known that there is one."""
        assert self.told is not None
        return self.told


@dataclass(frozen=True)
class Asked(House):
    """A request, for the policy; `about_codes` as of the words."""

    redaction: Redaction
    about_codes: frozenset[str]

    @property
    def asked_by_code(self) -> str:
        """Whose key asked; empty for this house's."""
        return self.redaction.asked_by_code

    @property
    def asked_by_account(self) -> int | None:
        """Who asked: she cannot have the second key."""
        return self.redaction.asked_by_account


@dataclass(frozen=True)
class Settleable(Asked):
    """A request that the other key answers, with the words that it is about."""

    takeable: Takeable


def public_takeable(seq: int, fact: str) -> Takeable | None:
    """The words of a published entry's fact; None if there is no such entry, or its fact is no commitment."""
    entry = public_entry(seq)
    value = entry.record["facts"].get(fact) if entry else None
    if entry is None or not (isinstance(value, dict) and value.keys() == {"commit"}):
        return None
    kept = words_behind([value["commit"]]).get(value["commit"])
    told = standing(entry.record)
    told = told if told and fact in told.words else None
    return Takeable(public_house().recognised, seq, fact, value["commit"], kept, told, _named_in(entry))


def _named_in(entry: Entry | None) -> frozenset[str]:
    """The codes of all that an entry names, its body's before others."""
    record = entry.record if entry else {}
    said = [record.get("body"), record.get("subject"), *record.get("facts", {}).values()]
    return frozenset(one for one in said if isinstance(one, str))


def public_asked(redaction: Redaction) -> Asked | None:
    """The request, with what the policy asks of it; None once it is answered."""
    if redaction.agreed is not None:
        return None
    return Asked(public_house().recognised, redaction, _named_in(public_entry(redaction.seq)))


def public_settleable(redaction: Redaction) -> Settleable | None:
    """The request with its words."""
    takeable = public_takeable(redaction.seq, redaction.fact)
    return Settleable(takeable.recognised, redaction, takeable.about_codes, takeable) if takeable else None


def public_redactions() -> QuerySet[Redaction]:
    """Every request to take words away, the newest first."""
    return Redaction.objects.select_related("asked_by", "answered_by").order_by("-asked_on", "-id")


def public_tombstones(subjects: Collection[str]) -> dict[tuple[str, str], Redaction]:
    """What two keys took away of the things with these codes, by code and by the field that held it."""
    wanted = set(subjects)
    return {key: one for key, one in public_all_tombstones().items() if key[0] in wanted} if wanted else {}


@tombstones
@kept(1)
def public_all_tombstones() -> dict[tuple[str, str], Redaction]:
    """All that two keys ever took away, read once an edition."""
    return {(one.thing, one.field): one for one in public_redactions().filter(agreed=True)}


def public_words(thing: Any, name: str, whole: Callable[[str], str]) -> str:
    """A thing's words for files that go elsewhere; of words that two keys took away the note that is left of them."""
    text: str = getattr(thing, name)
    gone = None if text else public_all_tombstones().get((thing.code, name))
    return telling.tombstone_words(gone, whole) if gone else text


def own_codes(actor: Actor, house: House) -> frozenset[str]:
    """The recognised peer organisations of which the actor is a steward."""
    return actor.organisations(Role.ORG_STEWARD) & house.recognised_codes()


def keys_of(actor: Actor, recognised: frozenset[str]) -> list[tuple[str, Organisation | None]]:
    """The keys that the actor has, by code: this house's has none."""
    own = Organisation.objects.filter(code__in=own_codes(actor, House(recognised))).order_by("name", "id")
    house: list[tuple[str, Organisation | None]] = [("", None)] if actor.holds(Role.INSTANCE_STEWARD) else []
    return [*house, *((one.code, one) for one in own)]


def other_keys_of(actor: Actor, subject: Asked) -> list[tuple[str, Organisation | None]]:
    """The keys with which the actor can answer: those of the side that did not ask."""
    return [
        (code, one) for code, one in keys_of(actor, subject.recognised) if bool(code) != bool(subject.asked_by_code)
    ]


def public_fingerprints_of_translations(code: str, field: str) -> list[str]:
    """The commitments to translations of a thing's field."""
    translated = [one["facts"] for one in records_about([code]) if one["type"] == "text.translated"]
    return [facts["text"]["commit"] for facts in translated if facts["field"].endswith(f".{field}")]
