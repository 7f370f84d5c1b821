"""Leaving quickly in a real browser, from a page outside the visit: with scripts and without them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext
from tests.browser.person import Person
from tests.browser.visiting import Visitor

Opener = Callable[..., BrowserContext]
ELSEWHERE = "https://www.wikipedia.org/"
WORDS = "The room is closed when we need it."


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("place", ["/stories/", "/", "/voices/new", "/voices/return"])
def test_the_next_person_at_the_tablet_finds_no_visit(
    window: Opener, visitors: dict[str, Visitor], scripts: bool, place: str
) -> None:
    with window(visitors["visitor"], scripts=scripts) as context:
        her = Person(context.new_page()).goes_to("/voices/new").answers(text=WORDS, kind="need")
        her.page.locator("main [name=audience]").first.check()
        her.page.wait_for_timeout(3100)
        her.presses("Send it").sees("Write your receipt down")
        her.goes_to("/voices/return").sees(WORDS)
        her.goes_to(place)
        with her.page.expect_event("requestfailed", lambda sent: sent.url == ELSEWHERE):  # nothing is asked of others
            her.page.locator("[data-exit]").click(no_wait_after=True)
        assert "voice" not in {cookie["name"] for cookie in context.cookies()}
        her.page.wait_for_timeout(2_000)  # until the page of the failed request is there: it would break into the next
        her.goes_to("/voices/return").sees("Do you have a receipt?")
        assert WORDS not in her.page.content()
