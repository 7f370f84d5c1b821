"""The register of stored fields, for what those who spoke say of what a body calls done."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import CHOSEN, DAY, FOR_EVER, RECORD, ROW, Kept, Section

_NUMBER = _("A random number inside the database, so that rows do not lie in the order in which they came.")
_ENDS = _("Until 90 days after all of it is confirmed, two years at most.")
_WHICH = _("What was said to be done.")

JUDGING = Section(
    "judging",
    _("If you say whether something is done"),
    _("With a receipt, or because you took part. Nothing here leads to you, to your account or to your receipt."),
    {
        "Judgement": Kept(_("Somebody who spoke says whether it is true."), CHOSEN, _ENDS, {
            "id": _NUMBER, "delivery": _WHICH,
            "mark": _("So that you say it once, and can change it. Only your receipt, or your signed-in browser, makes "
                      "the same one again."),
            "verdict": _("True, or not true. What you said before is not kept."),
        }),
        "TookPart": Kept(
            _("A participant was there when it was said to be done. So nobody joins later to say it."), CHOSEN, _ENDS, {
            "id": _NUMBER, "delivery": _WHICH,
            "participant": _("Which participant, by a random number. The tie to you is keyed."),
        }),
    },
    is_about_people=True,
)  # fmt: skip
JUDGED = Section(
    "judged",
    _("What those who spoke say together"),
    _("Counts of ten or more. They hold nobody."),
    {
        "LastCount": Kept(_("The counts behind the last snapshot, to see when ten have said something new."), RECORD,
            _ENDS, {
            "id": ROW, "delivery": _WHICH,
            "true": _("How many said that it is true."),
            "not_true": _("How many said that it is not true."),
            "counted_on": DAY,
        }),
        "Tally": Kept(_("A snapshot, as it was published."), RECORD, FOR_EVER, {
            "id": ROW, "delivery": _WHICH,
            "people": _("About how many spoke, in tens."),
            "percent": _("How many percent of them say that it is true, in steps of five."),
            "counted_on": DAY,
        }),
    },
)  # fmt: skip
