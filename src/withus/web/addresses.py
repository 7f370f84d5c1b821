"""Web addresses within words that somebody wrote: which of them can be opened, and where they lead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host
from django.urls import Resolver404, resolve

OWN = frozenset({"recommendation", "statement", "process", "results", "opinion_map"})  # pages that words here name
# Only behind white space, an opening bracket or an opening quote, so never within `javascript:` or `data:`.
_BEGINS = re.compile(r"(?<![^\s(\[<«“„‘'\"])(?:https?://|/(?=recommendations/|processes/|maps/))\S+", re.IGNORECASE)
_ENDS = ".,;:!?)]}>»”’\"'…،؛؟。、」』"  # signs of the sentence around it
_PLAIN = re.compile(r"[\w\-.~:/?#\[\]@!$&()*+,;=%]+", re.ASCII)  # no quotes, and no sign that hides or turns others
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*", re.ASCII)


@dataclass(frozen=True)
class Piece:
    """Some of the words; if they are an address that can be opened, where it leads."""

    words: str
    leads_to: str = ""

    @property
    def stays_here(self) -> bool:
        """Whether it leads to a page of this host."""
        return self.leads_to.startswith("/")


def pieces(words: str) -> Iterator[Piece]:
    """The words in pieces: all of them, in their order."""
    done = 0
    for found in _BEGINS.finditer(words):
        address = _without_the_sentence(found[0])
        if leads_to := _target(address):
            yield Piece(words[done : found.start()])
            yield Piece(address, leads_to)
            done = found.start() + len(address)
    yield Piece(words[done:])


def leads_elsewhere(words: str) -> bool:
    """Whether an address among the words is another host's, as far as this one knows its own names."""
    return bool(_hosts()) and any(piece.leads_to and not piece.stays_here for piece in pieces(words))


def _without_the_sentence(address: str) -> str:
    while address[-1] in _ENDS and not (address[-1] == ")" and address.count("(") >= address.count(")")):
        address = address[:-1]
    return address


def _target(address: str) -> str:
    """Where the address leads; empty for one that is not what it looks like."""
    if not _PLAIN.fullmatch(address):
        return ""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.netloc and ("@" in parts.netloc or not _HOST.fullmatch(host)):
        return ""
    is_ours = not parts.netloc or validate_host(split_domain_port(parts.netloc)[0], _hosts())
    if is_ours and _is_page(parts.path):
        return urlunsplit(("", "", parts.path, parts.query, parts.fragment))
    return address if parts.netloc else ""


def _hosts() -> list[str]:
    return [host for host in settings.ALLOWED_HOSTS if host != "*"]


def _is_page(path: str) -> bool:
    try:
        return resolve(path).url_name in OWN
    except Resolver404:
        return False
