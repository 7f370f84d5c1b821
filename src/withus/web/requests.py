"""What views need around an action: the domain's no becomes the form's error."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.core.errors import Busy, CannotSeal, Refused, is_full
from withus.policy.facts import Actor

FULL = _(
    "The disk of this host is full. Nothing was saved, and nothing is lost that was saved before. Try again later."
)
BUSY = _("Many people are here right now. Nothing was changed. Wait a few seconds, then send it again.")
UNSEALED = _("Nothing was stored: we could not lock it away. Please try again later, or tell a peer worker.")
SOON, LATER = 5, 60  # seconds until a crowd is gone; until somebody has made room, or mended what is broken
come_back_in: ContextVar[int] = ContextVar("come_back_in", default=0)  # in this request: its answer is then a 503


class Request(HttpRequest):
    """A request as views get it: the middleware has said who acts, in which session, and which one came."""

    actor: Actor
    session_info: Any
    session_came: Any


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent with a form, also when every question was left open; None if the page is only asked for."""
    return request.POST if request.method == "POST" else None


def is_asked_here(request: HttpRequest) -> bool:
    """Whether somebody asked for it on a page of this house or in the browser itself, as far as the browser says.

    Not if another site did, or if a browser fetches ahead what nobody asked for yet.
    """
    is_ahead = "prefetch" in request.META.get("HTTP_SEC_PURPOSE", request.META.get("HTTP_PURPOSE", ""))
    return not is_ahead and request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") in {"same-origin", "none"}


def onward(name: str, *parts: str) -> HttpResponseRedirect:
    """The way on after a deed: to a page by its name."""
    return HttpResponseRedirect(reverse(name, args=parts), status=303)


@contextmanager
def saying_why_not(form: BaseForm) -> Iterator[None]:
    """Turns the domain's no into the form's error, so that the page says it and all input stays.

    So with what cannot be at this moment: too many at once, a full disk, a fault in what seals.
    """
    try:
        yield
    except Refused as no:
        for one in no.several:
            form.add_error(one.field if one.field in form.fields else None, one.sentence)
    except Exception as problem:
        seconds, sentence = _not_now(problem)
        if not seconds:
            raise
        come_back_in.set(seconds)
        form.add_error(None, f"{sentence}{getattr(form, 'another_way', '')}")


def _not_now(problem: Exception) -> tuple[int, Any]:
    if isinstance(problem, Busy):
        return SOON, BUSY
    if isinstance(problem, CannotSeal):
        return LATER, UNSEALED
    return (LATER, FULL) if is_full(problem) else (0, "")
