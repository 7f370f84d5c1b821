"""Each of these tests has its own data and key folders: what one log published must not lie in another one's way."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which `data` and `keys` lie."""
    monkeypatch.setenv("WITHUS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("WITHUS_KEYS", str(tmp_path / "keys"))
    return tmp_path
