"""Whose house this is and what is open in it now."""

from dataclasses import dataclass

from withus.core import clock
from withus.core.edition import kept
from withus.people.models import Instance
from withus.processes.models import Phase, Process
from withus.processes.queries import public_processes
from withus.texts.queries import public_said


@dataclass(frozen=True)
class Open:
    """A process that somebody can take part in today, by its phase of today."""

    process: Process
    phase: Phase


@kept(1)
def public_host() -> Instance | None:
    """This host; None before it is set up."""
    return Instance.objects.first()


def public_open() -> list[Open]:
    """Every process that takes statements or votes today, with its texts in the reader's language, newest first."""
    day = clock.today()
    running = [(process, process.current_phase(day)) for process in public_processes()]
    found = [
        Open(process, phase) for process, phase in running if phase and (phase.takes_votes or phase.takes_statements)
    ]
    public_said("process", [one.process for one in found])
    return found
