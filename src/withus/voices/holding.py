"""The row of a voice while something happens to it, and what a reader opens of it. Only actions call this.

Of rows that a deed holds an organisation comes first, then its inbox, its voices, and what lies below a voice: its
envelopes; its story, then sources, also when the voice is gone. The head of the log is the last.
"""

from django.utils.translation import gettext

from withus.core import clock
from withus.core.errors import Refused
from withus.policy.facts import Actor
from withus.voices import queries
from withus.voices.models import Envelope, Opening, Voice
from withus.voices.queries import Opened


def held(voice: Voice) -> Voice:
    """The voice's row, held until the end. Raises Refused if it is gone."""
    found = _held(voice)
    if found is None:
        raise Refused(gettext("This is not here any more."))
    return found


def is_held(voice: Voice) -> bool:
    """Holds the row if it is still here, for what is done also without it."""
    return _held(voice) is not None


def _held(voice: Voice) -> Voice | None:
    return Voice.objects.select_for_update(of=("self",)).filter(pk=voice.pk).first()


def opened(actor: Actor, envelope: Envelope, key: bytes) -> Opened | None:
    """The voice, opened in a deed, which her organisation sees, once a day; None if it does not open.

    Raises Denied for whoever is left out: she has not read it.
    """
    found = queries.opened(actor, envelope, key)
    if found:
        Opening.objects.get_or_create(
            organisation=envelope.inbox.organisation,
            voice_code=envelope.voice.code,
            reader_id=actor.account,
            opened_on=clock.today(),
        )
    return found
