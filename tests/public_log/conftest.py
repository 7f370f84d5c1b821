"""Each of these tests has its own data and key folders."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_home(home: Path) -> Path:
    """The folder in which `data` and `keys` lie."""
    return home
