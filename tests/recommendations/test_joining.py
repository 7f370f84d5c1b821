"""How a body joined with a letter: shown until it is confirmed, contested with another, settled by the host."""

import csv
import datetime
import io
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tests.people.test_cards import text
from tests.people.test_races import at_once
from tests.recommendations.conftest import MONDAY, Table, a_letter, records
from tests.recommendations.joined import ALONE, NO, WHY, Clinic, addressed, code_of, comes_in, contests, sentence
from tests.texts.two_keys import taken_away, words_of
from withus.core import codes
from withus.core.errors import Refused
from withus.figures.queries import public_record
from withus.people import actions as people
from withus.people.models import Organisation
from withus.policy.facts import VISITOR, Actor, Role
from withus.policy.rules import Action, decide
from withus.processes.models import Body
from withus.public_log import append, verify
from withus.public_log.models import LogEntry
from withus.recommendations import actions as recommendations
from withus.recommendations import desk
from withus.recommendations.letters import actions, queries
from withus.recommendations.letters.models import Joined, JoiningWord, TakeOver
from withus.recommendations.models import Recommendation

# --- Shown ---


def test_the_page_and_each_answer_say_how_the_body_joined(joined: Clinic) -> None:
    came = "It answers here with the code of a letter that The peers sent on 23 November 2026."
    for below in ("", "poster"):
        page = text(Client().get(f"{joined.body.get_absolute_url()}{below}"))
        assert (came in page, ALONE in page) == (True, True), below
    for below in ("", "letter"):
        page = text(Client().get(f"{joined.letter.get_absolute_url()}{below}"))
        assert (ALONE in page, "This answers that same organisation." in page) == (True, True), below
    other = joined.by_others()
    recommendations.respond(joined.bearer.actor, other, **NO)
    page = text(Client().get(other.get_absolute_url()))
    assert (ALONE in page, "This answers that same organisation." in page) == (True, False)
    found = json.loads(Client().get(f"{joined.body.get_absolute_url()}data.json").content)
    assert found["joined"] == "alone"
    lines = Client().get(f"{joined.body.get_absolute_url()}data.csv").content.decode("utf-8-sig")
    assert {row["joined"] for row in csv.DictReader(io.StringIO(lines))} == {"alone"}
    assert verify.own_log().errors == []


def test_a_body_that_the_host_let_in_has_no_mark(table: Table) -> None:
    sent = table.sent()
    table.answered(sent)
    for place in (table.body.get_absolute_url(), sent.get_absolute_url()):
        assert "with the code of a letter" not in text(Client().get(place))
    assert json.loads(Client().get(f"{table.body.get_absolute_url()}data.json").content)["joined"] is None
    for deed in ("confirm", "contest", "attest"):
        who = {"confirm": table.odile, "contest": None, "attest": table.everybody.hedy}[deed]
        answer = cast.browser(who).post(f"{table.body.get_absolute_url()}{deed}", WHY | {"code": "X", "holds": "no"})
        assert "Nobody took this page over with a letter" in text(answer)


def test_a_code_that_nobody_used_marks_nothing(table: Table, letter: Recommendation) -> None:
    card = make.card(letter.body.organisation, Role.BODY_SECRETARY)
    actions.take_over(VISITOR, letter.body, code=code_of(letter))
    people.join(VISITOR, None, code=card, draft=make.draft(card))
    assert queries.public_joined(letter.body) is None, "the host let her in"
    assert "and nobody has come in yet" in text(Client().get(letter.body.get_absolute_url()))
    assert not [one for one in records("role.taken") if "opened_with" in one["facts"]]


def test_that_somebody_came_in_is_in_the_log_and_cannot_be_taken_from_the_row(joined: Clinic) -> None:
    told = [one["facts"]["opened_with"] for one in records("role.taken") if "opened_with" in one["facts"]]
    assert told == [joined.letter.code]
    TakeOver.objects.update(is_used=None)
    assert any("whether somebody came in" in what for _, what in verify.own_log().errors)


def test_take_overs_of_earlier_versions_count_while_somebody_answers(table: Table, letter: Recommendation) -> None:
    TakeOver.objects.create(body=letter.body, letter=letter, is_used=None, said_on=MONDAY)
    assert queries.public_joined(letter.body) is None
    make.somebody(Role.BODY_SECRETARY, letter.body.organisation)
    found = queries.public_joined(Body.objects.get(pk=letter.body.pk))
    assert found
    assert found.joined() == Joined.ALONE


# --- The letters ---


def test_later_letters_carry_a_code_and_the_one_that_opened_the_page_does_not(joined: Clinic) -> None:
    later = joined.by_others()
    address = f"{later.get_absolute_url()}letter"
    page = text(cast.browser(joined.ria).get(address))
    assert codes.grouped(code_of(later)).replace("-", " ") in page
    for deed in ("confirm", "contest"):
        assert f"{joined.body.get_absolute_url()}{deed}" in page
    for who in (joined.table.everybody.lu, joined.table.everybody.hedy, joined.bearer, None):
        assert code_of(later)[:4] not in text(cast.browser(who).get(address)).replace(later.code, "")
    opening = text(cast.browser(joined.table.everybody.lu).get(f"{joined.letter.get_absolute_url()}letter"))
    assert code_of(joined.letter)[:4] not in opening.replace(joined.letter.code, "")
    actions.attest(joined.table.everybody.hedy.actor, joined.body, holds=True, **WHY)
    assert code_of(later)[:4] not in text(cast.browser(joined.ria).get(address)).replace(later.code, "")


