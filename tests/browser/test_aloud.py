"""The receipt and the conversation, read aloud by voices of the device alone; and how both fit a small phone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page
from tests.browser.person import Person
from tests.browser.visiting import Visitor

# A device that says nothing, and keeps what it was asked to say.
FAKE = """
window.asked = [], window.silenced = 0;
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
const device = new EventTarget();
Object.assign(device, {
  getVoices: () => window.found,
  speak: (one) => window.asked.push([one.voice.name, one.lang, one.text]),
  cancel: () => { window.silenced += 1; },
});
Object.defineProperty(window, "speechSynthesis", { value: device });
"""
OWN = '{ name: "own", lang: "en-GB", localService: true }'
FAR = '{ name: "far", lang: "en-US", localService: false }, { name: "fern", lang: "ar-SA", localService: false }'
Opener = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def receipt(window: Opener, visitors: dict[str, Visitor]) -> Iterator[list[str]]:
    """Somebody sends a voice, and writes its receipt down."""
    with window(visitors["visitor"], scripts=False) as context:
        her = Person(context.new_page()).goes_to("/voices/new").answers(text="The needles are too short.", kind="need")
        her.page.locator("main [name=audience]").first.check()
        her.page.wait_for_timeout(3100)
        her.presses("Send it").sees("Write your receipt down")
        yield her.secrets()


def at(window: Opener, visitors: dict[str, Visitor], receipt: list[str], voices: str, **more: Any) -> Page:
    """The conversation, on a device with these voices."""
    context = window(visitors["visitor"], **more)
    context.add_init_script(f"{FAKE} window.found = [{voices}];")
    page = context.new_page()
    page.goto("/voices/return")
    page.locator("[name=receipt]").fill(receipt[0])
    with page.expect_navigation():
        page.locator("main form button").first.click()
    return page


def test_the_conversation_is_read_by_the_devices_own_voice_and_stops_on_leaving(
    window: Opener, visitors: dict[str, Visitor], receipt: list[str]
) -> None:
    page = at(window, visitors, receipt, f"{FAR}, {OWN}")
    button = page.locator("[data-aloud] button")
    button.click()
    asked = page.evaluate("window.asked")
    assert {(name, lang) for name, lang, _ in asked} == {("own", "en-GB")}
    said = " ".join(text for _, _, text in asked)
    assert "Sent to" in said
    assert "The needles are too short." in said
    assert said.index("Sent to") < said.index("What was said") < said.index("The needles")
    assert "Erase" not in said, "what became of it, and what was said: no buttons"
    assert button.inner_text() == "Stop reading"
    before = page.evaluate("window.silenced")
    button.click()
    assert page.evaluate("window.silenced") > before
    assert button.inner_text() == "Read it aloud"
    button.click()
    before = page.evaluate("window.silenced")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("window.silenced") > before
    assert button.inner_text() == "Read it aloud"


def test_each_part_in_its_language_and_what_has_no_voice_is_left_out_and_said(
    window: Opener, visitors: dict[str, Visitor], receipt: list[str]
) -> None:
    page = at(window, visitors, receipt, OWN)
    page.locator(".words").first.evaluate("one => { one.lang = 'tr'; }")
    page.locator("[data-aloud] button").click()
    said = " ".join(text for _, _, text in page.evaluate("window.asked"))
    assert "Sent to" in said
    assert "needles" not in said
    assert "a language for which this device has no voice" in page.locator("[data-aloud] [role=status]").inner_text()


@pytest.mark.parametrize("voices", [FAR, ""])
def test_with_voices_of_others_or_none_nothing_is_spoken_and_it_says_why(
    window: Opener, visitors: dict[str, Visitor], receipt: list[str], voices: str
) -> None:
    page = at(window, visitors, receipt, voices)
    page.locator("[data-aloud] button").click()
    page.get_by_text("would send the words to a company").wait_for()
    assert page.evaluate("window.asked") == []


def test_without_a_script_there_is_no_button(window: Opener, visitors: dict[str, Visitor], receipt: list[str]) -> None:
    page = at(window, visitors, receipt, "", scripts=False)
    assert page.get_by_text("The needles are too short.").is_visible()
    assert page.locator("[data-aloud]").is_hidden()
    assert page.locator("[data-recorder]").is_hidden()


def test_a_receipt_is_spelled_and_its_words_are_said(window: Opener, visitors: dict[str, Visitor]) -> None:
    with window(visitors["visitor"]) as context:
        context.add_init_script(f"{FAKE} window.found = [{OWN}];")
        her = Person(context.new_page()).goes_to("/voices/new").answers(text="It works.", kind="works")
        her.page.locator("main [name=audience]").first.check()
        her.page.wait_for_timeout(3100)
        her.presses("Send it")
        symbols, words = her.secrets()
        her.page.locator("[data-aloud] button").click()
        said = " ".join(text for _, _, text in her.page.evaluate("window.asked"))
        assert ", ".join(symbols.split()[0]) in said
        assert all(word in said for word in words.split())


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_conversation_fits_a_small_phone_and_is_accessible(
    window: Opener, visitors: dict[str, Visitor], receipt: list[str], language: str
) -> None:
    page = at(window, visitors, receipt, OWN, language=language)
    fits_and_is_accessible(page)
    with page.expect_navigation():
        page.locator("form[action='/voices/counter-receipt'] button").first.click()
    assert page.locator("code").first.inner_text().startswith("COUNTER-RECEIPT ")
    fits_and_is_accessible(page)


def fits_and_is_accessible(page: Page) -> None:
    """No sideways scrolling, and axe finds nothing."""
    assert page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth") == 0
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []
