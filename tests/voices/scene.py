"""Lantern has an inbox that Lu and Edi read; Nora sends a voice on a shared tablet. Cem is of another organisation."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from tests import cast, make
from tests.sown import sown
from withus.core import clock
from withus.people.models import Instance, Organisation
from withus.policy.facts import Role
from withus.voices import jobs
from withus.voices.inboxes import actions
from withus.voices.inboxes.models import Inbox
from withus.voices.inboxes.queries import public_inbox
from withus.voices.models import Envelope, Voice

WORDS = "The needles are too short, and nobody asks us."
SEED = "0123456789ABCDEFGHJKMNPQRS"
Move = Callable[[int], None]


@dataclass
class Scene:
    """Who is there, each with her browser."""

    peers: Organisation
    council: Organisation
    lu: make.Somebody
    edi: make.Somebody
    mina: make.Somebody
    cem: make.Somebody
    browsers: dict[str, Client] = field(default_factory=dict)

    def of(self, who: make.Somebody) -> Client:
        """Her browser, signed in."""
        if who.pseudonym not in self.browsers:
            self.browsers[who.pseudonym] = cast.browser(who)
        return self.browsers[who.pseudonym]

    @property
    def inbox(self) -> Inbox:
        """The peers' inbox that is in use."""
        found = public_inbox(self.peers)
        assert found
        return found

    @property
    def place(self) -> str:
        """Where its page is."""
        return self.inbox.get_absolute_url()


@sown
def set_up() -> Scene:
    """A house with a recognised peer organisation that has an inbox, and a council that has none."""
    make.instance()
    peers, council = make.recognised("Lantern"), make.organisation("The council", "body")
    scene = Scene(
        peers,
        council,
        make.somebody(Role.ORG_STEWARD, peers),
        make.somebody(Role.PEER_EDITOR, peers),
        make.somebody(Role.BODY_SECRETARY, council),
        make.somebody(Role.ORG_STEWARD, make.organisation("Elsewhere")),
    )
    actions.make_inbox(scene.lu.actor, peers, key=scene.lu.key, seed=SEED)
    let_in(scene, scene.edi)
    return scene


def weeks_end() -> None:
    """Whoever looks after weeks has not been away: else nothing ends before two days are over."""
    Instance.objects.update(weeks_looked_on=clock.today(), weeks_wait_until=None)
    jobs.end_weeks()


def let_in(scene: Scene, who: make.Somebody) -> None:
    """She offers to read, and Lu adds her."""
    offer = actions.offer_to_read(who.actor, scene.peers, key=who.key)
    actions.add_reader(scene.lu.actor, scene.inbox, key=scene.lu.key, reader=offer)


def slip(page: HttpResponse) -> str:
    """The slip of the form on a page."""
    return re.search(r'name="slip" value="([^"]+)"', page.content.decode())[1]  # type: ignore[index]


def filled(scene: Scene, client: Client, **more: Any) -> dict[str, Any]:
    """A form for a voice, as it was given out, with answers."""
    sent = {"text": WORDS, "kind": "problem", "topic": "Needles", "area": "Harbor", "audience": [scene.peers.code]}
    return sent | {"slip": slip(client.get("/voices/new")), "excluded": "", "website": ""} | more


def for_a_story(scene: Scene) -> dict[str, Any]:
    """The answers of whoever wants all to read it, also as a story."""
    return {"audience": [f"publish-{scene.peers.code}"], "may_be_told": "on"}


def send(scene: Scene, client: Client, **more: Any) -> str:
    """Sends a voice and returns its receipt."""
    answer = client.post("/voices/new", filled(scene, client, **more))
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/voices/receipt"), answer.content.decode()
    return shown(client)


def shown(client: Client) -> str:
    """The receipt that the page shows, as symbols."""
    page = client.get("/voices/receipt").content.decode()
    groups = re.findall(r"<span>([0-9A-Z]{4})</span>", page.partition('id="receipt"')[2])
    assert len(groups) == 4
    return "".join(groups)


def come_back(client: Client, receipt: str) -> str:
    """The page that the receipt opens."""
    answer = client.post("/voices/return", {"receipt": receipt})
    assert (answer.status_code, answer["Location"]) == (303, "/voices/return")
    return unescape(client.get("/voices/return").content.decode())


def only() -> tuple[Voice, Envelope]:
    """The one voice there is, and its envelope."""
    return Voice.objects.get(), Envelope.objects.get()
