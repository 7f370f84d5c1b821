"""The kit alone, on the style page's addresses: no database, no people."""

import copy
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest

from withus.policy.facts import VISITOR, Actor
from withus.web.middleware import Handler


def house(request: HttpRequest) -> dict[str, Any]:
    """What the home's context processor says on every page."""
    host = SimpleNamespace(host_name="Riverside Peer Union", community_name="Our Say", exit_address="", is_demo=True)
    return {"host": host}


def who_acts(get_response: Handler) -> Handler:
    """Ana is there if the cookie says so; on a shared device if it says that."""

    def middleware(request: HttpRequest) -> Any:
        here = request.COOKIES.get("withus", "")
        request.actor = Actor(account=1, pseudonym="calm otter") if here else VISITOR
        request.session_info = SimpleNamespace(is_shared=here == "shared", language="ar") if here else None
        return get_response(request)

    return middleware


@pytest.fixture(autouse=True)
def kit(settings: Any) -> None:
    """The product's own settings, with stand-ins for what lies above the kit."""
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(Path(__file__).parent / "templates")
    processors = templates[0]["OPTIONS"]["context_processors"]
    templates[0]["OPTIONS"]["context_processors"] = [
        *(name for name in processors if name.startswith("django.")),
        "tests.web.conftest.house",
    ]
    settings.TEMPLATES = templates
    settings.MIDDLEWARE = [
        "tests.web.conftest.who_acts" if name == "withus.people.middleware.who_acts" else name
        for name in settings.MIDDLEWARE
        if not name.startswith("withus.texts.")
    ]
    settings.ROOT_URLCONF = "tests.web.style"
