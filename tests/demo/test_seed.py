"""The demo: real conversations with their source, an invented town that says so, everybody with a published card."""

import datetime
import gzip
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from withus.compute.answering import State
from withus.core import codes
from withus.deliberation.maps import drawing
from withus.deliberation.models import Appeal, SealedTally, Statement, Vote
from withus.demo import night_story, pay_story, seed, story, voice_story
from withus.home import context
from withus.people.models import Account, Instance, Organisation
from withus.people.queries import public_recognised_codes
from withus.policy.facts import Role
from withus.processes.models import Process, Site
from withus.public_log import publish, verify
from withus.recommendations.models import Delivery
from withus.recommendations.wording import STATES
from withus.voices.models import Envelope, Voice


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo, sown once for these tests, which only read."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish, "publish", lambda: 0)  # nothing of this is ever committed, so nothing is signed
        seed.sow()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def sown(town: None, db: None) -> None:
    """The same, inside a test's own savepoint."""


def test_the_real_conversations_are_whole_and_say_where_they_come_from(sown: None) -> None:
    cast_there = Vote.objects.exclude(statement__process__code="NIGHTS")
    counted = dict(Counter(cast_there.values_list("statement__process__code", flat=True)))

    assert counted == {"LONDON": 638, "BREXIT": 5303, "BIODIVERSITY": 29719}
    for conversation in story.CONVERSATIONS:
        page = Client().get(f"/processes/{conversation.code}/").content.decode()
        assert "CC BY 4.0" in page
        assert "The Computational Democracy Project" in page
        assert f"compdemocracy.org/case-studies/{conversation.case}" in page


HEAVY = [
    *(f"/processes/{code}/{page}" for code in ("BIODIVERSITY", "BREXIT", "NIGHTS")
      for page in ("", "results", "results?page=2", "ballot", "ballot?page=2")),
    *("/", "/bodies/DEMO/", "/bodies/HEALTH/", "/recommendations/", "/privacy", "/bodies/data-dictionary"),
]  # fmt: skip


def _wire(answer: Any) -> int:
    """What an answer takes on the wire, with what the server adds to its headers."""
    headers = sum(len(name) + len(value) + 4 for name, value in answer.items())
    return (
        len(b"".join(answer))
        + headers
        + len("HTTP/1.1 200 OK server: granian date: Sun, 29 Nov 2026 01:33:28 GMT")
        + 12
    )


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_a_first_visit_is_light_in_both_languages_and_codings(
    sown: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, coding: str
) -> None:
    checkpoint = SimpleNamespace(size=12_345, words="enough walnut salad lunar " * 2, address="/log/?size=12345")
    monkeypatch.setattr(context, "public_words", lambda: checkpoint)  # as it stands at the foot of every page
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(headers={"accept-language": language, "accept-encoding": coding})
    files = dict[str, int]()
    heavy = dict[str, int]()
    for place in [*HEAVY, "/voices/new"]:
        page = client.get(place)
        assert (page.status_code, page["Content-Encoding"]) == (200, coding)
        plain = brotli.decompress(page.content) if coding == "br" else gzip.decompress(page.content)
        names = re.findall(r'"(/static/[^"]+)"', plain.decode())
        assert len(names) >= 2
        files |= {name: _wire(client.get(name)) for name in names if name not in files}
        heavy[place] = _wire(page) + sum(files[name] for name in names)
    assert heavy.pop("/voices/new") < 50_000, "sound is what it is for"
    assert {place: weight for place, weight in heavy.items() if weight > 13_700} == {}, "a host has longer names"


def test_every_row_of_the_demo_is_as_its_record_says(sown: None) -> None:
    assert [what for _, what in verify.own_log().errors if not what.startswith(("the anchor", "the published"))] == []


@pytest.mark.parametrize("page", ["results", "vote", "ballot", "my-votes", "statements/"])
def test_every_page_that_shows_a_real_statement_names_its_source(sown: None, page: str) -> None:
    peer = Client()
    peer.post("/demo/sign-in", {"role": "peer"})
    statement = Statement.objects.filter(process__code="LONDON", state="accepted")[0]
    peer.post("/processes/LONDON/vote", {"statement": statement.code, "value": "1"})

    address = statement.get_absolute_url() if page == "statements/" else f"/processes/LONDON/{page}"

    assert "CC BY 4.0" in peer.get(address).content.decode()


