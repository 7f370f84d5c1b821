"""A visitor without JavaScript: asks as a browser does, counts the bytes on the wire, and reads the page."""

import gzip
import http.client
import re
import zlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from time import monotonic
from urllib.parse import urlencode, urljoin, urlsplit

import brotli

BROWSER = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
}
FORM, LIMIT = "application/x-www-form-urlencoded", "between-two-answers"
_UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "deflate": zlib.decompress, "": lambda body: body}


@dataclass
class Form:
    """A form of a page: where it goes, how, and what it would send as it stands (choices and long texts apart)."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """What a page holds, read from its markup alone."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.headings: list[tuple[str, str]] = []
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.resources: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.inline: list[str] = []
        self.texts: dict[str, str] = {"title": "", "header": "", "checkpoint": "", "all": ""}
        self.html: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self._heading: str | None = None
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collects what matters of a tag."""
        values = {name: value or "" for name, value in attrs}
        if "id" in values:
            self.ids.append(values["id"])
        self.inline += [f"<{tag} {name}>" for name in values if name == "style" or name.startswith("on")]
        if len(values) < len(attrs):
            self.inline.append(f"<{tag}> with an attribute twice: {sorted(values)}")
        if tag == "html":
            self.html = values
        elif tag == "a" and "href" in values:
            self.links.append(values["href"])
        elif tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower()))
        elif tag == "input" and self._inside("form") and values.get("type") not in {"radio", "checkbox", "file"}:
            self.forms[-1].fields[values["name"]] = values.get("value", "")
        elif tag == "link" and {"stylesheet", "icon", "preload", "manifest"} & set(values.get("rel", "").split()):
            self.resources.append((values["rel"], values["href"]))
        elif tag in {"img", "script", "audio", "source", "video", "iframe"} and "src" in values:
            self.resources.append((tag, values["src"]))
        if tag in {"style"} or (tag == "script" and "src" not in values):
            self.inline.append(f"<{tag}>")
        if tag in {"h1", "h2", "h3"}:
            self.headings.append((tag, ""))
            self._heading = tag
        if tag not in {"meta", "link", "input", "img", "br", "hr", "source", "rect", "path", "col", "wbr"}:
            self._open.append((tag, values.get("class", "")))

    def handle_endtag(self, tag: str) -> None:
        """Closes up to this tag."""
        if tag == self._heading:
            self._heading = None
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        """Text goes to the parts that it stands in."""
        if self._heading:
            tag, text = self.headings[-1]
            self.headings[-1] = (tag, text + data)
        self.texts["all"] += data
        for part in ("title", "header"):
            if self._inside(part):
                self.texts[part] += data
        if any("checkpoint" in classes.split() for _, classes in self._open):
            self.texts["checkpoint"] += data

    def _inside(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._open)


@dataclass(frozen=True)
class Answer:
    """One answer: the status, the headers as they came, the text, and how many bytes it took."""

    path: str
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    wire: int

    @property
    def is_page(self) -> bool:
        """Whether it is a page for people."""
        return self.headers.get("Content-Type", "").startswith("text/html")

    def page(self) -> Page:
        """The page, read."""
        return Page(self.body.decode("utf-8"))


class Visitor:
    """Keeps a connection and, once signed in, the cookie."""

    def __init__(self, address: str, language: str = "en", codings: str = BROWSER["Accept-Encoding"]) -> None:
        self.address, self.language, self.cookies = address, language, dict[str, str]()
        self._codings = codings
        self._connection, self._used = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30), 0.0

    def get(self, path: str) -> Answer:
        """Opens a page, or a file of it."""
        return self._ask("GET", path)

    def post(self, path: str, **fields: str) -> Answer:
        """Sends a form, and stays where the answer is."""
        return self._ask("POST", path, urlencode(fields).encode())

    def fill_in(self, path: str, **answers: str | bytes) -> None:
        """Opens a page with a form, adds answers to what it holds already (bytes: a file), sends it; fails loudly."""
        form = next(one for one in self.get(path).page().forms if one.method == "post" and one.action in {"", path})
        parts = [_part(name, value) for name, value in {**form.fields, **answers}.items()]
        body = b"".join([*parts, f"--{LIMIT}--\r\n".encode()])
        answer = self._ask("POST", path, body, f"multipart/form-data; boundary={LIMIT}")
        assert answer.status < 400, f"{path}: {answer.status}"
        assert 'role="alert"' not in answer.body.decode(), f"{path}: {answer.page().texts['all']}"

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = FORM) -> Answer:
        headers = BROWSER | {"Accept-Language": self.language, "Accept-Encoding": self._codings}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {"Content-Type": kind, "Origin": self.address}
        if body is not None or monotonic() - self._used > 2:  # the server may close what is idle
            self._connection.close()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        self._used = monotonic()
        raw = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, value = cookie.split(";", 1)[0].split("=", 1)
            self.cookies[name] = value
        wire = len(raw) + sum(len(name) + len(value) + 4 for name, value in answer.headers.items()) + 20
        plain = _UNPACK[answer.headers.get("Content-Encoding", "")](raw)
        return Answer(path, answer.status, answer.headers, plain, wire)

    def sign_in(self, pseudonym: str, passphrase: str) -> "Visitor":
        """Signs in; fails loudly."""
        answer = self.post("/sign-in", pseudonym=pseudonym, passphrase=passphrase)
        assert answer.status == 303, f"{pseudonym} could not sign in: {answer.status}"
        return self


def _part(name: str, value: str | bytes) -> bytes:
    """One answer of a form, as browsers send it."""
    file = '; filename="spoken.wav"\r\nContent-Type: audio/wav' if isinstance(value, bytes) else ""
    head = f'--{LIMIT}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + (value if isinstance(value, bytes) else value.encode()) + b"\r\n"


def local(base: str, link: str) -> str | None:
    """A link as a path of this house, without its fragment; None if it leads elsewhere."""
    if re.match(r"(data|mailto|tel|blob):", link):
        return None
    parts = urlsplit(urljoin(f"http://here{base}", link))
    if parts.netloc != "here":
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")
