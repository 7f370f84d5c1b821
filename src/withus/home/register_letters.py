"""The register of stored fields, for bodies that never joined, and for bodies that ended."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import DAY, FOR_EVER, LANGUAGE, ORDER, RECORD, ROW, Kept, Section

_BODY = _("The body it is about.")

LETTERS = Section(
    "letters",
    _("Bodies without terms of their own"),
    _("By which law they answer, who took their page over, and which were closed. Here organisations speak."),
    {
        "Norm": Kept(_("What gives a body its deadlines, as a peer organisation named it."), RECORD, FOR_EVER, {
            "id": ROW, "body": _BODY, "version": ORDER,
            "by": _("Which organisation named it."),
            "words": _("Which law and article, or which default."),
            "language": LANGUAGE,
            "acknowledge_days": _("Days to say that something has arrived."),
            "reply_days": _("Days to answer a recommendation."),
            "question_days": _("Days to answer a formal question."),
            "extension_days": _("Days that can be added once."),
            "counting": _("Whether every day counts, or working days."),
            "region": _("Whose public holidays count."),
            "said_on": DAY,
        }),
        "TakeOver": Kept(_("A page was taken over with the code of a letter."), RECORD, FOR_EVER, {
            "id": ROW, "body": _BODY,
            "letter": _("Which letter’s code it was, so that everybody sees it. The code itself is stored nowhere."),
            "batch": _("The card that came of it, until it is used."),
            "is_used": _("Whether somebody came in with it."),
            "said_on": DAY,
        }),
        "JoiningWord": Kept(_("Whether those are the body who took a page over."), RECORD, FOR_EVER, {
            "id": ROW,
            "take_over": _("About which take-over."),
            "kind": _("A second letter, a doubt, or what this house found."),
            "letter": _("Which letter’s code it was. Who typed it is stored nowhere."),
            "reason": _("Why, in their words."),
            "language": LANGUAGE,
            "roles_ended": _("How many of each role ended, if it was not the body."),
            "said_on": DAY,
        }),
        "BodyEnd": Kept(_("A body says that it was closed."), RECORD, FOR_EVER, {
            "id": ROW, "body": _BODY,
            "reason": _("Why it was closed."),
            "language": LANGUAGE,
            "successor": _("Which body takes its place."),
            "said_on": DAY,
        }),
    },
)  # fmt: skip
