"""Who acts: turns the session's cookie into `request.actor`."""

from collections.abc import Callable

from django.http import HttpResponseBase

from withus.people import sessions
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
