"""What views need around an action: the domain's no becomes the form's error."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest

from withus.core.errors import Refused
from withus.policy.facts import Actor


class Request(HttpRequest):
    """A request as views get it: the middleware has said who acts, in which session, and which one came."""

    actor: Actor
    session_info: Any
    session_came: Any


@contextmanager
def saying_why_not(form: BaseForm) -> Iterator[None]:
    """Turns the domain's no into the form's error, so that the page says it and all input stays."""
    try:
        yield
    except Refused as no:
        form.add_error(no.field if no.field in form.fields else None, no.sentence)
