"""An inbox is made, read by more, given a new key, opened with its paper key: no key ever lies open on the disk."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext

from withus.acting import Record, acting
from withus.core import clock, erasure, sealing
from withus.core.errors import Refused
from withus.people.leaving import on_losing_a_role
from withus.people.models import Membership, Organisation, OrganisationKind, in_force
from withus.policy.facts import Actor, ActorKind
from withus.policy.rules import Action
from withus.policy.voice_lines import READERS
from withus.voices import sealed, weeks
from withus.voices.inboxes import queries, unlocking
from withus.voices.inboxes.models import Inbox, Occasion, Reader
from withus.voices.models import Envelope, Voice
from withus.web.language import in_digits


def make_inbox(actor: Actor, organisation: Organisation, *, key: bytes, seed: str) -> bytes:
    """Makes the organisation's first inbox, whose first reader the actor is; returns its private half, for paper.

    Raises Refused, Denied.
    """
    with acting(actor, Action.MAKE_INBOX, organisation) as record:
        if organisation.inboxes.exists():
            raise Refused(gettext("There is an inbox already. Offer to read it, and ask one of its readers."))
        with sealing.or_nothing():
            made = unlocking.inbox_pair(key, seed)
        first = _add(organisation, 1, made.public, Occasion.MADE)
        _give(_row_of(actor, organisation, key), first, made.private)
        _tell(record, first)
    return made.private


def offer_to_read(actor: Actor, organisation: Organisation, *, key: bytes) -> Reader:
    """Stores the public half of the actor's reading key, so that a reader can let her in. Raises Denied."""
    with acting(actor, Action.OFFER_TO_READ, organisation):
        return _row_of(actor, organisation, key)


def add_reader(actor: Actor, inbox: Inbox, *, key: bytes, reader: Reader) -> None:
    """Seals the inbox's key for one who offered, or anew for one of whom nothing shows that a reader added her.

    Raises Refused, Denied.
    """
    with acting(actor, Action.ADD_READER, inbox):
        private = _unlocked(actor, inbox, key)
        there = next((one for one in queries.to_add(actor, inbox, key) if one.pk == reader.pk), None)
        if there is None:
            raise Refused(gettext("This person reads the inbox already, or has no role here any more."), "reader")
        if bytes(there.public) != bytes(reader.public):  # not the one whose words were compared
            raise Refused(gettext("Her key has just changed. Compare the eight words anew."), "reader")
        _give(there, inbox, private)


def renew_inbox(
    actor: Actor, inbox: Inbox, *, key: bytes, seed: str, without: Reader | None, giving_up: int | None = None
) -> bytes:
    """Gives the inbox a new key, for all who stay; what lies in it is sealed anew. Returns the new private half.

    Nobody gets it by a public half that no reader vouched for: it could be of whoever has the database. What cannot be
    sealed anew its readers lose only if the actor is giving up as many voices as that are: the record says how many.
    Raises Refused, Denied.
    """
    with acting(actor, Action.RENEW_INBOX, inbox) as record:
        private = _unlocked(actor, inbox, key)
        if without and without.account_id == actor.account:
            raise Refused(gettext("You would make the new key yourself. Ask another reader to do this."), "without")
        if without:
            without.delete()
        staying = list(queries.staying(actor, inbox.organisation))
        if unknown := queries.unknown(actor, inbox, key, staying):
            raise Refused(_compare_anew(unknown), "without")
        with sealing.or_nothing():
            made = unlocking.inbox_pair(key, seed)
        following = _add(inbox.organisation, inbox.number + 1, made.public, Occasion.RENEWED)
        _hand_on(private, inbox, following, giving_up)
        _take_from_all(inbox.organisation)
        for reader in staying:
            _give(reader, following, made.private)
        _tell(record, following)
    return made.private


def recover_inbox(
    actor: Actor, inbox: Inbox, *, key: bytes, seed: str, paper: str, giving_up: int | None = None
) -> bytes:
    """Opens the inbox with its paper key and gives it a new one, which only the actor has. Raises Refused, Denied."""
    with acting(actor, Action.RECOVER_INBOX, inbox) as record:
        _only_in_use(inbox)
        private = unlocking.from_paper(paper)
        if private is None or sealing.pair(private).public != bytes(inbox.public):
            raise Refused(gettext("This is not the key of this inbox. Read it once more from the paper."), "paper")
        with sealing.or_nothing():
            made = unlocking.inbox_pair(key, seed)
        following = _add(inbox.organisation, inbox.number + 1, made.public, Occasion.RECOVERED)
        _hand_on(private, inbox, following, giving_up)
        _take_from_all(inbox.organisation)
        _give(_row_of(actor, inbox.organisation, key), following, made.private)
        _tell(record, following)
    return made.private


def _add(organisation: Organisation, number: int, public: bytes, occasion: Occasion) -> Inbox:
    about = {"organisation": organisation, "number": number, "occasion": occasion.value, "made_on": clock.today()}
    return Inbox.objects.create(public=public, **about)


def _tell(record: Record, made: Inbox) -> None:
    """Last of all: the record holds the log's head, for which others wait who hold a voice in the inbox."""
    is_body = made.organisation.kind == OrganisationKind.BODY
    record.told(made.told(), by=ActorKind.BODY if is_body else ActorKind.ORGANISATION)


