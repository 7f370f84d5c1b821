"""What has to be done by itself about recommendations: their dates are counted anew."""

from django.db import transaction

from withus.core import clock
from withus.core.schedule import every
from withus.recommendations import queries
from withus.recommendations.models import STANDING, Recommendation

_CHUNK = 500


@every(days=1)
def settle() -> int:
    """Counts all dates anew, in case a list of public holidays was mended since."""
    rows = queries.due_settling(clock.today()).iterator(_CHUNK)
    return sum(_settled(one.pk) for one in rows if one.course().standing() != one.standing())


def _settled(pk: int) -> bool:
    """Sets the dates of one row, held, so that no deed comes in between."""
    with transaction.atomic():
        one = Recommendation.objects.select_for_update().get(pk=pk)
        one.settle(queries.public_course(one).standing())
        one.save(update_fields=STANDING)
    return True
