"""A role goes to its successor with nothing lost, and a term ends by itself."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests import cast, make
from tests.people.test_cards import hidden, text
from tests.people.test_roles import page, records, since

from withus.core import clock, codes
from withus.core.errors import Denied, Refused
from withus.people import actions, jobs, queries
from withus.people.models import InviteBatch, Membership
from withus.people.offices import actions as offices
from withus.policy.facts import SYSTEM, VISITOR, Role, Standing

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def everybody() -> cast.Cast:
    """The cast."""
    return cast.come_in()


@pytest.fixture
def odile(everybody: cast.Cast) -> make.Somebody:
    """A duty bearer of the ministry."""
    return make.somebody(Role.DUTY_BEARER, everybody.ministry)


def hands_over(who: make.Somebody, of: Any, role: Role, **more: Any) -> tuple[InviteBatch, str]:
    """A card for somebody's successor."""
    return offices.hand_over(who.actor, of, role=role, ends_on=clock.today() + 30 * DAY, **more)


def comes_in(code: str) -> None:
    """A newcomer with this card."""
    assert actions.join(VISITOR, None, code=code, draft=make.draft(code))


def who_holds(of: Any, role: Role) -> set[str]:
    """The pseudonyms of those who have the role."""
    return set(Membership.objects.filter(organisation=of, role=role).values_list("account__pseudonym", flat=True))


def card_on(answer: Any) -> str:
    """The code on the sheet."""
    code: str = answer.context["cards"][0][0]
    return code


def test_the_old_one_keeps_the_role_until_the_new_one_has_come_and_one_record_says_so(everybody: cast.Cast) -> None:
    mina, ministry = cast.browser(everybody.mina), everybody.ministry
    assert "Hand my role over" in text(mina.get(page(ministry)))
    before = len(records())
    form = mina.get(page(ministry, "hand-over"))
    sent = {"role": "body_secretary", "ends_on": clock.today().isoformat(), "seed": hidden(form, "seed")}
    code = card_on(mina.post(page(ministry, "hand-over"), sent))
    facts = {"organisation": ministry.code, "role": "body_secretary"}
    assert since(before) == [("role.offered", "body", facts | {"handed_over": True})]
    assert who_holds(ministry, Role.BODY_SECRETARY) == {everybody.mina.pseudonym}
    assert "A card waits for your successor" in text(mina.get(page(ministry, "hand-over")))
    assert "for a successor" in text(mina.get(page(ministry, "invitations")))
    comes_in(codes.read_code(code))
    assert everybody.mina.pseudonym not in who_holds(ministry, Role.BODY_SECRETARY)
    assert len(who_holds(ministry, Role.BODY_SECRETARY)) == 1
    assert since(before + 1) == [("role.taken", "body", facts | {"handed_over": True})]
    assert mina.get(page(ministry, "hand-over")).status_code == 403
    assert mina.get("/me/").status_code == 200, "her account stays"


def test_the_form_sent_twice_makes_one_card_and_a_second_one_is_refused(everybody: cast.Cast) -> None:
    seed, before = codes.code(26), len(records())
    first, again = (hands_over(everybody.mina, everybody.ministry, Role.BODY_SECRETARY, seed=seed) for _ in range(2))
    assert first == again
    assert len(records()) == before + 1
    with pytest.raises(Refused, match="is waiting already"):
        hands_over(everybody.mina, everybody.ministry, Role.BODY_SECRETARY)
    form = {"role": "body_secretary", "ends_on": clock.today().isoformat(), "seed": codes.code(26)}
    answer = cast.browser(everybody.mina).post(page(everybody.ministry, "hand-over"), form)
    assert (answer.status_code, "is waiting already" in text(answer)) == (200, True)
    assert InviteBatch.objects.filter(replaces__isnull=False).count() == 1


def test_a_card_that_nobody_used_in_time_makes_room_for_another(everybody: cast.Cast, settings: Any) -> None:
    hands_over(everybody.mina, everybody.ministry, Role.BODY_SECRETARY)
    settings.WITHUS_TODAY = clock.today() + 31 * DAY
    _, code = hands_over(everybody.mina, everybody.ministry, Role.BODY_SECRETARY)
    comes_in(code)
    assert everybody.mina.pseudonym not in who_holds(everybody.ministry, Role.BODY_SECRETARY)


