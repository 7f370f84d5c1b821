"""What every request must keep to and every answer carries: headers, same origin, language, calm pages for a no."""

import gzip
import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers

from withus.core.errors import Busy, CannotSeal, Denied, Gone, is_full
from withus.core.sealing import Unreadable
from withus.web import errors
from withus.web.language import wished
from withus.web.requests import come_back_in

Handler = Callable[[HttpRequest], HttpResponseBase]
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
    "fullscreen", "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer",
    "microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb",
    "window-management", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join(f"{feature}=()" for feature in _OFF)
_FILE_PERMISSIONS = "camera=(), geolocation=(), microphone=()"  # no page, so nothing there asks: see decision 0080
_SPOKEN = {"/voices/new", "/voices/return", "/voices/more"}  # the pages that may ask for the microphone, for themselves
_UNSEEN = ("/voices/", "/stories/", "/report")  # what is taken back must be gone from caches; no engine names it
_FOR_OTHERS = re.compile(r"^/(log|api)/|/badge\.svg$|/feed\.rss$|\.ics$")
_TEXT = re.compile(r"text/|application/(json|javascript|xml|rss\+xml|atom\+xml)|image/svg\+xml")
_NOT_CLEARNET = re.compile(r"\.onion(:\d+)?$|^localhost(:\d+)?$")


def headers(get_response: Handler) -> Handler:
    """Sets the header table of docs/interface.md on every answer, errors and files included."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        path, host = request.path, request.META.get("HTTP_HOST", "")
        worker = "; worker-src 'self'" if path.startswith("/field/") else ""
        response["Content-Security-Policy"] = CONTENT_POLICY + worker
        response["X-Content-Type-Options"] = "nosniff"
        response["Referrer-Policy"] = "same-origin"  # `no-referrer` would make browsers send `Origin: null` with forms
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        response["Cross-Origin-Resource-Policy"] = "cross-origin" if _FOR_OTHERS.search(path) else "same-origin"
        response["Permissions-Policy"] = _permissions(path, response)
        if path.startswith(_UNSEEN):
            response["X-Robots-Tag"] = "noindex"
        if request.is_secure() and not _NOT_CLEARNET.search(host):
            response["Strict-Transport-Security"] = "max-age=31536000"
            if settings.WITHUS_ONION and _is_html(response):
                response["Onion-Location"] = f"http://{settings.WITHUS_ONION}{request.get_full_path()}"
        return response

    return middleware


def _permissions(path: str, response: HttpResponseBase) -> str:
    if path.startswith(settings.STATIC_URL) and not _is_html(response):
        return _FILE_PERMISSIONS
    return PERMISSIONS.replace("microphone=()", "microphone=(self)", int(path in _SPOKEN))


def _is_html(response: HttpResponseBase) -> bool:
    return response.get("Content-Type", "").startswith("text/html")


def conditional(get_response: Handler) -> Handler:
    """Says what may be kept: nothing of a session, a story, a form's answer or a no; else with an ETag. Compresses."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        # A file that says itself how long it may be kept is the same for everybody, whoever asks.
        decides_itself = response.has_header("Cache-Control") and not _is_page(request, response)
        if _is_private(request, response) and not decides_itself:
            response["Cache-Control"] = "no-store"
        elif not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-cache"  # keep it, but ask each time whether it is still so
        if not isinstance(response, HttpResponse) or response.streaming:
            return response
        if response.status_code == 200 and request.method in SAFE and "no-store" not in response["Cache-Control"]:
            if not response.has_header("ETag"):
                response["ETag"] = f'W/"{hashlib.blake2b(response.content, digest_size=12).hexdigest()}"'
            response = get_conditional_response(request, etag=response["ETag"], response=response) or response
        return _compressed(request, response)

    return middleware


def _is_page(request: HttpRequest, response: HttpResponseBase) -> bool:
    return _is_html(response) or request.path.startswith(_UNSEEN)