# --- A second letter ---


def test_a_letter_of_another_organisation_agrees(joined: Clinic) -> None:
    later = joined.by_others()
    client = cast.browser(joined.bearer)
    address = f"{joined.body.get_absolute_url()}confirm"
    assert address in client.get(joined.body.get_absolute_url()).content.decode()
    assert client.post(address, {"code": code_of(later).lower()}).status_code == 303
    assert joined.state() == Joined.AGREED
    assert "a letter of The others abroad agrees" in joined.page()
    for page in (joined.page(), text(Client().get(joined.letter.get_absolute_url()))):
        assert ALONE not in page
    again = client.post(address, {"code": code_of(later)})
    assert (again.status_code, "This is here already" in text(again)) == (200, True)
    (record,) = records("joining.agreed")
    facts = {"body": joined.body.code, "recommendation": later.code, "opened_with": joined.letter.code}
    assert record["facts"] == facts | {"said_on": MONDAY.isoformat()}
    assert code_of(later) not in json.dumps(record)
    assert verify.own_log().errors == []


@pytest.mark.parametrize("whose", ["the same", "a chapter", "nobody recognised"])
def test_a_letter_of_the_same_house_agrees_to_nothing(joined: Clinic, whose: str) -> None:
    letter = joined.by_others()
    of = joined.table.everybody.peers
    if whose == "the same":
        letter = joined.table.sent(joined.body)
    elif whose == "a chapter":
        Organisation.objects.filter(pk=joined.others.pk).update(parent=of)
    else:
        joined.others.mandates.all()[0].countersignatures.all().delete()
    with pytest.raises(Refused, match="another recognised peer organisation") as no:
        actions.confirm(joined.clerk, joined.body, code=code_of(letter))
    assert no.value.field == "code"
    assert joined.state() == Joined.ALONE


@pytest.mark.parametrize("deed", ["confirm", "contest"])
def test_only_another_letter_to_this_body_says_anything_and_every_wrong_code_costs_the_same(
    joined: Clinic, deed: str
) -> None:
    who = joined.clerk if deed == "confirm" else VISITOR
    more = {} if deed == "confirm" else WHY
    elsewhere = joined.table.sent()
    spent = set()
    for wrong in (codes.code(16), code_of(elsewhere), "", "ключ", f"{code_of(joined.letter)[:-1]}!"):
        with CaptureQueriesContext(connection) as asked, pytest.raises(Refused, match="on no letter") as no:
            getattr(actions, deed)(who, joined.body, code=wrong, **more)
        assert no.value.field == "code"
        spent.add(len(asked))
    assert len(spent) == 1
    with pytest.raises(Refused, match="This letter opened the page"):
        getattr(actions, deed)(who, joined.body, code=code_of(joined.letter), **more)
    assert not JoiningWord.objects.exists()


def test_who_does_not_answer_for_the_body_confirms_nothing_and_who_does_contests_nothing(joined: Clinic) -> None:
    code, place = code_of(joined.by_others()), joined.body.get_absolute_url()
    everybody = joined.table.everybody
    for who in (joined.ria, everybody.lu, everybody.hedy, everybody.mina, None):
        assert cast.browser(who).post(f"{place}confirm", {"code": code}).status_code == 403
        assert cast.browser(who).get(f"{place}contest").status_code == 200
    for sent in (None, WHY | {"code": code}):
        client = cast.browser(joined.bearer)
        answer = client.post(f"{place}contest", sent) if sent else client.get(f"{place}contest")
        assert (answer.status_code, "You answer for this body yourself" in text(answer)) == (403, True)
    for who in (joined.ria, everybody.lu, everybody.mina, joined.bearer, None):
        assert cast.browser(who).post(f"{place}attest", WHY | {"holds": "no"}).status_code == 403
    assert not JoiningWord.objects.exists()


def test_a_steward_of_the_house_who_answers_for_the_body_settles_nothing(joined: Clinic) -> None:
    both = Actor(1, "a", joined.table.everybody.hedy.actor.standings | joined.clerk.standings)
    assert not decide(both, Action.ATTEST, joined.body)


# --- Contested ---


def test_who_holds_another_letter_contests_in_public_and_nothing_is_taken_away(joined: Clinic) -> None:
    letter = joined.by_others()
    before = public_record(joined.body).counts
    assert "and these answers are not ours" in joined.page()
    assert contests(joined, letter).status_code == 303
    assert joined.state() == Joined.CONTESTED
    page = joined.page()
    for says in ("Who answers here is contested", WHY["reason"], "These rates count all answers"):
        assert says in page
    answer = text(Client().get(joined.letter.get_absolute_url()))
    for says in ("Contested.", "this is not the answer of the body", NO["reason"]):
        assert says in answer
    record = public_record(joined.body)
    assert record.counts == before, "a letter wipes no answer out"
    assert "sure" in record.label.missing
    (told,) = records("joining.contested")
    assert WHY["reason"] not in json.dumps(told), "words can be taken away, so the log holds a commitment"
    assert "that those who answer for The clinic are not it, by a body, on " in sentence(told)
    assert verify.own_log().errors == []


