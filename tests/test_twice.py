"""A form that is sent twice, as slow networks and impatient fingers do, is one deed: at the table, and about pay."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.test_matrix import FILLED, ROLES, World, filled, places, world
from withus.policy import board_lines, pay_lines
from withus.policy.rules import Action
from withus.public_log.models import LogEntry, LogPending

__all__ = ["world"]  # a fixture of that module
pytestmark = pytest.mark.django_db


def records() -> int:
    """How many there are, with those that wait for the daily hour."""
    return LogEntry.objects.count() + LogPending.objects.count()


def addresses(house: World, action: Action) -> Iterator[str]:
    """Where the deed is done in this house."""
    for place in places():
        if place.name == action:
            yield from sorted(house.addresses(place))


@pytest.mark.parametrize("action", [*board_lines.LINES, *pay_lines.LINES])
def test_the_same_form_sent_twice_is_said_once(action: Action, world: World) -> None:
    done = 0
    for address in addresses(world, action):
        form = world.form(address)
        for role in ROLES if form is not None else ():
            client, sent = world.browser(role), filled(form) | FILLED.get(action, {})
            with transaction.atomic():
                before = records()
                if client.post(address, sent).status_code == 303:
                    again = client.post(address, sent)
                    # What was said is said; or, as with the end of a term, there is nothing left to end.
                    assert again.status_code in {200, 403, 404}, f"{role} at {address}"
                    assert records() == before + 1, f"{role} at {address}"
                    done += 1
                transaction.set_rollback(True)
    assert done, "nobody could send it, so nothing was compared: say in FILLED what it takes"
