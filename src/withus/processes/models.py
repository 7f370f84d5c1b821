"""Bodies, services and their sites; processes around one policy or service, in phases that promise a level."""

import datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from withus.core import clock, codes
from withus.people.models import Organisation, OrganisationKind
from withus.processes.others import by_others
from withus.public_log.rows import Told
from withus.texts.queries import Said, public_said
from withus.web import languages


class Body(models.Model):
    """A board, ministry, council or clinic that decides; it may never have joined."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="body")
    opened_by = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="bodies_opened")
    decides = models.TextField()
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=40, default="UTC")
    opened_on = models.DateField()

    def __str__(self) -> str:
        return self.organisation.name

    @property
    def code(self) -> str:
        """Its public code is its organisation's."""
        return self.organisation.code

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.organisation.code

    @property
    def closing(self) -> "BodyEnd | None":
        """That it was closed, if it said so itself."""
        end: BodyEnd | None = getattr(self, "end", None)
        return None if end is None or by_others(self.pk, end.said_on) else end

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("body", args=[self.organisation.code])

    def facts(self) -> dict[str, str]:
        """What the world reads of it in the log."""
        opened_by = {"opened_by": self.opened_by.code} if self.opened_by else {}
        return {**self.organisation.facts(), "decides": self.decides, "time_zone": self.time_zone, **opened_by}

    def told(self) -> Told:
        """What opening its page has left in the log."""
        more = {
            "founded_on": self.organisation.founded_on.isoformat(),
            "invented": self.organisation.is_invented,
            "page_language": self.language,
            "said_on": self.opened_on.isoformat(),
        }
        return Told("body.opened", self.code, self.facts() | more, self, later=frozenset(more))


class BodyEnd(models.Model):
    """A body says that it was closed. Nothing ends by it: what is owed stays owed, and can still be answered."""

    body = models.OneToOneField(Body, models.PROTECT, related_name="end")
    reason = models.TextField()
    language = models.CharField(max_length=12, default="en")
    successor = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="succeeds")
    said_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(successor__isnull=True) | ~models.Q(successor=models.F("body")),
                name="nobody_succeeds_itself",
            )
        ]

    def told(self) -> Told:
        """The record that it left in the log; the reason enters as a commitment."""
        facts = {"body": self.body.code, "language": self.language, "said_on": self.said_on.isoformat()}
        if self.successor:
            facts["successor"] = self.successor.code
        return Told("body.closed", self.body.code, facts, self, {"reason": "reason"})


class Service(models.Model):
    """What an organisation offers to people."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")
    opened_on = models.DateField()

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.organisation.code

    def facts(self) -> dict[str, str]:
        """What the world reads of it in the log."""
        return {"service": self.code, "organisation": self.organisation.code, "name": self.name}

    def told(self) -> Told:
        """What adding it has left in the log."""
        more = {"language": self.language, "said_on": self.opened_on.isoformat()}
        later = frozenset({*more, "about"})
        return Told("service.opened", self.code, self.facts() | more, self, {"about": "about"}, later)


class Site(models.Model):
    """A place where a service works: an area, never an address or a point on a map."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    service = models.ForeignKey(Service, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    area = models.CharField(max_length=120)
    hours = models.CharField(max_length=200, blank=True)
    opened_on = models.DateField()

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.service.organisation.code

    def facts(self) -> dict[str, str]:
        """What the world reads of it in the log."""
        return {"site": self.code, "service": self.service.code, "name": self.name, "area": self.area}

    def told(self) -> Told:
        """What adding it has left in the log."""
        day = {"said_on": self.opened_on.isoformat()}
        later = frozenset({*day, "hours"})
        return Told("site.opened", self.code, self.facts() | day, self, {"hours": "hours"}, later)


class Level(models.IntegerChoices):
    """How much say is promised (`domain.md` 3.1); levels 3 and more are proven by records, not by this promise."""

    INFORMED = 1, _("you are told")
    CONSULTED = 2, _("you are asked")
    ANSWERED = 3, _("you are asked and get an answer with reasons")
    CO_DECIDES = 4, _("you decide with us")
    DECIDES = 5, _("you decide, we support")
    SELF_ORGANISED = 6, _("you run it yourselves")


