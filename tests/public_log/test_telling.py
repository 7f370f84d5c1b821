"""Records told in plain sentences: who, about what, why, and on which day, with links to what may be seen."""

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests import make
from tests.deliberation import scene
from tests.public_log.writing import DAY

from withus.deliberation import actions
from withus.deliberation.models import DeclineReason, StatementState
from withus.home.reports.models import Ruling
from withus.pay import telling as telling
from withus.pay.models import Per, Receipt, Way, Work
from withus.people.forms import ROLE_NAMES
from withus.people.models import SHARES, OrganisationKind
from withus.people.queries import STAFF
from withus.policy.facts import SYSTEM, ActorKind, Role
from withus.processes.actions import agree, ask, close, open_body, open_process, open_service, open_site
from withus.processes.board.speaking import Side, Wanted
from withus.processes.board.terms import COUNTING, TermsKind
from withus.processes.models import Level, PhaseKind
from withus.public_log import append, publish
from withus.public_log.models import LogEntry
from withus.public_log.wording import CODES, FACTS, TYPES, VALUES
from withus.recommendations.models import Commitment, Kind, Outcome, Serving, Verdict
from withus.texts.actions import translate
from withus.texts.models import Grounds
from withus.voices.wording import Kind as Finds

SOURCE = Path(publish.__file__).parents[1]


