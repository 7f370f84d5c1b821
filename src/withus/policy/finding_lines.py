"""The permission table, for findings: who makes them of voices, takes them back, and tells those who spoke."""

from typing import Any

from withus.policy.deeds import Action
from withus.policy.facts import Actor, Line, Verdict
from withus.policy.facts import gettext_noop as _
from withus.policy.who import EDITORS, LOG, NO_TRACE, ONLY_EDITORS, for_its_organisation

ONLY_EDITORS_WHO_READ = _("Only peer editors and stewards who read this inbox can do this. Ask a reader to add you.")
ONLY_RECOGNISED = _(
    "Only a recognised peer organisation publishes findings. Its page says what is missing to be recognised."
)


def _reading(actor: Actor, subject: Any) -> Verdict:
    """A peer editor or steward who has the key to the inbox (`reader_accounts`); never the machine."""
    has_role = any(actor.holds(role, subject.organisation_code) for role in EDITORS)
    return Verdict(has_role and actor.account in subject.reader_accounts, "")


def _of_a_recognised(actor: Actor, subject: Any) -> Verdict:
    """The same, for a recognised peer organisation (`recognised_codes`)."""
    verdict = _reading(actor, subject)
    if verdict and subject.organisation_code not in subject.recognised_codes():
        return Verdict(False, ONLY_RECOGNISED)
    return verdict


_of_the_organisation = for_its_organisation(*EDITORS)
LINES: dict[Action, Line] = {
    Action.PUBLISH_FINDING: Line(
        _("Publish what several voices show, in words of one’s own"),
        EDITORS,
        _of_a_recognised,
        LOG,
        ONLY_EDITORS_WHO_READ,
    ),
    Action.ADD_SOURCES: Line(_("Count more voices in a finding"), EDITORS, _reading, NO_TRACE, ONLY_EDITORS_WHO_READ),
    Action.TAKE_SOURCE_OUT: Line(
        _("Count a voice in a finding no more"), EDITORS, _reading, NO_TRACE, ONLY_EDITORS_WHO_READ
    ),
    Action.WITHDRAW_FINDING: Line(
        _("Take a finding back, with a public reason"), EDITORS, _of_the_organisation, LOG, ONLY_EDITORS
    ),
    Action.TELL_BACK: Line(
        _("Tell those who spoke what was decided about a finding"), EDITORS, _of_the_organisation, LOG, ONLY_EDITORS
    ),
}
