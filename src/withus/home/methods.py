"""The list of methods: one page for each figure that is published and each promise that can be checked."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Method:
    """A page of templates/home/methods."""

    name: str
    title: Promise
    lead: Promise


METHODS: dict[str, Method] = {
    one.name: one
    for one in (
        Method("tallies", _("How we count votes"), _("And why small counts are not shown.")),
        Method("agreement", _("What most agree on"), _("How we find it, and how sure it is.")),
        Method("opinion-map", _("How we make an opinion map"), _("Groups, or why there are none to see.")),
        Method("involves-peers", _("Who may say that it involves peers"), _("Six things, all of them on the record.")),
        Method("indicators", _("How we count what bodies do"), _("Answered, done, silent: each with its deadline.")),
        Method("third-key", _("The third key"), _("Those who spoke say whether it is done, and nobody sees who.")),
        Method("order", _("In which order statements come"), _("Different for each person: none is always first.")),
        Method("votes", _("Why nobody can tell how you voted"), _("What is stored of a vote, and what is not.")),
        Method("pay", _("How we count work and its pay"), _("What was asked, what was paid, and what arrived.")),
        Method("log", _("How the public log shows every change"), _("And how you can check it, even with paper.")),
        Method("accounts", _("How you sign in without a name"), _("Pseudonym, passphrase, recovery codes and cards.")),
    )
}  # fmt: skip
