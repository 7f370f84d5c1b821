"""The demo's third key: those who spoke say whether what a body calls done is so, and ten and more are counted."""

from withus.core import codes
from withus.policy.facts import SYSTEM, VISITOR
from withus.recommendations.judging import actions
from withus.recommendations.judging.marks import mark_of
from withus.recommendations.judging.models import Judgement
from withus.recommendations.judging.queries import Judgeable
from withus.recommendations.models import Recommendation


def tell(about: Recommendation, yes: int, no: int) -> None:
    """So many invented people who spoke say that the last delivery is true, and so many that it is not."""
    delivery = about.deliveries.select_related("recommendation").latest("id")
    for verdict in [Judgement.Verdict.TRUE] * yes + [Judgement.Verdict.NOT_TRUE] * no:
        somebody = Judgeable(delivery, mark_of(codes.key(), delivery.code), may_judge=True)
        actions.judge_delivery(VISITOR, somebody, verdict=verdict.value)
    actions.count_judgements(SYSTEM, delivery)
