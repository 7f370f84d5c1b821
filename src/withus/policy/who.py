"""Who may: the rules that the lines of the permission table are made of, and the sentences of their noes."""

from typing import Any

from withus.policy.facts import ACCOUNT_ROLES, YES, Actor, Role, Rule, Trace, Verdict
from withus.policy.facts import gettext_noop as _


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


def holding_for_peers(*roles: Role) -> Rule:
    """A standing in one of the roles for a peer organisation: who works for a service or a body is not asked here."""

    def rule(actor: Actor, subject: Any) -> Verdict:
        return Verdict(actor.is_system or any(s.is_of_peers and s.role in roles for s in actor.standings), "")

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


def for_its_peers(*roles: Role) -> Rule:
    """The same, where the subject belongs to a peer organisation: who works for a service or a body is none."""

    def rule(actor: Actor, subject: Any) -> Verdict:
        ours = {s.organisation for s in actor.standings if s.is_of_peers and s.role in roles}
        return Verdict(actor.is_system or subject.organisation_code in ours, "")

    return rule


def for_its_editors(*roles: Role) -> Rule:
    """A standing in one of the roles for the peer organisation that reads the statements (`editors_code`)."""

    def rule(actor: Actor, subject: Any) -> Verdict:
        if not subject.editors_code:
            return Verdict(False, NO_EDITORS)
        return Verdict(actor.is_system or any(actor.holds(role, subject.editors_code) for role in roles), "")

    return rule


def while_read(rule: Rule) -> Rule:
    """Only where peer editors read the statements: else they would wait for ever."""

    def guarded(actor: Actor, subject: Any) -> Verdict:
        return rule(actor, subject) if subject.editors_code else Verdict(False, NO_EDITORS)

    return guarded


def either(*rules: Rule) -> Rule:
    """The first rule that says yes; else the last one's no."""

    def rule(actor: Actor, subject: Any) -> Verdict:
        verdicts = [one(actor, subject) for one in rules]
        return next((verdict for verdict in verdicts if verdict), verdicts[-1])

    return rule


def not_both(rule: Rule, other: Rule, reason: str) -> Rule:
    """The first rule, but for nobody who has the other key as well: one account does not turn two keys."""

    def guarded(actor: Actor, subject: Any) -> Verdict:
        verdict = rule(actor, subject)
        has_both = verdict and not actor.is_system and other(actor, subject)
        return Verdict(False, reason) if has_both else verdict

    return guarded


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


def speaking_for_a_recognised(actor: Actor, subject: Any) -> Verdict:
    """A steward or peer editor of a recognised peer organisation (`recognised_codes`)."""
    theirs = actor.organisations(Role.ORG_STEWARD, Role.PEER_EDITOR) & subject.recognised_codes()
    return Verdict(actor.is_system or bool(theirs), "")


def of_the_body(*roles: Role) -> Rule:
    """A standing in one of the roles for the body that has to answer (`body_code`)."""

    def rule(actor: Actor, subject: Any) -> Verdict:
        return Verdict(actor.is_system or any(actor.holds(role, subject.body_code) for role in roles), "")

    return rule


def of_a_recognised(actor: Actor, subject: Any) -> Verdict:
    """A steward of a recognised peer organisation (`recognised_codes`)."""
    return Verdict(bool(actor.organisations(Role.ORG_STEWARD) & subject.recognised_codes()), "")


def of_the_other_key(actor: Actor, subject: Any) -> Verdict:
    """Whoever has the key that did not ask (`asked_by_code`, empty for this house), and did not ask herself.

    One key is with the stewards of this house, the other with those of all recognised peer organisations.
    """
    if actor.account is None:
        return Verdict(False, "")
    if subject.asked_by_account == actor.account:
        return Verdict(False, _("You asked for this yourself. Somebody else has the second key."))
    is_of_the_house = actor.holds(Role.INSTANCE_STEWARD)
    if subject.asked_by_code:
        is_same = bool(actor.organisations(Role.ORG_STEWARD) & subject.recognised_codes())
        return YES if is_of_the_house else Verdict(False, ASKED_BY_PEERS if is_same else "")
    if of_a_recognised(actor, subject):
        return YES
    return Verdict(False, ASKED_BY_HOUSE if is_of_the_house else _no_key(actor))


