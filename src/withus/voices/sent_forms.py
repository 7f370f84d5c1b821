"""A form works once: what was sent with it, until its receipt was seen, and from then on only that it was sent.

A form is known by a mark of its slip's sealed bytes. Nothing leads from that to a receipt, a voice or a person, and no
key is needed for it: so a page that stayed in a browser is known also when the key of its slip is gone. A sheet of
slips is known by a mark that only the key of whoever printed it makes. Only actions write here.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from withus.core import clock, codes
from withus.voices.models import SentForm

KEPT = timedelta(days=30)  # longer than a page stays in a browser that is used


def told(own: bytes, said: Mapping[str, Any], files: Sequence[bytes]) -> str:
    """A mark of all that came with a form, which only whoever has its receipt can make."""
    parts = [hashlib.sha256(one).hexdigest() for one in files]
    return codes.keyed(own, json.dumps(["form", said, parts], sort_keys=True), 26)


def note(mark: str, told: str) -> None:
    """The form was sent, with this; whoever sends it again before she saw her receipt gets her receipt."""
    if mark:
        SentForm.objects.create(mark=mark, told=told, sent_on=clock.today())


def spend(mark: str) -> None:
    """From now on whoever sends the form again gets nothing; what was sent with it is forgotten."""
    open_still = SentForm.objects.filter(mark=mark).exclude(told="")
    if open_still.exists():  # most pages of a visit write nothing
        open_still.update(told="")


def is_spent(mark: str) -> bool:
    """Whether its receipt was seen, or the visit that it began was ended."""
    return SentForm.objects.filter(mark=mark, told="").exists()


def is_other(mark: str, told: str) -> bool:
    """Whether something else came with it than at first."""
    return SentForm.objects.filter(mark=mark).exclude(told__in=["", told]).exists()
