"""A crawler that finds nothing proves nothing: here is a page with every fault that it must find."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.browser.crawler import walk
from tests.browser.visiting import Visitor

BAD = """<!doctype html><html lang="en" dir="rtl"><head><title>Drugs</title><script>1</script>
<script src="https://elsewhere.example/x.js"></script></head><body onload="x()">
<header>Somebody</header><h1>A</h1><h1>B</h1><h3 id="x" style="color:red">C</h3><p id="x"></p>
<a href="#nowhere">a</a><a href="/things/12/">b</a><a href="/gone">c</a><img src="/big.png" alt="">
<form action="https://elsewhere.example/" method="post"></form></body></html>"""


class Bad(BaseHTTPRequestHandler):
    """A house that keeps to nothing."""

    def do_GET(self) -> None:
        """Answers with the page, a large picture, or nothing."""
        known = {"/": (BAD.encode(), "text/html"), "/big.png": (bytes(20_000), "image/png")}
        body, kind = known.get(self.path, (b"", "text/plain"))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Set-Cookie", "watched=you")
        self.send_header("Permissions-Policy", "camera=(self)")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def bad_house() -> Iterator[str]:
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bad)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_every_fault_of_a_bad_page_is_found(bad_house: str) -> None:
    found = {fault for fault, _ in walk(Visitor(bad_house), "visitor", ["/"], "Lantern House").faults}
    wanted = [
        "the header Content-Security-Policy is None",
        "the header Cross-Origin-Resource-Policy is None",
        "Permissions-Policy allows ['camera']",
        "a public answer has no ETag",
        "a cookie before one is needed: watched",
        "a cookie without HttpOnly or SameSite: watched",
        "start: has 2 h1: ['A', 'B']",
        "start: skips a level of headings: [1, 1, 3]",
        "start: the tab says 'Drugs'",
        "start: does not say whose host it is",
        "start: does not print the checkpoint",
        "start: the page says {'lang': 'en', 'dir': 'rtl'}",
        "start: styles, scripts or broken markup in the page: ['<body onload>', '<h3 style>', '<script>']",
        "start: an id stands twice: ['x']",
        "start: a link to #nowhere, which is not on the page",
        "start: a row number in an address: /things/12/",
        "start: asks another host: ['https://elsewhere.example/x.js', 'https://elsewhere.example/']",
        "/gone: a link leads to 404",
    ]
    assert [fault for fault in wanted if fault not in found] == []
    assert any(fault.startswith("start: a first visit takes 20,") for fault in found)
