"""How pages speak of each deed at the table: its title, one line before it, and its button."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.policy.rules import Action


@dataclass(frozen=True)
class Deed:
    """The words of a deed's page."""

    title: Promise
    lead: Promise
    button: Promise


DEEDS: dict[Action, Deed] = {
    Action.ADOPT: Deed(
        _("Adopt terms of reference"),
        _(
            "They stand beside the earlier versions, in public and for good. Clocks that run keep the terms that they "
            "began with."
        ),
        _("Adopt these terms"),
    ),
    Action.ADD_SEAT: Deed(
        _("Add a seat"),
        _("The organisation whose seat it is says who sits there. Peers are chosen by peers, not by the body."),
        _("Add the seat"),
    ),
    Action.END_SEAT: Deed(
        _("End a seat"), _("What the seat said and voted stays, and so does your reason."), _("End this seat")
    ),
    Action.FILL: Deed(
        _("Fill a seat"), _("Pages show the seat, its organisation and the days, never who sits there."), _("Fill it")
    ),
    Action.VACATE: Deed(
        _("End a term early"), _("Nobody has to say why. The seat is free from the next day on."), _("End this term")
    ),
    Action.CALL: Deed(
        _("Call a meeting"),
        _("A week ahead at least, or with a public reason. Anyone seated can bring items up until the day before."),
        _("Call the meeting"),
    ),
    Action.BRING_UP: Deed(
        _("Bring an item up"),
        _("It cannot be taken away. If the meeting does not come to it, its page says so."),
        _("Bring it up"),
    ),
    Action.ADD_PAPER: Deed(
        _("Add a paper"), _("Early, and in plain words too: then everybody can take part."), _("Add the paper")
    ),
    Action.WRITE_MINUTES: Deed(
        _("Write the minutes"),
        _("Once. Then peers can approve them, or put dissent beside a decision."),
        _("Keep them"),
    ),
    Action.CONCLUDE: Deed(
        _("Say what was decided"),
        _("Seats vote in public. Who has a conflict of interest does not vote."),
        _("Keep this"),
    ),
    Action.OBJECT_TO: Deed(
        _("Put dissent beside the decision"),
        _("The body can neither change nor take it away."),
        _("Put it beside the decision"),
    ),
    Action.APPROVE_MINUTES: Deed(
        _("Approve the minutes"), _("You say for your organisation that they are right."), _("Approve them")
    ),
}
