"""From each promise to the word that it is kept, and to what peers found of that one."""

import datetime
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import cast, make
from tests.recommendations.conftest import MONDAY, WORDS, Table, old_check, records
from tests.recommendations.test_clock import day, state
from withus.compute.answering import Part, State
from withus.compute.weighing import Found
from withus.core.errors import Denied, Refused
from withus.figures import queries as figures
from withus.figures import telling
from withus.policy.facts import SYSTEM, Role
from withus.processes import actions as processes
from withus.public_log import verify
from withus.recommendations import actions, desk, jobs, queries, settling
from withus.recommendations.models import Commitment, Delivery, Recommendation, Verdict, Verification

Days = Callable[[int], None]


def both(table: Table) -> tuple[Recommendation, Commitment, Commitment]:
    """What was accepted, with a promise until the twentieth day and one until the sixtieth."""
    sent = table.sent()
    table.answered(sent)
    return sent, table.promised(sent, day(20)), table.promised(sent, day(60), measure="A key for everybody")


def test_one_promise_that_is_kept_leaves_the_other_open(table: Table, on: Days) -> None:
    sent, first, second = both(table)
    on(10)
    table.done(sent, first)
    assert state(sent) is State.PROMISED
    on(60)
    assert state(sent) is State.PROMISED
    assert figures.public_counts(table.body, day(60)).promises_overdue == 0
    on(61)
    assert state(sent) is State.LATE
    assert figures.public_counts(table.body, day(61)).promises_overdue == 1
    table.done(sent, second)
    assert state(sent) is State.DELIVERED


def test_a_broken_promise_is_late_although_the_other_was_kept(table: Table, on: Days) -> None:
    sent, _, second = both(table)
    table.done(sent, second)
    on(21)
    assert state(sent) is State.LATE


def test_a_check_is_of_one_promise(table: Table, on: Days) -> None:
    sent, first, second = both(table)
    kept = table.done(sent, first)
    table.paid(table.checked(sent, minutes=30, payer=table.fund))
    assert state(sent) is State.PROMISED
    assert figures.public_counts(table.body, day(0)).checked == 0
    other = table.done(sent, second)
    assert state(sent) is State.DELIVERED
    table.paid(table.checked(sent, minutes=30, payer=table.fund))
    assert state(sent) is State.CONFIRMED
    said = {one["facts"]["delivery"]: one["facts"]["commitment"] for one in records("delivery.said")}
    assert said == {kept.code: first.code, other.code: second.code}
    assert [one["facts"]["delivery"] for one in records("delivery.verified")] == [kept.code, other.code]


def test_whoever_checks_says_what_if_several_wait(table: Table, on: Days) -> None:
    sent, first, second = both(table)
    kept, other = table.done(sent, first), table.done(sent, second)
    with pytest.raises(Refused, match="Choose what you have checked") as no:
        table.checked(sent)
    assert no.value.field == "delivery"
    table.checked(sent, "disputed", delivery=other)
    assert state(sent) is State.DISPUTED
    again = table.done(sent, second, words="Now everybody has a key, we have counted them.")
    with pytest.raises(Refused, match="something newer"):
        table.checked(sent, delivery=other)
    table.checked(sent, delivery=again)
    table.checked(sent)
    assert set(Verification.objects.values_list("delivery", flat=True)) == {kept.pk, other.pk, again.pk}
    with pytest.raises(Refused, match="checked this already"):
        table.checked(sent)


def test_the_body_says_which_promise_is_kept_and_only_of_one_that_is_open(table: Table, on: Days) -> None:
    sent, first, second = both(table)
    with pytest.raises(Refused, match="Choose which promise is kept") as no:
        table.done(sent)
    assert no.value.field == "commitment"
    table.done(sent, first)
    with pytest.raises(Refused, match="still open"):
        table.done(sent, first)
    assert table.done(sent).commitment == second
    with pytest.raises(Refused, match="Now peers check it"):
        table.done(sent)
    strange = table.sent()
    table.answered(strange)
    foreign = table.promised(strange, day(9))
    with pytest.raises(Refused):
        table.done(sent, foreign)


