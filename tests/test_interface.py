"""docs/interface.md says what is really there, and nothing else."""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.templatetags.static import static
from django.test import Client

from tests import cast, make
from withus import cli
from withus.figures import data
from withus.policy.facts import SYSTEM, Role
from withus.policy.pages import PAGES
from withus.policy.rules import Action
from withus.processes import actions as processes
from withus.running import addresses
from withus.web.middleware import CONTENT_POLICY

PAGE = (Path(__file__).parents[1] / "docs" / "interface.md").read_text("utf-8")


def section(title: str) -> str:
    """One chapter of the page."""
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def usage(name: str, parser: argparse.ArgumentParser) -> str:
    """A command as the page writes it."""
    words = [name]
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        metavar = action.metavar or action.dest.upper()
        said = f"{action.option_strings[0]} {metavar}" if action.option_strings else str(metavar)
        if action.nargs == 0:
            said = action.option_strings[0]
        several = "…" if isinstance(action, argparse._AppendAction) else ""
        words.append(said if action.required and action.nargs != "?" else f"[{said}]{several}")
    return " ".join(words)


def test_every_command_is_described_with_all_its_words() -> None:
    parser = cli._parser(["verify-log"])
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))

    described = re.findall(r"^\| `([^`]+)` \|", section("Command line"), re.MULTILINE)

    described = [words.replace("\\|", "|") for words in described]  # a table's cells cannot hold a bare bar
    assert described == [usage(name, one) for name, one in commands.choices.items()]


def test_every_role_is_described() -> None:
    line = next(line for line in section("Roles").splitlines() if line.startswith("visitor"))
    assert line.split(" · ") == [role.value for role in Role]


def test_every_address_is_described_with_who_may_open_it() -> None:
    there = sorted(addresses.listed(), key=lambda one: str(one["url"]))
    expected = [(one["url"], addresses.spoken(one["roles"])) for one in there]
    described = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", section("Addresses"), re.MULTILINE)
    assert described == expected, "run tools/addresses"


def test_every_address_is_a_deed_or_has_its_line_and_no_line_is_left_over() -> None:
    names = {one["name"] for one in addresses.listed()}
    assert sorted(names - set(Action) - set(PAGES)) == [], "name it in policy/pages.py, or it is closed to everybody"
    assert sorted(set(PAGES) - names) == []


def header_table() -> list[tuple[list[str], str]]:
    """Which addresses a row is about, and its rule."""
    found = re.findall(r"^\| (.+?) \| (.+) \|$", section("Headers"), re.MULTILINE)[1:]
    return [(re.findall(r"`(/[^`]*)`", where), rule) for where, rule in found]


def ruled(rule: str) -> dict[str, str]:
    """The headers that a rule names, with what they say."""
    return dict(re.findall(r"`([A-Z][A-Za-z-]+): ([^`]+)`", rule))


def test_the_header_table_says_each_thing_once() -> None:
    rules = [ruled(rule) for places, rule in header_table() if places]
    said = [(name, value) for one in rules for name, value in one.items()]
    assert len(said) == len(set(said))
    assert f"`{CONTENT_POLICY}`" in header_table()[0][1]


@pytest.mark.django_db
def test_what_the_header_table_says_is_sent_there_and_nowhere_else() -> None:
    (_, everywhere), *rows = header_table()
    usual = ruled(everywhere) | {"Content-Security-Policy": CONTENT_POLICY}
    plain = Client().get("/help")
    for name, value in usual.items():
        assert plain[name] == value
    assert all(one.endswith("=()") for one in plain["Permissions-Policy"].split(", "))
    assert (plain["Cache-Control"], "ETag" in plain) == ("no-cache", True)
    for places, rule in rows:
        for place in places:
            answer = Client().get(place.replace("/static/…", static("css/withus.css")).replace("…", "x"))
            own = {name: value for name, value in ruled(rule).items() if value != "no-cache"}
            own |= {"Cache-Control": "no-store"} if "`Cache-Control: no-store`" in rule else {}
            assert set(own.items()) <= {(name, value) for name, value in answer.items()} | {
                ("Permissions-Policy", one) for one in answer["Permissions-Policy"].split(", ")
            }, place
            assert {name: answer[name] for name in usual.keys() - own.keys()} == {
                name: value for name, value in usual.items() if name not in own
            }
            assert not set(own.items()) & set(plain.items())


@pytest.mark.django_db
def test_with_a_session_and_after_a_form_nothing_is_kept() -> None:
    assert cast.browser(cast.come_in().ana).get("/help")["Cache-Control"] == "no-store"
    assert Client().post("/sign-in", {})["Cache-Control"] == "no-store"


def test_only_addresses_of_the_header_table_say_that_others_may_show_them() -> None:
    said = re.findall(r"^\| `([^`]+)` .*CORP cross-origin", section("Addresses"), re.MULTILINE)
    (places,) = [places for places, rule in header_table() if "cross-origin" in rule and places]
    assert sorted(said) == sorted(set(places) - {"/log/…"})


def named(text: str) -> Iterator[str]:
    """The names of all values in a sketch of JSON, as the dictionary writes them."""
    within: list[str] = []
    for name, opens, closes in re.findall(r'"([^"]+)"(: \[\]|: ?\[?\{)?|([\]}])', text):
        if closes:
            within = within[:-1] if closes == "}" else within
        elif opens.endswith("{"):
            within.append(f"{name}[]" if "[" in opens else name)
        else:
            place = "*" if within and within[-1] == "deadlines" else name
            yield ".".join([*within, f"{place}[]" if opens else place])


@pytest.mark.django_db
def test_the_names_in_a_bodys_data_are_described() -> None:
    sketch, said = re.search(r"data\.json`: `\{(.*?)\}`; (.*?)\n\n", PAGE, re.DOTALL).groups()  # type: ignore[union-attr]
    told = {name.replace(".I-02.", ".*.") for name in named(re.sub(r'":\s+', '": ', sketch))}
    assert told == {entry.name for entry in data.JSON}, "tests/figures/test_data.py compares those with what is sent"
    body = processes.open_body(SYSTEM, make.organisation(), name="A board", decides="Much.", language="en")
    sent = json.loads(Client().get(f"{body.get_absolute_url()}data.json").content)
    assert {name.split(".")[0].removesuffix("[]") for name in told} == set(sent)
    assert re.findall(r"`(I-\w+)`", said.partition("Indicators:")[2]) == list(sent["indicators"])
