"""How many voices come in an hour: counted in memory alone, by process, without addresses and without who."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext, ngettext

from withus.core import clock
from withus.core.errors import Refused

AN_HOUR_EACH, AN_HOUR_IN_ALL = 60, 200  # for one organisation; for all of this house
SLIPS_AN_HOUR = 240  # that one organisation types in: ten sheets, each slip of which it printed before
MORE_AN_HOUR = 10  # words added to one voice, and organisations that it is shared with, together
TRIES, TRIES_OF_MORE = 4, 12  # with files: of one form; of one voice to which somebody adds
_IN_ALL = ""
_lock = threading.Lock()
_counted: tuple[int, Counter[str]] = (0, Counter())


def take(organisations: Iterable[str], in_all: str = _IN_ALL) -> None:
    """Counts what is sent to these organisations in this hour. Raises Refused, and names another way, past a limit.

    What is counted under another name of `in_all` takes no room from voices, nor they from it.
    """
    if not _has_counted(_most(organisations, in_all)):
        raise _too_much()


def take_more(voice: str, organisations: Iterable[str]) -> None:
    """Counts what is added to a voice, also for one more reader: so often an hour, and never the half of the room that
    is kept for new voices. Raises Refused.
    """
    own, most = {f"added {voice}": MORE_AN_HOUR}, _most(organisations)
    if not _has_counted(own, once=0):
        raise _too_often()
    if not _has_counted(own | most | {f"later {what}": limit // 2 for what, limit in most.items()}):
        raise _too_much()


def look(organisations: Iterable[str]) -> None:
    """Whether there is room, before files are made anew for nothing; counts nothing. Raises Refused."""
    if not _has_counted(_most(organisations), once=0):
        raise _too_much()


def take_slip(organisation: str) -> None:
    """Counts a slip that this organisation types in, apart from what people send themselves. Raises Refused."""
    if not _has_counted({f"slip {organisation}": SLIPS_AN_HOUR}):
        raise Refused(
            gettext(
                "So many slips came in this hour that nobody can read more. Nothing of this one was stored, and it is "
                "still good. Keep it locked away, and type it in an hour from now."
            )
        )


def try_files(secret: str) -> None:
    """Counts how often files come with one form. Raises Refused: then it needs a new slip."""
    if not _has_counted({f"form {secret}": TRIES}):
        raise Refused(
            gettext(
                "The files were tried four times with this form. Your words are still here. Choose other files, or "
                "send the words alone."
            ),
            "slip",
        )


def try_more_files(voice: str) -> None:
    """Counts how often files come with more words to one voice. Raises Refused."""
    if not _has_counted({f"more {voice}": TRIES_OF_MORE}):
        raise Refused(gettext("So many files came in this hour. Send the words alone, or add the files in an hour."))


def _most(organisations: Iterable[str], in_all: str = _IN_ALL) -> dict[str, int]:
    return {**dict.fromkeys(organisations, AN_HOUR_EACH), in_all: AN_HOUR_IN_ALL}


def _too_much() -> Refused:
    return Refused(
        gettext(
            "So much came in this hour that it cannot all be read. Nothing was stored. Send it again in an hour, or "
            "say it to a peer worker, or bring it on paper."
        )
    )


def _too_often() -> Refused:
    minutes = 60 - clock.now().minute
    sentence = ngettext(
        "You added ten times to this one in this hour. Nothing of this was stored, and what you entered is still here. "
        "Send it again in %(minutes)s minute.",
        "You added ten times to this one in this hour. Nothing of this was stored, and what you entered is still here. "
        "Send it again in %(minutes)s minutes.",
        minutes,
    )
    return Refused(sentence % {"minutes": minutes})


def _has_counted(most: Mapping[str, int], once: int = 1) -> bool:
    """Counts all of these once more in this hour, or none if one is full; whether it did."""
    global _counted
    hour = int(clock.now().timestamp() // 3600)
    with _lock:
        if _counted[0] != hour:
            _counted = (hour, Counter())
        so_far = _counted[1]
        if any(so_far[what] >= limit for what, limit in most.items()):
            return False
        so_far.update(dict.fromkeys(most, once))
        return True
