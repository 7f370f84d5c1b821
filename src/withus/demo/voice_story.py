"""The demo's inboxes: in the peers' a slip and three voices wait, two became a finding, one is told.

One of those that wait went to the board's inbox as well, and one leaves the board out.
"""

from datetime import timedelta
from typing import Any

from withus.core import clock, codes, receipts
from withus.people.models import Organisation
from withus.people.sessions import SessionInfo
from withus.policy.facts import SYSTEM, VISITOR, Actor
from withus.voices import actions as voices
from withus.voices.assisted import actions as assisted
from withus.voices.findings import actions as findings
from withus.voices.findings.models import Finding
from withus.voices.findings.queries import public_groupable
from withus.voices.inboxes import actions as inboxes
from withus.voices.inboxes.models import Inbox
from withus.voices.inboxes.queries import public_inbox
from withus.voices.models import Envelope
from withus.voices.queries import Opened
from withus.voices.sending import Audience
from withus.voices.stories import actions as stories
from withus.voices.stories.queries import Tellable
from withus.voices.wording import Consent, Kind

WORDS = "The needles are too short. Two of us have wounds now."
ENTERED = "At night nobody opens. I wait at the door until seven."
TO_BOTH = "The form asks for an address. I have none, so I could not ask for a seat at your table."
WITHOUT_THE_BOARD = "At the board's desk they laughed when I said what I take. I do not want them to know who says it."
LATE = (
    "I am nineteen. Their meeting starts at four and I am still at work then.",
    "We wanted to go to the scrutiny meeting. It was over before school was.",
)
FINDING: dict[str, Any] = {
    "code": "F-LATE",
    "kind": Kind.PROBLEM.value,
    "text": "Whoever works or goes to school cannot be there when the board meets. (invented)",
    "topic": "Meetings",
    "area": "Harbor district",
    "language": "en",
}
THANKS = "Thank you. Others say the same. We ask the board, and tell you here what it answers."
TOLD = "The board says: from spring on we begin at half past six. It pays no fares, as it has no money for them yet."
FOUND_BEFORE, TOLD_BEFORE, TOLD_AS_A_STORY = timedelta(days=51), timedelta(days=27), timedelta(days=1)  # before today
TO_BE_TOLD = "They closed at four. I work until five, so I went without for the whole winter."
STORY = (
    "For a whole winter I came too late. The place closes at four, and my work ends an hour later. I asked for one "
    "evening in the week. Nobody said no, and nobody opened. In spring I had an infection, and the hospital was open "
    "all night."
)
_SEED = "DEMO"


def tell(organisation: Organisation, steward: Actor, editor: Actor, keys: tuple[SessionInfo, SessionInfo]) -> None:
    """The steward makes the inbox, the editor reads it too; two voices become a finding, one is told, one waits."""
    second = keys[1]
    with clock.at(clock.today() - FOUND_BEFORE):
        inbox = _inbox(organisation, (steward, editor), keys)
        for words in LATE:
            _sent(inbox, words, "Meetings")
        sent = list(Envelope.objects.filter(inbox=inbox).select_related("voice", "inbox__organisation"))
        for envelope in sent:
            voices.open_voice(editor, envelope, key=second.key)
            voices.answer_voice(editor, envelope, text=THANKS, key=second.key)
        chosen = [one.voice.code for one in sent]
        findings.publish_finding(editor, public_groupable(inbox), key=second.key, voices=chosen, **FINDING)
    with clock.at(clock.today() - TOLD_AS_A_STORY):
        told = _sent(inbox, TO_BE_TOLD, "Opening hours").voice.envelopes.get()
        voices.open_voice(editor, told, key=second.key)
        about = {"text": STORY, "pseudonym": "patient heron", "topic": "Opening hours", "area": "Harbor district"}
        stories.tell_story(editor, Tellable(told), key=second.key, language="en", **about)
        voices.close_voice(editor, told, key=second.key)
    _sent(inbox, WORDS, "Needles")


def tell_the_board(
    board: Organisation, peers: Organisation, readers: tuple[Actor, Actor], keys: tuple[SessionInfo, SessionInfo]
) -> None:
    """The board has an inbox too, with two readers: one voice is sealed for both, and one goes to the peers alone."""
    theirs, ours = _inbox(board, readers, keys), public_inbox(peers)
    assert ours
    _sent(ours, TO_BOTH, "Seats", theirs, is_for_publication=False)
    _sent(ours, WITHOUT_THE_BOARD, "Respect", is_for_publication=False, excluded=board)


def _inbox(organisation: Organisation, readers: tuple[Actor, Actor], keys: tuple[SessionInfo, SessionInfo]) -> Inbox:
    """An inbox that the first of them makes, and the second one reads too."""
    first, second = readers
    inboxes.make_inbox(first, organisation, key=keys[0].key, seed=_SEED)
    offer = inboxes.offer_to_read(second, organisation, key=keys[1].key)
    inbox = public_inbox(organisation)
    assert inbox
    inboxes.add_reader(first, inbox, key=keys[0].key, reader=offer)
    return inbox


def tell_back() -> None:
    """The organisation tells those who spoke what the board answered."""
    with clock.at(clock.today() - TOLD_BEFORE):
        finding = Finding.objects.get(code=FINDING["code"])
        findings.tell_back(SYSTEM, finding, recommendation="R-ANSWERED", text=TOLD, language="en")


def _sent(
    inbox: Inbox,
    text: str,
    topic: str,
    *others: Inbox,
    is_for_publication: bool = True,
    excluded: Organisation | None = None,
) -> Opened:
    return voices.contribute(
        VISITOR,
        None,
        receipt=receipts.new(),
        text=text,
        topic=topic,
        area="Harbor district",
        kind=Kind.PROBLEM.value,
        audience=Audience([inbox, *others], is_for_publication=is_for_publication),
        excluded=excluded,
        may_be_told=is_for_publication,
    )


def enter(organisation: Organisation, worker: Actor, key: bytes) -> None:
    """The peer worker prints a slip, and types in what somebody said who had no phone."""
    inbox, token = public_inbox(organisation), codes.code(16)
    assert inbox
    (slip,) = assisted.print_slips(worker, organisation, key=key, size=1, token=token)
    assisted.assist(
        worker,
        organisation,
        token=token,
        number=slip.number,
        consent=Consent.MARKED.value,
        text=ENTERED,
        topic="Opening hours",
        area="Harbor district",
        kind=Kind.PROBLEM.value,
        audience=Audience([inbox], is_for_publication=False),
        excluded=None,
    )
