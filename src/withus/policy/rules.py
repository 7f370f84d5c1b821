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
    GIVE_UP = "give_up"
    LEAVE = "leave"
    FOUND = "found"
    ESTABLISH = "establish"
    DECLARE = "declare"
    COUNTERSIGN = "countersign"
    INVITE = "invite"
    MISS = "miss"
    SHOW_UP = "show_up"
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
    ASK = "ask"
    AGREE = "agree"
    OFFER = "offer"
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
    ROTATE_LOG_KEY = "rotate_log_key"
    CONTINUE_LOG = "continue_log"


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


def for_its_editors(*roles: Role) -> Rule:
    """A standing in one of the roles for the peer organisation that reads the statements (`editors_code`)."""

    def rule(actor: Actor, subject: Any) -> Verdict:
        if not subject.editors_code:
            return Verdict(False, _NO_EDITORS)
        return Verdict(actor.is_system or any(actor.holds(role, subject.editors_code) for role in roles), "")

    return rule


def while_read(rule: Rule) -> Rule:
    """Only where peer editors read the statements: else they would wait for ever."""

    def guarded(actor: Actor, subject: Any) -> Verdict:
        return rule(actor, subject) if subject.editors_code else Verdict(False, _NO_EDITORS)

    return guarded


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


def of_a_recognised(actor: Actor, subject: Any) -> Verdict:
    """A steward of a recognised peer organisation (`recognised_codes`)."""
    return Verdict(bool(actor.organisations(Role.ORG_STEWARD) & subject.recognised_codes()), "")


def host_before_any_is_recognised(actor: Actor, subject: Any) -> Verdict:
    """The instance's steward, while there is no recognised peer organisation yet."""
    is_first = actor.holds(Role.INSTANCE_STEWARD) and not subject.recognised_codes()
    return Verdict(actor.is_system or is_first, "")


def host_of_an_orphan(actor: Actor, subject: Any) -> Verdict:
    """The instance's steward, for an organisation in which nobody gives and ends the roles (`has_keeper`)."""
    if actor.is_system or not actor.holds(Role.INSTANCE_STEWARD):
        return Verdict(actor.is_system, "")
    return Verdict(False, _HAS_KEEPER) if subject.has_keeper() else YES


def of_the_asked(actor: Actor, subject: Any) -> Verdict:
    """A steward of the peer organisation that was asked to stand beside a process (`asked_code`)."""
    return Verdict(actor.is_system or bool({subject.asked_code} & actor.organisations(Role.ORG_STEWARD)), "")


def its_proposer(actor: Actor, subject: Any) -> Verdict:
    """Whoever proposed the statement (`is_own`), also when every role of hers has ended."""
    if actor.account is None:
        return Verdict(False, "")
    return YES if subject.is_own else Verdict(False, _("Only the person who proposed this statement can do this."))


def not_its_first_judge(actor: Actor, subject: Any) -> Verdict:
    """A peer editor or steward of the organisation that reads, but not the account that decided first."""
    verdict = for_its_editors(Role.PEER_EDITOR, Role.ORG_STEWARD)(actor, subject)
    if actor.account is None or not verdict:
        return Verdict(False, verdict.reason)
    if subject.decided_by_account == actor.account:
        return Verdict(False, _("You decided about this statement. Somebody else has to look at the appeal."))
    return YES


_signed_in = holding(*ACCOUNT_ROLES)
# Not the staff of a body, nor whoever only reads or keeps the house: what peers say is not theirs to say.
_VOTERS = (Role.PEER, Role.PEER_WORKER, Role.PEER_EDITOR, Role.ORG_STEWARD)
_voting = holding(*_VOTERS)
_ONLY_PEERS = _("Only peers can do this: people whom a peer organisation gave a card.")
_STEWARDS = (Role.ORG_STEWARD, Role.INSTANCE_STEWARD)
_EDITORS = (Role.PEER_EDITOR, Role.ORG_STEWARD)
_LOG, _NO_TRACE = Trace.PUBLIC_LOG, Trace.NONE
_ONLY_STEWARD = _("Only a steward of this organisation can do this.")
_ONLY_EDITORS = _("Only this organisation's peer editors and stewards can do this.")
_ONLY_INSTANCE = _("Only this instance's steward can do this.")
_SIGN_IN = _("Please sign in first.")
_NOBODY = _("Only Withus itself does this.")
_ONLY_ASKED = _("Only a steward of the peer organisation that was asked can do this.")

