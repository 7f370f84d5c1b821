"""After a deed, the next page says in one sentence that it is done: a word in a cookie, gone once it was shown."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from withus.core import done
from withus.policy.rules import Action

Handler = Callable[[HttpRequest], HttpResponseBase]
COOKIE = "done"
RECORDS: dict[str, Promise | str] = {
    done.LOG: _("It stands in the public log."),
    done.LATER: _("It enters the public log within a day."),
    done.NOTHING: "",
}
# Deeds whose answer is a page of its own, or whose next page shows by itself that they are done.
SHOWN_OTHERWISE = frozenset({
    Action.ADD_STEWARD, Action.HAND_OVER, Action.INVITE, Action.LEAVE, Action.PREPARE, Action.SIGN_IN, Action.TAKE_OVER,
    Action.VOTE, Action.MAKE_INBOX, Action.RENEW_INBOX, Action.RECOVER_INBOX, Action.OPEN_VOICE, Action.CONTRIBUTE,
    Action.SAY_MORE, Action.WITHDRAW_VOICE, Action.ERASE_VOICE, Action.PRINT_SLIPS, Action.ASSIST, Action.REPORT,
    Action.SET_CONSENT, Action.SHARE_VOICE, Action.TAKE_FROM, Action.JUDGE_DELIVERY,
})  # fmt: skip
DONE: dict[Action, Promise] = {
    Action.SET_UP: _("This house is set up, and you are its steward."),
    Action.DESCRIBE: _("This house is described anew."),
    Action.JOIN: _("You are in, with the role of your card."),
    Action.RECOVER: _("You are in again, with your new passphrase. The old one opens nothing any more."),
    Action.RENEW: _("Your new passphrase holds. The old one opens nothing any more."),
    Action.GIVE_UP: _("You gave the role up."),
    Action.FOUND: _("The organisation was added."),
    Action.ESTABLISH: _("The mandate is published."),
    Action.DECLARE: _("You declared who pays the organisation."),
    Action.COUNTERSIGN: _("You vouched for this organisation."),
    Action.MISS: _("You said that nobody can act here any more. The organisation has 28 days to answer."),
    Action.SHOW_UP: _("You said that somebody is there."),
    Action.RECALL: _("These cards open nothing any more."),
    Action.DISMISS: _("The role has ended."),
    Action.TRANSLATE: _("The translation stands beside the text."),
    Action.RECORD: _("The recording stands beside the text."),
    Action.REWORD: _("Your words are in use."),
    Action.REDACT: _("You asked to take these words away. The other key has to answer."),
    Action.SETTLE: _("You answered the request with the other key."),
    Action.OPEN_BODY: _("The body has its page."),
    Action.OPEN_SERVICE: _("The service was added."),
    Action.OPEN_SITE: _("The place was added."),
    Action.OPEN_PROCESS: _("The process is open."),
    Action.PLAN: _("The phase was added."),
    Action.CLOSE: _("The phase was closed."),
    Action.CONFIRM: _("Two letters of different organisations agree now. The page says so."),
    Action.CONTEST: _("The page says now that it is contested. The host has to say how it checked."),
    Action.ATTEST: _("Everybody can read now how you checked it."),
    Action.CLOSE_BODY: _("You said that the body was closed. What it owes, it still owes."),
    Action.ASK: _("The peer organisation was asked to read the statements."),
    Action.AGREE: _("Your organisation agreed to read the statements."),
    Action.OFFER: _("You said how long reading takes, and what it pays."),
    Action.SEED: _("The statement was added. You can add the next one."),
    Action.PROPOSE: _("Your statement was proposed. Peer editors read it before others see it."),
    Action.WITHDRAW: _("Your statement was taken back."),
    Action.MODERATE: _("You decided about the statement."),
    Action.APPEAL: _("You asked that somebody else looks again."),
    Action.REVIEW: _("You decided the appeal."),
    Action.TAKE_BACK: _("Your vote was taken back, as if it had never been."),
    Action.ENTER: _("The ballots are counted. You can type in the next ones."),
    Action.IMPORT: _("The conversation was imported."),
    Action.RECOMMEND: _("You sent it. It stays as it is, and nobody can change it."),
    Action.SERVE: _("You said how the letter arrived. The body’s clock runs from that day."),
    Action.EXPLAIN: _("You answered the body’s question. Its clock goes on."),
    Action.VERIFY: _("You said whether it is true."),
    Action.DISSENT: _("Your dissent stands beside the answer."),
    Action.ACKNOWLEDGE: _("You said that it has arrived. The clock runs on until you answer."),
    Action.CLARIFY: _("Your question was sent. The peer organisation sees it on its desk."),
    Action.EXTEND: _("You took more time. The page shows the new day and your reason."),
    Action.DRAFT: _("The answer is kept. It waits for a duty bearer to sign it."),
    Action.ENDORSE: _("You countersigned the answer. Now it can be sent."),
    Action.SEND: _("The answer was sent."),
    Action.RESPOND: _("You signed the answer, and it was sent."),
    Action.CORRECT: _("Your words stand beside the answer."),
    Action.COMMIT: _("You promised this. Peers will check it."),
    Action.DELIVER: _("You said that it is done. Now peers check it."),
    Action.ADOPT: _("The terms of reference are adopted."),
    Action.ADD_SEAT: _("The seat was added."),
    Action.END_SEAT: _("You said when the seat ends, and why."),
    Action.FILL: _("The seat is filled."),
    Action.VACATE: _("The term in this seat was ended early."),
    Action.CALL: _("The meeting was called."),
    Action.BRING_UP: _("The item was brought up."),
    Action.ADD_PAPER: _("The paper was added."),
    Action.WRITE_MINUTES: _("The minutes are written. Peers can approve them now."),
    Action.CONCLUDE: _("You wrote down what was decided."),
    Action.OBJECT_TO: _("Your dissent stands beside the decision."),
    Action.APPROVE_MINUTES: _("You approved the minutes."),
    Action.OFFER_RATE: _("The rate is offered. It counts once the peer organisation agrees."),
    Action.AGREE_RATE: _("You agreed to the rate. It counts from its first day on."),
    Action.CLAIM_HOURS: _("You asked for pay for these hours."),
    Action.PAY: _("You said that it is paid. The peer organisation says whether it arrived."),
    Action.CHECK_PAY: _("You said whether the pay arrived."),
    Action.CITE: _("The page names what gives this body its deadlines."),
    Action.OFFER_TO_READ: _("You offered to read. A reader has to add you."),
    Action.ADD_READER: _("One more person can read the inbox."),
    Action.ANSWER_VOICE: _("Your answer was sent."),
    Action.TRANSCRIBE_VOICE: _("What was said now stands there in writing too."),
    Action.CLOSE_VOICE: _("It is closed."),
    Action.PUBLISH_FINDING: _("The finding is published. Whoever spoke sees with her receipt what becomes of it."),
    Action.ADD_SOURCES: _("These voices count in the finding now."),
    Action.TAKE_SOURCE_OUT: _("This voice counts in that finding no more."),
    Action.WITHDRAW_FINDING: _("The finding is taken back. Your reason stands in its place."),
    Action.TELL_BACK: _("Those who spoke see it now, with their receipts."),
    Action.DECIDE_REPORT: _("You decided about the report. Whoever sent it reads your reasons."),
    Action.TELL_STORY: _("The story is told. Whoever sent it can take it back at any time."),
    Action.WITHDRAW_STORY: _("The story was taken back. Its words are erased."),
    Action.BACK_UP: _("A back-up was asked for. The background makes it."),
}


@dataclass(frozen=True)
class Said:
    """The sentence, and where the record is."""

    words: Promise
    record: str

    @property
    def of_record(self) -> Promise | str:
        """Where the record is, in words."""
        return RECORDS[self.record]


def said(request: HttpRequest | None) -> Said | None:
    """What this page says is done: fixed words, whatever the cookie holds, and only to those who have a session."""
    if request is None or getattr(request, "session_info", None) is None or request.method != "GET":
        return None
    word, _, record = request.COOKIES.get(COOKIE, "").partition(".")
    return Said(DONE[Action(word)], record) if word in DONE and record in RECORDS else None


def saying_done(get_response: Handler) -> Handler:
    """Lets the page after a deed's redirect say so, once. No link can lead to such a page, as no address says it."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        done.begin()
        response = get_response(request)
        word = (request.resolver_match and request.resolver_match.url_name) or ""
        record, is_in = done.record_of(word), getattr(request, "session_info", None) is not None
        if record and word in DONE and is_in and response.status_code in {302, 303}:
            _keep(request, response, f"{word}.{record}")
        elif COOKIE in request.COOKIES and response.get("Content-Type", "").startswith("text/html"):
            _keep(request, response, "", max_age=0)
        return response

    return middleware


def _keep(request: HttpRequest, response: HttpResponseBase, value: str, max_age: int | None = None) -> None:
    secure = request.is_secure()
    response.set_cookie(COOKIE, value, max_age=max_age, secure=secure, httponly=True, samesite="Lax")
