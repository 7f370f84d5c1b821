"""From an ASGI server to Django in one hop.

The event loop reads the request and sends the answer, so that slow phones cost no thread; everything between runs in
one thread of a fixed pool, through Django's own WSGI handler. Requests that need an Argon2id wait in a lane of their
own, words to be sealed in another, and those whose files are made anew in a third. Only ASGI: granian's other interface
buffers without end for a reader that has stopped, and hides a broken answer.
"""

import asyncio
import ctypes
import gc
import logging
import re
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing, suppress
from functools import lru_cache
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext

from withus.core import configuration
from withus.running.bodies import Bodies, Event, Receive, Refusal, Unwritten, any_of
from withus.running.lanes import Full, Gone, Head, Lane, Outlet
from withus.web.errors import another_way
from withus.web.middleware import headers, language

PAGES_WAITING, HASHES_WAITING, STREAMS = 1024, 256, 32
SEALING = 2  # files that are made anew at one time, and words that are sealed
WAITS = 10  # seconds that a voice waits for its turn, then it is told to come back
SEND_SECONDS = 60  # within which a reader takes the next piece
SMALL_FILE = 1024 * 1024
# Who asks is nobody's business: what could say it never reaches the code. Underscores would pose as other headers.
NEVER_PASSED = re.compile(r"x-forwarded-|x-real-ip$|forwarded$|user-agent$|.*(client|connecting)-ip$|proxy$|.*_")

Send = Callable[[Event], Awaitable[None]]
logger = logging.getLogger("withus.running")


def environ_of(scope: Event, *, behind_proxy: bool) -> dict[str, Any]:
    """The request as WSGI wants it, without the body and without the address it came from."""
    path = unquote_to_bytes(scope["raw_path"]) if scope.get("raw_path") else scope["path"].encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443" if scope["scheme"] == "https" else "80",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        key, value = _key_of(raw_name), raw_value.decode("latin-1")
        if behind_proxy and raw_name == b"x-forwarded-proto" and value in {"http", "https"}:
            environ["wsgi.url_scheme"] = value
        if not value or not key:
            continue
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    return environ


@lru_cache(maxsize=512)
def _key_of(raw_name: bytes) -> str:
    """A header's name as WSGI calls it; nothing for one that is never passed."""
    name = raw_name.decode("latin-1")
    if NEVER_PASSED.match(name):
        return ""
    key = name.upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def _busy(environ: dict[str, Any]) -> str:
    """A form that was sent is in the browser until somebody goes back: our pages with forms are kept by no cache."""
    if environ["REQUEST_METHOD"] != "POST":
        again = gettext("Many people are here right now. Wait a few seconds, then load this page again.")
    else:
        again = gettext(
            "Many people are here right now. Wait a few seconds, then reload this page: that sends it again. Do not go "
            "back: you may have to type it again then."
        )
    return again + another_way(environ["PATH_INFO"])


