"""Which inboxes there are, which take something, and who reads them."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from withus.core import clock, sealing
from withus.people.models import Membership, Organisation, in_force
from withus.policy.facts import Actor
from withus.policy.voice_lines import READERS
from withus.voices.inboxes import telling as telling
from withus.voices.inboxes import unlocking
from withus.voices.inboxes.models import Inbox, Reader

LEAST_READERS = 2  # so that nothing depends on one person, and nobody reads alone


def public_inbox(organisation: Organisation) -> Inbox | None:
    """The inbox that is in use; None if there is none."""
    return organisation.inboxes.select_related("organisation").order_by("-number").first()


def _in_use() -> QuerySet[Inbox]:
    newest = Inbox.objects.filter(organisation=OuterRef("organisation")).order_by("-number").values("pk")[:1]
    return Inbox.objects.filter(pk=Subquery(newest)).select_related("organisation").order_by("organisation__name", "id")


def _with_role() -> QuerySet[Reader]:
    """Readers, and those who offer, who act for that organisation today."""
    roles = Membership.objects.filter(
        in_force(clock.today()),
        organisation=OuterRef("organisation"),
        account=OuterRef("account"),
        role__in=READERS,
    )
    return Reader.objects.filter(Exists(roles)).select_related("account").order_by("account__pseudonym")


def _reading() -> QuerySet[Reader]:
    """Who has the key of an inbox, and a role there."""
    return _with_role().filter(reads_since__isnull=False).exclude(wrapped=b"")


def public_number_of_readers(organisation: Organisation) -> int:
    """How many can open the inbox today."""
    return _reading().filter(organisation=organisation).count()


def public_open_inboxes() -> list[Inbox]:
    """The inboxes that take something today: those with enough readers."""
    readers = Counter(_reading().values_list("organisation_id", flat=True))
    return [inbox for inbox in _in_use() if readers[inbox.organisation_id] >= LEAST_READERS]


def may_look(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor is of those of the organisation who may read its inbox, once they have its key."""
    return organisation.code in actor.organisations(*READERS)


def readers(actor: Actor, organisation: Organisation) -> list[Reader]:
    """Who reads the inbox, and has a role here or had one; for the organisation's own people."""
    if not may_look(actor, organisation):
        return []
    found = Reader.objects.filter(organisation=organisation, reads_since__isnull=False)
    return list(found.select_related("account").order_by("account__pseudonym"))


def staying(actor: Actor, organisation: Organisation) -> QuerySet[Reader]:
    """Who reads the inbox and has a role here, and so gets its next key."""
    return _reading().filter(organisation=organisation)


def offering(actor: Actor, organisation: Organisation) -> QuerySet[Reader]:
    """Who offers to read the inbox, and has a role here."""
    return _with_role().filter(organisation=organisation, reads_since__isnull=True)


def own(actor: Actor, organisation: Organisation) -> Reader | None:
    """The actor's own row: as a reader, or as one who offers."""
    return Reader.objects.filter(organisation=organisation, account=actor.account or 0).first()


def inboxes_of(actor: Actor) -> list[Inbox]:
    """The inboxes in use whose key the actor has, while she has a role there."""
    codes = actor.organisations(*READERS)
    mine = _reading().filter(account=actor.account or 0, organisation__code__in=codes)
    return list(_in_use().filter(organisation__in=mine.values("organisation")))


def has_left(actor: Actor, inbox: Inbox) -> bool:
    """Whether somebody knew the key of this inbox who lost her role here."""
    return len(readers(actor, inbox.organisation)) > staying(actor, inbox.organisation).count()


def unknown(actor: Actor, inbox: Inbox, key: bytes, some: Iterable[Reader] | None = None) -> list[Reader]:
    """Readers whose public halves could have been put into the database: no reader vouched for them.

    Of the actor herself her own key says which it is. Nobody, for whoever does not open the inbox.
    """
    private = unlocked(actor, inbox, key)
    if private is None:
        return []
    own, found = unlocking.reading_pair(key).public, staying(actor, inbox.organisation) if some is None else some
    is_own = {one.pk: one.account_id == actor.account and bytes(one.public) == own for one in found}
    return [one for one in found if not is_own[one.pk] and not one.is_vouched(inbox, private)]


def to_add(actor: Actor, inbox: Inbox, key: bytes) -> list[Reader]:
    """Whom the actor can let read: those who offer, and those who read but have to be compared anew."""
    return [*offering(actor, inbox.organisation), *unknown(actor, inbox, key)]


def unlocked(actor: Actor, inbox: Inbox, key: bytes) -> bytes | None:
    """The inbox's private half, opened with the actor's participation key; None if it does not open."""
    reader = own(actor, inbox.organisation)
    if reader is None or reader.reads_since is None:
        return None
    try:
        return unlocking.unlock(key, bytes(reader.wrapped), bytes(inbox.public))
    except sealing.Unreadable:
        return None
