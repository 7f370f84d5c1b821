"""What people do: set up, join, sign in, come back, leave; what organisations do: mandate, vouch, invite, dismiss."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from withus.acting import acting
from withus.core import clock, codes, erasure
from withus.core.errors import Refused
from withus.people import accounts, cards, credentials, leaving, queries, roles
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
from withus.people.sessions import SessionInfo
from withus.policy.facts import Actor, ActorKind, Role, Standing
from withus.policy.rules import Action

LARGEST_BATCH = 200


def _new_set_up_token() -> str:
    SetUpToken.objects.all().delete()
    token = codes.token()
    SetUpToken.objects.create(digest=codes.digest(token), made_on=clock.today())
    return token


def make_set_up_token(actor: Actor) -> str:
    """The secret part of a one-time set-up address: for a house without an instance, or for one more steward.

    Earlier unused ones end. Raises Denied.
    """
    instance = queries.public_instance()
    if instance:
        return add_steward(actor, instance)
    with transaction.atomic():
        return _new_set_up_token()


def add_steward(actor: Actor, instance: Instance) -> str:
    """Makes a one-time set-up token for one more steward, for everybody to read in the log. Raises Denied."""
    with acting(actor, Action.ADD_STEWARD, instance) as record:
        by = ActorKind.SYSTEM if actor.is_system else ActorKind.ORGANISATION
        record("steward.invited", {"instance": instance.code}, by=by, subject=instance.code)
        return _new_set_up_token()


def set_up(
    actor: Actor,
    subject: None,
    *,
    draft: Draft,
    host_name: str = "",
    community_name: str = "",
    language: str = "en",
    is_demo: bool = False,
    shared: bool = False,
) -> SessionInfo:
    """Makes the instance, if there is none yet, and its steward; the address is used up. Raises Refused."""
    verifier, wrapped = credentials.lock(draft.passphrase, draft.salt, draft.key)
    with transaction.atomic():
        token = SetUpToken.objects.select_for_update().filter(digest=draft.bound_to).first()
        if earlier := accounts.made_before(draft, verifier):  # of two at once, the second waited at the token
            return accounts.begin(earlier, draft.key, is_shared=shared)
        with acting(actor, Action.SET_UP, subject) as record:
            if token is None:
                raise Refused(gettext("This address has been used. Ask for a new one at the machine."))
            token.delete()
            about = {"host_name": host_name, "community_name": community_name, "language": language, "is_demo": is_demo}
            instance, is_new = Instance.objects.get_or_create(
                id=1, defaults={**about, "check_secret": draft.check_secret, "set_up_on": clock.today()}
            )
            account = accounts.make(draft, verifier, wrapped)
            Membership.objects.create(account=account, role=Role.INSTANCE_STEWARD, since=clock.today())
            facts = instance.facts() if is_new else {"instance": instance.code}
            what = "instance.set_up" if is_new else "steward.joined"
            record(what, facts, by=ActorKind.ORGANISATION, subject=instance.code)
            return accounts.begin(account, draft.key, is_shared=shared)


def join(
    actor: Actor, subject: None, *, code: str, draft: Draft | None = None, shared: bool = False
) -> SessionInfo | None:
    """Uses an invite code up: its role for the draft's account, which is made and signed in, or for the actor's own.

    Sent twice, or two at once, it is the same account. Raises Refused for a code that is unknown, used or ended.
    """
    digest = codes.digest(codes.read_code(code))
    verifier, wrapped = credentials.lock(draft.passphrase, draft.salt, draft.key) if draft else ("", b"")
    with acting(actor, Action.JOIN, subject) as record:
        invite = queries.public_invite(digest) if draft is None or draft.bound_to == digest else None
        if invite and Invite.objects.filter(pk=invite.pk).delete()[0]:  # of two at once, one deletes it
            account = accounts.make(draft, verifier, wrapped) if draft else accounts.own(actor)
            roles.take(record, account, invite.batch)
        else:
            earlier = accounts.made_before(draft, verifier) if draft else None
            if earlier is None:
                sentence = gettext("This code does not work. It may be used, or too old. Ask for a new card.")
                raise Refused(sentence, "code")
            account = earlier
            record.nothing()
        return accounts.begin(account, draft.key, is_shared=shared) if draft else None


def sign_in(actor: Actor, subject: None, *, pseudonym: str, passphrase: str, shared: bool = False) -> SessionInfo:
    """Begins a session; raises Refused with one sentence, at one price, for every kind of wrong."""
    name, phrase = read_pseudonym(pseudonym), codes.read_words(passphrase)
    account, instance, opened = Account.objects.filter(pseudonym=name).first(), queries.public_instance(), None
    if instance and codes.passphrase_may_be(bytes(instance.check_secret), name, phrase):
        locked = {account.verifier: bytes(account.wrapped_key)} if account else {}
        salt = bytes(account.salt) if account else credentials.salt_of_nobody(name)
        opened = credentials.unlock(phrase, salt, locked)
    if account is None or opened is None:
        raise Refused(gettext("Pseudonym and passphrase do not fit. Look at your card and try again."))
    with acting(actor, Action.SIGN_IN, subject):
        if not Account.objects.filter(pk=account.pk, verifier=opened[0]).exists():  # left or renewed in this moment
            raise Refused(gettext("Pseudonym and passphrase do not fit. Look at your card and try again."))
        return accounts.begin(account, opened[1], is_shared=shared)


def sign_out(token: str) -> None:
    """Ends a session."""
    with transaction.atomic():
        Session.objects.filter(digest=codes.digest(token)).delete()


def recover(actor: Actor, subject: None, *, draft: Draft, shared: bool = False) -> SessionInfo:
    """Uses up the recovery code that the draft is bound to: its passphrase replaces the lost one. Raises Refused."""
    verifier, wrapped = credentials.lock(draft.passphrase, draft.salt, draft.key)
    with acting(actor, Action.RECOVER, subject):
        account = Account.objects.select_for_update().filter(pseudonym=draft.pseudonym).first()
        used = account and account.recovery_codes.filter(verifier=draft.bound_to).delete()[0]
        if account is None or not (used or account.verifier == verifier):
            raise Refused(gettext("This code has been used. Begin again with the next one on your sheet."))
        return accounts.replace(account, verifier, wrapped, draft.key, shared)


def renew(actor: Actor, subject: None, *, draft: Draft, shared: bool = False) -> SessionInfo:
    """The draft's passphrase replaces the actor's; every other session ends. Raises Refused, Denied."""
    verifier, wrapped = credentials.lock(draft.passphrase, draft.salt, draft.key)
    with acting(actor, Action.RENEW, subject):
        account = accounts.own(actor)
        if account.pseudonym != draft.pseudonym or account.verifier not in {draft.bound_to, verifier}:
            raise Refused(gettext("You got another passphrase in the meantime. This one was not stored."))
        return accounts.replace(account, verifier, wrapped, draft.key, shared)


def prepare(actor: Actor, account: Account, *, key: bytes) -> list[str]:
    """A new sheet of recovery codes, which are returned; the old sheet no longer works. Raises Denied."""
    check_secret = bytes(Instance.objects.get().check_secret)
    made = credentials.recovery_codes(check_secret, account.pseudonym)
    locked = [credentials.lock(code, bytes(account.salt), key) for code in made]  # outside the lock: each takes time
    with acting(actor, Action.PREPARE, account):
        account.recovery_codes.all().delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(account=account, verifier=verifier, wrapped_key=wrapped) for verifier, wrapped in locked
        )
    return made


def give_up(actor: Actor, subject: None, *, standing: Standing) -> None:
    """Gives one of the actor's own roles up; her account and what she said stay. Raises Refused, Denied."""
    with acting(actor, Action.GIVE_UP, subject) as record:
        own = accounts.own(actor).memberships.select_related("organisation")
        held = own.filter(role=standing.role, organisation__code=standing.organisation or None).first()
        if held is None:
            raise Refused(gettext("You do not have this role any more."))
        roles.end(own.filter(pk=held.pk))
        erasure.for_good()
        if held.organisation:
            roles.tell(record, "role.ended", held.organisation, held.role, by=roles.own_kind(held.organisation))
        else:
            house = Instance.objects.get().code
            record("steward.left", {"instance": house}, by=ActorKind.ORGANISATION, subject=house)


