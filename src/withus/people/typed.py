"""What somebody typed into a form when her session had ended: sealed in the page for signing in, and nowhere else.

It goes back into its form, at the address to which it was sent, for the same account alone, and is sent by nobody but
her. Secrets, files and what the page itself had given out never come along.
"""

import base64
import json
from dataclasses import asdict, dataclass

from django.core.exceptions import RequestDataTooBig
from django.http import QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from withus.core import codes, keys, sealing
from withus.people import sessions
from withus.policy.facts import Role
from withus.policy.pages import roles_of
from withus.policy.rules import Action
from withus.web.requests import Request

FIELD = "typed"
LARGEST = 64 * 1024  # bytes of what is carried
LONGEST = 2 * LARGEST  # signs of it once it is sealed
SECRETS = frozenset({
    "code", "draft", "fifth", "number", "paper", "passphrase", "pseudonym", "receipt", "second", "seed", "slip",
    "token", FIELD,
})  # fmt: skip
NO_SECRETS = {Action.TELL_STORY: frozenset({"pseudonym"})}  # a name that was made up for the story; it is nobody's
_PURPOSE = "what was typed"


@dataclass(frozen=True)
class Typed:
    """The answers to a form, where it was sent, and a mark of whose they are; empty if nobody can tell."""

    address: str
    whose: str
    fields: dict[str, list[str]]

    def is_of(self, key: bytes) -> bool:
        """Whether the account with this participation key may have it."""
        return self.whose in {"", mark_of(key)}

    @property
    def data(self) -> QueryDict:
        """The answers, as a form reads them."""
        found = QueryDict(mutable=True)
        for name, values in self.fields.items():
            found.setlist(name, values)
        return found


class TooLong(Exception):
    """More was typed than a page carries."""


def mark_of(key: bytes) -> str:
    """Whose something is: the same for an account each time, and made by nobody without its key."""
    return codes.keyed(key, _PURPOSE, 26)


def sent_in_vain(request: Request) -> Typed | None:
    """What came with a form for a deed that needs an account, from somebody without a session; None if nothing did.

    Raises TooLong.
    """
    match = request.resolver_match
    name = (match and match.url_name) or ""
    is_deed = name in set(Action) and Role.VISITOR not in roles_of(name)
    if request.method != "POST" or request.actor.account is not None or not is_deed:
        return None
    secrets = SECRETS - NO_SECRETS.get(Action(name), frozenset())
    try:
        fields = {name: list(values) for name, values in request.POST.lists() if name not in secrets}
    except RequestDataTooBig as problem:
        raise TooLong from problem
    if not any(map(any, fields.values())):
        return None
    key = sessions.ended_key(request)
    return Typed(request.get_full_path(), mark_of(key) if key else "", fields)


def sealed(typed: Typed) -> str:
    """For a hidden field. Raises TooLong."""
    plain = json.dumps(asdict(typed)).encode()
    if len(plain) > LARGEST:
        raise TooLong
    return base64.urlsafe_b64encode(sealing.shut(keys.read_or_make(sessions.KEY), plain, _PURPOSE, "")).decode()


def opened(text: str) -> Typed | None:
    """The inverse; None for what this house has not sealed since the key before the last, or leads elsewhere."""
    for key in filter(None, map(keys.read, (sessions.KEY, sessions.KEY_BEFORE))):
        try:
            found = Typed(**json.loads(sealing.unshut(key, base64.urlsafe_b64decode(text), _PURPOSE, "")))
        except (sealing.Unreadable, ValueError):
            continue
        is_here = found.address.startswith("/") and url_has_allowed_host_and_scheme(found.address, allowed_hosts=None)
        return found if is_here else None
    return None
