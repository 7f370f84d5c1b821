"""Slips are printed, and words entered from them: by somebody who never has the receipt of what she enters."""

from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext

from withus.acting import acting
from withus.core import clock, codes, erasure, receipts, sealing
from withus.core.errors import Refused
from withus.people.models import Organisation
from withus.policy.facts import Actor
from withus.policy.rules import Action
from withus.voices import limits, salt, sealed, sending, sent_forms
from withus.voices.assisted import entry, queries
from withus.voices.assisted.models import BlankSlip
from withus.voices.models import Voice
from withus.voices.sending import Audience


@dataclass(frozen=True)
class Printed:
    """A slip as it stands on paper: one half for the person, one for whoever types it in."""

    receipt: str
    number: str

    @property
    def receipt_in_groups(self) -> str:
        """The receipt for the eye."""
        return codes.grouped(self.receipt)

    @property
    def words(self) -> str:
        """The receipt as eight words."""
        return receipts.in_words(self.receipt)

    @property
    def number_in_groups(self) -> str:
        """The entry code for the eye."""
        return codes.grouped(self.number)


def print_slips(actor: Actor, organisation: Organisation, *, key: bytes, size: int, token: str) -> list[Printed]:
    """Makes slips, each with a receipt that is stored nowhere, and that only the actor's own key and form give again.

    Of the same form sent twice those come back that are still blank. Raises Refused, Denied, Busy, CannotSeal.
    """
    own = sealing.Root(key).subkey("slips-key")
    seed = codes.keyed(own, f"{organisation.code} {size} {token}", 51)
    slips = [Printed(codes.derived(seed, f"slip {at}", 16), entry.derived(seed, f"entry {at}")) for at in range(size)]
    numbers, sheet = [one.number for one in slips], codes.derived(seed, "sheet", 26)
    rows = [] if sent_forms.is_spent(sheet) else [_blank(organisation, one) for one in slips]
    with acting(actor, Action.PRINT_SLIPS, organisation):
        if rows and not sent_forms.is_spent(sheet):
            if BlankSlip.objects.filter(number__in=numbers).exists():
                raise Refused(gettext("By chance one of these codes is in use. Open the page anew, and print again."))
            sent_forms.note(sheet, "")
            BlankSlip.objects.bulk_create(codes.shuffled(rows))
        found = BlankSlip.objects.filter(organisation=organisation, number__in=numbers)
        blank = frozenset(found.values_list("number", flat=True))
    return [one for one in slips if one.number in blank]


def _blank(organisation: Organisation, slip: Printed) -> BlankSlip:
    """What is stored of a slip."""
    found = salt.opened(slip.receipt)
    with sealing.or_nothing():
        public = sealed.slip_pair(found.wrap).public
    about = {"organisation": organisation, "number": slip.number, "locator": found.locator}
    return BlankSlip(public=public, printed_on=clock.today(), **about)


def assist(
    actor: Actor,
    organisation: Organisation,
    *,
    token: str,
    number: str,
    consent: str,
    text: str,
    topic: str,
    area: str,
    kind: str,
    audience: Audience,
    excluded: Organisation | None,
    may_be_told: bool = False,
) -> None:
    """Stores a voice for whoever has the other half of the slip, whose row goes; nothing of who typed it in.

    The same form sent twice is one voice, known by its code: a mark of all that was said with it. With other words it
    is another form. Raises Refused, Denied, CannotSeal.
    """
    sending.fit(audience, excluded, may_be_told=may_be_told)
    entered = {"by": organisation.code, "consent": consent}
    about = {"text": text, "topic": topic, "area": area, "kind": kind, "assisted": entered}
    said = sending.first_words(audience, excluded, (), may_be_told=may_be_told, **about)
    code = sent_forms.told(f"{token} {number}".encode(), said, ())
    with acting(actor, Action.ASSIST, organisation):
        slip = queries.blank(actor, organisation, number).select_for_update(of=("self",)).first()
        if slip is None:
            _only_sent_twice(code)
            return
        sending.only_open(audience.inboxes)
        limits.take_slip(organisation.code)
        own = sending.Own(slip.locator, partial(sealed.for_slip, bytes(slip.public)), is_on_slip=True)
        sending.store(own, said, (), audience, code)
        slip.delete()
        erasure.for_good()


def _only_sent_twice(code: str) -> None:
    """Raises Refused, unless just this form has stored just this already."""
    if not Voice.objects.filter(code=code).exists():
        sentence = gettext(
            "This code is used already, or older than 180 days, or another organisation printed it. Nothing was stored "
            "of this slip: its words are still here. Compare the code with the paper."
        )
        raise Refused(sentence, "number")
