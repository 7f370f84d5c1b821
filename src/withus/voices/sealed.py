"""How a voice is sealed: a key pair of its own, wrapped for each inbox and for the receipt until a week is over.

Whoever sends a voice has its receipt, and so the key of its wrap. For a voice on a slip there is only what follows from
that key: the public half of a pair, so that what one person enters opens with another's receipt alone.

Each wrap and each turn is bound to its purpose and its row: in another row it does not open.
"""

import json
from collections.abc import Mapping
from typing import Any

from withus.core import buckets, sealing
from withus.voices.inboxes.models import Inbox

_INBOX, _RECEIPT, _SLIP = "voice-inbox", "voice-receipt", "voice-slip"
_TURN, _ENCLOSURE = "voice-turn", "voice-enclosure"


def for_inbox(inbox: Inbox, voice: str, week: str, rk: bytes) -> bytes:
    """The voice's key for an inbox."""
    with sealing.or_nothing():
        sealed = sealing.seal_to(bytes(inbox.public), rk)
    return buckets.close(week, sealed, _INBOX, _row(voice, inbox))


def by_inbox(private: bytes, inbox: Inbox, voice: str, week: str, wrap: bytes) -> bytes:
    """The inverse, with the inbox's private half; raises Unreadable."""
    return sealing.open_with(private, buckets.reopen(week, wrap, _INBOX, _row(voice, inbox)))


def for_receipt(wrap_key: bytes, voice: str, week: str, rk: bytes) -> bytes:
    """The voice's key for whoever has the receipt."""
    with sealing.or_nothing():
        sealed = sealing.shut(wrap_key, rk, _RECEIPT, voice)
    return buckets.close(week, sealed, _RECEIPT, voice)


def by_receipt(wrap_key: bytes, voice: str, week: str, wrap: bytes) -> bytes:
    """The inverse; raises Unreadable."""
    return sealing.unshut(wrap_key, buckets.reopen(week, wrap, _RECEIPT, voice), _RECEIPT, voice)


def slip_pair(wrap_key: bytes) -> sealing.Pair:
    """The pair of a slip, from its receipt's key: the public half is stored with the slip, the other one nowhere."""
    return sealing.pair(sealing.Root(wrap_key).subkey("slip-key"))


def for_slip(public: bytes, voice: str, week: str, rk: bytes) -> bytes:
    """The voice's key for whoever has the receipt of a slip, sealed by somebody who has not."""
    with sealing.or_nothing():
        sealed = sealing.seal_to(public, rk)
    return buckets.close(week, sealed, _SLIP, voice)


def by_slip(wrap_key: bytes, voice: str, week: str, wrap: bytes) -> bytes:
    """The inverse, with the key of the slip's receipt; raises Unreadable."""
    return sealing.open_with(slip_pair(wrap_key).private, buckets.reopen(week, wrap, _SLIP, voice))


def inbox_until(week: str, inbox: Inbox, voice: str, before: str, wrap: bytes) -> bytes:
    """An inbox's wrap, closed until another week; nobody's key is needed for that. Raises Unreadable."""
    row = _row(voice, inbox)
    return buckets.close(week, buckets.reopen(before, wrap, _INBOX, row), _INBOX, row)


def own_until(week: str, voice: str, before: str, wrap: bytes, *, is_on_slip: bool) -> bytes:
    """The receipt's wrap, or a slip's, closed until another week. Raises Unreadable."""
    purpose = _SLIP if is_on_slip else _RECEIPT
    return buckets.close(week, buckets.reopen(before, wrap, purpose, voice), purpose, voice)


def is_of(week: str, voice: str, own_wrap: bytes, *, is_on_slip: bool) -> bool:
    """Whether the key of the week that is here closed this wrap; what lies inside stays sealed."""
    try:
        buckets.reopen(week, own_wrap, _SLIP if is_on_slip else _RECEIPT, voice)
    except sealing.Unreadable:
        return False
    return True


def turn(public: bytes, voice: str, number: int, said: Mapping[str, Any]) -> bytes:
    """What one side says, sealed for the voice's key, with all that belongs to it."""
    with sealing.or_nothing():
        return sealing.part(public, json.dumps(said).encode(), _TURN, f"{voice} {number}")


def read_turn(rk: bytes, voice: str, number: int, sealed: bytes) -> dict[str, Any]:
    """The inverse; raises Unreadable."""
    said: dict[str, Any] = json.loads(sealing.whole(rk, sealed, _TURN, f"{voice} {number}"))
    return said


def enclosure(public: bytes, voice: str, number: int, content: bytes) -> bytes:
    """Speech or a photo, sealed for the voice's key; its length is told in blocks of 64 KiB."""
    with sealing.or_nothing():
        return sealing.part(public, content, _ENCLOSURE, f"{voice} {number}", sealing.FILE_BLOCK)


def read_enclosure(rk: bytes, voice: str, number: int, sealed: bytes) -> bytes:
    """The inverse; raises Unreadable."""
    return sealing.whole(rk, sealed, _ENCLOSURE, f"{voice} {number}", sealing.FILE_BLOCK)


def _row(voice: str, inbox: Inbox) -> str:
    return f"{voice} {inbox.code}"
