"""Documentation that cannot rot: a setting, an action, a job, a figure and a word exist only if they are described."""

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from withus.core.configuration import BOUNDS, SETTINGS, TOOLS
from withus.policy.rules import POLICY

DOCS = Path(__file__).parents[1] / "docs"


def read(name: str) -> str:
    """A page of the documentation."""
    return (DOCS / name).read_text("utf-8")


def test_every_setting_is_described_and_nothing_else() -> None:
    described = set(re.findall(r"`(WITHUS_[A-Z_]+)`", read("configuration.md")))
    assert described - set(TOOLS) == set(SETTINGS)


def test_the_bounds_of_each_number_are_said_where_it_is_described() -> None:
    rows = dict(re.findall(r"^\| `(WITHUS_[A-Z_]+)` \|(.+)$", read("configuration.md"), re.MULTILINE))
    assert [name for name, (least, most) in BOUNDS.items() if f"{least} to {most}" not in rows[name]] == []


def test_every_action_is_in_the_printed_policy() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", read("policy.md"), re.MULTILINE)
    assert rows == [action.value for action in POLICY], "run tools/policy"


def test_every_job_is_described() -> None:
    from withus.running import known

    described = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", read("jobs.md")))
    assert described == set(known.jobs())


def test_every_decision_ends_with_when_to_reopen_it() -> None:
    records = sorted((DOCS / "decisions").glob("*.md"))
    assert records
    open_ended = [path.name for path in records if "Reopen when" not in path.read_text("utf-8")]
    assert not open_ended, open_ended


def test_the_architecture_page_stays_two_pages() -> None:
    assert len(read("architecture.md").splitlines()) <= 130


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_readme_begins_with_the_two_commands() -> None:
    text = (DOCS.parent / "README.md").read_text("utf-8")
    assert text.index("make run") < text.index("make test") < 1500
    assert ".png" in text


def test_the_notice_of_the_data_is_shipped_with_it() -> None:
    notice = (DOCS.parent / "src/withus/demo/data/polis/README.md").read_text("utf-8")
    assert "CC BY 4.0" in notice
    assert "The Computational Democracy Project" in notice


def test_the_package_is_described_for_machines() -> None:
    text = (DOCS.parent / "pyproject.toml").read_text("utf-8")
    assert json.dumps("AGPL-3.0-or-later") in text