def refusal_of(environ: dict[str, Any], status: int) -> Head:
    """One plain sentence in the reader's language, with the headers every answer carries."""

    def sentence(_request: object) -> HttpResponse:
        text = {
            400: gettext("We could not read what came. Go back and try again. You may have to type it again."),
            408: gettext("It took too long to arrive. Check your connection, then reload this page to send it again."),
            413: gettext("This is too large to send here. Make it smaller, then send it again."),
            500: gettext("This is our mistake, not yours. Please try again in a few minutes."),
            503: _busy(environ),
        }[status]
        return HttpResponse(text, "text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})

    response = headers(language(sentence))(WSGIRequest({**environ, "wsgi.input": BytesIO()}))
    assert isinstance(response, HttpResponse)
    if status == 503:
        response["Retry-After"] = "5"
    response["Content-Length"] = str(len(response.content))
    body = b"" if environ["REQUEST_METHOD"] == "HEAD" else response.content
    return status, list(response.items()), body


class Bridge:
    """An ASGI application around Django; `threads` serve pages, others POST to `hash_paths` and `sealed_paths`."""

    def __init__(
        self,
        application: WSGIHandler,
        *,
        threads: int = 8,
        hash_paths: Sequence[str] = (),
        upload_paths: Sequence[str] = (),
        sealed_paths: Sequence[str] = (),
        behind_proxy: bool = False,
    ) -> None:
        self._application, self._behind_proxy = application, behind_proxy
        self._pages = Lane("page", threads=threads, waiting=PAGES_WAITING)
        self._hashes = Lane("hash", threads=1, waiting=HASHES_WAITING)
        self._words = Lane("words", threads=SEALING, waiting=HASHES_WAITING)
        self._sealing = Lane("seal", threads=SEALING, waiting=HASHES_WAITING)
        self._hash_paths, self._sealed_paths = any_of(hash_paths), any_of(sealed_paths)
        self._bodies = Bodies(upload_paths, sealed_paths)
        self._streams = threading.BoundedSemaphore(STREAMS)

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            return
        environ, outlet = environ_of(scope, behind_proxy=self._behind_proxy), Outlet()
        try:
            await _send(await self._answer(environ, receive, outlet), outlet, send)
        except Gone:
            return
        finally:
            outlet.close()
            if outlet.streams:
                self._streams.release()

    def close(self) -> None:
        """Waits until what is being served has been."""
        self._pages.close()
        self._hashes.close()
        self._words.close()
        self._sealing.close()

    async def _answer(self, environ: dict[str, Any], receive: Receive, outlet: Outlet) -> Head:
        watch = None
        try:
            environ["wsgi.input"] = await self._bodies.read(environ, receive)
            lane = self._lane(environ)
            if lane in (self._words, self._sealing):
                outlet.wait_at_most(WAITS)
            lane.submit(self._work, environ, outlet)
            watch = asyncio.create_task(_until_gone(receive, outlet)) if lane is not self._pages else None
            return await outlet.head
        except Gone:
            raise
        except Full:
            environ["wsgi.input"].close()  # its turn may be far: the room is for others now
            return refusal_of(environ, 503)
        except Exception as problem:
            return refusal_of(environ, problem.status if isinstance(problem, Refusal) else 500)
        finally:
            if watch:
                watch.cancel()

    def _lane(self, environ: dict[str, Any]) -> Lane:
        """Where a request waits: what holds files can keep its lane busy for long, so words alone go another."""
        path, is_sent = environ["PATH_INFO"], environ["REQUEST_METHOD"] == "POST"
        if is_sent and self._sealed_paths.fullmatch(path):
            body = environ["wsgi.input"]
            return self._sealing if isinstance(body, Unwritten) and body.may_hold_files else self._words
        return self._hashes if is_sent and self._hash_paths.fullmatch(path) else self._pages

    def _work(self, environ: dict[str, Any], outlet: Outlet) -> None:
        problem: BaseException | None = None
        try:
            outlet.take()  # who left while waiting: nothing is begun for nobody
            self._respond(environ, outlet)
        except BaseException as caught:
            problem = caught
            if not isinstance(caught, Gone):
                logger.error("An answer broke off: %s", type(caught).__name__)
        finally:
            environ["wsgi.input"].close()
            outlet.end(problem)

    def _respond(self, environ: dict[str, Any], outlet: Outlet) -> None:
        begun: list[Any] = []
        application: Any = self._application  # its types forget that what it returns is Django's own response
        response = application(environ, lambda *head: begun.extend(head))
        status, fields = int(begun[0][:3]), begun[1]
        with closing(response):
            if not response.streaming or _is_small_file(response):
                body = b"".join(response)
                if not response.has_header("Content-Length") and status not in {204, 304}:
                    fields.append(("Content-Length", str(len(body))))
                outlet.begin((status, fields, b"" if environ["REQUEST_METHOD"] == "HEAD" else body))
            elif environ["REQUEST_METHOD"] == "HEAD":
                outlet.begin((status, fields, b""))
            elif self._streams.acquire(blocking=False):
                outlet.streams = True
                outlet.begin((status, fields, None))
                for piece in response:
                    outlet.write(piece)
            else:
                outlet.begin(refusal_of(environ, 503))


def _is_small_file(response: Any) -> bool:
    size = response.headers.get("Content-Length", "")
    return isinstance(response, FileResponse) and size.isdigit() and int(size) <= SMALL_FILE


async def _until_gone(receive: Receive, outlet: Outlet) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass  # an empty body nobody had asked for
    outlet.gone = True


async def _send(head: Head, outlet: Outlet, send: Send) -> None:
    status, fields, body = head
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in fields]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    if body is None:
        async for piece in outlet.pieces():
            async with asyncio.timeout(SEND_SECONDS):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": body or b""})


def _settle() -> None:
    """What was loaded at start stays for ever: the collector need not walk it, nor threads take turns too often.

    Measured with eight busy readers and threads: without this, fighting for their turn cost twice the page itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    sys.setswitchinterval(0.005)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        with suppress(AttributeError):  # only glibc keeps what was freed, and can be told not to
            libc.mallopt(-3, 1024 * 1024)  # M_MMAP_THRESHOLD: the 19 MB of a derivation go back at once, every time
            libc.malloc_trim(0)


def application(threads: int | None = None) -> Bridge:
    """The bridge to this project's Django, as its settings say; for `uvicorn --factory` and for `serve`."""
    project = get_wsgi_application()
    _settle()
    return Bridge(
        project,
        threads=threads or configuration.number("WITHUS_THREADS"),
        hash_paths=settings.WITHUS_HASH_PATHS,
        upload_paths=settings.WITHUS_UPLOAD_PATHS,
        sealed_paths=settings.WITHUS_SEALED_PATHS,
        behind_proxy=settings.WITHUS_BEHIND_PROXY,
    )
