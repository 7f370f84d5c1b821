"""What stewards and peer editors do with texts: translate, record, replace the product's words."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from withus.acting import acting, erase_words
from withus.core import clock
from withus.core.errors import Refused
from withus.people.models import Organisation
from withus.people.queries import House
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.texts import wording
from withus.texts.models import Recording, Translation, Wording

LARGEST_SOUND = 2 * 1024 * 1024
_BEGINNINGS = (
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf3", "audio/mpeg"),
    (0, b"\xff\xf2", "audio/mpeg"),
    (4, b"ftyp", "audio/mp4"),
    (8, b"WAVE", "audio/wav"),
)


def media_of(sound: bytes) -> str | None:
    """The media type by the file's first bytes (webm, ogg, mp3, m4a, wav); its name and its own word count nothing."""
    return next((media for at, mark, media in _BEGINNINGS if sound[at : at + len(mark)] == mark), None)


def translate(actor: Actor, subject: Any, *, kind: str, field: str, language: str, text: str) -> Translation:
    """Puts the organisation's translation beside a text, in place of an earlier one; raises Refused, Denied."""
    if language == subject.language:
        raise Refused(
            gettext("The text itself is in this language. Choose the language of the translation."), "language"
        )
    with acting(actor, Action.TRANSLATE, subject) as record:
        at = {"subject": subject.code, "field": f"{kind}.{field}", "language": language}
        by = Organisation.objects.get(code=subject.editors_code)
        translation, _ = Translation.objects.update_or_create(
            **at, defaults={"text": text, "by": by, "made_on": clock.today()}
        )
        record.told(translation.told(), by=ActorKind.ORGANISATION)
    return translation


def record(actor: Actor, subject: Any, *, kind: str, field: str, language: str, sound: bytes) -> Recording:
    """Puts a recording beside a text, in place of an earlier one; raises Refused, Denied."""
    media = media_of(sound)
    if media is None:
        raise Refused(gettext("This is not a sound file that browsers play. Use webm, ogg, mp3, m4a or wav."), "sound")
    if len(sound) > LARGEST_SOUND:
        raise Refused(gettext("This file is larger than 2 MB. Speak shorter, or record with less quality."), "sound")
    with acting(actor, Action.RECORD, subject) as write:
        at = {"subject": subject.code, "field": f"{kind}.{field}", "language": language}
        Recording.objects.filter(**at).delete()
        recording = Recording.objects.create(**at, media=media, sound=sound, made_on=clock.today())
        write("text.recorded", {**at, "recording": recording.code}, by=ActorKind.ORGANISATION, subject=subject.code)
    return recording


def reword(actor: Actor, subject: House, *, language: str, original: str, words: str) -> None:
    """Replaces a sentence of the product by the community's words; no words bring the catalogue's back."""
    if words:
        wording.check(original, words)
    with acting(actor, Action.REWORD, subject) as record:
        own = Wording.objects.filter(language=language, original=original)
        before = own.values_list("words", flat=True).first() or ""  # nothing: the catalogue's own words
        if words:
            Wording.objects.update_or_create(language=language, original=original, defaults={"words": words})
        else:
            own.delete()
        facts = {"language": language, "original": original.replace(wording.CONTEXT, ": ").replace(wording.PLURAL, " ")}
        record("words.replaced", {**facts, "before": before, "words": words}, by=ActorKind.ORGANISATION)
        digest = wording.digest()
        transaction.on_commit(lambda: wording.touch(digest))


def erase(subject: str) -> None:
    """Erases what stands beside a thing's texts, and their words in the log. The caller decides and records."""
    Translation.objects.filter(subject=subject).delete()
    Recording.objects.filter(subject=subject).delete()
    erase_words(subject)
