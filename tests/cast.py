"""The people of these tests, the same everywhere.

Ana and Bo are peers, Mina answers for the ministry, Lu is the steward of the peer organisation, Hedy of the house, and
Cem has no part.
"""

from dataclasses import dataclass

from django.test import Client

from tests import make
from tests.sown import sown
from withus.people.models import Organisation
from withus.policy.facts import Role


@dataclass
class Cast:
    """Everybody with an account of her own."""

    peers: Organisation
    ministry: Organisation
    ana: make.Somebody
    bo: make.Somebody
    lu: make.Somebody
    mina: make.Somebody
    hedy: make.Somebody
    cem: make.Somebody


@sown
def come_in() -> Cast:
    """A house with a peer organisation, a ministry and everybody in it."""
    make.instance()
    peers, ministry = make.organisation(), make.ministry()
    return Cast(
        peers,
        ministry,
        make.somebody(Role.PEER, peers),
        make.somebody(Role.PEER, peers),
        make.somebody(Role.ORG_STEWARD, peers),
        make.somebody(Role.BODY_SECRETARY, ministry),
        make.somebody(Role.INSTANCE_STEWARD),
        make.somebody(Role.PEER, make.organisation("The others elsewhere")),
    )


def browser(who: make.Somebody | None = None, *, shared: bool = False) -> Client:
    """A browser, in which somebody has signed in."""
    client = Client()
    if who:
        sent = {"pseudonym": who.pseudonym, "passphrase": who.passphrase} | ({"shared": "on"} if shared else {})
        assert client.post("/sign-in", sent).status_code == 303
    return client
