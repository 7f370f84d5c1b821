"""What people do: set up, join, sign in, come back, leave; what organisations do: mandate, vouch, invite, dismiss."""

import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext

from withus.acting import acting
from withus.core import clock, codes
from withus.core.errors import Refused
from withus.people import credentials, leaving, queries
from withus.people.credentials import Draft
from withus.people.models import (
    Account,
    Countersignature,
    FundingLink,
    Instance,
    Invite,
    InviteBatch,
    Mandate,
    Membership,
    Organisation,
    OrganisationKind,
    RecoveryCode,
    Session,
    SetUpToken,
)
from withus.people.names import read_pseudonym
from withus.people.sessions import SessionInfo, fresh
from withus.policy.facts import Actor, ActorKind, Role
from withus.policy.rules import Action

LARGEST_BATCH = 200


def _begin(account: Account, key: bytes, *, is_shared: bool) -> SessionInfo:
    info = fresh(key, is_shared=is_shared)
    tomorrow = clock.today() + datetime.timedelta(days=1)
    Session.objects.create(digest=codes.digest(info.token), account=account, ends_on=tomorrow)
    return info


def _make(draft: Draft) -> tuple[Account, bool]:
    """The draft's account, made now or by an earlier sending of the same form; one Argon2id, before any lock."""
    verifier, wrapped = credentials.lock(draft.passphrase, draft.salt, draft.key)
    made = {"salt": draft.salt, "verifier": verifier, "wrapped_key": wrapped, "joined_on": clock.today()}
    account = Account(pseudonym=draft.pseudonym, **made)
    earlier = Account.objects.filter(pseudonym=draft.pseudonym).first()
    if earlier is None:
        return account, True
    if earlier.verifier != verifier:
        raise Refused(gettext("Somebody else has just got this pseudonym. Ask for another one."))
    return earlier, False


def add_steward(actor: Actor, subject: None) -> str:
    """Makes a one-time set-up address and returns its token; earlier unused ones end. Raises Denied."""
    with acting(actor, Action.ADD_STEWARD, subject) as record:
        SetUpToken.objects.all().delete()
        token = codes.token()
        SetUpToken.objects.create(digest=codes.digest(token), made_on=clock.today())
        record("steward.invited", {"steward": "instance"}, by=ActorKind.SYSTEM)
    return token


def set_up(
    actor: Actor,
    subject: SetUpToken,
    *,
    draft: Draft,
    host_name: str = "",
    community_name: str = "",
    language: str = "en",
    is_demo: bool = False,
) -> SessionInfo:
    """Makes the first steward and, if there is none yet, the instance; the address is used up. Raises Refused."""
    account, is_new = _make(draft)
    with acting(actor, Action.SET_UP, subject) as record:
        if not SetUpToken.objects.filter(pk=subject.pk).delete()[0]:
            raise Refused(gettext("This address has been used. Ask for a new one at the machine."))
        account.save(force_insert=is_new)
        instance, _ = Instance.objects.get_or_create(
            id=1,
            defaults={
                "host_name": host_name,
                "community_name": community_name,
                "language": language,
                "is_demo": is_demo,
                "check_secret": draft.check_secret,
                "set_up_on": clock.today(),
            },
        )
        Membership.objects.get_or_create(
            account=account, organisation=None, role=Role.INSTANCE_STEWARD, defaults={"since": clock.today()}
        )
        record("instance.set_up", instance.facts(), by=ActorKind.SYSTEM, subject=instance.code)
        return _begin(account, draft.key, is_shared=False)


def join(actor: Actor, subject: None, *, code: str, draft: Draft | None = None, shared: bool = False) -> SessionInfo | None:
    """Uses an invite code: adds its role to the actor's account, or makes the draft's account and signs it in.

    Sent twice, or two at once, it is the same account. Raises Refused for a code that is unknown, used or ended.
    """
    digest = codes.digest(codes.read_code(code))
    account, is_new = _make(draft) if draft else (Account.objects.get(pk=actor.account), False)
    try:
        with acting(actor, Action.JOIN, subject):
            invite = queries.public_invite(digest)
            if invite and Invite.objects.filter(pk=invite.pk).delete()[0]:
                if is_new:
                    account.save(force_insert=True)
                Membership.objects.get_or_create(
                    account=account,
                    organisation=invite.batch.organisation,
                    role=invite.batch.role,
                    defaults={"since": clock.today()},
                )
            elif is_new or draft is None:
                raise Refused(gettext("This code does not work. It may be used, or too old. Ask for a new card."), "code")
            return _begin(account, draft.key, is_shared=shared) if draft else None
    except IntegrityError:  # the same form came twice at once, and the other one was first
        return join(actor, subject, code=code, draft=draft, shared=shared)


