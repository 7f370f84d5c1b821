"""What views need around an action: the domain's no becomes the form's error."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from withus.core.errors import Refused, is_full
from withus.policy.facts import Actor

FULL = _(
    "The disk of this host is full. Nothing was saved, and nothing is lost that was saved before. Try again later."
)
found_full: ContextVar[bool] = ContextVar("found_full", default=False)  # in this request: its answer is then a 503


class Request(HttpRequest):
    """A request as views get it: the middleware has said who acts, in which session, and which one came."""

    actor: Actor
    session_info: Any
    session_came: Any


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent with a form, also when every question was left open; None if the page is only asked for."""
    return request.POST if request.method == "POST" else None


@contextmanager
def saying_why_not(form: BaseForm) -> Iterator[None]:
    """Turns the domain's no into the form's error, so that the page says it and all input stays; a full disk too."""
    try:
        yield
    except Refused as no:
        for one in no.several:
            form.add_error(one.field if one.field in form.fields else None, one.sentence)
    except Exception as problem:
        if not is_full(problem):
            raise
        found_full.set(True)
        form.add_error(None, FULL)
