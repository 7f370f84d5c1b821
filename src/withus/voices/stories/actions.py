"""A story is told while the consent holds, and taken back at any time; then no word of it is left anywhere."""

from django.utils.translation import gettext

from withus.acting import acting
from withus.core import clock
from withus.core.errors import Refused, all_at_once
from withus.people.models import Organisation
from withus.people.queries import public_recognised_codes
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.texts.actions import erase
from withus.voices.carried import Visit
from withus.voices.holding import held, opened
from withus.voices.models import Voice
from withus.voices.own_words import only_in_own_words
from withus.voices.stories.models import Story
from withus.voices.stories.queries import Tellable, Withdrawable


def tell_story(
    actor: Actor, subject: Tellable, *, key: bytes, text: str, pseudonym: str, topic: str, area: str, language: str
) -> Story:
    """Tells a voice as a story in other words, if its consent says so at this moment. Raises Refused, Denied."""
    envelope, ours = subject.envelope, subject.envelope.inbox.organisation
    with acting(actor, Action.TELL_STORY, subject) as record:
        voice = held(envelope.voice)
        if not voice.envelopes.filter(pk=envelope.pk).exists():
            raise Refused(gettext("This is not here any more."))
        if not voice.may_be_told:
            raise Refused(gettext("It may only be counted. Whoever sent it did not say that it may be told."))
        if ours.code not in public_recognised_codes():
            raise Refused(gettext("Your organisation is not recognised. Its page says what is missing."))
        found = opened(actor, envelope, key)
        if found is None:
            raise Refused(gettext("Your key does not open this inbox. Ask another reader to add you again."))
        if Story.objects.filter(locator=voice.locator).exists():
            raise Refused(gettext("It is told already. Of one voice there is one story."))
        words = {"text": text, "topic": topic, "area": area}
        with all_at_once() as check:
            for name, said in words.items():
                check(only_in_own_words, said, found.words, name)
        about = words | {"pseudonym": pseudonym, "language": language}
        story = Story.objects.create(organisation=ours, locator=voice.locator, told_on=clock.today(), **about)
        record.told(story.told(), by=ActorKind.ORGANISATION)
    return story


def withdraw_story(actor: Actor, subject: Withdrawable) -> None:
    """Takes a story back: its words are gone everywhere. Raises Refused, Denied."""
    with acting(actor, Action.WITHDRAW_STORY, subject) as record:
        told = Story.objects.select_for_update(of=("self",)).filter(pk=subject.story.pk, is_told=True)
        story = told.select_related("organisation").first()
        if story is None:
            raise Refused(gettext("This story was taken back already."))
        erase(story.code)
        story.empty()
        story.save()
        record.told(story.told_back(), by=ActorKind.PEERS if subject.is_own else ActorKind.ORGANISATION)


def withdraw_own(actor: Actor, visit: Visit) -> None:
    """Whoever has the receipt takes back what is told of her voice, and her consent ends. Raises Denied."""
    with acting(actor, Action.SET_CONSENT, visit):
        end_consent(actor, visit.locator)


def end_consent(actor: Actor, locator: str) -> bool:
    """From now on it may only be counted, and what was told of it is taken back; for whoever has the receipt.

    The voice, held from here on, or its story may be gone already: neither is refused, and the other one ends. Returns
    whether a story was taken back.
    """
    Voice.objects.filter(locator=locator).update(may_be_told=False)
    return end_story(actor, locator)


def end_story(actor: Actor, locator: str, *, of: Organisation | None = None) -> bool:
    """Takes back what is told of a voice; of one organisation alone, if it is named. Whether anything was.

    It is held before its own deed: what those who tell it take back in this moment is gone, and nothing to refuse.
    """
    told = Story.objects.select_for_update(of=("self",)).filter(locator=locator, is_told=True)
    found = list(told.filter(organisation=of) if of else told)
    for story in found:
        withdraw_story(actor, Withdrawable(story, is_own=True))
    return bool(found)
