"""How many wrote and signed an answer: one, or two. Who they are is kept nowhere. For actions only."""

import hmac

from withus.core import codes, keys
from withus.policy.facts import Actor
from withus.recommendations.models import Draft, Recommendation

KEY = "answers.key"
_SYMBOLS = 16  # 80 bits


def author_of(recommendation: Recommendation, actor: Actor) -> str:
    """A mark of the account that writes: another one for each recommendation, and nothing without this house's key."""
    return codes.keyed(keys.read_or_make(KEY), f"draft {recommendation.code} {actor.account}", _SYMBOLS)


def signers_of(draft: Draft, actor: Actor) -> int | None:
    """How many wrote the draft and signed it, when the actor signs it as it is; None if nobody knows who wrote it."""
    if draft.signers == 2 or not draft.author:
        return draft.signers
    is_own = hmac.compare_digest(draft.author, author_of(draft.recommendation, actor))
    return 1 if is_own else 2


def signers_of_answer(recommendation: Recommendation, answer: dict[str, object], actor: Actor) -> int | None:
    """How many wrote and signed an answer that the actor signs and sends in one step: what another one drafted and she
    leaves as it is was written by another one."""
    drafted = Draft.objects.filter(recommendation=recommendation).first()
    if drafted is None or drafted.mark() != Draft(**answer).mark():
        return 1
    return signers_of(drafted, actor)
