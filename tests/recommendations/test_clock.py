"""From sending to checking: what each side can do when, and what nobody can."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from tests import cast, make
from tests.recommendations.conftest import MONDAY, WORDS, Table
from withus.compute.answering import State
from withus.core.errors import Denied, Refused
from withus.people import actions as people
from withus.people.models import OrganisationKind
from withus.policy.facts import SYSTEM, Role
from withus.policy.rules import POLICY, Action, decide
from withus.processes import actions as processes
from withus.public_log.models import LogEntry
from withus.recommendations import actions, jobs, queries
from withus.recommendations.models import Recommendation, Response, Verification

Days = Callable[[int], None]
REASON = "The council has not met about the money for this yet."


def state(of: Recommendation) -> State:
    """Where it stands today."""
    fresh = queries.public_whole().get(pk=of.pk)
    assert fresh.standing() == fresh.course().standing(), "what is kept beside the row is not what happened"
    return fresh.standing().state(fresh.today())


def day(number: int) -> datetime.date:
    """So many days after the Monday."""
    return MONDAY + datetime.timedelta(days=number)


def test_silence_is_public_the_day_after_and_an_answer_ends_it(table: Table, on: Days) -> None:
    sent = table.sent()
    assert state(sent) is State.OPEN
    on(11)
    assert state(sent) is State.UNACKNOWLEDGED
    actions.acknowledge(table.odile.actor, sent)
    on(30)
    assert state(sent) is State.ACKNOWLEDGED
    on(31)
    assert state(sent) is State.OVERDUE
    table.answered(sent, "rejected", reason="The law does not let us open the room at night.")
    assert state(sent) is State.REJECTED
    actions.dissent(table.everybody.lu.actor, sent, words="The law says nothing about nights.", language="en")
    assert [one.words for one in Response.objects.get().dissents.all()] == ["The law says nothing about nights."]


def test_done_needs_two_keys(table: Table, on: Days) -> None:
    sent, lu = table.sent(), table.everybody.lu.actor
    seen = "On Tuesday the door was shut at ten."
    check = {"organisation": table.everybody.peers, "evidence": seen, "language": "en"}
    with pytest.raises(Refused, match="Answer first"):
        actions.deliver(table.odile.actor, sent, words="The room is open every night now.", language="en")
    table.answered(sent)
    promise = {"owner": "Health office", "measure": "Two people at night", "budget": "20,000", "language": "en"}
    actions.commit(table.odile.actor, sent, due_on=day(60), **promise)
    assert state(sent) is State.PROMISED
    on(61)
    assert state(sent) is State.LATE
    with pytest.raises(Refused, match="nothing to check"):
        actions.verify(lu, queries.public_checkable(sent), verdict="confirmed", **check)
    actions.deliver(table.odile.actor, sent, words="The room is open every night now.", language="en")
    assert state(sent) is State.DELIVERED
    with pytest.raises(Denied):
        actions.verify(table.odile.actor, queries.public_checkable(sent), verdict="confirmed", **check)
    actions.verify(lu, queries.public_checkable(sent), verdict="disputed", **check)
    assert state(sent) is State.DISPUTED
    with pytest.raises(Refused, match="checked this already"):
        actions.verify(lu, queries.public_checkable(sent), verdict="confirmed", **check)
    actions.deliver(table.odile.actor, sent, words="Now it is open, the key was lost.", language="en")
    actions.verify(lu, queries.public_checkable(sent), verdict="confirmed", minutes=40, payer=table.fund, **check)
    assert state(sent) is State.UNPAID
    table.paid(Verification.objects.latest("id"))
    assert state(sent) is State.CONFIRMED


def test_what_nobody_was_paid_to_check_and_what_only_the_bodys_own_payees_checked_is_not_confirmed(
    table: Table, on: Days
) -> None:
    sent, peers = table.sent(), table.everybody.peers
    table.answered(sent)
    check = {"organisation": peers, "evidence": "The door was open on three nights.", "language": "en"}
    actions.deliver(table.odile.actor, sent, words="The room is open every night now.", language="en")
    actions.verify(table.everybody.lu.actor, queries.public_checkable(sent), verdict="confirmed", **check)
    assert state(sent) is State.UNPAID
    people.declare(SYSTEM, peers, payer=table.body.organisation, share="part")
    actions.deliver(table.odile.actor, sent, words="It is open on Sundays as well.", language="en")
    table.paid(table.checked(sent, minutes=30, payer=table.fund))
    assert state(sent) is State.UNPAID, "what the body's own payees say changes nothing"


def test_a_formal_question_has_its_own_clock(table: Table, on: Days) -> None:
    assert (table.sent().due_on, table.sent(kind="question").due_on) == (day(30), day(21))  # the 20th is a Sunday


def test_dates_that_went_wrong_beside_a_row_are_counted_anew(table: Table, on: Days) -> None:
    sent = table.sent()
    Recommendation.objects.update(owed_on=day(400), due_on=None)
    assert jobs.settle() == 1
    assert jobs.settle() == 0
    assert state(sent) is State.OPEN


def test_a_question_stops_the_clock_and_comes_once(table: Table, on: Days) -> None:
    sent = table.sent()
    on(7)
    ask = {"question": "Do you mean every night of the week?", "language": "en"}
    actions.clarify(table.odile.actor, sent, **ask)
    assert state(sent) is State.ASKED
    on(9)
    actions.explain(table.everybody.lu.actor, sent, answer="Yes, every night of the week.", language="en")
    assert queries.public_course(sent).due_on == day(32)  # Wednesday and two working days
    with pytest.raises(Refused, match="One question was asked already"):
        actions.clarify(table.odile.actor, sent, **ask)
    with pytest.raises(Refused, match="no question that waits"):
        actions.explain(table.everybody.lu.actor, sent, answer="Again", language="en")


def test_more_time_once_in_time_and_within_the_terms(table: Table, on: Days) -> None:
    sent, odile = table.sent(), table.odile.actor
    for until in (day(30), day(29), day(61), day(-400)):
        with pytest.raises(Refused, match="Choose a day after") as no:
            actions.extend(odile, sent, until=until, reason=REASON, language="en")
        assert no.value.field == "until"
    actions.extend(odile, sent, until=day(60), reason=REASON, language="en")
    with pytest.raises(Refused, match="once already"):
        actions.extend(odile, sent, until=day(61), reason=REASON, language="en")
    on(61)
    assert state(sent) is State.OVERDUE
    late = table.sent()
    on(61 + 31)
    with pytest.raises(Refused, match="Only an answer ends the silence"):
        actions.extend(odile, late, until=day(120), reason=REASON, language="en")
    with pytest.raises(Refused, match="Only an answer ends the silence"):
        actions.clarify(odile, late, question=REASON, language="en")


def test_a_body_that_never_joined_gets_a_letter_and_its_clock_runs_from_then(table: Table, on: Days) -> None:
    about = {"name": "The clinic", "decides": "Doses", "language": "en"}
    clinic = processes.open_body(SYSTEM, table.everybody.peers, **about)
    lu = table.everybody.lu.actor
    written = actions.recommend(
        lu, queries.public_addressee(clinic), organisation=table.everybody.peers, language="en", **WORDS
    )
    on(5)
    assert state(written) is State.UNSERVED
    for served in (day(-1), day(6)):
        with pytest.raises(Refused, match="Choose a day from"):
            actions.serve(lu, written, how="post", words="RR 123", served_on=served)
    actions.serve(lu, written, how="witness", words="The desk on the ground floor of the clinic", served_on=day(3))
    with pytest.raises(Refused, match="runs already"):
        actions.serve(lu, written, how="post", words="RR 123", served_on=day(5))
    on(3 + 32)  # the thirtieth day is a Saturday
    assert state(written) is State.UNACKNOWLEDGED
    on(3 + 33)
    assert state(written) is State.OVERDUE


def test_evidence_is_looked_up_and_what_was_taken_back_is_refused(table: Table) -> None:
    sent = table.sent(evidence="Minutes of our breakfast, page 2\n\nMinutes of our breakfast, page 2")
    assert (list(sent.evidence.all()), sent.papers) == ([], "Minutes of our breakfast, page 2")
    for typed in ("/processes/NOWHERE/", "/processes/X/statements/NOTHING/", "\n".join(map(str, range(21))), "x" * 301):
        with pytest.raises(Refused) as no:
            table.sent(evidence=typed)
        assert no.value.field == "evidence"
    assert Recommendation.objects.count() == 1


def test_another_hosts_address_is_a_paper_however_it_is_spelled(table: Table, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["withus.example"]
    elsewhere = "https://town.example/processes/budget-2027/statements/4"
    assert table.sent(evidence=elsewhere).papers == elsewhere
    with pytest.raises(Refused, match="Nothing stands"):
        table.sent(evidence="https://withus.example/processes/NOWHERE/")


def test_nobody_of_the_body_nor_the_host_can_do_anything_but_answer(table: Table) -> None:
    sent = table.sent()
    allowed = {Action.ACKNOWLEDGE, Action.CLARIFY, Action.EXTEND, Action.DRAFT}
    signing = {Action.RESPOND, Action.CORRECT, Action.COMMIT, Action.DELIVER}
    deeds = [one for one in Action if one in allowed | signing | {Action.SERVE, Action.EXPLAIN, Action.DISSENT}]
    can = {
        who: {one for one in deeds if decide(actor, one, sent)}
        for who, actor in {
            "secretary": table.everybody.mina.actor,
            "bearer": table.odile.actor,
            "host": table.everybody.hedy.actor,
            "other": table.everybody.cem.actor,
        }.items()
    }
    assert can == {"secretary": allowed, "bearer": allowed | signing, "host": set(), "other": set()}
    assert not [one for one in Action if "delete" in one.value or "hide" in one.value]
    assert all(POLICY[one].trace.value == "public_log" for one in deeds if one is not Action.DRAFT)


def test_an_organisation_that_is_not_recognised_cannot_send(table: Table) -> None:
    small = make.organisation("Small", OrganisationKind.PEER)
    theirs = make.somebody(Role.ORG_STEWARD, small)
    with pytest.raises(Denied, match="recognised"):
        actions.recommend(
            theirs.actor, queries.public_addressee(table.body), organisation=small, language="en", **WORDS
        )
    with pytest.raises(Refused) as no:
        table.sent(organisation=small)
    assert no.value.field == "organisation"


def test_every_deed_stands_in_the_log_once_and_words_are_not_in_it(table: Table, on: Days) -> None:
    before = LogEntry.objects.count()
    sent = table.sent()
    actions.acknowledge(table.odile.actor, sent)
    table.answered(sent)
    entries = [entry.body for entry in LogEntry.objects.order_by("seq")[before:]]
    assert len(entries) == 3
    text = " ".join(map(str, entries))
    assert WORDS["text"] not in text
    assert "budget of next year" not in text


def test_a_page_costs_the_same_however_much_was_said(table: Table, django_assert_max_num_queries: Any) -> None:
    sent = table.sent(evidence="A\nB\nC")
    table.answered(sent)
    client = cast.browser(table.everybody.lu)
    for number in range(3):
        actions.dissent(
            table.everybody.lu.actor, sent, words=f"That is not what we have asked for: {number}", language="en"
        )
        table.sent()
    with django_assert_max_num_queries(26):
        assert client.get(sent.get_absolute_url()).status_code == 200
    with django_assert_max_num_queries(26):
        assert client.get("/recommendations/").status_code == 200


def test_by_hand_from_sending_to_dissent(table: Table, on: Days) -> None:
    lu, odile = cast.browser(table.everybody.lu), cast.browser(table.odile)
    page = lu.get(f"/recommendations/new?body={table.body.code}").content.decode()
    assert "What exactly should change" in page
    form = WORDS | {"body": table.body.code, "organisation": table.everybody.peers.code, "kind": "recommendation"}
    answer = lu.post("/recommendations/new", form | {"evidence": "A paper", "language": "en"})
    assert answer.status_code == 303, answer.content.decode()
    address = answer["Location"]
    assert odile.post(f"{address}acknowledge").status_code == 303
    said = {"outcome": "rejected", "reason": REASON, "language": "en"}
    assert odile.post(f"{address}respond", said | {"reason": "No"}).status_code == 200
    assert odile.post(f"{address}respond", said).status_code == 303
    assert odile.post(f"{address}respond", said).status_code == 200
    assert (
        lu.post(
            f"{address}dissent", {"words": "You never met about it, says your own list.", "language": "en"}
        ).status_code
        == 303
    )
    for client in (lu, odile, cast.browser()):
        shown = client.get(address).content.decode()
        assert "Rejected" in shown
        assert "You never met about it, says your own list." in shown
        assert REASON in shown
    assert "A paper" in cast.browser().get(f"{address}letter").content.decode()


def test_a_script_needs_to_send_only_what_the_interface_names(table: Table, on: Days) -> None:
    lu, odile = cast.browser(table.everybody.lu), cast.browser(table.odile)
    sent = {"body": table.body.code, **WORDS, "evidence": "Our photo log, week 30"}
    place = lu.post("/recommendations/new", sent)["Location"]
    assert odile.post(f"{place}acknowledge").status_code == 303
    assert odile.post(f"{place}clarify", {"question": "Which of the rooms do you mean?"}).status_code == 303
    assert odile.post(f"{place}extend", {"until": day(60).isoformat(), "reason": REASON}).status_code == 303
    assert odile.post(f"{place}respond", {"outcome": "rejected", "reason": REASON}).status_code == 303
    assert lu.post(f"{place}dissent", {"words": "This is not what the law says."}).status_code == 303


def test_saying_done_again_takes_no_no_of_peers_away(table: Table, on: Days) -> None:
    sent, lu = table.sent(), table.everybody.lu.actor
    check = {"organisation": table.everybody.peers, "evidence": "On Tuesday the door was shut.", "language": "en"}
    table.answered(sent)
    actions.deliver(table.odile.actor, sent, words="The room is open every night now.", language="en")
    actions.verify(lu, queries.public_checkable(sent), verdict="disputed", **check)
    actions.deliver(table.odile.actor, sent, words="Now it is open, the key was lost.", language="en")
    assert state(sent) is State.DISPUTED
    with pytest.raises(Refused, match="Now peers check it"):
        actions.deliver(table.odile.actor, sent, words="It is open, as we have said.", language="en")


def test_a_promise_that_is_made_too_late_moves_no_day(table: Table, on: Days) -> None:
    sent = table.sent()
    table.answered(sent)
    promise = {"owner": "Health office", "measure": "Two people at night", "budget": "none", "language": "en"}
    actions.commit(table.odile.actor, sent, due_on=day(20), **promise)
    on(40)
    actions.commit(table.odile.actor, sent, due_on=day(900), **promise)
    assert state(sent) is State.LATE


def test_a_second_promise_moves_no_older_one(table: Table, on: Days) -> None:
    sent = table.sent()
    table.answered(sent)
    promise = {"owner": "Health office", "measure": "Two people at night", "budget": "none", "language": "en"}
    for due_on in (day(20), day(900)):
        actions.commit(table.odile.actor, sent, due_on=due_on, **promise)
    sent.refresh_from_db()
    assert sent.done_by == day(20)
    on(21)
    assert state(sent) is State.LATE
