"""What holds for every test of voices."""

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests import make
from tests.voices.scene import Move, Scene, set_up
from withus.core import clock
from withus.policy.facts import Role
from withus.voices import forms, limits


@pytest.fixture(autouse=True)
def at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys of a test's own, nothing counted before it, and forms that may be sent at once."""
    monkeypatch.setattr(limits, "_counted", (0, Counter()))
    monkeypatch.setattr(forms, "YOUNGEST", timedelta(0))


@pytest.fixture
def scene(db: None) -> Scene:
    """Everybody."""
    return set_up()


@pytest.fixture
def move(settings: Any, scene: Scene) -> Move:
    """Moves to so many days from today; whoever was signed in has to do so again."""
    today = clock.today()

    def to(days: int) -> None:
        settings.WITHUS_TODAY = today + timedelta(days=days)
        scene.browsers.clear()

    return to


@pytest.fixture
def wes(scene: Scene) -> Client:
    """A peer worker's browser."""
    return scene.of(make.somebody(Role.PEER_WORKER, scene.peers))
