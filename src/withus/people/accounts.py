"""An account: made from its draft, held for a deed, in a new session, under a new passphrase. For actions only."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from withus.core import clock, codes
from withus.core.errors import Denied, Refused
from withus.people.credentials import Draft
from withus.people.models import Account, Session
from withus.people.sessions import SessionInfo, fresh
from withus.policy.facts import Actor


def begin(account: Account, key: bytes, *, is_shared: bool) -> SessionInfo:
    """Begins a session of the account."""
    info = fresh(key, is_shared=is_shared)
    tomorrow = clock.today() + datetime.timedelta(days=1)
    Session.objects.create(digest=codes.digest(info.token), account=account, ends_on=tomorrow)
    return info


def own(actor: Actor) -> Account:
    """The actor's account, held until the end of the transaction; raises Denied."""
    account = Account.objects.select_for_update().filter(pk=actor.account).first() if actor.account else None
    if account is None:
        raise Denied(gettext("Please sign in first."))
    return account


def make(draft: Draft, verifier: str, wrapped: bytes) -> Account:
    """The draft's account, with the pseudonym that it was given."""
    made = {"salt": draft.salt, "verifier": verifier, "wrapped_key": wrapped, "joined_on": clock.today()}
    try:
        with transaction.atomic():
            return Account.objects.create(pseudonym=draft.pseudonym, **made)
    except IntegrityError:
        raise Refused(gettext("Somebody else has just got this pseudonym. Ask for another one.")) from None


def made_before(draft: Draft, verifier: str) -> Account | None:
    """The account that an earlier sending of the same form has made."""
    return Account.objects.filter(pseudonym=draft.pseudonym, verifier=verifier).first()


def replace(account: Account, verifier: str, wrapped: bytes, key: bytes, shared: bool) -> SessionInfo:
    """Puts a new passphrase in place of the old, and ends all sessions: whoever knew the old one is out."""
    account.verifier, account.wrapped_key = verifier, wrapped
    account.save(update_fields=["verifier", "wrapped_key"])
    account.sessions.all().delete()
    return begin(account, key, is_shared=shared)
