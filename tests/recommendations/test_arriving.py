"""On which day a letter arrived, whoever says so; and who is no longer reached by letters."""

import datetime
from collections.abc import Callable

import pytest
from django.test import Client

from tests import cast, make
from tests.people.test_cards import text
from tests.recommendations.conftest import MONDAY, Table
from tests.recommendations.test_terms import adopted
from withus.core import codes
from withus.core.errors import Refused
from withus.people import actions as people
from withus.policy.facts import SYSTEM, Role, Standing
from withus.public_log import verify
from withus.recommendations import actions as recommendations
from withus.recommendations import queries as asked
from withus.recommendations.letters import secret
from withus.recommendations.models import Recommendation, Serving

On = Callable[[int], None]


def served(table: Table, letter: Recommendation, day: int) -> Recommendation:
    """Lu says on which day after the Monday it arrived, by post."""
    said = {"how": "post", "words": "Number 12", "served_on": MONDAY + datetime.timedelta(days=day)}
    recommendations.serve(table.everybody.lu.actor, letter, **said)
    return asked.public_whole().get(pk=letter.pk)


def test_a_body_gains_no_time_by_saying_late_that_it_has_a_letter(table: Table, letter: Recommendation, on: On) -> None:
    on(20)
    clerk = make.somebody(Role.BODY_SECRETARY, letter.body.organisation)
    recommendations.acknowledge(clerk.actor, letter)
    on(22)
    page = cast.browser(table.everybody.lu).get(letter.get_absolute_url()).content.decode()
    assert f"{letter.get_absolute_url()}serve" in page
    with pytest.raises(Refused, match="Choose a day from 23 November 2026 to 13 December 2026") as no:
        served(table, letter, 21)
    assert no.value.field == "served_on"
    now = served(table, letter, 1)
    assert (now.sent_on, now.acknowledgement.served_on) == (
        MONDAY + datetime.timedelta(days=1),
        MONDAY + datetime.timedelta(days=20),
    )
    assert now.due_on == MONDAY + datetime.timedelta(days=31)
    assert verify.own_log().errors == []
    with pytest.raises(Refused, match="The clock runs already"):
        served(table, letter, 0)


def test_what_was_answered_is_dated_back_by_nobody(table: Table, letter: Recommendation, on: On) -> None:
    on(20)
    bearer = make.somebody(Role.DUTY_BEARER, letter.body.organisation)
    recommendations.acknowledge(bearer.actor, letter)
    said = {"outcome": "rejected", "reason": "The budget of next year has no room for this.", "language": "en"}
    recommendations.respond(bearer.actor, letter, **said)
    with pytest.raises(Refused, match="The clock runs already"):
        served(table, letter, 1)


def test_a_day_is_told_within_28_days_or_the_letter_goes_once_more(
    table: Table, letter: Recommendation, on: On
) -> None:
    on(29)
    with pytest.raises(Refused, match="longer ago than 28 days, hand the letter over once more") as no:
        served(table, letter, 0)
    assert no.value.field == "served_on"
    assert served(table, letter, 1).sent_on == MONDAY + datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("how", "words", "is_taken"),
    [
        ("post", "RR 123", True),
        ("hand", "The post room, Room 12", True),
        ("witness", "A peer worker saw it, in the post room on the ground floor.", True),
        ("post", "By post", False),
        ("hand", "Yes", False),
        ("witness", "Room 12", False),
    ],
)
def test_it_is_said_how_somebody_can_see_that_a_letter_arrived(
    table: Table, letter: Recommendation, how: str, words: str, is_taken: bool
) -> None:
    said = {"how": how, "words": words, "served_on": MONDAY.isoformat()}
    answer = cast.browser(table.everybody.lu).post(f"{letter.get_absolute_url()}serve", said)
    assert (answer.status_code, Serving.objects.exists()) == (303 if is_taken else 200, is_taken)
    assert ('href="#id_words"' in answer.content.decode()) != is_taken


def test_the_day_of_a_letter_that_is_moved_by_hand_with_all_that_follows_is_found(
    table: Table, letter: Recommendation, on: On
) -> None:
    on(3)
    now = served(table, letter, 1)
    now.sent_on = MONDAY + datetime.timedelta(days=3)
    now.settle(now.course().standing())
    now.save()
    assert [what for _, what in verify.own_log().errors if "sent_on in its row differs" in what]


# --- Whoever has joined ---


def test_whoever_has_spoken_here_stays_joined_when_all_roles_end(table: Table, letter: Recommendation, on: On) -> None:
    clerk = make.somebody(Role.BODY_SECRETARY, letter.body.organisation)
    recommendations.acknowledge(clerk.actor, letter)
    people.give_up(clerk.actor, None, standing=Standing(Role.BODY_SECRETARY, letter.body.code))
    later = table.sent(letter.body)
    assert (later.is_letter, later.sent_on) == (False, MONDAY)
    with pytest.raises(Refused, match="The clock runs already"):
        served(table, later, 0)
    page = text(Client().get(letter.body.get_absolute_url()))
    assert "It has spoken here before, so its clock runs from the day on which something is sent." in page
    assert "Take this page over" in page
    assert codes.grouped(secret.code_of(later.code)).replace("-", " ") in text(
        cast.browser(table.everybody.lu).get(f"{later.get_absolute_url()}letter")
    ), "a letter still opens the page"


def test_terms_alone_make_a_body_one_that_has_joined(table: Table, on: On) -> None:
    adopted(table)
    for who, role in ((table.odile, Role.DUTY_BEARER), (table.everybody.mina, Role.BODY_SECRETARY)):
        people.dismiss(SYSTEM, table.everybody.ministry, pseudonym=who.pseudonym, role=role)
    assert table.sent().sent_on == MONDAY


def test_whoever_came_and_never_said_a_word_still_gets_letters(table: Table, letter: Recommendation) -> None:
    clerk = make.somebody(Role.BODY_SECRETARY, letter.body.organisation)
    assert not table.sent(letter.body).is_letter
    people.give_up(clerk.actor, None, standing=Standing(Role.BODY_SECRETARY, letter.body.code))
    assert table.sent(letter.body).is_letter
    assert "Letters go to it on paper." in text(Client().get(letter.body.get_absolute_url()))