def sign_in(actor: Actor, subject: None, *, pseudonym: str, passphrase: str, shared: bool = False) -> SessionInfo:
    """Begins a session; raises Refused with one sentence, at one price, for every kind of wrong."""
    name, phrase = read_pseudonym(pseudonym), codes.read_words(passphrase)
    account = Account.objects.filter(pseudonym=name).first()
    instance, opened = queries.public_instance(), None
    if instance and codes.passphrase_may_be(bytes(instance.check_secret), name, phrase):
        locked = {account.verifier: bytes(account.wrapped_key)} if account else {}
        salt = bytes(account.salt) if account else credentials.salt_of_nobody(name)
        opened = credentials.unlock(phrase, salt, locked)
    if account is None or opened is None:
        raise Refused(gettext("Pseudonym and passphrase do not fit. Look at your card and try again."))
    with acting(actor, Action.SIGN_IN, subject):
        return _begin(account, opened[1], is_shared=shared)


def sign_out(token: str) -> None:
    """Ends a session."""
    with transaction.atomic():
        Session.objects.filter(digest=codes.digest(token)).delete()


def recover(actor: Actor, subject: None, *, pseudonym: str, code: str, shared: bool = False) -> tuple[SessionInfo, str]:
    """Uses up one recovery code: a new passphrase, which is returned, and a session. Raises Refused."""
    name, secret = read_pseudonym(pseudonym), codes.read_code(code)
    account = Account.objects.filter(pseudonym=name).first()
    rows = account.recovery_codes.all() if account else ()
    salt = bytes(account.salt) if account else credentials.salt_of_nobody(name)
    opened = credentials.unlock(secret, salt, {row.verifier: bytes(row.wrapped_key) for row in rows})
    if account is None or opened is None:
        raise Refused(gettext("Pseudonym and code do not fit, or the code is used. Try the next one on your sheet."))
    verifier, key = opened
    with acting(actor, Action.RECOVER, subject):
        if not account.recovery_codes.filter(verifier=verifier).delete()[0]:
            raise Refused(gettext("This code was used a moment ago. Try the next one on your sheet."))
        phrase = _give_new_passphrase(account, key)
        return _begin(account, key, is_shared=shared), phrase


def _give_new_passphrase(account: Account, key: bytes) -> str:
    """Puts a new passphrase in place of the old, and ends all sessions: whoever knew the old one is out."""
    instance = Instance.objects.get()
    phrase = codes.passphrase(bytes(instance.check_secret), account.pseudonym)
    account.verifier, account.wrapped_key = credentials.lock(phrase, bytes(account.salt), key)
    account.save(update_fields=["verifier", "wrapped_key"])
    account.sessions.all().delete()
    return phrase


def renew(actor: Actor, subject: None, *, key: bytes, shared: bool = False) -> tuple[SessionInfo, str]:
    """A new passphrase for the actor, which is returned, and a new session; all others end. Raises Denied."""
    with acting(actor, Action.RENEW, subject):
        account = Account.objects.get(pk=actor.account)
        phrase = _give_new_passphrase(account, key)
        return _begin(account, key, is_shared=shared), phrase


def prepare(actor: Actor, subject: None, *, key: bytes) -> list[str]:
    """A new sheet of recovery codes, which are returned; the old sheet no longer works. Raises Denied."""
    made = credentials.recovery_codes()
    salt = bytes(Account.objects.get(pk=actor.account).salt)
    locked = [credentials.lock(code, salt, key) for code in made]  # before the transaction: each takes its time
    with acting(actor, Action.PREPARE, subject):
        RecoveryCode.objects.filter(account_id=actor.account).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(account_id=actor.account, verifier=verifier, wrapped_key=wrapped) for verifier, wrapped in locked
        )
    return made


def leave(actor: Actor, subject: None, *, key: bytes, stays: bool) -> None:
    """Erases the actor's account; what was said stays, untied for ever, or goes too. Raises Denied."""
    with acting(actor, Action.LEAVE, subject):
        assert actor.account is not None
        for hook in leaving.HOOKS:
            hook(actor.account, key, stays)
        Account.objects.filter(pk=actor.account).delete()
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:  # else the erased rows would stay readable in the write-ahead file
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def found(
    actor: Actor,
    subject: None,
    *,
    kind: str,
    name: str,
    about: str,
    language: str,
    parent: Organisation | None = None,
    code: str = "",
    is_invented: bool = False,
) -> Organisation:
    """Adds an organisation, perhaps as the local chapter of a national one. Raises Refused, Denied."""
    with acting(actor, Action.FOUND, subject) as record:
        if parent and (parent.parent or parent.kind != kind):
            raise Refused(gettext("A chapter belongs to a national organisation of the same kind."), "parent")
        made = Organisation.objects.create(
            code=code or codes.code(),
            kind=OrganisationKind(kind),
            name=name,
            about=about,
            language=language,
            parent=parent,
            is_invented=is_invented,
            founded_on=clock.today(),
        )
        record("organisation.founded", made.facts(), by=ActorKind.SYSTEM, subject=made.code)
    return made


