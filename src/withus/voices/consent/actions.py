"""Whoever has the receipt says what may be done with her voice, and who may read it: one more, or one less."""

from django.utils.translation import gettext

from withus.acting import acting
from withus.core import erasure
from withus.core.errors import CannotSeal, Refused
from withus.people.models import Organisation
from withus.policy.facts import Actor
from withus.policy.rules import Action
from withus.voices import limits, sealed, weeks
from withus.voices.findings.models import Source
from withus.voices.holding import held, is_held
from withus.voices.inboxes.models import Inbox
from withus.voices.inboxes.queries import public_open_inboxes
from withus.voices.models import Envelope
from withus.voices.queries import Opened
from withus.voices.stories.actions import end_consent, end_story


def set_consent(actor: Actor, opened: Opened, *, may_be_told: bool) -> bool:
    """Says whether it may be told as a story; a no takes back at once what was told. Whether anything was.

    Raises Refused, Denied.
    """
    with acting(actor, Action.SET_CONSENT, opened):
        if not may_be_told:
            return end_consent(actor, opened.voice.locator)
        voice = held(opened.voice)
        if not voice.may_be_told:
            voice.may_be_told = True
            voice.save(update_fields=["may_be_told"])
        return False


def share_voice(actor: Actor, opened: Opened, *, inbox: Inbox) -> None:
    """Lets one more organisation read it; sent twice, it is the same. Raises Refused, Denied, CannotSeal."""
    with acting(actor, Action.SHARE_VOICE, opened):
        Inbox.objects.select_for_update(of=("self",)).get(pk=inbox.pk)  # so that it gets no new key meanwhile
        voice, ours = held(opened.voice), inbox.organisation
        if opened.about["excluded"] == ours.code:
            raise Refused(gettext("You said that this one must not read it."), "inbox")
        there = voice.envelopes.filter(inbox__organisation=ours)
        if any(not one.is_given_up for one in there):
            return
        if inbox not in public_open_inboxes():
            raise Refused(gettext("This inbox has just changed. Look who may read it, and send it again."), "inbox")
        if not weeks.opens(voice):  # else it would be closed with a key that its week does not have
            raise CannotSeal
        limits.take_more(voice.code, [ours.code])
        there.delete()
        wrap = sealed.for_inbox(inbox, voice.code, voice.week, opened.rk)
        Envelope.objects.create(voice=voice, inbox=inbox, wrap=wrap)


def take_from(actor: Actor, opened: Opened, *, organisation: Organisation) -> bool:
    """Takes it from one inbox, with the story and out of the findings of that organisation; the others still read it.

    With the story the consent ends: whoever took it back once is not told anew by the next one. Taken from the last
    one it is taken back altogether. Returns whether a story was taken back. Raises Denied.
    """
    with acting(actor, Action.TAKE_FROM, opened):
        voice, sources = opened.voice, Source.objects.filter(locator=opened.voice.locator)
        is_here = is_held(voice)
        was_told = end_story(actor, voice.locator, of=organisation)  # held before the sources, as by all deeds of hers
        voice.envelopes.filter(inbox__organisation=organisation).delete()
        sources.filter(finding__organisation=organisation).delete()
        is_last = is_here and not voice.envelopes.exists()
        if is_last:
            sources.delete()
        if is_last or was_told:
            end_consent(actor, voice.locator)
        erasure.for_good()
    return was_told
