"""What happens to a voice: sent, read, answered, closed, taken back, erased. Only sealed bytes are stored."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.db import IntegrityError
from django.utils.translation import gettext

from withus.acting import acting
from withus.core import clock, erasure, receipts, sealing
from withus.core.errors import Refused
from withus.people.models import Organisation
from withus.policy.facts import Actor
from withus.policy.rules import Action
from withus.voices import holding, limits, queries, salt, sealed, sending, sent_forms, weeks
from withus.voices.carried import Visit
from withus.voices.enclosing import making
from withus.voices.enclosing.making import Made
from withus.voices.findings.models import Source
from withus.voices.holding import held
from withus.voices.models import Envelope, Turn, Voice
from withus.voices.queries import Opened
from withus.voices.sending import LIVES, Audience
from withus.voices.stories.actions import end_consent

LIVES_CLOSED = timedelta(days=30)  # after the last that happened
MOST_TURNS = 200


def contribute(
    actor: Actor,
    subject: None,
    *,
    receipt: str,
    form: str = "",
    text: str,
    audio: bytes = b"",
    photos: Sequence[bytes] = (),
    as_evidence: bool = False,
    topic: str,
    area: str,
    kind: str,
    audience: Audience,
    excluded: Organisation | None,
    may_be_told: bool = False,
) -> Opened:
    """Stores a voice, sealed for its audience and for the receipt, and nothing of who sent it.

    The same form (by its mark) sent twice is one voice: what was stored first comes back, and whether this says
    something else. Raises Refused, Busy, CannotSeal.
    """
    found = salt.opened(receipt)
    about = {"text": text, "topic": topic, "area": area, "kind": kind, "may_be_told": may_be_told}
    asked = sending.first_words(audience, excluded, (), **about) | {"as_evidence": as_evidence}
    told = sent_forms.told(found.own, asked, [audio, *photos])
    if same := queries.public_found(receipt, found):
        return replace(same, is_other=sent_forms.is_other(form, told))
    sending.fit(audience, excluded, may_be_told=may_be_told)
    if audio or photos:  # what costs much is counted before it is done, however it ends
        limits.look(one.code for one in audience.organisations)
        limits.try_files(receipt)
    files = making.everything(audio, photos, as_evidence=as_evidence)
    said = sending.first_words(audience, excluded, files, **about)
    own = sending.Own(found.locator, partial(sealed.for_receipt, found.wrap))
    try:
        with acting(actor, Action.CONTRIBUTE, subject):
            sending.only_open(audience.inboxes)
            limits.take(one.code for one in audience.organisations)
            sent_forms.note(form, told)
            return Opened(*sending.store(own, said, files, audience), receipt, found.own)
    except IntegrityError:  # sent twice in one moment: the other one is stored
        same = queries.public_found(receipt, found)
        if same is None:  # sent, and erased since
            raise Refused(gettext("This form was sent already. Begin a new one.")) from None
        return replace(same, is_other=sent_forms.is_other(form, told))


def spend(visit: Visit | None) -> None:
    """A browser that has this visit has its receipt, or is done with it: the form that began it works no more."""
    if visit and visit.form:
        sent_forms.spend(visit.form)


def say_more(
    actor: Actor,
    opened: Opened,
    *,
    text: str,
    audio: bytes = b"",
    photos: Sequence[bytes] = (),
    as_evidence: bool = False,
    once: str = "",
) -> None:
    """Adds words, speech or photos to one's own voice; it waits for its readers again.

    The same form (`once`) sent twice says it once; with other words or files it says these too. Raises Refused,
    Denied, CannotSeal.
    """
    is_written = not audio and not photos
    asked = {"once": once, "text": text, "as_evidence": as_evidence}
    once = once and sent_forms.told(opened.rk, asked, [audio, *photos])
    if _is_sent(opened, text, once, is_written):  # before anything is made anew
        return
    if not is_written:
        limits.try_more_files(opened.voice.code)
    files = making.everything(audio, photos, as_evidence=as_evidence)
    with acting(actor, Action.SAY_MORE, opened):
        voice = held(opened.voice)
        if receipts.holds(text, opened.receipt):
            sentence = gettext(
                "Your receipt stands in this text. Take it out: whoever reads it could come back as you."
            )
            raise Refused(sentence, "text")
        if not voice.lying.exists():
            raise Refused(gettext("No reader has this any more. Choose first who reads it anew."))
        if _is_sent(Opened(voice, opened.rk), text, once, is_written):
            return
        limits.take_more(voice.code, voice.lying.values_list("inbox__organisation__code", flat=True))
        _say(voice, text, None, files=files, once=once)
        voice.lying.update(is_waiting=True, closed_on=None)
        _live(voice, weeks.latest(LIVES))


def withdraw_voice(actor: Actor, opened: Opened) -> bool:
    """Takes one's own voice back: no reader can open it any more; whoever has the receipt still can.

    Returns whether a story was taken back. Raises Denied.
    """
    with acting(actor, Action.WITHDRAW_VOICE, opened):
        was_told = end_consent(actor, opened.voice.locator)
        opened.voice.envelopes.all().delete()
        _no_source(opened.voice.locator)
        erasure.for_good()
    return was_told


def erase_voice(actor: Actor, visit: Visit) -> None:
    """Erases all that lies under one's own receipt, and all that leads from it to findings and stories. Raises Denied.

    Her words may have ended, just now or long ago: the rest goes all the same.
    """
    with acting(actor, Action.ERASE_VOICE, visit):
        end_consent(actor, visit.locator)
        _no_source(visit.locator)
        Voice.objects.filter(locator=visit.locator).delete()
        erasure.for_good()


def open_voice(actor: Actor, envelope: Envelope, *, key: bytes) -> None:
    """Says that the actor opens it today, so that her organisation sees it. Raises Denied."""
    with acting(actor, Action.OPEN_VOICE, envelope):
        holding.opened(actor, envelope, key)


def answer_voice(actor: Actor, envelope: Envelope, *, text: str, key: bytes) -> None:
    """Answers for one's organisation. Raises Refused, Denied, CannotSeal."""
    with acting(actor, Action.ANSWER_VOICE, envelope):
        voice, organisation = envelope.voice, envelope.inbox.organisation
        opened = holding.opened(actor, envelope, key)
        if opened is None:
            raise Refused(gettext("Your key does not open this inbox. Ask another reader to add you again."))
        if _is_said(opened, text, organisation):
            return
        _say(voice, text, organisation)
        envelope.is_waiting, envelope.closed_on = False, None
        envelope.save(update_fields=["is_waiting", "closed_on"])
        _live(voice, weeks.latest(LIVES))


