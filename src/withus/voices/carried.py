"""What a visitor's browser carries, sealed: the slip of a form, and for half an hour the cookie of her visit.

Neither she nor whoever finds her device can read them, and each is as long as any other. Their key is a day old at
most, and two days later it is gone.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from withus.core import clock, codes, keys, receipts, sealing

KEY, KEY_BEFORE = "visit.key", "visit.before.key"
KEY_LIFE = timedelta(hours=24)  # and as long again for what was sealed under it: longer than any slip
COOKIE, PATH = "voice", "/voices/"
RECEIPT = "receipt"  # the kind of slip that a form for a voice has
LASTS = timedelta(minutes=30)
_SLIP_LENGTH, _VISIT_LENGTH = 256, 448


@dataclass(frozen=True)
class Slip:
    """What a form brings back: a secret that nobody has seen yet, such as a receipt, and when it was given out."""

    secret: str
    made: int

    @property
    def age(self) -> timedelta:
        """How long ago the form was given out."""
        return timedelta(seconds=clock.now().timestamp() - self.made)


def new_slip(kind: str = RECEIPT, secret: str = "") -> str:
    """A slip for one form, with its secret: a receipt, if none is given. What sent twice means, each form decides."""
    return _sealed({kind: secret or receipts.new(), "made": int(clock.now().timestamp())}, _SLIP_LENGTH)


def read_slip(text: str, kind: str = RECEIPT) -> Slip | None:
    """The slip of a form of this kind; None if it is not ours, or too old for its key."""
    said = _opened(text)
    return Slip(said[kind], said["made"]) if said and said.keys() == {kind, "made"} else None


def mark_of(text: str) -> str:
    """A mark of a slip's very bytes, by which its form is known once it was sent (`sent_forms`), also when its key is
    gone; nothing for no slip."""
    sealed = _bytes_of(text)
    return codes.derived(sealed.hex(), "form", 26) if sealed else ""


@dataclass(frozen=True)
class Visit:
    """Somebody with a receipt: which voice it opens, and its key; random ones if it opens none.

    `locator` finds what her words became, also once they have ended, and `own` makes the marks of what she judges.
    """

    receipt: str
    locator: str
    own: bytes
    code: str
    rk: bytes
    is_first: bool = False  # the receipt was never written down, and may be shown
    form: str = ""  # the mark of the form that began it
    signs: int = 0  # how many were typed in place of a receipt
    words: int = 0

    @property
    def is_own(self) -> bool:
        """For the policy: whoever has a visit typed the receipt that its locator is made of."""
        return True


def remember(request: HttpRequest, response: HttpResponseBase, visit: Visit) -> None:
    """Gives the browser the cookie of a visit: it ends after half an hour without a page, and with the browser."""
    said: dict[str, Any] = {
        "receipt": visit.receipt,
        "locator": visit.locator,
        "own": visit.own.hex(),
        "code": visit.code,
    }
    said |= {"rk": visit.rk.hex(), "is_first": int(visit.is_first), "seen": int(clock.now().timestamp())}
    said |= {"form": visit.form, "signs": visit.signs, "words": visit.words}
    text = _sealed(said, _VISIT_LENGTH)
    response.set_cookie(_name(request), text, path=PATH, secure=request.is_secure(), httponly=True, samesite="Strict")


def recall(request: HttpRequest) -> Visit | None:
    """The visit of a browser; None if there is none, or it was left for too long."""
    said = _opened(request.COOKIES.get(_name(request), ""))
    if said is None or "own" not in said or clock.now().timestamp() - said["seen"] > LASTS.total_seconds():
        return None
    own, rk = bytes.fromhex(said["own"]), bytes.fromhex(said["rk"])
    typed = {name: said[name] for name in ("form", "signs", "words") if name in said}
    return Visit(said["receipt"], said["locator"], own, said["code"], rk, bool(said["is_first"]), **typed)


def forget(request: HttpRequest, response: HttpResponseBase) -> None:
    """Takes the cookie away, if there is one."""
    if _name(request) not in request.COOKIES:
        return
    response.delete_cookie(_name(request), path=PATH, samesite="Strict")


def renew_key() -> int:
    """Retires a day-old key in place of the one before, which is gone then; how many keys.

    The next one is made at once: the time of its file says nothing of a visit.
    """
    age = keys.age_of(KEY)
    if age is not None and age <= KEY_LIFE.total_seconds():
        return 0
    if age is not None:
        keys.retire(KEY, KEY_BEFORE)
    keys.read_or_make(KEY)
    return 1


def _name(request: HttpRequest) -> str:
    return f"__Secure-{COOKIE}" if request.is_secure() else COOKIE


def _sealed(said: Mapping[str, Any], length: int) -> str:
    with sealing.or_nothing():
        plain = json.dumps(said).encode().ljust(length)
        return base64.urlsafe_b64encode(sealing.seal(keys.read_or_make(KEY), plain)).decode()


def _bytes_of(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text)
    except ValueError:
        return b""


def _opened(text: str) -> dict[str, Any] | None:
    sealed = _bytes_of(text)
    for key in filter(None, map(keys.read, (KEY, KEY_BEFORE))):
        try:
            said: dict[str, Any] = json.loads(sealing.unseal(key, sealed))
        except sealing.Unreadable:
            continue
        return said
    return None
