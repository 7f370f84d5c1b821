"""Every job that there is: whoever runs, lists or watches jobs asks here, so that none is missed by who asks first."""

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import withus
from withus.core.schedule import JOBS, Scheduled


def jobs() -> Mapping[str, Scheduled]:
    """All jobs by their name."""
    _register()
    return JOBS


@cache
def _register() -> None:
    """Reads every capability's jobs.py: a job exists as soon as it is written there."""
    source = Path(withus.__path__[0])
    for path in sorted(source.rglob("jobs.py")):
        importlib.import_module(".".join(("withus", *path.relative_to(source).with_suffix("").parts)))
