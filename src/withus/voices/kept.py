"""What somebody wanted to say more when her visit had ended: sealed in the page that asks for her receipt, no more.

It goes back into its form for whoever comes with the receipt of the same voice, and for nobody else.
"""

from withus.people import typed
from withus.people.typed import Typed
from withus.voices.carried import Visit
from withus.voices.queries import Opened
from withus.web.requests import Request

FIELD, WHOSE = "kept", "whose"


def mark_of(opened: Opened | Visit) -> str:
    """A mark of the voice that a form is for: it stands in the form, and only the receipt makes it."""
    return typed.mark_of(opened.own)


def sealed(request: Request) -> str:
    """What came with a form that its visit did not reach, sealed; nothing if nobody could get it back.

    Raises TooLong.
    """
    text, whose = request.POST.get("text", ""), request.POST.get(WHOSE, "")
    if FIELD in request.POST:  # it was carried already, and the receipt was another one
        return request.POST[FIELD]
    return typed.sealed(Typed(request.path, whose, {"text": [text]})) if text and whose else ""


def opened_for(opened: Opened, text: str) -> tuple[str, bool]:
    """The words, if they are for this voice; else whether they are another's."""
    found = typed.opened(text)
    if found is None or found.whose != mark_of(opened):
        return "", found is not None
    return found.fields["text"][0], False
