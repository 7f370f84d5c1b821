"""The permission table, for the chain from what people say to what was done about it."""

from withus.policy.deeds import Action
from withus.policy.facts import ACCOUNT_ROLES, Line, Role, Trace
from withus.policy.facts import gettext_noop as _
from withus.policy.who import (
    EDITORS,
    LOG,
    NO_TRACE,
    NOBODY,
    NOT_FOR_IT,
    OFFICE,
    ONLY_ASKED,
    ONLY_BOTH_SIDES,
    ONLY_DUTY_BEARERS,
    ONLY_EDITORS,
    ONLY_INSTANCE,
    ONLY_ITS_SPEAKERS,
    ONLY_KEEPERS,
    ONLY_OPENERS,
    ONLY_PEERS,
    ONLY_SPEAKERS,
    ONLY_STEWARD,
    ONLY_THE_BODY,
    ONLY_WHO_SPOKE,
    SIGN_IN,
    STEWARDS,
    VOTERS,
    answering,
    anyone,
    editing,
    either,
    for_its_organisation,
    having_spoken,
    host_without_part_in_it,
    in_its_office,
    instance,
    its_office,
    its_proposer,
    keeping,
    not_both,
    not_for_it,
    not_its_first_judge,
    of_the_asked,
    opening_in_its_name,
    own,
    reading_steward,
    signed_in,
    signing,
    speaking_for_its_sender,
    speaking_to_it,
    system,
    voting,
    while_open,
    while_read,
)

