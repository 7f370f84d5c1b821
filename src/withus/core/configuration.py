"""Every setting that the surroundings may give, read once; docs/configuration.md describes each (a test compares)."""

import os
import re
from functools import lru_cache
from pathlib import Path

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
    """The setting as a whole number; raises WrongSetting."""
    value = text(name)
    if not (value.isascii() and value.isdigit()):
        raise WrongSetting(f"{name} must be a whole number, not {value!r}")
    return int(value)


def onion(name: str) -> str:
    """The setting as the name of an onion service (version 3), or nothing; raises WrongSetting."""
    value = text(name).lower()
    if value and not re.fullmatch(r"[a-z2-7]{56}\.onion", value):
        raise WrongSetting(f"{name} must be a name of 56 letters and digits and .onion, without http://, not {value!r}")
    return value


def folder(name: str) -> Path:
    """The setting as an absolute path."""
    return _absolute(text(name))


@lru_cache(maxsize=64)
def _absolute(path: str) -> Path:
    return Path(path).expanduser().absolute()


def words(name: str) -> list[str]:
    """The setting's comma-separated words."""
    return [word.strip() for word in text(name).split(",") if word.strip()]
