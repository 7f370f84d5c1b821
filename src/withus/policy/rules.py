"""The permission table: every deed, who may do it, what trace it leaves, and what a no says."""

from enum import StrEnum
from typing import Any

from withus.policy.facts import ACCOUNT_ROLES, YES, Actor, Line, Role, Rule, Trace, Verdict
from withus.policy.facts import gettext_noop as _


class Action(StrEnum):
    """Every deed of the product; the value is the word used in actions, forms, views and addresses."""

    SET_UP = "set_up"
    ADD_STEWARD = "add_steward"
    DESCRIBE = "describe"
    JOIN = "join"
    SIGN_IN = "sign_in"
    RECOVER = "recover"
    RENEW = "renew"
    PREPARE = "prepare"
    LEAVE = "leave"
    FOUND = "found"
    ESTABLISH = "establish"
    DECLARE = "declare"
    COUNTERSIGN = "countersign"
    INVITE = "invite"
    RECALL = "recall"
    DISMISS = "dismiss"
    TRANSLATE = "translate"
    RECORD = "record"
    REWORD = "reword"
    OPEN_BODY = "open_body"
    OPEN_SERVICE = "open_service"
    OPEN_SITE = "open_site"
    OPEN_PROCESS = "open_process"
    PLAN = "plan"
    CLOSE = "close"
    SEED = "seed"
    PROPOSE = "propose"
    WITHDRAW = "withdraw"
    MODERATE = "moderate"
    APPEAL = "appeal"
    REVIEW = "review"
    VOTE = "vote"
    TAKE_BACK = "take_back"
    ENTER = "enter"
    IMPORT = "import_polis"
    SEAL = "seal"
    BACK_UP = "back_up"


def anyone(actor: Actor, subject: Any) -> Verdict:
    """Whoever is there."""
    return YES


def system(actor: Actor, subject: Any) -> Verdict:
    """The machine itself: jobs and commands given at its console."""
    return YES if actor.is_system else Verdict(False, _("Only Withus itself does this."))


def holding(*roles: Role) -> Rule:
    """Any standing in one of the roles."""

    def rule(actor: Actor, subject: Any) -> Verdict:
        return Verdict(actor.is_system or any(actor.holds(role) for role in roles), "")

    return rule


def having_account(actor: Actor, subject: Any) -> Verdict:
    """Whoever has an account, also when every role of hers has ended."""
    return Verdict(actor.is_system or actor.account is not None, "")


def for_its_organisation(*roles: Role) -> Rule:
    """A standing in one of the roles for the organisation that the subject belongs to (`organisation_code`)."""

    def rule(actor: Actor, subject: Any) -> Verdict:
        code = subject.organisation_code
        return Verdict(actor.is_system or any(actor.holds(role, code) for role in roles), "")

    return rule


def either(*rules: Rule) -> Rule:
    """The first rule that says yes; else the last one's no."""

    def rule(actor: Actor, subject: Any) -> Verdict:
        verdicts = [one(actor, subject) for one in rules]
        return next((verdict for verdict in verdicts if verdict), verdicts[-1])

    return rule


def while_open(feature: str, rule: Rule) -> Rule:
    """Only while the process is in a phase that takes this: the subject's `takes(feature)` says."""

    def timed(actor: Actor, subject: Any) -> Verdict:
        if not subject.takes(feature):
            return Verdict(
                False, _("This part of the process is not open now. The page of the process says when it is.")
            )
        return rule(actor, subject)

    return timed


def of_another_recognised(actor: Actor, subject: Any) -> Verdict:
    """A steward of a recognised peer organisation that is not the subject itself (`recognised_codes`)."""
    others = actor.organisations(Role.ORG_STEWARD) - {subject.organisation_code}
    return Verdict(bool(others & subject.recognised_codes()), "")


def not_its_first_judge(actor: Actor, subject: Any) -> Verdict:
    """A peer editor or steward of the organisation, but not the account that decided first."""
    if actor.account is None or not for_its_organisation(Role.PEER_EDITOR, Role.ORG_STEWARD)(actor, subject):
        return Verdict(False, "")
    if subject.decided_by_account == actor.account:
        return Verdict(False, _("You decided about this statement. Somebody else has to look at the appeal."))
    return YES


