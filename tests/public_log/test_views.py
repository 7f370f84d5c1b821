"""What visitors see of the log, and what their paper proves."""

import base64
import json
import re
from pathlib import Path

import pytest
from django.test import Client
from tests.public_log.test_publish import roll_back
from tests.public_log.writing import enter

from withus.compute import verifier
from withus.compute.verifier import leaf_hash
from withus.public_log import append, publish, queries
from withus.public_log.wording import TYPES

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> str:
    """What stood at the foot of a page when the log had 301 entries."""
    enter(300, texts={"text": "words"})
    publish.publish()
    printed = queries.public_words()
    assert printed is not None
    return f"{printed.size} {printed.words}"


def text(client: Client, address: str) -> str:
    """A page that is there."""
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_before_the_first_entry_the_pages_say_so(client: Client) -> None:
    assert "Nothing is in it yet." in text(client, "/log/")
    for address in (
        "/log/checkpoint",
        "/log/key",
        "/log/entries/0",
        "/log/entries/0.json",
        "/log/entries/0.tlog-proof",
    ):
        assert client.get(address).status_code == 404


def test_an_outsider_gets_all_that_the_verifier_needs(client: Client, paper: str) -> None:
    class Web:
        def read(self, path: str, most: int) -> bytes | None:
            answer = client.get(f"/log/{path}")
            return answer.content if answer.status_code == 200 else None

    key = verifier.read_key(client.get("/log/key").content.decode().strip())
    kept = verifier.Kept(printed=[verifier.read_printed(paper)])
    result = verifier.check_log(Web(), key, kept)
    assert (result.errors, result.size) == ([], 301)
    assert result.checked_against == ["the printed checkpoint (size 301)"]


def test_files_are_kept_for_ever_and_the_checkpoint_for_seconds(client: Client, paper: str) -> None:
    tile, checkpoint = client.get("/log/tile/entries/001.p/45"), client.get("/log/checkpoint")
    assert (tile["Content-Type"], tile["Cache-Control"]) == (
        "application/octet-stream",
        "public, max-age=31536000, immutable",
    )
    assert (checkpoint["Content-Type"], checkpoint["Cache-Control"]) == (
        "text/plain; charset=utf-8",
        "public, max-age=5",
    )
    assert checkpoint["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not tile.cookies
    assert client.get("/log/verifier.py").content == Path(verifier.__file__).read_bytes()


@pytest.mark.parametrize(
    "name",
    ["0/001.p/44", "0/0", "0/../../checkpoint", "entries/000.p/0", "0/000.p/256", "9/000", "0/x000/000", "entries/٠٠٠"],
)
def test_what_is_no_tile_is_not_found(client: Client, paper: str, name: str) -> None:
    assert client.get(f"/log/tile/{name}").status_code == 404


def test_an_entry_is_shown_with_a_proof_that_holds(client: Client, paper: str) -> None:
    page = text(client, "/log/entries/7")
    assert "A new set-up address was made" in page
    assert "the words are kept outside the log" in page
    found = json.loads(client.get("/log/entries/7.json").content)
    proof = verifier.read_proof(client.get("/log/entries/7.tlog-proof").content)
    key = verifier.read_key(queries.public_key())
    leaf = leaf_hash(found["entry"].encode())
    assert verifier.verify_proof(proof, leaf, [key]).size == 301
    assert base64.b64decode(found["leaf_hash"]) == leaf
    assert found["texts"] == {"facts.text": "kept"}
    append.erase("ABCD")
    assert "the words were erased" in text(client, "/log/entries/7")
    assert json.loads(client.get("/log/entries/7.json").content)["texts"] == {"facts.text": "erased"}
    assert "words" not in found["entry"]


def test_what_is_not_published_yet_is_not_shown(client: Client, paper: str) -> None:
    enter()
    for address in (
        "/log/entries/301",
        "/log/entries/301.json",
        "/log/entries/301.tlog-proof",
        f"/log/entries/{10**30}",
    ):
        assert client.get(address).status_code == 404
    assert queries.public_proof(301) is None


def test_the_list_begins_with_the_newest_and_can_be_turned(client: Client, paper: str) -> None:
    first, last = text(client, "/log/"), text(client, "/log/?page=13")
    assert "/log/entries/300" in first
    assert "/log/entries/0" in last
    assert text(client, "/log/?page=nonsense")


@pytest.mark.parametrize("typed", ["{paper}", "  {paper}.", "{upper}"])
def test_paper_is_true_as_long_as_nothing_changed(client: Client, paper: str, typed: str) -> None:
    enter(10)
    answer = client.get("/verify/", {"printed": typed.format(paper=paper, upper=paper.upper().replace(" ", ", "))})
    assert "True." in answer.content.decode()


def test_paper_proves_a_rollback(client: Client, paper: str) -> None:
    roll_back(100)
    assert "A roll-back is proven" in client.get("/verify/", {"printed": paper}).content.decode()


def test_paper_proves_a_change(client: Client, paper: str) -> None:
    number, *words = paper.split()
    other = " ".join([number, *words[4:], *words[:4]])
    assert "A change is proven" in client.get("/verify/", {"printed": other}).content.decode()


def test_one_wrong_word_is_a_slip_of_the_pen(client: Client, paper: str) -> None:
    number, *words = paper.split()
    words[4] = "zoo" if words[4] != "zoo" else "zone"
    page = client.get("/verify/", {"printed": " ".join([number, *words])}).content.decode()
    assert "Word 5 does not." in page


def test_a_code_leads_to_its_entries_and_an_unknown_one_may_come_tomorrow(client: Client, paper: str) -> None:
    assert "/log/entries/1" in client.get("/verify/", {"printed": "abcd"}).content.decode()
    assert "Not yet." in client.get("/verify/", {"printed": "WXYZ"}).content.decode()


@pytest.mark.parametrize(
    "typed", ["", "300", "hello there", "300 zoo zoo", "9" * 300, "300 " + "zzzz " * 8, "\x00", "<b>"]
)
def test_what_cannot_be_read_is_answered_with_advice_and_kept(client: Client, paper: str, typed: str) -> None:
    response = client.get("/verify/", {"printed": typed})
    page = response.content.decode()
    assert response.status_code == 200
    assert 'role="alert"' in page
    assert "<b>" not in page


def test_every_printed_page_carries_the_checkpoint_of_now(client: Client, paper: str) -> None:
    printed = queries.public_words()
    assert printed is not None
    assert "True." in client.get(printed.address).content.decode()
    enter()
    publish.publish()
    later = queries.public_words()
    assert later is not None
    assert later.size == 302


def test_every_type_of_record_has_plain_words() -> None:
    texts = [path.read_text("utf-8") for path in Path(publish.__file__).parents[1].rglob("actions.py")]
    written = {kind for text in texts for kind in re.findall(r"\b(?:record|write)\(\s*\"([a-z_.]+)\"", text)}
    others = set(Path(publish.__file__).parents[1].rglob("[!w]*.py"))  # all but the wording itself
    others -= set(Path(publish.__file__).parents[1].rglob("telling.py"))
    named = {kind for path in others for kind in re.findall(r"\"([a-z]+\.[a-z_]+)\"", path.read_text("utf-8"))}
    assert written - set(TYPES) == set()
    assert set(TYPES) - named == set()
