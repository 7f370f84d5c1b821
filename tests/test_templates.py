"""The host's papers name every section of the register of stored fields, and lead nowhere that is not there."""

import io
import re
import tarfile
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import override

from tests import cast, make
from withus.home.views import REGISTER
from withus.policy.facts import Role

DOCS = Path(__file__).parents[1] / "docs"
PAPERS = sorted((DOCS / "templates").glob("*.md"))


def rows(paper: Path) -> list[str]:
    """The first cells of the tables of a paper."""
    return re.findall(r"^\| ([^|]+?) \|", paper.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda one: str(one.stem))
def test_a_paper_names_every_section_of_the_register_once(paper: Path) -> None:
    with override("en"):
        titles = [str(section.title) for section in REGISTER.values()]
    assert [title for title in titles if rows(paper).count(title) != 1] == []


def test_a_paper_names_no_section_that_is_gone() -> None:
    with override("en"):
        titles = {str(section.title) for section in REGISTER.values()}
    for paper in PAPERS:
        table = paper.read_text("utf-8").split("| section", 1)[1].split("\n\n", 1)[0]
        named = {row for row in re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE) if row.strip("- ")}
        assert named - titles == set()


def test_the_three_papers_have_blanks_and_are_linked_where_a_steward_looks() -> None:
    assert [paper.stem for paper in PAPERS] == ["controller-and-processor", "impact-assessment", "legal-basis"]
    for paper in PAPERS:
        assert "____" in paper.read_text("utf-8")
        assert f"templates/{paper.name}" in (DOCS / "first-hour.md").read_text("utf-8")
        assert f"templates/{paper.name}" in (DOCS / "guides" / "instance-steward.md").read_text("utf-8")
        for link in re.findall(r"\]\(([^)]+)\)", paper.read_text("utf-8")):
            assert (paper.parent / link).exists(), link


@pytest.mark.django_db
def test_a_steward_is_told_where_they_are_and_finds_them_there(home: Path) -> None:
    make.instance()
    hedy = cast.browser(make.somebody(Role.INSTANCE_STEWARD))
    assert "docs/templates" in hedy.get("/about-this-host").content.decode()
    assert "docs/templates" not in Client().get("/about-this-host").content.decode()
    with tarfile.open(fileobj=io.BytesIO(Client().get("/source").content)) as archive:
        assert {f"withus/docs/templates/{paper.name}" for paper in PAPERS} <= set(archive.getnames())
