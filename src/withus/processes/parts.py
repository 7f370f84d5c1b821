"""What higher packages put on a body's page: each registers a template, and what that needs to know."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from withus.policy.facts import Actor
from withus.processes.models import Body

Reader = Callable[[Actor, Body], Any]


@dataclass(frozen=True)
class Part:
    """A part of the page: its template, which finds in `seen` what was read for it."""

    template: str
    seen: Any


_PARTS: list[tuple[str, Reader]] = []


def on_a_bodys_page(template: str, read: Reader) -> None:
    """Registers a part of the page of every body."""
    _PARTS.append((template, read))


def parts_for(actor: Actor, body: Body) -> list[Part]:
    """All parts of the body's page, as this actor sees them."""
    return [Part(template, read(actor, body)) for template, read in _PARTS]
