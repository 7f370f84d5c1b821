"""Between event loop and threads: lanes in which requests wait their turn, outlets through which answers leave."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from tempfile import SpooledTemporaryFile
from typing import Any

IN_MEMORY = 1024 * 1024  # bytes of a streamed answer, then it goes to a file without a name
CHUNK = 65536

Head = tuple[int, list[tuple[str, str]], bytes | None]


class Full(Exception):
    """So many wait in this lane that no more can be let in."""


class Gone(Exception):
    """The other side has left; there is nobody to answer."""


class Lane:
    """Threads that serve whole requests, first come first served, and a limit to how many may wait for them."""

    def __init__(self, name: str, *, threads: int, waiting: int) -> None:
        # Not an executor: its futures, which nobody here asks, cost a tenth of a small page.
        self._queue: SimpleQueue[tuple[Callable[..., None], tuple[Any, ...]] | None] = SimpleQueue()
        self._room = threading.BoundedSemaphore(threads + waiting)
        one = partial(threading.Thread, target=self._serve, name=f"withus-{name}", daemon=True)
        self._threads = [one() for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[..., None], *given: Any) -> None:
        """Queues work that lets no exception out; raises Full."""
        if not self._room.acquire(blocking=False):
            raise Full
        self._queue.put((work, given))

    def _serve(self) -> None:
        while (item := self._queue.get()) is not None:
            work, given = item
            try:
                work(*given)
            finally:
                self._room.release()

    def close(self) -> None:
        """Waits for what is being served, and forgets who still waits."""
        with suppress(Empty):
            while True:
                self._queue.get_nowait()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()


class Outlet:
    """One answer on its way from a thread to the event loop; the thread never waits for a slow reader."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._spool: SpooledTemporaryFile[bytes] | None = None  # only an answer in pieces needs one
        self._lock, self._more = threading.Lock(), asyncio.Event()
        self._ended: BaseException | bool = False
        self.head: asyncio.Future[Head] = self._loop.create_future()
        self._patience: asyncio.TimerHandle | None = None
        self._begun = self.gone = self.streams = False

    def wait_at_most(self, seconds: float) -> None:
        """On the loop: if no thread has taken it by then, nobody waits any longer, and `head` raises Full."""
        self._patience = self._loop.call_later(seconds, self._give_up)

    def _give_up(self) -> None:
        with self._lock:
            if self._begun or self.gone:
                return
            self.gone = True
        self.head.set_exception(Full())

    def take(self) -> None:
        """In the thread, first: from here on it is served; raises Gone if nobody waits any more."""
        with self._lock:
            if self.gone:
                raise Gone
            self._begun = True

    def begin(self, head: Head) -> None:
        """In the thread: status, headers and the body, or None for a body in pieces."""
        self._loop.call_soon_threadsafe(self.head.set_result, head)

    def write(self, piece: bytes) -> None:
        """In the thread: one more piece of the body; raises Gone."""
        with self._lock:
            if self.gone:
                raise Gone
            self._spool = self._spool or SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by close()
            self._spool.seek(0, 2)
            self._spool.write(piece)
        self._loop.call_soon_threadsafe(self._more.set)

    def end(self, problem: BaseException | None = None) -> None:
        """In the thread: nothing more comes; with a problem, what came is not the whole."""
        self._ended = problem or True
        if problem or self.streams:  # a whole answer has left with its head: waking the loop again would say nothing
            self._loop.call_soon_threadsafe(self._finish, problem)

    def _finish(self, problem: BaseException | None) -> None:
        self._more.set()
        if problem and not self.head.done():
            self.head.set_exception(problem)

    async def pieces(self) -> AsyncIterator[bytes]:
        """On the loop: the body as it comes; raises the problem that broke it off."""
        at = 0
        while True:
            self._more.clear()
            ended = self._ended  # asked before reading: what is written in between comes with the next turn
            with self._lock:
                if self._spool:
                    self._spool.seek(at)
                piece = self._spool.read(CHUNK) if self._spool else b""
            at += len(piece)
            if piece:
                yield piece
            elif isinstance(ended, BaseException):
                raise ended
            elif ended:
                return
            else:
                await self._more.wait()

    def close(self) -> None:
        """On the loop: nobody reads any more, so the thread may stop writing."""
        with self._lock:
            self.gone = True
            if self._spool:
                self._spool.close()
        if self._patience:
            self._patience.cancel()
