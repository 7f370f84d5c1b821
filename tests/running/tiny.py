"""A small Django for the tests of the server: none of the product's pages, one view for each thing to see."""

import hashlib
import os
import threading
import time
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse, StreamingHttpResponse
from django.urls import path, re_path

SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = __name__
INSTALLED_APPS: list[str] = []
MIDDLEWARE = ["withus.web.middleware.headers", "whitenoise.middleware.WhiteNoiseMiddleware"]
STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("TINY_STATIC", "")
WITHUS_HASH_PATHS = ("/sign-in", "/setup/")
WITHUS_UPLOAD_PATHS = ("/processes/*/import",)
WITHUS_SEALED_PATHS = ("/voices/new",)
WITHUS_BEHIND_PROXY = os.environ.get("TINY_BEHIND_PROXY") == "yes"
DATA_UPLOAD_MAX_MEMORY_SIZE = None
LOGGING_CONFIG = None

_served = 0
_together: set[int] = set()
_most_together = 0


def healthz(request: HttpRequest) -> HttpResponse:
    """As the product's."""
    return HttpResponse("ok", "text/plain")


def echo(request: HttpRequest, rest: str = "") -> JsonResponse:
    """All that reached the code."""
    body = request.body
    return JsonResponse(
        {
            "method": request.method,
            "path": request.path,
            "query": request.META["QUERY_STRING"],
            "scheme": request.scheme,
            "size": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "form": request.POST.dict(),
            "headers": dict(request.headers),
            "meta": sorted(key for key in request.META if key.startswith("REMOTE")),
            "thread": threading.current_thread().name.rsplit("_", 1)[0],
        }
    )


def sign_in(request: HttpRequest) -> JsonResponse:
    """Takes as long as one Argon2id, and says how many were here before and how many at the same time."""
    global _served, _most_together
    here = threading.get_ident()
    _together.add(here)
    _most_together = max(_most_together, len(_together))
    time.sleep(0.02)
    _together.discard(here)
    _served += 1
    return JsonResponse({"served": _served, "together": _most_together, "who": request.POST.get("who")})


def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Pieces with a pause between them, in one thread."""

    def pieces() -> Iterator[bytes]:
        begun = threading.get_ident()
        for number in range(3):
            assert threading.get_ident() == begun
            yield f"{number}\n".encode()
            time.sleep(0.3)

    return StreamingHttpResponse(pieces(), content_type="text/plain")


def large(request: HttpRequest) -> StreamingHttpResponse:
    """16 MB in pieces."""
    return StreamingHttpResponse((b"x" * 65536 for _ in range(256)), content_type="text/plain")


def breaks_off(request: HttpRequest) -> StreamingHttpResponse:
    """A stream that fails in the middle."""

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise ZeroDivisionError

    return StreamingHttpResponse(pieces(), content_type="text/plain")


def tagged(request: HttpRequest) -> HttpResponse:
    """A page with an ETag."""
    if request.headers.get("If-None-Match") == '"same"':
        return HttpResponseNotModified(headers={"ETag": '"same"'})
    return HttpResponse("page", headers={"ETag": '"same"'})


def takes(request: HttpRequest, milliseconds: int) -> HttpResponse:
    """A page that takes its time."""
    time.sleep(milliseconds / 1000)
    return HttpResponse("done")


urlpatterns = [
    path("healthz", healthz),
    path("sign-in", sign_in),
    path("stream", stream),
    path("large", large),
    path("breaks-off", breaks_off),
    path("tagged", tagged),
    path("takes/<int:milliseconds>", takes),
    re_path(r"^(?P<rest>.*)$", echo),
]
