"""The register of stored fields, for what two keys take away, and for what was ended before its time."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import CODE, DAY, FOR_EVER, LANGUAGE, RECORD, ROW, Kept, Section

_WORDS = _("What was said about it in public.")

REDACTIONS = Section(
    "redactions",
    _("Words that were taken away, and what ended early"),
    _("Stewards speak here for this house and for organisations. The words that were taken away are not kept."),
    {
        "Redaction": Kept(_("A request to take words away, and its answer."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE,
            "fingerprint": _("A salted fingerprint: which words. Once they are erased it tells nothing about them."),
            "seq": _("The entry of the public log that holds the fingerprint."),
            "fact": _("Which of its words."),
            "thing": _("The code of what the words stood on."),
            "field": _("Which of its texts."),
            "reason": _("Why, from a list."),
            "words": _WORDS, "language": LANGUAGE,
            "asked_by": _("Which peer organisation asked; none: this house."),
            "asked_by_account": _("Who asked, until it is answered, so that nobody turns both keys."),
            "asked_on": DAY,
            "agreed": _("Whether the other key agreed."),
            "answered_by": _("Which peer organisation answered; none: this house."),
            "answer": _WORDS, "answer_language": LANGUAGE, "answered_on": DAY,
        }),
        "PhaseClosing": Kept(_("A phase that was closed early."), RECORD, FOR_EVER, {
            "id": ROW,
            "phase": _("Which phase."),
            "planned": _("Its last day as it was planned."),
            "why": _("Why it ended early."),
            "said_on": DAY,
        }),
    },
)  # fmt: skip
