"""Cards: made once, from the random seed of their form, which is kept nowhere. Only actions call this."""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from withus.core import clock, codes
from withus.core.errors import Refused
from withus.people import roles
from withus.people.models import Invite, InviteBatch, Organisation

LONGEST_BATCH = datetime.timedelta(days=366)


def make(
    organisation: Organisation, seed: str, *, role: str, size: int, ends_on: datetime.date, **more: Any
) -> tuple[InviteBatch, list[str], bool]:
    """The batch and its codes, and whether they are new: sent twice, a form gives one sheet, twice. Raises Refused."""
    if not clock.today() <= ends_on <= clock.today() + LONGEST_BATCH:
        raise Refused(gettext("Choose a day from today on, at most a year away."), "ends_on")
    roles.fit_term(role, more.get("term_until"), ends_on)
    code, secrets = codes.derived(seed, "batch", 13), [codes.derived(seed, f"card {n}", 16) for n in range(size)]
    about = {"organisation": organisation, "role": role, "size": size, "ends_on": ends_on, **more}
    try:
        with transaction.atomic():
            made, is_new = InviteBatch.objects.get_or_create(code=code, defaults=about | {"made_on": clock.today()})
    except IntegrityError:
        raise Refused(gettext("A card for your successor is waiting already. Make that one worthless first.")) from None
    if not is_new and any(getattr(made, name) != value for name, value in about.items()):
        raise Refused(gettext("These cards were made already. Open the page anew to make others."))
    if is_new:
        # In an order of its own: the first card on the sheet is not the first row.
        Invite.objects.bulk_create(Invite(batch=made, digest=codes.digest(one)) for one in codes.shuffled(secrets))
    return made, secrets, is_new