def leave(actor: Actor, subject: None, *, key: bytes, stays: bool) -> None:
    """Erases the actor's account; what was said stays, untied for ever, or goes too. Raises Denied."""
    with acting(actor, Action.LEAVE, subject):
        account = accounts.own(actor)
        for held in account.memberships.select_related("organisation"):
            give_up(actor, None, standing=Standing(Role(held.role), held.organisation_code))
        for hook in leaving.HOOKS:
            hook(account.pk, key, stays)
        account.delete()
        erasure.for_good()


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
        if Organisation.objects.filter(name__iexact=name).exists():
            raise Refused(gettext("An organisation of this name is here already. Add where it works."), "name")
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
        record.told(made.told(), by=ActorKind.ORGANISATION)
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
        record.told(mandate.told(), by=ActorKind.ORGANISATION)
    return mandate


def declare(
    actor: Actor, organisation: Organisation, *, payer: Organisation | None = None, payer_name: str = "", share: str
) -> FundingLink:
    """Declares who pays the organisation (nobody is an answer too), beside what was declared before.

    Raises Refused, Denied.
    """
    with acting(actor, Action.DECLARE, organisation) as record:
        if payer and payer_name:
            raise Refused(gettext("Declare one payer at a time: choose one, or write a name."), "payer_name")
        if share != "none" and not (payer or payer_name):
            raise Refused(gettext("Say who pays this share, or choose “nothing”."), "share")
        link = FundingLink.objects.create(
            organisation=organisation, payer=payer, payer_name=payer_name, share=share, declared_on=clock.today()
        )
        record.told(link.told(), by=ActorKind.ORGANISATION)
    return link


