"""A body that never joined: its letters, and how it takes its page over."""

import datetime
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tests.people.test_cards import hidden, text
from tests.people.test_races import at_once
from tests.recommendations.conftest import MONDAY, Table, a_letter, records
from withus.core import codes, keys
from withus.core.errors import Denied, Refused
from withus.people import actions as people
from withus.people.models import Invite, Membership
from withus.people.queries import public_actor
from withus.policy.facts import SYSTEM, VISITOR, Role, Standing
from withus.policy.rules import Action, decide
from withus.processes import actions as processes
from withus.processes.models import Body
from withus.public_log import verify
from withus.recommendations import actions as recommendations
from withus.recommendations import desk
from withus.recommendations import queries as asked
from withus.recommendations.letters import actions, secret
from withus.recommendations.letters.models import TakeOver
from withus.recommendations.models import Recommendation

On = Callable[[int], None]


def takes_over(body: Body, code: str, client: Client | None = None) -> Any:
    """Somebody sends the form."""
    return (client or Client()).post(f"{body.get_absolute_url()}take-over", {"code": code})


# --- The letter ---


def test_only_those_who_sent_a_letter_see_its_code_and_only_while_nobody_answers(
    table: Table, letter: Recommendation
) -> None:
    address, code = f"/recommendations/{letter.code}/letter", secret.code_of(letter.code)
    assert re.fullmatch(f"[{codes.SYMBOLS}]{{16}}", code)
    shown = text(cast.browser(table.everybody.lu).get(address))
    assert codes.grouped(code).replace("-", " ") in shown
    assert cast.browser(table.everybody.lu).get(address)["Cache-Control"] == "no-store"
    for who in (table.everybody.ana, table.everybody.mina, table.everybody.hedy, table.everybody.cem, None):
        page = cast.browser(who).get(address).content.decode()
        assert code[:4] not in page.replace(letter.code, "")
        assert "Only those who speak for it can print that one" in page
    make.somebody(Role.DUTY_BEARER, letter.body.organisation)
    for who in (table.everybody.lu, None):
        page = cast.browser(who).get(address).content.decode()
        assert code[:4] not in page.replace(letter.code, "")
        assert "Somebody answers for you here already" in page


def test_the_letter_says_what_it_needs_on_paper(table: Table, letter: Recommendation, on: On) -> None:
    address = f"/recommendations/{letter.code}/letter"
    page = cast.browser(table.everybody.lu).get(address).content.decode()
    for part in (letter.code, letter.get_absolute_url(), f"/bodies/{letter.body.code}/take-over", "data:image/svg"):
        assert part in page
    assert "within 30 days from the day on which you get this letter" in text(Client().get(address))
    assert "This host states 10 days" in text(Client().get(address))
    on(5)
    served = {
        "how": "witness",
        "words": "The desk on the ground floor of the clinic",
        "served_on": MONDAY + datetime.timedelta(days=3),
    }
    recommendations.serve(table.everybody.lu.actor, letter, **served)
    shown = text(Client().get(address))
    assert "handed over before a witness · The desk on the ground floor of the clinic" in shown
    assert "We expect your answer with reasons by" in shown
    assert "The desk on the ground floor of the clinic" in text(Client().get(letter.get_absolute_url()))


def test_a_code_is_the_same_each_time_another_for_each_letter_and_stored_nowhere(
    table: Table, letter: Recommendation
) -> None:
    code, other = secret.code_of(letter.code), table.sent(letter.body)
    assert code == secret.code_of(letter.code) != secret.code_of(other.code)
    assert code not in json.dumps(list(Recommendation.objects.values()), default=str)
    assert len(keys.path_of(secret.KEY).read_bytes()) == 32


@pytest.mark.parametrize("deed", ["respond", "acknowledge"])
def test_whose_term_ended_yesterday_answers_no_more_and_is_told_why(table: Table, on: On, deed: str) -> None:
    sent = table.sent()
    Membership.objects.filter(account=table.odile.account).update(until=MONDAY)
    said = {"outcome": "rejected", "reason": "The budget of next year has no room.", "language": "en"}
    address = f"{sent.get_absolute_url()}{deed}"
    assert cast.browser(table.odile).get(address).status_code == 200, "on the last day, she can"
    on(1)
    client = cast.browser(table.odile)
    for answer in (client.get(address), client.post(address, said)):
        assert (answer.status_code, "If your term has ended" in text(answer)) == (403, True)
    assert not sent.responses.exists()


# --- Taking over ---


@pytest.mark.parametrize("typed", [str, str.lower, codes.grouped, lambda code: f" {code.replace('0', 'o')} "])
def test_a_code_is_read_however_it_is_typed(letter: Recommendation, typed: Callable[[str], str]) -> None:
    answer = takes_over(letter.body, typed(secret.code_of(letter.code)))
    assert (answer.status_code, answer["Location"]) == (307, "/join")
    assert Invite.objects.filter(batch__role=Role.BODY_SECRETARY).count() == 1


