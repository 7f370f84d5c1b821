"""What has to be done by itself about recommendations: their dates are counted anew."""

from django.db import transaction

from withus.core import clock
from withus.core.schedule import every
from withus.recommendations import queries, settling
from withus.recommendations import resting as resting
from withus.recommendations.judging import actions as judging

_CHUNK = 500


@every(days=1)
def settle() -> int:
    """Counts all dates anew, in case a list of public holidays was mended since."""
    rows = queries.due_settling(clock.today()).iterator(_CHUNK)
    return sum(_settled(one.pk) for one in rows if settling.differs(one))


@every(days=1)
def count_judgements() -> int:
    """Publishes what those who spoke say of what bodies call done, where ten have said something new."""
    return judging.count_all()


@every(days=1)
def end_judgements() -> int:
    """Deletes who said what of what can be judged no more."""
    return judging.end_judgements()


def _settled(pk: int) -> bool:
    with transaction.atomic():
        settling.settle_held(pk)
    return True
