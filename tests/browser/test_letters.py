"""A letter opens the page of a body that never joined, in a real browser, with JavaScript and without."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.browser.visiting import Visitor


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_clerk_types_the_letters_code_once_and_is_shown_her_card(
    window: Callable[..., BrowserContext], visitors: dict[str, Visitor], scripts: bool
) -> None:
    with window(visitors["org_steward"], scripts=scripts) as lu:
        page = lu.new_page()
        page.goto("/recommendations/R-LETTER/letter")
        printed = " ".join(page.locator("main").inner_text().split())
    (code,) = re.findall(r"\b(?:[0-9A-Z]{4} ){3}[0-9A-Z]{4}\b", printed)
    with window(visitors["visitor"], scripts=scripts) as clerk:
        page = clerk.new_page()
        page.goto("/bodies/HEALTH/take-over")
        page.locator("main [name=code]").fill(code.lower())
        with page.expect_navigation():
            page.get_by_role("button", name="Take it over and go on").click()
        assert page.url.endswith("/join"), "the code is in no address"
        expect(page.locator("body")).to_contain_text("Your passphrase")
        page.goto("/bodies/HEALTH/")
        expect(page.locator("body")).to_contain_text("somebody typed the code of a letter in")
