"""What those entered for a body who were not it: once this house has found that, it does not hold on."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client

from tests import cast, make
from tests.board.conftest import STATED
from tests.people.test_cards import text
from tests.recommendations.conftest import MONDAY
from tests.recommendations.joined import NO, WHY, Clinic, On, addressed
from withus.core.errors import Refused
from withus.figures.queries import public_events, public_promises, public_record
from withus.figures.table import public_formal_seats
from withus.policy.facts import SYSTEM, Role
from withus.processes import actions as processes
from withus.processes.board import actions as board
from withus.processes.board import desk as board_desk
from withus.processes.board.models import Terms
from withus.processes.board.queries import public_board, public_terms
from withus.processes.models import Body, BodyEnd
from withus.processes.queries import public_open_bodies
from withus.public_log import verify
from withus.recommendations import actions, desk, queries
from withus.recommendations.in_force import DEFAULT
from withus.recommendations.in_force import public_terms as public_in_force
from withus.recommendations.letters import actions as letters
from withus.recommendations.letters.queries import public_replaced
from withus.recommendations.models import Extension, Question, Recommendation

CLOSED = {"reason": "The clinic was joined with another one.", "language": "en"}


def day(number: int) -> datetime.date:
    """So many days after the Monday."""
    return MONDAY + datetime.timedelta(days=number)


def ousted(joined: Clinic) -> None:
    """The host says that they were not the body."""
    letters.attest(joined.table.everybody.hedy.actor, joined.body, holds=False, **WHY)


def adopts(joined: Clinic, who: Any = None, **more: Any) -> Terms:
    """The clerk of the moment adopts terms for the clinic from today on."""
    today = joined.letter.today()
    days = {"in_force_on": today, "review_on": today + datetime.timedelta(days=365)}
    return board.adopt(who or joined.clerk, anew(joined), terms=Terms(**(STATED | days | more)))


def anew(joined: Clinic) -> Body:
    """The body as it is now."""
    return Body.objects.select_related("organisation", "end").get(pk=joined.body.pk)


def read(of: Recommendation) -> Recommendation:
    """The recommendation as it is now, with its dates those of all that happened."""
    found = queries.public_whole().get(pk=of.pk)
    assert found.standing() == found.course().standing()
    return found


# --- Terms of reference ---


def test_terms_of_others_hold_nothing_whoever_comes_afterwards(joined: Clinic, on: On) -> None:
    on(1)
    adopts(joined, reply_days=150, question_days=100)
    seats = [board.add_seat(SYSTEM, joined.body, name=name, side="peers", language="en",
             organisation=joined.table.everybody.peers, has_vote=True) for name in ("One", "Two")]  # fmt: skip
    for seat in seats:
        board.fill(SYSTEM, seat, since=day(1), until=day(99))
    assert public_in_force(joined.body).reply_days == 150
    assert (public_formal_seats().numerator, public_record(joined.body).formal_seats.numerator) == (1, 1)
    on(2)
    ousted(joined)
    on(3)
    for _ in range(2):  # whether or not somebody of the body has come since
        assert public_terms(joined.body, day(3)) is None
        assert public_in_force(joined.body) == DEFAULT
        assert public_board(joined.body).terms is None
        assert public_formal_seats().numerator == 0
        record = public_record(joined.body)
        assert (record.terms, record.formal_seats.numerator) == (None, 0)
        assert "terms" in record.label.missing
        bearer = make.somebody(Role.DUTY_BEARER, joined.body.organisation)
    page = text(Client().get(f"{joined.body.get_absolute_url()}terms"))
    for says in ("never held", "They hold nothing.", "No terms of reference are in force"):
        assert says in page
    assert joined.by_others().reply_days == DEFAULT.reply_days
    assert board_desk.for_the_office(bearer.actor) == []
    assert verify.own_log().errors == []


def test_the_body_adopts_its_own_from_the_next_day_also_in_the_same_words(joined: Clinic, on: On) -> None:
    adopts(joined)
    ousted(joined)
    clerk = make.somebody(Role.BODY_SECRETARY, joined.body.organisation)
    with pytest.raises(Refused, match="Say it tomorrow"):
        adopts(joined, clerk.actor)
    on(1)
    form = cast.browser(clerk).get(f"{joined.body.get_absolute_url()}terms/new").content.decode()
    assert STATED["mandate"] not in form
    made = adopts(joined, clerk.actor)
    assert (made.version, public_terms(joined.body, day(1))) == (2, made)
    assert "It advises" in text(Client().get(f"{joined.body.get_absolute_url()}terms"))
    assert verify.own_log().errors == []


@pytest.mark.parametrize("theirs", [5, 150])
def test_what_was_sent_under_them_has_the_clock_that_held_without_them(joined: Clinic, on: On, theirs: int) -> None:
    joined.table.sent(joined.body)
    said = {"organisation": joined.table.everybody.peers, "words": "Act on offices, article 7: within 21 days."}
    law = {"acknowledge_days": 7, "reply_days": 21, "question_days": 14, "extension_days": 3, "language": "en"}
    letters.cite(joined.table.everybody.lu.actor, addressed(joined.body), **said, **law)
    shortest = {"acknowledge_days": 3, "question_days": 4, "extension_days": 4}
    adopts(joined, reply_days=theirs, **shortest)
    sent, asked = joined.table.sent(joined.body), joined.table.sent(joined.body, kind="question")
    on(1)
    assert (sent.reply_days, sent.terms_version) == (theirs, 1)
    assert read(sent).due_on != day(21)
    ousted(joined)
    assert (read(sent).due_on, read(asked).due_on) == (day(21), day(14))
    assert read(sent).acknowledge_by == day(7)
    page = text(Client().get(sent.get_absolute_url()))
    assert (
        "was not the body, as this house found. What held without them: 7 days to acknowledge and 21 to answer" in page
    )
    on(2)
    bearer = make.somebody(Role.DUTY_BEARER, joined.body.organisation)
    why = {"reason": "The council meets on the day after.", "language": "en"}
    with pytest.raises(Refused, match="Choose a day after"):
        actions.extend(bearer.actor, sent, until=day(25), **why)
    actions.extend(bearer.actor, sent, until=day(24), **why)
    assert read(sent).due_on == day(24)
    times = [time.most for time in public_record(joined.body).times["I-04"]]
    assert theirs not in times
    assert verify.own_log().errors == []


# --- That it was closed ---


def test_a_body_is_not_closed_by_others_and_can_close_itself_once(joined: Clinic, on: On) -> None:
    new = processes.open_body(SYSTEM, None, name="The other clinic", decides="Doses", language="en")
    processes.close_body(joined.clerk, joined.body, **CLOSED, successor=new)
    assert "This body was closed" in joined.page()
    assert [one.end.body for one in public_replaced([new.code])] == [joined.body]
    ousted(joined)
    body, address = anew(joined), joined.body.get_absolute_url()
    assert (body.closing, public_record(body).facts.is_closed) == (None, False)
    assert body in public_open_bodies()
    assert public_replaced([new.code]) == []
    assert public_formal_seats().denominator == Body.objects.count()
    assert "This body was closed" not in joined.page()
    assert "The other clinic" not in text(Client().get(joined.letter.get_absolute_url()))
    assert "was closed" not in text(cast.browser(joined.ria).get(f"/recommendations/new?body={body.code}"))
    clerk = make.somebody(Role.BODY_SECRETARY, joined.body.organisation)
    with pytest.raises(Refused, match="Say it tomorrow"):
        processes.close_body(clerk.actor, body, **CLOSED)
    on(1)
    assert f'href="{address}close"' in cast.browser(clerk).get(address).content.decode()
    again = CLOSED | {"reason": "The council has closed all clinics of the town."}
    processes.close_body(clerk.actor, body, **again)
    assert (BodyEnd.objects.get().said_on, anew(joined).closing) == (day(1), BodyEnd.objects.get())
    with pytest.raises(Refused, match="already"):
        processes.close_body(clerk.actor, body, **CLOSED)
    assert verify.own_log().errors == []
    BodyEnd.objects.all().delete()
    assert verify.own_log().errors


# --- What a law promises, questions back, more time ---


def test_a_law_that_others_named_in_its_name_binds_nobody_until_peers_name_it(joined: Clinic, on: On) -> None:
    law = {"owner": "Health office", "measure": "A nurse each night of the week.", "due_on": day(2), "budget": "100"}
    law |= {"language": "en", "source": "law", "source_words": "Health act, article 3"}
    actions.commit(joined.bearer.actor, joined.letter, **law)
    on(4)
    record = public_record(joined.body)
    assert (read(joined.letter).undone_by, record.counts.promises_overdue) == (day(2), 1)
    assert public_promises(joined.body).count() == 1
    ousted(joined)
    assert (read(joined.letter).undone_by, public_record(joined.body).counts.promises_overdue) == (None, 0)
    assert read(joined.letter).is_promised is False
    assert public_promises(joined.body).count() == 0
    kinds = [event.kind for event in public_events(joined.body, day(4), 9)]
    assert not {"promised", "broken"} & {*kinds}
    assert "not of this body, as this house found" in text(Client().get(joined.letter.get_absolute_url()))
    (told,) = json.loads(Client().get(f"{joined.body.get_absolute_url()}data.json").content)["promises"]
    assert (told["is_of_others"], told["is_open"]) == (True, False)
    bearer = make.somebody(Role.DUTY_BEARER, joined.body.organisation)
    with pytest.raises(Refused, match="Say it tomorrow"):
        actions.commit(bearer.actor, joined.letter, **law)
    actions.commit(joined.table.everybody.lu.actor, joined.letter, **law)
    assert read(joined.letter).undone_by == day(2)
    assert verify.own_log().errors == []


def test_the_clock_runs_as_if_others_had_asked_nothing_and_taken_no_time(joined: Clinic, on: On) -> None:
    sent = joined.table.sent(joined.body)
    due = read(sent).due_on
    assert due
    question = {"question": "Which of the two clinics do you mean?", "language": "en"}
    more = {
        "until": due + datetime.timedelta(days=9),
        "reason": "The council meets on the day after.",
        "language": "en",
    }
    on(1)
    actions.clarify(joined.clerk, sent, **question)
    actions.extend(joined.clerk, sent, **more)
    assert read(sent).due_on > due
    on(2)
    lu = joined.table.everybody.lu.actor
    assert "explain" in str([task.deed for task in desk.everything(lu)])
    ousted(joined)
    seen = read(sent)
    assert (seen.due_on, seen.was_heard, seen.still_until) == (due, False, None)
    assert "explain" not in str([task.deed for task in desk.everything(lu)])
    page = text(Client().get(sent.get_absolute_url()))
    assert page.count("Not of this body, as this house found. It moves no deadline.") == 2
    assert "the clock stands still" not in page
    assert not {"asked", "extended"} & {event.kind for event in public_events(joined.body, day(2), 9)}
    with pytest.raises(Refused, match="no question that waits"):
        actions.explain(lu, sent, answer="The one at the harbor, not the other.", language="en")
    bearer = make.somebody(Role.DUTY_BEARER, joined.body.organisation).actor
    for say in (lambda: actions.clarify(bearer, sent, **question), lambda: actions.extend(bearer, sent, **more)):
        with pytest.raises(Refused, match="Say it tomorrow"):
            say()
    on(3)
    actions.clarify(bearer, sent, **question)
    actions.extend(bearer, sent, **more)
    assert read(sent).due_on > due + datetime.timedelta(days=9)
    assert (Question.objects.get().asked_on, Extension.objects.get().said_on) == (day(3), day(3))
    for say in (lambda: actions.clarify(bearer, sent, **question), lambda: actions.extend(bearer, sent, **more)):
        with pytest.raises(Refused, match=r"already|once"):
            say()
    assert verify.own_log().errors == []
    Extension.objects.update(until=due + datetime.timedelta(days=20))
    assert verify.own_log().errors


def test_a_question_of_others_that_peers_have_answered_is_the_one_question(joined: Clinic, on: On) -> None:
    sent = joined.table.sent(joined.body)
    due = read(sent).due_on
    on(1)
    actions.clarify(joined.clerk, sent, question="Which of the two clinics do you mean?", language="en")
    on(4)
    answer = {"answer": "The one at the harbor, not the other.", "language": "en"}
    actions.explain(joined.table.everybody.lu.actor, sent, **answer)
    ousted(joined)
    assert read(sent).due_on == due
    on(5)
    bearer = make.somebody(Role.DUTY_BEARER, joined.body.organisation).actor
    with pytest.raises(Refused, match="One question was asked already"):
        actions.clarify(bearer, sent, question="Which of the two clinics do you mean?", language="en")
    assert verify.own_log().errors == []


def test_the_terms_questions_and_laws_of_another_body_stay(joined: Clinic, on: On) -> None:
    days, table = {"in_force_on": MONDAY, "review_on": day(300)}, joined.table
    made = board.adopt(table.everybody.mina.actor, table.body, terms=Terms(**(STATED | days | {"reply_days": 40})))
    sent = table.sent()
    actions.clarify(table.odile.actor, sent, question="Which of the two rooms do you mean?", language="en")
    ousted(joined)
    assert public_terms(table.body, MONDAY) == made
    assert read(sent).due_on > day(40)
    assert read(sent).was_heard
    actions.respond(table.odile.actor, sent, **NO)
