"""Whether it is quiet in a conversation: nobody voted between two looks. Nothing of it is stored."""

from withus.compute.suppression import Basis

MOST_LOOKS = 10  # after so many looks a conversation that never rests is drawn all the same


class Quiet:
    """What was seen at the last look of this process, by conversation."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[Basis, int]] = {}

    def look(self, code: str, now: Basis, *, is_due: bool) -> bool:
        """Whether what is due may be drawn: nothing moved since the last look, there was none, or it waited enough."""
        before, waited = self._seen.get(code, (now, 0))
        may = is_due and (before == now or waited >= MOST_LOOKS)
        self._seen[code] = (now, waited + 1 if is_due and not may else 0)
        return may
