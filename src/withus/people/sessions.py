"""The signed-in browser: one sealed cookie holds the token, the participation key and the time; the server a hash.

A stolen table of sessions opens nothing, and a stolen phone shows nothing without this server's key.
"""

import base64
import json
from dataclasses import dataclass, replace
from datetime import timedelta

from django.http import HttpResponseBase

from withus.core import clock, codes, keys, sealing
from withus.people import queries
from withus.policy.facts import VISITOR
from withus.web.requests import Request

COOKIE = "withus"
IDLE = {False: timedelta(minutes=60), True: timedelta(minutes=10)}  # by: do others use this device?
ABSOLUTE = timedelta(hours=12)
KEY, KEY_BEFORE = "cookie.key", "cookie.before.key"
KEY_LIFE = timedelta(hours=24)  # and then 12 hours more for what was sealed under it: longer than any session
FRESH = 60  # seconds; the time in the cookie is written anew at most once a minute


@dataclass(frozen=True)
class SessionInfo:
    """What the cookie says; `key` is the account's participation key, which the server never keeps."""

    token: str
    key: bytes
    started: int
    seen: int
    is_shared: bool


def fresh(key: bytes, *, is_shared: bool) -> SessionInfo:
    """A session that begins now."""
    now = int(clock.now().timestamp())
    return SessionInfo(codes.token(), key, now, now, is_shared)


def begin(request: Request, info: SessionInfo) -> None:
    """This answer signs its reader in."""
    request.session_info = info


def end(request: Request) -> None:
    """This answer signs its reader out."""
    request.session_info = None


def recognise(request: Request) -> None:
    """Sets `request.session_info` and `request.actor`; nobody's for a cookie that is old, altered or ended."""
    request.actor, request.session_info, request.session_came = VISITOR, None, None
    cookie = request.COOKIES.get(_name(request))
    info = _opened(cookie) if cookie else None
    actor = queries.public_actor(codes.digest(info.token)) if info else None
    if actor:
        request.actor, request.session_info, request.session_came = actor, info, info


def remember(request: Request, response: HttpResponseBase) -> None:
    """Gives the browser the cookie of its session, or takes it away; unchanged ones travel only once a minute."""
    info, name = request.session_info, _name(request)
    if info is None:
        if name in request.COOKIES:
            response.delete_cookie(name, samesite="Lax")
        return
    now = int(clock.now().timestamp())
    if info is request.session_came and now - info.seen < FRESH:
        return
    # Lax, not Strict: whoever comes by a printed code's link would otherwise look signed out. No GET changes anything.
    response.set_cookie(
        name,
        _sealed(replace(info, seen=now)),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _name(request: Request) -> str:
    return f"__Host-{COOKIE}" if request.is_secure() else COOKIE


def _sealed(info: SessionInfo) -> str:
    plain = json.dumps([info.token, info.key.hex(), info.started, info.seen, info.is_shared]).encode()
    return base64.urlsafe_b64encode(sealing.seal(keys.read_or_make(KEY), plain)).decode()


def ended_key(request: Request) -> bytes | None:
    """The participation key in a browser's cookie, also when its session has ended; None if nobody can tell."""
    info = _read(request.COOKIES.get(_name(request), ""))
    return info.key if info else None


def _opened(cookie: str) -> SessionInfo | None:
    info, now = _read(cookie), clock.now().timestamp()
    if info is None or now - info.seen > IDLE[info.is_shared].total_seconds():
        return None
    return None if now - info.started > ABSOLUTE.total_seconds() else info


def _read(cookie: str) -> SessionInfo | None:
    """What a cookie says, however old."""
    try:
        plain = _unsealed(base64.urlsafe_b64decode(cookie))
        token, key, started, seen, is_shared = json.loads(plain)
    except (sealing.Unreadable, ValueError):
        return None
    return SessionInfo(token, bytes.fromhex(key), started, seen, is_shared)


def _unsealed(sealed: bytes) -> bytes:
    """What was sealed under this key or the one before it; raises Unreadable."""
    try:
        return sealing.unseal(keys.read_or_make(KEY), sealed)
    except sealing.Unreadable:
        before = keys.read(KEY_BEFORE)
        if before is None:
            raise
        return sealing.unseal(before, sealed)


def renew_key() -> int:
    """Forgets the key before once every session under it has ended, and then retires a day-old key; how many keys.

    So a cookie that stayed on somebody's phone opens for nobody after a day and a half, whoever takes this machine.
    """
    age = keys.age_of(KEY)
    if age is None or age <= ABSOLUTE.total_seconds():
        return 0
    done = int(keys.forget(KEY_BEFORE))
    if age > KEY_LIFE.total_seconds():
        keys.retire(KEY, KEY_BEFORE)
        done += 1
    return done