def establish(
    actor: Actor,
    organisation: Organisation,
    *,
    speaks_for: str,
    chosen_how: str,
    members_asked: str,
    reports_back: str,
    language: str,
) -> Mandate:
    """Publishes a new version of the organisation's mandate; earlier ones stay beside it. Raises Refused, Denied."""
    with acting(actor, Action.ESTABLISH, organisation) as record:
        if organisation.kind != OrganisationKind.PEER:
            raise Refused(gettext("Only a peer organisation has a mandate."))
        mandate = Mandate.objects.create(
            organisation=organisation,
            version=organisation.mandates.count() + 1,
            speaks_for=speaks_for,
            chosen_how=chosen_how,
            members_asked=members_asked,
            reports_back=reports_back,
            language=language,
            published_on=clock.today(),
        )
        record("mandate.published", mandate.facts(), by=ActorKind.ORGANISATION, subject=organisation.code)
    return mandate


def declare(
    actor: Actor, organisation: Organisation, *, payer: Organisation | None = None, payer_name: str = "", share: str
) -> FundingLink:
    """Declares who pays the organisation (nobody is an answer too), beside what was declared before. Raises Denied."""
    with acting(actor, Action.DECLARE, organisation) as record:
        link = FundingLink.objects.create(
            organisation=organisation, payer=payer, payer_name=payer_name, share=share, declared_on=clock.today()
        )
        record("funding.declared", link.facts(), by=ActorKind.ORGANISATION, subject=organisation.code)
    return link


def countersign(
    actor: Actor,
    organisation: Organisation,
    *,
    by: Organisation | None = None,
    outside_name: str = "",
    outside_proof: str = "",
) -> Countersignature:
    """Vouches for the newest mandate, as a recognised peer organisation or for one outside. Raises Refused, Denied."""
    with acting(actor, Action.COUNTERSIGN, queries.public_vouchable(organisation)) as record:
        mandate = organisation.mandates.order_by("-version").first()
        if mandate is None:
            raise Refused(gettext("There is no mandate to countersign yet."))
        if by is None and not (outside_name and outside_proof):
            raise Refused(gettext("Say which outside organisation vouches, and where anybody can read it."), "outside_proof")
        if by and mandate.countersignatures.filter(by=by).exists():
            raise Refused(gettext("Your organisation has countersigned this mandate already."))
        made = Countersignature.objects.create(
            mandate=mandate,
            by=by,
            outside_name="" if by else outside_name,
            outside_proof="" if by else outside_proof,
            signed_on=clock.today(),
        )
        record("mandate.countersigned", made.facts(), by=ActorKind.ORGANISATION, subject=organisation.code)
    return made


def invite(
    actor: Actor, organisation: Organisation | None, *, role: str, size: int, ends_on: datetime.date
) -> tuple[InviteBatch, list[str]]:
    """Makes invite codes, which are returned once; only their hashes are kept. Raises Refused, Denied."""
    batch = InviteBatch(organisation=organisation, role=role, size=size, made_on=clock.today(), ends_on=ends_on)
    with acting(actor, Action.INVITE, batch):
        if Role(role) not in queries.roles_to_hand_out(actor, organisation):
            raise Refused(gettext("This organisation does not hand out this role."), "role")
        if not 1 <= size <= LARGEST_BATCH:
            raise Refused(gettext("Choose a number from 1 to 200."), "size")
        if not clock.today() <= ends_on <= clock.today() + datetime.timedelta(days=366):
            raise Refused(gettext("Choose a day from today on, at most a year away."), "ends_on")
        batch.save()
        made = [codes.code(16) for _ in range(size)]
        # In an order of its own: the first card on the sheet is not the first row.
        Invite.objects.bulk_create(Invite(batch=batch, digest=codes.digest(code)) for code in codes.shuffled(made))
    return batch, made


def recall(actor: Actor, batch: InviteBatch) -> int:
    """Makes a batch's unused codes worthless; returns how many there were. Raises Denied."""
    with acting(actor, Action.RECALL, batch):
        return int(batch.invites.all().delete()[0])


def dismiss(actor: Actor, membership: Membership) -> None:
    """Ends somebody's role; her account and what she said stay. Raises Refused, Denied."""
    with acting(actor, Action.DISMISS, membership):
        last = Membership.objects.filter(role=Role.INSTANCE_STEWARD).count() == 1
        if membership.role == Role.INSTANCE_STEWARD and last:
            raise Refused(gettext("This is the last steward of this house. Make a card for another one first."))
        membership.delete()


def forget(rows: Any) -> int:
    """Deletes what has ended: sessions, batches, set-up addresses; for jobs."""
    with transaction.atomic():
        return int(rows.delete()[0])


def demo_account(actor: Actor, *, pseudonym: str, passphrase: str, memberships: list[tuple[Role, Organisation | None]]) -> Account:
    """An account whose passphrase is published, for the demo alone. Raises Denied."""
    with acting(actor, Action.JOIN, None):
        assert actor.is_system
        assert Instance.objects.get().is_demo
        salt = codes.key()
        verifier, wrapped = credentials.lock(passphrase, salt, codes.key())
        account = Account.objects.create(
            pseudonym=pseudonym, salt=salt, verifier=verifier, wrapped_key=wrapped, joined_on=clock.today()
        )
        for role, organisation in memberships:
            Membership.objects.create(account=account, organisation=organisation, role=role, since=clock.today())
    return account


