"""What happens to a voice: sent, read, answered, closed, taken back, erased. Only sealed bytes are stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError
from django.utils.translation import gettext

from withus.acting import acting
from withus.core import buckets, clock, codes, erasure, receipts, sealing
from withus.core.errors import Refused
from withus.people.models import Organisation
from withus.policy.facts import Actor
from withus.policy.rules import Action
from withus.voices import limits, queries, sealed
from withus.voices.enclosing import making
from withus.voices.enclosing.making import Made
from withus.voices.inboxes.models import Inbox
from withus.voices.inboxes.queries import public_open_inboxes
from withus.voices.models import Enclosure, Envelope, Opening, Turn, Voice
from withus.voices.queries import Opened

LIVES, LIVES_CLOSED = timedelta(days=90), timedelta(days=30)  # after the last that happened
MOST_TURNS = 200


@dataclass(frozen=True)
class Audience:
    """Who is to read a voice: the inboxes, and whether the peer editors among them may publish it."""

    inboxes: Sequence[Inbox]
    is_for_publication: bool

    @property
    def organisations(self) -> list[Organisation]:
        """Whose inboxes they are."""
        return [one.organisation for one in self.inboxes]


def contribute(
    actor: Actor,
    subject: None,
    *,
    receipt: str,
    text: str,
    audio: bytes = b"",
    photos: Sequence[bytes] = (),
    topic: str,
    area: str,
    kind: str,
    audience: Audience,
    excluded: Organisation | None,
) -> Opened:
    """Stores a voice, sealed for its audience and for the receipt, and nothing of who sent it.

    The same form sent twice is one voice. Raises Refused, Busy, CannotSeal.
    """
    found = receipts.open_with(receipt)
    if same := queries.public_found(receipt, found):
        return same
    _fit(audience, excluded)
    files = [making.speech(audio)] if audio else []
    files += [making.photo(one) for one in photos]
    said = {
        "text": text,
        "topic": topic,
        "area": area,
        "kind": kind,
        "audience": [one.code for one in audience.organisations],
        "is_for_publication": audience.is_for_publication,
        "excluded": excluded.code if excluded else "",
        "enclosed": [{"kind": one.kind, "seconds": one.seconds} for one in files],
    }
    try:
        with acting(actor, Action.CONTRIBUTE, subject):
            _only_open(audience.inboxes)
            limits.take(one.code for one in audience.organisations)
            return Opened(*_stored(found, said, files, audience.inboxes), receipt)
    except IntegrityError:  # sent twice in one moment: the other one is stored
        same = queries.public_found(receipt, found)
        if same is None:
            raise
        return same


def _fit(audience: Audience, excluded: Organisation | None) -> None:
    if not audience.inboxes:
        raise Refused(gettext("Choose who may read it."), "audience")
    if audience.is_for_publication and len(audience.inboxes) > 1:
        raise Refused(gettext("What is to be published goes to one peer organisation, and to nobody else."), "audience")
    if excluded and excluded in audience.organisations:
        raise Refused(
            gettext("You chose the same organisation as a reader, and as one that must not read."), "excluded"
        )


def _only_open(chosen: Sequence[Inbox]) -> None:
    """Holds these inboxes, so that none gets a new key meanwhile. Raises Refused if one takes nothing any more."""
    held = Inbox.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in chosen])
    if {one.pk for one in held.order_by("pk")} - {one.pk for one in public_open_inboxes()}:
        raise Refused(gettext("One of these inboxes has just changed. Look who may read it, and send it again."))


def _stored(
    found: receipts.Found, said: dict[str, object], files: Sequence[Made], inboxes: Sequence[Inbox]
) -> tuple[Voice, bytes]:
    """All is sealed before anything is stored."""
    with sealing.or_nothing():
        pair, code = sealing.pair(), codes.code(26)
    week, day = buckets.week_of(clock.today() + LIVES), clock.today()
    own = sealed.for_receipt(found.wrap, code, week, pair.private)
    first = sealed.turn(pair.public, code, 1, said)
    wraps = [(inbox, sealed.for_inbox(inbox, code, week, pair.private)) for inbox in inboxes]
    parts = [sealed.enclosure(pair.public, code, at, one.content) for at, one in enumerate(files, start=1)]
    about = {"locator": found.locator, "public": pair.public, "own_wrap": own, "week": week, "sent_on": day}
    voice = Voice.objects.create(code=code, **about)
    Turn.objects.create(voice=voice, number=1, sealed=first, said_on=day)
    Enclosure.objects.bulk_create(
        Enclosure(voice=voice, number=at, sealed=one) for at, one in enumerate(parts, start=1)
    )
    Envelope.objects.bulk_create(Envelope(voice=voice, inbox=inbox, wrap=wrap) for inbox, wrap in wraps)
    return voice, pair.private


def say_more(actor: Actor, opened: Opened, *, text: str) -> None:
    """Adds words to one's own voice; it waits for its readers again. Raises Refused, Denied, CannotSeal."""
    with acting(actor, Action.SAY_MORE, opened):
        voice = _held(opened.voice)
        if receipts.holds(text, opened.receipt):
            sentence = gettext(
                "Your receipt stands in this text. Take it out: whoever reads it could come back as you."
            )
            raise Refused(sentence, "text")
        if not voice.envelopes.exists():
            raise Refused(gettext("Nobody can read this any more, because you took it back."))
        if _is_said(opened, text, None):
            return
        limits.take(voice.envelopes.values_list("inbox__organisation__code", flat=True))
        _say(voice, text, None)
        voice.envelopes.update(is_waiting=True, closed_on=None)
        _live(voice, LIVES)


