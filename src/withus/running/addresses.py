"""Every address there is, with its methods and the roles that may open it; every deed, with who may do it."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from withus.policy.facts import ACCOUNT_ROLES, Role
from withus.policy.pages import roles_of
from withus.policy.rules import POLICY

_ANY = ["GET", "HEAD", "POST"]


def listed() -> list[dict[str, Any]]:
    """All addresses in the order of their tables: `url`, `name`, `methods`, `roles`."""
    return [
        {
            "url": "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: found[1].upper(), route),
            "name": pattern.name,
            "methods": _methods(pattern.callback),
            "roles": [role.value for role in roles_of(pattern.name or "")],
        }
        for route, pattern in _patterns(get_resolver())
    ]


def permissions() -> list[dict[str, Any]]:
    """The permission table: `action`, `sentence`, `roles`, `trace`, `reason_no`."""
    return [
        {
            "action": action.value,
            "sentence": line.sentence,
            "roles": [role.value for role in line.roles],
            "trace": line.trace.value,
            "reason_no": line.reason_no,
        }
        for action, line in POLICY.items()
    ]


def spoken(roles: list[str]) -> str:
    """Roles in words: everybody, whoever is signed in, or their names."""
    if len(roles) == len(Role):
        return "everybody"
    return "whoever is signed in" if roles == [*ACCOUNT_ROLES] else ", ".join(roles) or "nobody"


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        route = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one
        else:
            yield from _patterns(one, route)


def _methods(view: Any) -> list[str]:
    """What Django's own decorators let in: they keep the list in the closure of the function that they return."""
    while view is not None:
        names = getattr(getattr(view, "__code__", None), "co_freevars", ())
        if "request_method_list" in names:
            return list(view.__closure__[names.index("request_method_list")].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return _ANY
