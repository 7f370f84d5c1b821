"""Who may open which page. A deed has its line in the permission table, any other address one here, or it is closed."""

from withus.policy.facts import ACCOUNT_ROLES, YES, Actor, Role, Verdict
from withus.policy.facts import gettext_noop as _
from withus.policy.rules import POLICY, Action

EVERYBODY = tuple(Role)
_EDITORS = (Role.PEER_EDITOR, Role.ORG_STEWARD)
_KEEPERS = (Role.ORG_STEWARD, Role.BODY_SECRETARY, Role.INSTANCE_STEWARD)
_SPEAKERS = (Role.PEER_EDITOR, Role.ORG_STEWARD, Role.BODY_SECRETARY, Role.DUTY_BEARER, Role.INSTANCE_STEWARD)
_INSTANCE = (Role.INSTANCE_STEWARD,)
_READERS = (Role.PEER_EDITOR, Role.ORG_STEWARD, Role.BODY_SECRETARY, Role.DUTY_BEARER)
_ASSISTANTS = (Role.PEER_WORKER, Role.PEER_EDITOR, Role.ORG_STEWARD)

PAGES: dict[str, tuple[Role, ...]] = {
    # home and the kit
    "start": EVERYBODY,
    "help": EVERYBODY,
    "about_this_host": EVERYBODY,
    "accessibility": EVERYBODY,
    "source": EVERYBODY,
    "privacy": EVERYBODY,
    "privacy_part": EVERYBODY,
    "what_ends": EVERYBODY,
    "methods": EVERYBODY,
    "method": EVERYBODY,
    "robots_txt": EVERYBODY,
    "security_txt": EVERYBODY,
    "language": EVERYBODY,
    "demo_sign_in": EVERYBODY,
    # reports
    "reported": EVERYBODY,
    "reports": _INSTANCE,
    # people
    "me": ACCOUNT_ROLES,
    "known": ACCOUNT_ROLES,
    "sign_out": EVERYBODY,
    "organisations": EVERYBODY,
    "organisation": EVERYBODY,
    "invitations": _KEEPERS,
    # texts
    "words": EVERYBODY,
    "recording": EVERYBODY,
    "redactions": EVERYBODY,
    "redaction": EVERYBODY,
    # public_log
    "log": EVERYBODY,
    "checkpoint": EVERYBODY,
    "log_key": EVERYBODY,
    "tile": EVERYBODY,
    "verifier_file": EVERYBODY,
    "entry": EVERYBODY,
    "entry_json": EVERYBODY,
    "entry_proof": EVERYBODY,
    "verify_paper": EVERYBODY,
    "witness_key": EVERYBODY,
    "add_checkpoint": EVERYBODY,
    "witnessed": EVERYBODY,
    # pay
    "payer": EVERYBODY,
    "peers_pay": EVERYBODY,
    "pay_csv": EVERYBODY,
    "pay_line": EVERYBODY,
    # processes
    "bodies": EVERYBODY,
    "body": EVERYBODY,
    "processes": EVERYBODY,
    "process": EVERYBODY,
    # deliberation
    "my_votes": ACCOUNT_ROLES,
    "my_statements": ACCOUNT_ROLES,
    "moderation": _EDITORS,
    "results": EVERYBODY,
    "results_csv": EVERYBODY,
    "sealed_tally": EVERYBODY,
    "ballot": EVERYBODY,
    "export_polis": EVERYBODY,
    "statement": EVERYBODY,
    "opinion_map": EVERYBODY,
    "cohorts": _EDITORS,
    "sealed_map": EVERYBODY,
    "recount": EVERYBODY,
    # voices
    "receipt": EVERYBODY,
    "come_back": EVERYBODY,
    "own_enclosure": EVERYBODY,
    "end_visit": EVERYBODY,
    "leave_quickly": EVERYBODY,
    "counter_receipt": EVERYBODY,
    "inbox": EVERYBODY,
    "inbox_poster": EVERYBODY,
    "openings": _READERS,
    "voice": _READERS,
    "enclosure": _READERS,
    "original": _READERS,
    "assist_several": _ASSISTANTS,
    # findings
    "findings": EVERYBODY,
    "finding": EVERYBODY,
    "finding_poster": EVERYBODY,
    "stories": EVERYBODY,
    "story": EVERYBODY,
    # recommendations
    "recommendations": EVERYBODY,
    "recommendation": EVERYBODY,
    "letter": EVERYBODY,
    "judge_by_receipt": EVERYBODY,
    "desk": _SPEAKERS,
    # board
    "terms": EVERYBODY,
    "seats": EVERYBODY,
    "meetings": EVERYBODY,
    "meeting": EVERYBODY,
    # figures
    "feed_rss": EVERYBODY,
    "deadlines_ics": EVERYBODY,
    "peers_ics": EVERYBODY,
    "data_csv": EVERYBODY,
    "data_json": EVERYBODY,
    "data_dictionary": EVERYBODY,
    "poster": EVERYBODY,
    # running
    "running": _INSTANCE,
    "jobs": _INSTANCE,
    "back_ups": _INSTANCE,
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
}


_DEEDS = frozenset(str(action) for action in Action)


def roles_of(name: str) -> tuple[Role, ...]:
    """The roles that may open the address of this name; none if no table names it."""
    return POLICY[Action(name)].roles if name in _DEEDS else PAGES.get(name, ())


def may_open(actor: Actor, name: str) -> Verdict:
    """Whether the actor may open a page. A deed's address is open to all: the door says who may do it, and why not."""
    roles = roles_of(name)
    if name in _DEEDS or Role.VISITOR in roles or actor.roles & set(roles):
        return YES
    if actor.account is None:
        return Verdict(False, _("Please sign in first."))
    if Role.PEER in roles:  # whoever has an account, also when every role has ended
        return YES
    return Verdict(False, _("This page is for others: its roles stand in the permission table."))
