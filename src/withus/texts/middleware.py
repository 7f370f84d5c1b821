"""Before each page: the community's own words as they are now."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from withus.texts import wording

Handler = Callable[[HttpRequest], HttpResponseBase]


def own_words(get_response: Handler) -> Handler:
    """Lays the own words over the catalogues if they have changed."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        wording.refresh()
        return get_response(request)

    return middleware