def test_nobody_hands_over_what_is_not_hers(everybody: cast.Cast, odile: make.Somebody) -> None:
    with pytest.raises(Refused, match="that you have") as no:
        hands_over(odile, everybody.ministry, Role.BODY_SECRETARY)
    assert no.value.field == "role"
    for who in (everybody.ana, everybody.hedy, everybody.lu, everybody.cem):
        with pytest.raises(Denied):
            hands_over(who, everybody.ministry, Role.BODY_SECRETARY)
    with pytest.raises(Denied):
        hands_over(everybody.mina, everybody.peers, Role.ORG_STEWARD)
    answer = cast.browser(everybody.lu).post(page(everybody.ministry, "hand-over"), {})
    assert answer.status_code == 403


def test_her_own_card_is_not_for_herself(everybody: cast.Cast) -> None:
    _, code = hands_over(everybody.lu, everybody.peers, Role.ORG_STEWARD, term_until=clock.today() + 99 * DAY)
    with pytest.raises(Refused, match="give it to somebody else"):
        actions.join(everybody.lu.actor, None, code=code)
    assert who_holds(everybody.peers, Role.ORG_STEWARD) == {everybody.lu.pseudonym}
    assert InviteBatch.objects.filter(replaces__isnull=False).exists()


def test_a_steward_hands_over_to_a_peer_who_is_there_already(everybody: cast.Cast) -> None:
    _, code = hands_over(everybody.lu, everybody.peers, Role.ORG_STEWARD)
    before = len(records())
    assert cast.browser(everybody.ana).post("/join", {"code": code}).status_code == 303
    assert who_holds(everybody.peers, Role.ORG_STEWARD) == {everybody.ana.pseudonym}
    assert [(kind, actor, facts.get("handed_over")) for kind, actor, facts in since(before)] == [
        ("role.taken", "peers", True)
    ]


def test_a_duty_bearer_takes_her_card_back_and_keeps_her_role(everybody: cast.Cast, odile: make.Somebody) -> None:
    batch, code = hands_over(odile, everybody.ministry, Role.DUTY_BEARER)
    recall = page(everybody.ministry, f"invitations/{batch.code}/recall")
    other = make.somebody(Role.DUTY_BEARER, everybody.ministry)
    for who in (other, everybody.lu, None):
        assert cast.browser(who).post(recall).status_code == 403
    assert cast.browser(odile).post(recall).status_code == 303
    assert cast.browser(odile).post(recall).status_code == 404
    with pytest.raises(Refused, match="does not work"):
        actions.join(VISITOR, None, code=code)
    assert odile.pseudonym in who_holds(everybody.ministry, Role.DUTY_BEARER)


def test_whose_role_was_ended_does_not_come_back_by_her_own_card(everybody: cast.Cast, odile: make.Somebody) -> None:
    _, code = hands_over(odile, everybody.ministry, Role.DUTY_BEARER)
    gone = {"pseudonym": odile.pseudonym, "role": "duty_bearer"}
    actions.dismiss(everybody.mina.actor, everybody.ministry, **gone)
    with pytest.raises(Refused, match="does not work"):
        actions.join(odile.actor, None, code=code)


def test_whoever_left_before_her_successor_came_leaves_the_card_good(
    everybody: cast.Cast, odile: make.Somebody
) -> None:
    _, code = hands_over(odile, everybody.ministry, Role.DUTY_BEARER)
    actions.leave(odile.actor, None, key=odile.key, stays=True)
    before = len(records())
    comes_in(code)
    assert [(kind, "handed_over" in facts) for kind, _, facts in since(before)] == [("role.taken", False)]


