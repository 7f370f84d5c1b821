"""The dates that follow from all that happened to a recommendation, set anew beside its row.

Only actions and jobs call this, inside their transaction; and pay does, when it is said that a check is paid or is not.
"""

from withus.pay.models import PayLine, Work
from withus.pay.owing import follows
from withus.recommendations import queries
from withus.recommendations.models import STANDING, Delivery, Recommendation


def settle(of: Recommendation) -> None:
    """Sets the dates of a recommendation that its deed holds, and which deliveries those who spoke contradict."""
    whole = queries.public_whole().get(pk=of.pk)
    of.settle(whole.course().standing())
    of.save(update_fields=STANDING)
    for changed in queries.public_wrongly_denied(whole):
        Delivery.objects.filter(pk=changed.pk).update(is_denied=not changed.is_denied)


def differs(whole: Recommendation) -> bool:
    """Whether what is kept beside a recommendation is not what follows from all that happened."""
    return whole.course().standing() != whole.standing() or bool(queries.public_wrongly_denied(whole))


def settle_held(pk: int) -> None:
    """Holds the row until the end of the transaction, so that no deed comes in between, and sets its dates."""
    settle(Recommendation.objects.select_for_update(no_key=True).get(pk=pk))


def _settle_checked(line: PayLine) -> None:
    checked = Recommendation.objects.filter(deliveries__verifications__code=line.subject)
    for pk in checked.values_list("pk", flat=True):
        settle_held(pk)


follows(Work.CHECKING, _settle_checked)
