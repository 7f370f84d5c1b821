"""Pseudonymous accounts, organisations, roles, mandates, invitations: no name, no address, no time of day."""

import datetime

from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.core import clock, codes
from withus.policy.facts import Role
from withus.public_log.rows import Told

KEEPERS = (Role.ORG_STEWARD, Role.BODY_SECRETARY)  # give and end the roles of their organisation
OFFICES = (*KEEPERS, Role.DUTY_BEARER)  # can have a term, and be handed over
ANSWERING = (Role.BODY_SECRETARY, Role.DUTY_BEARER)
TIME_TO_ANSWER = datetime.timedelta(days=28)


def in_force(day: datetime.date) -> models.Q:
    """The roles that hold on this day: without a term, or with one whose last day has not passed."""
    return models.Q(until__isnull=True) | models.Q(until__gte=day)


class Instance(models.Model):
    """This host: one row. Whose it is, what the community calls itself, and the secret of the passphrase check."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    code = models.CharField(max_length=16, default=codes.code)
    host_name = models.CharField(max_length=120)
    community_name = models.CharField(max_length=120, blank=True)
    about = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")
    exit_address = models.CharField(max_length=200, blank=True)
    is_demo = models.BooleanField(default=False)
    check_secret = models.BinaryField(default=codes.key)
    receipts_mark = models.CharField(max_length=26, blank=True)  # to know the salt of receipts by
    weeks_looked_on = models.DateField(null=True, blank=True)
    weeks_wait_until = models.DateField(null=True, blank=True)
    set_up_on = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="there_is_one_instance")]

    def facts(self) -> dict[str, str]:
        """What the world reads of it in the log."""
        return {"instance": self.code, "host_name": self.host_name, "community_name": self.community_name}


class SetUpToken(models.Model):
    """A one-time set-up address, as a hash of its random token."""

    digest = models.CharField(max_length=64, unique=True)
    made_on = models.DateField()


class Account(models.Model):
    """Somebody, by a pseudonym that the system made. Neither passphrase nor participation key is here."""

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    pseudonym = models.CharField(max_length=60, unique=True)
    salt = models.BinaryField(default=codes.key)
    verifier = models.CharField(max_length=64)
    wrapped_key = models.BinaryField()
    joined_on = models.DateField()

    def __str__(self) -> str:
        return self.pseudonym


class RecoveryCode(models.Model):
    """One of a sheet of one-time codes: it opens the participation key in place of the passphrase."""

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    account = models.ForeignKey(Account, models.CASCADE, related_name="recovery_codes")
    verifier = models.CharField(max_length=64)
    wrapped_key = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "verifier"], name="a_recovery_code_is_stored_once")]


class Session(models.Model):
    """A signed-in browser: a hash of its random token. The time of the last click is in its cookie only."""

    digest = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="sessions")
    ends_on = models.DateField(db_index=True)


class OrganisationKind(models.TextChoices):
    """What an organisation is."""

    PEER = "peer_organisation", _("peer organisation")
    BODY = "body", _("body")
    SERVICE = "service", _("service")
    FUNDER = "funder", _("funder")


class Organisation(models.Model):
    """Anybody that can speak: a peer organisation (national or a local chapter), a body, a service, a funder."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    kind = models.CharField(max_length=20, choices=OrganisationKind)
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="chapters")
    is_invented = models.BooleanField(default=False)
    founded_on = models.DateField()
    # Mandates up to this version were published before the host made its last first card. They no longer count:
    # what was vouched for is not what somebody says whom only the host has put there.
    host_card_after = models.PositiveIntegerField(default=0)
    missed_on = models.DateField(null=True, blank=True)  # the host says that nobody who gives its roles can act

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=OrganisationKind.values), name="an_organisation_is_of_a_known_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.code

    @property
    def answer_by(self) -> datetime.date | None:
        """The last day on which somebody who is missed can still answer."""
        return self.missed_on and self.missed_on + TIME_TO_ANSWER

    def has_keeper(self) -> bool:
        """Whether somebody can give and end its roles, for the policy: she has the role, and is not missed for good."""
        is_gone = self.answer_by is not None and clock.today() > self.answer_by
        return not is_gone and self._has(*KEEPERS)

    def is_answered_for(self) -> bool:
        """Whether somebody answers for this body here today; readers do not, nor those whose term has ended."""
        return self._has(*ANSWERING)

    def _has(self, *roles: Role) -> bool:
        return self.memberships.filter(in_force(clock.today()), role__in=roles).exists()

    def get_absolute_url(self) -> str:
        """Its public page."""
        return reverse("organisation", args=[self.code])

    def facts(self) -> dict[str, str]:
        """What the world reads of it in the log."""
        parent = {"parent": self.parent.code} if self.parent else {}
        return {"organisation": self.code, "kind": self.kind, "name": self.name, "language": self.language, **parent}

    def told(self) -> Told:
        """What adding it has left in the log."""
        more = {"invented": self.is_invented, "said_on": self.founded_on.isoformat()}
        later = frozenset({*more, "about"})
        return Told("organisation.founded", self.code, self.facts() | more, self, {"about": "about"}, later)


