"""Maps are drawn in a process of its own: what that loads would fill this one's memory for good."""

from withus.compute import loops
from withus.core import apart, configuration


def draw(*codes: str) -> None:
    """Has the maps drawn that are due, of these processes or of all; raises CalledProcessError if it failed."""
    _keep_loops()
    apart.run("draw-maps", *codes)


def prepare() -> None:
    """Has everything compiled that maps need, if this version's never was; else as `draw`."""
    _keep_loops()
    if not loops.are_ready():
        draw()


def _keep_loops() -> None:
    """Where the service may not write into the clone, the data folder keeps what is compiled."""
    loops.keep_in(configuration.folder("WITHUS_DATA") / loops.SPARE)
