"""The permission table, for the table at which a body and peers sit: terms of reference, seats, meetings."""

from typing import Any

from withus.policy.deeds import Action
from withus.policy.facts import ACCOUNT_ROLES, Actor, Line, Role, Verdict
from withus.policy.facts import gettext_noop as _
from withus.policy.who import (
    EDITORS,
    LOG,
    NOT_FOR_IT,
    OFFICE,
    ONLY_THE_BODY,
    answering,
    either,
    its_office,
    not_both,
)

ONLY_WHO_FILLS = _(
    "A peer seat is filled by a steward of its own peer organisation, if that is recognised; any other seat by those who answer for the body."
)
ONLY_SEATED = _(
    "Only those who are seated today can do this: for a seat, or for an organisation that fills one. A term that has ended ends this too."
)
ONLY_SEATED_PEERS = _(
    "Only stewards and peer editors of a peer organisation that fills a seat here today can approve minutes."
)


def filling(actor: Actor, subject: Any) -> Verdict:
    """For a seat of peers a steward of the organisation whose seat it is (`fills_code`), if that is recognised
    (`recognised_codes`) and she does not answer for the body; for any other seat those who answer for the body."""
    return filling_of_peers(actor, subject) if subject.is_of_peers else answering(actor, subject)


def _filling_ones_own(actor: Actor, subject: Any) -> Verdict:
    theirs = actor.organisations(Role.ORG_STEWARD) & subject.recognised_codes() & {subject.fills_code}
    return Verdict(actor.is_system or bool(theirs), "")


def sitting(actor: Actor, subject: Any) -> Verdict:
    """Whoever holds the seat today (`holder_account`)."""
    return Verdict(actor.account is not None and actor.account == subject.holder_account, "")


def seated(actor: Actor, subject: Any) -> Verdict:
    """Whoever holds a seat today (`seated_accounts`), or speaks for an organisation that fills one (`seated_codes`)."""
    speaks = actor.organisations(*EDITORS) & subject.seated_codes
    return Verdict(actor.is_system or actor.account in subject.seated_accounts or bool(speaks), "")


def for_seated_peers(actor: Actor, subject: Any) -> Verdict:
    """A steward or peer editor of a peer organisation that fills a seat today (`peer_codes`)."""
    return Verdict(actor.is_system or bool(actor.organisations(*EDITORS) & subject.peer_codes), "")


filling_of_peers = not_both(_filling_ones_own, answering, NOT_FOR_IT)
seated_or_office = either(seated, answering)

LINES: dict[Action, Line] = {
    Action.ADOPT: Line(
        _("Adopt terms of reference, as a version beside the earlier ones"), OFFICE, its_office, LOG, ONLY_THE_BODY
    ),
    Action.ADD_SEAT: Line(_("Add a seat at the body's table"), OFFICE, its_office, LOG, ONLY_THE_BODY),
    Action.END_SEAT: Line(_("End a seat, with a public reason"), OFFICE, its_office, LOG, ONLY_THE_BODY),
    Action.FILL: Line(_("Fill a seat for some time"), (Role.ORG_STEWARD, *OFFICE), filling, LOG, ONLY_WHO_FILLS),
    Action.VACATE: Line(_("End a term in a seat early"), ACCOUNT_ROLES, either(sitting, filling), LOG, ONLY_WHO_FILLS),
    Action.CALL: Line(_("Call a meeting"), OFFICE, its_office, LOG, ONLY_THE_BODY),
    Action.BRING_UP: Line(_("Bring an item up for a meeting"), ACCOUNT_ROLES, seated_or_office, LOG, ONLY_SEATED),
    Action.ADD_PAPER: Line(_("Add a paper to an item"), ACCOUNT_ROLES, seated_or_office, LOG, ONLY_SEATED),
    Action.WRITE_MINUTES: Line(_("Write the minutes of a meeting, once"), OFFICE, its_office, LOG, ONLY_THE_BODY),
    Action.CONCLUDE: Line(
        _("Say what was decided about an item, with the votes by seat"), OFFICE, its_office, LOG, ONLY_THE_BODY
    ),
    Action.OBJECT_TO: Line(_("Put dissent beside a decision of a meeting"), ACCOUNT_ROLES, seated, LOG, ONLY_SEATED),
    Action.APPROVE_MINUTES: Line(
        _("Approve the minutes of a meeting"),
        EDITORS,
        not_both(for_seated_peers, answering, NOT_FOR_IT),
        LOG,
        ONLY_SEATED_PEERS,
    ),
}
