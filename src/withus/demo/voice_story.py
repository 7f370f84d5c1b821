"""The demo's inbox: two of the peer organisation read it, and one voice waits there."""

from withus.core import receipts
from withus.people.models import Organisation
from withus.people.sessions import SessionInfo
from withus.policy.facts import VISITOR, Actor
from withus.voices import actions as voices
from withus.voices.actions import Audience
from withus.voices.inboxes import actions as inboxes
from withus.voices.inboxes.queries import public_inbox
from withus.voices.wording import Kind

WORDS = "The needles are too short. Two of us have wounds now."
_SEED = "DEMO"


def tell(organisation: Organisation, steward: Actor, editor: Actor, keys: tuple[SessionInfo, SessionInfo]) -> None:
    """The steward makes the inbox, the editor reads it too, and somebody sends the voice."""
    first, second = keys
    inboxes.make_inbox(steward, organisation, key=first.key, seed=_SEED)
    offer = inboxes.offer_to_read(editor, organisation, key=second.key)
    inbox = public_inbox(organisation)
    assert inbox
    inboxes.add_reader(steward, inbox, key=first.key, reader=offer)
    voices.contribute(
        VISITOR,
        None,
        receipt=receipts.new(),
        text=WORDS,
        topic="Needles",
        area="Harbor district",
        kind=Kind.PROBLEM.value,
        audience=Audience([inbox], is_for_publication=True),
        excluded=None,
    )
