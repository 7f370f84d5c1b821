"""docs/interface.md says what is really there, and nothing else."""

import argparse
import re
from pathlib import Path

from withus import cli
from withus.policy.facts import Role
from withus.policy.pages import PAGES
from withus.policy.rules import Action
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


def test_the_content_security_policy_is_described() -> None:
    assert f"`{CONTENT_POLICY}`" in section("Headers")
