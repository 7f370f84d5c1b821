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
LASTS = timedelta(minutes=30)
_LENGTH = 256
_LIKE_A_RECEIPT, _LIKE_A_CODE = 16, 32


@dataclass(frozen=True)
class Slip:
    """What a form for a voice brings back: its receipt, which nobody has seen yet, and when it was given out."""

    receipt: str
    made: int

    @property
    def age(self) -> timedelta:
        """How long ago the form was given out."""
        return timedelta(seconds=clock.now().timestamp() - self.made)


def new_slip() -> str:
    """A slip for one form: what is sent with it twice gets one receipt, and is stored once."""
    return _sealed({"receipt": receipts.new(), "made": int(clock.now().timestamp())})


def read_slip(text: str) -> Slip | None:
    """The slip of a form; None if it is not ours, or too old for its key."""
    said = _opened(text)
    return Slip(said["receipt"], said["made"]) if said and said.keys() == {"receipt", "made"} else None


@dataclass(frozen=True)
class Visit:
    """Somebody with a receipt: which voice it opens, and its key; random ones if it opens none."""

    receipt: str
    code: str
    rk: bytes
    is_first: bool = False  # the receipt was never written down, and may be shown


def of_nobody() -> Visit:
    """The visit of a receipt under which there is nothing."""
    return Visit(codes.code(_LIKE_A_RECEIPT), codes.code(_LIKE_A_CODE), codes.key())


def remember(request: HttpRequest, response: HttpResponseBase, visit: Visit) -> None:
    """Gives the browser the cookie of a visit: it ends after half an hour without a page, and with the browser."""
    said = {"receipt": visit.receipt, "code": visit.code, "rk": visit.rk.hex(), "is_first": int(visit.is_first)}
    text = _sealed(said | {"seen": int(clock.now().timestamp())})
    response.set_cookie(_name(request), text, path=PATH, secure=request.is_secure(), httponly=True, samesite="Strict")


def recall(request: HttpRequest) -> Visit | None:
    """The visit of a browser; None if there is none, or it was left for too long."""
    said = _opened(request.COOKIES.get(_name(request), ""))
    if said is None or "rk" not in said or clock.now().timestamp() - said["seen"] > LASTS.total_seconds():
        return None
    return Visit(said["receipt"], said["code"], bytes.fromhex(said["rk"]), bool(said["is_first"]))


def forget(request: HttpRequest, response: HttpResponseBase) -> None:
    """Takes the cookie away."""
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


def _sealed(said: Mapping[str, Any]) -> str:
    with sealing.or_nothing():
        plain = json.dumps(said).encode().ljust(_LENGTH)
        return base64.urlsafe_b64encode(sealing.seal(keys.read_or_make(KEY), plain)).decode()


def _opened(text: str) -> dict[str, Any] | None:
    try:
        sealed = base64.urlsafe_b64decode(text)
    except ValueError:
        return None
    for key in filter(None, map(keys.read, (KEY, KEY_BEFORE))):
        try:
            said: dict[str, Any] = json.loads(sealing.unseal(key, sealed))
        except sealing.Unreadable:
            continue
        return said
    return None
