"""The law, or another default, that gives a body without terms its deadlines."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests import cast, make
from tests.people.test_cards import text
from tests.people.test_races import at_once
from tests.recommendations.conftest import MONDAY, Table, a_letter, records
from withus.core.errors import Refused
from withus.policy.facts import SYSTEM, VISITOR, Role
from withus.processes.models import Body
from withus.public_log.models import LogOpening
from withus.public_log.rows import READERS
from withus.recommendations import queries as asked
from withus.recommendations.letters import actions, queries, secret
from withus.recommendations.letters.models import Norm
from withus.recommendations.models import Recommendation

LAW = "Act on petitions, article 7: an office answers whoever writes to it."
DAYS = {"acknowledge_days": 7, "reply_days": 28, "question_days": 14, "extension_days": 0}
On = Callable[[int], None]


def cite(table: Table, body: Body, **more: Any) -> Norm:
    """Lu names the law."""
    said = {"organisation": table.everybody.peers, "words": LAW, "language": "en"} | DAYS | more
    return actions.cite(table.everybody.lu.actor, asked.public_addressee(body), **said)


def test_a_law_is_named_in_versions_and_each_tells_its_record(table: Table, clinic: Body, on: On) -> None:
    assert queries.public_norms(clinic).first() is None
    first = cite(table, clinic)
    on(3)
    second = cite(table, clinic, reply_days=20, region="DE-BE", counting="working")
    assert [one.version for one in queries.public_norms(clinic)] == [2, 1]
    assert queries.public_norms(clinic).first() == second
    one, two = records("norm.cited")
    assert (one["facts"]["reply_days"], two["facts"]["reply_days"]) == (28, 20)
    assert one["facts"]["said_on"] == MONDAY.isoformat()
    assert one["actor"] == "organisation"
    assert "Act on petitions" not in json.dumps([one, two]), "words enter as commitments"
    for norm, told in ((first, one), (second, two)):
        assert {name: told["facts"][name] for name in norm.told().facts} == norm.told().facts
        assert norm.told().texts == {"words": LAW}
    assert LogOpening.objects.filter(subject=clinic.code, content__contains="Act on petitions").count() == 2


def test_every_row_that_tells_a_record_is_read_for_the_check(table: Table, letter: Recommendation) -> None:
    cite(table, letter.body)
    actions.take_over(VISITOR, letter.body, code=secret.code_of(letter.code))
    mine = {"norm.cited", "body.taken_over"}
    told = [one for kind in READERS if kind.types & mine for one in kind.read()]
    assert sorted(one.type for one in told) == ["body.taken_over", "norm.cited"]
    for one in told:
        (record,) = records(one.type)
        assert {name: record["facts"][name] for name in one.facts} == one.facts


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reply_days": 0}, "reply_days"),
        ({"reply_days": 184}, "reply_days"),
        ({"acknowledge_days": -1}, "acknowledge_days"),
        ({"acknowledge_days": 29}, "acknowledge_days"),
        ({"acknowledge_days": 32, "reply_days": 40}, "acknowledge_days"),
        ({"question_days": 0}, "question_days"),
        ({"extension_days": -1}, "extension_days"),
        ({"extension_days": 29}, "extension_days"),
        ({"words": "The law"}, "words"),
        ({"region": "ATLANTIS"}, "region"),
    ],
)
def test_a_law_that_cannot_be_is_refused_beside_its_question(
    table: Table, clinic: Body, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as no:
        cite(table, clinic, **more)
    assert no.value.field == field
    said = {"organisation": table.everybody.peers.code, "words": LAW, "counting": "calendar", "language": "en"}
    answer = cast.browser(table.everybody.lu).post(f"{clinic.get_absolute_url()}cite", said | DAYS | more)
    assert answer.status_code == 200
    assert f'href="#id_{field}"' in answer.content.decode()
    assert not Norm.objects.exists()


def test_all_that_is_wrong_with_a_law_is_told_at_once(table: Table, clinic: Body) -> None:
    said = {"organisation": table.everybody.peers.code, "words": LAW, "counting": "calendar", "language": "en"}
    wrong = {"acknowledge_days": 29, "extension_days": 29, "region": "ATLANTIS"}
    answer = cast.browser(table.everybody.lu).post(f"{clinic.get_absolute_url()}cite", said | DAYS | wrong)
    page = answer.content.decode()
    for field in wrong:
        assert f'href="#id_{field}"' in page, field


def test_only_recognised_peers_name_a_law_and_only_in_their_own_name(table: Table, clinic: Body) -> None:
    address, small = f"{clinic.get_absolute_url()}cite", make.organisation("Small")
    theirs = make.somebody(Role.ORG_STEWARD, small)
    for who in (theirs, table.everybody.mina, table.odile, table.everybody.hedy, table.everybody.ana, None):
        assert cast.browser(who).post(address, {}).status_code == 403
    with pytest.raises(Refused) as no:
        cite(table, clinic, organisation=small)
    assert no.value.field == "organisation"
    assert cast.browser(table.everybody.lu).get("/bodies/NOBODY/cite").status_code == 404


def test_by_hand_a_law_stands_on_the_page_with_who_named_it(table: Table, clinic: Body, on: On) -> None:
    lu, address = cast.browser(table.everybody.lu), clinic.get_absolute_url()
    assert "Nobody has named a law" in text(Client().get(address))
    assert "Name the law" not in text(Client().get(address))
    assert "Name the law" in text(lu.get(address))
    said = {"organisation": table.everybody.peers.code, "words": LAW, "counting": "calendar", "language": "en"}
    for number in (1, 2):
        assert lu.post(f"{address}cite", said | DAYS).status_code == 303
        assert Norm.objects.count() == number
    shown = text(Client().get(address))
    assert LAW in shown
    assert "to answer a recommendation: 28 days" in shown
    assert "Named by The peers" in shown
    assert "Version 1" in shown


def test_what_was_sent_before_a_law_was_named_keeps_its_clock(table: Table, letter: Recommendation) -> None:
    before = letter.course().clock
    cite(table, letter.body)
    letter.refresh_from_db()
    assert letter.course().clock == before


@pytest.mark.usefixtures("own_database")
def test_two_who_name_a_law_at_once_get_a_version_each() -> None:
    letter = a_letter()
    said = {"organisation": letter.organisation, "words": LAW, "language": "en"} | DAYS
    addressee = asked.public_addressee(letter.body)
    assert at_once(*(lambda: actions.cite(SYSTEM, addressee, **said) for _ in range(3))) == []
    assert sorted(Norm.objects.values_list("version", flat=True)) == [1, 2, 3]
