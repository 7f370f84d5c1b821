"""What views need around an action: ask the policy before a form is shown, and say the domain's no in the form."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext

from withus.core.errors import Denied, Refused
from withus.policy.facts import Actor
from withus.policy.rules import Action, decide


def must(actor: Actor, action: Action, subject: Any) -> None:
    """Raises Denied with the reason, so that nobody fills in a form in vain. The door decides again."""
    verdict = decide(actor, action, subject)
    if not verdict:
        raise Denied(gettext(verdict.reason))


@contextmanager
def saying_why_not(form: BaseForm) -> Iterator[None]:
    """Turns the domain's no into the form's error, so that the page says it and all input stays."""
    try:
        yield
    except Refused as no:
        form.add_error(no.field if no.field in form.fields else None, no.sentence)
