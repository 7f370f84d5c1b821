"""Which deeds the door has let through in this request, for the sentence on the page that comes next."""

from contextvars import ContextVar

LOG, LATER, NOTHING = "log", "later", "nothing"  # where the record is: in the log, waiting for its day, nowhere
_deeds: ContextVar[dict[str, str] | None] = ContextVar("deeds", default=None)


def begin() -> None:
    """A request begins, and nothing is done yet."""
    _deeds.set({})


def note(action: str, record: str) -> None:
    """The deed is done; outside a request nobody asks."""
    deeds = _deeds.get()
    if deeds is not None:
        deeds[action] = record


def record_of(action: str) -> str:
    """Where the record of this request's deed is; empty if it was not done."""
    return (_deeds.get() or {}).get(action, "")
