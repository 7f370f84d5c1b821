"""Voices: what a receipt opens, what lies in an inbox for its readers, and what has ended."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.core import buckets, clock, receipts, sealing
from withus.people.models import Organisation
from withus.policy.facts import Actor
from withus.voices import sealed
from withus.voices.carried import Visit, of_nobody
from withus.voices.inboxes import queries as inboxes
from withus.voices.inboxes.models import Inbox
from withus.voices.models import Envelope, Opening, Turn, Voice

_NOTHING = "0" * 16  # derived for what can be no receipt, so that it takes as long
OPENINGS_KEPT = datetime.timedelta(days=366)


@dataclass(frozen=True)
class Said:
    """One turn of a conversation, opened."""

    text: str
    by: Organisation | None
    day: datetime.date
    is_transcript: bool
    more: dict[str, Any]


@dataclass(frozen=True)
class Enclosed:
    """Speech or a photo that lies beside the words: which one, what it is, how long it is to hear."""

    number: int
    kind: str
    seconds: int


@dataclass(frozen=True)
class Opened:
    """A voice with its key; `receipt` is empty for a reader, who has none."""

    voice: Voice
    rk: bytes
    receipt: str = ""

    @property
    def is_own(self) -> bool:
        """Whether it was opened with its receipt, for the policy."""
        return bool(self.receipt) and sealing.pair(self.rk).public == bytes(self.voice.public)

    @cached_property
    def turns(self) -> list[Said]:
        """All that was said, in its order."""
        return [
            Said(said.pop("text"), one.by, one.said_on, one.is_transcript, said)
            for one in self.voice.turns.select_related("by").order_by("number")
            for said in [sealed.read_turn(self.rk, self.voice.code, one.number, bytes(one.sealed))]
        ]

    @property
    def about(self) -> dict[str, Any]:
        """What was said with the first words: topic, area, kind, who was to read it, and who was not."""
        return self.turns[0].more

    @property
    def enclosed(self) -> list[Enclosed]:
        """The speech and photos that came with it, without their bytes."""
        told = enumerate(self.about.get("enclosed", []), start=1)
        return [Enclosed(number, one["kind"], one["seconds"]) for number, one in told]

    @property
    def has_speech(self) -> bool:
        """Whether there is something to hear."""
        return any(one.kind == "speech" for one in self.enclosed)

    def enclosure(self, number: int) -> bytes | None:
        """The bytes of one of them; None if there is none of this number."""
        one = self.voice.enclosures.filter(number=number).first()
        return sealed.read_enclosure(self.rk, self.voice.code, number, bytes(one.sealed)) if one else None


@dataclass(frozen=True)
class Step:
    """Where a voice stands with one organisation: what happened last, and when."""

    organisation: Organisation
    state: Promise
    kind: str
    sent_on: datetime.date
    day: datetime.date | None


def _living() -> QuerySet[Voice]:
    return Voice.objects.filter(week__gte=buckets.week_of(clock.today()))


def public_found(receipt: str, found: receipts.Found) -> Opened | None:
    """The voice that a receipt opens; None for one that opens nothing."""
    voice = _living().filter(locator=found.locator).first()
    if voice is None:
        return None
    try:
        rk = sealed.by_receipt(found.wrap, voice.code, voice.week, bytes(voice.own_wrap))
    except sealing.Unreadable:
        return None
    return Opened(voice, rk, receipt)


def public_visit(typed: str) -> Visit:
    """The visit of whoever typed this: one Argon2id and one question, whatever it was. Raises Busy."""
    receipt = receipts.read(typed) or _NOTHING
    opened = public_found(receipt, receipts.open_with(receipt))
    return Visit(receipt, opened.voice.code, opened.rk) if opened else of_nobody()


def public_reopened(visit: Visit) -> Opened | None:
    """The voice of a visit; None if there is none, or it is gone."""
    voice = _living().filter(code=visit.code).first()
    if voice is None or sealing.pair(visit.rk).public != bytes(voice.public):
        return None
    return Opened(voice, visit.rk, visit.receipt)


def public_chain(voice: Voice) -> list[Step]:
    """Where a voice stands, for each organisation that it was sent to; of what its readers did only the first day."""
    steps = []
    for envelope in voice.envelopes.select_related("inbox__organisation").order_by("inbox__organisation__name"):
        to = envelope.inbox.organisation
        read = Opening.objects.filter(organisation=to, voice_code=voice.code).order_by("opened_on").first()
        said = voice.turns.filter(by=to, is_transcript=False).order_by("-number").first()
        if said:
            state, kind, day = _("answered"), "yes", said.said_on
        elif read:
            state, kind, day = _("read, not answered yet"), "wait", read.opened_on
        else:
            state, kind, day = _("sent, not read yet"), "wait", None
        steps.append(Step(to, state, kind, voice.sent_on, day))
    return steps


def _lying_in(some: Iterable[Inbox]) -> QuerySet[Envelope]:
    """What lies in these inboxes and has not ended, the oldest first."""
    living = Envelope.objects.filter(inbox__in=some, voice__week__gte=buckets.week_of(clock.today()))
    return living.select_related("voice", "inbox__organisation").order_by("voice__sent_on", "voice__code")


def envelopes(actor: Actor, organisation: Organisation) -> QuerySet[Envelope]:
    """What lies in an organisation's inbox, for those who have its key: what waits first, then the oldest."""
    mine = [one for one in inboxes.inboxes_of(actor) if one.organisation_id == organisation.pk]
    return _lying_in(mine).order_by("-is_waiting", "voice__sent_on", "voice__code")


def opened_today(actor: Actor, envelope: Envelope) -> bool:
    """Whether the actor has said today that she opens it."""
    about = {"organisation": envelope.inbox.organisation_id, "voice_code": envelope.voice.code}
    return Opening.objects.filter(reader=actor.account or 0, opened_on=clock.today(), **about).exists()


def opened(actor: Actor, envelope: Envelope, key: bytes) -> Opened | None:
    """The voice in an inbox, opened with the actor's participation key; None if it does not open."""
    private = inboxes.unlocked(actor, envelope.inbox, key)
    voice = envelope.voice
    if private is None:
        return None
    try:
        rk = sealed.by_inbox(private, envelope.inbox, voice.code, voice.week, bytes(envelope.wrap))
    except sealing.Unreadable:
        return None
    return Opened(voice, rk)


def openings(actor: Actor, organisation: Organisation) -> QuerySet[Opening]:
    """Who of the organisation opened what on which day, the newest first; for its own people."""
    if not inboxes.may_look(actor, organisation):
        return Opening.objects.none()
    return organisation.openings.select_related("reader").order_by("-opened_on", "voice_code")


def waiting(actor: Actor) -> Iterable[Envelope]:
    """What waits in the inboxes that the actor reads."""
    return _lying_in(inboxes.inboxes_of(actor)).filter(is_waiting=True)


def due_voices(day: datetime.date) -> QuerySet[Voice]:
    """Voices whose week is over."""
    return Voice.objects.filter(week__lt=buckets.week_of(day))


def due_openings(day: datetime.date) -> QuerySet[Opening]:
    """Openings that nobody has to see any more."""
    return Opening.objects.filter(opened_on__lt=day - OPENINGS_KEPT)


def public_last_turn(voice: Voice) -> Turn | None:
    """What was said last."""
    return voice.turns.order_by("-number").first()
