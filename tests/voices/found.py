"""Findings where only their rows matter: of so many voices, whose words nobody has to open."""

from typing import Any

from withus.core import clock, codes
from withus.people.models import Organisation
from withus.voices.findings.models import Finding, Source

TEXT = "The room is closed when people need it most."


def finding(of: Organisation, voices: int = 1, **more: Any) -> Finding:
    """A finding of an organisation, with so many sources."""
    about = {"kind": "problem", "text": TEXT, "topic": "Nights", "area": "Harbor", "language": "en"}
    made = Finding.objects.create(organisation=of, found_on=clock.today(), **about | more)
    sources(made, voices)
    return made


def sources(of: Finding, number: int) -> list[Source]:
    """So many voices that count in it from today."""
    rows = (Source(finding=of, locator=codes.digest(codes.code()), added_on=clock.today()) for _ in range(number))
    return Source.objects.bulk_create(rows)
