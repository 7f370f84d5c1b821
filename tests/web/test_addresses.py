"""Web addresses within words: what is safe is a link, shown whole; everything else stays words."""

from typing import Any

import pytest
from django.template import engines

from withus.web.addresses import Piece, pieces

AWAY = 'dir="ltr" rel="nofollow noopener noreferrer"'


@pytest.fixture(autouse=True)
def true_addresses(kit: None, settings: Any) -> None:
    """Those of the product, not of the style page."""
    settings.ROOT_URLCONF = "withus.urls"


def linked(words: str) -> str:
    """The words as a page shows them."""
    return engines["django"].from_string("{% linked words %}").render({"words": words})


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("See https://example.org/a?b=c&d=%20e#f.", "https://example.org/a?b=c&d=%20e#f"),
        ("(http://example.org/a_(b))", "http://example.org/a_(b)"),
        ("“HTTPS://EXAMPLE.org/”", "HTTPS://EXAMPLE.org/"),
        ("first\nhttps://example.org:8443/\nlast", "https://example.org:8443/"),
        ("انظر https://example.org/a، ثم عد", "https://example.org/a"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("http://abcdefghij.onion/x", "http://abcdefghij.onion/x"),
    ],
)
def test_an_address_is_a_link_shown_whole(words: str, address: str) -> None:
    found = list(pieces(words))
    assert [one.words for one in found if one.leads_to] == [address]
    assert [one.leads_to for one in found if one.leads_to] == [address]
    assert "".join(one.words for one in found) == words
    shown = address.replace("&", "&amp;")
    assert f'<a href="{shown}" {AWAY}>{shown}</a>' in linked(words)


HOSTILE = [
    "javascript:alert(1)",
    "javascript:https://example.org/%0aalert(1)",
    "javascript://example.org/%0aalert(1)",
    "JaVaScRiPt:alert(1)//https://example.org",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html,https://example.org/",
    "vbscript:msgbox(1)",
    "ftp://example.org/",
    "//example.org/",
    "https:example.org",
    "https:///example.org",
    "https://",
    "https://bank.example@evil.example/",
    "https://name:word@example.org/",
    "https://bank.example%40evil.example/",
    "https://evil.example\\@bank.example/",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/'onmouseover='alert(1)",
    "https://example.org/<script>alert(1)</script>",
    "https://example.org/\u202egro.elpmaxe",
    "https://example\u200b.org/",
    "https://\u2066example.org/",
    "https://bücher.example/",
    "https://ехample.org/",
    "https://example.org:port/",
    "https://[not-one]/",
    "https://[::1",
    "/recommendations//example.org/",
    "/recommendations/../sign-out",
    "/sign-out",
    "https://.example.org/",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_what_is_not_what_it_looks_like_stays_words(words: str) -> None:
    assert "<a" not in linked(words), words
    assert "<script" not in linked(words)
    assert [one for one in pieces(words) if one.words] == [Piece(words)]


def test_two_in_a_row_are_two_and_what_stands_between_stays() -> None:
    assert linked("https://a.example <b> https://b.example") == (
        f'<a href="https://a.example" {AWAY}>https://a.example</a> &lt;b&gt; '
        f'<a href="https://b.example" {AWAY}>https://b.example</a>'
    )


@pytest.mark.parametrize(
    "path",
    [
        "/recommendations/R-OPEN/", "/recommendations/R-OPEN/#answer", "/processes/P-1/", "/maps/P-1/",
        "/processes/P-1/results", "/processes/P-1/statements/S-1/",
    ],
)  # fmt: skip
def test_pages_of_this_host_are_opened_here_however_they_are_named(path: str) -> None:
    for host in ("http://testserver", "https://TESTSERVER:8443", "http://localhost:8000", ""):
        assert linked(f"{host}{path}") == f'<a href="{path}" dir="ltr">{host}{path}</a>'
    assert AWAY in linked(f"https://example.org{path}")


def test_other_pages_of_this_host_are_opened_as_from_anywhere() -> None:
    for path in ("/sign-out", "//example.org/", "/setup/TOKEN"):
        assert linked(f"http://testserver{path}") == (
            f'<a href="http://testserver{path}" {AWAY}>http://testserver{path}</a>'
        )
