"""A counter-receipt: signed, checked by anybody, the same each time, and a way to nothing."""

import re
from html import unescape

import pytest
from django.test import Client

from tests.voices.scene import WORDS, Scene, come_back, only, send
from withus.compute.verifier import Wrong, parse_checkpoint
from withus.core import buckets, clock, codes, receipts
from withus.public_log import papers
from withus.voices import counter, queries


def asked(client: Client, scene: Scene) -> str:
    """The page with the counter-receipt of the peers."""
    answer = client.post("/voices/counter-receipt", {"organisation": scene.peers.code})
    assert answer.status_code == 200, answer.headers.get("Location")
    return unescape(answer.content.decode())


def printed(page: str) -> str:
    """What stands on it to be typed in."""
    line = re.search(r"<code>(COUNTER-RECEIPT [^<]+)</code>", page)
    assert line
    groups = re.findall(r"<span>([0-9A-Z]{3,4})</span>", page.partition("secret-groups")[2])
    assert len("".join(groups)) == 103
    return " ".join([line[1], *groups])


def checked(typed: str) -> str:
    """What the public check says of it."""
    return unescape(Client().get("/verify/", {"printed": typed}).content.decode())


def test_on_request_it_says_who_received_what_kind_in_which_week_and_anybody_can_check_it(scene: Scene) -> None:
    client, receipt = Client(), send(scene, Client())
    page = come_back(client, receipt)
    assert "You may safely do without" in page
    assert "COUNTER-RECEIPT" not in page, "only on request"
    page = asked(client, scene)
    assert "may safely decline it" in page
    assert 'go to <bdi dir="ltr">testserver/verify/</bdi> and type what stands beside it' in page
    typed = printed(page)
    _, code, kind, week, number, *_ = typed.split()
    assert (code, kind, week) == (scene.peers.code, "PROBLEM", buckets.week_of(clock.today()))
    assert re.fullmatch(r"[0-9A-Z]{8}", number)
    for way in (typed, typed.lower(), typed.replace(" ", "\n"), f" {typed} "):
        page = checked(way)
        assert "True." in page
        assert "something is wrong" in page
        assert number in page
    client.post("/voices/erase")
    assert "True." in checked(typed), "paper outlives what it is about"


def test_where_the_kind_was_left_open_it_says_so(scene: Scene) -> None:
    client, receipt = Client(), send(scene, Client(), kind="")
    come_back(client, receipt)
    typed = printed(asked(client, scene))
    assert typed.split()[2] == "OPEN"
    assert "True." in checked(typed)
    assert "Of this kind: left open." in checked(typed)


def test_it_holds_nothing_of_the_voice_and_nobody_without_the_receipt_finds_its_number(scene: Scene) -> None:
    client, receipt = Client(), send(scene, Client())
    come_back(client, receipt)
    page = asked(client, scene)
    voice, envelope = only()
    for secret in (WORDS, "Needles", "Harbor", receipt, receipts.in_words(receipt), voice.code, voice.locator):
        assert secret not in page
    number = printed(page).split()[4]
    assert printed(asked(client, scene)) == printed(page), "one voice has one, so that it cannot look like many"
    opened = queries.opened(scene.lu.actor, envelope, scene.lu.key)
    assert opened
    own = codes.keyed(receipts.open_with(receipt).own, f"counter-receipt {scene.peers.code}", 8)
    assert own == number
    for known in (opened.rk, bytes(voice.own_wrap), voice.locator.encode(), receipt.encode()):
        assert codes.keyed(known, scene.peers.code, 8) != number


def test_numbers_count_nothing(scene: Scene) -> None:
    numbers = []
    for _ in range(4):
        client = Client()
        come_back(client, send(scene, Client()))
        numbers.append(printed(asked(client, scene)).split()[4])
    assert len(set(numbers)) == 4
    assert not [one for one in numbers if one.startswith("0000")]


@pytest.mark.parametrize("place", [1, 2, 3, 4, 5, 30])
def test_one_other_word_and_it_is_not_ours(scene: Scene, place: int) -> None:
    client = Client()
    come_back(client, send(scene, Client()))
    words = printed(asked(client, scene)).split()
    words[place] = {1: "OTHER", 2: "WORKS", 3: "2026-W01"}.get(place, "0000")
    assert "did not sign these words" in checked(" ".join(words))
    assert "True." not in checked(" ".join(words))


@pytest.mark.parametrize(
    "typed",
    [
        "counter-receipt",
        "counter-receipt A B",
        "COUNTER-RECEIPT A B 2026-W99 D " + "0" * 103,
        "counter-receipt " + "* " * 99,
    ],
)
def test_what_is_no_paper_of_ours_is_said_to_be_none(scene: Scene, typed: str) -> None:
    assert "did not sign these words" in checked(typed)


def test_only_whoever_has_the_receipt_gets_one_and_only_of_who_received_it(scene: Scene) -> None:
    client = Client()
    come_back(client, send(scene, Client()))
    for code in (scene.council.code, "", "NOTHING"):
        answer = client.post("/voices/counter-receipt", {"organisation": code})
        assert (answer.status_code, answer["Location"]) == (303, "/voices/return")
    for other in (Client(), scene.of(scene.edi)):
        answer = other.post("/voices/counter-receipt", {"organisation": scene.peers.code})
        assert (answer.status_code, answer["Location"]) == (303, "/voices/return")
    assert client.get("/voices/counter-receipt").status_code == 405
    client.post("/voices/withdraw")
    assert client.post("/voices/counter-receipt", {"organisation": scene.peers.code}).status_code == 303


def test_a_signed_paper_is_no_checkpoint(scene: Scene) -> None:
    """What the log's key signs here begins with what no name of a log can be."""
    with pytest.raises(Wrong):
        parse_checkpoint(papers._text("example.org/log", "COUNTER-RECEIPT", ["1", "2"]).decode())


def test_an_older_key_of_the_log_still_speaks_for_its_papers(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = papers.sign(counter.KIND, "A", "problem", "2026-W01", "12345678")
    keys = papers.identity.every_key()
    assert papers.public_is_ours(paper)
    other = papers.identity.make(keys[0].name)
    monkeypatch.setattr(papers.identity, "every_key", lambda: [*keys, other])
    assert papers.public_is_ours(paper)
    monkeypatch.setattr(papers.identity, "every_key", lambda: [other])
    assert not papers.public_is_ours(paper)


def test_without_the_logs_key_nothing_is_signed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    come_back(client, send(scene, Client()))

    def not_ours() -> list[bytes]:
        raise papers.identity.NotOurs

    monkeypatch.setattr(papers.identity, "signing", not_ours)
    assert client.post("/voices/counter-receipt", {"organisation": scene.peers.code}).status_code == 503
