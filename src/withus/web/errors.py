"""Pages for what did not work: calm sentences, the reason, and a way on. Never a trace, never what was asked for."""

import logging
import sys
import traceback
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from withus.core.errors import Denied
from withus.policy.facts import VISITOR
from withus.web.requests import FULL, LATER, SOON

Answer = TypeVar("Answer", bound=HttpResponseBase)
_logger = logging.getLogger(__name__)
OTHER_SITE = _("This form was sent from another site. Nothing was changed. Open the page here and send it again.")
OTHER_WAY = _("If it cannot wait, say it to a peer worker, or bring it on paper.")
SAYINGS: dict[int, tuple[Any, Any]] = {
    400: (_("We could not read that"), _("Nothing was changed. Go back and try again.")),
    403: (_("You can't do this"), ""),
    404: (
        _("There is nothing here"),
        _("The address may be wrong, the page may be gone, or it is not for everybody. Begin again at the start page."),
    ),
    405: (
        _("This address only takes a form"),
        _("Nothing was changed. Go back to the form, and send it there."),
    ),
    413: (_("That is too much at once"), _("Nothing was changed. Send a smaller file or a shorter text.")),
    500: (
        _("Something went wrong"),
        _("This is our mistake, not yours. What you just sent may not have arrived. Please try again later."),
    ),
    503: (
        _("Please wait a moment"),
        _(
            "Many people are here right now. Nothing was changed. Wait a few seconds, then reload this page. If you go "
            "back instead, you may have to type it again."
        ),
    ),
}


def page(
    request: HttpRequest | None, status: int, reason: str = "", saying: tuple[Any, Any] | None = None
) -> HttpResponse:
    """The page for a status; without a request it asks neither the database nor who is there."""
    title, sentence = saying or SAYINGS[status]
    is_visitor = getattr(request, "actor", VISITOR).account is None
    context = {
        "status": status,
        "title": title,
        "sentence": sentence,
        "reason": reason,
        "is_visitor": is_visitor,
        "here": "/",
        "wanted": request.get_full_path() if request and status == 403 and request.method == "GET" else "",
    }
    return HttpResponse(render_to_string("web/error.html", context, request), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what came could not be read. A wrong host name comes here too, so nothing may depend on the request."""
    return page(None, 400)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: may be seen, but not done; the reason stands in [data-reason]."""
    reason = exception.reason if isinstance(exception, Denied) else str(exception or "")
    return page(request, 403, reason or str(_("This is not for you here.")))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: missing, or not to be seen by this person; both look the same."""
    return page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our mistake. What failed may be the database, so the page does without it.

    The log gets the kind of the error and the lines of code, never its words, the address or the form: they could be
    somebody's.
    """
    kind, _problem, trace = sys.exc_info()
    lines = [f"{place.filename}:{place.lineno} {place.name}" for place in traceback.extract_tb(trace)]
    _logger.error("%s at %s", kind.__name__ if kind else "an error", " < ".join(reversed(lines[-6:])))
    return page(None, 500)


def too_large(request: HttpRequest) -> HttpResponse:
    """413: more than one request may bring."""
    return page(request, 413)


def wrong_method(request: HttpRequest, allowed: str) -> HttpResponse:
    """405: a page was asked for where only a form is taken."""
    response = page(request, 405)
    response["Allow"] = allowed
    return response


def another_way(path: str) -> str:
    """What whoever cannot wait with a voice can do meanwhile; nothing on other pages."""
    return f" {OTHER_WAY}" if path.startswith("/voices/") else ""


def busy(request: HttpRequest) -> HttpResponse:
    """503: too many at once; says when to come back."""
    title, sentence = SAYINGS[503]
    return waits(page(request, 503, saying=(title, f"{sentence}{another_way(request.path)}")), SOON)


def full(request: HttpRequest) -> HttpResponse:
    """503: the disk takes nothing more; what is there can still be read."""
    return waits(page(request, 503, saying=(_("Nothing can be saved right now"), FULL)))


def unsealed(request: HttpRequest) -> HttpResponse:
    """503: what was sent could not be sealed, so nothing of it is kept."""
    says = _("We could not lock it away, so we kept nothing of it. Please try again later, or tell a peer worker.")
    return waits(page(request, 503, saying=(_("Nothing was stored"), says)))


def altered(request: HttpRequest) -> HttpResponse:
    """410: its key was there, and it did not open: it lies there otherwise than it was sealed, and does not come back.

    The log tells whoever looks after the host that it happened, and nothing of whose it was.
    """
    _logger.error("something sealed was changed after it was sealed, and does not open: compare it with a back-up")
    says = _("This was changed after it was sealed. Nobody can read it. Tell the host's steward.")
    return page(request, 410, saying=(_("This cannot be opened"), says))


def waits(response: Answer, seconds: int = LATER) -> Answer:
    """A 503 that says when to come back: after a minute, where somebody has to make room."""
    response.status_code, response["Retry-After"] = 503, str(seconds)
    return response