def test_a_role_with_a_term_opens_nothing_after_its_last_day_and_says_why(everybody: cast.Cast, settings: Any) -> None:
    today, last = clock.today(), clock.today() + 10 * DAY
    _, (code,) = actions.invite(
        everybody.mina.actor, everybody.ministry, role=Role.BODY_SECRETARY, size=1, ends_on=today, term_until=last
    )
    shown, before = make.draft(code), len(records())
    actions.join(VISITOR, None, code=code, draft=shown)
    assert since(before)[0][2]["until"] == last.isoformat()
    actions.give_up(everybody.mina.actor, None, standing=Standing(Role.BODY_SECRETARY, everybody.ministry.code))
    eve = make.Somebody(shown.pseudonym, shown.passphrase, shown.key, everybody.mina.account, VISITOR)
    settings.WITHUS_TODAY = last
    assert cast.browser(eve).get(page(everybody.ministry, "invitations")).status_code == 200
    assert everybody.ministry.has_keeper()
    assert everybody.ministry.is_answered_for()
    assert jobs.end_terms() == 0
    settings.WITHUS_TODAY = last + DAY
    assert cast.browser(eve).get(page(everybody.ministry, "invitations")).status_code == 403
    answer = cast.browser(eve).get(page(everybody.ministry, "hand-over"))
    assert (answer.status_code, "If your term has ended" in text(answer)) == (403, True)
    assert not everybody.ministry.has_keeper()
    assert not everybody.ministry.is_answered_for()
    before = len(records())
    assert (jobs.end_terms(), jobs.end_terms()) == (1, 0)
    facts = {"organisation": everybody.ministry.code, "role": "body_secretary"}
    assert since(before) == [("role.ended", "system", facts)]
    assert not Membership.objects.filter(account__pseudonym=shown.pseudonym).exists()


def test_whether_a_term_has_ended_costs_no_statement_of_its_own(everybody: cast.Cast) -> None:
    client = cast.browser(everybody.mina)
    with CaptureQueriesContext(connection) as asked:
        client.get("/help")
    assert len([one for one in asked if "withus_membership" in one["sql"]]) == 1


def test_a_later_card_prolongs_a_term_and_an_earlier_one_does_not(everybody: cast.Cast) -> None:
    today = clock.today()

    def card(days: int | None) -> str:
        term = {"term_until": today + days * DAY} if days else {}
        about: dict[str, Any] = {"role": Role.DUTY_BEARER, "size": 1, "ends_on": today}
        return actions.invite(SYSTEM, everybody.ministry, **about, **term)[1][0]

    actions.join(everybody.mina.actor, None, code=card(10))
    for days, until in ((5, 10), (20, 20), (None, None), (30, None)):
        try:
            actions.join(everybody.mina.actor, None, code=card(days))
        except Refused:
            assert days != until, "refused, and yet it held"
        held = Membership.objects.get(account=everybody.mina.account, role=Role.DUTY_BEARER)
        assert held.until == (today + until * DAY if until else None), days


@pytest.mark.parametrize(
    ("role", "days", "why"),
    [
        (Role.DUTY_BEARER, -1, "not before the card"),
        (Role.DUTY_BEARER, 4, "not before the card"),
        (Role.DUTY_BEARER, 3661, "ten years"),
        (Role.READER, 30, "have a term"),
    ],
)
def test_a_term_that_cannot_be_is_said_beside_its_question(
    everybody: cast.Cast, role: Role, days: int, why: str
) -> None:
    today = clock.today()
    form = {"role": role.value, "size": "1", "ends_on": (today + 5 * DAY).isoformat(), "seed": codes.code(26)}
    form["term_until"] = (today + days * DAY).isoformat()
    answer = cast.browser(everybody.mina).post(page(everybody.ministry, "invite"), form)
    assert (answer.status_code, why in text(answer)) == (200, True)
    assert 'href="#id_term_until"' in answer.content.decode()


def test_where_no_role_has_a_term_nobody_is_asked_for_one(everybody: cast.Cast) -> None:
    fund = make.organisation("The fund", "funder")
    assert "term_until" not in cast.browser(everybody.hedy).get(page(fund, "invite")).content.decode()
    assert "term_until" in cast.browser(everybody.mina).get(page(everybody.ministry, "invite")).content.decode()


def test_everybody_sees_her_own_term_and_those_who_give_roles_see_all(everybody: cast.Cast) -> None:
    last = clock.today() + 40 * DAY
    Membership.objects.filter(account=everybody.mina.account).update(until=last)
    assert queries.own_terms(everybody.mina.actor) == {Standing(Role.BODY_SECRETARY, everybody.ministry.code): last}
    for address in ("/me/", page(everybody.ministry, "invitations")):
        assert "until " in text(cast.browser(everybody.mina).get(address))


def test_only_withus_ends_terms_and_only_those_that_are_over(everybody: cast.Cast) -> None:
    held = Membership.objects.get(account=everybody.mina.account)
    with pytest.raises(Denied):
        offices.end_term(everybody.hedy.actor, held)
    with pytest.raises(Refused, match="has not ended"):
        offices.end_term(SYSTEM, held)
