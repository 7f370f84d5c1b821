"""What has to be done when somebody leaves, or loses a role: capabilities above say so here, and `people` need not
know them."""

from collections.abc import Callable

Hook = Callable[[int, bytes, bool], None]
HOOKS: list[Hook] = []
RoleHook = Callable[[int, int], None]
ROLE_HOOKS: list[RoleHook] = []


def on_leaving(hook: Hook) -> Hook:
    """Registers what runs inside the leaving's transaction: (account, participation key, does what was said stay?)."""
    HOOKS.append(hook)
    return hook


def on_losing_a_role(hook: RoleHook) -> RoleHook:
    """Registers what runs inside the transaction in which a role is over: (account, organisation)."""
    ROLE_HOOKS.append(hook)
    return hook
