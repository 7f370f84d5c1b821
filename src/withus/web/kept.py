"""Pages that are the same for every visitor are made once an edition: a busy page costs as much as an empty one."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from withus.core.edition import Shelf
from withus.web.language import COOKIE, wished

# Only these: they hold nothing that was typed, no secret, and nothing of who asks.
PAGES = frozenset({
    "start", "help", "about_this_host", "accessibility", "privacy", "methods", "method", "organisations",
    "organisation", "bodies", "body", "processes", "process", "results", "statement", "opinion_map", "log", "entry",
    "feed_rss", "deadlines_ics", "peers_ics", "data_csv", "data_json", "data_dictionary", "poster",
    "payer", "peers_pay", "pay_line",
})  # fmt: skip
MOST, LONGEST = 400, 200_000  # pages in memory; bytes of each, compressed
LONGEST_ADDRESS = 200

Handler = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class _Kept:
    content: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str


def kept_pages(get_response: Handler) -> Handler:
    """Answers a visitor from what was made in this edition; readers who are signed in always get their own."""
    shelf = Shelf(MOST)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        key = _key(request)
        things = shelf.of_now() if key else None
        if things is None:
            return get_response(request)
        if page := things.get(key):
            again = HttpResponse(page.content, headers=dict(page.headers))
            return get_conditional_response(request, etag=page.etag, response=again) or again
        response = get_response(request)
        if _may_be_kept(request, response):
            assert isinstance(response, HttpResponse)
            shelf.put(things, key, _Kept(response.content, tuple(response.items()), response["ETag"]))
        return response

    return middleware


def _key(request: HttpRequest) -> Hashable:
    """What an answer to a visitor depends on; None if she has a session, or sends more than a plain question."""
    if request.method != "GET" or request.COOKIES.keys() - {COOKIE}:
        return None
    address, accepted = request.get_full_path(), request.META.get("HTTP_ACCEPT_ENCODING", "")
    if len(address) > LONGEST_ADDRESS:
        return None
    try:
        host = request.get_host()
    except DisallowedHost:
        return None
    coding = "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""
    return address, host, request.is_secure(), wished(request), coding


def _may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    match = request.resolver_match
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and match is not None
        and match.url_name in PAGES
        and not response.cookies
        and response.has_header("ETag")
        and len(response.content) <= LONGEST
    )
