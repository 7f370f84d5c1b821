"""The parts of the house that `check` looks at; apart, since settings are spoken of without Django."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One part of the house: whether it is well, and a sentence."""

    part: str
    ok: bool
    says: str
    is_not_yet = False

    @property
    def word(self) -> str:
        """Its state, for the console."""
        return "not yet" if self.is_not_yet else "ok " if self.ok else "BAD"


class NotYet(Part):
    """A part that is not bad, and not well either: its time is still to come."""

    is_not_yet = True


class Noted(Part):
    """A part that is well, and of which somebody may have thought otherwise."""

    word = "note"
