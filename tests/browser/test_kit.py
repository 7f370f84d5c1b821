"""The kit in a real browser: every component in every light, width and direction; with the script and without it."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page
from tests.web.style import kit_alone


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def kit() -> Iterator[str]:
    """The address of the kit's style page."""
    with override_settings(**kit_alone()):
        server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Silent)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A small phone."""
    with browser.new_context(viewport={"width": 320, "height": 640}, locale="en") as context:
        yield context.new_page()


@pytest.mark.parametrize("light", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_component_is_accessible_and_fits(
    browser: Browser, kit: str, width: int, locale: str, light: Any
) -> None:
    complaints: list[str] = []
    options: Any = {"viewport": {"width": width, "height": 800}, "locale": locale, "color_scheme": light}
    with browser.new_context(**options) as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("request", lambda sent: None if sent.url.startswith((kit, "data:")) else complaints.append(sent.url))
        for path in ("/style/", "/ask/"):
            page.goto(kit + path)
            root = page.locator("html")
            assert root.evaluate("root => root.scrollWidth - root.clientWidth") == 0
            assert [found["id"] for found in Axe().run(page).response["violations"]] == []
            assert root.get_attribute("dir") == ("rtl" if locale == "ar" else "ltr")
    assert complaints == []


def test_every_deed_is_large_enough_for_a_thumb(page: Page, kit: str) -> None:
    page.goto(kit + "/style/")
    small = "all => all.filter(one => one.offsetHeight > 0 && one.offsetHeight < 48).map(one => one.outerHTML)"
    deeds = "button, .button, nav a, footer a, summary, input:not([type=radio], [type=checkbox]), select"
    assert page.locator(deeds).evaluate_all(small) == []


def test_escape_pressed_three_times_leaves_and_nothing_stays_in_the_way_back(page: Page, kit: str) -> None:
    page.goto(kit + "/ask/")
    page.goto(kit + "/style/")
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url(kit + "/sign-in")
    page.go_back()
    assert page.url == kit + "/ask/"


def test_two_escapes_are_not_enough(page: Page, kit: str) -> None:
    page.goto(kit + "/style/")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    assert page.url == kit + "/style/"


def test_leaving_quickly_signs_out_on_the_way(browser: Browser, kit: str) -> None:
    with browser.new_context() as context:
        context.add_cookies([{"name": "withus", "value": "own", "url": kit}])
        page = context.new_page()
        page.goto(kit + "/style/")
        with page.expect_request(kit + "/voices/leave"):
            page.locator("[data-exit]").click()
        page.wait_for_url(kit + "/sign-in")


def test_leaving_quickly_needs_no_script(browser: Browser, kit: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(kit + "/style/")
        page.locator("[data-exit]").click()
        page.wait_for_url(kit + "/sign-in")


def test_keys_vote_but_not_while_somebody_writes(page: Page, kit: str) -> None:
    page.goto(kit + "/style/")
    page.locator("textarea").first.press("2")
    assert page.url == kit + "/style/"
    page.locator("h1").click()
    with page.expect_request(kit + "/send-only/") as sent:
        page.keyboard.press("2")
    assert sent.value.post_data == "value=-1"


def test_two_clicks_are_one_deed(page: Page, kit: str) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.route("**/send-only/", lambda route: None)
    page.goto(kit + "/style/")
    page.locator(".button-answer").first.dblclick(no_wait_after=True)
    page.wait_for_timeout(300)
    assert sent.count("POST") == 1


def test_ana_sees_how_much_room_is_left(page: Page, kit: str) -> None:
    page.goto(kit + "/ask/")
    page.locator("textarea").fill("night hours 🙂")
    assert page.locator("textarea + p").inner_text() == "Characters left: 127"
    page.locator("textarea").fill("x" * 142)
    assert page.locator("textarea + p").inner_text() == "Characters too many: 2"


def test_a_code_behind_the_address_is_filled_in_and_leaves_the_address(page: Page, kit: str) -> None:
    page.goto(kit + "/join#7KQ2-M9XA")
    assert page.locator("[name=code]").input_value() == "7KQ2-M9XA"
    assert page.url == kit + "/join"


def test_errors_take_the_focus_and_lead_to_the_field(page: Page, kit: str) -> None:
    page.goto(kit + "/ask/")
    page.get_by_role("button", name="Send my idea").click()
    summary = page.get_by_role("alert")
    assert summary.evaluate("one => one === document.activeElement")
    summary.get_by_role("link").first.click()
    assert page.locator("#id_text").evaluate("one => one === document.activeElement")


def test_on_paper_there_is_no_navigation_but_the_checkpoint(page: Page, kit: str) -> None:
    page.goto(kit + "/style/")
    page.emulate_media(media="print", color_scheme="dark")
    parts = ("nav", ".exit", ".button", ".checkpoint", ".checkpoint img")
    assert [page.locator(part).first.is_visible() for part in parts] == [False, False, False, True, True]
    assert page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_shared_device_shows_nobodys_page_for_long(browser: Browser, kit: str) -> None:
    with browser.new_context() as context:
        context.add_cookies([{"name": "withus", "value": "shared", "url": kit}])
        page = context.new_page()
        page.clock.install()
        page.goto(kit + "/ask/")
        page.clock.run_for(599_000)
        assert page.url == kit + "/ask/"
        page.clock.run_for(2_000)
        page.wait_for_url(kit + "/")


@pytest.mark.parametrize("words", ["", "One thing more."])
def test_a_visits_page_leaves_the_screen_when_it_has_ended_and_words_in_a_form_stay(
    page: Page, kit: str, words: str
) -> None:
    page.clock.install()
    page.goto(kit + "/voices/consent")
    page.evaluate("document.querySelector('h1').dataset.read = ''")
    page.locator("textarea").fill(words)
    page.clock.run_for(1_799_000)
    assert (page.url, page.locator("h1").is_visible()) == (kit + "/voices/consent", True)
    page.clock.run_for(2_000)
    if words:
        assert (page.url, page.locator("h1").is_visible()) == (kit + "/voices/consent", False)
        assert page.locator("textarea").input_value() == words
    else:
        page.wait_for_url(kit + "/voices/return")


def test_choosing_arabic_turns_the_page_without_a_script(browser: Browser, kit: str) -> None:
    context: BrowserContext
    with browser.new_context(java_script_enabled=False, locale="en") as context:
        page = context.new_page()
        page.goto(kit + "/ask/")
        page.get_by_role("button", name="العربية").click()
        assert page.url == kit + "/ask/"
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert [cookie["name"] for cookie in context.cookies()] == ["language"]
