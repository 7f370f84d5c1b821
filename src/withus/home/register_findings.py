"""The register of stored fields, for what peers found in voices and told back: organisations speak, no persons."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import CODE, DAY, FOR_EVER, LANGUAGE, RECORD, ROW, Kept, Section

_ABOUT, _AFTER, _ANSWER = _("About which finding."), _("After which recommendation."), _("After which answer to it.")
FINDINGS = Section(
    "findings",
    _("What peers found in what people told them"),
    _("Peer organisations speak here, in their own words, and point to nobody. Which voices count stands with those."),
    {
        "Finding": Kept(_("What peer editors found in several voices, in their words."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE,
            "organisation": _("Whose finding it is."),
            "kind": _("Whether something is wrong, is missing, or works."),
            "text": _("What they found. It points to nobody."),
            "topic": _("What it is about."),
            "area": _("Where it is so: a town or a district."),
            "language": LANGUAGE,
            "found_on": DAY,
            "at_least": _("How many voices it was published with, in steps of ten."),
        }),
        "Withdrawal": Kept(_("An organisation took a finding back. The words of the finding are erased."), RECORD,
            FOR_EVER, {
            "id": ROW, "finding": _("Which finding."), "reason": _("Why, for everybody to read."),
            "language": LANGUAGE, "said_on": DAY,
        }),
        "Notice": Kept(_("What peers told those who spoke: what was decided, and why."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "finding": _ABOUT,
            "recommendation": _AFTER, "response": _ANSWER,
            "text": _("What they were told. It points to nobody."),
            "language": LANGUAGE, "told_on": DAY,
        }),
        "Returned": Kept(_("Whether an answer was told in time to those who spoke."), RECORD, FOR_EVER, {
            "id": ROW, "finding": _ABOUT,
            "recommendation": _AFTER, "response": _ANSWER,
            "voices": _("How many voices the finding had on that day. It is published only with others, and never "
                        "where they are few."),
            "is_in_time": _("Whether it was told within thirty days."),
            "counted_on": DAY,
        }),
    },
)  # fmt: skip