class Mandate(models.Model):
    """How a peer organisation came to speak for whom: published, in versions, never overwritten."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates")
    version = models.PositiveIntegerField()
    speaks_for = models.TextField()
    chosen_how = models.TextField()
    members_asked = models.TextField()
    reports_back = models.TextField()
    language = models.CharField(max_length=12, default="en")
    published_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "version"], name="a_mandate_version_exists_once")
        ]

    def facts(self) -> dict[str, object]:
        """What the world reads of it in the log: the words of an organisation about itself stay for ever."""
        return {
            "organisation": self.organisation.code,
            "version": self.version,
            "speaks_for": self.speaks_for,
            "chosen_how": self.chosen_how,
            "members_asked": self.members_asked,
            "reports_back": self.reports_back,
            "language": self.language,
        }

    def told(self) -> Told:
        """What publishing it has left in the log."""
        day = {"said_on": self.published_on.isoformat()}
        return Told("mandate.published", self.organisation.code, self.facts() | day, self, later=frozenset(day))


SHARES: dict[str, Promise] = {
    "none": _("nothing"),
    "small": _("less than a quarter of its money"),
    "part": _("from a quarter to a half of its money"),
    "most": _("more than a half of its money"),
}


class FundingLink(models.Model):
    """Who pays an organisation, declared by itself; 'nobody' is a declaration too (no payer)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="funding")
    payer = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="pays")
    payer_name = models.CharField(max_length=120, blank=True)
    share = models.CharField(max_length=20)
    declared_on = models.DateField()

    @property
    def share_in_words(self) -> Promise:
        """How much of the organisation's money it is."""
        return SHARES[self.share]

    def facts(self) -> dict[str, str]:
        """What the world reads of it in the log."""
        payer = self.payer.code if self.payer else ""
        return {
            "organisation": self.organisation.code,
            "payer": payer,
            "payer_name": self.payer_name,
            "share": self.share,
        }

    def told(self) -> Told:
        """What declaring it has left in the log."""
        day = {"said_on": self.declared_on.isoformat()}
        return Told("funding.declared", self.organisation.code, self.facts() | day, self, later=frozenset(day))


class Countersignature(models.Model):
    """Another peer organisation vouches for a mandate: one of this host, or an outside one."""

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="countersignatures")
    by = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="countersigned")
    outside_name = models.CharField(max_length=120, blank=True)
    outside_proof = models.CharField(max_length=300, blank=True)
    signed_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=False) ^ ~models.Q(outside_name=""),
                name="a_countersignature_is_somebodys",
            ),
            models.UniqueConstraint(fields=["mandate", "by"], name="an_organisation_countersigns_once"),
        ]

    def facts(self) -> dict[str, object]:
        """What the world reads of it in the log."""
        return {
            "organisation": self.mandate.organisation.code,
            "version": self.mandate.version,
            "by": self.by.code if self.by else "",
            "outside_name": self.outside_name,
            "outside_proof": self.outside_proof,
        }

    def told(self) -> Told:
        """What vouching has left in the log."""
        day, about = {"said_on": self.signed_on.isoformat()}, self.mandate.organisation.code
        return Told("mandate.countersigned", about, self.facts() | day, self, later=frozenset(day))


class Membership(models.Model):
    """A role that an account holds for an organisation (none: for the instance)."""

    id = models.BigIntegerField(primary_key=True, default=codes.row_number)
    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the last day of the term; none: until somebody ends it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "organisation", "role"], name="a_role_is_held_once"),
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=models.Q(organisation__isnull=True),
                name="a_role_for_the_instance_is_held_once",
            ),
        ]

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.organisation.code if self.organisation else ""


class InviteBatch(models.Model):
    """Cards made together. Which code went to whom is stored nowhere; a used code's row is gone."""

    code = models.CharField(max_length=16, unique=True, default=codes.code)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invite_batches")
    role = models.CharField(max_length=20)
    made_on = models.DateField()
    ends_on = models.DateField()
    size = models.PositiveIntegerField()
    term_until = models.DateField(null=True, blank=True)  # how long the role is held that the card gives
    # Whose role ends when this card is used. If it ended before, the card still lets the successor in.
    replaces = models.OneToOneField(Membership, models.SET_NULL, null=True, blank=True, related_name="handed_over_by")

    @property
    def organisation_code(self) -> str:
        """Whose business this is, for the policy."""
        return self.organisation.code

    @property
    def handing_account(self) -> int | None:
        """Who hands her role over with this card, for the policy."""
        return self.replaces.account_id if self.replaces else None

    def has_keeper(self) -> bool:
        """Whether somebody can give and end the organisation's roles, for the policy."""
        return self.organisation.has_keeper()


class Invite(models.Model):
    """An unused invite code, as a hash of its 80 random bits. Using it deletes it."""

    digest = models.CharField(max_length=64, unique=True)
    batch = models.ForeignKey(InviteBatch, models.CASCADE, related_name="invites")
