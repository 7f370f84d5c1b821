"""Who acts: turns the session's cookie into `request.actor`. And what was typed when a session had ended is kept."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from withus.people import forms, sessions, typed
from withus.web import forms as web_forms
from withus.web.requests import Request

Handler = Callable[[Request], HttpResponseBase]


def who_acts(get_response: Handler) -> Handler:
    """Sets `request.actor` and `request.session_info` (None for visitors), and keeps the cookie's time fresh."""

    def middleware(request: Request) -> HttpResponseBase:
        sessions.recognise(request)
        response = get_response(request)
        sessions.remember(request, response)
        return response

    return middleware


class TypedIsKept:
    """Answers a form that comes without a session with the page for signing in, which carries what was typed.

    And shows it again: a form at its own address, as if the page were only asked for, so that nothing is done by it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        if not _shows_again(request):
            return self.get_response(request)
        found = typed.opened(request.POST[typed.FIELD])
        is_hers = found and found.whose == typed.mark_of(request.session_info.key)
        said = found.data if found and is_hers and found.address == request.get_full_path() else None
        request.method, request.POST = "GET", QueryDict()
        token = web_forms.typed.set(said)
        try:
            answer = self.get_response(request)
        finally:
            web_forms.typed.reset(token)
            request.method = "POST"  # what comes of a form is kept by nobody and not compressed
        return HttpResponseRedirect(reverse("me"), status=303) if answer.status_code == 405 else answer

    def process_view(self, request: Request, view: object, args: Any, kwargs: Any) -> HttpResponse | None:
        """Called by Django once the address is known."""
        try:
            found = typed.sent_in_vain(request)
            if found is None:
                return None
            seen: dict[str, Any] = {"is_kept": True, "form": forms.SignInForm(initial={"typed": typed.sealed(found)})}
        except typed.TooLong:
            seen = {"is_too_long": True, "form": forms.SignInForm()}
        return render(request, "people/sign_in.html", seen | {"action": reverse("sign_in"), "here": "/"}, status=403)


def _shows_again(request: Request) -> bool:
    """Whether a form brings back what was typed, to be seen; no other body is read here."""
    if request.method != "POST" or request.session_info is None or request.path == reverse("sign_in"):
        return False
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_small = length.isdecimal() and int(length) <= 2 * typed.LONGEST
    is_plain = request.content_type == "application/x-www-form-urlencoded"
    return is_small and is_plain and typed.FIELD in request.POST
