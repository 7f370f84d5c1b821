"""Every page of every role, held to "What every page keeps to" of docs/interface.md."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import get_resolver
from playwright.sync_api import BrowserContext, Page
from tests.browser.crawler import Walk, addresses, beginnings, walk
from tests.browser.house import House
from tests.browser.visiting import Visitor, local

from withus.demo.story import HOST

# Kinds of address that no link can lead to, each with its reason.
NOBODY_REACHES = {
    "add_checkpoint": "for witnesses' programs",
    "set_up": "its one-time token is shown at the machine's console only",
    "add_reader": "an inbox of the demo has both its readers; tests/voices walk it",
    "answer_voice": "a voice opens for a reader with her own key; tests/voices walk it",
    "appeal": "on one's own statement, which is not among the few that a walk opens; tests/deliberation walk it",
    "withdraw": "as appeal",
    "attest": "no body of the demo was taken over with a letter; tests/recommendations/test_ousted.py walks it",
    "close_voice": "as answer_voice",
    "confirm": "as attest",
    "contest": "as attest",
    "enclosure": "as answer_voice",
    "counter_receipt": "as end_visit",
    "end_visit": "for whoever came back with a receipt; tests/voices walk it",
    "erase_voice": "as end_visit",
    "judge_by_receipt": "as end_visit",
    "make_inbox": "both organisations of the demo that may have one have one; tests/voices walk it",
    "offer_to_read": "all who may read an inbox of the demo do; tests/voices walk it",
    "original": "as answer_voice",
    "own_enclosure": "as end_visit",
    "take_source_out": "as answer_voice",
    "tell_back": "those who spoke were told of the one answer of the demo; tests/voices walk it",
    "transcribe_voice": "as answer_voice",
    "withdraw_voice": "as end_visit",
    "reported": "its address is shown to whoever sent a report; tests/reports walk it",
    "share_voice": "as end_visit",
    "take_from": "as end_visit",
    "tell_story": "as answer_voice",
    "tile": "for programs that check the log; its format names the files",
    "witnessed": "for witnesses' programs",
}
SNAPSHOT = """() => ({
    headings: [...document.querySelectorAll("h1, h2, h3")].map(one => one.textContent.trim()),
    forms: [...document.forms].map(form => [form.method, form.getAttribute("action") || "",
        [...form.elements].map(one => one.name).filter(Boolean).join(" ")].join(" ")),
})"""


@dataclass(frozen=True)
class Sample:
    """One page of each kind, as the first role that can open it sees it."""

    kind: str
    role: str
    path: str


@pytest.fixture(scope="session")
def walks(house: House, visitors: dict[str, Visitor]) -> dict[str, Walk]:
    """What each role finds."""
    begin = beginnings(house.run("urls", "--json"))
    return {role: walk(visitor, role, begin, HOST) for role, visitor in visitors.items()}


@pytest.fixture(scope="session")
def samples(walks: dict[str, Walk]) -> list[Sample]:
    """One page of each kind; the start page also for somebody who is signed in."""
    found: dict[str, Sample] = {}
    for role, one in walks.items():
        for kind, paths in one.pages.items():
            found.setdefault(kind, Sample(kind, role, paths[0]))
    return [*found.values(), Sample("start", "instance_steward", "/")]


def test_every_page_of_every_role_keeps_to_the_list(walks: dict[str, Walk]) -> None:
    faults = "\n".join(filter(None, (one.report() for one in walks.values())))
    assert not faults, f"\n{faults}"


def test_in_arabic_and_with_the_codings_of_plain_http_a_visitors_pages_keep_to_it_too(house: House) -> None:
    visitor = Visitor(house.address, "ar", "gzip, deflate")  # browsers offer no brotli over plain HTTP, as to an onion
    found = walk(visitor, "visitor", beginnings(house.run("urls", "--json")), HOST)
    assert len(found.pages) > 40
    assert not found.faults, f"\n{found.report()}"


def test_every_kind_of_address_is_reached_by_somebody(walks: dict[str, Walk], house: House) -> None:
    known = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert set(addresses(house.run("urls", "--json"))) == known
    reached = set().union(*(one.reached for one in walks.values())) - {""}
    assert sorted(known - reached) == sorted(NOBODY_REACHES)


class Pages:
    """Windows of one kind (language, colors, scripts), one for each role; they note what the browser complains of."""

    def __init__(self, window: Callable[..., BrowserContext], visitors: dict[str, Visitor], **how: object) -> None:
        self.window, self.visitors, self.how = window, visitors, how
        self.pages: dict[str, Page] = {}
        self.wrong: list[str] = []

    def at(self, sample: Sample) -> Page:
        """The sample's page, open."""
        if sample.role not in self.pages:
            page = self.window(self.visitors[sample.role], **self.how).new_page()
            page.on("request", lambda request: self._own(request.url))
            page.on("console", lambda said: said.type == "error" and self.wrong.append(f"{page.url}: {said.text}"))
            page.on("pageerror", lambda error: self.wrong.append(f"{page.url}: {error}"))
            self.pages[sample.role] = page
        self.pages[sample.role].goto(sample.path)
        return self.pages[sample.role]

    def _own(self, url: str) -> None:
        if not url.startswith((self.visitors["visitor"].address, "data:", "blob:")):
            self.wrong.append(f"asks {url}")

    def close(self) -> None:
        """Closes the windows."""
        for page in self.pages.values():
            page.context.close()


