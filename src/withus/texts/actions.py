"""What people do with texts: translate, record, replace the product's words; and with two keys take words away."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from withus.acting import acting, erase_commitments, erase_words, only_telling
from withus.compute.reasons import OF_A_REASON, repeats
from withus.core import clock
from withus.core.errors import Refused
from withus.people.leaving import on_leaving
from withus.people.models import Instance, Organisation
from withus.people.queries import House
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.public_log.rows import Told
from withus.texts import queries, wording
from withus.texts.models import Recording, Redaction, Translation, Wording
from withus.texts.queries import Settleable, Takeable

MOST_OPEN = 20  # requests of one key that wait for the other
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
        _only_there(subject, field)
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
        _only_there(subject, field)
        at = {"subject": subject.code, "field": f"{kind}.{field}", "language": language}
        Recording.objects.filter(**at).delete()
        recording = Recording.objects.create(**at, media=media, sound=sound, made_on=clock.today())
        write("text.recorded", {**at, "recording": recording.code}, by=ActorKind.ORGANISATION, subject=subject.code)
    return recording


def _only_there(subject: Any, field: str) -> None:
    """Raises Refused if the words were taken away meanwhile: nothing may stand beside them any more."""
    if not getattr(subject, field):
        raise Refused(gettext("These words are not here any more."))


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


def redact(
    actor: Actor, subject: Takeable, *, organisation: Organisation | None, reason: str, words: str, language: str
) -> Redaction:
    """Asks, with one key, that words be taken away; none is this house's. Raises Refused, Denied."""
    with acting(actor, Action.REDACT, subject) as record:
        _hold_key(organisation)
        if (organisation.code if organisation else "") not in dict(queries.keys_of(actor, subject.recognised)):
            raise Refused(gettext("You do not have this key. Choose one that you have."), "organisation")
        content = _only_what_stands(subject)
        if Redaction.objects.filter(fingerprint=subject.fingerprint, agreed__isnull=True).exists():
            raise Refused(gettext("It was asked already to take these words away. The other key has to answer."))
        if Redaction.objects.filter(asked_by=organisation, agreed__isnull=True).count() >= MOST_OPEN:
            raise Refused(gettext("Twenty of your requests wait for an answer. Wait until one is answered."))
        _only_telling_words(words, content, "words")
        made = Redaction.objects.create(
            fingerprint=subject.fingerprint,
            seq=subject.seq,
            fact=subject.fact,
            thing=subject.standing.thing,
            field=subject.standing.words[subject.fact],
            reason=reason,
            words=words,
            language=language,
            asked_by=organisation,
            asked_by_account=actor.account,
            asked_on=clock.today(),
        )
        record.told(made.told_asked(), by=ActorKind.ORGANISATION)
    return made


def settle(
    actor: Actor,
    subject: Settleable,
    *,
    agreed: bool,
    answer: str,
    language: str,
    organisation: Organisation | None = None,
) -> None:
    """Answers with the other key; a yes takes the words away everywhere and leaves a tombstone.

    Raises Refused, Denied.
    """
    with acting(actor, Action.SETTLE, subject) as record:
        one = Redaction.objects.select_for_update(of=("self",)).get(pk=subject.redaction.pk)
        if one.agreed is not None:
            raise Refused(gettext("This was answered already."))
        if one.asked_by is None and (
            organisation is None or organisation.code not in queries.own_codes(actor, subject)
        ):
            raise Refused(gettext("You do not have this key. Choose one that you have."), "organisation")
        content = _only_what_stands(subject.takeable) if agreed else ""
        if agreed and one.asked_by and one.asked_by.code not in subject.recognised:
            raise Refused(gettext("The organisation that asked is not recognised any more. You can only say no."))
        _only_telling_words(answer, content, "answer")
        one.agreed, one.answer, one.answer_language = agreed, answer, language
        one.answered_by = None if one.asked_by else organisation
        one.answered_on, one.asked_by_account = clock.today(), None
        one.save()
        if agreed:
            _take_away(one.fingerprint, one.field, subject.takeable.standing)
        record.told(one.told_answered(), by=ActorKind.ORGANISATION)


def _hold_key(organisation: Organisation | None) -> None:
    """Of two requests with one key at once, the second waits: so each is counted."""
    holder = Organisation.objects.filter(pk=organisation.pk) if organisation else Instance.objects.all()
    holder.select_for_update(no_key=True).get()


def _only_what_stands(takeable: Takeable) -> str:
    """The words as they are kept now; raises Refused where there is nothing to take away."""
    if takeable.content is None:
        raise Refused(gettext("These words are erased already. There is nothing to take away."))
    if takeable.told is None or not takeable.told.is_public:
        raise Refused(gettext("Not everybody can read these words here, so there is nothing to take away."))
    return takeable.content


def _only_telling_words(words: str, content: str, field: str) -> None:
    advice = gettext("Give a reason that others can understand: a sentence at least, not one word.")
    only_telling(advice, OF_A_REASON, **{field: words})
    if content and repeats(words, content):
        raise Refused(
            gettext("This repeats words that are to be taken away, and it stays for everybody to read."), field
        )


def _take_away(fingerprint: str, field: str, told: Told) -> None:
    """Erases words everywhere: their row's field, the opening, what was translated or read aloud of them."""
    type(told.row)._default_manager.filter(pk=told.row.pk).update(**{field: ""})
    beside = {"subject": told.thing, "field__endswith": f".{field}"}
    Translation.objects.filter(**beside).delete()
    Recording.objects.filter(**beside).delete()
    erase_commitments([fingerprint, *queries.public_fingerprints_of_translations(told.thing, field)])


@on_leaving
def forget_who_asked(account: int, key: bytes, stays: bool) -> None:
    """Whoever leaves is no longer known as who asked; her request waits on."""
    Redaction.objects.filter(asked_by_account=account).update(asked_by_account=None)
