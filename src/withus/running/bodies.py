"""Request bodies, read on the event loop within limits of size, time and memory before a thread is spent on them."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import ExitStack
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any

MB = 1024 * 1024
SMALL = 65536  # bytes of a form that never needs a file
ORDINARY = (MB, 180)  # bytes, seconds
UPLOAD = (12 * MB, 900)
HEARD_OUT = 64 * MB  # a body that is too large is taken in and thrown away: browsers show an answer only after sending
IN_MEMORY, ON_DISK = 32 * MB, 1024 * MB  # of all bodies that are being read

Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
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


class Bodies:
    """Reads bodies, and knows how much of them is held at this moment."""

    def __init__(self, upload_paths: Iterable[str]) -> None:
        self._uploads = any_of(upload_paths)
        self._held = 0

    async def read(self, environ: dict[str, Any], receive: Receive) -> Body:
        """The whole body, and its true size as CONTENT_LENGTH; raises Refusal."""
        declared = environ.get("CONTENT_LENGTH", "0")
        if declared == "0" and "HTTP_TRANSFER_ENCODING" not in environ:
            return BytesIO()
        limit, seconds = UPLOAD if self._uploads.fullmatch(environ["PATH_INFO"]) else ORDINARY
        if not (declared.isascii() and declared.isdigit()):
            raise Refusal(400)
        if len(declared) > 12 or int(declared) > (limit if "HTTP_EXPECT" in environ else HEARD_OUT):
            raise Refusal(413)
        is_small = int(declared) <= SMALL and "HTTP_TRANSFER_ENCODING" not in environ
        with ExitStack() as unless_whole:
            body: Body = BytesIO() if is_small else SpooledTemporaryFile(max_size=MB)  # noqa: SIM115 - closed unless whole
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
                if size <= limit:
                    held += len(piece)
                    self._held += len(piece)
                    if self._held > ON_DISK:
                        raise Refusal(503)
                    if self._held > IN_MEMORY and isinstance(body, SpooledTemporaryFile):
                        body.rollover()
                    body.write(piece)
                elif size > HEARD_OUT:
                    raise Refusal(413)
                if not event.get("more_body"):
                    break
        finally:
            self._held -= held
        if size > limit:
            raise Refusal(413)
        return size
