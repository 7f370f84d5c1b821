"""Voices: what a receipt opens, what lies in an inbox for its readers, and what has ended."""

import datetime
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Max, Min, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.core import buckets, clock, codes, receipts, sealing
from withus.core.errors import Denied
from withus.people.models import Organisation
from withus.policy.facts import Actor
from withus.policy.voice_lines import not_left_out
from withus.voices import salt, sealed, sent_forms
from withus.voices.carried import Visit
from withus.voices.enclosing.making import ORIGINAL
from withus.voices.inboxes import queries as inboxes
from withus.voices.inboxes.models import Inbox
from withus.voices.models import Envelope, Opening, SentForm, Turn, Voice
from withus.voices.sending import LIVES

_NOTHING = "0" * 16  # derived for what can be no receipt, so that it takes as long
OPENINGS_KEPT = datetime.timedelta(days=366)


@dataclass(frozen=True)
class Enclosed:
    """Speech or a photo that lies beside the words, or one of these as it was sent: which one, and what it is."""

    number: int
    kind: str
    seconds: int
    size: int = 0

    @property
    def is_original(self) -> bool:
        """Whether it is kept as it was sent: pages never show it."""
        return self.kind == ORIGINAL

    @property
    def kilobytes(self) -> int:
        """How large it is."""
        return -(-self.size // 1024)


@dataclass(frozen=True)
class Said:
    """One turn of a conversation, opened."""

    text: str
    by: Organisation | None
    day: datetime.date
    is_transcript: bool
    more: dict[str, Any]

    @property
    def enclosed(self) -> list[Enclosed]:
        """What came with it, without its bytes."""
        told = enumerate(self.more.get("enclosed", []), start=1)  # first turns once gave no numbers: theirs are these
        return [Enclosed(**({"number": place} | one)) for place, one in told]


@dataclass(frozen=True)
class Opened:
    """A voice with its key; `receipt`, and `own` for marks, are empty for a reader, who has none."""

    voice: Voice
    rk: bytes
    receipt: str = ""
    own: bytes = b""
    rows: Sequence[Turn] | None = None  # its turns, for a reader; of whoever has the receipt read when they are shown
    is_other: bool = False  # the form that was sent now says something else than what is stored

    @property
    def visit(self) -> Visit:
        """The visit of whoever has the receipt."""
        return Visit(self.receipt, self.voice.locator, self.own, self.voice.code, self.rk)

    @property
    def is_own(self) -> bool:
        """Whether it was opened with its receipt, for the policy."""
        return bool(self.receipt) and sealing.pair(self.rk).public == bytes(self.voice.public)

    @cached_property
    def turns(self) -> list[Said]:
        """All that was said, in its order."""
        return [
            Said(said.pop("text"), one.by, one.said_on, one.is_transcript, said)
            for one in (self.rows or self.voice.turns.select_related("by").order_by("number"))
            for said in [sealed.read_turn(self.rk, self.voice.code, one.number, bytes(one.sealed))]
        ]

    @property
    def locked_until(self) -> datetime.date:
        """The last day of the latest week that it was ever closed until: in older copies its key lives so long."""
        last = self.turns[-1].day if self.turns else self.voice.sent_on  # none: it was erased in the same moment
        return max(self.voice.ends_on, buckets.last_day(buckets.week_of(last + LIVES)))

    @property
    def about(self) -> dict[str, Any]:
        """What was said with the first words: topic, area, kind, who was to read it, and who was not."""
        return self.turns[0].more

    @property
    def words(self) -> list[str]:
        """What whoever sent it said in writing, and what was heard of her speech."""
        return [one.text for one in self.turns if one.by is None or one.is_transcript]

    @property
    def enclosed(self) -> list[Enclosed]:
        """All that came with any turn, without its bytes."""
        return [one for turn in self.turns for one in turn.enclosed]

    @property
    def has_speech(self) -> bool:
        """Whether there is something to hear."""
        return any(one.kind == "speech" for one in self.enclosed)

    def enclosure(self, number: int) -> tuple[Enclosed, bytes] | None:
        """One of them, with its bytes; None if there is none of this number."""
        one = self.voice.enclosures.filter(number=number).first()
        told = next((told for told in self.enclosed if told.number == number), None)
        if one is None or told is None:
            return None
        return told, sealed.read_enclosure(self.rk, self.voice.code, number, bytes(one.sealed))


@dataclass(frozen=True)
class Step:
    """Where a voice stands with one organisation: what happened last, and when; `is_given_up` once nothing opens it."""

    organisation: Organisation
    state: Promise
    kind: str
    sent_on: datetime.date
    day: datetime.date | None
    is_given_up: bool = False


@dataclass(frozen=True)
class Waiting:
    """An inbox in which so many voices wait for an answer, the oldest since a day."""

    inbox: Inbox
    number: int
    since: datetime.date


def _living() -> QuerySet[Voice]:
    return Voice.objects.filter(week__gte=buckets.week_of(clock.today()))


def public_found(receipt: str, found: receipts.Found) -> Opened | None:
    """The voice that a receipt opens; None for one that opens nothing."""
    voice = _living().filter(locator=found.locator).first()
    if voice is None:
        return None
    open_own = sealed.by_slip if voice.is_on_slip else sealed.by_receipt
    try:
        rk = open_own(found.wrap, voice.code, voice.week, bytes(voice.own_wrap))
    except sealing.Unreadable:
        return None
    return Opened(voice, rk, receipt, found.own)


def public_visit(typed: str) -> Visit:
    """The visit of whoever typed this: one Argon2id and one question, whatever it was. Raises Busy, CannotSeal."""
    receipt = receipts.read(typed)
    signs, words = (0, 0) if receipt else receipts.counted(typed)
    receipt = receipt or _NOTHING
    found = salt.opened(receipt)
    opened = public_found(receipt, found)
    if opened:
        return opened.visit
    return Visit(receipt, found.locator, found.own, codes.code(26), codes.key(), signs=signs, words=words)


def public_reopened(visit: Visit) -> Opened | None:
    """The voice of a visit; None if there is none, or it is gone."""
    voice = _living().filter(code=visit.code).first()
    if voice is None or sealing.pair(visit.rk).public != bytes(voice.public):
        return None
    return Opened(voice, visit.rk, visit.receipt, visit.own)


def public_sent_to(voice: Voice) -> QuerySet[Envelope]:
    """Its envelopes, by the name of whom it was sent to; also those that were given up."""
    return voice.envelopes.select_related("inbox__organisation").order_by("inbox__organisation__name")


def public_chain(voice: Voice) -> list[Step]:
    """Where a voice stands, for each organisation that it was sent to; of what its readers did only the first day."""
    steps = []
    for envelope in public_sent_to(voice):
        to = envelope.inbox.organisation
        read = Opening.objects.filter(organisation=to, voice_code=voice.code).order_by("opened_on").first()
        said = voice.turns.filter(by=to, is_transcript=False).order_by("-number").first()
        if envelope.is_given_up:
            state, kind, day = _("cannot be read there any more"), "no", None
        elif said:
            state, kind, day = _("answered"), "yes", said.said_on
        elif read:
            state, kind, day = _("read, not answered yet"), "wait", read.opened_on
        else:
            state, kind, day = _("sent, not read yet"), "wait", None
        steps.append(Step(to, state, kind, voice.sent_on, day, envelope.is_given_up))
    return steps


def _lying_in(some: Iterable[Inbox]) -> QuerySet[Envelope]:
    """What lies in these inboxes and has not ended, the oldest first."""
    living = Envelope.objects.filter(inbox__in=some, voice__week__gte=buckets.week_of(clock.today()))
    return living.select_related("voice", "inbox__organisation").order_by("voice__sent_on", "voice__code")


def envelopes(actor: Actor, organisation: Organisation) -> QuerySet[Envelope]:
    """What lies in an organisation's inbox, for those who have its key: new ones first, then what waits, the oldest."""
    mine = [one for one in inboxes.inboxes_of(actor) if one.organisation_id == organisation.pk]
    new_first = F("opened_on").asc(nulls_first=True)
    return _with_days(_lying_in(mine)).order_by("-is_waiting", new_first, "voice__sent_on", "voice__code")


def _with_days(some: QuerySet[Envelope]) -> QuerySet[Envelope]:
    """With the days on which the organisation answered last, and opened it last since whoever sent it spoke last."""
    turns = Turn.objects.filter(voice=OuterRef("voice")).order_by("-number").values("said_on")
    mine = Opening.objects.filter(organisation=OuterRef("inbox__organisation"), voice_code=OuterRef("voice__code"))
    since = mine.filter(opened_on__gte=OuterRef("spoke_on")).order_by("-opened_on").values("opened_on")
    answered = turns.filter(by=OuterRef("inbox__organisation"), is_transcript=False)
    found = some.annotate(spoke_on=Subquery(turns.filter(by=None)[:1]), answered_on=Subquery(answered[:1]))
    return found.annotate(opened_on=Subquery(since[:1]))


def opened_today(actor: Actor, envelope: Envelope) -> bool:
    """Whether the actor has said today that she opens it."""
    about = {"organisation": envelope.inbox.organisation_id, "voice_code": envelope.voice.code}
    return Opening.objects.filter(reader=actor.account or 0, opened_on=clock.today(), **about).exists()


def opened(actor: Actor, envelope: Envelope, key: bytes) -> Opened | None:
    """The voice in an inbox, opened with the actor's participation key; None if it does not open.

    Raises Denied for whoever has a role in the organisation that it leaves out, Unreadable if its words were changed.
    """
    rows = list(envelope.voice.turns.select_related("by").order_by("number"))
    return _opened(actor, envelope, inboxes.unlocked(actor, envelope.inbox, key), rows)


def opened_all(actor: Actor, some: Sequence[Envelope], key: bytes) -> list[tuple[Envelope, Opened]]:
    """Those of some voices in inboxes that open, read together: as many statements for fifty as for one.

    Without those that were changed, and those that leave out an organisation in which the actor has a role.
    """
    private = {one: inboxes.unlocked(actor, one, key) for one in {envelope.inbox for envelope in some}}
    turns: dict[int, list[Turn]] = {one.voice_id: [] for one in some}
    for turn in Turn.objects.filter(voice__in=turns).select_related("by").order_by("number"):
        turns[turn.voice_id].append(turn)
    found = []
    for one in some:
        with suppress(Denied, sealing.Unreadable):
            found.append((one, _opened(actor, one, private[one.inbox], turns[one.voice_id])))
    return [(one, opened) for one, opened in found if opened]


def _opened(actor: Actor, envelope: Envelope, private: bytes | None, rows: Sequence[Turn]) -> Opened | None:
    """The voice in an inbox, by that inbox's private half. Raises Denied, Unreadable."""
    voice = envelope.voice
    if private is None:
        return None
    try:
        rk = sealed.by_inbox(private, envelope.inbox, voice.code, voice.week, bytes(envelope.wrap))
    except sealing.Unreadable:
        return None
    if not rows:
        return None
    said = sealed.read_turn(rk, voice.code, rows[0].number, bytes(rows[0].sealed))
    verdict = not_left_out(actor, said["excluded"])
    if not verdict:
        raise Denied(gettext(verdict.reason))
    return Opened(voice, rk, rows=rows)


def openings(actor: Actor, organisation: Organisation) -> QuerySet[Opening]:
    """Who of the organisation opened what on which day, the newest first; for its own people."""
    if not inboxes.may_look(actor, organisation):
        return Opening.objects.none()
    return organisation.openings.select_related("reader").order_by("-opened_on", "voice_code")


def waiting(actor: Actor) -> list[Waiting]:
    """The inboxes that the actor reads and in which something waits, with how much, and since when."""
    mine = {one.pk: one for one in inboxes.inboxes_of(actor)}
    lying = _lying_in(mine.values()).filter(is_waiting=True).order_by().values("inbox")
    found = lying.annotate(number=Count("pk"), since=Min("voice__sent_on")).order_by("since", "inbox")
    return [Waiting(mine[one["inbox"]], one["number"], one["since"]) for one in found]


def due_voices(day: datetime.date) -> QuerySet[Voice]:
    """Voices whose week is over."""
    return Voice.objects.filter(week__lt=buckets.week_of(day))


def due_openings(day: datetime.date) -> QuerySet[Opening]:
    """Openings that nobody has to see any more."""
    return Opening.objects.filter(opened_on__lt=day - OPENINGS_KEPT)


def public_is_spent(mark: str) -> bool:
    """Whether the form with this mark was sent, and its receipt seen or its visit ended: it works no more."""
    return sent_forms.is_spent(mark)


def due_forms(day: datetime.date) -> QuerySet[SentForm]:
    """Marks of forms that no browser brings back any more."""
    return SentForm.objects.filter(sent_on__lt=day - sent_forms.KEPT)


def public_last_number(voice: Voice) -> int:
    """The number of what was enclosed last; nothing if nothing was."""
    last: int | None = voice.enclosures.aggregate(last=Max("number"))["last"]
    return last or 0


def public_last_turn(voice: Voice) -> Turn | None:
    """What was said last."""
    return voice.turns.order_by("-number").first()