def countersign(
    actor: Actor,
    organisation: Organisation,
    *,
    version: int,
    by: Organisation | None = None,
    outside_name: str = "",
    outside_proof: str = "",
) -> Countersignature:
    """Vouches for the newest mandate, which must be the `version` that was read. Raises Refused, Denied.

    A recognised peer organisation vouches in its steward's hand; an outside one is recorded by the instance's steward,
    with a place where anybody can read it.
    """
    with acting(actor, Action.COUNTERSIGN, queries.public_vouchable(organisation)) as record:
        mandate = organisation.mandates.select_for_update(no_key=True).order_by("-version").first()
        if mandate is None or mandate.version != version:
            raise Refused(gettext("The mandate has changed since you opened this page. Read it again first."))
        if version <= organisation.host_card_after:
            raise Refused(gettext("The host has put a new steward there since. The mandate has to be published anew."))
        if by is None and not (outside_name and outside_proof):
            sentence = gettext("Say which outside organisation vouches, and where anybody can read it.")
            raise Refused(sentence, "outside_proof")
        if not actor.is_system and not queries.may_vouch_as(actor, by, organisation):
            raise Refused(gettext("You cannot vouch in this name."), "by")
        if by and mandate.countersignatures.filter(by=by).exists():
            raise Refused(gettext("Your organisation has countersigned this mandate already."))
        made = Countersignature.objects.create(
            mandate=mandate,
            by=by,
            outside_name="" if by else outside_name,
            outside_proof="" if by else outside_proof,
            signed_on=clock.today(),
        )
        record.told(made.told(), by=ActorKind.ORGANISATION)
    return made


def invite(
    actor: Actor,
    organisation: Organisation,
    *,
    role: str,
    size: int,
    ends_on: datetime.date,
    term_until: datetime.date | None = None,
    seed: str = "",
) -> tuple[InviteBatch, list[str]]:
    """Makes invite codes, of which only hashes are kept; `term_until` ends the role. Raises Refused, Denied.

    The codes follow from the form's random `seed`, which is not kept: a form sent twice gives one sheet, twice. Whom
    the host brings in does not inherit a recognition: she publishes the mandate anew, and others vouch for that.
    """
    with acting(actor, Action.INVITE, organisation) as record:
        if role not in queries.roles_to_hand_out(actor, organisation):
            raise Refused(gettext("This organisation does not hand out this role."), "role")
        if not 1 <= size <= LARGEST_BATCH:
            raise Refused(gettext("Choose a number from 1 to 200."), "size")
        about: dict[str, Any] = {"role": role, "size": size, "ends_on": ends_on, "term_until": term_until}
        made, secrets, is_new = cards.make(organisation, seed or codes.code(26), **about)
        if not is_new:
            record.nothing()
            return made, secrets
        is_host = queries.is_for_an_orphan(actor, organisation)
        if is_host:
            organisation.host_card_after = organisation.mandates.count()
            organisation.save(update_fields=["host_card_after"])
        what = queries.HOST_CARD if is_host else "role.offered"
        roles.tell(record, what, organisation, role, by=ActorKind.ORGANISATION)
    return made, secrets


def miss(actor: Actor, organisation: Organisation) -> None:
    """Says in public that nobody who gives the roles can act; after 28 days without an answer the host may help.

    Nobody's visits are stored, so nothing else could tell. Raises Refused, Denied.
    """
    with acting(actor, Action.MISS, organisation) as record:
        if organisation.missed_on or not organisation.has_keeper():
            raise Refused(gettext("There is nobody to wait for, or it was said already."))
        roles.mark(record, organisation, "steward.missed", clock.today())


def show_up(actor: Actor, organisation: Organisation) -> None:
    """Answers that somebody who gives the roles is still there. Raises Refused, Denied."""
    with acting(actor, Action.SHOW_UP, organisation) as record:
        if not organisation.missed_on:
            raise Refused(gettext("Nobody is missed here."))
        roles.mark(record, organisation, "steward.answered", None)


def recall(actor: Actor, batch: InviteBatch) -> int:
    """Makes a batch's unused codes worthless and forgets it; returns how many there were. Raises Denied."""
    with acting(actor, Action.RECALL, batch):
        unused = batch.invites.count()
        batch.delete()
    return unused


def dismiss(actor: Actor, organisation: Organisation, *, pseudonym: str, role: str) -> None:
    """Ends somebody's role for the organisation; her account and what she said stay. Raises Refused, Denied."""
    with acting(actor, Action.DISMISS, organisation) as record:
        ended = queries.staff(actor, organisation).filter(account__pseudonym=pseudonym, role=role)
        InviteBatch.objects.filter(replaces__in=ended).delete()  # she must not come back by a card of her own
        if not roles.end(ended):
            raise Refused(gettext("Nobody of this name has this role any more."))
        what = "role.ended_by_host" if queries.is_for_an_orphan(actor, organisation) else "role.ended"
        roles.tell(record, what, organisation, role, by=ActorKind.ORGANISATION)
