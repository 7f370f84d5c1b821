"""How pages speak of voices: which kinds there are, and who may read one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from withus.people.models import OrganisationKind
from withus.voices.actions import Audience
from withus.voices.inboxes.models import Inbox
from withus.web.language import apart

_PUBLISH = "publish-"


class Kind(models.TextChoices):
    """What a voice is about."""

    PROBLEM = "problem", _("something is wrong")
    NEED = "need", _("something is missing")
    WORKS = "works", _("something works")


@dataclass(frozen=True)
class Readers:
    """The answers to choose from, for who may read it: to be published by peer editors, or for one inbox alone."""

    inboxes: Sequence[Inbox]
    recognised: frozenset[str]

    @property
    def choices(self) -> list[tuple[str, str | Promise]]:
        """Each answer with its words."""
        peers = [one for one in self.inboxes if self._may_publish(one)]
        alone = _("Only {name}: its readers, and nobody else")
        public = _("For all to read: peer editors of {name} read it first, and publish nothing that points to you")
        return [
            *(
                (f"{_PUBLISH}{one.organisation.code}", format_lazy(public, name=apart(one.organisation.name)))
                for one in peers
            ),
            *((one.organisation.code, format_lazy(alone, name=apart(one.organisation.name))) for one in self.inboxes),
        ]

    def _may_publish(self, inbox: Inbox) -> bool:
        organisation = inbox.organisation
        return organisation.kind == OrganisationKind.PEER and organisation.code in self.recognised

    def chosen(self, answers: Sequence[str]) -> Audience:
        """The audience that these answers name."""
        publishing = any(one.startswith(_PUBLISH) for one in answers)
        codes = {one.removeprefix(_PUBLISH) for one in answers}
        found = [one for one in self.inboxes if one.organisation.code in codes]
        return Audience(found, publishing)

    def mixed(self, answers: Sequence[str]) -> bool:
        """Whether some answers publish and others do not."""
        return len(answers) > 1 and any(one.startswith(_PUBLISH) for one in answers)
