"""`make gallery`: a picture of each kind of page for each role, 320 and 1280 px wide, in English and Arabic.

Writes gallery/ROLE/PAGE-{320,1280}-{en,ar}.png, where PAGE is the name of the address.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "withus.settings")

import django  # noqa: E402  the settings come first
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from tests.browser.chromium import NoBrowser, launch  # noqa: E402
from tests.browser.crawler import beginnings, walk  # noqa: E402
from tests.browser.house import House  # noqa: E402
from tests.browser.life import visitors_of  # noqa: E402
from tests.browser.visiting import Visitor  # noqa: E402

from withus.demo.story import HOST  # noqa: E402

OUT = ROOT / "gallery"
WIDTHS, LANGUAGES = (320, 1280), ("en", "ar")


def photograph(browser: Browser, house: House, role: str, visitor: Visitor, pages: dict[str, str]) -> int:
    """Takes the role's pictures; returns how many."""
    (OUT / role).mkdir(parents=True)
    for width in WIDTHS:
        for language in LANGUAGES:
            size = {"width": width, "height": 720}
            window = browser.new_context(locale=language, viewport=size, base_url=house.address)
            cookies = [{"name": name, "value": value, "url": house.address} for name, value in visitor.cookies.items()]
            window.add_cookies(cookies)
            page = window.new_page()
            for kind, path in pages.items():
                page.goto(path)
                page.screenshot(path=OUT / role / f"{kind}-{width}-{language}.png", full_page=True)
            window.close()
    return len(pages) * len(WIDTHS) * len(LANGUAGES)


def main() -> int:
    """Starts a demo, finds every kind of page for every role, and takes the pictures."""
    django.setup()
    shutil.rmtree(OUT, ignore_errors=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        House(Path(folder), demo=True) as house,
        sync_playwright() as playwright,
    ):
        try:
            browser = launch(playwright)
        except NoBrowser as problem:
            print(f"withus: {problem}", file=sys.stderr)
            return 3
        visitors = visitors_of(house)
        begin = beginnings(house.run("urls", "--json"))
        for role, visitor in visitors.items():
            found = walk(visitor, role, begin, HOST)
            pages = {kind: paths[0] for kind, paths in found.pages.items()}
            print(f"{role}: {photograph(browser, house, role, visitor, pages)} pictures", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
