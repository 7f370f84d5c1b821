"""What views need around an action: the domain's no becomes the form's error."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.forms import BaseForm

from withus.core.errors import Refused


@contextmanager
def saying_why_not(form: BaseForm) -> Iterator[None]:
    """Turns the domain's no into the form's error, so that the page says it and all input stays."""
    try:
        yield
    except Refused as no:
        form.add_error(no.field if no.field in form.fields else None, no.sentence)
