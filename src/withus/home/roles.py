"""What each role is called on a button of the demo."""

from django.utils.translation import gettext_lazy as _

from withus.policy.facts import Role

ROLE_NAMES = {
    Role.PEER: _("a peer"),
    Role.PEER_WORKER: _("a peer worker"),
    Role.PEER_EDITOR: _("a peer editor"),
    Role.ORG_STEWARD: _("the steward of a peer organisation"),
    Role.BODY_SECRETARY: _("the secretary of a body"),
    Role.DUTY_BEARER: _("somebody who has to answer for a body"),
    Role.REFERRAL_DESK: _("a referral desk"),
    Role.READER: _("a reader of totals"),
    Role.INSTANCE_STEWARD: _("the steward of this house"),
}
