"""The style sheet and the script: small, readable in every light, in both directions, nothing inline."""

import gzip
import hashlib
import re
from itertools import product
from pathlib import Path

import brotli
import pytest
from django.core.management import call_command
from django.test import Client

SOURCE = Path(__file__).parents[2] / "src" / "withus"
SHEET = (SOURCE / "static" / "css" / "withus.css").read_text("utf-8")
TEMPLATES = sorted((SOURCE / "templates").rglob("*.html"))


def tokens(dark: bool) -> dict[str, str]:
    """The colors of the light or the dark scheme, as the browser resolves them."""
    light_part, dark_part = SHEET.split("@media (prefers-color-scheme: dark)")
    light = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", light_part))
    return light | (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", dark_part.split("@media")[0])) if dark else {})


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = color.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula_knows_black_on_white() -> None:
    assert contrast("#000", "#ffffff") == 21


@pytest.mark.parametrize("dark", [False, True])
def test_every_text_can_be_read(dark: bool) -> None:
    color = tokens(dark)
    texts = product(["ink", "quiet", "link", "yes", "no", "wait"], ["paper", "surface"])
    pairs = [*texts, ("on-brand", "brand"), ("paper", "ink")]
    weak = {pair: contrast(color[pair[0]], color[pair[1]]) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("dark", [False, True])
def test_every_border_and_focus_can_be_seen(dark: bool) -> None:
    color = tokens(dark)
    assert contrast(color["line"], color["paper"]) >= 3
    for ground in ("paper", "surface"):  # the ring is yellow with an edge of ink: one of the two stands out
        assert max(contrast(color["focus"], color[ground]), contrast(color["ink"], color[ground])) >= 3


def test_the_style_sheet_and_the_script_stay_small() -> None:
    script = (SOURCE / "static" / "js" / "withus.js").read_bytes()
    assert len(SHEET.encode()) <= 16_000
    assert len(brotli.compress(SHEET.encode())) <= 3_800
    assert len(brotli.compress(script)) <= 1_500


def test_the_style_sheet_names_no_side_so_that_right_to_left_needs_no_second_one() -> None:
    physical = re.compile(
        r"(margin|padding|border)-(left|right|top|bottom)|text-align: (left|right)"
        r"|[;{ ](left|right|top|bottom|width|height):"
    )
    assert [match.group() for match in physical.finditer(SHEET)] == []


def test_nothing_is_inline_because_the_policy_forbids_it() -> None:
    inline = re.compile(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)
    wrong = [
        f"{path.name}: {found.group()}" for path in TEMPLATES for found in inline.finditer(path.read_text("utf-8"))
    ]
    assert wrong == []


def test_no_page_names_another_host() -> None:
    elsewhere = re.compile(r"(?:src|action)=\"https?:[^\"]*|<link[^>]*href=\"https?:[^\"]*")
    wrong = [f"{path.name}: {found}" for path in TEMPLATES for found in elsewhere.findall(path.read_text("utf-8"))]
    assert wrong == []


def test_the_name_of_a_tab_tells_nobody_what_the_page_is_about() -> None:
    plain = re.compile(r'\{% translate "[^"{}]+" %\}')
    told = {
        path.name: title
        for path in TEMPLATES
        for title in re.findall(r"\{% block title %\}(.*?)\{% endblock %\}", path.read_text("utf-8"))
        if title and not plain.fullmatch(title) and path.name != "error.html"
    }
    assert told == {}


def test_no_page_carries_a_token_because_none_is_needed() -> None:
    assert [path.name for path in TEMPLATES if "csrf_token" in path.read_text("utf-8")] == []


def test_files_as_they_are_sent_say_the_same_without_what_browsers_skip(settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    for source in sorted((SOURCE / "static").glob("*/*.*s")):
        written, (sent,) = (
            source.read_text("utf-8"),
            tmp_path.glob(f"{source.parent.name}/{source.stem}.*{source.suffix}"),
        )
        there = sent.read_text("utf-8")
        assert 0 < len(there) < len(written) * 0.95
        assert hashlib.md5(there.encode()).hexdigest().startswith(sent.suffixes[0][1:]), "kept for ever by this name"
        assert all(line.count("`") % 2 == 0 for line in written.splitlines()), "a text over several lines would change"
        skipped = r"(?s)/\*.*?\*/|\s" if source.suffix == ".css" else r"(?m)^\s*//.*$|\s"
        assert re.sub(r"\s", "", there) == re.sub(skipped, "", written)
        answer = Client().get(f"/static/{source.parent.name}/{sent.name}", headers={"accept-encoding": "gzip"})
        assert gzip.decompress(b"".join(answer)).decode() == there
        assert answer.headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=()"
    assert "usb=()" in Client().get("/static/nowhere").headers["Permissions-Policy"], "a page says all of them"


def test_a_first_visit_fits_into_the_first_fourteen_kilobytes() -> None:
    page = Client().get("/style/", headers={"accept-encoding": "br"}).content
    files = [brotli.compress((SOURCE / "static" / name).read_bytes()) for name in ("css/withus.css", "js/withus.js")]
    assert len(page) + sum(map(len, files)) < 12_000  # headers come on top
