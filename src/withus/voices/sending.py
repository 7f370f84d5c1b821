"""How a new voice is put together: who is to read it, its first words, and its rows. Only actions call this."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext

from withus.core import clock, codes, sealing
from withus.core.errors import Refused
from withus.people.models import Organisation
from withus.voices import sealed, weeks
from withus.voices.enclosing.making import Made
from withus.voices.inboxes.models import Inbox
from withus.voices.inboxes.queries import public_open_inboxes
from withus.voices.models import Enclosure, Envelope, Turn, Voice

LIVES = timedelta(days=90)  # after the last that happened


@dataclass(frozen=True)
class Audience:
    """Who is to read a voice: the inboxes, and whether it is for what peer editors of the one publish."""

    inboxes: Sequence[Inbox]
    is_for_publication: bool

    @property
    def organisations(self) -> list[Organisation]:
        """Whose inboxes they are."""
        return [one.organisation for one in self.inboxes]


@dataclass(frozen=True)
class Own:
    """Whose a voice is: the locator of a receipt, and how the voice's key is sealed for it (voice, week, key)."""

    locator: str
    seal: Callable[[str, str, bytes], bytes]
    is_on_slip: bool = False


def fit(audience: Audience, excluded: Organisation | None, *, may_be_told: bool) -> None:
    """Raises Refused for readers who do not go together, and for a story of what is sealed for them alone."""
    if not audience.inboxes:
        raise Refused(gettext("Choose who may read it."), "audience")
    if audience.is_for_publication and len(audience.inboxes) > 1:
        raise Refused(gettext("What is to be published goes to one peer organisation, and to nobody else."), "audience")
    if excluded and excluded in audience.organisations:
        raise Refused(
            gettext("You chose the same organisation as a reader, and as one that must not read."), "excluded"
        )
    if may_be_told and not audience.is_for_publication:
        sentence = gettext("Everybody can read a story. Choose “For all to read” alone, or take this tick out.")
        raise Refused(sentence, "may_be_told")


def only_open(chosen: Sequence[Inbox]) -> None:
    """Holds these inboxes, so that none gets a new key meanwhile. Raises Refused if one takes nothing any more."""
    held = Inbox.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in chosen])
    if {one.pk for one in held.order_by("pk")} - {one.pk for one in public_open_inboxes()}:
        raise Refused(gettext("One of these inboxes has just changed. Look who may read it, and send it again."))


def first_words(
    audience: Audience, excluded: Organisation | None, files: Sequence[Made], **said: Any
) -> dict[str, Any]:
    """The first turn: what is said, for whom it is, for whom not, and what lies beside it."""
    return said | {
        "audience": [one.code for one in audience.organisations],
        "is_for_publication": audience.is_for_publication,
        "excluded": excluded.code if excluded else "",
        "enclosed": told(files, 1),
    }


def told(files: Sequence[Made], first: int) -> list[dict[str, object]]:
    """What a turn says of what came with it: of each its number in the voice, and what it is."""
    about = enumerate(files, start=first)
    return [{"number": at, "kind": one.kind, "seconds": one.seconds, "size": len(one.content)} for at, one in about]


def closed(public: bytes, code: str, first: int, files: Sequence[Made]) -> dict[int, bytes]:
    """What came with a turn, sealed, by its number in the voice. Raises CannotSeal."""
    return {at: sealed.enclosure(public, code, at, one.content) for at, one in enumerate(files, start=first)}


def enclose(voice: Voice, parts: Mapping[int, bytes]) -> None:
    """Stores what came with a turn."""
    Enclosure.objects.bulk_create(Enclosure(voice=voice, number=at, sealed=one) for at, one in parts.items())


def store(
    own: Own, said: dict[str, Any], files: Sequence[Made], audience: Audience, code: str = ""
) -> tuple[Voice, bytes]:
    """The voice and its key; all is sealed before anything is stored. Raises CannotSeal."""
    with sealing.or_nothing():
        pair, code = sealing.pair(), code or codes.code(26)
    week, day = weeks.latest(LIVES), clock.today()
    wrap = own.seal(code, week, pair.private)
    first = sealed.turn(pair.public, code, 1, said)
    wraps = [(inbox, sealed.for_inbox(inbox, code, week, pair.private)) for inbox in audience.inboxes]
    parts = closed(pair.public, code, 1, files)
    about = {"locator": own.locator, "is_on_slip": own.is_on_slip, "public": pair.public, "own_wrap": wrap}
    voice = Voice.objects.create(code=code, week=week, sent_on=day, may_be_told=said["may_be_told"], **about)
    Turn.objects.create(voice=voice, number=1, sealed=first, said_on=day)
    enclose(voice, parts)
    Envelope.objects.bulk_create(Envelope(voice=voice, inbox=inbox, wrap=wrap) for inbox, wrap in wraps)
    return voice, pair.private
