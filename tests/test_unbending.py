"""Whoever is pressed by a clock, and whoever keeps the house, can add; none can delete, reword, hide or re-date.

Every address × each of their roles, with a form that it takes: afterwards each row of what was asked, answered,
promised, done and checked is as it was, only more of them; what was public is public; and silence goes on unless there
is an answer.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from tests.test_matrix import FILLED, SENT, World, filled, is_in, places, world

__all__ = ["world"]  # a fixture of that module
from withus.compute.answering import State
from withus.core import clock
from withus.policy.facts import Role
from withus.policy.rules import Action
from withus.public_log.models import LogEntry
from withus.recommendations import queries
from withus.recommendations.models import STANDING, Recommendation

pytestmark = pytest.mark.django_db
PRESSED = (Role.BODY_SECRETARY, Role.DUTY_BEARER, Role.READER, Role.INSTANCE_STEWARD)
ANSWERS = {"respond", "send"}  # the only deeds that end a silence
# What peers say of the body of the demo, or of its pay.
SECOND_KEYS = {"explain", "verify", "dissent", "cite", "approve_minutes", "check_pay"}
# Not theirs alone, or no record: a draft is nobody's word yet.
LOOSE = {"Draft"}
Row = tuple[str, object]


def kept() -> dict[Row, dict[str, Any]]:
    """Every row of the chain, without the dates that follow from the others."""
    found = {}
    for model in apps.get_app_config("withus").get_models():
        if model.__module__.startswith("withus.recommendations") and model.__name__ not in LOOSE:
            names = [field.attname for field in model._meta.concrete_fields if field.name not in STANDING]
            for row in model._default_manager.values(*names):
                found[model.__name__, row["id"]] = row
    return found


def states(day: date) -> dict[str, State]:
    """Where each recommendation stands on the day, from all that happened."""
    return {one.code: one.course().state(day) for one in queries.public_whole()}


def silent() -> set[str]:
    """Whose answer is past its day."""
    return {code for code, state in states(clock.today()).items() if state is State.OVERDUE}


def sends(house: World) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every address with what can be sent there: the form that it shows, as filled in as it takes."""
    for place in places():
        for address in sorted(house.addresses(place)):
            form = house.form(address) if place.name in set(Action) else None  # other pages have none
            sent = (filled(form) if form is not None else {}) | FILLED.get(place.name, {}) | SENT.get(place.name, {})
            yield place.name, address, sent


def test_nothing_that_was_said_goes_and_no_silence_ends_but_by_an_answer(world: World) -> None:
    before, overdue, log = kept(), silent(), LogEntry.objects.count()
    assert overdue, "the demo has a silent body, or this shows nothing"
    asked = {one.get_absolute_url(): one.text.encode() for one in Recommendation.objects.all()}
    done, looked = set(), set()
    for name, address, sent in sends(world):
        for role in PRESSED:
            with transaction.atomic():
                answer = world.browser(role).post(address, sent)
                after = kept()
                changed = {row for row, values in before.items() if after.get(row) != values}
                assert changed == set(), f"{role} changed what was said, at {address}"
                grown = LogEntry.objects.count() - log
                assert grown >= 0, address
                if is_in(answer) and grown:
                    assert name in ANSWERS or silent() >= overdue, f"{role} ended a silence, at {address}"
                    pages = asked if address not in looked else {}  # whoever did it, it is the same deed
                    for page, words in pages.items():
                        assert words in Client().get(page).content, f"{role} hid {page}, at {address}"
                    done.add(name)
                    looked.add(address)
                transaction.set_rollback(True)
    assert done >= {"respond", "send", "extend", "clarify", "acknowledge", "commit", "deliver", "correct"}


@pytest.mark.parametrize("role", [Role.BODY_SECRETARY, Role.DUTY_BEARER])
def test_whoever_is_pressed_turns_no_second_key_with_a_card_of_peers(role: Role, world: World) -> None:
    tried = set()
    for name, address, sent in sends(world):
        if name not in SECOND_KEYS:
            continue
        for who in (Role.ORG_STEWARD, role):
            with transaction.atomic():
                world.also_a_steward(role, "LANTERN")
                answer = world.browser(who).post(address, sent)
                if who is role:
                    assert answer.status_code == 403, f"{role} turned both keys, at {address}"
                    assert b"so this is for others to say" in answer.content, address
                elif is_in(answer):
                    tried.add(name)
                transaction.set_rollback(True)
    assert tried == SECOND_KEYS, "whoever is a steward alone can"


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_method_does_anything(method: str, world: World) -> None:
    before = kept()
    for role in PRESSED:
        client = world.browser(role)
        for page in ("", "letter", "respond"):
            assert getattr(client, method)(f"/recommendations/R-OVERDUE/{page}").status_code == 405
    assert kept() == before
