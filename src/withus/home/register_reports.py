"""The register of stored fields, for reports of unlawful content."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import DAY, LANGUAGE, Kept, Section

_DUTY = _("The host has to take reports and answer them. (In the EU: GDPR, Article 6(1)(c); Regulation 2022/2065.)")
UNTIL_DECIDED = _("Its words and its address: until 90 days after the decision. The days and the decision: for good.")

REPORTS = Section(
    "reports",
    _("What you report as unlawful"),
    _("Without an account, and nothing of who sent it. Stewards of this house read it, and whoever has its address."),
    {
        "Report": Kept(_("A report, and what was decided."), _DUTY, UNTIL_DECIDED, {
            "id": _("A random number inside the database, so that rows do not lie in the order in which they came."),
            "code": _("What the public log calls it. It opens nothing."),
            "digest": _("A fingerprint of the secret address that you were shown. It cannot be turned back."),
            "target": _("Which page it is about."),
            "why": _("What is wrong with it, from a list."),
            "text": _("What you say about it."),
            "received_on": DAY,
            "decide_by": _("By when this house has to decide."),
            "decision": _("What was decided."),
            "reasons": _("Why, for whoever has the address."),
            "language": LANGUAGE,
            "decided_on": DAY,
        }),
    },
    is_about_people=True,
)  # fmt: skip