def test_what_peers_confirmed_is_not_said_again(table: Table, on: Days) -> None:
    sent = table.sent()
    table.answered(sent)
    table.done(sent)
    table.paid(table.checked(sent, minutes=30, payer=table.fund))
    with pytest.raises(Refused, match="nothing left to say"):
        table.done(sent)


def test_a_new_promise_lifts_no_dispute(table: Table, on: Days) -> None:
    sent = table.sent()
    table.answered(sent)
    table.done(sent)
    table.checked(sent, "disputed")
    with pytest.raises(Refused, match="say tomorrow"):
        table.promised(sent, day(60))
    on(1)
    promise = table.promised(sent, day(60))
    assert state(sent) is State.DISPUTED
    table.done(sent, promise)
    assert state(sent) is State.DISPUTED
    table.paid(table.checked(sent, minutes=30, payer=table.fund))
    assert state(sent) is State.CONFIRMED


def test_the_form_offers_what_is_open_and_what_waits(table: Table, on: Days) -> None:
    sent, first, second = both(table)
    odile, lu = cast.browser(table.odile), cast.browser(table.everybody.lu)
    page = odile.get(f"{sent.get_absolute_url()}deliver").content.decode()
    assert (f'value="{first.code}"' in page, f'value="{second.code}"' in page) == (True, True)
    words = {"words": "Two people are there each night."}
    assert 'href="#id_commitment"' in odile.post(f"{sent.get_absolute_url()}deliver", words).content.decode()
    said = words | {"commitment": first.code}
    assert odile.post(f"{sent.get_absolute_url()}deliver", said).status_code == 303
    page = odile.get(f"{sent.get_absolute_url()}deliver").content.decode()
    assert (f'value="{first.code}"' in page, f'value="{second.code}" selected' in page) == (False, True)
    page = lu.get(f"{sent.get_absolute_url()}verify").content.decode()
    assert f'value="{Delivery.objects.get().code}" selected' in page
    found = {"verdict": "partly", "evidence": "One person was there, not two."}
    assert lu.post(f"{sent.get_absolute_url()}verify", found).status_code == 303


def test_the_page_walks_from_each_promise_to_its_check_and_back(table: Table, on: Days) -> None:
    sent, first, second = both(table)
    kept = table.done(sent, first, words="Since Monday two people are there.")
    check = table.checked(sent, "partly", evidence="On Sunday there was one.")
    page = Client().get(sent.get_absolute_url()).content.decode()
    places = [page.index(f'id="{code}"') for code in (first.code, kept.code, check.code, second.code)]
    assert places == sorted(places)
    assert page.index("Since Monday two people") < page.index("On Sunday there was one.") < places[-1]
    assert "60 days left" in page
    assert "20 days left" not in page, "it is said to be done"


def test_an_old_word_about_the_whole_is_found_from_each_promise_of_then(table: Table, on: Days) -> None:
    sent, first, second = both(table)
    whole = Delivery.objects.create(recommendation=sent, words="All is done.", language="en", said_on=day(0))
    on(5)
    later = table.promised(sent, day(90), measure="A third thing that is needed")
    page = Client().get(sent.get_absolute_url()).content.decode()
    assert page.count(f'href="#{whole.code}"') == 2
    assert page.index(f'href="#{whole.code}"') < page.index(f'id="{later.code}"') < page.index(f'id="{whole.code}"')
    assert set(sent.commitments.all()) == {first, second, later}


def test_the_desks_hold_each_promise_by_itself(table: Table, on: Days) -> None:
    sent, first, second = both(table)

    def office() -> list[datetime.date | None]:
        return [task.due_on for task in desk.everything(table.odile.actor)]

    def peers() -> list[str]:
        return [str(task.what) for task in desk.everything(table.everybody.lu.actor)]

    assert office() == [day(20), day(60)]
    table.done(sent, first)
    assert office() == [day(60)]
    assert len(peers()) == 1
    table.done(sent, second)
    assert office() == []
    assert len(peers()) == 2
    table.checked(sent, "disputed", delivery=first.deliveries.get())
    assert office() == [day(20)], "by the day of the promise that peers dispute"
    assert len(peers()) == 1


