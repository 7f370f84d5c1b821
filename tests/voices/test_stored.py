"""What an earlier version stored still opens: whatever changes, a voice stays readable until its week is over.

`stored.json` was made once, with the keys below and with the randomness that stands in it. Never make it anew: whoever
changes how voices are sealed lets what is stored there open too.
"""

import json
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest
from nacl.bindings import sodium_pad
from nacl.secret import Aead

from withus.core import keys, sealing
from withus.voices import sealed
from withus.voices.inboxes import unlocking
from withus.voices.inboxes.models import Inbox

MADE = json.loads(Path("tests/golden/voices/stored.json").read_text())
STORED = {name: b64decode(one) for name, one in MADE.items()}
WEEK, NEXT, CODE = "2027-W05", "2027-W06", "ABCDEFGHJKMNPQRSTVWXYZ0123"
READER, RECEIPT, VOICE = (bytes(range(first, first + 32)) for first in (0, 32, 64))  # whose key it is
SAID = {"text": "The needles are too short.", "topic": "Needles", "excluded": "", "enclosed": []}
FILE = b"OggS, a photo, or what it may be"


@pytest.fixture(autouse=True)
def weeks(home: Path) -> None:
    """The keys of two weeks."""
    (home / "keys").mkdir(exist_ok=True)
    for first, week in ((96, WEEK), (128, NEXT)):
        keys.path_of(f"week-{week}.key").write_bytes(bytes(range(first, first + 32)))


def inbox() -> Inbox:
    """An inbox, whose pair follows from its maker's key and the seed of her form."""
    return Inbox(code="INB0XC0DE1234", public=unlocking.inbox_pair(READER, "SEED").public)


def private() -> bytes:
    """What one of its readers makes of what is stored for her."""
    return unlocking.unlock(READER, STORED["reader"], bytes(inbox().public))


def test_the_wraps_of_a_voice_open_with_an_inbox_a_receipt_and_a_slip() -> None:
    assert sealed.by_inbox(private(), inbox(), CODE, WEEK, STORED["inbox"]) == VOICE
    assert sealed.by_receipt(RECEIPT, CODE, WEEK, STORED["receipt"]) == VOICE
    assert sealed.by_slip(RECEIPT, CODE, WEEK, STORED["slip"]) == VOICE
    assert sealed.slip_pair(RECEIPT).public == STORED["slip public"], "what lies with a blank slip"
    assert sealed.is_of(WEEK, CODE, STORED["receipt"], is_on_slip=False)


def test_they_can_be_closed_until_another_week() -> None:
    moved = sealed.inbox_until(NEXT, inbox(), CODE, WEEK, STORED["inbox"])
    assert sealed.by_inbox(private(), inbox(), CODE, NEXT, moved) == VOICE
    for name, is_on_slip, open_ in (("receipt", False, sealed.by_receipt), ("slip", True, sealed.by_slip)):
        later = sealed.own_until(NEXT, CODE, WEEK, STORED[name], is_on_slip=is_on_slip)
        assert open_(RECEIPT, CODE, NEXT, later) == VOICE


def test_what_was_said_and_what_was_enclosed_opens() -> None:
    assert sealed.read_turn(VOICE, CODE, 2, STORED["turn"]) == SAID
    # 64 KiB long, so it is put together here from its key and its nonce, in words of this test's own.
    bound = b"withus\0" + b"1\0" + b"voice-enclosure\0" + f"{CODE} 3".encode()
    closed = Aead(STORED["enclosure key"]).encrypt(sodium_pad(FILE, 64 * 1024), bound, STORED["enclosure nonce"])
    stored = STORED["enclosure wrap"] + b"1" + bytes(closed)
    assert sha256(stored).digest() == STORED["enclosure sha256"]
    assert sealed.read_enclosure(VOICE, CODE, 3, stored) == FILE


def test_what_is_sealed_now_is_as_long_as_it_was() -> None:
    pair, wrap = sealing.pair(VOICE), sealed.for_receipt(RECEIPT, CODE, WEEK, VOICE)
    now = {"inbox": sealed.for_inbox(inbox(), CODE, WEEK, VOICE), "receipt": wrap}
    now |= {"slip": sealed.for_slip(STORED["slip public"], CODE, WEEK, VOICE)}
    now |= {"turn": sealed.turn(pair.public, CODE, 2, SAID)}
    assert {name: len(one) for name, one in now.items()} == {name: len(STORED[name]) for name in now}
