"""Request bodies, read on the event loop within limits of size, time and memory before a thread is spent on them."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import ExitStack
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any

MB = 1024 * 1024
SMALL = 65536  # bytes of a form that never needs a file
ORDINARY = (MB, 180)  # bytes, seconds
UPLOAD = (12 * MB, 900)
SEALED = (16 * MB, 900)  # what is sealed, and until then in memory alone
HEARD_OUT = 64 * MB  # a body that is too large is taken in and thrown away: browsers show an answer only after sending
IN_MEMORY, ON_DISK = 32 * MB, 1024 * MB  # of all bodies that are being read
SEALED_IN_ALL = 64 * MB  # of those to be sealed, until their answer is made

Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]


class Unwritten(BytesIO):
    """A body that never goes to the disk; what it holds counts until it is closed.

    Of one that is too large it keeps the first bytes and the last: the files between are thrown away, and what was
    typed before and after them stays, so that the page can show it again.
    """

    def __init__(self, bodies: "Bodies") -> None:
        super().__init__()
        self._bodies, self._own, self._end = bodies, 0, b""

    def take(self, piece: bytes, limit: int) -> None:
        """Adds a piece; raises Refusal if there is no room."""
        here = piece[: limit - self._own]
        self._bodies.count_sealed(len(here))
        self._own += len(here)
        self.write(here)
        self._end = (self._end + piece[len(here) :])[-SMALL:]

    def whole(self) -> int:
        """All came: its size, which is above the limit if something was thrown away."""
        self.write(self._end)
        return self.tell()

    def close(self) -> None:
        """Gives the room back, once."""
        self._bodies.count_sealed(-self._own)
        self._own = 0
        super().close()


Body = BytesIO | SpooledTemporaryFile[bytes]


class Refusal(Exception):
    """A status, 400 or above, that the bridge answers by itself."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def any_of(paths: Iterable[str]) -> re.Pattern[str]:
    """Matches these paths; one that ends with / means all below it, a * means any one part."""
    each = (re.escape(path).replace(r"\*", "[^/]+") + (".*" if path.endswith("/") else "/?") for path in paths)
    return re.compile("|".join(each) or "(?!)", re.DOTALL)


def _spooled(is_small: bool) -> Body:
    return BytesIO() if is_small else SpooledTemporaryFile(max_size=MB)


class Bodies:
    """Reads bodies, and knows how much of them is held at this moment."""

    def __init__(self, upload_paths: Iterable[str], sealed_paths: Iterable[str] = ()) -> None:
        self._uploads, self._sealed_paths = any_of(upload_paths), any_of(sealed_paths)
        self._held = self._sealed = 0
        self._counting = threading.Lock()  # bodies are closed in the threads that served them

    def count_sealed(self, size: int) -> None:
        """Counts what is held in memory alone; raises Refusal if that is too much."""
        with self._counting:
            if size > 0 and self._sealed + size > SEALED_IN_ALL:
                raise Refusal(503)
            self._sealed += size

    async def read(self, environ: dict[str, Any], receive: Receive) -> Body:
        """The whole body, and its true size as CONTENT_LENGTH; raises Refusal."""
        declared = environ.get("CONTENT_LENGTH", "0")
        if declared == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
            return BytesIO()
        path = environ["PATH_INFO"]
        is_sealed = bool(self._sealed_paths.fullmatch(path))
        limit, seconds = SEALED if is_sealed else UPLOAD if self._uploads.fullmatch(path) else ORDINARY
        if not (declared.isascii() and declared.isdigit()):
            raise Refusal(400)
        if len(declared) > 12 or int(declared) > (limit if "HTTP_EXPECT" in environ else HEARD_OUT):
            raise Refusal(413)
        is_small = int(declared) <= SMALL and "HTTP_TRANSFER_ENCODING" not in environ
        with ExitStack() as unless_whole:
            body = Unwritten(self) if is_sealed else _spooled(is_small)
            unless_whole.callback(body.close)
            try:
                async with asyncio.timeout(seconds):
                    environ["CONTENT_LENGTH"] = str(await self._fill(body, limit, receive))
            except TimeoutError:
                raise Refusal(408) from None
            unless_whole.pop_all()
        body.seek(0)
        return body

    async def _fill(self, body: Body, limit: int, receive: Receive) -> int:
        size = held = 0
        try:
            while True:
                event = await receive()
                if event["type"] == "http.disconnect":
                    raise Refusal(400)  # broken chunks, or somebody who has left and will not read this
                piece = event.get("body", b"")
                size += len(piece)
                if isinstance(body, Unwritten):
                    body.take(piece, limit)
                elif size <= limit:
                    held += len(piece)
                    self._held += len(piece)
                    if self._held > ON_DISK:
                        raise Refusal(503)
                    if self._held > IN_MEMORY and isinstance(body, SpooledTemporaryFile):
                        body.rollover()
                    body.write(piece)
                if size > HEARD_OUT:
                    raise Refusal(413)
                if not event.get("more_body"):
                    break
        finally:
            self._held -= held
        if isinstance(body, Unwritten):
            return body.whole()
        if size > limit:
            raise Refusal(413)
        return size