def transcribe_voice(actor: Actor, envelope: Envelope, *, text: str, key: bytes) -> None:
    """Writes down what was spoken, for all who read the voice. It is no answer. Raises Refused, Denied, CannotSeal."""
    with acting(actor, Action.TRANSCRIBE_VOICE, envelope):
        voice, organisation = envelope.voice, envelope.inbox.organisation
        opened = holding.opened(actor, envelope, key)
        if opened is None or not opened.has_speech:
            raise Refused(gettext("There is no speech in it that you can open."))
        if not _is_said(opened, text, organisation, is_transcript=True):
            _say(voice, text, organisation, is_transcript=True)


def close_voice(actor: Actor, envelope: Envelope, *, key: bytes) -> None:
    """Closes it for one's organisation; once all have, it ends in thirty days, or sooner. New words open it again.

    Raises Refused, Denied.
    """
    with acting(actor, Action.CLOSE_VOICE, envelope):
        holding.opened(actor, envelope, key)  # whoever is left out ends nothing
        if envelope.closed_on is None:
            envelope.is_waiting, envelope.closed_on = False, clock.today()
            envelope.save(update_fields=["is_waiting", "closed_on"])
            voice = envelope.voice
            if not voice.lying.filter(closed_on__isnull=True).exists():
                _live(voice, min(voice.week, weeks.latest(LIVES_CLOSED)))


def _no_source(locator: str) -> None:
    """No finding counts it any more, and nothing leads from its receipt to one."""
    Source.objects.filter(locator=locator).delete()


def _is_said(opened: Opened, text: str, by: Organisation | None, *, is_transcript: bool = False) -> bool:
    """Whether just this was said last: a form that was sent twice."""
    last = opened.turns[-1]
    return (last.text, last.by, last.is_transcript) == (text, by, is_transcript)


def _is_sent(opened: Opened, text: str, once: str, is_written: bool) -> bool:
    """Whether this form has been sent before; of one without a mark of its own, whether just this was said last."""
    if once:
        return any(one.more.get("once") == once for one in opened.turns)
    return is_written and _is_said(opened, text, None)


def _say(
    voice: Voice,
    text: str,
    by: Organisation | None,
    *,
    is_transcript: bool = False,
    files: Sequence[Made] = (),
    once: str = "",
) -> None:
    last = queries.public_last_turn(voice)
    number = last.number + 1 if last else 1
    if number > MOST_TURNS:
        raise Refused(gettext("This conversation is full. Send a new voice, and get a new receipt."))
    first = queries.public_last_number(voice) + 1
    parts = sending.closed(bytes(voice.public), voice.code, first, files)
    said = {"text": text, "by": by.code if by else "", "enclosed": sending.told(files, first), "once": once}
    words = sealed.turn(bytes(voice.public), voice.code, number, said)
    about = {"by": by, "is_transcript": is_transcript, "said_on": clock.today()}
    Turn.objects.create(voice=voice, number=number, sealed=words, **about)
    sending.enclose(voice, parts)


def _live(voice: Voice, week: str) -> None:
    """It ends in this week: all its wraps are closed until then."""
    before = voice.week
    if week == before:
        return
    try:
        own, is_on_slip = bytes(voice.own_wrap), voice.is_on_slip
        voice.own_wrap = sealed.own_until(week, voice.code, before, own, is_on_slip=is_on_slip)
    except sealing.Unreadable as problem:
        raise Refused(gettext("Its time is over, and its key is gone.")) from problem
    for one in voice.lying.select_related("inbox"):
        with suppress(sealing.Unreadable):  # the key is here, so this one is damaged: it holds up no other
            one.wrap = sealed.inbox_until(week, one.inbox, voice.code, before, bytes(one.wrap))
            one.save(update_fields=["wrap"])
    voice.week = week
    voice.save(update_fields=["week", "own_wrap"])