def holding_a_key(actor: Actor, subject: Any) -> Verdict:
    """A steward of this house, or of a recognised peer organisation (`recognised_codes`)."""
    if actor.holds(Role.INSTANCE_STEWARD) or of_a_recognised(actor, subject):
        return YES
    return Verdict(False, _no_key(actor))


def _no_key(actor: Actor) -> str:
    return NOT_RECOGNISED if actor.holds(Role.ORG_STEWARD) else ""


def host_before_any_is_recognised(actor: Actor, subject: Any) -> Verdict:
    """The instance's steward, while there is no recognised peer organisation yet."""
    is_first = actor.holds(Role.INSTANCE_STEWARD) and not subject.recognised_codes()
    return Verdict(actor.is_system or is_first, "")


def host_of_an_orphan(actor: Actor, subject: Any) -> Verdict:
    """The instance's steward, for an organisation in which nobody gives and ends the roles (`has_keeper`)."""
    if actor.is_system or not actor.holds(Role.INSTANCE_STEWARD):
        return Verdict(actor.is_system, "")
    return Verdict(False, HAS_KEEPER) if subject.has_keeper() else YES


def host_without_part_in_it(actor: Actor, subject: Any) -> Verdict:
    """The instance's steward, unless she answers for that body herself (`organisation_code`)."""
    return not_for_it(actor, subject) if instance(actor, subject) else Verdict(False, "")


def not_for_it(actor: Actor, subject: Any) -> Verdict:
    """Whoever does not answer for that body (`organisation_code`), known here or not."""
    return YES if subject.organisation_code not in actor.organisations(*OFFICE) else Verdict(False, NOT_FOR_IT)


def having_spoken(actor: Actor, subject: Any) -> Verdict:
    """Whoever was a source or took part before the body said that it is done (`may_judge`); nobody asks who that is."""
    if subject.may_judge:
        return YES
    return Verdict(False, ONLY_WHO_SPOKE_SIGNED_IN if actor.account else "")


def handing_it_over(actor: Actor, subject: Any) -> Verdict:
    """Whoever hands her own role over with this card (`handing_account`)."""
    return Verdict(actor.account is not None and subject.handing_account == actor.account, "")


def opening_in_its_name(actor: Actor, subject: Any) -> Verdict:
    """A steward of a recognised peer organisation, or a secretary, in the name of that organisation (`opener_code`).

    Nobody named: for the page that asks. No subject: for a link to that page, which knows then who is recognised.
    """
    peers = {s.organisation for s in actor.standings if s.is_of_peers and s.role is Role.ORG_STEWARD}
    codes = (peers & subject.recognised_codes() if subject else peers) | actor.organisations(Role.BODY_SECRETARY)
    return Verdict(bool(codes & {subject.opener_code} if subject and subject.opener_code else codes), "")


def answering_for_what_it_is_about(actor: Actor, subject: Any) -> Verdict:
    """Whoever answers for one of the bodies that an entry of the log names (`about_codes`)."""
    return Verdict(bool(actor.organisations(*OFFICE) & subject.about_codes), "")


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


signed_in = holding(*ACCOUNT_ROLES)
# Not the staff of a body, nor whoever only reads or keeps the house: what peers say is not theirs to say.
VOTERS = (Role.PEER, Role.PEER_WORKER, Role.PEER_EDITOR, Role.ORG_STEWARD)
voting = holding_for_peers(*VOTERS)
ONLY_PEERS = _("Only peers can do this: people whom a peer organisation gave a card.")
STEWARDS = (Role.ORG_STEWARD, Role.INSTANCE_STEWARD)
EDITORS = (Role.PEER_EDITOR, Role.ORG_STEWARD)
LOG, NO_TRACE = Trace.PUBLIC_LOG, Trace.NONE
ONLY_STEWARD = _("Only a steward of this organisation can do this.")
ONLY_EDITORS = _("Only this organisation's peer editors and stewards can do this.")
ONLY_INSTANCE = _("Only this instance's steward can do this.")
SIGN_IN = _("Please sign in first.")
NOBODY = _("Only Withus itself does this.")
ONLY_ASKED = _("Only a steward of the peer organisation that was asked can do this.")

