"""Which log this is: its origin, which never changes, and its key, which lies outside the database and its back-up."""

import datetime
from typing import Any

from withus.compute import merkle
from withus.compute.verifier import Key, read_entry, read_key
from withus.core import codes, configuration, keys
from withus.public_log.models import LogEntry

KEY_FILE = "log.key"


class NotOurs(Exception):
    """The key in WITHUS_KEYS is not the one that this log was opened with; nothing may be signed."""


def opening(day: datetime.date) -> dict[str, Any]:
    """Entry 0: the origin and the key, both fixed from now on. Makes the key if there is none."""
    origin = configuration.text("WITHUS_LOG_ORIGIN") or _own_origin()
    key = merkle.public_key(origin, keys.read_or_make(KEY_FILE))
    return {"v": 1, "type": "log.opened", "day": day.isoformat(), "facts": {"origin": origin, "vkey": str(key)}}


def _own_origin() -> str:
    """A name that no other log has, a restored copy or a test among them: two logs of one name would be a fork."""
    hosts = [host.strip(".*") for host in configuration.words("WITHUS_HOSTS")]
    public = (host for host in hosts if "." in host and not host.replace(".", "").isdigit() and ":" not in host)
    return f"{next(public, 'withus.invalid')}/log/{codes.code()}"


def key() -> Key | None:
    """The public key that the log was opened with; None before its first entry."""
    first = LogEntry.objects.filter(seq=0).values_list("body", flat=True).first()
    return None if first is None else read_key(read_entry(bytes(first))["facts"]["vkey"])


def seed(public: Key) -> bytes:
    """The secret side of the log's key; raises NotOurs."""
    path = keys.path_of(KEY_FILE)
    secret = path.read_bytes() if path.exists() else b""
    if len(secret) != 32 or merkle.public_key(public.name, secret) != public:
        raise NotOurs(f"{path} is not the key of the log {public.name}: put the right one there (from backup-keys)")
    return secret
