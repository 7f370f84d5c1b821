"""The salt of receipts, made once in a house's life: a second one would make every slip of paper dead, unnoticed."""

from withus.core import codes, keys, receipts
from withus.core.errors import CannotSeal
from withus.people.models import Instance
from withus.voices.assisted.models import BlankSlip
from withus.voices.findings.models import Source
from withus.voices.models import Voice

_looked_at: set[str] = set()  # marks that this process has compared with the database's


def opened(receipt: str) -> receipts.Found:
    """What the receipt opens. Raises Busy, and CannotSeal if the salt is lost."""
    if _mark() not in _looked_at:
        _be_sure()
    return receipts.open_with(receipt)


def note() -> None:
    """Keeps a mark of the salt in the database, from which nothing of it follows, to know another one by."""
    if mark := _mark():
        Instance.objects.filter(receipts_mark="").update(receipts_mark=mark)


def is_lost() -> bool:
    """Whether the salt is not here, or another one lies in its place, while receipts are out that need it."""
    noted = Instance.objects.values_list("receipts_mark", flat=True).first()
    is_same = noted == _mark() if noted else keys.read(receipts.SALT) is not None
    return not is_same and any(model.objects.exists() for model in (Voice, BlankSlip, Source))


def _be_sure() -> None:
    if is_lost():
        raise CannotSeal
    keys.read_or_make(receipts.SALT)
    Instance.objects.update(receipts_mark=_mark())
    _looked_at.add(_mark())


def _mark() -> str:
    key = keys.read(receipts.SALT)
    return codes.keyed(key, "the salt of receipts", 26) if key else ""