def seen(address: str, **headers: str) -> str:
    """A page that is there, for a visitor."""
    answer = Client(headers=headers).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def plain(page: str) -> str:
    """A page's main part without its markup."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub("<[^>]*>", "", main.replace("</dt>", " "))).split())


def number_of(kind: str) -> int:
    """The newest entry of this type."""
    typed = [(seq, bytes(body)) for seq, body in LogEntry.objects.values_list("seq", "body")]
    return max(seq for seq, body in typed if f'"type":"{kind}"'.encode() in body)


@pytest.fixture
def declined(db: None) -> str:
    """The page of a log in which a statement was declined, and its entry."""
    talk = scene.process()
    said = actions.propose(scene.ANA, talk, text="Cem is loud", language="en", tie=scene.tie("ana", talk))
    actions.moderate(scene.EVE, said, decision="declined", reason="names_somebody")
    publish.publish()
    return f"/log/entries/{number_of('statement.moderated')}"


def test_an_entry_says_who_did_what_about_what_and_why(declined: str) -> None:
    page = seen(declined)
    why = "because it names or points to a person"
    sentence = f"Statement 1 in Night opening was declined, {why}, by The PEERS (an organisation), on "
    assert sentence in plain(page)
    assert sentence in plain(seen("/log/"))
    assert re.search(r'<q><a href="/processes/TALK/"><bdi lang="en">Night opening</bdi></a></q>', page)
    assert '<a href="/organisations/PEERS/">' in page
    assert "/verify/?printed=" not in page.partition("<main")[2].partition("</main>")[0]
    raw = page.partition("<details>")[2]
    assert "names_somebody" in raw.partition("</details>")[0].replace("&quot;", '"')
    assert "names_somebody" not in page.partition("<details>")[0]


def test_a_page_in_arabic_keeps_names_codes_and_records_in_their_own_direction(declined: str) -> None:
    page = seen(declined, **{"Accept-Language": "ar"})
    assert 'dir="rtl"' in page
    assert '<bdi lang="en">Night opening</bdi>' in page
    assert '<pre dir="ltr" lang="en">' in page
    assert "was declined" not in plain(page)
    append.append("some.new_type", {"thing": "x", "sha256": "ff"}, actor=ActorKind.SYSTEM, day=DAY)
    publish.publish()
    unknown = seen(f"/log/entries/{LogEntry.objects.count() - 1}", **{"Accept-Language": "ar"})
    assert '<code dir="ltr">some.new_type</code>' in unknown
    assert '<code dir="ltr">ff</code>' in unknown
    assert "<dt>thing</dt>" in unknown


def test_what_waits_for_the_editors_has_no_link(db: None) -> None:
    talk = scene.process()
    said = actions.propose(scene.ANA, talk, text="Tea", language="en", tie=scene.tie("ana", talk))
    append.append_pending()
    publish.publish()
    page = seen(f"/log/entries/{number_of('statement.proposed')}")
    assert "Statement 1 was proposed in Night opening, by peers, on " in plain(page)
    assert f"/statements/{said.code}/" not in page
    actions.moderate(scene.EVE, said, decision="accepted")
    assert f'href="/processes/TALK/statements/{said.code}/"' in seen(f"/log/entries/{number_of('statement.proposed')}")


def test_words_of_peers_are_kept_or_erased_and_never_on_the_page(declined: str) -> None:
    append.append_pending()
    publish.publish()
    address = f"/log/entries/{number_of('statement.proposed')}"
    assert "Text the words are kept outside the log" in plain(seen(address))
    append.erase(append.LogOpening.objects.get(path="facts.text").subject)
    page = seen(address)
    assert "Text the words were erased" in plain(page)
    assert "Cem is loud" not in page


def live(name: str) -> None:
    """Deeds of every kind of thing, each under codes of its own."""
    peers = make.recognised(name)
    body = open_body(SYSTEM, peers, name=f"Council of {name}", decides="Rents", language="en")
    site = open_site(
        SYSTEM,
        open_service(SYSTEM, peers, name="Tea", about="", language="en"),
        name="North",
        area="North of the river",
        hours="",
    )
    talk = scene.process(name, body=body, service=site.service, is_open=False)
    phase = scene.phase(talk)
    said = actions.propose(scene.ANA, talk, text="Tea", language="en", tie=scene.tie("ana", talk))
    actions.moderate(SYSTEM, said, decision="declined", reason="unclear", words="Which?")
    tie = scene.tie("ana", talk)
    appeal = actions.appeal(scene.ANA, said, reason="Green", language="en", tie=tie)
    actions.review(scene.LU, appeal, upheld=True, answer="Right")
    seeded = scene.statement(talk)
    actions.enter(SYSTEM, talk, ballots=[{seeded.number: 1}], token=name)
    translate(SYSTEM, phase, kind="phase", field="can_change", language="ar", text="?")
    translate(SYSTEM, seeded, kind="statement", field="text", language="ar", text="?")
    close(SYSTEM, phase, why="Done")
    append.append_pending()
    publish.publish()


@pytest.mark.django_db
def test_every_deed_is_told_with_the_names_of_its_things() -> None:
    live("ONE")
    told = plain(seen("/log/"))
    for sentence in (
        "The process Night opening was opened, by The PEERS (an organisation), on ",
        "A phase was added to Night opening, by The PEERS (an organisation), on ",
        "A page for Council of ONE was opened, by ONE (an organisation), on ",
        "The mandate of ONE was countersigned, by an organisation, on ",
        "The service Tea was added, by ONE (an organisation), on ",
        "A place of the service Tea was added, by ONE (an organisation), on ",
        "ONE was added, by the stewards of this house, on ",
        "After an appeal, Statement 1 in Night opening was accepted after all, by The PEERS (an organisation), on ",
        "Somebody appealed against the decision about Statement 1 in Night opening, by peers, on ",
        "A text of Statement 2 was translated, by The PEERS (an organisation), on ",
        "The public log was opened, by Withus itself, on ",
    ):
        assert sentence in told, sentence
    assert "%(" not in told
    assert "…" not in told


@pytest.mark.django_db
def test_who_reads_the_statements_of_a_body_is_who_decided_about_them() -> None:
    ministry, peers = make.ministry(), make.recognised()
    talk = open_process(SYSTEM, ministry, title="Beds", about="How many?", language="en")
    ask(SYSTEM, talk, beside=peers)
    agree(SYSTEM, talk)
    scene.phase(talk)
    actions.seed(SYSTEM, talk, text="Ten", language="en")
    publish.publish()
    told = plain(seen("/log/"))
    assert "A phase was added to Beds, by The ministry (a body), on " in told
    assert "Statement 1 was added to Beds, as one of the first, by The peers (an organisation), on " in told


@pytest.mark.django_db
def test_a_page_costs_as_many_questions_for_many_entries_as_for_few() -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            seen(address)
        return len(asked)

    live("ONE")
    few = cost("/log/")
    for name in ("TWO", "THREE", "FOUR"):
        live(name)
    assert cost("/log/") == few


def test_values_have_the_words_of_those_who_write_them() -> None:
    kinds = {str(one.value): one.label for one in (*OrganisationKind, *PhaseKind)}
    kinds |= {str(one.value): one.label for one in TermsKind}
    kinds |= {"recommendation": Kind.RECOMMENDATION.label, "question": "formal question"}
    ways = {"counting": dict(COUNTING)}
    states = {str(one.value): one.label for one in (StatementState.ACCEPTED, StatementState.DECLINED)}
    assert {
        "kind": kinds,
        "decision": {str(one.value): one.label for one in Ruling},
        "role": {role: ROLE_NAMES[Role(role)] for role in STAFF if role != Role.INSTANCE_STEWARD},
        "level": {one.value: one.label for one in Level},
        "share": SHARES,
        "state": states,
        "reason": {str(one.value): one.label for one in DeclineReason},
        "grounds": {str(one.value): one.label for one in Grounds},
        "outcome": {str(one.value): one.label for one in Outcome},
        "verdict": {str(one.value): one.label for one in Verdict},
        "how": {str(one.value): one.label for one in Serving.How},
        "source": {str(one.value): one.label for one in Commitment.Source},
        "side": {str(one.value): one.label for one in Side},
        "wanted": {str(one.value): one.label for one in Wanted},
        "work": {str(one.value): one.label for one in Work},
        "per": {str(one.value): one.label for one in Per},
        "form": {str(one.value): one.label for one in Way},
        "receipt": {str(one.value): one.label for one in Receipt},
        "finds": {str(one.value): one.label for one in Finds},
        **ways,
    } == VALUES


def keys_of(node: ast.AST, assigned: dict[str, list[ast.AST]], of_models: set[str]) -> set[str]:
    """Every key that the expression may hold: of its dictionaries, its names', and of `facts()` of any model."""
    if isinstance(node, ast.Call):
        return of_models if isinstance(node.func, ast.Attribute) and node.func.attr == "facts" else set()
    keys = node.keys if isinstance(node, ast.Dict) else []
    found = {str(key.value) for key in keys if isinstance(key, ast.Constant)}
    inner = assigned.pop(node.id, []) if isinstance(node, ast.Name) else ast.iter_child_nodes(node)
    return found.union(*(keys_of(one, assigned, of_models) for one in inner))


