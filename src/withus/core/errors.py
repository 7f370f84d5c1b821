"""How Withus says no, asks for patience, or misses other machines; and how a full disk is known."""

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SQLITE_FULL = {10, 13}  # SQLITE_IOERR (what quotas and limits come as) and SQLITE_FULL
_POSTGRESQL_FULL = "53100"


class Denied(Exception):
    """The policy says no; `reason` is a sentence for the person and becomes a 403 page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """The deed cannot be done like this; `sentence` is advice and becomes a form's error, `field` says where.

    Of `several` that were looked at together it is the first.
    """

    def __init__(self, sentence: str, field: str | None = None, *, several: "tuple[Refused, ...]" = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self._several = several

    @property
    def several(self) -> "tuple[Refused, ...]":
        """All that were looked at together; of one alone itself."""
        return self._several or (self,)


class Gone(Exception):
    """What a deed is about was here a moment ago, and is not any more; becomes the 404 page."""


def only_if(is_so: bool, sentence: str, field: str | None = None) -> None:
    """Raises Refused, with the sentence, if it is not so."""
    if not is_so:
        raise Refused(sentence, field)


class Check(Protocol):
    """Looks at one condition among others: what it gives, or None if it refuses."""

    def __call__(self, condition: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Calls the condition."""


@contextmanager
def all_at_once() -> Iterator[Check]:
    """Conditions that are told together: each is looked at with `check(condition, …)`, then one Refused holds all.

    Nobody fills in a form four times to hear of four mistakes.
    """
    found: dict[tuple[str | None, str], Refused] = {}

    def note(no: Refused) -> None:
        found.update({(one.field, one.sentence): one for one in no.several})

    def check(condition: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return condition(*args, **kwargs)
        except Refused as no:
            note(no)
            return None

    try:
        yield check
    except Refused as no:  # what cannot wait for the others
        note(no)
    if found:
        first = next(iter(found.values()))
        raise Refused(first.sentence, first.field, several=tuple(found.values()))


class Busy(Exception):
    """Too many people ask for the same costly thing at once; becomes a 503 page with Retry-After."""


class CannotSeal(Exception):
    """What should be sealed cannot be now, whatever the reason: nothing is stored; becomes a 503 page."""


class NoHands(Exception):
    """Other machines that were to do the work cannot; the text says why, and what to do."""


def is_full(problem: BaseException | None) -> bool:
    """Whether a disk that takes nothing more is behind a problem, whatever it was wrapped in."""
    while problem is not None:
        if isinstance(problem, OSError) and problem.errno in _FULL:
            return True
        if getattr(problem, "sqlite_errorcode", 0) & 0xFF in _SQLITE_FULL:
            return True
        if getattr(problem, "sqlstate", None) == _POSTGRESQL_FULL:
            return True
        problem = problem.__cause__
    return False