def test_the_clerk_goes_straight_on_to_her_card_and_sees_all_that_was_sent(
    table: Table, letter: Recommendation, on: On
) -> None:
    served = {"how": "post", "words": "RR 123", "served_on": MONDAY}
    recommendations.serve(table.everybody.lu.actor, letter, **served)
    on(40)
    body, code, clerk = letter.body, secret.code_of(letter.code), Client()
    assert "Take this page over" in text(clerk.get(body.get_absolute_url()))
    step = clerk.post(f"{body.get_absolute_url()}take-over", {"code": code.lower()}, follow=True)
    assert step.redirect_chain == [("/join", 307)]
    assert not step.request["QUERY_STRING"]
    sent = {"code": code, "draft": hidden(step, "draft"), "step": "skip"}
    answer = clerk.post("/join", sent)
    assert (answer.status_code, answer["Location"]) == (303, "/me/")
    own = clerk.get("/me/").content.decode()
    assert "You are in, with the role of your card." in own
    assert '<a class="button button-main" href="/desk/">See what waits for you</a>' in own
    top, _, below = clerk.get("/desk/").content.decode().partition("things wait in all")
    assert "The letter with which this page was taken over" in top
    assert f'href="{letter.get_absolute_url()}acknowledge"' in top
    assert f'href="{letter.get_absolute_url()}draft"' in below
    (held,) = Membership.objects.filter(organisation=body.organisation)
    assert held.role == Role.BODY_SECRETARY
    shown = text(clerk.get(letter.get_absolute_url()))
    assert "silent for" in shown, "the clock ran meanwhile"
    assert "Say that it has arrived" in shown
    page = text(Client().get(body.get_absolute_url()))
    assert "Taken over on" in page
    assert letter.code in page
    assert "Take this page over" not in page
    (record,) = records("body.taken_over")
    assert (record["actor"], record["facts"]["recommendation"]) == ("body", letter.code)
    assert code not in json.dumps(record)


def test_whoever_takes_over_can_only_add(table: Table, letter: Recommendation) -> None:
    actions.take_over(VISITOR, letter.body, code=secret.code_of(letter.code))
    shown = make.draft(secret.code_of(letter.code))
    session = people.join(VISITOR, None, code=secret.code_of(letter.code), draft=shown)
    assert session
    clerk = public_actor(codes.digest(session.token))
    assert clerk
    adds = {Action.ACKNOWLEDGE, Action.CLARIFY, Action.EXTEND, Action.DRAFT}
    others = {Action.SERVE, Action.EXPLAIN, Action.DISSENT, Action.RESPOND, Action.CORRECT, Action.DELIVER}
    assert {one for one in adds | others if decide(clerk, one, letter)} == adds
    assert not decide(clerk, Action.CITE, asked.public_addressee(letter.body))


def test_every_wrong_code_gets_one_sentence_and_one_price(table: Table, letter: Recommendation) -> None:
    other = table.sent()  # of a body that has joined
    right = secret.code_of(letter.code)
    wrong = [codes.code(16), secret.code_of(other.code), right[:-1], f"{right}0"]
    said = {text(takes_over(letter.body, code)).partition("<main")[0] for code in wrong}
    actions.take_over(VISITOR, letter.body, code=right)
    people.join(VISITOR, None, code=right, draft=make.draft(right))
    said |= {text(takes_over(letter.body, code)).partition("<main")[0] for code in (right, codes.code(16))}
    (sentence,) = {re.search("This code does not open this page[^<]*card", one).group() for one in said}  # type: ignore[union-attr]
    assert "ask them for a card" in sentence
    counts = []
    for code in (right, codes.code(16)):
        with CaptureQueriesContext(connection) as spent, pytest.raises(Refused) as no:
            actions.take_over(VISITOR, letter.body, code=code)
        counts.append((no.value.sentence, no.value.field, len(spent)))
    assert counts[0] == counts[1]
    assert TakeOver.objects.count() == 1


def test_every_letter_is_looked_at_whether_or_not_one_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    monkeypatch.setattr(secret, "code_of", lambda letter, _: looked.append(letter) or f"K{letter}")
    assert secret.opened_by("K2", ["1", "2", "3"]) == "2"
    assert secret.opened_by("K9", ["1", "2", "3"]) is None
    assert looked == ["1", "2", "3"] * 2


@pytest.mark.parametrize("typed", ["", "\0", "ключ", "é" * 16, "x" * 400])
def test_what_is_no_code_at_all_is_said(letter: Recommendation, typed: str) -> None:
    answer = takes_over(letter.body, typed)
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (200, True)
    assert not TakeOver.objects.exists()


def test_a_code_opens_no_other_body(table: Table, letter: Recommendation) -> None:
    other = processes.open_body(SYSTEM, table.everybody.peers, name="The prison", decides="Doors", language="en")
    assert takes_over(other, secret.code_of(letter.code)).status_code == 200
    assert takes_over(table.body, secret.code_of(letter.code)).status_code == 200
    assert not TakeOver.objects.exists()