def functions(name: str) -> Iterator[ast.FunctionDef]:
    """Every function in the files of this name."""
    for path in SOURCE.glob(f"*/{name}"):
        yield from (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef))


def test_every_fact_that_is_written_anywhere_has_a_name() -> None:
    own = [function for function in functions("models.py") if function.name.startswith(("facts", "told"))]
    of_models = {key for function in own for key in keys_of(function, {}, set())}
    written = set(of_models)
    for function in functions("actions.py"):
        assigned: dict[str, list[ast.AST]] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AugAssign):
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name):
                        assigned.setdefault(target.id, []).append(node.value)
                    elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                        written.add(str(target.slice.value))
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in ("record", "write"):
                texts = [word.value for word in call.keywords if word.arg == "texts"]
                for argument in (call.args[1], *texts):
                    written |= keys_of(argument, dict(assigned), of_models)
    assert {"process", "reason", "can_change", "origin", "trusted", "ballots", "answer"} <= written
    assert written - set(FACTS) == set()
    assert set(CODES) <= set(FACTS)


def test_every_place_in_a_sentence_is_a_fact() -> None:
    places = {place for words in TYPES.values() for place in re.findall(r"%\((\w+)\)s", str(words))}
    assert {"process", "organisation", "statement"} <= places <= set(CODES) | {"subject", "role", "grounds"}
