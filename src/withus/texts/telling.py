"""Which rows beside texts tell what the log must hold of them, and how the log says that words were taken away."""

from collections.abc import Callable, Collection, Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from withus.people.telling import CHUNK
from withus.public_log.rows import REDACTED, Told, stands_in_rows, told_by
from withus.public_log.telling import Named, names
from withus.public_log.wording import speak
from withus.texts.models import Grounds, Redaction, Translation
from withus.web.language import written_day


def _translations() -> Iterator[Told]:
    yield from told_by(Translation.objects.select_related("by").iterator(CHUNK))


def _asked() -> Iterator[Told]:
    yield from (one.told_asked() for one in Redaction.objects.select_related("asked_by").iterator(CHUNK))


def _answered() -> Iterator[Told]:
    settled = Redaction.objects.filter(agreed__isnull=False).select_related("answered_by")
    yield from (one.told_answered() for one in settled.iterator(CHUNK))


def _named(codes: Collection[str]) -> dict[str, Named]:
    found = Redaction.objects.filter(code__in=codes)
    return {one.code: Named(gettext("the request"), "", one.get_absolute_url()) for one in found}


def tombstone_words(redaction: Redaction, whole: Callable[[str], str]) -> str:
    """What is left where words were, for files without links; `whole` makes an address one that works elsewhere."""
    assert redaction.answered_on
    assert redaction.organisation
    says = gettext("Taken away on %(day)s, because %(reason)s; by a steward of this house and %(name)s.") % {
        "day": written_day(redaction.answered_on),
        "reason": redaction.get_reason_display(),
        "name": redaction.organisation.name,
    }
    return f"{says} {whole(redaction.get_absolute_url())}"


speak(
    {
        "redaction.asked": _("It was asked to take words away, because %(grounds)s: %(redaction)s"),
        REDACTED: _("The other key agreed, and words were taken away, because %(grounds)s: %(redaction)s"),
        "redaction.declined": _("The other key said no to taking words away: %(redaction)s"),
    },
    who={"redaction.asked": "asked_by", REDACTED: "answered_by", "redaction.declined": "answered_by"},
    codes={"redaction": "redaction", "asked_by": "organisation", "answered_by": "organisation"},
    facts={
        "redaction": _("Request"),
        "grounds": _("Reason"),
        "entry": _("Number of the entry"),
        "fact": _("Which of its words"),
        "fingerprint": _("Fingerprint of the words"),
        "asked_by": _("Which peer organisation asked"),
        "answered_by": _("Which peer organisation answered"),
    },
    values={"grounds": {str(one.value): one.label for one in Grounds}},
    opaque=["fingerprint", "fact"],
    or_house=["redaction.asked", REDACTED, "redaction.declined"],
)
names("redaction", _named)
stands_in_rows({"text.translated"}, _translations, newest=("field", "language"), forgets=True)
stands_in_rows({"redaction.asked"}, _asked)
stands_in_rows({REDACTED, "redaction.declined"}, _answered)