class Process(models.Model):
    """Taking part in one policy or service, from need to evaluation; it needs no body."""

    code = models.CharField(max_length=32, unique=True, default=codes.code)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="processes")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="processes")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="processes")
    title = models.CharField(max_length=200)
    about = models.TextField()
    language = models.CharField(max_length=12, default="en")
    source = models.TextField(blank=True)
    publishes_votes = models.BooleanField(default=False)  # said before it opens: ballots, re-keyed, for everybody
    is_invented = models.BooleanField(default=False)
    opened_on = models.DateField()
    beside = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="stands_beside")
    agreed_on = models.DateField(null=True, blank=True)
    reading_minutes = models.PositiveSmallIntegerField(null=True, blank=True)  # none: nobody has said it
    reading_pay = models.CharField(max_length=120, blank=True)  # empty beside minutes: unpaid

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agreed_on__isnull=True) | models.Q(beside__isnull=False),
                name="only_a_peer_organisation_that_was_asked_agrees",
            ),
            models.CheckConstraint(
                condition=models.Q(reading_pay="") | models.Q(reading_minutes__isnull=False),
                name="pay_is_said_together_with_its_minutes",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.organisation.code

    @property
    def body_code(self) -> str:
        """The body that it is about, for the policy; empty if it is about none."""
        return self.body.code if self.body else ""

    @property
    def editors(self) -> Organisation | None:
        """The peer organisation that reads the statements: its own, or the one beside it that has agreed."""
        if self.organisation.kind == OrganisationKind.PEER:
            return self.organisation
        return self.beside if self.agreed_on else None

    @property
    def editors_code(self) -> str:
        """Who reads the statements, for the policy; empty if nobody does."""
        return self.editors.code if self.editors else ""

    @property
    def asked_code(self) -> str:
        """The peer organisation that was asked to stand beside it, for the policy; empty if none was."""
        return self.beside.code if self.beside else ""

    @property
    def title_said(self) -> Said:
        """Its title in the reader's language where there is a translation."""
        if self.language == languages.readers():
            return Said(self.title, self.language)
        found: Any = public_said("process", [self])[0]
        said: Said = found.said["title"]
        return said

    def current_phase(self, day: datetime.date | None = None) -> "Phase | None":
        """The phase that runs on the day (default: today)."""
        day = day or clock.today()
        return next((phase for phase in self.phases.all() if phase.is_open(day)), None)

    def takes(self, feature: str) -> bool:
        """Whether the phase of today takes statements or votes, for the policy."""
        phase = self.current_phase()
        return phase is not None and phase.sealed_on is None and bool(getattr(phase, f"takes_{feature}"))

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("process", args=[self.code])

    def facts(self) -> dict[str, object]:
        """What the world reads of it in the log."""
        about = {"body": self.body.code} if self.body else {}
        if self.service:
            about["service"] = self.service.code
        return {
            "process": self.code,
            "organisation": self.organisation.code,
            "title": self.title,
            "language": self.language,
            "publishes_votes": self.publishes_votes,
            **about,
        }

    def told(self) -> Told:
        """What opening it has left in the log."""
        more = {"invented": self.is_invented, "said_on": self.opened_on.isoformat()}
        later = frozenset({*more, "about", "source"})
        words = {"about": "about", "source": "source"}
        return Told("process.opened", self.code, self.facts() | more, self, words, later)

    def told_asked(self) -> Told:
        """What asking the peer organisation beside it, the one asked last, has left in the log."""
        return Told("peers.asked", self.code, {"process": self.code, "organisation": self.asked_code}, self)

    def told_agreed(self) -> Told:
        """What that organisation's yes has left in the log."""
        day = {"said_on": self.agreed_on.isoformat()} if self.agreed_on else {}
        facts = {"process": self.code, "organisation": self.asked_code, **day}
        return Told("peers.agreed", self.code, facts, self, later=frozenset(day))

    def told_offered(self) -> Told:
        """What was said last about the minutes and the pay of reading."""
        said = {"minutes": self.reading_minutes, "pay": self.reading_pay}
        facts = {"process": self.code, "organisation": self.editors_code, **said}
        return Told("work.offered", self.code, facts, self)


class PhaseKind(models.TextChoices):
    """The six stages of a policy or service."""

    NEED = "need", _("need")
    DESIGN = "design", _("design")
    DECISION = "decision", _("decision")
    DELIVERY = "delivery", _("delivery")
    MONITORING = "monitoring", _("monitoring")
    EVALUATION = "evaluation", _("evaluation")


class Phase(models.Model):
    """A stretch of a process that says beforehand what can change, what cannot, and how much say is promised."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    process = models.ForeignKey(Process, models.PROTECT, related_name="phases")
    kind = models.CharField(max_length=12, choices=PhaseKind)
    level = models.PositiveSmallIntegerField(choices=Level)
    can_change = models.TextField()
    cannot_change = models.TextField()
    language = models.CharField(max_length=12, default="en")
    opens_on = models.DateField()
    closes_on = models.DateField()
    takes_statements = models.BooleanField(default=False)
    takes_votes = models.BooleanField(default=False)
    planned_on = models.DateField()
    sealed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("opens_on", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="a_phase_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=models.Q(level__in=Level.values), name="a_phase_promises_a_known_level"),
        ]

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.process.organisation.code

    @property
    def editors_code(self) -> str:
        """Who reads the statements, for the policy; empty if nobody does."""
        return self.process.editors_code

    def is_open(self, day: datetime.date) -> bool:
        """Whether it runs on the day; the last day counts whole."""
        return self.opens_on <= day <= self.closes_on

    def get_absolute_url(self) -> str:
        """Its place on the process's page."""
        return f"{self.process.get_absolute_url()}#phase-{self.code}"

    def facts(self) -> dict[str, object]:
        """What the world reads of it in the log."""
        return {
            "process": self.process.code,
            "phase": self.code,
            "kind": self.kind,
            "level": self.level,
            "can_change": self.can_change,
            "cannot_change": self.cannot_change,
            "opens_on": self.opens_on.isoformat(),
            "closes_on": self.closes_on.isoformat(),
            "takes_statements": self.takes_statements,
            "takes_votes": self.takes_votes,
        }

    def told(self) -> Told:
        """What planning it has left in the log: its last day as it was planned, also when it was closed early."""
        more = {"language": self.language, "said_on": self.planned_on.isoformat()}
        closing = getattr(self, "closing", None)
        planned = {"closes_on": closing.planned.isoformat()} if closing else {}
        return Told("phase.planned", self.code, self.facts() | planned | more, self, later=frozenset(more))


class PhaseClosing(models.Model):
    """A phase was closed early: its last day as it was planned, and why it ended before."""

    phase = models.OneToOneField(Phase, models.PROTECT, related_name="closing")
    planned = models.DateField()
    why = models.TextField()
    said_on = models.DateField()

    def told(self) -> Told:
        """What closing the phase has left in the log; the phase's own row holds the day on which it ended."""
        facts = {
            "process": self.phase.process.code,
            "phase": self.phase.code,
            "planned": self.planned.isoformat(),
            "closes_on": self.phase.closes_on.isoformat(),
            "why": self.why,
        }
        day = {"said_on": self.said_on.isoformat()}
        return Told("phase.closed", self.phase.code, facts | day, self, later=frozenset(day))
