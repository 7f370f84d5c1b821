"""The permission table, for voices: who makes an inbox and reads it, and what whoever has the receipt may do."""

from typing import Any

from withus.policy.deeds import Action
from withus.policy.facts import YES, Actor, Line, Role, Verdict
from withus.policy.facts import gettext_noop as _
from withus.policy.who import (
    EDITORS,
    LOG,
    NO_TRACE,
    NOBODY,
    ONLY_KEEPERS,
    anyone,
    for_its_organisation,
    for_its_peers,
    keeping,
)

READERS = (Role.PEER_EDITOR, Role.ORG_STEWARD, Role.BODY_SECRETARY, Role.DUTY_BEARER)
ASSISTANTS = (Role.PEER_WORKER, Role.PEER_EDITOR, Role.ORG_STEWARD)
EVERYBODY = tuple(Role)
ONLY_ITS_PEOPLE = _("Only this organisation’s stewards, peer editors, secretaries and duty bearers can do this.")
ONLY_READERS = _("Only those who read this inbox can do this. Ask one of them to add you.")
NO_RECEIPT = _("Only whoever has the receipt can do this.")
ONLY_ASSISTANTS = _("Only peer workers, peer editors and stewards of this peer organisation can do this.")
ONLY_TELLERS = _("Only peer editors and stewards of a peer organisation who read this inbox can do this.")
LEFT_OUT = _(
    "This is not for you. Whoever sent it left out an organisation in which you have a role. Another reader of this "
    "inbox can open it."
)
ONLY_ITS_TELLERS = _("Only whoever has its receipt, and the peer editors and stewards who tell it, can do this.")


def _reading(actor: Actor, subject: Any) -> Verdict:
    """Whoever has the key to the inbox (`reader_accounts`), and still acts for its organisation; never the machine."""
    has_role = any(actor.holds(role, subject.organisation_code) for role in READERS)
    return Verdict(has_role and actor.account in subject.reader_accounts, "")


def not_left_out(actor: Actor, excluded: str) -> Verdict:
    """Nobody with a role of any kind in the organisation that a voice leaves out, by its code (empty if it is none).

    The code lies inside the sealed words: whoever opens a voice asks this, and then does with it what the table allows.
    """
    is_out = bool(excluded) and any(one.organisation == excluded for one in actor.standings)
    return Verdict(False, LEFT_OUT) if is_out else YES


def _by_receipt(actor: Actor, subject: Any) -> Verdict:
    """Whoever opened it with its receipt (`is_own`); nobody asks who that is."""
    return Verdict(subject.is_own, "" if subject.is_own else NO_RECEIPT)


_assisting = for_its_peers(*ASSISTANTS)


def _telling(actor: Actor, subject: Any) -> Verdict:
    """Whoever has the key to the inbox, as a peer editor or steward of that peer organisation."""
    peers = {one.organisation for one in actor.standings if one.is_of_peers and one.role in EDITORS}
    return Verdict(subject.organisation_code in peers and actor.account in subject.reader_accounts, "")


def _taking_back(actor: Actor, subject: Any) -> Verdict:
    """Whoever has the receipt (`is_own`), and the organisation that tells it."""
    return YES if subject.is_own else _of_the_tellers(actor, subject)


_of_the_tellers = for_its_organisation(*EDITORS)
_of_the_organisation = for_its_organisation(*READERS)
LINES: dict[Action, Line] = {
    Action.MAKE_INBOX: Line(
        _("Make an organisation’s inbox, and be its first reader"),
        (Role.ORG_STEWARD, Role.BODY_SECRETARY),
        keeping,
        LOG,
        ONLY_KEEPERS,
    ),
    Action.OFFER_TO_READ: Line(
        _("Offer to read the inbox of one’s own organisation"), READERS, _of_the_organisation, NO_TRACE, ONLY_ITS_PEOPLE
    ),
    Action.ADD_READER: Line(_("Let one more person read the inbox"), READERS, _reading, NO_TRACE, ONLY_READERS),
    Action.RENEW_INBOX: Line(
        _("Give the inbox a new key, and take the old one from a reader"), READERS, _reading, LOG, ONLY_READERS
    ),
    Action.RECOVER_INBOX: Line(
        _("Open the inbox with its paper key, and be its one reader"),
        READERS,
        _of_the_organisation,
        LOG,
        ONLY_ITS_PEOPLE,
    ),
    Action.CONTRIBUTE: Line(_("Send a voice, without an account"), EVERYBODY, anyone, NO_TRACE, NOBODY),
    Action.SAY_MORE: Line(_("Add words to one’s own voice"), EVERYBODY, _by_receipt, NO_TRACE, NO_RECEIPT),
    Action.WITHDRAW_VOICE: Line(
        _("Take one’s own voice back from those who read it"), EVERYBODY, _by_receipt, NO_TRACE, NO_RECEIPT
    ),
    Action.ERASE_VOICE: Line(_("Erase one’s own voice"), EVERYBODY, _by_receipt, NO_TRACE, NO_RECEIPT),
    Action.OPEN_VOICE: Line(
        _("Open a voice; the organisation sees who did, and on which day"), READERS, _reading, NO_TRACE, ONLY_READERS
    ),
    Action.ANSWER_VOICE: Line(_("Answer a voice"), READERS, _reading, NO_TRACE, ONLY_READERS),
    Action.TRANSCRIBE_VOICE: Line(_("Write down what was said in a voice"), READERS, _reading, NO_TRACE, ONLY_READERS),
    Action.CLOSE_VOICE: Line(_("Close a voice, so that it ends sooner"), READERS, _reading, NO_TRACE, ONLY_READERS),
    Action.PRINT_SLIPS: Line(
        _("Print blank slips, each with a receipt that is stored nowhere"),
        ASSISTANTS,
        _assisting,
        NO_TRACE,
        ONLY_ASSISTANTS,
    ),
    Action.ASSIST: Line(
        _("Enter a voice for somebody who agreed, from a slip; whoever enters it cannot open it again"),
        ASSISTANTS,
        _assisting,
        NO_TRACE,
        ONLY_ASSISTANTS,
    ),
    Action.SET_CONSENT: Line(
        _("Say whether one’s own voice may only be counted, or told as a story"),
        EVERYBODY,
        _by_receipt,
        NO_TRACE,
        NO_RECEIPT,
    ),
    Action.SHARE_VOICE: Line(
        _("Let one more organisation read one’s own voice"), EVERYBODY, _by_receipt, NO_TRACE, NO_RECEIPT
    ),
    Action.TAKE_FROM: Line(
        _("Take one’s own voice from one of those who read it"), EVERYBODY, _by_receipt, NO_TRACE, NO_RECEIPT
    ),
    Action.TELL_STORY: Line(
        _("Tell a voice as a story, while whoever sent it says that it may be told"),
        EDITORS,
        _telling,
        LOG,
        ONLY_TELLERS,
    ),
    Action.WITHDRAW_STORY: Line(
        _("Take a story back, with its receipt or for the organisation that tells it"),
        EVERYBODY,
        _taking_back,
        LOG,
        ONLY_ITS_TELLERS,
    ),
}
