"""Whose house this is and what is open in it now: read for every page, so kept for a few seconds."""

from dataclasses import dataclass
from time import monotonic

from withus.core import clock
from withus.people.models import Instance
from withus.processes.models import Phase, Process
from withus.processes.queries import public_processes
from withus.texts.queries import public_said

FRESH = 5.0  # seconds


@dataclass
class _Kept:
    """The instance as this process read it last."""

    host: Instance | None = None
    until: float = 0.0


_kept = _Kept()


@dataclass(frozen=True)
class Open:
    """A process that somebody can take part in today, by its phase of today."""

    process: Process
    phase: Phase


def public_host() -> Instance | None:
    """This host; None before it is set up. At most 5 seconds old, so that pages do not ask for it each time."""
    if monotonic() >= _kept.until:
        _kept.host = Instance.objects.first()
        _kept.until = monotonic() + FRESH if _kept.host else 0.0
    return _kept.host


def public_host_changed() -> None:
    """Lets the next page of this process read the instance anew."""
    _kept.until = 0.0


def public_open() -> list[Open]:
    """Every process that takes statements or votes today, with its texts in the reader's language, newest first."""
    day = clock.today()
    running = [(process, process.current_phase(day)) for process in public_processes()]
    found = [
        Open(process, phase) for process, phase in running if phase and (phase.takes_votes or phase.takes_statements)
    ]
    public_said("process", [one.process for one in found])
    return found