LAW = {"source": "law", "source_words": "Health Act, section 9"}


def test_what_a_law_promises_is_late_kept_and_checked_also_after_a_no(table: Table, on: Days) -> None:
    sent = table.sent()
    table.answered(sent, "rejected")
    with pytest.raises(Refused, match="Answer first"):
        table.done(sent)
    promise = table.promised(sent, day(-100), **LAW)
    sent.refresh_from_db()
    assert (state(sent), sent.undone_by, sent.done_by) == (State.REJECTED, day(-100), None)
    counts = figures.public_counts(table.body, day(0))
    assert (counts.promises_overdue, sum(one.denominator for one in counts.verified.values())) == (1, 0)
    (task,) = desk.everything(table.odile.actor)
    assert (task.due_on, task.deed) == (day(-100), f"{sent.get_absolute_url()}deliver")
    (broken,) = [one for one in figures.public_events(table.body, day(0), 9) if one.kind == "broken"]
    assert (broken.day, broken.until) == (day(0), day(-100)), "nobody is told of a day before it was named"
    table.done(sent, promise)
    assert figures.public_counts(table.body, day(0)).promises_overdue == 1, "said after its day: peers have to say so"
    table.paid(table.checked(sent, minutes=30, payer=table.fund))
    sent.refresh_from_db()
    assert (sent.undone_by, sent.verdict, state(sent)) == (None, "confirmed", State.REJECTED)
    assert verify.own_log().errors == []


def test_a_laws_day_that_is_long_past_or_far_away_is_asked_about(table: Table, on: Days) -> None:
    sent = table.sent()
    for wrong, says in ((day(-18_264), "fifty years ago"), (day(3_654), "that far ahead")):
        with pytest.raises(Refused, match=says) as no:
            table.promised(sent, wrong, **LAW)
        assert no.value.field == "due_on"
    with pytest.raises(Refused, match="Answer first"):
        table.promised(sent, day(9))


def test_whoever_sent_it_names_a_laws_promise_and_the_page_says_who_did(table: Table, on: Days) -> None:
    sent, lu = table.sent(), cast.browser(table.everybody.lu)
    table.answered(sent)
    said = {"owner": "The office", "measure": "A key for all", "budget": "none", "due_on": day(5).isoformat()}
    page = lu.post(f"{sent.get_absolute_url()}commit", said | {"source": "answer"}).content.decode()
    assert "Only the body itself promises in its answer" in page
    assert lu.post(f"{sent.get_absolute_url()}commit", said | LAW).status_code == 303
    promise = Commitment.objects.get()
    assert promise.said_by == table.everybody.peers
    assert "</bdi> says so" in Client().get(sent.get_absolute_url()).content.decode()
    (record,) = records("commitment.made")
    assert (record["actor"], record["facts"]["organisation"]) == ("organisation", table.everybody.peers.code)
    sent.refresh_from_db()
    assert (sent.is_promised, sent.done_by, sent.undone_by) == (False, day(30), day(5)), "I-03 is not theirs to move"
    told = [str(telling.event_words(one)) for one in figures.public_events(table.body, day(0), 9)]
    assert any("The peers says that it is promised by" in one for one in told)
    others = make.recognised("The others")
    with pytest.raises(Denied):
        actions.commit(make.somebody(Role.ORG_STEWARD, others).actor, sent, **said | LAW | {"due_on": day(5)},
                       language="en")  # fmt: skip


SAID = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.integers(-1, 2),
        st.sampled_from(["", *Verdict.values, "theirs"]),
        st.sampled_from([None, None, 10, 90]),
    ),
    max_size=5,
)


def without(part: Part) -> Part:
    """The part, without what organisations found of the whole before it was promised."""
    return replace(part, before=Found(is_no=part.before.is_no))


