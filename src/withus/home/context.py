"""What every page may mention: whose host this is, the checkpoint for paper, the ways to a desk.

All are functions that a template calls only where it mentions them; an answer that is no page asks for nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from withus.home import queries
from withus.policy.facts import VISITOR, Actor, Role
from withus.policy.pages import may_open
from withus.public_log.queries import public_words


@dataclass(frozen=True)
class Printed:
    """The checkpoint at the foot of everything printed: type the words in at `link`, or scan it."""

    size: int
    words: str
    link: str


@dataclass(frozen=True)
class Way:
    """A way in the head of the page, for those who have a desk."""

    url: str
    text: str


def host(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """`host`, `printed` and `desk` for the base page."""
    actor: Actor = getattr(request, "actor", VISITOR)
    return {"host": cache(queries.public_host), "printed": partial(_printed, request), "desk": partial(_desk, actor)}


def _printed(request: HttpRequest) -> Printed | None:
    shown = public_words()
    return Printed(shown.size, shown.words, request.build_absolute_uri(shown.address)) if shown else None


def _desk(actor: Actor) -> list[Way]:
    """One's organisation, if it is one; the house, for its steward."""
    ways = [
        Way(reverse("organisation", args=[code]), gettext("Our organisation")) for code in actor.organisations(*Role)
    ]
    ways = ways if len(ways) == 1 else []
    if may_open(actor, "desk"):
        ways.insert(0, Way(reverse("desk"), gettext("Desk")))
    if actor.holds(Role.INSTANCE_STEWARD):
        ways.append(Way(reverse("running"), gettext("This house")))
    return ways
