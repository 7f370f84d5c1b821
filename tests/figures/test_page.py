"""The page of a body: within seconds you know what became of what you said, and whether peers are involved."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from tests import cast
from tests.figures import rows
from tests.recommendations.conftest import MONDAY, Table
from withus.compute.answering import Outcome
from withus.compute.deadlines import Counting
from withus.compute.involvement import MISSING
from withus.compute.rates import Quarter, Rate
from withus.core import clock
from withus.deliberation.actions import release_tallies
from withus.deliberation.models import Participant, Statement, Vote
from withus.figures import charts, queries, telling
from withus.figures.times import Time
from withus.people import actions as people
from withus.people.queries import public_recognised_codes
from withus.policy.facts import SYSTEM
from withus.processes.models import Phase, PhaseKind, Process
from withus.recommendations import actions
from withus.recommendations.in_force import InForce, public_terms
from withus.recommendations.letters.models import Norm

Days = Callable[[int], None]
WITHIN_30 = "within 30 days, as this host states for bodies without terms"


def shown(reader: Client, table: Table) -> str:
    """The page of the body, as text with its marks."""
    answer = reader.get(table.body.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def asked(table: Table, people: int = 10, kind: str = PhaseKind.EVALUATION, **more: object) -> Process:
    """A process about the body that asks peers for their own view."""
    about = {"title": "How is it going?", "about": "All.", "opened_on": MONDAY, "body": table.body}
    made = Process.objects.create(**about | {"organisation": table.everybody.peers} | more)  # type: ignore[arg-type]
    days = {"opens_on": MONDAY, "closes_on": MONDAY + datetime.timedelta(days=9), "planned_on": MONDAY}
    words = {"can_change": "All", "cannot_change": "None", "level": 3, "takes_votes": True}
    Phase.objects.create(process=made, kind=kind, **words, **days)  # type: ignore[arg-type]
    said = {"number": 1, "text": "The nights are better now.", "proposed_on": MONDAY, "state": "accepted"}
    voted(Statement.objects.create(process=made, **said), people)
    return made


def voted(statement: Statement, people: int) -> None:
    """So many vote on it, and what may be published is."""
    made = [Participant.objects.create(process=statement.process) for _ in range(people)]
    Vote.objects.bulk_create(
        Vote(participant=one, statement=statement, value=number % 2) for number, one in enumerate(made)
    )
    release_tallies(statement.process)


def test_story_1_the_day_after_the_deadline_the_page_turns_and_the_label_says_what_is_missing(
    table: Table, on: Days, reader: Client
) -> None:
    sent = table.sent()
    actions.acknowledge(table.odile.actor, sent)
    on(30)
    before = shown(reader, table)
    assert "silent for" not in before
    assert "Something is past due" not in before
    on(31)
    page = shown(reader, table)
    assert "silent for 1 day" in page
    assert "The longest silence: 1 day." in page
    assert "Something is past due" in page
    assert "0 of 1 (0\xa0%)" in page
    table.answered(sent, "rejected", reason="The law does not let us open the room at night.")
    after = shown(reader, table)
    assert "silent for" not in after
    assert "Something is past due" not in after
    assert "Nobody waits for an answer of this body now." in after


def test_the_parts_stand_in_the_order_in_which_a_tired_person_reads(table: Table, reader: Client) -> None:
    table.sent()
    page = shown(reader, table)
    order = ["What it decides", "Does it involve peers?", "You said", "They answered", "We checked"]
    order += ["Were you answered in time?", "Who still waits?", ">Processes</h2>", ">Services</h2>"]
    places = [page.index(words) for words in [*order, "Take it away"]]
    assert places == sorted(places)


def test_counts_link_to_their_lists(table: Table, reader: Client) -> None:
    table.sent()
    page = shown(reader, table)
    for state in ("sent", "answered", "checked"):
        (address,) = re.findall(rf'href="(/recommendations/\?body=\w+&amp;state={state})"', page)
        assert reader.get(address.replace("&amp;", "&")).status_code == 200


def test_a_list_of_an_unknown_kind_is_all_of_them_and_says_so(table: Table, reader: Client) -> None:
    rows.save(table.everybody.peers, table.body, [rows.course(0, ())])
    for wanted, chosen in (("sent", "Sent"), ("nonsense", "All"), ("", "All")):
        page = reader.get(f"/recommendations/?state={wanted}").content.decode()
        assert f'aria-current="page">{chosen}</a>' in page
        assert "Open the room at night.</a>" in page


def test_the_five_longest_silences_come_first_and_the_rest_is_a_link_away(table: Table, reader: Client) -> None:
    rows.save(table.everybody.peers, table.body, [rows.course(number, ()) for number in range(7)])
    page = shown(reader, table)
    silences = [int(days) for days in re.findall(r"silent for (\d+) day", page)]
    assert len(silences) == 5
    assert silences == sorted(silences, reverse=True)
    assert "state=overdue" in page


def test_beside_each_rate_stand_its_deadline_and_who_says_so(table: Table, reader: Client) -> None:
    rows.save(table.everybody.peers, table.body, [rows.course(0, ())])
    page = shown(reader, table)
    assert f"Deadline: {WITHIN_30}." in page
    assert page.count("Deadline:") == 6
    assert page.count("How we count this") == 8, "and beside the label and the seats"


def test_what_holds_today_is_told_with_its_source_its_days_and_the_time_that_can_be_added() -> None:
    def said(reply: int, question: int, more: int = 0, **source: Any) -> str:
        return telling.deadline([Time.today(InForce(10, reply, question, more, **source))])

    more = "(up to 30 days more with a public reason)"
    assert said(21, 20, 30, terms_version=2) == f"within 20 to 21 days {more}, as its terms of reference say"
    law = Norm(version=1, words="Health Act 7.")
    assert said(1, 1, 1, norm=law) == (
        "within 1 day (up to 1 day more with a public reason), as the law says: \u2068Health Act 7\u2069"
    )
    taken_away = Norm(version=1, words="")
    assert said(5, 5, norm=taken_away) == "within 5 days, as a law says whose words were taken away here"
    assert said(9, 3, counting=Counting.WORKING) == (
        "within 3 to 9 working days, as this host states for bodies without terms"
    )


def test_charts_have_their_table_beside_them_and_nothing_to_see_is_a_sentence(table: Table, reader: Client) -> None:
    page = shown(reader, table)
    assert page.count("nothing was due yet.") == 5
    assert "<svg class" not in page
    rows.save(table.everybody.peers, table.body, [rows.course(280, [(5, Outcome.REJECTED)])])
    page = shown(reader, table)
    assert page.count('<svg class="chart"') == 1
    assert "Q4 2026" in page
    assert page.count("<table") == 1
    assert "style=" not in page


def test_in_arabic_the_newest_quarter_stands_at_the_left(table: Table, reader: Client) -> None:
    shares = [("old", "2025", Rate(0, 1)), ("new", "2026", Rate(1, 1))]
    with override("en"):
        ahead = charts.Chart.of("x", shares).columns
    with override("ar"):
        back = charts.Chart.of("x", shares).columns
    assert [one.name for one in sorted(ahead, key=lambda one: one.middle)] == ["old", "new"]
    assert [one.name for one in sorted(back, key=lambda one: one.middle)] == ["new", "old"]
    rows.save(table.everybody.peers, table.body, [rows.course(280, ())])
    assert 'dir="rtl"' in reader.get(table.body.get_absolute_url(), HTTP_ACCEPT_LANGUAGE="ar").content.decode()


def test_a_column_is_filled_as_far_as_its_share() -> None:
    (half, none) = charts.Chart.of("x", [("a", "2026", Rate(1, 2)), ("b", "2026", Rate(0, 0))]).columns
    assert (half.filled * 2, half.top + half.filled) == (charts.FLOOR - charts.TOP, charts.FLOOR)
    assert (none.words, none.is_empty) == ("–", True)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (Rate(7, 12), "7 of 12 (58\xa0%)"),
        (Rate(999, 1000), "999 of 1\u202f000 (99\xa0%)"),
        (Rate(1, 1000), "1 of 1\u202f000 (1\xa0%)"),
        (Rate(0, 3), "0 of 3 (0\xa0%)"),
        (Rate(3, 3), "3 of 3 (100\xa0%)"),
        (Rate(0, 0), "nothing to count"),
    ],
)
def test_a_rate_is_said_with_its_n_and_never_rounded_to_all_or_none(rate: Rate, words: str) -> None:
    assert telling.told(rate) == words


def test_every_missing_thing_has_its_sentence() -> None:
    assert tuple(telling.MISSING) == MISSING
    assert tuple(telling.RESTS_ON) == MISSING


def test_a_body_that_was_never_asked_anything_says_what_it_has_not_shown(table: Table, reader: Client) -> None:
    page = shown(reader, table)
    assert "Not shown to involve peers" in page
    assert "Peers were not asked for their own view" in page
    assert "Something is past due" not in page


def test_peers_own_view_counts_for_a_year_and_only_where_a_recognised_organisation_reads(
    table: Table, on: Days
) -> None:
    def was_asked() -> bool:
        return queries.public_asked_own_view(table.body, clock.today(), public_recognised_codes())

    assert not was_asked()
    made = asked(table)
    assert was_asked()
    on(374)
    assert was_asked()
    on(375)
    assert not was_asked()
    on(0)
    Phase.objects.update(takes_votes=False)
    assert not was_asked()
    Phase.objects.update(takes_votes=True, kind=PhaseKind.DELIVERY)
    assert not was_asked()
    Phase.objects.update(kind=PhaseKind.MONITORING)
    Process.objects.filter(pk=made.pk).update(organisation=table.everybody.ministry)
    assert not was_asked()
    Process.objects.filter(pk=made.pk).update(beside=table.everybody.peers, agreed_on=MONDAY)
    assert was_asked()
    people.establish(SYSTEM, table.everybody.peers, speaks_for="Us", chosen_how="By vote", members_asked="Weekly",
                     reports_back="On paper", language="en")  # fmt: skip
    assert not was_asked(), "its newest mandate waits for a countersignature"


def test_a_phase_in_which_nobody_took_part_asked_nobody(table: Table, on: Days) -> None:
    def was_asked() -> bool:
        return queries.public_asked_own_view(table.body, clock.today(), public_recognised_codes())

    made = asked(table, people=9)
    assert not was_asked(), "nine are never published, so nothing may rest on them"
    (statement,) = made.statements.all()
    voted(statement, 1)
    assert was_asked()
    for wrong in ({"state": "withdrawn"}, {"state": "pending"}, {"proposed_on": MONDAY + datetime.timedelta(days=10)}):
        right = {name: getattr(statement, name) for name in wrong}
        Statement.objects.update(**wrong)
        assert not was_asked(), wrong
        Statement.objects.update(**right)
    assert was_asked()


def test_votes_of_an_earlier_phase_are_no_view_of_how_it_goes(table: Table, on: Days) -> None:
    made = asked(table, kind=PhaseKind.DESIGN)
    on(10)
    days = {"opens_on": clock.today(), "closes_on": clock.today(), "planned_on": clock.today()}
    words = {"can_change": "All", "cannot_change": "None", "level": 3, "takes_votes": True}
    Phase.objects.create(process=made, kind=PhaseKind.EVALUATION, **words, **days)  # type: ignore[arg-type]
    assert not queries.public_asked_own_view(table.body, clock.today(), public_recognised_codes())
    voted(made.statements.get(), 10)
    assert queries.public_asked_own_view(table.body, clock.today(), public_recognised_codes())


def test_what_nobody_has_said_to_have_arrived_is_past_due_until_a_word_comes(table: Table, on: Days) -> None:
    silent, asked_back, answered = table.sent(), table.sent(), table.sent()
    on(10)
    assert "overdue" not in queries.public_record(table.body).label.missing
    on(11)
    assert queries.public_record(table.body).facts.unheard == 3
    actions.clarify(table.odile.actor, asked_back, question="Which of the rooms do you mean?", language="en")
    table.answered(answered, "rejected")
    assert queries.public_record(table.body).facts.unheard == 1
    assert queries.public_record(table.body).label.missing[-2:] == ("overdue", "view")
    actions.acknowledge(table.odile.actor, silent)
    assert "overdue" not in queries.public_record(table.body).label.missing


def test_the_quarter_is_the_one_of_the_bodys_time_zone(table: Table) -> None:
    table.body.time_zone = "Pacific/Kiritimati"
    assert queries.public_record(table.body).quarters[0] == Quarter.of(clock.today("Pacific/Kiritimati"))


def test_those_who_run_it_find_their_deeds_and_others_do_not(table: Table) -> None:
    theirs = cast.browser(table.everybody.mina).get(table.body.get_absolute_url()).content.decode()
    assert "For those who run this organisation" in theirs
    assert "Open a process" in theirs
    for one in (table.everybody.ana, None):
        assert "For those who run" not in shown(cast.browser(one), table)


def test_the_list_of_bodies_is_there_and_a_wrong_code_is_not(table: Table, reader: Client) -> None:
    assert "The ministry" in reader.get("/bodies/").content.decode()
    for below in ("", "feed.rss", "deadlines.ics", "data.csv", "data.json", "poster"):
        assert reader.get(f"/bodies/NOBODY/{below}").status_code == 404


def test_what_is_not_done_by_its_day_is_past_due_until_peers_say_so_too(table: Table, on: Days) -> None:
    sent = table.sent()
    table.answered(sent)
    on(30)
    assert queries.public_record(table.body).facts.promises_overdue == 0
    on(31)
    assert queries.public_record(table.body).facts.promises_overdue == 1
    actions.deliver(table.odile.actor, sent, words="The room is open every night now.", language="en")
    record = queries.public_record(table.body)
    assert record.facts.promises_overdue == 1, "one key is not enough once it is late"
    assert record.counts.verified[Quarter(2026, 4)] == Rate(0, 1)
    assert public_terms(table.body).terms_version is None


def test_the_poster_says_it_large_with_the_way_to_the_page(table: Table, on: Days, reader: Client) -> None:
    table.sent()
    on(40)
    answer = reader.get(f"{table.body.get_absolute_url()}poster")
    page = answer.content.decode()
    order = ["You said", "They answered", "We checked", "No answer", "silent for 10 days", "Does it involve peers?"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert f"http://testserver{table.body.get_absolute_url()}" in page
    assert "data:image/svg+xml" in page
