"""What this house says of those who answered and were not the body: their roles end, and what they said is marked."""

import datetime

import pytest
from django.test import Client

from tests import cast, make
from tests.people.test_cards import text
from tests.recommendations.conftest import MONDAY, records
from tests.recommendations.joined import NO, WHY, Clinic, On, code_of, comes_in, contests
from withus.core.errors import Refused
from withus.figures.queries import public_record
from withus.people import actions as people
from withus.people.models import InviteBatch, Membership
from withus.policy.facts import VISITOR, Role
from withus.public_log import verify
from withus.recommendations import actions as recommendations
from withus.recommendations.letters import actions, queries
from withus.recommendations.letters.models import Joined
from withus.recommendations.models import Recommendation, Response


def test_who_is_not_the_body_loses_every_role_and_what_she_said_stays_and_is_marked(joined: Clinic, on: On) -> None:
    hedy, clinic = joined.table.everybody.hedy.actor, joined.body.organisation
    contests(joined)
    people.invite(joined.clerk, clinic, role=Role.DUTY_BEARER, size=3, ends_on=MONDAY)
    actions.attest(hedy, joined.body, holds=False, **WHY)
    assert not Membership.objects.filter(organisation=clinic).exists()
    assert not InviteBatch.objects.filter(organisation=clinic).exists()
    (told,) = records("joining.settled")
    assert (told["facts"]["holds"], told["facts"]["roles_ended"]) == (False, {"body_secretary": 1, "duty_bearer": 1})
    assert verify.own_log().errors == []
    page = joined.page()
    assert "this house said that it was not the body" in page
    assert "Nobody answers for this body here" in page
    answer = text(Client().get(joined.letter.get_absolute_url()))
    assert "whoever answered here was not the body" in answer
    assert NO["reason"] in answer
    link = f'href="/recommendations/new?body={joined.body.code}&amp;again={joined.letter.code}"'
    assert link in cast.browser(joined.ria).get(joined.letter.get_absolute_url()).content.decode()
    assert "sure" not in public_record(joined.body).label.missing, "it is settled, and nobody of them answers"
    for says in ("Whoever answered here was not this body", "Nobody answers here now"):
        assert says in page
    for never in ("Who answers here is contested", "It answers here with the code"):
        assert never not in page
    again = joined.by_others()
    assert again.is_letter, "the body itself never joined"
    with pytest.raises(Refused, match="has said so already"):
        actions.attest(hedy, joined.body, holds=True, **WHY)
    assert Response.objects.filter(recommendation=joined.letter).exists()


def test_an_answer_of_those_who_are_not_the_body_is_none_and_the_clock_runs_on(joined: Clinic, on: On) -> None:
    sent = Recommendation.objects.get(pk=joined.letter.pk)
    assert (sent.outcome, sent.answered_on) == ("rejected", MONDAY)
    on(31)
    assert public_record(joined.body).counts.answers_overdue == 0
    actions.attest(joined.table.everybody.hedy.actor, joined.body, holds=False, **WHY)
    sent.refresh_from_db()
    assert (sent.outcome, sent.answered_on, sent.owed_on) == ("", None, sent.due_on)
    counts = public_record(joined.body).counts
    assert (counts.answered, counts.answers_overdue) == (0, 1)
    (told,) = records("joining.settled")
    assert told["facts"]["answers"] == [Response.objects.get().code]
    assert "This counts as no answer" in text(Client().get(sent.get_absolute_url()))
    feed = Client().get(f"{joined.body.get_absolute_url()}feed.rss").content.decode()
    assert ("who was not this body" in feed, "The answer is: rejected" in feed) == (True, False)
    assert verify.own_log().errors == []
    bearer = make.somebody(Role.DUTY_BEARER, joined.body.organisation)
    recommendations.respond(bearer.actor, sent, **NO | {"outcome": "accepted"})
    sent.refresh_from_db()
    assert (sent.outcome, sent.answered_on) == ("accepted", MONDAY + datetime.timedelta(days=31))
    Response.objects.update(disowned_by=None)
    assert any("joining.settled" in what or "differs" in what for _, what in verify.own_log().errors)


def test_a_letter_asks_for_its_code_only_while_that_opens_anything(joined: Clinic) -> None:
    own, other = joined.table.sent(joined.body), joined.by_others()
    actions.attest(joined.table.everybody.hedy.actor, joined.body, holds=False, **WHY)
    for one, opens in ((joined.letter, False), (own, False), (other, True)):
        page = text(Client().get(f"{one.get_absolute_url()}letter"))
        assert ("type the code of this letter" in page, "opens your page any more" in page) == (opens, not opens)


def test_the_letters_of_the_organisation_whose_letter_it_was_open_nothing_more(joined: Clinic, on: On) -> None:
    own, other = joined.table.sent(joined.body), joined.by_others()
    actions.attest(joined.table.everybody.hedy.actor, joined.body, holds=False, **WHY)
    for one in (joined.letter, own, joined.table.sent(joined.body)):
        with pytest.raises(Refused, match="does not open this page"):
            actions.take_over(VISITOR, joined.body, code=code_of(one))
        assert queries.code_for(joined.table.everybody.lu.actor, one) == ""
    on(1)
    comes_in(joined.body, other)
    assert joined.state() == Joined.ALONE
    assert "a letter that The others abroad sent" in joined.page()
    assert "whoever answered here was not the body" in text(Client().get(joined.letter.get_absolute_url()))
    assert verify.own_log().errors == []


def test_whom_the_host_lets_in_afterwards_has_no_mark(joined: Clinic, on: On) -> None:
    hedy, clinic = joined.table.everybody.hedy.actor, joined.body.organisation
    other = joined.by_others()
    actions.attest(hedy, joined.body, holds=False, **WHY)
    on(1)
    ends_on = MONDAY + datetime.timedelta(days=9)
    _, (card,) = people.invite(hedy, clinic, role=Role.BODY_SECRETARY, size=1, ends_on=ends_on)
    people.join(VISITOR, None, code=card, draft=make.draft(card))
    bearer = make.somebody(Role.DUTY_BEARER, clinic)
    recommendations.respond(bearer.actor, other, **NO)
    assert joined.state() is None
    assert "with the code of a letter" not in text(Client().get(other.get_absolute_url()))
    assert "was not the body" not in text(Client().get(other.get_absolute_url()))
    assert "was not the body" in text(Client().get(joined.letter.get_absolute_url()))
    assert "sure" not in public_record(joined.body).label.missing


def test_a_host_that_was_wrong_about_those_who_hold_the_page_can_say_so(joined: Clinic) -> None:
    hedy, client = joined.table.everybody.hedy.actor, cast.browser(joined.bearer)
    actions.attest(hedy, joined.body, holds=True, **WHY)
    actions.attest(hedy, joined.body, holds=False, reason="The ministry wrote to us on paper.", language="en")
    assert joined.state() == Joined.OUSTED
    with pytest.raises(Refused):
        actions.attest(hedy, joined.body, holds=False, **WHY)
    place = joined.letter.get_absolute_url()
    assert client.post(f"{place}correct", {"reason": "We meant it so.", "language": "en"}).status_code == 403
