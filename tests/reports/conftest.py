"""What holds for every test of reports."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from tests import cast
from withus.voices import forms, limits


@pytest.fixture(autouse=True)
def at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of a test's own, nothing counted before it, and forms that may be sent at once."""
    monkeypatch.setattr(limits, "_counted", (0, Counter()))
    monkeypatch.setattr(forms, "YOUNGEST", timedelta(0))


@pytest.fixture
def everybody(db: None) -> cast.Cast:
    """The cast."""
    return cast.come_in()