def _row_of(actor: Actor, organisation: Organisation, key: bytes) -> Reader:
    """The actor's row, with the public half that her key has today."""
    with sealing.or_nothing():
        public = unlocking.reading_pair(key).public
    about = {"organisation": organisation, "account_id": actor.account}
    found, _ = Reader.objects.get_or_create(**about, defaults={"public": public, "offered_on": clock.today()})
    if found.reads_since and not found.wrapped:  # she read it, lost her role and has one again: another reader decides
        found.reads_since, found.offered_on = None, clock.today()
        found.save(update_fields=["reads_since", "offered_on"])
    if bytes(found.public) != public and found.reads_since is None:  # somebody put another one there
        found.public = public
        found.save(update_fields=["public"])
    return found


def _give(reader: Reader, inbox: Inbox, private: bytes) -> None:
    with sealing.or_nothing():
        reader.wrapped = sealing.seal_to(bytes(reader.public), private)
        reader.vouched = reader.mark(inbox, private)
    reader.reads_since = clock.today()
    reader.save(update_fields=["wrapped", "vouched", "reads_since"])


@on_losing_a_role
def _take_from(account: int, organisation: int) -> None:
    """Whoever has no role left in which one reads has the key no more; a role that she gets again brings none back."""
    roles = Membership.objects.filter(in_force(clock.today()), account=account, organisation=organisation)
    if not roles.filter(role__in=READERS).exists():
        gone = Reader.objects.filter(account=account, organisation=organisation)
        gone.filter(reads_since__isnull=True).delete()
        if gone.update(wrapped=b""):
            erasure.for_good()


def _take_from_all(organisation: Organisation) -> None:
    """Nobody reads; whoever goes on gets the new key right after. The others can offer again."""
    erasure.for_good()
    Reader.objects.filter(organisation=organisation).update(wrapped=b"", vouched=b"", reads_since=None)


def _only_in_use(inbox: Inbox) -> None:
    if inbox.organisation.inboxes.filter(number__gt=inbox.number).exists():
        raise Refused(gettext("This inbox has a newer key already. Open the page anew."))


def _unlocked(actor: Actor, inbox: Inbox, key: bytes) -> bytes:
    """The inbox's private half, for one of its readers. Raises Refused."""
    _only_in_use(inbox)
    private = queries.unlocked(actor, inbox, key)
    if private is None:
        raise Refused(gettext("Your key does not open this inbox. Ask another reader to add you again."))
    own = queries.own(actor, inbox.organisation)
    if own is None or bytes(own.public) != unlocking.reading_pair(key).public:
        sentence = gettext(
            "The key that stands here as yours is not yours: somebody has changed it. Tell the other readers. Let one "
            "of them make a new key without you, or open it with the paper key."
        )
        raise Refused(sentence)
    return private


def _compare_anew(unknown: Iterable[Reader]) -> str:
    return gettext(
        "Nothing shows that these keys were added by a reader: %(names)s. Compare the eight words with them, and let "
        "them read anew. If the words differ, choose that person here: she gets no new key."
    ) % {"names": ", ".join(map(str, unknown))}


def _hand_on(private: bytes, before: Inbox, following: Inbox, giving_up: int | None) -> None:
    """What lies in the inbox is sealed for its new key; of what does not open only what has ended stays behind.

    The rest is given up once the actor knows how much that is: whoever sent it sees so, and can let them read it anew.
    Raises Refused.
    """
    lying = Voice.objects.select_for_update(of=("self",)).filter(envelopes__inbox=before)
    list(lying.order_by("pk"))  # first held, then read: an answer may have let one live longer meanwhile
    found = Envelope.objects.filter(inbox=before).select_related("voice")
    shut = [one for one in found if not _is_sealed_anew(private, before, one, following)]
    living = [one for one in shut if one.voice.ends_on >= clock.today()]
    if living and giving_up != len(living):
        raise Refused(_would_be_lost(living), "giving_up")
    Envelope.objects.filter(pk__in=[one.pk for one in living]).update(wrap=b"", is_waiting=False)
    following.given_up = len(living)
    following.save(update_fields=["given_up"])
    erasure.for_good()


def _is_sealed_anew(private: bytes, before: Inbox, envelope: Envelope, following: Inbox) -> bool:
    code, week = envelope.voice.code, envelope.voice.week
    try:
        rk = sealed.by_inbox(private, before, code, week, bytes(envelope.wrap))
    except sealing.Unreadable:
        return False
    envelope.wrap, envelope.inbox = sealed.for_inbox(following, code, week, rk), following
    envelope.save(update_fields=["wrap", "inbox"])
    return True


def _would_be_lost(shut: Sequence[Envelope]) -> str:
    """What to do about voices that do not open: a week's key can come back, a damaged voice cannot."""
    found = Counter(one.voice.week for one in shut)
    lost = Counter({week: number for week, number in found.items() if not weeks.is_here(week)})
    said = [gettext("Nothing was changed.")]
    if lost:
        sentence = gettext(
            "The key of these weeks is not here, or another one lies in its place: %(weeks)s. Voices that would be "
            "lost with a new key: %(number)s. Ask whoever runs this house to put the files of these keys back, then "
            "try again. Must somebody stop reading at once? When her role here ends, she can open nothing any more. "
            "Give these voices up only if no copy of the files is left."
        )
        said.append(sentence % {"weeks": ", ".join(sorted(lost)), "number": in_digits(lost.total())})
    if damaged := len(shut) - lost.total():
        sentence = gettext(
            "Damaged voices, which no key opens any more: %(number)s. Whoever sent them can come back and let you "
            "read them anew."
        )
        said.append(sentence % {"number": in_digits(damaged)})
    sentence = gettext(
        "To go on without them, write below how many voices the inbox loses: %(number)s. The public log will say this "
        "number, and whoever sent them will see that you cannot read them any more."
    )
    return " ".join([*said, sentence % {"number": in_digits(len(shut))}])