def test_the_label_falls_by_a_doubt_alone(joined: Clinic) -> None:
    assert "sure" not in public_record(joined.body).label.missing
    contests(joined)
    assert "sure" in public_record(joined.body).label.missing


def test_a_second_letter_settles_no_contest_and_a_letter_contests_once(joined: Clinic) -> None:
    first, second = joined.by_others(), joined.by_others()
    contests(joined, first)
    assert "This is here already" in text(contests(joined, first))
    actions.confirm(joined.clerk, joined.body, code=code_of(second))
    assert joined.state() == Joined.CONTESTED
    assert JoiningWord.objects.count() == 2


def test_a_contest_says_why_and_keeps_what_was_typed(joined: Clinic) -> None:
    code = code_of(joined.by_others())
    answer = Client().post(
        f"{joined.body.get_absolute_url()}contest", {"code": code, "reason": "No.", "language": "en"}
    )
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (200, True)
    assert code in answer.content.decode()
    with pytest.raises(Refused):
        actions.contest(VISITOR, joined.body, code=code, reason="No.", language="en")
    assert not JoiningWord.objects.exists()


# --- Settled by the host ---


def test_a_contest_waits_on_the_hosts_desk_and_her_word_for_those_who_hold_the_page_ends_it(joined: Clinic) -> None:
    hedy = joined.table.everybody.hedy
    contests(joined)
    place = f"{joined.body.get_absolute_url()}attest"
    assert [task.deed for task in desk.everything(hedy.actor)] == [place]
    client = cast.browser(hedy)
    assert "Say who holds this page" in text(client.get("/desk/"))
    sent = WHY | {"holds": "yes", "reason": "We rang the number on its own site."}
    assert client.post(place, sent).status_code == 303
    assert joined.state() == Joined.HELD
    assert "this house said that it is the body itself" in joined.page()
    assert sent["reason"] in joined.page()
    assert "Contested" not in text(Client().get(joined.letter.get_absolute_url()))
    assert "sure" not in public_record(joined.body).label.missing
    assert [task.deed for task in desk.everything(hedy.actor)] == []
    assert text(client.post(place, sent)).count("This house has said so already") == 1
    assert "This house has said how it checked" in text(contests(joined)), "no letter goes on and on against it"
    (told,) = records("joining.settled")
    assert told["facts"]["holds"] is True
    assert "those who answer for The clinic are this body, by the stewards of this house, on " in sentence(told)
    assert verify.own_log().errors == []


# --- Taken away, edited by hand, and at once ---


def test_two_keys_take_a_reason_away_and_the_contest_stays(joined: Clinic) -> None:
    reason = "Ms Quellmond of our office never had this letter."
    code = code_of(joined.by_others())
    actions.contest(VISITOR, joined.body, code=code, reason=reason, language="en")
    append.append_pending()
    assert not [one for one in LogEntry.objects.all() if b"Quellmond" in bytes(one.body)]
    assert "Quellmond" in joined.page()
    taken_away(words_of("joining.contested", joined.body.code, "reason"), joined.table.everybody.peers)
    page = joined.page()
    assert ("Quellmond" in page, "It is contested" in page, "Taken away on" in page) == (False, True, True)
    assert JoiningWord.objects.get().reason == ""
    assert verify.own_log().errors == []


@pytest.mark.parametrize(
    "change",
    [{"kind": "agreed"}, {"reason": "All is well."}, {"said_on": MONDAY + datetime.timedelta(days=1)}],
)
def test_a_word_that_is_changed_by_hand_is_found(joined: Clinic, change: dict[str, Any]) -> None:
    contests(joined)
    JoiningWord.objects.update(**change)
    assert verify.own_log().errors != []


def test_a_word_that_is_deleted_by_hand_is_found(joined: Clinic) -> None:
    contests(joined)
    JoiningWord.objects.all().delete()
    assert any("joining.contested" in what for _, what in verify.own_log().errors)


@pytest.mark.usefixtures("own_database")
def test_the_same_contest_four_times_at_once_is_one() -> None:
    letter = a_letter()
    body = Body.objects.get()
    comes_in(body, letter)
    lu = make.somebody(Role.ORG_STEWARD, letter.organisation)
    words = {"text": "Nobody takes the phone on Sundays.", "asked_change": "Take it on Sundays as well."}
    said = words | {"organisation": letter.organisation, "language": "en"}
    code = code_of(recommendations.recommend(lu.actor, addressed(body), **said))
    bodies = [Body.objects.get() for _ in range(4)]
    wrong = at_once(*(lambda one=one: actions.contest(VISITOR, one, code=code, **WHY) for one in bodies))
    assert [type(one) for one in wrong] == [Refused] * 3
    assert JoiningWord.objects.count() == 1
