"""Everybody of a story in one house, each at a browser of her own, on the days on which it happens."""

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, BrowserContext
from tests.browser.house import House
from tests.browser.person import Person


class Town:
    """Browsers with JavaScript, or without."""

    def __init__(self, browser: Browser, *, scripts: bool) -> None:
        self.browser, self.scripts = browser, scripts
        self.windows: list[BrowserContext] = []
        self.people: dict[str, Person] = {}
        self.places: dict[str, str] = {}

    def arrives(self, house: House) -> Person:
        """Somebody opens a browser on a small phone."""
        size: Any = {"width": 360, "height": 640}
        window = self.browser.new_context(
            base_url=house.address, java_script_enabled=self.scripts, viewport=size, locale="en"
        )
        window.set_default_timeout(15_000)
        self.windows.append(window)
        return Person(window.new_page())

    def known(self, house: House, role: str) -> Person:
        """One of the demo's people, signed in."""
        account = next(one for one in house.accounts() if one["role"] == role)
        person = self.arrives(house)
        person.pseudonym, person.passphrase = account["pseudonym"], account["passphrase"]
        return person.signs_in()

    def back(self, house: House, name: str) -> Person:
        """Somebody who was here before comes again, with what she wrote down."""
        before, again = self.people[name], self.arrives(house)
        again.pseudonym, again.passphrase = before.pseudonym, before.passphrase
        return again.signs_in()

    def path(self, name: str, person: Person) -> None:
        """Keeps the address of the page that somebody is on."""
        self.places[name] = "/" + person.page.url.split("/", 3)[3]

    def leave(self) -> None:
        """All browsers close."""
        for window in self.windows:
            window.close()
        self.windows.clear()


Some = TypeVar("Some", bound=Town)


def on(day: datetime.date, folder: Path, towns: Sequence[Some], *parts: Callable[[Some, House], None]) -> None:
    """Each part of the story, in each town, in the house as it is on the day; its log holds afterwards."""
    with House(folder, demo=True, today=day) as house:
        for town in towns:
            for part in parts:
                part(town, house)
                town.leave()
        assert '"ok": true' in house.run("verify-log", "--json")
