"""Which things have texts that may be translated and read aloud: the capabilities above say so when they are loaded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from withus.policy.facts import Actor

Words = str | Promise


@dataclass(frozen=True)
class TextKind:
    """A kind of thing: how to find one that this actor may see (None if not), and what its texts are called.

    A thing has `code`, `language`, `organisation_code` and an address; each field's name is an attribute of it.
    """

    find: Callable[[Actor, str], Any | None]
    fields: Mapping[str, Words]


KINDS: dict[str, TextKind] = {}


def has_texts(kind: str, find: Callable[[Actor, str], Any | None], **fields: Words) -> None:
    """Says that things of this kind have these texts."""
    KINDS[kind] = TextKind(find, fields)
