"""Who was there when a body said that something is done: else whoever is asked to help it could join later and judge.

Only the deed that says so calls this, inside its transaction.
"""

from withus.recommendations.judging.models import TookPart
from withus.recommendations.judging.queries import public_participants
from withus.recommendations.models import Delivery


def count_in(delivery: Delivery) -> None:
    """Keeps which participants there are today, by their random rows alone."""
    there = public_participants(delivery.recommendation).values_list("pk", flat=True)
    rows = (TookPart(delivery=delivery, participant_id=one) for one in sorted(there))
    TookPart.objects.bulk_create(rows, batch_size=500)
