"""A form tells all that is wrong at once: what is missing, and what the action would refuse of the other answers."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.people.test_cards import text
from tests.recommendations.conftest import Table
from withus.recommendations.models import Commitment, Recommendation

MISSING = "Please answer this question."


def told(client: Client, address: str, sent: dict[str, Any]) -> str:
    """What the page says to what was sent, each sentence once beside its question and once in the list above."""
    answer = client.post(address, sent)
    assert answer.status_code == 200
    return text(answer)


def each_once(page: str, sentences: Iterable[str]) -> None:
    """Beside the question, and in the list of mistakes on top."""
    for sentence in sentences:
        assert page.count(sentence) == 2, sentence


def test_a_promise_without_an_office_hears_of_its_empty_words_too(table: Table) -> None:
    sent = table.sent()
    table.answered(sent)
    odile, address = cast.browser(table.odile), f"{sent.get_absolute_url()}commit"
    said = {"measure": "Soon.", "due_on": "2026-12-24", "budget": "100", "source": "answer", "language": "en"}
    words = "Say what will be done, where and how, in a sentence or more."
    page = told(odile, address, said)
    each_once(page, [words, MISSING])
    assert "Soon." in odile.post(address, said).content.decode()
    each_once(told(odile, address, said | {"owner": "Health office"}), [words])
    assert not Commitment.objects.exists()
    whole = said | {"owner": "Health office", "measure": "Two people stand there each night."}
    assert odile.post(address, whole).status_code == 303


def test_a_recommendation_hears_of_all_its_words_though_nobody_is_chosen(table: Table) -> None:
    lu = cast.browser(table.everybody.lu)
    said = {"text": "Bad.", "asked_change": "Better.", "language": "en"}
    page = told(lu, "/recommendations/new", said)
    each_once(page, ["Say what is wrong or needed", "Say what should change, or what you want to know", MISSING])
    page = told(lu, "/recommendations/new", said | {"text": "", "body": table.body.code})
    each_once(page, ["Say what should change, or what you want to know"])
    assert "Say what is wrong or needed" not in page, "what is not there is only missing"
    assert not Recommendation.objects.exists()


def test_terms_and_laws_hear_of_their_numbers_and_words_though_something_is_missing(table: Table) -> None:
    mina, lu = cast.browser(table.everybody.mina), cast.browser(table.everybody.lu)
    about = table.body.get_absolute_url()
    terms = {"kind": "advisory", "mandate": "", "who_decides": "Us", "peer_seats": "4000", "acknowledge_days": "900"}
    page = told(mina, f"{about}terms/new", terms | {"reply_days": "30", "language": "en"})
    for sentence in ("Say this in a sentence: others rest on it", "Write a number from 0", "Write a number from 1 to"):
        assert sentence in page
    assert MISSING in page
    law = {"words": "Law", "acknowledge_days": "900", "reply_days": "30", "question_days": "20", "language": "en"}
    page = told(lu, f"{about}cite", law)
    for sentence in ("Say which law and which article", "Write a number from 1 to", MISSING):
        assert sentence in page


@pytest.mark.parametrize("words", ["<b>x</b>", "\u202e\u0000", "x" * 6_000])
def test_hostile_words_beside_something_missing_are_told_and_kept(table: Table, words: str) -> None:
    sent = table.sent()
    answer = cast.browser(table.odile).post(f"{sent.get_absolute_url()}respond", {"reason": words, "language": "en"})
    assert answer.status_code == 200
    assert "<b>x" not in answer.content.decode()
    assert MISSING in text(answer)
    assert not sent.responses.exists()