def test_what_is_invented_says_so_on_every_page(sown: None) -> None:
    assert set(Organisation.objects.values_list("is_invented", flat=True)) == {True}
    pages = ["/", "/bodies/", "/bodies/DEMO/", "/processes/", "/processes/NIGHTS/", "/organisations/LANTERN/", "/log/"]
    for page in pages:
        assert "nvented" in Client().get(page).content.decode(), page


def test_voting_is_open_in_two_real_conversations_and_sealed_in_one(sown: None) -> None:
    takes = {process.code: process.takes("votes") for process in Process.objects.all()}

    assert takes == {"LONDON": True, "BREXIT": True, "BIODIVERSITY": False, "NIGHTS": True}
    assert [one.phase.process.code for one in SealedTally.objects.all()] == ["BIODIVERSITY"]


def test_statements_wait_for_the_editors_and_one_is_declined_with_an_appeal(sown: None) -> None:
    states = Counter(Statement.objects.filter(process__code="NIGHTS").values_list("state", flat=True))

    assert states == {"accepted": len(night_story.STATEMENTS), "pending": len(story.WAITING), "declined": 1}
    assert Appeal.objects.filter(statement__process__code="NIGHTS", upheld=None).count() == 1


def test_the_invented_camps_are_two_groups_on_their_map_and_the_peer_finds_her_place(sown: None) -> None:
    assert drawing._draw(Process.objects.get(code="NIGHTS"))
    peer = Client()
    peer.post("/demo/sign-in", {"role": "peer"})

    page = peer.post("/maps/NIGHTS/").content.decode()

    assert "stable groups" in page
    assert "of them could be split as clearly" in page
    assert page.count("<ellipse") == len(night_story.CAMPS) + 1
    assert page.count("% of every group agree.") == 4
    assert all(share in page for share in ("In group A, ", "In group B, "))
    assert "You stand nearest to group A." in page
    assert f"This rests on {len(night_story.OWN)} votes of yours." in page
    assert "nvented" in page


def test_two_peer_organisations_are_recognised_and_the_body_has_a_service_with_two_sites(sown: None) -> None:
    assert public_recognised_codes() == {"LANTERN", "OPENHANDS"}
    assert Organisation.objects.get(code="HARBOR").parent == Organisation.objects.get(code="LANTERN")
    assert Site.objects.filter(service__organisation__code="DEMO").count() == 2


def test_everybody_has_a_published_card_that_never_changes(sown: None) -> None:
    accounts = seed.accounts()

    assert [one["role"] for one in accounts] == [role.value for role in Role][2:]
    assert accounts[0]["passphrase"] == seed.passphrase.__wrapped__(accounts[0]["pseudonym"])
    for one in accounts:
        browser = Client()
        sent = {"pseudonym": one["pseudonym"], "passphrase": one["passphrase"]}
        assert browser.post("/sign-in", sent).status_code == 303
        assert browser.get("/me/").status_code == 200
    assert Account.objects.count() == len(accounts)


@pytest.mark.parametrize("role", [role.value for role in Role][2:])
def test_a_button_signs_in_as_each_role(sown: None, role: str) -> None:
    browser = Client()

    assert browser.post("/demo/sign-in", {"role": role}).status_code == 303
    assert browser.get("/me/").status_code == 200


@pytest.mark.parametrize("role", ["", "visitor", "nobody", "peer\0"])
def test_there_is_no_button_for_anything_else(sown: None, role: str) -> None:
    assert Client().post("/demo/sign-in", {"role": role}).status_code == 404


def test_sowing_again_changes_nothing(sown: None) -> None:
    before = (Statement.objects.count(), Account.objects.count(), Instance.objects.get().code)
    seed.sow()

    assert (Statement.objects.count(), Account.objects.count(), Instance.objects.get().code) == before


def test_outside_the_demo_there_are_no_buttons(sown: None) -> None:
    assert Client().post("/demo/sign-in", {"role": "peer"}).status_code == 303
    Instance.objects.update(is_demo=False)

    assert Client().post("/demo/sign-in", {"role": "peer"}).status_code == 404
    assert not seed.is_demo()
    assert seed.is_others()


