"""The permission table, for the house: people, their texts, its running."""

from withus.policy.deeds import Action
from withus.policy.facts import ACCOUNT_ROLES, Line, Role, Trace
from withus.policy.facts import gettext_noop as _
from withus.policy.who import (
    EDITORS,
    IN_OFFICE,
    KEEPERS,
    LOG,
    NO_TRACE,
    NOBODY,
    NOT_FOR_IT,
    ONLY_EDITORS,
    ONLY_INSTANCE,
    ONLY_KEEPERS,
    ONLY_KEYS,
    ONLY_OFFICES,
    ONLY_STEWARD,
    OWN_MANDATE,
    SIGN_IN,
    STEWARDS,
    answering_for_what_it_is_about,
    anyone,
    editing,
    either,
    for_its_organisation,
    handing_it_over,
    having_account,
    holding_a_key,
    host_before_any_is_recognised,
    host_of_an_orphan,
    instance,
    keeping,
    not_both,
    of_a_recognised,
    of_another_recognised,
    of_the_other_key,
    own,
    system,
)

LINES: dict[Action, Line] = {
    # people
    Action.SET_UP: Line(_("Set this instance up, with the one-time address"), (Role.VISITOR,), anyone, LOG, NOBODY),
    Action.ADD_STEWARD: Line(
        _("Make a one-time address for one more steward of this house"),
        (Role.INSTANCE_STEWARD,),
        instance,
        LOG,
        ONLY_INSTANCE,
    ),
    Action.DESCRIBE: Line(
        _("Say whose host this is and what the community calls itself"),
        (Role.INSTANCE_STEWARD,),
        instance,
        LOG,
        ONLY_INSTANCE,
    ),
    Action.JOIN: Line(_("Join with an invite code"), tuple(Role), anyone, Trace.OFFICES, SIGN_IN),
    Action.SIGN_IN: Line(_("Sign in with pseudonym and passphrase"), tuple(Role), anyone, NO_TRACE, SIGN_IN),
    Action.RECOVER: Line(_("Come back with a recovery code"), tuple(Role), anyone, NO_TRACE, SIGN_IN),
    Action.RENEW: Line(_("Get a new passphrase"), ACCOUNT_ROLES, having_account, NO_TRACE, SIGN_IN),
    Action.PREPARE: Line(_("Make recovery codes"), ACCOUNT_ROLES, having_account, NO_TRACE, SIGN_IN),
    Action.GIVE_UP: Line(_("Give one of one's own roles up"), ACCOUNT_ROLES, having_account, Trace.OFFICES, SIGN_IN),
    Action.LEAVE: Line(_("Leave, and erase one's account"), ACCOUNT_ROLES, having_account, NO_TRACE, SIGN_IN),
    Action.FOUND: Line(_("Add an organisation"), (Role.INSTANCE_STEWARD,), instance, LOG, ONLY_INSTANCE),
    Action.ESTABLISH: Line(_("Publish the organisation's mandate"), (Role.ORG_STEWARD,), own, LOG, ONLY_STEWARD),
    Action.DECLARE: Line(_("Declare who pays the organisation"), (Role.ORG_STEWARD,), own, LOG, ONLY_STEWARD),
    Action.COUNTERSIGN: Line(
        _("Countersign another peer organisation's mandate"),
        STEWARDS,
        not_both(either(of_another_recognised, instance), own, OWN_MANDATE),
        LOG,
        _(
            "Only a steward of another recognised peer organisation can countersign. The instance's steward can record an outside one."
        ),
    ),
    Action.INVITE: Line(
        _("Make invite codes to hand out; the host only the first ones, while nobody else can"),
        KEEPERS,
        either(keeping, host_of_an_orphan),
        Trace.OFFICES,
        ONLY_KEEPERS,
    ),
    Action.MISS: Line(
        _("Say in public that nobody who gives an organisation's roles can act any more"),
        (Role.INSTANCE_STEWARD,),
        instance,
        LOG,
        ONLY_INSTANCE,
    ),
    Action.SHOW_UP: Line(
        _("Answer that one is still there"), (Role.ORG_STEWARD, Role.BODY_SECRETARY), keeping, LOG, ONLY_KEEPERS
    ),
    Action.RECALL: Line(
        _("Make unused invite codes worthless, or one's own for a successor; the host only while nobody else can"),
        (*KEEPERS, Role.DUTY_BEARER),
        either(keeping, handing_it_over, host_of_an_orphan),
        NO_TRACE,
        ONLY_KEEPERS,
    ),
    Action.DISMISS: Line(
        _("End somebody's role; the host only while nobody else can"),
        KEEPERS,
        either(keeping, host_of_an_orphan),
        LOG,
        ONLY_KEEPERS,
    ),
    Action.HAND_OVER: Line(
        _("Hand one's own role for an organisation over to a successor, and keep it until she has come"),
        IN_OFFICE,
        for_its_organisation(*IN_OFFICE),
        Trace.OFFICES,
        ONLY_OFFICES,
    ),
    Action.END_TERM: Line(_("End a role whose term is over"), (), system, LOG, NOBODY),
    # texts
    Action.TRANSLATE: Line(_("Put a translation beside a text"), EDITORS, editing, LOG, ONLY_EDITORS),
    Action.RECORD: Line(_("Put a recording beside a text"), EDITORS, editing, LOG, ONLY_EDITORS),
    Action.REWORD: Line(
        _("Replace the product's words by the community's own; the host only while no peer organisation is recognised"),
        STEWARDS,
        either(of_a_recognised, host_before_any_is_recognised),
        LOG,
        _(
            "Only a steward of a recognised peer organisation can do this: the words are the community's. The host can while none is recognised."
        ),
    ),
    Action.REDACT: Line(
        _("Ask that words be taken away: one of two keys"),
        STEWARDS,
        not_both(holding_a_key, answering_for_what_it_is_about, NOT_FOR_IT),
        LOG,
        ONLY_KEYS,
    ),
    Action.SETTLE: Line(
        _("Agree that words are taken away, as the other key, or say no"),
        STEWARDS,
        not_both(of_the_other_key, answering_for_what_it_is_about, NOT_FOR_IT),
        LOG,
        ONLY_KEYS,
    ),
    # reports
    Action.REPORT: Line(_("Report unlawful content, without an account"), tuple(Role), anyone, LOG, NOBODY),
    Action.DECIDE_REPORT: Line(
        _("Decide about a report of unlawful content, with reasons"),
        (Role.INSTANCE_STEWARD,),
        instance,
        LOG,
        ONLY_INSTANCE,
    ),
    # running
    Action.BACK_UP: Line(_("Make a back-up now"), (Role.INSTANCE_STEWARD,), instance, NO_TRACE, ONLY_INSTANCE),
    Action.ROTATE_LOG_KEY: Line(
        _("Give the public log another key, at the machine's console"), (), system, LOG, NOBODY
    ),
    Action.CONTINUE_LOG: Line(
        _("Go on with the public log under another name, at the machine's console"), (), system, LOG, NOBODY
    ),
}
