"""How many voices come in an hour: counted in memory alone, by process, without addresses and without who."""

import threading
from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext

from withus.core import clock
from withus.core.errors import Refused

AN_HOUR_EACH, AN_HOUR_IN_ALL = 60, 200  # for one organisation; for all of this house
_IN_ALL = ""
_lock = threading.Lock()
_counted: tuple[int, Counter[str]] = (0, Counter())


def take(organisations: Iterable[str]) -> None:
    """Counts what is sent to these organisations in this hour. Raises Refused, and names another way, past a limit."""
    global _counted
    hour, codes = int(clock.now().timestamp() // 3600), [*organisations, _IN_ALL]
    with _lock:
        if _counted[0] != hour:
            _counted = (hour, Counter())
        so_far = _counted[1]
        if any(so_far[code] >= (AN_HOUR_EACH if code else AN_HOUR_IN_ALL) for code in codes):
            raise Refused(
                gettext(
                    "So much came in this hour that it cannot all be read. Nothing was stored. Send it again in an "
                    "hour, or say it to a peer worker, or bring it on paper."
                )
            )
        so_far.update(codes)
