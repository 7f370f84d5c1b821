"""Every setting that the surroundings may give, read once; docs/configuration.md describes each (a test compares)."""

import datetime
import difflib
import os
import re
import ssl
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

SETTINGS: dict[str, str] = {
    "WITHUS_DATA": "./data",
    "WITHUS_KEYS": "./keys",
    "WITHUS_DATABASE": "",
    "WITHUS_HOSTS": "localhost,127.0.0.1,[::1]",
    "WITHUS_BEHIND_PROXY": "no",
    "WITHUS_ONION": "",
    "WITHUS_TLS_CERT": "",
    "WITHUS_TLS_KEY": "",
    "WITHUS_TODAY": "",
    "WITHUS_TIME_ZONE": "UTC",
    "WITHUS_LOG_ORIGIN": "",
    "WITHUS_PROCESSES": "0",
    "WITHUS_THREADS": "2",
}
BOUNDS = {"WITHUS_PROCESSES": (0, 64), "WITHUS_THREADS": (1, 64)}
TOOLS = (
    "WITHUS_ENV",
    "WITHUS_PYTHON",
    "WITHUS_TEST_DATABASE",
    "WITHUS_CHROMIUM",
    "WITHUS_SOAK",
)  # the script, the tests
_MEASURING = "WITHUS_BENCH_"


class WrongSetting(Exception):
    """A setting from the surroundings cannot be used; the text says what to do."""


def text(name: str) -> str:
    """The setting's text, or its default."""
    return os.environ.get(name, "").strip() or SETTINGS[name]


def flag(name: str) -> bool:
    """True for yes, false for no; anything else raises WrongSetting."""
    value = text(name).lower()
    if value not in {"yes", "no", "1", "0", "true", "false"}:
        raise WrongSetting(f"{name} must be yes or no, not {value!r}")
    return value in {"yes", "1", "true"}


def number(name: str) -> int:
    """The setting as a whole number within its bounds; raises WrongSetting."""
    value, (least, most) = text(name), BOUNDS[name]
    if not (re.fullmatch("[0-9]{1,4}", value) and least <= int(value) <= most):
        raise WrongSetting(f"{name} must be a whole number from {least} to {most}, not {value!r}")
    return int(value)


def day(name: str) -> datetime.date | None:
    """The setting as a day, or nothing; raises WrongSetting."""
    value = text(name)
    try:
        return datetime.date.fromisoformat(value) if value else None
    except ValueError:
        raise WrongSetting(f"{name} must be a day like 2026-05-03, not {value!r}") from None


def onion(name: str) -> str:
    """The setting as the name of an onion service (version 3), or nothing; raises WrongSetting."""
    value = text(name).lower()
    if value and not re.fullmatch(r"[a-z2-7]{56}\.onion", value):
        raise WrongSetting(f"{name} must be a name of 56 letters and digits and .onion, without http://, not {value!r}")
    return value


def origin(name: str) -> str:
    """The setting as the name of a public log, or nothing; raises WrongSetting.

    A name with a space or a plus sign could be in no key and no signature (C2SP signed-note).
    """
    value = text(name)
    if not value.isprintable() or re.search("[ +]", value):
        raise WrongSetting(_ORIGIN.format(name, value))
    return value


def new_origin(name: str) -> str:
    """As `origin`, for a log that has no name yet: one with http:// works, but no log is to get it."""
    value = origin(name)
    if "://" in value:
        raise WrongSetting(_ORIGIN.format(name, value))
    return value


_ORIGIN = "{} must be host/path without http://, spaces or plus signs, like withus.example/log, not {!r}"


def hosts(name: str) -> list[str]:
    """The setting as names that a browser can ask for, at least one; raises WrongSetting."""
    found = words(name)
    if not found:
        raise WrongSetting(f"{name} names no host: nobody could reach a page; take it away or name one")
    for host in found:
        if not re.fullmatch(r"\*|\.?[a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f]*:[0-9a-f.:]+\]", host.lower()):
            wanted = "names like withus.example, or [::1], without http://, port or path, with commas between them"
            raise WrongSetting(f"{name} must be {wanted}, not {host!r}")
    return found


def time_zone(name: str) -> str:
    """The setting as the name of a time zone; raises WrongSetting."""
    value = text(name)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # there is none; it is a path; it is a folder of zones
        raise WrongSetting(f"{name} must be the name of a time zone like Europe/Lisbon, not {value!r}") from None
    return value


