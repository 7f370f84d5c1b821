"""The register of stored fields, for voices and the inboxes that they lie in."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import ASKED, CHOSEN, DAY, FOR_EVER, ORDER, RECORD, ROW, Kept, Section

_NUMBER = _("A random number inside the database, so that rows do not lie in the order in which they came.")
_CODE = _("A random code, by which its readers call it.")
_ENDS = _(
    "Until 90 days after the last thing that was said, 30 once it is closed, or until it is erased with its receipt."
)
_WHICH = _("The voice it belongs to.")

VOICES = Section(
    "voices",
    _("What you send without an account"),
    _("Locked words, codes and days. Nothing of who sent it, and no word in clear. The receipt is stored nowhere."),
    {
        "Voice": Kept(_("What somebody sent, without its words."), CHOSEN, _ENDS, {
            "id": _NUMBER, "code": _CODE,
            "locator": _("A fingerprint that follows from the receipt, so that it finds this row. Nothing leads back."),
            "public": _("The half of its own key that only locks."),
            "own_wrap": _("The half that opens, locked with the receipt, and until its week is over."),
            "week": _("The week in which it ends. Then the key of that week is deleted, and no copy opens any more."),
            "sent_on": DAY,
        }),
        "Turn": Kept(_("What one side said: locked, and as long as others of its size."), CHOSEN, _ENDS, {
            "id": _NUMBER, "voice": _WHICH, "number": ORDER,
            "by": _("Which organisation answered; nothing if it was whoever has the receipt."),
            "sealed": _("The words, locked."),
            "said_on": DAY,
            "is_transcript": _("Whether it is what a reader heard and wrote down."),
        }),
        "Enclosure": Kept(_("Speech or a photo: made anew without what its device wrote into it, then locked."),
            CHOSEN, _ENDS, {
            "id": _NUMBER, "voice": _WHICH, "number": ORDER,
            "sealed": _("Its bytes, locked. How long it is, is told in steps of 64 KiB; what it is, nowhere in clear."),
        }),
        "Envelope": Kept(_("A voice in an inbox."), CHOSEN, _("Until it ends, or is taken back with its receipt."), {
            "id": _NUMBER, "voice": _WHICH,
            "inbox": _("The inbox it was sent to."),
            "wrap": _("The half of its key that opens, locked for the readers of that inbox."),
            "is_waiting": _("Whether new words wait for an answer."),
            "closed_on": _("The day on which its readers closed it."),
        }),
    },
    is_about_people=True,
)  # fmt: skip
INBOXES = Section(
    "inboxes",
    _("Inboxes and who reads them"),
    _("How an organisation proves that only its readers open what is sent to it."),
    {
        "Inbox": Kept(_("A key of an organisation, for what is sent to it alone."), RECORD, FOR_EVER, {
            "id": ROW, "code": _("A random code to which all that is locked for it is bound."),
            "organisation": _("Whose inbox it is."),
            "number": _("Which of its keys this is."),
            "public": _("The half of the key that only locks. The other half is stored nowhere in clear."),
            "occasion": _("Why it was made."),
            "made_on": DAY,
        }),
        "Reader": Kept(
            _("Somebody who reads an inbox, or offers to."),
            ASKED, _("Until a reader takes the key away, or you leave."), {
            "id": _NUMBER,
            "organisation": _("Whose inbox it is."),
            "account": _("Whose key it is."),
            "public": _("The half of your reading key that only locks."),
            "wrapped": _("The key of the inbox, locked for you. Only you open it, while you are signed in."),
            "offered_on": DAY,
            "reads_since": DAY,
        }),
        "Opening": Kept(
            _("A reader opened a voice. Her organisation sees it. Visits with a receipt are stored nowhere."),
            ASKED, _("A year."), {
            "id": _NUMBER,
            "organisation": _("Whose inbox it was in."),
            "voice_code": _("Which voice, by its code."),
            "reader": _("Who opened it; nobody once she has left."),
            "opened_on": DAY,
        }),
    },
    is_about_people=True,
)  # fmt: skip
