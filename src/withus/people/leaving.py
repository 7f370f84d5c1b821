"""What has to be done when somebody leaves: capabilities above say so here, so that `people` need not know them."""

from collections.abc import Callable

Hook = Callable[[int, bytes, bool], None]
HOOKS: list[Hook] = []


def on_leaving(hook: Hook) -> Hook:
    """Registers what runs inside the leaving's transaction: (account, participation key, does what was said stay?)."""
    HOOKS.append(hook)
    return hook
