"""How pages speak of findings: of how many voices one is, and the words of each deed."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from withus.compute.suppression import PUBLIC_FLOOR
from withus.policy.rules import Action
from withus.voices.findings.models import Finding
from withus.web.language import written_number

_ = gettext_lazy


def sources_in_words(finding: Finding) -> str:
    """Of how many voices it is, in steps of ten: never the number itself."""
    if finding.at_least:
        return gettext("From %(number)s voices or more.") % {"number": written_number(finding.at_least)}
    return gettext("From fewer than %(number)s voices.") % {"number": written_number(PUBLIC_FLOOR)}


@dataclass(frozen=True)
class Deed:
    """The words of a deed's page."""

    title: Promise
    lead: Promise
    button: Promise


DEEDS: dict[Action, Deed] = {
    Action.ADD_SOURCES: Deed(
        _("Count more voices in it"),
        _("Whoever sent them sees with her receipt what becomes of this finding."),
        _("Count them in it"),
    ),
    Action.WITHDRAW_FINDING: Deed(
        _("Take this finding back"),
        _("Its words are erased everywhere. Your reason stays, and so does what rests on it. This cannot be undone."),
        _("Take it back"),
    ),
    Action.TELL_BACK: Deed(
        _("Tell those who spoke what was decided"),
        _("Everybody whose voice counts here reads it with her receipt, also when her own words have ended."),
        _("Tell them"),
    ),
}
