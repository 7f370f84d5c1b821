"""The permission table: every deed, who may do it, what trace it leaves, and what a no says."""

from typing import Any

from withus.policy import board_lines, chain_lines, finding_lines, house_lines, pay_lines, voice_lines
from withus.policy.deeds import Action as Action
from withus.policy.facts import Actor, Line, Role, Verdict
from withus.policy.who import SIGN_IN

POLICY: dict[Action, Line] = (
    house_lines.LINES
    | chain_lines.LINES
    | board_lines.LINES
    | pay_lines.LINES
    | voice_lines.LINES
    | finding_lines.LINES
)


def decide(actor: Actor, action: Action, subject: Any) -> Verdict:
    """Whether the actor may do this to this subject, with a reason in plain words if not."""
    line = POLICY[action]
    verdict = line.rule(actor, subject)
    if verdict or verdict.reason:
        return verdict
    if actor.account is None and not actor.is_system and Role.VISITOR not in line.roles:
        return Verdict(False, SIGN_IN)
    return Verdict(False, line.reason_no)
