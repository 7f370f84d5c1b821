"""One demo house and one browser for all real-browser tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from tests.browser.chromium import launch
from tests.browser.house import House
from tests.browser.life import visitors_of
from tests.browser.visiting import Visitor

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies here needs a browser, and comes last: Django asks no database beside a browser's event loop."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker("browser")
    items.sort(key=lambda item: item.path.parent == HERE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo, as `make run` starts it."""
    with House(tmp_path_factory.mktemp("house"), demo=True) as started:
        yield started


@pytest.fixture(scope="session")
def visitors(house: House) -> dict[str, Visitor]:
    """One visitor for each role."""
    return visitors_of(house)


Opener = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def window(browser: Browser, house: House) -> Opener:
    """Opens a browser window: a small phone, in a language, with or without JavaScript, as one of the visitors."""

    def open_window(visitor: Visitor, *, language: str = "en", scripts: bool = True, **more: Any) -> BrowserContext:
        more.setdefault("viewport", {"width": 320, "height": 640})
        opened = browser.new_context(locale=language, java_script_enabled=scripts, base_url=house.address, **more)
        for name, value in visitor.cookies.items():
            opened.add_cookies([{"name": name, "value": value, "url": house.address}])
        return opened

    return open_window
