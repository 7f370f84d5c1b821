"""What is printed: one sheet of A4 for the wall, one for a letter of ordinary length, in both languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page
from tests.browser.visiting import Visitor

LONG = "Young people cannot come to meetings that begin at four in the afternoon, because school ends at…"
MISSING = "Something is past due: an answer, or something that was promised. " * 9
FILL = "([what, text]) => document.querySelectorAll(what).forEach(one => { one.textContent = text; })"


def sheets(page: Page) -> int:
    """How many sheets of A4 the page takes."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_poster_is_one_sheet_also_when_everything_on_it_is_long(
    window: Callable[..., BrowserContext], visitors: dict[str, Visitor], language: str
) -> None:
    page = window(visitors["visitor"], language=language).new_page()
    page.goto("/bodies/DEMO/poster")
    assert sheets(page) == 1
    page.evaluate(FILL, [".poster blockquote", LONG])
    page.evaluate(FILL, [".poster .with-code p:first-of-type", MISSING])
    assert sheets(page) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("code", ["R-LETTER", "R-ANSWERED"])
def test_a_letter_of_ordinary_length_is_one_sheet(
    window: Callable[..., BrowserContext], visitors: dict[str, Visitor], language: str, code: str
) -> None:
    page = window(visitors["org_steward"], language=language).new_page()
    page.goto(f"/recommendations/{code}/letter")
    assert sheets(page) == 1