def database(name: str) -> SplitResult | None:
    """The setting as an address in its parts, or nothing; raises WrongSetting."""
    value = text(name)
    return address(value, name) if value else None


def address(value: str, name: str = "a database address") -> SplitResult:
    """A database address in its parts; raises WrongSetting, which does not repeat it: a password may be in it."""
    try:
        parts = urlsplit(value)
        is_fit = parts.port != 0 and parts.scheme in {"sqlite", "postgres", "postgresql"}
    except ValueError:
        is_fit = False
    if not is_fit:
        raise WrongSetting(f"{name} must begin with sqlite:/// or postgresql://, and a port in it be a number")
    return parts


def folder(name: str) -> Path:
    """The setting as an absolute path."""
    return _absolute(text(name))


def true_folder(name: str) -> Path:
    """The folder that the setting leads to, through all links."""
    return Path(os.path.realpath(folder(name)))


def keys_apart(name: str = "WITHUS_KEYS") -> Path:
    """The key folder, if it and the data folder lie apart; raises WrongSetting: a copy of one would hold the other."""
    keys, data = true_folder(name), true_folder("WITHUS_DATA")
    if keys.is_relative_to(data) or data.is_relative_to(keys):
        raise WrongSetting(
            f"the key folder {keys} and the data folder {data} must lie apart, neither inside the other; move one, "
            f"and set {name} and WITHUS_DATA"
        )
    return keys


def certificate(name: str = "WITHUS_TLS_CERT") -> tuple[str, str]:
    """The files of this server's own certificate and of its key, or two empty texts; raises WrongSetting."""
    both = text(name), text("WITHUS_TLS_KEY")
    if any(both) and not all(both):
        raise WrongSetting(f"{name} and WITHUS_TLS_KEY belong together; set both or neither")
    return both


def sound_certificate() -> tuple[str, str]:
    """As `certificate`, after looking into the files, which may change while the settings stay; raises WrongSetting."""
    chain, key = certificate()
    if not chain:
        return chain, key
    for name, path in (("WITHUS_TLS_CERT", chain), ("WITHUS_TLS_KEY", key)):
        if not (Path(path).is_file() and os.access(path, os.R_OK)):
            raise WrongSetting(f"{name} names a file that cannot be read: {path}; name another one or set its rights")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(chain, key, password="")
    except (ssl.SSLError, ValueError) as problem:
        wanted = f"{chain} must hold a certificate chain, and {key} its key without a passphrase, both as PEM"
        raise WrongSetting(f"{wanted}; see WITHUS_TLS_CERT in docs/configuration.md") from problem
    return chain, key


@lru_cache(maxsize=64)
def _absolute(path: str) -> Path:
    return Path(path).expanduser().absolute()


def words(name: str) -> list[str]:
    """The setting's comma-separated words."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


_READ: dict[str, Callable[[str], object]] = {
    "WITHUS_TODAY": day,
    "WITHUS_TIME_ZONE": time_zone,
    "WITHUS_DATABASE": database,
    "WITHUS_KEYS": keys_apart,
    "WITHUS_HOSTS": hosts,
    "WITHUS_BEHIND_PROXY": flag,
    "WITHUS_ONION": onion,
    "WITHUS_TLS_CERT": certificate,
    "WITHUS_LOG_ORIGIN": origin,
    "WITHUS_PROCESSES": number,
    "WITHUS_THREADS": number,
}
LOADING = tuple(_READ)[:3]  # what the database and its days need
TOUCHING = tuple(_READ)[:4]  # what anything done to data or keys needs
SERVING = tuple(_READ)


def wrong(names: Iterable[str] = SERVING) -> list[str]:
    """What is wrong with these settings, a sentence each, before anything uses them."""
    found = []
    for name in names:
        try:
            _READ[name](name)
        except WrongSetting as problem:
            found.append(str(problem))
    return found


def unread() -> dict[str, str]:
    """Names in the surroundings that look like settings and are none, each with the setting it may be meant for."""
    strange = sorted(
        name
        for name in os.environ
        if name.startswith("WITHUS_") and name not in {*SETTINGS, *TOOLS} and not name.startswith(_MEASURING)
    )
    return {name: next(iter(difflib.get_close_matches(name, SETTINGS, 1, 0.8)), "") for name in strange}