def test_published_passphrases_fit_the_demos_check_only() -> None:
    phrase = seed.passphrase("calm-otter-1001")

    assert codes.passphrase_may_be(seed.SECRET, "calm-otter-1001", phrase)
    assert set(phrase.split()) <= set(codes.fit_words())
    assert re.fullmatch(r"(\w+ ){6}\w+", phrase)


def test_phases_are_told_in_the_order_of_time() -> None:
    for conversation in story.CONVERSATIONS:
        days = [day for phase in conversation.phases for day in (phase.opens, phase.closes)]
        assert days == sorted(days)
        assert all(datetime.timedelta(days=day) for day in days)


def test_what_the_demo_calls_confirmed_was_paid_by_a_line_and_is_walked_by_promise(sown: None) -> None:
    page = Client().get("/recommendations/R-CONFIRMED/").content.decode()
    assert str(STATES[State.CONFIRMED][0]) in page
    _, _, rest = page.partition('id="promised"')
    assert rest.count("paid, and it arrived") == 2
    assert rest.index("hang on both doors") < rest.index("We passed by") < rest.index("Somebody at the telephone")
    assert "Checked by nobody who was paid" not in page
    disputed = Client().get("/recommendations/R-DISPUTED/").content.decode()
    assert "pay for 90 minutes is asked of" in disputed
    assert "not paid for" in disputed


def test_the_peer_took_part_and_can_say_whether_what_is_called_done_is_true(sown: None) -> None:
    place, browsers = "/recommendations/R-DELIVERED/judge", {}
    for role in ("peer", "peer_worker"):
        browsers[role] = Client()
        browsers[role].post("/demo/sign-in", {"role": role})
    assert place in browsers["peer"].get("/processes/NIGHTS/results").content.decode()
    assert place in browsers["peer"].get("/recommendations/R-DELIVERED/").content.decode()
    delivery = Delivery.objects.get(recommendation__code="R-DELIVERED")
    assert browsers["peer"].post(place, {"delivery": delivery.code, "verdict": "true"}).status_code == 303
    assert "it counts" in browsers["peer"].get(place).content.decode()
    page = unescape(browsers["peer_worker"].get("/recommendations/R-DELIVERED/").content.decode())
    assert "this account is none of them" in page
    assert "If you took part, sign in" not in page
    assert "If you took part, sign in" in unescape(Client().get("/recommendations/R-DELIVERED/").content.decode())


def test_the_board_has_paid_once_claimed_so_once_and_owes_once(sown: None) -> None:
    page = Client().get("/pay/DEMO/").content.decode()
    for words in (
        "paid, and it arrived",
        "paid, say they; it did not arrive, say peers",
        f"not paid for {pay_story.UNPAID} days",
        "agreed, in force",
        "offered, and not agreed to",
        "nvented",
    ):
        assert words in page, words


def test_a_voice_lies_in_two_inboxes_and_another_leaves_one_out(sown: None) -> None:
    browsers = {}
    for role in ("peer_editor", "duty_bearer"):
        browsers[role] = Client()
        browsers[role].post("/demo/sign-in", {"role": role})
    lying = Counter(Envelope.objects.filter(is_waiting=True).values_list("inbox__organisation__code", flat=True))
    assert lying == {"LANTERN": 4, "DEMO": 1}
    both = Voice.objects.get(envelopes__inbox__organisation__code="DEMO")
    assert both.envelopes.count() == 2
    said = {role: _opens(browser, both, code) for (role, browser), code in zip(browsers.items(), INBOXES, strict=True)}
    assert [voice_story.TO_BOTH in page for page in said.values()] == [True, True]
    pages = [_opens(browsers["peer_editor"], one.voice, "LANTERN") for one in Envelope.objects.filter(is_waiting=True)]
    assert any(voice_story.WITHOUT_THE_BOARD in page and "must not" in page for page in pages), pages


INBOXES = ("LANTERN", "DEMO")


def _opens(browser: Client, voice: Voice, code: str) -> str:
    """The page of a voice for a reader of that inbox, once she has opened it."""
    place = f"/voices/inboxes/{code}/{voice.code}/"
    browser.post(f"{place}open")
    return unescape(browser.get(place).content.decode())
