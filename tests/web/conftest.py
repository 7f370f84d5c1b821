"""The kit alone, on the style page's addresses: no database, no people."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.web.style import kit_alone


@pytest.fixture(autouse=True)
def kit() -> Iterator[None]:
    """The product's own settings, with stand-ins for what lies above the kit."""
    with override_settings(**kit_alone()):
        yield
