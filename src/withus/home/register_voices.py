"""The register of stored fields, for voices and the inboxes that they lie in."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import ASKED, CHOSEN, CODE, DAY, FOR_EVER, HOUSE, LANGUAGE, ORDER, RECORD, ROW, Kept, Section

_NUMBER = _("A random number inside the database, so that rows do not lie in the order in which they came.")
_CODE = _("A random code, by which its readers call it.")
_ENDS = _(
    "Until 90 days after the last thing that was said, 30 once it is closed, or until it is erased with its receipt."
)
_WHICH = _("The voice it belongs to.")

VOICES = Section(
    "voices",
    _("What you send without an account"),
    _(
        "Locked words, codes and days. Nothing of who sent it, and no word of hers in clear; a story is in others’ "
        "words. The receipt is stored nowhere."
    ),
    {
        "Voice": Kept(_("What somebody sent, without its words."), CHOSEN, _ENDS, {
            "id": _NUMBER, "code": _CODE,
            "locator": _("A fingerprint that follows from the receipt, so that it finds this row. Nothing leads back."),
            "public": _("The half of its own key that only locks."),
            "own_wrap": _("The half that opens, locked with the receipt, and until its week is over."),
            "is_on_slip": _("Whether it was typed in for you, from a slip. How you agreed is locked with the words."),
            "week": _("The week in which it ends. Then the key of that week is deleted, and no copy opens any more."),
            "sent_on": DAY,
            "may_be_told": _("Whether it may be told as a story, as whoever has the receipt says today."),
        }),
        "Turn": Kept(_("What one side said: locked, and as long as others of its size."), CHOSEN, _ENDS, {
            "id": _NUMBER, "voice": _WHICH, "number": ORDER,
            "by": _("Which organisation answered; nothing if it was whoever has the receipt."),
            "sealed": _("The words, locked."),
            "said_on": DAY,
            "is_transcript": _("Whether it is what a reader heard and wrote down."),
        }),
        "Enclosure": Kept(_(
            "Speech or a photo: made anew without what its device wrote into it, then locked. Only if you ask for it, "
            "also the file as you sent it."
        ),
            CHOSEN, _ENDS, {
            "id": _NUMBER, "voice": _WHICH, "number": ORDER,
            "sealed": _("Its bytes, locked. How long it is, is told in steps of 64 KiB; what it is, nowhere in clear."),
        }),
        "SentForm": Kept(
            _("That a form for a voice or a sheet of slips was sent, so that nobody sends it again and gets its "
              "receipts. Nothing ties it to a voice, a slip or a person."), HOUSE, _("30 days."), {
            "id": _NUMBER,
            "mark": _("A fingerprint of what the form brought along, which is random; of a sheet, also of the key of "
                      "whoever printed it, which we do not keep. Nothing leads back."),
            "told": _("A fingerprint of what came with it, which only the receipt makes; gone once that was seen."),
            "sent_on": DAY,
        }),
        "BlankSlip": Kept(
            _("A printed slip that nobody has typed in yet. Its receipt is stored nowhere, nor who printed it."),
            HOUSE, _("Until it is typed in, or 180 days."), {
            "id": _NUMBER,
            "organisation": _("Who printed it, so that only its people type it in."),
            "number": _("The code on the half for whoever types it in. It opens nothing."),
            "locator": _("A fingerprint that follows from its receipt. It goes to the voice once there is one."),
            "public": _("What locks a voice for its receipt. It opens nothing."),
            "printed_on": DAY,
        }),
        "Envelope": Kept(_("A voice in an inbox."), CHOSEN, _("Until it ends, or is taken back with its receipt."), {
            "id": _NUMBER, "voice": _WHICH,
            "inbox": _("The inbox it was sent to."),
            "wrap": _("The half of its key that opens, locked for its readers; empty once they gave it up."),
            "is_waiting": _("Whether new words wait for an answer."),
            "closed_on": _("The day on which its readers closed it."),
        }),
        "Source": Kept(_("A receipt is told what becomes of a finding. It stays when the words have ended."), CHOSEN,
            _("Until the voice has ended, and 90 days more since all that rests on the finding is closed; a year if "
              "nothing does. Or until the voice is taken back or erased."), {
            "id": _NUMBER,
            "finding": _("Which finding."),
            "locator": _("A fingerprint that follows from the receipt. Nothing leads back."),
            "added_on": DAY,
        }),
        "Story": Kept(_("What peer editors tell of one voice, in their words, as its consent says."), CHOSEN,
            _("Until it is taken back, with its receipt or by those who tell it. A mark without words stays."), {
            "id": ROW, "code": CODE,
            "organisation": _("Who tells it."),
            "locator": _("A fingerprint that follows from the receipt, to take it back with. It goes with the story."),
            "is_told": _("Whether it is told, or was taken back."),
            "text": _("What is told. It points to nobody."),
            "pseudonym": _("A name that was made up for this story. It is nobody’s."),
            "topic": _("What it is about."),
            "area": _("Where it is so: a town or a district."),
            "language": LANGUAGE,
            "told_on": DAY,
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
            "given_up": _("How many voices it did not get from the key before, as nothing opened them any more."),
        }),
        "Reader": Kept(
            _("Somebody who reads an inbox, or offers to."),
            ASKED, _("Until a reader takes the key away, or you leave."), {
            "id": _NUMBER,
            "organisation": _("Whose inbox it is."),
            "account": _("Whose key it is."),
            "public": _("The half of your reading key that only locks."),
            "wrapped": _("The key of the inbox, locked for you. Only you open it, while you are signed in."),
            "vouched": _("By this the other readers see that one of them added you, and no other key than yours."),
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
