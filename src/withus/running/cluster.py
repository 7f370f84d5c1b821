"""The opinion map past one machine: votes lie with the workers of a Dask cluster, and only sums and rows come here.

The package `distributed` is an extra and slow to load, so it is loaded only where a scheduler is named.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from withus.compute import loops
from withus.compute.opinion_map.conversation import Conversation
from withus.compute.opinion_map.shards import read_shards
from withus.core.errors import NoHands

__all__ = ["Workers", "fingerprint", "read", "workers"]
PATIENCE = 10  # seconds for a scheduler to answer
FEW = 3_000_000  # votes that one machine maps sooner than it asks others
GLANCE = 5.0  # seconds after which it is asked whether there are workers left
LARGE = 1 << 20  # bytes from which an array is laid down with the workers once, instead of going with each task
_MISSING = "--scheduler needs the package distributed: pip install --require-hashes -r requirements/dask.lock"
_DIED = "a worker ended in the midst of its work, perhaps for want of memory; see its log"
_SETTINGS = {"logging": {"distributed": "critical", "distributed.client": "critical"}}


class Workers:
    """The workers of a cluster, as hands that hold parts of a conversation."""

    def __init__(self, dask: Any, client: Any) -> None:
        self.dask = dask
        threads = client.nthreads()
        self.client, self.number, self.at_once = client, len(threads), 2 * sum(threads.values())

    def do(self, work: Callable[..., Any], *arguments: Any) -> Any:
        """A future of the work."""
        return self.client.submit(work, *arguments, pure=False)

    def lent(self, value: Any) -> Any:
        """A future of a large array; anything else as it is."""
        is_large = isinstance(value, np.ndarray) and value.nbytes >= LARGE
        return self.client.scatter(value) if is_large else value

    def fetched(self, handles: Sequence[Any]) -> list[Any]:
        """What came of it; of several errors the first in the order of the work."""
        while True:
            with suppress(TimeoutError):
                self.dask.wait(handles, timeout=GLANCE)
                break
            if not self.client.nthreads():
                raise NoHands("the cluster has no workers left; see their logs, and begin again with others")
        for handle in handles:
            if handle.status == "error":
                handle.result()
        return list(self.client.gather(handles))


@contextmanager
def workers(address: str) -> Iterator[Workers]:
    """The workers of the scheduler at an address, if they run this very code. Raises NoHands."""
    try:
        settings = import_module("dask.config").set(_SETTINGS | {"distributed.comm.timeouts.connect": PATIENCE})
        dask: Any = import_module("distributed")
    except ImportError:
        raise NoHands(_MISSING) from None
    with settings, _connected(dask, address) as client:
        try:
            _hold_equal(client, address)
            yield Workers(dask, client)
        except dask.KilledWorker as problem:
            raise NoHands(_DIED) from problem
        except (dask.core.CommClosedError, dask.CancelledError, dask.client.ClosedClientError) as problem:
            raise NoHands(f"the scheduler at {address} went away in the midst of the work; begin again") from problem


@contextmanager
def _connected(dask: Any, address: str) -> Iterator[Any]:
    try:
        client = dask.Client(address, timeout=PATIENCE)
    except (OSError, ValueError) as problem:
        says = f"no Dask scheduler answers at {address} ({problem}); start one, or mend the address (tcp://HOST:PORT)"
        raise NoHands(says) from problem
    try:
        yield client
    finally:
        client.close(timeout=PATIENCE)


def _hold_equal(client: Any, address: str) -> None:
    """Raises NoHands unless there are workers, and all have the code that is here: other code, other bits."""
    if not client.nthreads():
        raise NoHands(f"the scheduler at {address} has no workers; start some: dask worker {address}")
    own = fingerprint()
    others = [worker for worker, found in client.run(fingerprint, on_error="return").items() if found != own]
    if others:
        raise NoHands(
            f"{len(others)} workers have not this version of Withus, numpy or numba (the first: {others[0]}); "
            "install the same on all machines"
        )


def read(hands: Workers, *paths: str | Path) -> Conversation:
    """The votes as the workers read them; few of them come here, which gives the same bytes sooner.

    Raises BadVotes, OSError.
    """
    shards = read_shards(hands, *paths)
    return shards.here() if shards.cast <= FEW else shards


def fingerprint() -> str:
    """The code that a map depends on, as a hash and versions."""
    return f"{loops.state_of_code()} {version('numpy')} {version('numba')}"
