"""The permission table, for what peers are paid: who offers, who agrees, who asks, who pays, who says it arrived."""

from typing import Any

from withus.policy.deeds import Action
from withus.policy.facts import Actor, Line, Role, Verdict
from withus.policy.facts import gettext_noop as _
from withus.policy.who import EDITORS, LOG, for_its_organisation, for_its_peers, not_both

PAYERS = (Role.ORG_STEWARD, Role.BODY_SECRETARY, Role.DUTY_BEARER)
ONLY_PAYERS = _("Only those who act for the organisation that pays can do this.")
ONLY_PAID_STEWARD = _("Only a steward of the peer organisation whose people are paid can do this.")
ONLY_PAID = _("Only stewards and peer editors of the peer organisation whose people worked can do this.")
FOR_THE_PAYER = _("You act for the organisation that pays, so this is for others to say.")
NOT_RECOGNISED = _("A rate counts once a recognised peer organisation agrees. Its page says what is missing.")


def _paying(actor: Actor, subject: Any) -> Verdict:
    """Somebody who acts for the payer of a line (`payer_code`)."""
    return Verdict(actor.is_system or any(actor.holds(role, subject.payer_code) for role in PAYERS), "")


def _paying_others(actor: Actor, subject: Any) -> Verdict:
    """The same, where the payer is not the organisation whose people worked (`organisation_code`)."""
    return _paying(actor, subject) if subject.payer_code != subject.organisation_code else Verdict(False, "")


def _agreeing(actor: Actor, subject: Any) -> Verdict:
    """A steward of the peer organisation whose people are paid, if it is recognised (`recognised_codes`)."""
    verdict = for_its_organisation(Role.ORG_STEWARD)(actor, subject)
    if verdict and subject.organisation_code not in subject.recognised_codes():
        return Verdict(False, NOT_RECOGNISED)
    return verdict


_of_its_peers = for_its_peers(*EDITORS)  # of the organisation whose people worked
LINES: dict[Action, Line] = {
    Action.OFFER_RATE: Line(
        _("Say what peers are paid for a kind of work"), PAYERS, for_its_organisation(*PAYERS), LOG, ONLY_PAYERS
    ),
    Action.AGREE_RATE: Line(
        _("Agree to a rate, so that it counts"),
        (Role.ORG_STEWARD,),
        not_both(_agreeing, _paying_others, FOR_THE_PAYER),
        LOG,
        ONLY_PAID_STEWARD,
    ),
    Action.CLAIM_HOURS: Line(_("Ask for pay for hours that peers worked"), EDITORS, _of_its_peers, LOG, ONLY_PAID),
    Action.PAY: Line(_("Say that hours are paid"), PAYERS, _paying, LOG, ONLY_PAYERS),
    Action.CHECK_PAY: Line(
        _("Say whether the pay arrived"),
        EDITORS,
        not_both(_of_its_peers, _paying_others, FOR_THE_PAYER),
        LOG,
        ONLY_PAID,
    ),
}
