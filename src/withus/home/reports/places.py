"""Which page of this host somebody means, by its address or by a code."""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, ResolverMatch, resolve

from withus.core import codes
from withus.public_log.telling import READERS

_SECRET = frozenset({"reported", "set_up"})  # addresses that are a key by themselves: nobody should hand them on


def page_meant(typed: str) -> str:
    """The path on this host that somebody means by an address or a code; empty if there is no such page."""
    words = typed.strip()
    if "/" not in words and "." not in words:
        return _of_code(words)
    try:
        parts = urlsplit(words if "://" in words or words.startswith("/") else f"//{words}")
    except ValueError:
        return ""
    if parts.scheme not in {"", "http", "https"} or (parts.netloc and not _is_ours(parts.netloc)):
        return ""
    found = resolved(parts.path)
    return parts.path if found and found.url_name not in _SECRET else ""


def _is_ours(netloc: str) -> bool:
    return bool(validate_host(split_domain_port(netloc)[0], settings.ALLOWED_HOSTS))


def resolved(path: str) -> ResolverMatch | None:
    """What a path of this host leads to; None for one that leads nowhere."""
    try:
        return resolve(unquote(path)) if path.startswith("/") and not path.startswith("//") else None
    except Resolver404:
        return None


def _of_code(typed: str) -> str:
    """The page of what has this code, as the log calls it by its name."""
    wanted = {typed, typed.upper(), codes.read_code(typed)}
    named = [one for read in READERS.values() for one in read(wanted).values() if one.address]
    return named[0].address if named else ""
