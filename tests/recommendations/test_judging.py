"""The third key: those who spoke say whether what a body calls done is so, and nobody sees who said what."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client

from tests import cast, make
from tests.recommendations.conftest import MONDAY, Table, records
from tests.recommendations.test_clock import day, state
from withus.compute.answering import State
from withus.core import codes, receipts
from withus.core.errors import Denied, Refused
from withus.deliberation import actions as deliberation
from withus.deliberation.models import Participant
from withus.deliberation.queries import public_votable
from withus.deliberation.ties import tie_of
from withus.people import actions as people
from withus.policy.facts import SYSTEM, VISITOR, Role
from withus.processes import actions as processes
from withus.processes.models import Process
from withus.public_log import verify
from withus.recommendations import evidence, jobs, queries
from withus.recommendations.evidence import Rest
from withus.recommendations.judging import actions
from withus.recommendations.judging.marks import mark_of
from withus.recommendations.judging.models import Judgement, LastCount, Tally, TookPart
from withus.recommendations.judging.queries import Judgeable, judging, public_asks, public_by_receipt
from withus.recommendations.models import Delivery, EvidenceKind, Recommendation
from withus.recommendations.queries import public_whole
from withus.voices.findings import chains
from withus.voices.findings.models import Finding, Source

Days = Callable[[int], None]
YES, NO = "true", "not_true"


@dataclass
class Third:
    """What the ministry calls done since day 5: it rests on a finding of day 0, and on a conversation with Ana."""

    table: Table
    process: Process
    sent: Recommendation
    finding: Finding
    delivery: Delivery

    @property
    def address(self) -> str:
        """Where sources judge it."""
        return f"/voices/judge/{self.delivery.code}"

    @property
    def place(self) -> str:
        """Where participants do."""
        return f"{self.sent.get_absolute_url()}judge"

    def source(self, added: int = 0) -> Client:
        """Somebody who came back with the receipt of words that have ended; a finding counts her since that day."""
        receipt = receipts.new()
        Source.objects.create(finding=self.finding, locator=receipts.open_with(receipt).locator, added_on=day(added))
        return visitor(receipt)

    def takes_part(self, who: make.Somebody) -> None:
        """She votes."""
        about = public_votable(self.process.code, self.process.statements.get().code)
        assert about
        deliberation.vote(who.actor, about, value=1, tie=tie_of(who.key, self.process.code))

    def say(self, yes: int, no: int) -> list[Judgeable]:
        """So many who spoke say that it is true, and so many that it is not."""
        return [said(self.delivery, verdict) for verdict in [YES] * yes + [NO] * no]

    def page(self) -> str:
        """The recommendation, for everybody."""
        return Client().get(self.sent.get_absolute_url()).content.decode()


def said(delivery: Delivery, verdict: str) -> Judgeable:
    """One more, whoever it is."""
    made = Judgeable(delivery, mark_of(codes.key(), delivery.code), True)
    actions.judge_delivery(VISITOR, made, verdict=verdict)
    return made


def visitor(receipt: str) -> Client:
    """Whoever types this receipt."""
    client = Client()
    assert client.post("/voices/return", {"receipt": receipt}).status_code == 303
    return client


@pytest.fixture
def third(table: Table, on: Days) -> Third:
    peers, one = table.everybody.peers, datetime.timedelta(days=1)
    words = {"title": "Nights", "about": "When is it open?", "language": "en"}
    process = processes.open_process(SYSTEM, peers, **words)
    promise = {"kind": "need", "level": 3, "can_change": "All.", "cannot_change": "None.", "language": "en"}
    about: dict[str, Any] = {"takes_statements": True, "takes_votes": True, "closes_on": MONDAY + 200 * one}
    processes.plan(SYSTEM, process, opens_on=MONDAY, **promise, **about)
    deliberation.seed(SYSTEM, process, text="The room is closed too early.", language="en")
    found = {"kind": "problem", "text": "It is shut at night.", "topic": "Hours", "language": "en"}
    finding = Finding.objects.create(organisation=peers, found_on=MONDAY, **found)
    rests = [Rest(EvidenceKind.RESULTS, process.code), Rest(EvidenceKind.FINDING, finding.code)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence, "read", lambda typed: (rests, ""))
        sent = table.sent()
    made = Third(table, process, sent, finding, Delivery())
    made.takes_part(table.everybody.ana)
    table.answered(sent)
    on(5)
    made.delivery = table.done(sent)
    return made


def test_a_source_says_it_once_changes_it_and_takes_it_back(third: Third) -> None:
    source = third.source()
    assert "It is true" in source.get(third.address).content.decode()
    for verdict in (NO, NO, YES):
        assert source.post(third.address, {"verdict": verdict}).status_code == 303
        assert Judgement.objects.get().verdict == verdict
    page = source.get(third.address).content.decode()
    assert "You have said something" in page
    assert 'action="/voices/end"' in page, "it can be closed for whoever comes next"
    assert "You said: it is true" not in page, "hidden until she asks"
    assert "You said: it is true" in source.post(third.address, {"show": "yes"}).content.decode()
    assert source.post(third.address, {"verdict": "taken_back"}).status_code == 303
    assert not Judgement.objects.exists()
    assert source.post(third.address, {"verdict": "taken_back"}).status_code == 303, "sent twice, done once"


def test_a_participant_says_it_once_and_only_of_what_she_sees_there(third: Third) -> None:
    ana = cast.browser(third.table.everybody.ana)
    page = ana.get(third.place).content.decode()
    assert third.delivery.words in page
    sent = {"delivery": third.delivery.code, "verdict": NO}
    assert [ana.post(third.place, sent).status_code for _ in range(2)] == [303, 303]
    assert Judgement.objects.get().verdict == NO
    shown = ana.post(third.place, {"show": "yes"}).content.decode()
    assert "You said: it is not true" in shown
    assert ana.post(third.place, sent | {"delivery": "OTHER"}).status_code == 404
    assert ana.post(third.place, sent | {"verdict": "taken_back"}).status_code == 303
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("verdict", ["", "maybe", "<script>", "true\x00", "9" * 9000])
def test_what_is_no_answer_is_asked_again(third: Third, verdict: str) -> None:
    ana = cast.browser(third.table.everybody.ana)
    for client, place in ((ana, third.place), (third.source(), third.address)):
        answer = client.post(place, {"delivery": third.delivery.code, "verdict": verdict})
        assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (200, True)
    with pytest.raises(Refused):
        said(third.delivery, verdict)
    assert not Judgement.objects.exists()


def test_who_did_not_speak_or_came_late_or_answers_for_the_body_cannot(third: Third, on: Days) -> None:
    everybody = third.table.everybody
    third.takes_part(everybody.bo)  # once it was said to be done
    for who in (everybody.bo, everybody.cem, everybody.lu, everybody.mina, everybody.hedy):
        answer = cast.browser(who).post(third.place, {"delivery": third.delivery.code, "verdict": YES})
        assert (answer.status_code, b"data-reason" in answer.content) == (403, True)
    assert Client().get(third.place).status_code == 403
    assert third.source(added=5).post(third.address, {"verdict": YES}).status_code == 403
    assert visitor(receipts.new()).post(third.address, {"verdict": YES}).status_code == 404
    assert third.source().post("/voices/judge/NOTHING", {"verdict": YES}).status_code == 404
    other = third.table.sent()
    third.table.answered(other)
    foreign = third.table.done(other)
    assert third.source().post(f"/voices/judge/{foreign.code}", {"verdict": YES}).status_code == 404
    ana = {"delivery": foreign.code, "verdict": YES}
    assert cast.browser(everybody.ana).post(third.place, ana).status_code == 404
    assert Client().post(third.address, {"verdict": YES})["Location"] == "/voices/return"
    own = Judgeable(third.delivery, "mark", True)
    with pytest.raises(Denied, match="so this is for others to say"):
        actions.judge_delivery(third.table.odile.actor, own, verdict=YES)
    assert not Judgement.objects.exists()


def test_who_took_every_vote_back_took_no_part(third: Third) -> None:
    ana = third.table.everybody.ana
    assert judging(ana.actor, whole(third.sent), ana.key).may_judge
    about = public_votable(third.process.code, third.process.statements.get().code)
    assert about
    deliberation.take_back(ana.actor, about, tie=tie_of(ana.key, third.process.code))
    assert not judging(ana.actor, whole(third.sent), ana.key).may_judge


def whole(of: Recommendation) -> Recommendation:
    return queries.public_whole().get(pk=of.pk)


def errors() -> list[str]:
    """What the log finds wrong; the finding here is a row alone, which no record made."""
    return [what for _, what in verify.own_log().errors if not what.startswith("finding.published")]


def test_of_nine_nothing_is_anywhere_and_of_ten_it_is_everywhere(third: Third, on: Days) -> None:
    body = third.table.body.get_absolute_url()
    third.say(2, 7)
    assert jobs.count_judgements() == 0
    assert "Those who spoke" not in third.page()
    assert Client().get(f"{body}data.json").json()["judgements"] == []
    assert records("delivery.judged") == []
    third.say(0, 1)
    assert jobs.count_judgements() == 1
    page = third.page()
    assert "They say that it is not true" in page
    assert re.search(r"Of about\s+10,\s+20\s*%\s+say that it is true", page), page
    (told,) = Client().get(f"{body}data.json").json()["judgements"]
    about = {"delivery": third.delivery.code, "people": 10, "percent": 20, "says": "no"}
    assert told == about | {"low": 5, "high": 40, "counted_on": day(5).isoformat()}
    (record,) = records("delivery.judged")
    assert (record["actor"], record["facts"]["people"], record["facts"]["percent"]) == ("system", 10, 20)
    assert b"Those who spoke say that it is not true" in Client().get(f"{body}feed.rss").content
    assert not errors()


def test_a_snapshot_stays_until_ten_say_something_new_and_a_week_has_passed(third: Third, on: Days) -> None:
    first = third.say(6, 4)
    assert jobs.count_judgements() == 1
    for one in first[:6]:
        actions.judge_delivery(VISITOR, one, verdict=NO)
    third.say(0, 3)
    on(12)
    assert jobs.count_judgements() == 0, "nine have said something new"
    said(third.delivery, NO)
    on(11)
    assert jobs.count_judgements() == 0, "a week has not passed"
    on(12)
    assert [jobs.count_judgements(), jobs.count_judgements()] == [1, 0]
    assert [one.percent for one in Tally.objects.order_by("id")] == [60, 5]
    with pytest.raises(Refused, match="Too few"):
        actions.count_judgements(SYSTEM, third.delivery)


def checked(third: Third, verdict: str = "confirmed") -> None:
    third.table.paid(third.table.checked(third.sent, verdict, payer=third.table.fund, minutes=30))


def test_their_no_disputes_what_an_organisation_confirmed_and_their_yes_ends_that(third: Third, on: Days) -> None:
    checked(third)
    assert state(third.sent) is State.CONFIRMED
    speaking = third.say(1, 11)
    jobs.count_judgements()
    assert state(third.sent) is State.DISPUTED
    page = third.page()
    assert "an organisation says it is done, those who spoke say no" in page
    third.sent.refresh_from_db()
    assert (third.sent.is_denied, Delivery.objects.get().is_denied) == (True, True)
    body = third.table.body.get_absolute_url()
    for below, words in (("data.csv", b",disputed,"), ("data.json", b'"state": "disputed"'), ("poster", b"We say no")):
        assert words in Client().get(f"{body}{below}").content
    on(40)
    assert b"Something is past due" in Client().get(body).content
    for one in speaking:
        actions.judge_delivery(VISITOR, one, verdict=YES)
    assert jobs.count_judgements() == 1
    assert state(third.sent) is State.CONFIRMED
    assert not Delivery.objects.get().is_denied
    assert not errors()


def test_a_captured_organisation_alone_cannot_confirm_against_them(third: Third, on: Days) -> None:
    third.say(0, 10)
    jobs.count_judgements()
    assert state(third.sent) is State.DELIVERED, "they alone turn no second key"
    checked(third)
    assert state(third.sent) is State.DISPUTED
    on(6)
    third.table.done(third.sent, words="Now it is really open, every night.")
    checked(third)
    assert state(third.sent) is State.DISPUTED
    assert not errors()


def test_an_organisations_no_stays_beside_their_yes(third: Third) -> None:
    checked(third, "disputed")
    third.say(12, 0)
    jobs.count_judgements()
    assert state(third.sent) is State.DISPUTED
    page = third.page()
    assert "They say that it is true" in page
    assert "the body says it is done, peers say no" in page


def test_nothing_leads_from_what_is_stored_to_a_receipt_or_an_account(third: Third, on: Days) -> None:
    receipt, ana = receipts.new(), third.table.everybody.ana
    found = receipts.open_with(receipt)
    Source.objects.create(finding=third.finding, locator=found.locator, added_on=MONDAY)
    visitor(receipt).post(third.address, {"verdict": NO})
    cast.browser(ana).post(third.place, {"delivery": third.delivery.code, "verdict": NO})
    marks = set(Judgement.objects.values_list("mark", flat=True))
    assert marks == {mark_of(found.own, third.delivery.code), mark_of(ana.key, third.delivery.code)}
    assert {one.name for one in Judgement._meta.concrete_fields} == {"id", "delivery", "mark", "verdict"}
    secrets = {found.own.hex(), ana.key.hex(), receipt}
    for model in apps.get_app_config("withus").get_models():
        if model is Judgement:
            continue
        for row in model._default_manager.values_list():
            held = {value.hex() if isinstance(value, bytes) else str(value) for value in row}
            assert not [one for one in marks | secrets for value in held if one in value], model.__name__
    tie = Participant.objects.get().tie
    assert tie not in marks
    checked(third, "disputed")
    on(6)
    third.delivery = third.table.done(third.sent, words="Now it is really open, every night.")
    visitor(receipt).post(third.address, {"verdict": NO})
    cast.browser(ana).post(third.place, {"delivery": third.delivery.code, "verdict": NO})
    assert len(set(Judgement.objects.values_list("mark", flat=True))) == 4, "no two marks of one person are the same"


def test_the_order_of_rows_tells_nothing(third: Third) -> None:
    third.say(6, 6)
    rows = list(Judgement.objects.order_by("id").values_list("mark", "verdict"))
    before = list(Judgement.objects.values_list("pk", flat=True))
    assert before != sorted(range(len(before))), "the numbers of the rows are drawn"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM withus_judgement")
    Judgement.objects.bulk_create(Judgement(delivery=third.delivery, mark=m, verdict=v) for m, v in reversed(rows))
    jobs.count_judgements()
    assert (Tally.objects.get().people, Tally.objects.get().percent) == (10, 50)


def test_whoever_comes_back_is_asked_about_what_was_said_done_after_her(third: Third, monkeypatch: Any) -> None:
    def rests(findings: Any) -> Any:
        asks = public_asks(public_whole().get(pk=third.sent.pk))
        link = chains.Link(third.sent.code, third.sent.text, "en", "/x", "It", MONDAY, "said", "wait", None, asks=asks)
        return [(code, link) for code in findings]

    monkeypatch.setattr(chains, "_LOOKUPS", [rests])
    early, late = third.source(), third.source(added=5)
    assert third.address in early.get("/voices/return").content.decode()
    assert third.address not in late.get("/voices/return").content.decode()


def test_who_said_what_goes_ninety_days_after_all_is_confirmed_and_the_snapshot_stays(third: Third, on: Days) -> None:
    checked(third)
    third.say(11, 0)
    jobs.count_judgements()
    source = third.source()
    on(95)
    assert jobs.end_judgements() == 0
    assert source.post("/voices/end").status_code == 303
    on(96)
    assert jobs.end_judgements() == 13
    assert not any(kind.objects.exists() for kind in (Judgement, TookPart, LastCount))
    assert "They say that it is true" in third.page()
    assert not judging(third.table.everybody.ana.actor, whole(third.sent), third.table.everybody.ana.key).may_judge
    receipt = receipts.new()
    locator = receipts.open_with(receipt).locator
    Source.objects.create(finding=third.finding, locator=locator, added_on=MONDAY)
    late = public_by_receipt(locator, codes.key(), third.delivery.code)
    assert late
    assert not late.may_judge
    assert public_asks(public_whole().get(pk=third.sent.pk)) == ()


@pytest.mark.parametrize("keeps", [False, True])
def test_whoever_leaves_takes_along_what_she_judged_or_leaves_it_as_nobodys(third: Third, keeps: bool) -> None:
    ana = third.table.everybody.ana
    cast.browser(ana).post(third.place, {"delivery": third.delivery.code, "verdict": NO})
    people.leave(ana.actor, None, key=ana.key, stays=keeps)
    assert Judgement.objects.exists() is keeps


def test_bent_flags_are_found(third: Third) -> None:
    for model in (Delivery, Recommendation):
        assert isinstance(model._meta.get_field("is_denied"), models.BooleanField)
        model.objects.filter(pk__gt=0).update(is_denied=True)
        assert any("is_denied" in one for _, one in verify.own_log().errors)
        model.objects.filter(pk__gt=0).update(is_denied=False)
    Delivery.objects.update(is_denied=True)
    assert jobs.settle() == 1
    assert not Delivery.objects.get().is_denied


def test_the_results_of_a_conversation_ask_whoever_took_part_in_time(third: Third, on: Days) -> None:
    ana, bo = third.table.everybody.ana, third.table.everybody.bo
    third.takes_part(bo)
    page = f"{third.process.get_absolute_url()}results?show=yes"
    assert third.place in cast.browser(ana).get(page).content.decode()
    for client in (cast.browser(bo), Client()):
        assert third.place not in client.get(page).content.decode()


def test_the_page_of_a_recommendation_offers_it_to_whoever_took_part(third: Third) -> None:
    ana, bo = (cast.browser(who) for who in (third.table.everybody.ana, third.table.everybody.bo))
    place = third.sent.get_absolute_url()
    assert third.place in ana.get(place).content.decode()
    assert third.place not in bo.get(place).content.decode()
    steward = make.somebody(Role.ORG_STEWARD, third.table.everybody.peers)
    assert third.place not in cast.browser(steward).get(place).content.decode()
