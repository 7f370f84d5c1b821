"""Walks the house as one role: from every address that needs no code, along every link; holds each answer to the rules.

Nobody has to tell it of a new page: it takes the addresses from `withus urls` and from the links that it finds.
"""

import json
import re
from collections import Counter, deque
from dataclasses import dataclass, field
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from tests.browser.visiting import Answer, Page, Visitor, local

OF_EACH, OF_EACH_SIGNED_IN = 40, 6  # pages of one kind that are opened
LARGEST, LARGEST_SCRIPT = 14_000, 5_000  # bytes of a first visit
SPOKEN = {"/voices/new", "/voices/return", "/voices/more"}  # where something can be said by voice
LARGER = {"contribute": 30_000}  # where sound and pictures are what the page is for: the contract leaves it out
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
FOR_OTHERS = re.compile(r"/badge\.svg$|feed\.rss$|\.ics$|^/log/|^/api/")
TELLING = re.compile(r"drug|heroin|inject|naloxone|overdose|مخدر", re.IGNORECASE)
HEARD = {"audio", "source"}  # loaded only when somebody asks for it
ROW_NUMBER = re.compile(r"(?<!/log/entries)/\d{1,9}(/|$)")
WORDS = re.compile(r"\b[a-z]{3,8}(?: [a-z]{3,8}){7}\b")


@dataclass
class Walk:
    """What one role found: the pages that opened, by kind, all kinds that were reached, and what is wrong."""

    role: str
    pages: dict[str, list[str]] = field(default_factory=dict)
    reached: set[str] = field(default_factory=set)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def say(self, fault: str, path: str) -> None:
        """Notes a fault of a page."""
        self.faults.append((fault, path))

    def report(self) -> str:
        """The faults, each once, with how often and where."""
        often = Counter(fault for fault, _ in self.faults)
        where = dict(reversed(self.faults))
        return "\n".join(
            f"{self.role}: {fault} ({number} ×, first at {where[fault]})" for fault, number in often.items()
        )


def kind_of(path: str) -> str:
    """The name of the address, as in the URL table; empty for files and unknown ones."""
    try:
        return resolve(urlsplit(path).path).url_name or ""
    except Resolver404:
        return ""


def addresses(listed: str) -> dict[str, str]:
    """Name → address of everything that `withus urls --json` lists."""
    return {one["name"]: one["url"] for one in json.loads(listed)}


def beginnings(listed: str) -> list[str]:
    """Where every walk begins: the start page, and every address that needs no code (those stand in capitals)."""
    return ["/", *sorted(url for url in addresses(listed).values() if url == url.lower() and url != "/")]


def walk(visitor: Visitor, role: str, begin: list[str], host_name: str) -> Walk:
    """Opens everything that this visitor can reach."""
    found = Walk(role)
    signed_in = bool(visitor.cookies)
    most = OF_EACH_SIGNED_IN if signed_in else OF_EACH
    waiting, seen, opened = deque(begin), set(begin), Counter[str]()
    sizes: dict[str, tuple[int, str]] = {}
    while waiting:
        path = waiting.popleft()
        kind = kind_of(path)
        if opened[kind] >= most:
            continue
        opened[kind] += 1
        if kind == "leave_quickly":  # stands on every page, and ends the walk; `voices/test_leaving.py` tries it
            found.reached.add(kind)
            continue
        answer = visitor.get(path)
        if answer.status == 405 or (answer.status in {403, 404} and path in begin):
            continue
        found.reached.add(kind)
        _keep_headers(found, answer, signed_in)
        if answer.status in {301, 302, 303}:
            more = [answer.headers["Location"]]
        elif answer.status != 200:
            found.say(f"{kind or path}: a link leads to {answer.status}", path)
            continue
        elif answer.is_page:
            page = answer.page()
            found.pages.setdefault(kind, []).append(path)
            _keep_to_the_list(found, visitor, answer, page, host_name, sizes)
            more = page.links + [form.action for form in page.forms if form.method == "get"]
            more += [url for what, url in page.resources if what in HEARD]
            found.reached |= {kind_of(urljoin(path, form.action)) for form in page.forms}
        else:
            more = []
        for link in more:
            target = local(path, link)
            if target is not None and target not in seen:
                seen.add(target)
                waiting.append(target)
    return found