_ONLY_KEEPERS = _("Only this organisation's stewards and secretaries can do this.")
_KEEPERS = (Role.ORG_STEWARD, Role.BODY_SECRETARY, Role.INSTANCE_STEWARD)
_NO_EDITORS = _(
    "No peer organisation reads statements here yet. Whoever opened this process asks a recognised one, and it agrees."
)
_HAS_KEEPER = _(
    "This organisation has somebody who makes its cards and ends its roles. The host can only help while nobody does."
)

_own = for_its_organisation(Role.ORG_STEWARD)
_keeping = for_its_organisation(Role.ORG_STEWARD, Role.BODY_SECRETARY)
_editing = for_its_editors(*_EDITORS)
_reading_steward = for_its_editors(Role.ORG_STEWARD)
_instance = holding(Role.INSTANCE_STEWARD)

POLICY: dict[Action, Line] = {
    # people
    Action.SET_UP: Line(_("Set this instance up, with the one-time address"), (Role.VISITOR,), anyone, _LOG, _NOBODY),
    Action.ADD_STEWARD: Line(
        _("Make a one-time address for one more steward of this house"),
        (Role.INSTANCE_STEWARD,),
        _instance,
        _LOG,
        _ONLY_INSTANCE,
    ),
    Action.DESCRIBE: Line(
        _("Say whose host this is and what the community calls itself"),
        (Role.INSTANCE_STEWARD,),
        _instance,
        _LOG,
        _ONLY_INSTANCE,
    ),
    Action.JOIN: Line(_("Join with an invite code"), tuple(Role), anyone, Trace.OFFICES, _SIGN_IN),
    Action.SIGN_IN: Line(_("Sign in with pseudonym and passphrase"), tuple(Role), anyone, _NO_TRACE, _SIGN_IN),
    Action.RECOVER: Line(_("Come back with a recovery code"), tuple(Role), anyone, _NO_TRACE, _SIGN_IN),
    Action.RENEW: Line(_("Get a new passphrase"), ACCOUNT_ROLES, having_account, _NO_TRACE, _SIGN_IN),
    Action.PREPARE: Line(_("Make recovery codes"), ACCOUNT_ROLES, having_account, _NO_TRACE, _SIGN_IN),
    Action.GIVE_UP: Line(_("Give one of one's own roles up"), ACCOUNT_ROLES, having_account, Trace.OFFICES, _SIGN_IN),
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
        _("Make invite codes to hand out; the host only the first ones, while nobody else can"),
        _KEEPERS,
        either(_keeping, host_of_an_orphan),
        Trace.OFFICES,
        _ONLY_KEEPERS,
    ),
    Action.MISS: Line(
        _("Say in public that nobody who gives an organisation's roles can act any more"),
        (Role.INSTANCE_STEWARD,),
        _instance,
        _LOG,
        _ONLY_INSTANCE,
    ),
    Action.SHOW_UP: Line(
        _("Answer that one is still there"), (Role.ORG_STEWARD, Role.BODY_SECRETARY), _keeping, _LOG, _ONLY_KEEPERS
    ),
    Action.RECALL: Line(
        _("Make unused invite codes worthless; the host only while nobody else can"),
        _KEEPERS,
        either(_keeping, host_of_an_orphan),
        _NO_TRACE,
        _ONLY_KEEPERS,
    ),
    Action.DISMISS: Line(
        _("End somebody's role; the host only while nobody else can"),
        _KEEPERS,
        either(_keeping, host_of_an_orphan),
        _LOG,
        _ONLY_KEEPERS,
    ),
    # texts
    Action.TRANSLATE: Line(_("Put a translation beside a text"), _EDITORS, _editing, _LOG, _ONLY_EDITORS),
    Action.RECORD: Line(_("Put a recording beside a text"), _EDITORS, _editing, _LOG, _ONLY_EDITORS),
    Action.REWORD: Line(
        _("Replace the product's words by the community's own; the host only while no peer organisation is recognised"),
        _STEWARDS,
        either(of_a_recognised, host_before_any_is_recognised),
        _LOG,
        _(
            "Only a steward of a recognised peer organisation can do this: the words are the community's. The host can while none is recognised."
        ),
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
    Action.ASK: Line(
        _("Ask a recognised peer organisation to read the statements of a process"),
        (Role.ORG_STEWARD, Role.BODY_SECRETARY),
        _keeping,
        _LOG,
        _ONLY_KEEPERS,
    ),
    Action.AGREE: Line(
        _("Agree to read the statements of a process"), (Role.ORG_STEWARD,), of_the_asked, _LOG, _ONLY_ASKED
    ),
    Action.OFFER: Line(
        _("Say how many minutes reading a statement takes, and what it pays"),
        (Role.ORG_STEWARD,),
        _reading_steward,
        _LOG,
        _ONLY_STEWARD,
    ),
    # deliberation
    Action.SEED: Line(
        _("Add first statements to a process"), _EDITORS, while_open("statements", _editing), _LOG, _ONLY_EDITORS
    ),
    Action.PROPOSE: Line(
        _("Propose a statement"), _VOTERS, while_open("statements", while_read(_voting)), _LOG, _ONLY_PEERS
    ),
    Action.WITHDRAW: Line(_("Take one's own statement back"), ACCOUNT_ROLES, its_proposer, _LOG, _SIGN_IN),
    Action.MODERATE: Line(
        _("Accept or decline a proposed statement, with a reason"), _EDITORS, _editing, _LOG, _ONLY_EDITORS
    ),
    Action.APPEAL: Line(_("Appeal against a declined statement"), ACCOUNT_ROLES, its_proposer, _LOG, _SIGN_IN),
    Action.REVIEW: Line(
        _("Decide an appeal, as somebody who did not decide first"), _EDITORS, not_its_first_judge, _LOG, _ONLY_EDITORS
    ),
    Action.VOTE: Line(
        _("Vote on a statement, or change a vote"), _VOTERS, while_open("votes", _voting), _NO_TRACE, _ONLY_PEERS
    ),
    Action.TAKE_BACK: Line(_("Take a vote back"), ACCOUNT_ROLES, while_open("votes", _signed_in), _NO_TRACE, _SIGN_IN),
    Action.ENTER: Line(
        _("Enter ballots from paper"), (Role.ORG_STEWARD,), while_open("votes", _reading_steward), _LOG, _ONLY_STEWARD
    ),
    Action.IMPORT: Line(
        _("Import a conversation from Polis' files"), (Role.ORG_STEWARD,), _reading_steward, _LOG, _ONLY_STEWARD
    ),
    Action.SEAL: Line(_("Seal the counts of a closed phase"), (), system, _LOG, _NOBODY),
    # running
    Action.BACK_UP: Line(_("Make a back-up now"), (Role.INSTANCE_STEWARD,), _instance, _NO_TRACE, _ONLY_INSTANCE),
    Action.ROTATE_LOG_KEY: Line(
        _("Give the public log another key, at the machine's console"), (), system, _LOG, _NOBODY
    ),
    Action.CONTINUE_LOG: Line(
        _("Go on with the public log under another name, at the machine's console"), (), system, _LOG, _NOBODY
    ),
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
