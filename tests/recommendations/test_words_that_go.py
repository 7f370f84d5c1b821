"""Whatever is written in free words about a recommendation can go: it stands in no entry, and no row keeps a copy."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.test import Client

from tests.people.test_cards import text
from tests.recommendations.conftest import WORDS, Table, old_check
from tests.recommendations.test_laws import cite
from tests.recommendations.test_terms import read
from tests.texts.two_keys import taken_away, words_of
from withus.compute.answering import State
from withus.figures import queries as figures
from withus.processes.models import Body
from withus.public_log import append, verify
from withus.public_log.models import LogEntry
from withus.recommendations import actions
from withus.recommendations.models import Recommendation

CANARY = "Zaphira Quellmond at the bakery in Mill Lane"
Days = Callable[[int], None]


def everywhere(name: str = "Quellmond") -> set[str]:
    """The tables in which the name stands, by their models."""
    found = set()
    for model in apps.get_app_config("withus").get_models():
        rows = (
            [bytes(one) if isinstance(one, memoryview) else one for one in row] for row in model.objects.values_list()
        )
        found |= {model.__name__ for row in rows if name in str(row)}
    return found


def gone(table: Table, of: Recommendation, *taken: tuple[str, str, str]) -> str:
    """The page of it, after both keys took these words (type, subject, fact) away that stood in no entry before."""
    append.append_pending()
    assert not [one for one in LogEntry.objects.all() if b"Quellmond" in bytes(one.body)]
    page = Client().get(of.get_absolute_url()).content.decode()
    assert ("Quellmond" in page, "Taken away on" in page) == (True, False)
    assert everywhere()
    for type, subject, fact in taken:
        taken_away(words_of(type, subject, fact), table.everybody.peers)
    assert everywhere() == set()
    assert verify.own_log().errors == []
    page = Client().get(of.get_absolute_url()).content.decode()
    assert ("Quellmond" in page, "Taken away on" in page) == (False, True)
    return page


def test_papers_go_together_and_what_is_here_stays_named(table: Table) -> None:
    sent = table.sent(evidence=f"Our photo log, week 30\n{CANARY}, her diary")
    page = gone(table, sent, ("recommendation.sent", sent.code, "papers"))
    assert "What it rests on" in page
    assert "Quellmond" not in Client().get(f"{sent.get_absolute_url()}letter").content.decode()


def test_a_law_goes_from_every_recommendation_at_once_and_the_clock_stays(table: Table, clinic: Body) -> None:
    norm = cite(table, clinic, words=f"Act on petitions, article 7, says {CANARY}.")
    sent, other = table.sent(clinic), table.sent(clinic)
    before = (sent.course().clock, sent.norm_version)
    gone(table, sent, ("norm.cited", clinic.code, "words"))
    for place in (other.get_absolute_url(), f"{sent.get_absolute_url()}letter", clinic.get_absolute_url()):
        page = text(Client().get(place))
        assert ("Taken away on" in page, "This host states" in page) == (True, False)
    assert (read(sent).course().clock, read(sent).norm_version) == before == (sent.course().clock, norm.version)


def test_to_whom_something_was_passed_on_goes_and_that_it_was_stays(table: Table) -> None:
    sent = table.sent()
    made = table.answered(sent, "transferred", transferred_to=CANARY)
    actions.correct(table.odile.actor, made, reason="We never were the ones who decide about this.", language="en")
    page = gone(table, sent, ("recommendation.answered", sent.code, "transferred_to"))
    assert "Passed on" in page
    assert read(sent).standing().state(sent.today()) is State.TRANSFERRED


def checked(table: Table, pay: str, *, was_paid: bool = True) -> Recommendation:
    """A recommendation that is done, and confirmed by peers who said then, in free words, that they were paid so."""
    sent = table.sent()
    table.answered(sent)
    actions.deliver(table.odile.actor, sent, words="The room is open every night now.", language="en")
    old_check(sent.deliveries.get(), table.everybody.peers, pay, was_paid=was_paid)
    return sent


@pytest.mark.parametrize("was_paid", [True, False])
def test_what_an_old_check_said_of_its_pay_goes_and_what_it_found_stays(table: Table, was_paid: bool) -> None:
    sent = checked(table, f"15 an hour, from {CANARY}", was_paid=was_paid)
    page = gone(table, sent, ("delivery.verified", sent.code, "pay"))
    assert read(sent).standing().state(sent.today()) is State.UNPAID
    assert "Checked by nobody who was paid" in page
    counts = figures.public_counts(table.body, sent.today())
    assert counts.checked == 1


def test_how_a_letter_came_and_who_promised_go_too(table: Table, clinic: Body, on: Days) -> None:
    letter = table.sent(clinic)
    said = {"how": "witness", "words": f"It was taken by {CANARY}.", "served_on": letter.today()}
    actions.serve(table.everybody.lu.actor, letter, **said)
    gone(table, letter, ("recommendation.served", letter.code, "words"))
    sent = table.sent()
    table.answered(sent)
    promise = {name: f"{name}: {CANARY}" for name in ("owner", "measure", "budget", "source_words")}
    actions.commit(table.odile.actor, sent, due_on=sent.today(), language="en", **promise)
    page = gone(table, sent, *(("commitment.made", sent.code, fact) for fact in promise))
    assert page.count("Taken away on") == 4


def test_no_free_words_of_any_kind_stand_in_an_entry(table: Table, clinic: Body, on: Days) -> None:
    cite(table, clinic, words=f"An act about {CANARY}, article 7.")
    table.sent(clinic, evidence=CANARY)
    sent = table.sent(text=f"{WORDS['text']} {CANARY}", asked_change=f"{WORDS['asked_change']} {CANARY}")
    actions.clarify(table.odile.actor, sent, question=f"Do you mean {CANARY}?", language="en")
    actions.extend(table.odile.actor, sent, until=sent.due_on, reason=f"Because of {CANARY}.", language="en")
    actions.explain(table.everybody.lu.actor, sent, answer=f"We do mean {CANARY}.", language="en")
    made = table.answered(sent, "transferred", transferred_to=CANARY, reason=f"It is up to {CANARY}.")
    actions.correct(table.odile.actor, made, reason=f"Better said, to {CANARY}.", language="en")
    actions.dissent(table.everybody.lu.actor, sent, words=f"It is not up to {CANARY}.", language="en")
    checked(table, f"20 from {CANARY}")
    append.append_pending()
    assert not [one for one in LogEntry.objects.all() if b"Quellmond" in bytes(one.body)]
    assert verify.own_log().errors == []
