"""Which log this is: its origin, which never changes, and its key, which lies outside the database and its back-up."""

import datetime
from typing import Any

from django.db import connection

from withus.compute import merkle
from withus.compute.verifier import Key, read_entry, read_key
from withus.core import clock, codes, configuration, keys
from withus.public_log import files
from withus.public_log.models import LogKey

KEY_FILE = "log.key"


class NotOurs(Exception):
    """The key in WITHUS_KEYS is not the one that this log was opened with; nothing may be signed."""


def opening(day: datetime.date) -> dict[str, Any]:
    """Entry 0: the origin and the key, both fixed from now on. Makes the key if there is none."""
    origin = configuration.new_origin("WITHUS_LOG_ORIGIN") or new_origin()
    key = merkle.public_key(origin, keys.read_or_make(KEY_FILE))
    return {"v": 1, "type": "log.opened", "day": day.isoformat(), "facts": {"origin": origin, "vkey": str(key)}}


def new_origin() -> str:
    """A name that no other log has, a restored copy or a test among them: two logs of one name would be a fork."""
    hosts = [host.strip(".*") for host in configuration.words("WITHUS_HOSTS")]
    public = (host for host in hosts if "." in host and not host.replace(".", "").isdigit() and ":" not in host)
    return f"{next(public, 'withus.invalid')}/log/{codes.code()}"


def is_opened() -> bool:
    """Whether this log has its name, in a database of any version."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM withus_log_entry WHERE seq = 0")
        return cursor.fetchone() is not None


def every_key() -> list[Key]:
    """All keys that this log ever had, in the order of its entries, those of an earlier name among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM withus_log_entry WHERE seq = 0")
        first = cursor.fetchone()
        if first is None:
            return []
        cursor.execute("SELECT vkey FROM withus_log_key ORDER BY seq")
        later = [vkey for (vkey,) in cursor.fetchall()]
    return [read_key(vkey) for vkey in (read_entry(bytes(first[0]))["facts"]["vkey"], *later)]


def keys_now() -> list[Key]:
    """The keys of the log under the name that it has now, oldest first."""
    found = every_key()
    return [key for key in found if key.name == found[-1].name]


def key(size: int | None = None) -> Key | None:
    """The newest public key, or the newest that stands among the first `size` entries; None before the first entry."""
    found = every_key()
    if size is not None:
        found = found[: 1 + LogKey.objects.filter(seq__lt=size).count()]
    return found[-1] if found else None


def signing() -> list[bytes]:
    """The secret sides that sign now: the newest, and each one before it for a year after another followed it.

    Raises NotOurs.
    """
    found, today = every_key(), clock.today()
    ends = LogKey.objects.order_by("seq").values_list("both_until", flat=True) if len(found) > 1 else ()
    signs = [*(end is not None and today <= end for end in ends), True]
    return [seed(key) for key, does in zip(found, signs, strict=True) if does and key.name == found[-1].name]


def seed(public: Key) -> bytes:
    """The secret side of one of the log's keys; raises NotOurs."""
    for path in (keys.path_of(f"log-{public.id.hex()}.key"), keys.path_of(KEY_FILE)):
        secret = path.read_bytes() if path.exists() else b""
        if len(secret) == 32 and merkle.public_key(public.name, secret) == public:
            return secret
    raise NotOurs(f"{path} is not the key of the log {public.name}: put the right one there (from backup-keys)")


def make(name: str) -> Key:
    """Makes another key for the log, or for its next name; it signs nothing before an entry names it."""
    secret = codes.key()
    public = merkle.public_key(name, secret)
    files.write(keys.path_of(f"log-{public.id.hex()}.key"), secret)
    return public


def note_key(seq: int, public: Key, both_until: datetime.date | None = None) -> None:
    """Keeps a later key at hand, in the transaction of the entry that names it."""
    LogKey.objects.create(seq=seq, vkey=str(public), both_until=both_until)
