"""The page of a recommendation: what was said is its heading; what a reader cannot do is said once."""

import re
from typing import Any

import pytest
from django.test import Client

from tests import cast
from tests.recommendations.conftest import Table
from withus.recommendations.models import Recommendation

LONG = "The drop-in must stay open at night. " + "People who use drugs need it most when everything else is shut. " * 4


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def heading(shown: str) -> str:
    (found,) = re.findall(r"<h1[^>]*>(.*?)</h1>", shown)
    return str(found)


def test_the_first_sentence_is_the_heading_and_the_code_stands_below(table: Table) -> None:
    sent = table.sent(text=LONG)
    shown = page(Client(), sent.get_absolute_url())
    assert heading(shown) == "The drop-in must stay open at night."
    assert f'Recommendation <code dir="ltr">{sent.code}</code>' in shown
    assert shown.count(LONG.strip()) == 1
    assert page(Client(), "/recommendations/").count("The drop-in must stay open at night.</a>") == 1


def test_a_short_text_is_not_said_twice(table: Table) -> None:
    shown = page(Client(), table.sent(text="Open the room at night, when we need it most").get_absolute_url())
    assert heading(shown) == "Open the room at night, when we need it most"
    assert "<blockquote" not in shown


def test_the_heading_keeps_the_language_of_its_words(table: Table) -> None:
    shown = page(
        Client(), table.sent(text="افتحوا الغرفة في الليل عندما نحتاج إليها", language="ar").get_absolute_url()
    )
    assert '<h1 lang="ar" dir="rtl">افتحوا الغرفة في الليل عندما نحتاج إليها</h1>' in shown


@pytest.mark.parametrize(("who", "says"), [("", "Please sign in first."), ("ana", "Only")])
def test_each_no_stands_once_with_all_deeds_it_is_about(table: Table, who: str, says: str) -> None:
    sent = table.sent()
    table.answered(sent, "rejected")
    client: Any = cast.browser(getattr(table.everybody, who)) if who else Client()
    shown = page(client, sent.get_absolute_url())
    reasons = re.findall(r"data-reason><strong>(.*?):</strong> (.*?)[<.]", shown)
    assert len({reason for _, reason in reasons}) == len(reasons) > 0
    assert all(reason.startswith(says.rstrip(".")) for _, reason in reasons)
    named = " · ".join(deeds for deeds, _ in reasons)
    for deed in ("Promise who does what by when", "Put your dissent beside the answer"):
        assert named.count(deed) == 1


def test_in_arabic_the_clock_is_in_its_digits_and_foreign_words_stand_apart(table: Table) -> None:
    sent = table.sent()
    client = Client(headers={"accept-language": "ar"})
    clock = page(client, sent.get_absolute_url()).partition('id="clock"')[2].partition("</ul>")[0]
    told = re.sub(r"<(bdi|code)[^>]*>[A-Z][^<]*</\1>|<[^>]*>", "", clock)
    assert "٣٠" in told
    assert not re.search("[0-9]", told)
    Recommendation.objects.update(terms_version=7)
    assert "٧" in page(client, sent.get_absolute_url()).partition('id="clock"')[2].partition("</p>")[0]


def test_papers_and_what_was_seen_can_be_opened_where_that_is_safe_and_a_letter_is_paper(table: Table) -> None:
    other = table.sent()
    here = f"http://testserver{other.get_absolute_url()}"
    papers = f"The diary: https://example.org/a?b=1&c=2.\n{here}\njavascript:alert(1)\nhttps://a@evil.example/<b>"
    sent = table.sent(evidence=papers)
    table.answered(sent)
    table.done(sent)
    seen = "On Tuesday it was shut: https://example.org/door.jpg"
    table.checked(sent, "disputed", evidence=seen)
    page = cast.browser().get(sent.get_absolute_url()).content.decode()
    away = 'dir="ltr" rel="nofollow noopener noreferrer"'
    assert f'<a href="https://example.org/a?b=1&amp;c=2" {away}>https://example.org/a?b=1&amp;c=2</a>.' in page
    assert f'<a href="https://example.org/door.jpg" {away}>https://example.org/door.jpg</a>' in page
    assert f'<a href="{other.get_absolute_url()}" dir="ltr">{here}</a>' in page
    assert "\njavascript:alert(1)\nhttps://a@evil.example/&lt;b&gt;</p>" in page
    letter = cast.browser().get(f"{sent.get_absolute_url()}letter").content.decode()
    assert "The diary: https://example.org/a?b=1&amp;c=2.\n" in letter
    assert 'href="https://example.org' not in letter