ONLY_KEYS = _("Only a steward of this house, or of a recognised peer organisation, has a key to this.")
NOT_RECOGNISED = _("Your organisation is not recognised, so it has no key to this. Its page says what is missing.")
ASKED_BY_PEERS = _("A peer organisation asked. The second key is with the stewards of this house.")
ASKED_BY_HOUSE = _("This house asked. The second key is with the stewards of recognised peer organisations.")
ONLY_KEEPERS = _("Only this organisation's stewards and secretaries can do this.")
KEEPERS = (Role.ORG_STEWARD, Role.BODY_SECRETARY, Role.INSTANCE_STEWARD)
NO_EDITORS = _(
    "No peer organisation reads statements here yet. Whoever opened this process asks a recognised one, and it agrees."
)
HAS_KEEPER = _(
    "This organisation has somebody who makes its cards and ends its roles. The host can only help while nobody does."
)

NOT_FOR_IT = _("You answer for this body yourself, so this is for others to say.")
OWN_MANDATE = _("You are a steward of this organisation yourself, so this is for others to say.")

own = for_its_organisation(Role.ORG_STEWARD)
keeping = for_its_organisation(Role.ORG_STEWARD, Role.BODY_SECRETARY)
editing = for_its_editors(*EDITORS)
reading_steward = for_its_editors(Role.ORG_STEWARD)
instance = holding(Role.INSTANCE_STEWARD)
ONLY_SPEAKERS = _("Only stewards and peer editors of a recognised peer organisation can do this.")
ONLY_ITS_SPEAKERS = _(
    "Only stewards and peer editors of the organisation that sent this can do this. "
    "If your term has ended, ask for a new card."
)
ONLY_THE_BODY = _(
    "Only those who answer for this body can do this. If your term has ended, ask its secretary for a new card."
)
ONLY_DUTY_BEARERS = _(
    "Only a duty bearer of this body can sign an answer. If your term has ended, ask its secretary for a new card."
)
ONLY_BOTH_SIDES = _(
    "Only a duty bearer of this body, and those who speak for the organisation that sent this, can do this. "
    "If your term has ended, ask for a new card."
)
ONLY_OFFICES = _(
    "Only those who hold a role of this organisation can hand it over. If your term has ended, ask for a new card."
)
ONLY_OPENERS = _(
    "Only stewards of this house or a recognised peer organisation can do this, and the secretary of the body itself."
)
ONLY_WHO_SPOKE = _(
    "Only those can say this whose words or votes this rests on, from before the body said that it is done. "
    "If you took part, sign in. If you have a receipt, come back with it."
)
ONLY_WHO_SPOKE_SIGNED_IN = _(
    "Only those can say this whose words or votes this rests on, from before the body said that it is done. "
    "You are signed in, and this account is none of them. If you have a receipt, come back with it."
)
OFFICE = (Role.BODY_SECRETARY, Role.DUTY_BEARER)
answering = of_the_body(*OFFICE)
its_office = for_its_organisation(*OFFICE)
# For whoever opened a process, or for the body that it is about.
in_its_office = either(its_office, answering)
signing = of_the_body(Role.DUTY_BEARER)
# Peers who write to a body or check it, but nobody who answers for it too.
speaking_to_it = not_both(speaking_for_a_recognised, answering, NOT_FOR_IT)
speaking_for_its_sender = not_both(for_its_organisation(*EDITORS), answering, NOT_FOR_IT)
IN_OFFICE = (Role.ORG_STEWARD, *OFFICE)
