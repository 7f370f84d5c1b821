"""What has to be done by itself about recommendations: their dates are counted anew."""

from django.db import transaction

from withus.core import clock
from withus.core.schedule import every
from withus.recommendations import queries
from withus.recommendations.settling import settle_held

_CHUNK = 500


@every(days=1)
def settle() -> int:
    """Counts all dates anew, in case a list of public holidays was mended since."""
    rows = queries.due_settling(clock.today()).iterator(_CHUNK)
    return sum(_settled(one.pk) for one in rows if one.course().standing() != one.standing())


def _settled(pk: int) -> bool:
    with transaction.atomic():
        settle_held(pk)
    return True
