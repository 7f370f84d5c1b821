"""What holds for every test."""

import pytest

from withus.home.queries import public_host_changed


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    """No test sees whose house it was in the test before: pages keep that for some seconds."""
    public_host_changed()