_signed_in = holding(*ACCOUNT_ROLES)
_STEWARDS = (Role.ORG_STEWARD, Role.INSTANCE_STEWARD)
_EDITORS = (Role.PEER_EDITOR, Role.ORG_STEWARD)
_LOG, _NO_TRACE = Trace.PUBLIC_LOG, Trace.NONE
_ONLY_STEWARD = _("Only a steward of this organisation can do this.")
_ONLY_EDITORS = _("Only this organisation's peer editors and stewards can do this.")
_ONLY_INSTANCE = _("Only this instance's steward can do this.")
_SIGN_IN = _("Please sign in first.")
_NOBODY = _("Only Withus itself does this.")

_ONLY_KEEPERS = _("Only this organisation's stewards and secretaries can do this.")
_KEEPERS = (Role.ORG_STEWARD, Role.BODY_SECRETARY, Role.INSTANCE_STEWARD)

_own = for_its_organisation(Role.ORG_STEWARD)
_keeping = for_its_organisation(Role.ORG_STEWARD, Role.BODY_SECRETARY)
_editing = for_its_organisation(*_EDITORS)
_instance = holding(Role.INSTANCE_STEWARD)

POLICY: dict[Action, Line] = {
    # people
    Action.SET_UP: Line(_("Set this instance up, with the one-time address"), (Role.VISITOR,), anyone, _LOG, _NOBODY),
    Action.ADD_STEWARD: Line(_("Make a new set-up address, at the machine's console"), (), system, _LOG, _NOBODY),
    Action.DESCRIBE: Line(
        _("Say whose host this is and what the community calls itself"),
        (Role.INSTANCE_STEWARD,),
        _instance,
        _LOG,
        _ONLY_INSTANCE,
    ),
    Action.JOIN: Line(_("Join with an invite code"), tuple(Role), anyone, _NO_TRACE, _SIGN_IN),
    Action.SIGN_IN: Line(_("Sign in with pseudonym and passphrase"), tuple(Role), anyone, _NO_TRACE, _SIGN_IN),
    Action.RECOVER: Line(_("Come back with a recovery code"), tuple(Role), anyone, _NO_TRACE, _SIGN_IN),
    Action.RENEW: Line(_("Get a new passphrase"), ACCOUNT_ROLES, having_account, _NO_TRACE, _SIGN_IN),
    Action.PREPARE: Line(_("Make recovery codes"), ACCOUNT_ROLES, having_account, _NO_TRACE, _SIGN_IN),
    Action.LEAVE: Line(_("Leave, and erase one's account"), ACCOUNT_ROLES, having_account, _NO_TRACE, _SIGN_IN),
    Action.FOUND: Line(_("Add an organisation"), (Role.INSTANCE_STEWARD,), _instance, _LOG, _ONLY_INSTANCE),
    Action.ESTABLISH: Line(_("Publish the organisation's mandate"), (Role.ORG_STEWARD,), _own, _LOG, _ONLY_STEWARD),
    Action.DECLARE: Line(_("Declare who pays the organisation"), (Role.ORG_STEWARD,), _own, _LOG, _ONLY_STEWARD),
    Action.COUNTERSIGN: Line(
        _("Countersign another peer organisation's mandate"),
        _STEWARDS,
        either(of_another_recognised, _instance),
        _LOG,
        _(
            "Only a steward of another recognised peer organisation can countersign. The instance's steward can record an outside one."
        ),
    ),
    Action.INVITE: Line(
        _("Make invite codes to hand out"), _KEEPERS, either(_keeping, _instance), _NO_TRACE, _ONLY_KEEPERS
    ),
    Action.RECALL: Line(
        _("Make unused invite codes worthless"), _KEEPERS, either(_keeping, _instance), _NO_TRACE, _ONLY_KEEPERS
    ),
    Action.DISMISS: Line(_("End somebody's role"), _KEEPERS, either(_keeping, _instance), _NO_TRACE, _ONLY_KEEPERS),
    # texts
    Action.TRANSLATE: Line(_("Put a translation beside a text"), _EDITORS, _editing, _LOG, _ONLY_EDITORS),
    Action.RECORD: Line(_("Put a recording beside a text"), _EDITORS, _editing, _LOG, _ONLY_EDITORS),
    Action.REWORD: Line(
        _("Replace the product's words by the community's own"), _STEWARDS, holding(*_STEWARDS), _LOG, _ONLY_STEWARD
    ),
    # processes
    Action.OPEN_BODY: Line(_("Open a page for a body"), _STEWARDS, holding(*_STEWARDS), _LOG, _ONLY_STEWARD),
    Action.OPEN_SERVICE: Line(
        _("Add a service of an organisation"), _STEWARDS, either(_own, _instance), _LOG, _ONLY_STEWARD
    ),
    Action.OPEN_SITE: Line(
        _("Add a place where a service works"), _STEWARDS, either(_own, _instance), _LOG, _ONLY_STEWARD
    ),
    Action.OPEN_PROCESS: Line(
        _("Open a process around a policy or a service"),
        (Role.ORG_STEWARD, Role.BODY_SECRETARY),
        for_its_organisation(Role.ORG_STEWARD, Role.BODY_SECRETARY),
        _LOG,
        _ONLY_STEWARD,
    ),
    Action.PLAN: Line(
        _("Add a phase to a process"),
        (Role.ORG_STEWARD, Role.BODY_SECRETARY),
        for_its_organisation(Role.ORG_STEWARD, Role.BODY_SECRETARY),
        _LOG,
        _ONLY_STEWARD,
    ),
    Action.CLOSE: Line(
        _("Close a phase early"),
        (Role.ORG_STEWARD, Role.BODY_SECRETARY),
        for_its_organisation(Role.ORG_STEWARD, Role.BODY_SECRETARY),
        _LOG,
        _ONLY_STEWARD,
    ),
    # deliberation
    Action.SEED: Line(
        _("Add first statements to a process"), _EDITORS, while_open("statements", _editing), _LOG, _ONLY_EDITORS
    ),
    Action.PROPOSE: Line(_("Propose a statement"), ACCOUNT_ROLES, while_open("statements", _signed_in), _LOG, _SIGN_IN),
    Action.WITHDRAW: Line(_("Take one's own statement back"), ACCOUNT_ROLES, _signed_in, _LOG, _SIGN_IN),
    Action.MODERATE: Line(
        _("Accept or decline a proposed statement, with a reason"), _EDITORS, _editing, _LOG, _ONLY_EDITORS
    ),
    Action.APPEAL: Line(_("Appeal against a declined statement"), ACCOUNT_ROLES, _signed_in, _LOG, _SIGN_IN),
    Action.REVIEW: Line(
        _("Decide an appeal, as somebody who did not decide first"), _EDITORS, not_its_first_judge, _LOG, _ONLY_EDITORS
    ),
    Action.VOTE: Line(
        _("Vote on a statement, or change a vote"), ACCOUNT_ROLES, while_open("votes", _signed_in), _NO_TRACE, _SIGN_IN
    ),
    Action.TAKE_BACK: Line(_("Take a vote back"), ACCOUNT_ROLES, while_open("votes", _signed_in), _NO_TRACE, _SIGN_IN),
    Action.ENTER: Line(
        _("Enter ballots from paper"), (Role.ORG_STEWARD,), while_open("votes", _own), _LOG, _ONLY_STEWARD
    ),
    Action.IMPORT: Line(_("Import a conversation from Polis' files"), (Role.ORG_STEWARD,), _own, _LOG, _ONLY_STEWARD),
    Action.SEAL: Line(_("Seal the counts of a closed phase"), (), system, _LOG, _NOBODY),
    # running
    Action.BACK_UP: Line(_("Make a back-up now"), (Role.INSTANCE_STEWARD,), _instance, _NO_TRACE, _ONLY_INSTANCE),
}


def decide(actor: Actor, action: Action, subject: Any) -> Verdict:
    """Whether the actor may do this to this subject, with a reason in plain words if not."""
    line = POLICY[action]
    verdict = line.rule(actor, subject)
    if verdict or verdict.reason:
        return verdict
    if actor.account is None and not actor.is_system and Role.VISITOR not in line.roles:
        return Verdict(False, _SIGN_IN)
    return Verdict(False, line.reason_no)