def _is_private(request: HttpRequest, response: HttpResponseBase) -> bool:
    return (
        getattr(request, "session_info", None) is not None
        or bool(response.cookies)
        or request.method not in SAFE
        or response.status_code >= 400
        or request.path.startswith(_UNSEEN)
    )


def _compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer in brotli or gzip, where its length can tell nobody anything.

    Whoever can make somebody's browser ask us again and again, with guesses in the address, and sees only lengths, can
    guess what a compressed page says (BREACH). So an answer to a form is never compressed, for there passphrases are
    shown; and a page of a session, or of a visit with a receipt, only when the browser says that one of our own pages
    asked for it.
    """
    if not _TEXT.match(response.get("Content-Type", "")) or response.has_header("Content-Encoding"):
        return response
    patch_vary_headers(response, ["Accept-Encoding"])
    is_visit = request.path.startswith("/voices/") and bool(request.COOKIES)  # a receipt, or what lies under it
    has_session = is_visit or getattr(request, "session_info", None) is not None
    is_ours = request.META.get("HTTP_SEC_FETCH_SITE") in {"same-origin", "none"}
    if request.method != "GET" or len(response.content) < 300 or (has_session and not is_ours):
        return response
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
    if re.search(r"\bbr\b", accepted):
        response.content, response["Content-Encoding"] = brotli.compress(response.content, quality=5, lgwin=18), "br"
    elif re.search(r"\bgzip\b", accepted):
        response.content, response["Content-Encoding"] = gzip.compress(response.content, 6, mtime=0), "gzip"
    response["Content-Length"] = str(len(response.content))
    return response


def same_origin(get_response: Handler) -> Handler:
    """Refuses what another site makes a browser send, and methods that no page takes; needs no cookie and no token.

    Browsers since 2023 say `Sec-Fetch-Site` (on https, .onion and localhost), older ones `Origin` with each form from
    elsewhere, and still older ones `Referer`. What says none of them is no browser that a page could have tricked, or
    one that keeps it to itself.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        host = request.get_host()  # raises DisallowedHost for a name that is not ours, whatever the method
        if request.method not in SAFE and not _is_own(request, host):
            return errors.denied(request, PermissionDenied(errors.OTHER_SITE))
        if request.method not in METHODS:
            return errors.wrong_method(request, ", ".join(METHODS))
        return get_response(request)

    return middleware


def _is_own(request: HttpRequest, host: str) -> bool:
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site not in {None, "same-origin", "none"}:
        return False
    origin = request.META.get("HTTP_ORIGIN", None if site else request.META.get("HTTP_REFERER") or None)
    with suppress(ValueError):  # no address at all
        return origin is None or urlsplit(origin).netloc == host
    return False


def language(get_response: Handler) -> Handler:
    """The reader's language: chosen for this visit (a cookie, because it was asked for), else the browser's."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with translation.override(wished(request)):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        if _is_html(response):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return middleware


class Refusals:
    """Gives each no its page: `Denied`, `Gone`, `Busy`, what is not sealed or was altered, too much, a full disk."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        come_back_in.set(0)
        response = self.get_response(request)
        if seconds := come_back_in.get():
            return errors.waits(response, seconds)
        if response.status_code == 405 and request.method != "HEAD":
            return errors.wrong_method(request, response.get("Allow", ""))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django when a view raises; None leaves it to Django."""
        if isinstance(exception, Denied):
            return errors.denied(request, exception)
        if isinstance(exception, Gone):
            return errors.not_found(request)
        if isinstance(exception, Busy):
            return errors.busy(request)
        if isinstance(exception, CannotSeal):
            return errors.unsealed(request)
        if isinstance(exception, Unreadable):
            return errors.altered(request)
        if isinstance(exception, RequestDataTooBig):
            return errors.too_large(request)
        if is_full(exception):
            return errors.full(request)
        return None
