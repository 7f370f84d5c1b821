"""Pay that another deed asks for, such as the minutes of a meeting: made inside that deed, and told in its record.

Only actions call this. It opens no door and writes no record: whoever calls it puts `owed_facts` into its own. What
hangs on such pay lies above, so each capability says here what follows when it is paid.
"""

import datetime
from collections.abc import Callable

from withus.core import clock
from withus.pay import queries
from withus.pay.models import NOTHING, PayLine, Work
from withus.people.models import Organisation

_FOLLOWING: dict[str, Callable[[PayLine], None]] = {}


def follows(kind: Work, do: Callable[[PayLine], None]) -> None:
    """Says what else is done, in the same transaction, when it is said that work of this kind is paid, or is not."""
    _FOLLOWING[kind] = do


def follow(line: PayLine) -> None:
    """Does what follows from what was said of the line."""
    if do := _FOLLOWING.get(line.kind):
        do(line)


def owe(
    *,
    payer: Organisation,
    worked_for: Organisation,
    kind: str,
    subject: str,
    seat: str,
    minutes: int,
    worked_on: datetime.date,
) -> PayLine:
    """A line at the rate agreed for that day; without one the line stays, and says so."""
    line = fit(PayLine(payer=payer, worked_for=worked_for, kind=kind, minutes=minutes, worked_on=worked_on))
    line.subject, line.seat, line.said_by_deed = subject, seat, True
    line.save()
    return line


def fit(line: PayLine) -> PayLine:
    """The line with the rate of its day, the pay that follows from it, and the day of today."""
    line.rate = queries.public_rate(line.payer, line.worked_for, line.kind, line.worked_on)
    line.amount = line.rate.pay_for(line.minutes) if line.rate else NOTHING
    line.currency = line.rate.currency if line.rate else ""
    line.said_on = clock.today()
    return line


def owed_facts(subject: str) -> dict[str, object]:
    """What the record of a deed about the subject says of the lines that it made, in an order that stays."""
    lines = PayLine.objects.filter(subject=subject, said_by_deed=True).select_related("payer", "worked_for", "rate")
    return {"owed": [line.facts() for line in lines.order_by("code")]}
