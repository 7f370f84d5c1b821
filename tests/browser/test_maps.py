"""The page of an opinion map in a real browser: read by eye and by ear, with JavaScript and without."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, expect
from tests.browser.visiting import Visitor


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_map_is_read_on_a_small_phone_and_shows_ones_own_place_only_when_asked(
    window: Callable[..., BrowserContext], visitors: dict[str, Visitor], language: str, scripts: bool
) -> None:
    with window(visitors["peer"], language=language, scripts=scripts) as phone:
        page = phone.new_page()
        page.goto("/processes/CAMPS/vote")
        for _ in range(2):
            with page.expect_navigation():
                page.locator("main form.vote button[value='1']").click()
        page.goto("/maps/CAMPS/")
        picture = page.locator("svg[role=img]")
        assert picture.locator("ellipse").count() == 2
        assert picture.locator("circle").count() == 0
        with page.expect_navigation():
            page.locator("main form[method=post]:not([action]) button").click()
        expect(picture.locator("circle")).to_have_count(1)
        assert page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth") == 0
        if scripts:
            assert [found["id"] for found in Axe().run(page).response["violations"]] == []
        page.goto("/maps/CAMPS/")
        assert picture.locator("circle").count() == 0


def test_what_the_picture_shows_is_said_to_those_who_do_not_see_it(
    window: Callable[..., BrowserContext], visitors: dict[str, Visitor]
) -> None:
    with window(visitors["visitor"]) as phone:
        page = phone.new_page()
        page.goto("/maps/CAMPS/")
        expect(page.get_by_role("img", name="Where the groups stand")).to_be_visible()
        expect(page.locator("svg desc")).to_contain_text("Group A: about 110 people. Group B: about 80 people.")
        expect(page.get_by_role("table", name="How large the groups are")).to_be_visible()
