"""An inbox is made, read by more, given a new key, opened with its paper key: no key ever lies open on the disk."""

from contextlib import suppress

from django.utils.translation import gettext

from withus.acting import Record, acting
from withus.core import clock, erasure, sealing
from withus.core.errors import Refused
from withus.people.models import Organisation, OrganisationKind
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.voices import sealed
from withus.voices.inboxes import queries, unlocking
from withus.voices.inboxes.models import Inbox, Occasion, Reader
from withus.voices.models import Envelope


def make_inbox(actor: Actor, organisation: Organisation, *, key: bytes, seed: str) -> bytes:
    """Makes the organisation's first inbox, whose first reader the actor is; returns its private half, for paper.

    Raises Refused, Denied.
    """
    with acting(actor, Action.MAKE_INBOX, organisation) as record:
        if organisation.inboxes.exists():
            raise Refused(gettext("There is an inbox already. Offer to read it, and ask one of its readers."))
        with sealing.or_nothing():
            made = unlocking.inbox_pair(key, seed)
        _add(record, organisation, 1, made.public, Occasion.MADE)
        _give(_row_of(actor, organisation, key), made.private)
    return made.private


def offer_to_read(actor: Actor, organisation: Organisation, *, key: bytes) -> Reader:
    """Stores the public half of the actor's reading key, so that a reader can let her in. Raises Denied."""
    with acting(actor, Action.OFFER_TO_READ, organisation):
        return _row_of(actor, organisation, key)


def add_reader(actor: Actor, inbox: Inbox, *, key: bytes, reader: Reader) -> None:
    """Seals the inbox's key for one who offered; sent twice, it is the same. Raises Refused, Denied."""
    with acting(actor, Action.ADD_READER, inbox):
        private = _unlocked(actor, inbox, key)
        if not queries.offering(actor, inbox.organisation).filter(pk=reader.pk).exists():
            raise Refused(gettext("This person reads the inbox already, or has no role here any more."), "reader")
        _give(reader, private)


def renew_inbox(actor: Actor, inbox: Inbox, *, key: bytes, seed: str, without: Reader | None) -> bytes:
    """Gives the inbox a new key, for all who stay; what lies in it is sealed anew. Returns the new private half.

    Raises Refused, Denied.
    """
    with acting(actor, Action.RENEW_INBOX, inbox) as record:
        private = _unlocked(actor, inbox, key)
        if without and without.account_id == actor.account:
            raise Refused(gettext("You would make the new key yourself. Ask another reader to do this."), "without")
        if without:
            without.delete()
        with sealing.or_nothing():
            made = unlocking.inbox_pair(key, seed)
        following = _add(record, inbox.organisation, inbox.number + 1, made.public, Occasion.RENEWED)
        staying = list(queries.staying(actor, inbox.organisation))
        _hand_on(private, inbox, following)
        _take_from_all(inbox.organisation)
        for reader in staying:
            _give(reader, made.private)
    return made.private


def recover_inbox(actor: Actor, inbox: Inbox, *, key: bytes, seed: str, paper: str) -> bytes:
    """Opens the inbox with its paper key and gives it a new one, which only the actor has. Raises Refused, Denied."""
    with acting(actor, Action.RECOVER_INBOX, inbox) as record:
        _only_in_use(inbox)
        private = unlocking.from_paper(paper)
        if private is None or sealing.pair(private).public != bytes(inbox.public):
            raise Refused(gettext("This is not the key of this inbox. Read it once more from the paper."), "paper")
        with sealing.or_nothing():
            made = unlocking.inbox_pair(key, seed)
        following = _add(record, inbox.organisation, inbox.number + 1, made.public, Occasion.RECOVERED)
        _hand_on(private, inbox, following)
        _take_from_all(inbox.organisation)
        _give(_row_of(actor, inbox.organisation, key), made.private)
    return made.private


def _add(record: Record, organisation: Organisation, number: int, public: bytes, occasion: Occasion) -> Inbox:
    about = {"organisation": organisation, "number": number, "occasion": occasion.value, "made_on": clock.today()}
    made = Inbox.objects.create(public=public, **about)
    is_body = organisation.kind == OrganisationKind.BODY
    record.told(made.told(), by=ActorKind.BODY if is_body else ActorKind.ORGANISATION)
    return made


def _row_of(actor: Actor, organisation: Organisation, key: bytes) -> Reader:
    """The actor's row, with the public half that her key has today."""
    with sealing.or_nothing():
        public = unlocking.reading_pair(key).public
    about = {"organisation": organisation, "account_id": actor.account}
    found, _ = Reader.objects.get_or_create(**about, defaults={"public": public, "offered_on": clock.today()})
    return found


def _give(reader: Reader, private: bytes) -> None:
    with sealing.or_nothing():
        reader.wrapped = sealing.seal_to(bytes(reader.public), private)
    reader.reads_since = clock.today()
    reader.save(update_fields=["wrapped", "reads_since"])


def _take_from_all(organisation: Organisation) -> None:
    """Nobody reads; whoever goes on gets the new key right after. The others can offer again."""
    erasure.for_good()
    Reader.objects.filter(organisation=organisation).update(wrapped=b"", reads_since=None)


def _only_in_use(inbox: Inbox) -> None:
    if inbox.organisation.inboxes.filter(number__gt=inbox.number).exists():
        raise Refused(gettext("This inbox has a newer key already. Open the page anew."))


def _unlocked(actor: Actor, inbox: Inbox, key: bytes) -> bytes:
    """The inbox's private half, for one of its readers. Raises Refused."""
    _only_in_use(inbox)
    private = queries.unlocked(actor, inbox, key)
    if private is None:
        raise Refused(gettext("Your key does not open this inbox. Ask another reader to add you again."))
    return private


def _hand_on(private: bytes, before: Inbox, following: Inbox) -> None:
    """What lies in the inbox is sealed for its new key; what cannot be opened any more has ended anyway."""
    for one in Envelope.objects.select_for_update(of=("self",)).filter(inbox=before).select_related("voice"):
        code, week = one.voice.code, one.voice.week
        with suppress(sealing.Unreadable):
            rk = sealed.by_inbox(private, before, code, week, bytes(one.wrap))
            one.wrap, one.inbox = sealed.for_inbox(following, code, week, rk), following
            one.save(update_fields=["wrap", "inbox"])
