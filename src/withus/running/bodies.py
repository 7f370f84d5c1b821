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
# A body that is too large is taken in and thrown away: browsers show an answer only after sending, and what was typed
# beside a file that is to be sealed comes back. This holds a film of some minutes from a telephone.
HEARD_OUT = 512 * MB
IN_MEMORY, ON_DISK = 32 * MB, 1024 * MB  # of all bodies that are being read
# Of those to be sealed, until their answer is made. Words alone have a room that files cannot use up.
SEALED_IN_ALL, SEALED_AT_ONCE, WORDS_IN_ALL = 64 * MB, 32, 32 * MB
LEAST = (32 * 1024, 45)  # bytes that a large one brings in each so many seconds, or it ends
IN_ITS_TURN = 10  # seconds in which words arrive also from a slow phone; later they make room for others
# Django takes a part for a file if it has a name, and browsers send an empty one where none was chosen.
_FILE = re.compile(rb'filename(?!=""[;\r])', re.IGNORECASE)

Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]


class Refusal(Exception):
    """A status, 400 or above, that the bridge answers by itself."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Pace:
    """When a body ends that has not come: after so many seconds in all, or in a stretch that brought too little."""

    def __init__(self, seconds: float, least: tuple[int, float] | None = None) -> None:
        self._least, self._brought = least, 0
        self.begun = asyncio.get_running_loop().time()
        self._end = self.begun + seconds
        self.until = asyncio.timeout_at(min(self._end, self.begun + least[1]) if least else self._end)

    def bring(self, size: int) -> None:
        """So much came."""
        self._brought += size
        if self._least and self._brought >= self._least[0]:
            self._brought = 0
            self.until.reschedule(min(self._end, asyncio.get_running_loop().time() + self._least[1]))

    def stop(self) -> bool:
        """Ends it, to make room, if its turn is over: whether it was."""
        now = asyncio.get_running_loop().time()
        if now - self.begun < IN_ITS_TURN:
            return False
        self.until.reschedule(now)
        return True


class Room:
    """What bodies to be sealed hold in memory together, from their first byte until their answer is made."""

    def __init__(self, size: int, *, at_once: int | None = None) -> None:
        self._size, self._at_once, self._held = size, at_once, 0
        self._inside: set[Unwritten] = set()
        self._arriving: dict[Unwritten, Pace] = {}  # of words alone, the oldest first
        self._counting = threading.Lock()  # bodies are closed in the threads that served them

    def enter(self, body: "Unwritten", pace: Pace) -> None:
        """Lets a body in; raises Refusal if there are too many."""
        with self._counting:
            if self._at_once is not None and len(self._inside) >= self._at_once:
                raise Refusal(503)
            self._inside.add(body)
        if self._at_once is None:
            self._arriving[body] = pace

    def arrived(self, body: "Unwritten") -> None:
        """It is whole, or will never be."""
        self._arriving.pop(body, None)

    def take(self, size: int) -> None:
        """Counts what came; raises Refusal if there is no room, and none can be made."""
        while not self._fits(size):
            oldest = next(iter(self._arriving), None)
            if oldest is None or not self._arriving[oldest].stop():
                raise Refusal(503)
            self.arrived(oldest)
            oldest.let_go()

    def _fits(self, size: int) -> bool:
        with self._counting:
            fits = self._held + size <= self._size
            self._held += size * fits
            return fits

    def give_back(self, body: "Unwritten", size: int) -> None:
        """Counts it no longer."""
        with self._counting:
            self._held -= size
            self._inside.discard(body)


class Unwritten(BytesIO):
    """A body that never goes to the disk; what it holds counts until it is closed.

    Of one that is too large it keeps the first bytes and the last: the files between are thrown away, and what was
    typed before and after them stays, so that the page can show it again.
    """

    __hash__ = object.__hash__

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room, self._own, self._end = room, 0, b""

    def take(self, piece: bytes, limit: int) -> None:
        """Adds a piece; raises Refusal if there is no room."""
        here = piece[: limit - self._own]
        self._room.take(len(here))
        self._own += len(here)
        self.write(here)
        self._end = (self._end + piece[len(here) :])[-SMALL:]

    def whole(self) -> int:
        """All came: its size, which is above the limit if something was thrown away."""
        self.write(self._end)
        return self.tell()

    @property
    def may_hold_files(self) -> bool:
        """Whether something in it may have to be made anew: then it does not wait where words alone wait."""
        whole = self.getvalue()
        return len(whole) > SMALL or _FILE.search(whole) is not None

    def let_go(self) -> None:
        """Gives the room back, once."""
        own, self._own = self._own, 0
        self._room.give_back(self, own)

    def close(self) -> None:
        """Nobody needs it any more."""
        self.let_go()
        super().close()


Body = BytesIO | SpooledTemporaryFile[bytes]


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
        self._held = 0
        self._files, self._words = Room(SEALED_IN_ALL, at_once=SEALED_AT_ONCE), Room(WORDS_IN_ALL)

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
        if is_sealed:
            return await self._sealed(environ, receive, is_small=is_small)
        return await self._whole(_spooled(is_small), limit, Pace(seconds), environ, receive)

    async def _sealed(self, environ: dict[str, Any], receive: Receive, *, is_small: bool) -> Body:
        room, (limit, seconds) = (self._words, ORDINARY) if is_small else (self._files, SEALED)
        body, pace = Unwritten(room), Pace(seconds, None if is_small else LEAST)
        room.enter(body, pace)
        try:
            return await self._whole(body, limit, pace, environ, receive)
        finally:
            room.arrived(body)

    async def _whole(self, body: Body, limit: int, pace: Pace, environ: dict[str, Any], receive: Receive) -> Body:
        with ExitStack() as unless_whole:
            unless_whole.callback(body.close)
            try:
                async with pace.until:
                    environ["CONTENT_LENGTH"] = str(await self._fill(body, limit, pace, receive))
            except TimeoutError:
                raise Refusal(408) from None
            unless_whole.pop_all()
        body.seek(0)
        return body

    async def _fill(self, body: Body, limit: int, pace: Pace, receive: Receive) -> int:
        size = held = 0
        try:
            while True:
                event = await receive()
                if event["type"] == "http.disconnect":
                    raise Refusal(400)  # broken chunks, or somebody who has left and will not read this
                piece = event.get("body", b"")
                size += len(piece)
                pace.bring(len(piece))
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
