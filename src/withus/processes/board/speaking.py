"""In whose name somebody speaks at the table: for a seat, or for an organisation; never in her own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from withus.people.models import Organisation

if TYPE_CHECKING:
    from withus.processes.board.models import Seat


class Side(models.TextChoices):
    """On which side of the table."""

    PEERS = "peers", _("peers")
    BODY = "body", _("the body")
    OTHER = "other", _("others")


class Wanted(models.TextChoices):
    """What an item wants of the meeting."""

    INFORM = "inform", _("to inform")
    DISCUSS = "discuss", _("to talk about it")
    DECIDE = "decide", _("a decision")


class Vote(models.TextChoices):
    """What a seat says to a decision; seats vote in public."""

    IN_FAVOR = "in_favor", _("for")
    AGAINST = "against", _("against")
    ABSTAINED = "abstained", _("abstained")


@dataclass(frozen=True)
class Speaker:
    """A seat or an organisation, on its side of the table."""

    side: str
    seat: Seat | None = None
    organisation: Organisation | None = None

    @property
    def code(self) -> str:
        """Its public code."""
        one = self.seat or self.organisation
        assert one is not None
        return one.code

    def __str__(self) -> str:
        return str(self.seat or self.organisation)


class Spoken(models.Model):
    """What was said at the table: by a seat or by an organisation, and on which side."""

    side = models.CharField(max_length=8, choices=Side)
    seat = models.ForeignKey("withus.Seat", models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(seat__isnull=False) ^ models.Q(organisation__isnull=False),
                name="%(class)s_is_of_a_seat_or_an_organisation",
            )
        ]

    @property
    def speaker(self) -> Speaker:
        """Who said it."""
        return Speaker(self.side, self.seat, self.organisation)

    def spoken(self) -> dict[str, str]:
        """Who said it, for the log; nobody, if that row was deleted by hand."""
        one = self.seat or self.organisation
        return {"side": self.side, "seat" if self.seat_id else "organisation": one.code if one else ""}

    @classmethod
    def by(cls, speaker: Speaker) -> dict[str, object]:
        """The fields that say who spoke."""
        return {"side": speaker.side, "seat": speaker.seat, "organisation": speaker.organisation}
