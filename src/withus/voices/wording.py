"""How pages speak of voices: which kinds there are, and who may read one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.people.models import OrganisationKind
from withus.voices.inboxes.models import Inbox
from withus.voices.sending import Audience
from withus.web.language import apart

_PUBLISH = "publish-"


class Kind(models.TextChoices):
    """What a voice is about."""

    PROBLEM = "problem", _("something is wrong")
    NEED = "need", _("something is missing")
    WORKS = "works", _("something works")
    OPEN = "open", _("left open")

    @property
    def said(self) -> str:
        """Its words, where somebody chose one; nothing to show where it was left open."""
        return "" if self is Kind.OPEN else str(self.label)


STATED = [(one.value, one.label) for one in Kind if one is not Kind.OPEN]


class Consent(models.TextChoices):
    """How somebody agreed to what was entered for her."""

    SPOKEN = "spoken", _("yes, by word")
    MARKED = "marked", _("yes, by a mark on the paper")


@dataclass(frozen=True)
class Entered:
    """Who entered a voice for somebody: the organisation, never who of it; how she agreed, and whether to a story."""

    by: str
    consent: str
    may_be_told: bool = False

    @property
    def words(self) -> str:
        """The sentence that stands beside what was said."""
        if self.consent == Consent.SPOKEN:
            says = gettext("Entered for the person by somebody of %(name)s. The person agreed by word.")
        else:
            says = gettext("Entered for the person by somebody of %(name)s. The person agreed by a mark on paper.")
        said: str = says % {"name": apart(self.by)}
        return f"{said} {gettext('Also to a story.')}" if self.may_be_told else said


_ALONE = _("Readers of {name}: locked, only for those you tick")
_COUNTS = _(
    "Readers of {name}: locked, only for those you tick. They may count it together with others, in words that are "
    "not yours"
)
_COUNTS_ANOTHERS = _(
    "Readers of {name}: locked, only for those you tick. They may count it together with others, in words that are "
    "not the person’s"
)
_PUBLIC = _("For all to read: peer editors of {name} read it first, and publish nothing that points to you")
_PUBLIC_ANOTHERS = _(
    "For all to read: peer editors of {name} read it first, and publish nothing that points to the person"
)


def _finds(inbox: Inbox) -> bool:
    """Whether it is one of those who can say in public what several voices show, once they are recognised."""
    return inbox.organisation.kind == OrganisationKind.PEER


@dataclass(frozen=True)
class Readers:
    """The answers to choose from, for who may read it: for what peer editors publish, or sealed for inboxes.

    They speak to whoever said it, or to whoever enters it for another.
    """

    inboxes: Sequence[Inbox]
    recognised: frozenset[str]
    is_for_another: bool = False

    @property
    def choices(self) -> list[tuple[str, str | Promise]]:
        """Each answer with its words."""
        peers = [one for one in self.inboxes if self._may_publish(one)]
        public = _PUBLIC_ANOTHERS if self.is_for_another else _PUBLIC
        return [
            *(
                (f"{_PUBLISH}{one.organisation.code}", format_lazy(public, name=apart(one.organisation.name)))
                for one in peers
            ),
            *((one.organisation.code, self._alone(one)) for one in self.inboxes),
        ]

    def _alone(self, inbox: Inbox) -> str | Promise:
        """What it means that a voice is sealed for an organisation, alone or with others."""
        counts = _COUNTS_ANOTHERS if self.is_for_another else _COUNTS
        return format_lazy(counts if _finds(inbox) else _ALONE, name=apart(inbox.organisation.name))

    @property
    def may_publish(self) -> bool:
        """Whether there is somebody who may publish a voice."""
        return any(map(self._may_publish, self.inboxes))

    def _may_publish(self, inbox: Inbox) -> bool:
        return _finds(inbox) and inbox.organisation.code in self.recognised

    def chosen(self, answers: Sequence[str]) -> Audience:
        """The audience that these answers name."""
        publishing = any(one.startswith(_PUBLISH) for one in answers)
        codes = {one.removeprefix(_PUBLISH) for one in answers}
        found = [one for one in self.inboxes if one.organisation.code in codes]
        return Audience(found, publishing)

    def mixed(self, answers: Sequence[str]) -> bool:
        """Whether some answers publish and others do not."""
        return len(answers) > 1 and any(one.startswith(_PUBLISH) for one in answers)
