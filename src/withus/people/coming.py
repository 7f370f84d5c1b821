"""What a card meant that somebody has used: capabilities above say so here, so that `people` need not know them."""

from collections.abc import Callable, Mapping

from withus.people.models import InviteBatch

Hook = Callable[[InviteBatch], Mapping[str, object]]
HOOKS: list[Hook] = []


def on_coming_in(hook: Hook) -> Hook:
    """Registers what runs inside the transaction in which a card is used; its facts go into the record of the role."""
    HOOKS.append(hook)
    return hook
