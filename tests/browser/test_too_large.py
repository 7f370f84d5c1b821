"""A film from a telephone is far more than a form takes: the page says so, and what was typed is still there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.browser.person import Person
from tests.browser.visiting import Visitor

WORDS = "The needles are too short, and this took long to type."


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_seventy_megabytes_are_refused_in_words_and_what_was_typed_stays(
    window: Callable[..., BrowserContext], visitors: dict[str, Visitor], tmp_path: Path, scripts: bool
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(70_000_000))
    with window(visitors["visitor"], scripts=scripts) as context:
        her = Person(context.new_page()).goes_to("/voices/new").answers(text=WORDS, kind="need")
        sent: list[str] = []
        her.page.on("request", lambda one: sent.append(one.method))
        her.page.locator("[name=audio]").set_input_files(film)
        her.page.get_by_role("button", name="Send it").click()
        expect(her.page.get_by_text("Together these files are larger than 16 MB.").first).to_be_visible()
        expect(her.page.locator("[name=text]")).to_have_value(WORDS)
        assert ("POST" in sent) is not scripts, "with a script nothing is sent for nothing"
