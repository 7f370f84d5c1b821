"""The log's records in plain words."""

from django.utils.translation import gettext_lazy as _

TYPES = {
    "log.opened": _("The public log was opened"),
    "instance.set_up": _("This house was set up"),
    "instance.described": _("It was said whose house this is"),
    "steward.joined": _("A steward of this house came in with a set-up address"),
    "steward.invited": _("A new set-up address was made"),
    "organisation.founded": _("An organisation was added"),
    "mandate.published": _("A mandate was published"),
    "funding.declared": _("It was declared who pays an organisation"),
    "mandate.countersigned": _("A mandate was countersigned"),
    "body.opened": _("A page for a body was opened"),
    "service.opened": _("A service was added"),
    "site.opened": _("A place of a service was added"),
    "process.opened": _("A process was opened"),
    "phase.planned": _("A phase was added"),
    "phase.closed": _("A phase was closed early"),
    "statement.seeded": _("A first statement was added"),
    "statement.proposed": _("A statement was proposed"),
    "statement.withdrawn": _("A statement was taken back"),
    "statement.moderated": _("It was decided about a statement"),
    "statement.appealed": _("Somebody appealed against a decision"),
    "appeal.decided": _("An appeal was decided"),
    "ballots.entered": _("Ballots from paper were entered"),
    "conversation.imported": _("A conversation was imported"),
    "tallies.sealed": _("The counts of a phase were sealed"),
    "text.translated": _("A text was translated"),
    "text.recorded": _("A text was read aloud"),
    "words.replaced": _("Words of the product were replaced by the community's own"),
}
ACTORS = {
    "body": _("a body"),
    "peers": _("peers"),
    "organisation": _("an organisation"),
    "system": _("Withus itself"),
}
