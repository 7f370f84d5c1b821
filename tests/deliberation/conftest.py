"""A conversation with its map, drawn with few shuffles."""

from functools import partial

import pytest
from tests.deliberation import scene

from withus.compute.opinion_map import one_cloud, opinion_map
from withus.deliberation import jobs
from withus.deliberation.maps import drawing
from withus.processes.models import Process


@pytest.fixture
def fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many shuffles as the check needs, few draws, and gaps that need not be as clear as with more people.

    Tests of the method itself are elsewhere.
    """
    monkeypatch.setattr(one_cloud, "CLEAR", 0.3)
    monkeypatch.setattr(drawing, "opinion_map", partial(opinion_map, shuffles=100, bootstraps=20))
    monkeypatch.setattr(drawing.loops, "are_ready", lambda: True)


@pytest.fixture
def talk() -> Process:
    """A conversation of two camps of twenty, and its map."""
    made = scene.process()
    scene.camps(made, 20, 20)
    jobs.release()
    assert drawing.draw() == 1
    return made