def test_whoever_gives_up_before_she_joins_comes_back_with_the_same_code(letter: Recommendation, on: On) -> None:
    code = secret.code_of(letter.code)
    for _ in range(2):
        actions.take_over(VISITOR, letter.body, code=code)
    assert (TakeOver.objects.count(), len(records("body.taken_over"))) == (1, 1), "sent twice, it is one act"
    on(31)
    actions.take_over(VISITOR, letter.body, code=code)
    assert TakeOver.objects.count() == 2
    assert Invite.objects.filter(batch__organisation=letter.body.organisation).count() == 1
    assert people.join(VISITOR, None, code=code, draft=make.draft(code))


def test_another_letters_code_makes_the_earlier_card_worthless(table: Table, letter: Recommendation) -> None:
    first, second = (secret.code_of(one.code) for one in (letter, table.sent(letter.body)))
    actions.take_over(VISITOR, letter.body, code=first)
    actions.take_over(VISITOR, letter.body, code=second)
    with pytest.raises(Refused, match="does not work"):
        people.join(VISITOR, None, code=first, draft=make.draft(first))
    assert people.join(VISITOR, None, code=second, draft=make.draft(second))


def test_the_hosts_own_first_card_stays_beside_it(table: Table, letter: Recommendation) -> None:
    hedy, of = table.everybody.hedy.actor, letter.body.organisation
    about = {"role": Role.BODY_SECRETARY, "size": 1, "ends_on": MONDAY}
    _, (card,) = people.invite(hedy, of, **about)
    actions.take_over(VISITOR, letter.body, code=secret.code_of(letter.code))
    assert decide(hedy, Action.INVITE, of), "until somebody has come, the host can help as before"
    assert people.join(VISITOR, None, code=card, draft=make.draft(card))
    with pytest.raises(Denied):
        people.invite(hedy, of, **about)
    with pytest.raises(Refused):
        actions.take_over(VISITOR, letter.body, code=secret.code_of(letter.code))


def test_when_the_last_one_has_gone_a_letter_opens_the_page_again(letter: Recommendation) -> None:
    code = secret.code_of(letter.code)
    actions.take_over(VISITOR, letter.body, code=code)
    session = people.join(VISITOR, None, code=code, draft=make.draft(code))
    assert session
    clerk = public_actor(codes.digest(session.token))
    assert clerk
    people.give_up(clerk, None, standing=Standing(Role.BODY_SECRETARY, letter.body.code))
    assert takes_over(letter.body, code).status_code == 307
    assert TakeOver.objects.count() == 2


def test_somebody_who_is_signed_in_gets_the_role_beside_her_others(table: Table, letter: Recommendation) -> None:
    client = cast.browser(table.everybody.cem)
    answer = client.post(
        f"{letter.body.get_absolute_url()}take-over", {"code": secret.code_of(letter.code)}, follow=True
    )
    assert answer.redirect_chain == [("/join", 307), ("/me/", 303)]
    assert Membership.objects.get(organisation=letter.body.organisation).account == table.everybody.cem.account
    assert "hand-over" in client.get(letter.body.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("own_database")
def test_the_same_code_four_times_at_once_is_one_take_over_and_one_secretary() -> None:
    letter = a_letter()
    code = secret.code_of(letter.code)
    bodies = [Body.objects.get() for _ in range(4)]
    assert at_once(*(lambda body=body: actions.take_over(VISITOR, body, code=code) for body in bodies)) == []
    assert (TakeOver.objects.count(), Invite.objects.count()) == (1, 1)
    drafts = [make.draft(code) for _ in range(3)]
    wrong = at_once(*(lambda draft=draft: people.join(VISITOR, None, code=code, draft=draft) for draft in drafts))
    assert [type(one) for one in wrong] == [Refused] * 2
    assert Membership.objects.filter(role=Role.BODY_SECRETARY).count() == 1


def test_whoever_took_the_page_over_can_say_herself_that_the_letter_arrived(
    table: Table, clinic: Body, letter: Recommendation, on: On
) -> None:
    on(3)
    clerk = make.somebody(Role.BODY_SECRETARY, clinic.organisation)
    assert [task.deed.rsplit("/", 1)[-1] for task in desk.everything(clerk.actor)] == ["acknowledge"]
    page = cast.browser(clerk).get(letter.get_absolute_url()).content.decode()
    assert f"{letter.get_absolute_url()}acknowledge" in page
    recommendations.acknowledge(clerk.actor, letter)
    now = asked.public_whole().get(pk=letter.pk)
    assert now.sent_on == MONDAY + datetime.timedelta(days=3)
    assert now.due_on == MONDAY + datetime.timedelta(days=35)  # day 33 is a Saturday
    assert verify.own_log().errors == []