def withdraw_voice(actor: Actor, opened: Opened) -> None:
    """Takes one's own voice back: no reader can open it any more; whoever has the receipt still can. Raises Denied."""
    with acting(actor, Action.WITHDRAW_VOICE, opened):
        _held(opened.voice).envelopes.all().delete()
        erasure.for_good()


def erase_voice(actor: Actor, opened: Opened) -> None:
    """Erases one's own voice, with all that was said about it. Raises Denied."""
    with acting(actor, Action.ERASE_VOICE, opened):
        _held(opened.voice).delete()
        erasure.for_good()


def open_voice(actor: Actor, envelope: Envelope) -> None:
    """Says that the actor opens it today, so that her organisation sees it. Raises Denied."""
    with acting(actor, Action.OPEN_VOICE, envelope):
        Opening.objects.get_or_create(
            organisation=envelope.inbox.organisation,
            voice_code=envelope.voice.code,
            reader_id=actor.account,
            opened_on=clock.today(),
        )


def answer_voice(actor: Actor, envelope: Envelope, *, text: str, key: bytes) -> None:
    """Answers for one's organisation. Raises Refused, Denied, CannotSeal."""
    with acting(actor, Action.ANSWER_VOICE, envelope):
        voice, organisation = _held(envelope.voice), envelope.inbox.organisation
        opened = queries.opened(actor, envelope, key)
        if opened is None:
            raise Refused(gettext("Your key does not open this inbox. Ask another reader to add you again."))
        if _is_said(opened, text, organisation):
            return
        _say(voice, text, organisation)
        envelope.is_waiting, envelope.closed_on = False, None
        envelope.save(update_fields=["is_waiting", "closed_on"])
        _live(voice, LIVES)


def transcribe_voice(actor: Actor, envelope: Envelope, *, text: str, key: bytes) -> None:
    """Writes down what was spoken, for all who read the voice. It is no answer. Raises Refused, Denied, CannotSeal."""
    with acting(actor, Action.TRANSCRIBE_VOICE, envelope):
        voice, organisation = _held(envelope.voice), envelope.inbox.organisation
        opened = queries.opened(actor, envelope, key)
        if opened is None or not opened.has_speech:
            raise Refused(gettext("There is no speech in it that you can open."))
        if not _is_said(opened, text, organisation, is_transcript=True):
            _say(voice, text, organisation, is_transcript=True)


def close_voice(actor: Actor, envelope: Envelope) -> None:
    """Closes it for one's organisation; once all have, it ends in thirty days. New words open it again.

    Raises Refused, Denied.
    """
    with acting(actor, Action.CLOSE_VOICE, envelope):
        voice = _held(envelope.voice)
        if envelope.closed_on is None:
            envelope.is_waiting, envelope.closed_on = False, clock.today()
            envelope.save(update_fields=["is_waiting", "closed_on"])
            if not voice.envelopes.filter(closed_on__isnull=True).exists():
                _live(voice, LIVES_CLOSED)


def _held(voice: Voice) -> Voice:
    """The voice's row, held until the end. Raises Refused if it is gone."""
    found = Voice.objects.select_for_update(of=("self",)).filter(pk=voice.pk).first()
    if found is None:
        raise Refused(gettext("This is not here any more."))
    return found


def _is_said(opened: Opened, text: str, by: Organisation | None, *, is_transcript: bool = False) -> bool:
    """Whether just this was said last: a form that was sent twice."""
    last = opened.turns[-1]
    return (last.text, last.by, last.is_transcript) == (text, by, is_transcript)


def _say(voice: Voice, text: str, by: Organisation | None, *, is_transcript: bool = False) -> None:
    last = queries.public_last_turn(voice)
    number = last.number + 1 if last else 1
    if number > MOST_TURNS:
        raise Refused(gettext("This conversation is full. Send a new voice, and get a new receipt."))
    words = sealed.turn(bytes(voice.public), voice.code, number, {"text": text, "by": by.code if by else ""})
    about = {"by": by, "is_transcript": is_transcript, "said_on": clock.today()}
    Turn.objects.create(voice=voice, number=number, sealed=words, **about)


def _live(voice: Voice, longer: timedelta) -> None:
    """It ends so long from today: all its wraps are closed until that week."""
    week, before = buckets.week_of(clock.today() + longer), voice.week
    if week == before:
        return
    try:
        voice.own_wrap = sealed.receipt_until(week, voice.code, before, bytes(voice.own_wrap))
        for one in voice.envelopes.select_related("inbox"):
            one.wrap = sealed.inbox_until(week, one.inbox, voice.code, before, bytes(one.wrap))
            one.save(update_fields=["wrap"])
    except sealing.Unreadable as problem:
        raise Refused(gettext("Its time is over, and its key is gone.")) from problem
    voice.week = week
    voice.save(update_fields=["week", "own_wrap"])
