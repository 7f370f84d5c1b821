"""The register of stored fields, for what was asked of bodies and what they answered: offices, no persons."""

from django.utils.translation import gettext_lazy as _

from withus.home.register import CODE, DAY, FOR_EVER, LANGUAGE, RECORD, ROW, Kept, Section

_WHICH = _("The recommendation it belongs to.")
_OUTCOME = _("What the answer is.")
_REASON = _("The reasons.")
_REVIEW = _("When it is taken up again, if it was put off.")
_PASSED_TO = _("To which body it was passed on.")
_PASSED_ON = _("Else to whom.")
_SIGNERS = _("How many people wrote and signed it, one or two. Not who.")
_WORDS = _("What was said.")
_BESIDE = _("Follows from what was said, and is kept beside it, so that many can be counted.")

ANSWERS = Section(
    "answers",
    _("What was asked of bodies, and what they answered"),
    _("Organisations and bodies speak here, never a person. Nobody can change what was said."),
    {
        "Recommendation": Kept(_("What a peer organisation asks of a body."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE,
            "kind": _("A recommendation or a formal question."),
            "body": _("Who has to answer."),
            "organisation": _("Which organisation sent it."),
            "text": _("What is wrong or needed."),
            "asked_change": _("What should change."),
            "papers": _("Where papers can be read that it rests on."),
            "language": LANGUAGE,
            "written_on": DAY,
            "is_letter": _("Whether it went on paper, because nobody answered for the body here."),
            "sent_on": _("The day from which the clock runs."),
            "terms_version": _("Which version of the body’s terms gave the deadline."),
            "norm_version": _("Else which version of the law that peers named."),
            "acknowledge_days": _("Days to say that it has arrived."),
            "reply_days": _("Days to answer."),
            "extension_days": _("Days that can be added once."),
            "counting": _("Whether every day counts, or working days."),
            "region": _("Whose public holidays count."),
            "acknowledge_by": _BESIDE, "was_heard": _BESIDE, "still_until": _BESIDE, "due_on": _BESIDE,
            "owed_on": _BESIDE, "answered_on": _BESIDE, "outcome": _BESIDE, "is_promised": _BESIDE,
            "done_by": _BESIDE, "undone_by": _BESIDE, "delivered_on": _BESIDE, "verdict": _BESIDE,
            "is_denied": _BESIDE,
        }),
        "Evidence": Kept(_("What a recommendation rests on."), RECORD, FOR_EVER, {
            "id": ROW, "recommendation": _WHICH,
            "kind": _("A statement, results, or a finding."),
            "subject": _("The code of the statement, process or finding."),
            "added_on": DAY,
        }),
        "Serving": Kept(_("How a letter reached a body that never joined."), RECORD, FOR_EVER, {
            "id": ROW, "recommendation": _WHICH,
            "how": _("By hand, by post, or before a witness."),
            "words": _("Which office took it, or the post’s number."),
            "served_on": _("The day on which it arrived."),
            "said_on": DAY,
        }),
        "Acknowledgement": Kept(_("A body says that something has arrived."), RECORD, FOR_EVER, {
            "id": ROW, "recommendation": _WHICH,
            "served_on": _("The day on which a letter arrived, if this was the first word of it."),
            "said_on": DAY,
        }),
        "Question": Kept(_("The one question back, and its answer."), RECORD, FOR_EVER, {
            "id": ROW, "recommendation": _WHICH, "text": _WORDS, "language": LANGUAGE, "asked_on": DAY,
            "answer": _("What the organisation answered."), "answer_language": LANGUAGE, "answered_on": DAY,
        }),
        "Extension": Kept(_("More time, taken once."), RECORD, FOR_EVER, {
            "id": ROW, "recommendation": _WHICH, "until": _("The new last day."), "reason": _REASON,
            "language": LANGUAGE, "said_on": DAY,
        }),
        "Response": Kept(_("An answer, or better words beside it."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "recommendation": _WHICH,
            "corrects": _("Beside which answer it stands."),
            "outcome": _OUTCOME, "reason": _REASON, "language": LANGUAGE, "review_on": _REVIEW,
            "passed_to": _PASSED_TO, "transferred_to": _PASSED_ON, "signers": _SIGNERS, "said_on": DAY,
            "disowned_by": _("With which word this house said that whoever gave it was not the body."),
        }),
        "Draft": Kept(_("An answer that waits for a signature."), RECORD, _("Until it is signed and sent."), {
            "id": ROW, "recommendation": _WHICH, "outcome": _OUTCOME, "reason": _REASON, "language": LANGUAGE,
            "review_on": _REVIEW, "passed_to": _PASSED_TO, "transferred_to": _PASSED_ON, "written_on": DAY,
            "signed_on": _("The day on which a duty bearer countersigned it."),
            "author": _("A mark of the account that wrote it last, to tell whether another one signs. Without a key of "
                        "this house it says nothing, and it goes with the draft."),
            "signers": _SIGNERS,
        }),
        "Commitment": Kept(_("Something that was promised."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "recommendation": _WHICH,
            "owner": _("Which office does it."),
            "measure": _("What will be done."),
            "due_on": _("By which day."),
            "budget": _("With what money."),
            "source": _("Where it was promised."),
            "source_words": _("In which law, strategy or declaration."),
            "language": LANGUAGE,
            "said_by": _("Which organisation entered it."),
            "said_on": DAY,
        }),
        "Delivery": Kept(_("A body says that it is done."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE, "recommendation": _WHICH,
            "commitment": _("Which promise is kept; none: all of it."),
            "words": _WORDS, "language": LANGUAGE, "said_on": DAY, "is_denied": _BESIDE,
        }),
        "Verification": Kept(_("A peer organisation says whether it is true."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE,
            "delivery": _("What was checked."),
            "organisation": _("Which organisation checked."),
            "verdict": _("What it found."),
            "evidence": _("What was seen."),
            "language": LANGUAGE,
            "minutes": _("How long the check took."),
            "pay": _("Of old checks: what was said of their pay. Now lines of pay say it."),
            "was_paid": _("Of old checks: whether that is an amount. It counts for nothing."),
            "is_independent": _("Whether the body pays that organisation."),
            "said_on": DAY,
        }),
        "Dissent": Kept(_("What an organisation holds against an answer."), RECORD, FOR_EVER, {
            "id": ROW, "code": CODE,
            "response": _("Beside which answer it stands."),
            "organisation": _("Whose dissent it is."),
            "words": _WORDS, "language": LANGUAGE, "said_on": DAY,
        }),
    },
)  # fmt: skip
