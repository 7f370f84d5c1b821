"""Default deny: an address that no table names is closed, and one that is not for this role says so."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext

from withus.core.errors import Denied
from withus.policy.facts import VISITOR
from withus.policy.pages import may_open, roles_of
from withus.web import errors


class DefaultDeny:
    """Decides before every view, by the name of its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> HttpResponse | None:
        """Called by Django once the address is known."""
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if not roles_of(name):
            raise Http404
        verdict = may_open(getattr(request, "actor", VISITOR), name)
        return None if verdict else errors.denied(request, Denied(gettext(verdict.reason)))