def _keep_headers(found: Walk, answer: Answer, signed_in: bool) -> None:
    """The header table of docs/interface.md."""
    path, headers = urlsplit(answer.path).path, answer.headers
    worker = "; worker-src 'self'" if path.startswith("/field/") else ""
    wanted = {
        "Content-Security-Policy": POLICY + worker,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if FOR_OTHERS.search(path) else "same-origin",
    }
    for name, value in wanted.items():
        if headers.get_all(name) != [value]:
            found.say(f"the header {name} is {headers.get_all(name)}", answer.path)
    allowed = re.findall(r"([a-z-]+)=\((?!\))", headers.get("Permissions-Policy", "nothing=(x)"))
    if allowed != (["microphone"] if path in SPOKEN else []):
        found.say(f"Permissions-Policy allows {allowed}", answer.path)
    cache = headers.get("Cache-Control", "")
    if signed_in and answer.is_page and cache != "no-store":
        found.say(f"a page with a session says Cache-Control: {cache}", answer.path)
    is_kept = not path.startswith(("/voices/", "/stories/", "/report"))
    if not signed_in and answer.status == 200 and is_kept and not headers.get("ETag"):
        found.say("a public answer has no ETag", answer.path)
    for cookie in headers.get_all("Set-Cookie") or ():
        if not signed_in:
            found.say(f"a cookie before one is needed: {cookie.split('=')[0]}", answer.path)
        if not {"httponly", "samesite=lax"} <= {part.strip().lower() for part in cookie.split(";")}:
            found.say(f"a cookie without HttpOnly or SameSite: {cookie.split('=')[0]}", answer.path)


def _keep_to_the_list(
    found: Walk, visitor: Visitor, answer: Answer, page: Page, host_name: str, sizes: dict[str, tuple[int, str]]
) -> None:
    """What every page keeps to, as far as its markup tells."""
    kind = kind_of(answer.path) or answer.path

    def say(fault: str) -> None:
        found.say(f"{kind}: {fault}", answer.path)

    titles = [text.strip() for tag, text in page.headings if tag == "h1"]
    if len(titles) != 1 or not titles[0]:
        say(f"has {len(titles)} h1: {titles}")
    levels = [int(tag[1]) for tag, _ in page.headings]
    if any(later > before + 1 for before, later in pairwise(levels)):
        say(f"skips a level of headings: {levels}")
    title = page.texts["title"].strip()
    if not title or title.startswith("·") or TELLING.search(title):
        say(f"the tab says {title!r}")
    if host_name not in page.texts["header"]:
        say("does not say whose host it is")
    if not WORDS.search(page.texts["checkpoint"]):
        say("does not print the checkpoint")
    if page.html != {"lang": visitor.language, "dir": "rtl" if visitor.language == "ar" else "ltr"}:
        say(f"the page says {page.html}")
    if page.inline:
        say(f"styles, scripts or broken markup in the page: {sorted(set(page.inline))}")
    twice = [name for name, number in Counter(page.ids).items() if number > 1]
    if twice:
        say(f"an id stands twice: {twice}")
    for link in page.links:
        if link.startswith("#") and link != "#" and link[1:] not in page.ids:
            say(f"a link to {link}, which is not on the page")
        if ROW_NUMBER.search(urlsplit(link).path) and local(answer.path, link):
            say(f"a row number in an address: {link}")
    elsewhere = [url for _, url in page.resources if not url.startswith("data:") and local(answer.path, url) is None]
    elsewhere += [form.action for form in page.forms if local(answer.path, form.action) is None]
    if elsewhere:
        say(f"asks another host: {elsewhere}")
    _weigh(visitor, answer, page, sizes, say)


def _weigh(visitor, answer, page, sizes, say) -> None:  # type: ignore[no-untyped-def]
    """A first visit: the page and everything it loads by itself."""
    total, script, most = answer.wire, 0, LARGER.get(kind_of(answer.path), LARGEST)
    for what, url in page.resources:
        path = local(answer.path, url)
        if path is None or what in HEARD:
            continue
        if path not in sizes:
            file = visitor.get(path)
            sizes[path] = (file.wire if file.status == 200 else -1, what)
            if "immutable" not in file.headers.get("Cache-Control", "") and path.startswith("/static/"):
                say(f"{path} may not be kept: {file.headers.get('Cache-Control')}")
        size, _ = sizes[path]
        if size < 0:
            say(f"{path} is not there")
        total += size
        script += size if what == "script" else 0
    if total > most:
        say(f"a first visit takes {total:,} bytes, more than {most:,}")
    if script > LARGEST_SCRIPT:
        say(f"{script:,} bytes of script, more than {LARGEST_SCRIPT:,}")