LINES: dict[Action, Line] = {
    # processes
    Action.OPEN_BODY: Line(
        _("Open a page for a body; its secretary only for her own"),
        (*STEWARDS, Role.BODY_SECRETARY),
        either(instance, opening_in_its_name),
        LOG,
        ONLY_OPENERS,
    ),
    Action.CLOSE_BODY: Line(_("Say that a body was closed; its clocks run on"), OFFICE, its_office, LOG, ONLY_THE_BODY),
    Action.OPEN_SERVICE: Line(
        _("Add a service of an organisation"), STEWARDS, either(own, instance), LOG, ONLY_STEWARD
    ),
    Action.OPEN_SITE: Line(_("Add a place where a service works"), STEWARDS, either(own, instance), LOG, ONLY_STEWARD),
    Action.OPEN_PROCESS: Line(
        _("Open a process around a policy or a service"),
        (Role.ORG_STEWARD, Role.BODY_SECRETARY),
        for_its_organisation(Role.ORG_STEWARD, Role.BODY_SECRETARY),
        LOG,
        ONLY_STEWARD,
    ),
    Action.PLAN: Line(
        _("Add a phase to a process"),
        (Role.ORG_STEWARD, Role.BODY_SECRETARY),
        for_its_organisation(Role.ORG_STEWARD, Role.BODY_SECRETARY),
        LOG,
        ONLY_STEWARD,
    ),
    Action.CLOSE: Line(
        _("Close a phase early"),
        (Role.ORG_STEWARD, Role.BODY_SECRETARY),
        for_its_organisation(Role.ORG_STEWARD, Role.BODY_SECRETARY),
        LOG,
        ONLY_STEWARD,
    ),
    Action.ASK: Line(
        _("Ask a recognised peer organisation to read the statements of a process"),
        (Role.ORG_STEWARD, Role.BODY_SECRETARY),
        keeping,
        LOG,
        ONLY_KEEPERS,
    ),
    Action.AGREE: Line(
        _("Agree to read the statements of a process"),
        (Role.ORG_STEWARD,),
        not_both(of_the_asked, in_its_office, NOT_FOR_IT),
        LOG,
        ONLY_ASKED,
    ),
    Action.OFFER: Line(
        _("Say how many minutes reading a statement takes, and what it pays"),
        (Role.ORG_STEWARD,),
        reading_steward,
        LOG,
        ONLY_STEWARD,
    ),
    # deliberation
    Action.SEED: Line(
        _("Add first statements to a process"), EDITORS, while_open("statements", editing), LOG, ONLY_EDITORS
    ),
    Action.PROPOSE: Line(
        _("Propose a statement"), VOTERS, while_open("statements", while_read(voting)), LOG, ONLY_PEERS
    ),
    Action.WITHDRAW: Line(_("Take one's own statement back"), ACCOUNT_ROLES, its_proposer, LOG, SIGN_IN),
    Action.MODERATE: Line(
        _("Accept or decline a proposed statement, with a reason"),
        EDITORS,
        not_both(editing, in_its_office, NOT_FOR_IT),
        LOG,
        ONLY_EDITORS,
    ),
    Action.APPEAL: Line(_("Appeal against a declined statement"), ACCOUNT_ROLES, its_proposer, LOG, SIGN_IN),
    Action.REVIEW: Line(
        _("Decide an appeal, as somebody who did not decide first"),
        EDITORS,
        not_both(not_its_first_judge, in_its_office, NOT_FOR_IT),
        LOG,
        ONLY_EDITORS,
    ),
    Action.VOTE: Line(
        _("Vote on a statement, or change a vote"), VOTERS, while_open("votes", voting), NO_TRACE, ONLY_PEERS
    ),
    Action.TAKE_BACK: Line(_("Take a vote back"), ACCOUNT_ROLES, while_open("votes", signed_in), NO_TRACE, SIGN_IN),
    Action.ENTER: Line(
        _("Enter ballots from paper"),
        (Role.ORG_STEWARD,),
        not_both(while_open("votes", reading_steward), in_its_office, NOT_FOR_IT),
        LOG,
        ONLY_STEWARD,
    ),
    Action.IMPORT: Line(
        _("Import a conversation from Polis' files"),
        (Role.ORG_STEWARD,),
        not_both(reading_steward, in_its_office, NOT_FOR_IT),
        LOG,
        ONLY_STEWARD,
    ),
    Action.SEAL: Line(_("Seal the counts of a closed phase"), (), system, LOG, NOBODY),
    Action.SEAL_MAP: Line(_("Seal the opinion map of a closed phase"), (), system, LOG, NOBODY),
    # recommendations
    Action.RECOMMEND: Line(
        _("Send a body a recommendation or a formal question"), EDITORS, speaking_to_it, LOG, ONLY_SPEAKERS
    ),
    Action.SERVE: Line(
        _("Say how and when a letter reached a body that never joined"),
        EDITORS,
        speaking_for_its_sender,
        LOG,
        ONLY_ITS_SPEAKERS,
    ),
    Action.EXPLAIN: Line(_("Answer a body's question back"), EDITORS, speaking_for_its_sender, LOG, ONLY_ITS_SPEAKERS),
    Action.VERIFY: Line(_("Say whether what a body calls done is true"), EDITORS, speaking_to_it, LOG, ONLY_SPEAKERS),
    Action.DISSENT: Line(
        _("Put dissent beside a body's answer"), EDITORS, speaking_for_its_sender, LOG, ONLY_ITS_SPEAKERS
    ),
    Action.ACKNOWLEDGE: Line(_("Say that a recommendation has arrived"), OFFICE, answering, LOG, ONLY_THE_BODY),
    Action.CLARIFY: Line(_("Ask one question back"), OFFICE, answering, LOG, ONLY_THE_BODY),
    Action.EXTEND: Line(_("Take more time, once, with a public reason"), OFFICE, answering, LOG, ONLY_THE_BODY),
    Action.DRAFT: Line(_("Write an answer for a duty bearer to sign"), OFFICE, answering, NO_TRACE, ONLY_THE_BODY),
    Action.ENDORSE: Line(
        _("Countersign a drafted answer as it is"), (Role.DUTY_BEARER,), signing, NO_TRACE, ONLY_DUTY_BEARERS
    ),
    Action.SEND: Line(_("Send the answer that a duty bearer has countersigned"), OFFICE, answering, LOG, ONLY_THE_BODY),
    Action.RESPOND: Line(
        _("Sign and send the answer, with reasons"), (Role.DUTY_BEARER,), signing, LOG, ONLY_DUTY_BEARERS
    ),
    Action.CORRECT: Line(_("Put better words beside an answer"), (Role.DUTY_BEARER,), signing, LOG, ONLY_DUTY_BEARERS),
    Action.COMMIT: Line(
        _("Promise who does what by when; whoever sent it only names what a law, strategy or declaration promises"),
        (Role.DUTY_BEARER, *EDITORS),
        either(signing, speaking_for_its_sender),
        LOG,
        ONLY_BOTH_SIDES,
    ),
    Action.DELIVER: Line(_("Say that it is done"), (Role.DUTY_BEARER,), signing, LOG, ONLY_DUTY_BEARERS),
    # the third key
    Action.JUDGE_DELIVERY: Line(
        _("Say, as one who spoke, whether what a body calls done is so; change it, or take it back"),
        tuple(Role),
        not_both(having_spoken, answering, NOT_FOR_IT),
        NO_TRACE,
        ONLY_WHO_SPOKE,
    ),
    Action.COUNT_JUDGEMENTS: Line(
        _("Publish what ten or more who spoke say of what a body calls done"), (), system, LOG, NOBODY
    ),
    # letters
    Action.CITE: Line(
        _("Name the law, or another stated default, that gives a body its deadlines"),
        EDITORS,
        speaking_to_it,
        LOG,
        ONLY_SPEAKERS,
    ),
    Action.TAKE_OVER: Line(
        _("Take the page of a body over that nobody answers for, with the code of a letter"),
        tuple(Role),
        anyone,
        Trace.OFFICES,
        SIGN_IN,
    ),
    Action.CONFIRM: Line(
        _("Enter the code of a second organisation's letter, when one's page was taken over with a letter"),
        OFFICE,
        its_office,
        LOG,
        ONLY_THE_BODY,
    ),
    Action.CONTEST: Line(
        _("Say in public, with the code of another letter, that those who took a body's page over are not the body"),
        tuple(Role),
        not_for_it,
        LOG,
        NOT_FOR_IT,
    ),
    Action.ATTEST: Line(
        _("Say in public how this house checked who took a body's page over; if it was not the body, their roles end"),
        (Role.INSTANCE_STEWARD,),
        host_without_part_in_it,
        LOG,
        ONLY_INSTANCE,
    ),
}
