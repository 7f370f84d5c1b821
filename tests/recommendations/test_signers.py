"""Whether one person wrote and signed an answer, or two: everybody reads which, and nobody who."""

import csv
import io
import json

import pytest
from django.test import Client

from tests import cast, make
from tests.people.test_cards import text
from tests.recommendations.conftest import Table, mark, records
from withus.core import keys
from withus.people.models import Account, Membership
from withus.policy.facts import Role
from withus.public_log import verify
from withus.recommendations import actions, signing
from withus.recommendations.models import Draft, Recommendation, Response

ONE, TWO = "Written and signed by one person.", "Drafted by one person, countersigned by another."
YES = {"outcome": "accepted", "reason": "There is money for it from spring on.", "language": "en"}
NO = {"outcome": "rejected", "reason": "There is no money for it, not even in spring.", "language": "en"}


def gets_both_roles(table: Table) -> make.Somebody:
    """Odile, who bears the duty, is a secretary of the ministry too."""
    card = make.card(table.body.organisation, Role.BODY_SECRETARY)
    assert cast.browser(table.odile).post("/join", {"code": card, "step": "skip"}).status_code == 303
    assert Membership.objects.filter(account=table.odile.account).count() == 2
    return table.odile


def said_of(sent: Recommendation) -> list[bool]:
    """Which of both sentences the page, and the letter, say of the answer."""
    pages = {text(Client().get(f"{sent.get_absolute_url()}{below}")) for below in ("", "letter")}
    said = {(ONE in page, TWO in page) for page in pages}
    (both,) = said
    return [*both]


def goes(
    table: Table, sent: Recommendation, writer: make.Somebody, signer: make.Somebody, sender: make.Somebody
) -> None:
    """Draft, countersignature, sending: each by somebody."""
    actions.draft(writer.actor, sent, **YES)
    actions.endorse(signer.actor, sent, seen=mark(sent))
    actions.send(sender.actor, sent, seen=mark(sent))


def test_one_person_with_both_roles_is_said_to_be_one(table: Table) -> None:
    sent, odile = table.sent(), gets_both_roles(table)
    client, address = cast.browser(odile), sent.get_absolute_url()
    assert client.post(f"{address}draft", YES).status_code == 303
    assert client.post(f"{address}endorse", {"seen": mark(sent)}).status_code == 303
    assert client.post(f"{address}send", {"seen": mark(sent)}).status_code == 303
    assert said_of(sent) == [True, False]
    assert [one["facts"]["signers"] for one in records("recommendation.answered")] == [1]
    assert verify.own_log().errors == []


def test_two_people_are_said_to_be_two_whoever_sends(table: Table) -> None:
    for sender in (table.everybody.mina, table.odile):
        sent = table.sent()
        goes(table, sent, table.everybody.mina, table.odile, sender)
        assert said_of(sent) == [False, True]


def test_sending_what_one_wrote_and_signed_makes_nobody_a_second_signer(table: Table) -> None:
    sent = table.sent()
    goes(table, sent, table.odile, table.odile, table.everybody.mina)
    assert said_of(sent) == [True, False]


@pytest.mark.parametrize(("answer", "signers"), [(YES, 2), (NO, 1)])
def test_who_answers_in_one_step_is_alone_unless_another_one_drafted_these_words(
    table: Table, answer: dict[str, str], signers: int
) -> None:
    sent = table.sent()
    actions.draft(table.everybody.mina.actor, sent, **YES)
    assert actions.respond(table.odile.actor, sent, **answer).signers == signers
    alone = table.sent()
    assert actions.respond(table.odile.actor, alone, **answer).signers == 1
    own = table.sent()
    actions.draft(table.odile.actor, own, **answer)
    assert actions.respond(table.odile.actor, own, **answer).signers == 1


def test_whoever_changed_the_draft_last_is_its_writer(table: Table) -> None:
    sent, mina, odile = table.sent(), table.everybody.mina.actor, table.odile.actor
    actions.draft(mina, sent, **YES)
    actions.endorse(odile, sent, seen=mark(sent))
    actions.draft(odile, sent, **NO)
    found = Draft.objects.get()
    assert (found.signed_on, found.signers) == (None, None), "a change takes the countersignature away"
    actions.endorse(odile, sent, seen=mark(sent))
    assert actions.send(mina, sent, seen=mark(sent)).signers == 1


def test_a_second_signature_counts_and_is_not_lost_again(table: Table) -> None:
    sent, odile = table.sent(), table.odile.actor
    other = make.somebody(Role.DUTY_BEARER, table.body.organisation)
    actions.draft(odile, sent, **YES)
    for signer in (odile, other.actor, odile):
        actions.endorse(signer, sent, seen=mark(sent))
    assert actions.send(odile, sent, seen=mark(sent)).signers == 2


def test_of_answers_and_drafts_of_earlier_versions_nobody_says_how_many(table: Table) -> None:
    sent = table.sent()
    actions.draft(table.everybody.mina.actor, sent, **YES)
    Draft.objects.update(author="")
    actions.endorse(table.odile.actor, sent, seen=mark(sent))
    assert actions.send(table.odile.actor, sent, seen=mark(sent)).signers is None
    assert said_of(sent) == [False, False]
    (record,) = records("recommendation.answered")
    assert "signers" not in record["facts"], "as it was told before there was such a fact"
    assert verify.own_log().errors == []


def test_the_mark_of_a_writer_says_nothing_without_the_key_and_goes_with_the_draft(table: Table) -> None:
    first, second, mina = table.sent(), table.sent(), table.everybody.mina
    marks = [actions.draft(mina.actor, one, **YES).author for one in (first, second)]
    assert marks[0] != marks[1], "two drafts of one person are not to be told as hers"
    keys.forget(signing.KEY)
    assert signing.author_of(first, mina.actor) != marks[0]
    for one in (first, second):
        actions.respond(table.odile.actor, one, **NO)
    assert not Draft.objects.exists()
    told = json.dumps(records("recommendation.answered")) + json.dumps(list(Response.objects.values()), default=str)
    accounts = [str(one) for row in Account.objects.values_list("pk", "pseudonym") for one in row]
    assert [secret for secret in [*marks, *accounts] if secret in told] == []


def test_better_words_are_one_persons_and_a_changed_number_is_found(table: Table) -> None:
    sent = table.sent()
    goes(table, sent, table.everybody.mina, table.odile, table.odile)
    made = Response.objects.get()
    better = actions.correct(table.odile.actor, made, reason="We meant the budget of this year.", language="en")
    assert better.signers == 1
    page = text(Client().get(sent.get_absolute_url()))
    assert (ONE in page, TWO in page) == (True, True)
    assert verify.own_log().errors == []
    for wrong in (2, None):
        Response.objects.filter(pk=better.pk).update(signers=wrong)
        assert any("signers" in what for _, what in verify.own_log().errors)


def test_data_says_of_each_last_answer_how_many_signed_it(table: Table) -> None:
    one, two, none = table.sent(), table.sent(), table.sent()
    table.answered(one)
    goes(table, two, table.everybody.mina, table.odile, table.odile)
    below = table.body.get_absolute_url()
    found = json.loads(Client().get(f"{below}data.json").content)["recommendations"]
    assert {line["code"]: line["signers"] for line in found} == {one.code: 1, two.code: 2, none.code: None}
    rows = csv.DictReader(io.StringIO(Client().get(f"{below}data.csv").content.decode("utf-8-sig")))
    assert {row["code"]: row["signers"] for row in rows} == {one.code: "1", two.code: "2", none.code: ""}
