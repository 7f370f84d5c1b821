"""How Withus says no, asks for patience, or misses other machines; and how a full disk is known."""

import errno

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SQLITE_FULL = {10, 13}  # SQLITE_IOERR (what quotas and limits come as) and SQLITE_FULL
_POSTGRESQL_FULL = "53100"


class Denied(Exception):
    """The policy says no; `reason` is a sentence for the person and becomes a 403 page."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """The deed cannot be done like this; `sentence` is advice and becomes a form's error, `field` says where."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


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