@settings(max_examples=60)
@given(promised_on=st.lists(st.integers(0, 9), max_size=3), said=SAID)
def test_the_database_finds_what_is_open_and_what_peers_can_check_as_the_course_does(
    table: Table, promised_on: list[int], said: list[tuple[int, int, str, int | None]]
) -> None:
    with transaction.atomic():
        sent = table.sent()
        table.answered(sent)
        by = {"said_by": table.body.organisation, "owner": "", "budget": "", "language": "en", "source": "answer"}
        promises = [
            sent.commitments.create(said_on=day(n), due_on=day(n + 30), measure="It", **by) for n in promised_on
        ]
        words = {"words": "Done", "language": "en"}
        # As deeds come: the whole first, for where there are promises each is said by itself.
        for on, which, verdict, percent in sorted(said, key=lambda one: (0 <= one[1] < len(promises), one[0])):
            about = promises[which] if 0 <= which < len(promises) else None
            made = sent.deliveries.create(commitment=about, said_on=day(on), **words)
            if verdict:
                own = {"verdict": verdict, "is_independent": True}
                own = {"verdict": "confirmed", "is_independent": False} if verdict == "theirs" else own
                made.verifications.create(organisation=table.everybody.peers, said_on=day(on), language="en", **own)
            if percent:
                made.tallies.create(people=10, percent=percent, counted_on=day(on))
        settling.settle(sent)
        whole = queries.public_whole().get(pk=sent.pk)
        parts = whole.course().parts()
        to_check = set(queries.public_last_deliveries().filter(recommendation=sent))
        found = {one.code for one in queries.public_open_promises().filter(recommendation=sent)}
        assert to_check == set(whole.to_check())
        no = State.DISPUTED
        is_open = {one.code for one in parts if not one.deliveries or without(one).verdict is no}
        assert found == is_open - {""}
        transaction.set_rollback(True)


@pytest.mark.usefixtures("own_database")
def test_an_older_database_is_weighed_anew_and_its_log_still_agrees(home: Path, settings: Any) -> None:
    settings.WITHUS_TODAY = MONDAY
    make.instance()
    peers = make.recognised()
    body = processes.open_body(SYSTEM, peers, name="The clinic", decides="Doses", language="en")
    to, said = queries.public_addressee(body), {"organisation": peers, "language": "en"}
    told = {"words": "The room is open every night now.", "language": "en"}
    promise = {"owner": "The office", "measure": "A key for all", "budget": "none", "language": "en"}

    def accepted(text: str) -> Recommendation:
        sent = actions.recommend(SYSTEM, to, **WORDS | {"text": text}, **said)
        actions.acknowledge(SYSTEM, sent)
        actions.respond(SYSTEM, sent, outcome="accepted", reason="There is money for it from spring.", language="en")
        return sent

    paid, later = accepted("Open the room at night."), accepted("Give everybody a key.")
    actions.deliver(SYSTEM, paid, **told)
    old_check(paid.deliveries.get(), peers, "we were 2, nobody got a cent", was_paid=True)
    actions.deliver(SYSTEM, later, **told)
    settings.WITHUS_TODAY = MONDAY + datetime.timedelta(days=1)
    actions.commit(SYSTEM, later, due_on=day(40), **promise)
    # As the earlier version kept it.
    Recommendation.objects.filter(pk=paid.pk).update(verdict="confirmed", undone_by=None)
    Recommendation.objects.filter(pk=later.pk).update(delivered_on=day(0), undone_by=None)
    call_command("migrate", "withus", "0013", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT verdict FROM withus_recommendation WHERE code = %s", [paid.code])
        assert cursor.fetchone() == ("confirmed",)
    call_command("migrate", verbosity=0)
    assert import_module("withus.running.upgrade").settle is jobs.settle, "an upgrade counts all dates anew"
    assert jobs.settle() == 2
    assert (state(paid), state(later)) == (State.UNPAID, State.PROMISED)
    later.refresh_from_db()
    assert (later.delivered_on, later.undone_by) == (None, day(40))
    # Told before the column was taken away: no earlier version has told how many signed.
    spared = ("the anchor", "the published", "recommendation.answered")
    told_wrong = [what for _, what in verify.own_log().errors if not what.startswith(spared)]
    assert told_wrong == []
