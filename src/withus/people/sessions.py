"""The signed-in browser: one sealed cookie holds the token, the participation key and the time; the server keeps a hash.

A stolen table of sessions opens nothing, a stolen phone without this server's key shows nothing.
"""

import base64
import json
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from withus.core import clock, codes, keys, sealing
from withus.people import queries
from withus.people.models import Account, Session
from withus.policy.facts import VISITOR, Actor

COOKIE = "withus"
IDLE = {False: timedelta(minutes=60), True: timedelta(minutes=10)}  # by: is this a shared device?
ABSOLUTE = timedelta(hours=12)
FRESH_AFTER = 60  # seconds; the cookie's time is written anew at most once a minute


@dataclass(frozen=True)
class SessionInfo:
    """What the cookie says; `key` is the account's participation key, which the server never keeps."""

    token: str
    key: bytes
    started: int
    seen: int
    is_shared: bool
    language: str = ""


def _sealed(info: SessionInfo) -> str:
    plain = json.dumps([info.token, info.key.hex(), info.started, info.seen, info.is_shared, info.language]).encode()
    return base64.urlsafe_b64encode(sealing.seal(keys.read_or_make("cookie.key"), plain)).decode()


def _opened(cookie: str) -> SessionInfo | None:
    try:
        plain = sealing.unseal(keys.read_or_make("cookie.key"), base64.urlsafe_b64decode(cookie))
        token, key, started, seen, is_shared, language = json.loads(plain)
    except (sealing.Unreadable, ValueError):
        return None
    now = clock.now().timestamp()
    if now - seen > IDLE[is_shared].total_seconds() or now - started > ABSOLUTE.total_seconds():
        return None
    return SessionInfo(token, bytes.fromhex(key), started, seen, is_shared, language)