Make = Callable[..., Pages]


@pytest.fixture
def pages(window: Callable[..., BrowserContext], visitors: dict[str, Visitor]) -> Iterator[Make]:
    """Makes windows of one kind; closed afterwards."""
    made: list[Pages] = []

    def make(**how: object) -> Pages:
        made.append(Pages(window, visitors, **how))
        return made[-1]

    yield make
    for one in made:
        one.close()


def listed(wrong: list[str]) -> str:
    """What is wrong, a line each."""
    return "\n" + "\n".join(wrong)


def too_wide(page: Page) -> str:
    """Which parts stick out of a screen that is 320 wide; empty if the page fits."""
    return str(
        page.evaluate(
            """() => {
                const root = document.documentElement;
                if (root.scrollWidth <= root.clientWidth) return "";
                const out = [...document.body.querySelectorAll("*")].filter(one => {
                    const box = one.getBoundingClientRect();
                    return box.right > root.clientWidth + 1 || box.left < -1;
                });
                const names = out.slice(0, 4).map(one => `${one.tagName}.${one.className}`);
                return `${root.scrollWidth} wide: ${names.join(", ")}`;
            }"""
        )
    )


def seen_by_axe(page: Page, **options: object) -> str:
    """What axe finds, in short."""
    result = Axe().run(page, options={"resultTypes": ["violations"], **options}).response
    return "; ".join(
        f"{one['id']}: {one['nodes'][0]['html'][:120]} ({len(one['nodes'])} ×)" for one in result["violations"]
    )


def test_every_page_fits_a_small_phone_and_axe_finds_nothing(pages: Make, samples: list[Sample]) -> None:
    light, wrong = pages(), []
    for sample in samples:
        page = light.at(sample)
        wrong += [f"{sample.kind}: {fault}" for fault in (too_wide(page), seen_by_axe(page)) if fault]
        page.emulate_media(media="print")
        if not page.locator(".checkpoint").is_visible():
            wrong.append(f"{sample.kind}: printed, it shows no checkpoint")
        page.emulate_media(media="screen")
    assert not wrong + light.wrong, listed(wrong + light.wrong)


def test_every_page_fits_and_has_contrast_in_arabic_and_at_night(pages: Make, samples: list[Sample]) -> None:
    dark, wrong = pages(language="ar", color_scheme="dark"), []
    for sample in samples:
        page = dark.at(sample)
        if page.evaluate("[document.documentElement.lang, document.documentElement.dir].join()") != "ar,rtl":
            wrong.append(f"{sample.kind}: is not in Arabic")
        contrast = seen_by_axe(page, runOnly=["color-contrast", "html-has-lang", "valid-lang"])
        wrong += [f"{sample.kind}: {fault}" for fault in (too_wide(page), contrast) if fault]
    assert not wrong + dark.wrong, listed(wrong + dark.wrong)


def test_every_page_is_the_same_without_javascript(pages: Make, samples: list[Sample]) -> None:
    with_scripts, without, wrong = pages(), pages(scripts=False), []
    for sample in samples:
        if with_scripts.at(sample).evaluate(SNAPSHOT) != without.at(sample).evaluate(SNAPSHOT):
            wrong.append(sample.kind)
    assert not wrong, listed(wrong)


def test_every_form_sent_empty_says_what_to_do(pages: Make, samples: list[Sample]) -> None:
    windows, wrong = pages(), []
    for sample in samples:
        if sample.kind == "sign_out":
            continue
        page = windows.at(sample)
        form = page.locator("main form[method=post]:has(input:not([type=hidden]), textarea, select)").first
        if not form.count():
            continue
        for one in form.locator("input:is([type=text], :not([type])):visible, textarea:visible").all():
            one.fill("")
        form.locator("button").first.click()
        wrong += [f"{sample.kind}, sent empty: {fault}" for fault in (too_wide(page), seen_by_axe(page)) if fault]
        stayed = local("/", page.url) is not None and page.locator("[role=alert]").count() == 0
        if stayed and page.locator(".field-wrong, .error").count():
            wrong.append(f"{sample.kind}, sent empty: errors without [role=alert]")
    assert not wrong + windows.wrong, listed(wrong + windows.wrong)
