"""Every address × every role × GET and POST: whoever is not in its line of the table is kept out, of new ones too."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import BaseForm, BooleanField, BoundField, ChoiceField, FileField, IntegerField
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern

from tests import make
from withus.core import clock
from withus.core.codes import digest
from withus.deliberation.models import Statement
from withus.demo import seed, story, voice_story
from withus.home.reports.models import Report
from withus.pay.models import PayLine, Rate
from withus.people import actions as people
from withus.people.models import Account, Membership, Organisation
from withus.policy.facts import SYSTEM, Role
from withus.policy.pages import roles_of
from withus.policy.rules import Action
from withus.processes.board import actions as board
from withus.processes.models import Body, Phase, Process, Service
from withus.public_log.models import LogEntry
from withus.public_log.queries import public_checkpoint
from withus.recommendations import actions as recommendations
from withus.recommendations.letters import secret
from withus.recommendations.letters.models import TakeOver
from withus.recommendations.models import Recommendation
from withus.recommendations.queries import public_addressee
from withus.texts.models import Redaction
from withus.texts.queries import public_messages
from withus.voices.assisted import actions as assisted
from withus.voices.findings.models import Notice
from withus.voices.inboxes import actions as inboxes
from withus.voices.models import Voice
from withus.voices.stories.models import Story

pytestmark = pytest.mark.django_db
ROLES = [role for role in Role if role is not Role.CONTRIBUTOR]
# Addresses that open to none of these people and things, each with its reason; they have tests of their own.
NOT_HERE = {
    "set_up": "needs a one-time token",
    "recording": "nothing has been read aloud",
    "sealed_tally": "no phase has ended",
    "sealed_map": "no phase has ended",
    "recount": "no phase has ended",
    "witnessed": "no witness has signed",
    "export_polis": "voting is still open",
    "enclosure": "nobody sent speech or a photo",
    "own_enclosure": "nobody sent speech or a photo",
    "original": "nobody sent speech or a photo",
    "judge_delivery": "nobody here took part in what this rests on",
}
# Deeds that only some of their roles may do to these things, each with its reason.
ONLY_SOME = {
    "withdraw": "only her own statement",
    "open_site": "the one service here is the body's",
    "recall": "the one batch of cards here is the peer organisation's",
    "review": "not whoever decided first",
    "appeal": "only her own statement",
    "invite": "the host only while nobody of the organisation can",
    "invitations": "the host only while nobody of the organisation can",
    "dismiss": "the host only while nobody of the organisation can",
    "reword": "the host only while no peer organisation is recognised",
    "bring_up": "only whoever is seated, by whichever role she came in",
    "add_paper": "only whoever is seated, by whichever role she came in",
    "object_to": "only whoever is seated, by whichever role she came in",
    "vacate": "only whoever sits there, and those who fill the seat",
    "pay": "the lines here are the body's to pay",
    "settle": "the one request here is the house's, so a peer organisation answers",
    "contest": "whoever answers for the body cannot say that she is not it",
    "withdraw_story": "nobody here has its receipt",
}
# Deeds that do not belong to one organisation.
NOBODYS = {"reword", "open_body", "countersign", "recommend", "verify", "approve_minutes", "cite", "redact", "settle"}
# Which recommendation of the demo a deed can be done to; the others: any.
ABOUT = {"serve": "R-LETTER", "explain": "Q-ASKED-BACK", "correct": "R-ANSWERED", "commit": "R-ANSWERED"}
ABOUT |= {"endorse": "R-OVERDUE", "send": "Q-ASKED-BACK"}
ABOUT |= {"deliver": "R-ANSWERED", "dissent": "R-ANSWERED", "verify": "R-DELIVERED"}
# Which seat, meeting or item of the demo a deed can be done to; of seats first one of peers, then one of the body.
SEATS = {"fill": ("S-CHAPTER", "S-COUNCIL")}
MEETINGS = {"approve_minutes": "M-SECOND", "bring_up": "M-COMING"}
ITEMS = {"conclude": "I-PAY", "object_to": "I-HOURS"}
# What a form takes that cannot be guessed from its fields.
FILLED: dict[str, dict[str, str]] = {
    "plan": {"closes_on": (clock.today() + timedelta(days=300)).isoformat()},
    "enter": {"ballots": "1a"},
    "invite": {"term_until": ""},
    "hand_over": {"term_until": ""},
    "cite": {"region": ""},
    "declare": {"share": "none", "payer": ""},
    "found": {"parent": ""},
    "describe": {"exit_address": "https://example.org/"},
    "reword": {"words": ""},
    "serve": {"served_on": clock.today().isoformat()},
    "extend": {"until": (clock.today() + timedelta(days=40)).isoformat()},
    "respond": {"review_on": (clock.today() + timedelta(days=40)).isoformat()},
    "draft": {"review_on": (clock.today() + timedelta(days=40)).isoformat()},
    "commit": {"due_on": (clock.today() + timedelta(days=40)).isoformat()},
    "adopt": {"cap": "", "region": ""},
    "add_seat": {"side": "body"},
    "end_seat": {"ends_on": clock.today().isoformat()},
    "fill": {"since": clock.today().isoformat(), "until": clock.today().isoformat(), "pseudonym": ""},
    "vacate": {"ends_on": clock.today().isoformat()},
    "call": {"day": (clock.today() + timedelta(days=7)).isoformat()},
    "offer_rate": {"currency": "EUR", "from_on": clock.today().isoformat()},
    "claim_hours": {"worked_on": clock.today().isoformat(), "subject": "", "seat": "", "expenses": "", "currency": ""},
    "pay": {"paid_on": clock.today().isoformat()},
}
SENT = {
    "demo_sign_in": {"role": "peer"},
    "dismiss": {"pseudonym": seed.ACCOUNTS[Role.PEER_EDITOR][0], "role": "peer_editor"},
    "take_source_out": {"finding": voice_story.FINDING["code"]},
}


@dataclass(frozen=True)
class Place:
    """One kind of address: its name, its route from the root, and what has to be filled in."""

    name: str
    route: str
    parts: tuple[str, ...]


def places(resolver: Any = None, route: str = "", parts: tuple[str, ...] = ()) -> Iterator[Place]:
    """Every address of the resolver."""
    for one in (resolver or get_resolver()).url_patterns:
        whole, all_parts = route + str(one.pattern), (*parts, *one.pattern.converters)
        if isinstance(one, URLPattern):
            yield Place(str(one.name), whole, all_parts)
        else:
            yield from places(one, whole, all_parts)


NAMES = sorted({one.name for one in places()})
# The pages with a form that only some may send: all deeds but those of a single button, and those at the door.
BUTTONS = {
    "vote",
    "take_back",
    "withdraw",
    "recall",
    "dismiss",
    "back_up",
    "prepare",
    "renew",
    "add_steward",
    "miss",
    "show_up",
    "offer_to_read",
    "open_voice",
    "close_voice",
    "take_source_out",
}
# Pages whose form is not sent to them.
SENT_ELSEWHERE = {"words": "it asks for a page", "verify_paper": "it asks for a page", "voice": "it is `answer_voice`"}
FORMS = sorted({name for name in NAMES if name in set(Action) and Role.VISITOR not in roles_of(name)} - BUTTONS)


class World:
    """The demo without its imported conversations: a browser for each role, and addresses for each name."""

    def __init__(self) -> None:
        seed.sow()
        self.cookies = {role: self._signed_in(role) for role in ROLES}
        self._browsers: dict[Role, Client] = {}
        lantern, today = Organisation.objects.get(code="LANTERN"), clock.today()
        batch, _ = people.invite(SYSTEM, lantern, role=Role.PEER, size=1, ends_on=today)
        codes = {"part": "house", "field": "title", "seq": 0, "token": "x", "batch": batch.code, "digest": "0"}
        codes |= {"language": "en", "message": public_messages("en", "", False)[0].code}
        codes |= {"statement": self._statement("accepted"), "kind": "process", "delivery": "x"}
        Report.objects.update(digest=digest("SENT"))  # as if it had been sent from here
        self.unpaid = PayLine.objects.get(payments=None, said_by_deed=False)
        self.redacted = self._entry_of_the_process()
        self._taken_over_with_a_letter()
        self.usual = [codes | {"code": "NIGHTS"}, codes | {"code": self._process_of_the_body()}]
        self.today = self._meeting_of_today()
        self._offer_and_paper(lantern)
        self.voice = self._opened_voice()
        self._slip(lantern)
        self.statements = {
            "moderate": self._statement("pending"),
            "withdraw": self._statement("pending"),
            "review": self._statement("declined"),
            "appeal": self._declined(),
        }

    def _taken_over_with_a_letter(self) -> None:
        """As if the body had come in with a letter; the code of one of other peers is what the forms take."""
        body, others = Body.objects.get(organisation__code="DEMO"), Organisation.objects.get(code="OPENHANDS")
        opened = Recommendation.objects.get(code="R-OPEN")
        TakeOver.objects.create(body=body, letter=opened, is_used=True, said_on=clock.today())
        words = {"text": "The lift stands still.", "asked_change": "Let it go up and down.", "language": "en"}
        letter = recommendations.recommend(SYSTEM, public_addressee(body), organisation=others, **words)
        FILLED["confirm"] = FILLED["contest"] = {"code": secret.code_of(letter.code)}

    def _entry_of_the_process(self) -> int:
        """The entry that opened the demo's process; of that of the service the house asks to take words away."""
        wanted = ("service.opened", "process.opened")
        found = [json.loads(bytes(one.body)) for one in LogEntry.objects.order_by("seq")]
        seqs = [one["seq"] for what in wanted for one in found if one["type"] == what]
        asked = {"organisation": "house", "reason": "danger", "words": "Somebody could be found.", "language": "en"}
        self._send(Role.INSTANCE_STEWARD, f"/log/entries/{seqs[0]}/about/redact", asked)
        return seqs[-1]

    def _process_of_the_body(self) -> str:
        about = {"title": "Rules", "about": "Of the board.", "language": "en"}
        self._send(Role.BODY_SECRETARY, "/organisations/DEMO/processes/new", about)
        process, today = Process.objects.get(title="Rules"), clock.today().isoformat()
        self._send(Role.BODY_SECRETARY, f"{process.get_absolute_url()}ask", {"beside": "LANTERN"})
        promise = {"kind": "need", "level": "3", "can_change": "All.", "cannot_change": "None.", "language": "en"}
        days = {"opens_on": today, "closes_on": (clock.today() + timedelta(days=9)).isoformat()}
        self._send(Role.BODY_SECRETARY, f"{process.get_absolute_url()}plan", promise | days)
        return process.code

    def _meeting_of_today(self) -> str:
        """A meeting whose minutes can be written and are not."""
        day, body = clock.today(), Body.objects.get(organisation__code="DEMO")
        with clock.at(day - timedelta(days=7)):
            return board.call(SYSTEM, body, day=day, place="The hall", planned_minutes=60, language="en").code

    def _offer_and_paper(self, lantern: Organisation) -> None:
        """Somebody who offers to read the inbox, and the paper key that is good for it."""
        eve = make.somebody(Role.PEER_EDITOR, lantern)
        inboxes.offer_to_read(eve.actor, lantern, key=eve.key)
        page = self.browser(Role.ORG_STEWARD).post("/voices/inboxes/LANTERN/renew", {"seed": "0" * 26})
        FILLED["recover_inbox"] = {"paper": page.context["plain"]}

    def _slip(self, lantern: Organisation) -> None:
        """A blank slip, whose code is what the form takes."""
        (slip,) = assisted.print_slips(SYSTEM, lantern, key=b"matrix", size=1, token="matrix")
        FILLED["assist"] = {"number": slip.number}

    def _opened_voice(self) -> str:
        """The voice that waits in two inboxes, opened, as if it might be told; and of the answer nobody was told."""
        waiting = Voice.objects.get(envelopes__inbox__organisation__code="DEMO")
        Voice.objects.filter(pk=waiting.pk).update(may_be_told=True)
        self._send(Role.PEER_EDITOR, f"/voices/inboxes/LANTERN/{waiting.code}/open", {})
        Notice.objects.all().delete()
        return waiting.code

    def _statement(self, state: str) -> str:
        return Statement.objects.filter(process__code="NIGHTS", state=state).order_by("number")[0].code

    def _declined(self) -> str:
        """A statement of the peer's that was declined, and that nobody has looked at again."""
        self._send(Role.PEER, "/processes/NIGHTS/propose", {"text": "Tea.", "language": "en"})
        made = Statement.objects.get(text="Tea.")
        decision = {"decision": "declined", "reason": "unclear", "words": "Say more."}
        self._send(Role.PEER_EDITOR, f"{made.get_absolute_url()}moderate", decision)
        return made.code

    def _send(self, role: Role, place: str, said: dict[str, str]) -> None:
        answer = self.browser(role).post(place, said)
        assert answer.status_code == 303, answer.content.decode()

    def also_a_steward(self, role: Role, code: str) -> None:
        """Whoever has the role joins with a card of that peer organisation too, as one account with two roles."""
        account, of = Account.objects.get(pseudonym=seed.ACCOUNTS[role][0]), Organisation.objects.get(code=code)
        Membership.objects.create(account=account, organisation=of, role=Role.ORG_STEWARD, since=clock.today())

    def browser(self, role: Role) -> Client:
        """The browser of a role, as it was right after signing in: nothing of an earlier request stays in it."""
        client = self._browsers.setdefault(role, Client())
        client.cookies = SimpleCookie(self.cookies[role])
        return client

    def _signed_in(self, role: Role) -> dict[str, str]:
        client = Client()
        if role is not Role.VISITOR:
            name, _ = seed.ACCOUNTS[role]
            answer = client.post("/sign-in", {"pseudonym": name, "passphrase": seed.passphrase(name)})
            assert answer.status_code == 303, role
        return {name: morsel.value for name, morsel in client.cookies.items()}

    def addresses(self, place: Place) -> set[str]:
        """Addresses of this name that lead to something: in the peer organisation's house, and in the body's."""
        return {self._address(place, dict(usual)) for usual in self.usual}

    def _address(self, place: Place, given: dict[str, Any]) -> str:
        route, name = place.route, place.name
        given["phase"] = Phase.objects.get(process__code=given["code"]).code
        given["statement"] = self.statements.get(name, given["statement"])
        given["name"] = "tallies" if name == "method" else f"0/000.p/{public_checkpoint().size}"
        if route.startswith("organisations/"):
            own = "LANTERN" if given["code"] == "NIGHTS" else "DEMO"
            given["code"] = "OPENHANDS" if name == "countersign" else own
        elif route.startswith("bodies/"):
            seats = SEATS.get(name, ("S-LANTERN", "S-OFFICE"))
            given |= {"seat": seats[given["code"] != "NIGHTS"], "meeting": MEETINGS.get(name, self.today)}
            given |= {"code": "DEMO", "item": ITEMS.get(name, "I-PAY-AGAIN")}
        elif route.startswith("recommendations/"):
            given["code"] = ABOUT.get(name, "R-OPEN")
        elif route.startswith("pay/"):
            given["code"] = self._of_pay(route, name, own="LANTERN" if given["code"] == "NIGHTS" else "DEMO")
        elif "stories/" in route:
            given["code"] = Story.objects.get().code
        elif route.startswith("voices/"):
            given["code"] = "LANTERN" if given["code"] == "NIGHTS" else "DEMO"
            given |= {"voice": self.voice, "number": 1}
        elif route.startswith("report/"):
            given["code"] = "SENT" if name == "reported" else Report.objects.get().code
        elif route.startswith("findings/"):
            given["code"] = voice_story.FINDING["code"]
        elif route.startswith("redactions/"):
            given["code"] = Redaction.objects.get().code
        elif name == "redact":
            given |= {"seq": self.redacted, "fact": "about"}
        elif route.startswith("services/"):
            given["code"] = Service.objects.get(organisation__code="DEMO").code
        return reverse(name, kwargs={one: given[one] for one in place.parts})

    def _of_pay(self, route: str, name: str, own: str) -> str:
        """The rate that waits for a yes, the line that is not paid or whose pay did not arrive, or the organisation."""
        if route.startswith("pay/rates/"):
            return Rate.objects.get(agreement=None).code
        if route.startswith("pay/lines/"):
            return (PayLine.objects.get(arrivals__arrived=False) if name == "check_pay" else self.unpaid).code
        return own

    def let_in(self, name: str, roles: Iterable[Role] = ROLES) -> set[Role]:
        """Which of the roles get any further than a no at an address of this name, reading or sending."""
        found = {address for one in places() if one.name == name for address in self.addresses(one)}
        return {
            role
            for role in roles
            for place in found
            for sent in (None, SENT.get(name, {}))
            if is_in(self._answer(role, place, sent))
        }

    def _answer(self, role: Role, place: str, sent: dict[str, str] | None) -> HttpResponse:
        client = self.browser(role)
        with transaction.atomic():
            answer = client.get(place) if sent is None else client.post(place, sent)
            transaction.set_rollback(True)
        return answer  # type: ignore[return-value]

    def form(self, place: str) -> BaseForm | None:
        """The form that stands at an address, as the first who may see it sees it; None if there is none."""
        return self.form_and_role(place)[0]

    def form_and_role(self, place: str) -> tuple[BaseForm | None, Role]:
        """The same, and who that is."""
        for role in ROLES:
            answer = self._answer(role, place, None)
            if is_in(answer):
                return (getattr(answer, "context", None) or {}).get("form"), role
        return None, Role.VISITOR


def filled(form: BaseForm) -> dict[str, Any]:
    """Answers that a form takes, by the kind of each question."""
    return {bound.html_name: _answer_to(bound) for bound in form if not isinstance(bound.field, BooleanField)}


def _answer_to(bound: BoundField) -> Any:
    asked = bound.field
    if isinstance(asked, ChoiceField):
        grouped = (of if isinstance(of, list) else [(key, of)] for key, of in asked.choices)
        return next((key for some in grouped for key, _ in some if key), "")
    if isinstance(asked, FileField):
        return SimpleUploadedFile("sound.ogg", b"OggS and more")
    if bound.value() not in (None, ""):
        return bound.value()
    if isinstance(asked, IntegerField):
        return asked.min_value or 1
    return "Words of ours that say enough"


def is_in(answer: HttpResponse) -> bool:
    """Whether an answer lets somebody any further than a no."""
    return answer.status_code not in {403, 404, 405} and not answer.headers.get("Location", "").startswith("/sign-in")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One for all; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        for name in ("WITHUS_DATA", "WITHUS_KEYS"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name)))
        patch.setattr(story, "CONVERSATIONS", ())
        patch.setattr(story, "RECOMMENDATIONS", tuple(replace(one, evidence="") for one in story.RECOMMENDATIONS))
        made = World()
        patch.setattr(seed, "is_demo", lambda: True)
        yield made
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", NAMES)
def test_an_address_opens_to_the_roles_of_its_line_and_to_nobody_else(name: str, world: World) -> None:
    line = set(roles_of(name)) & set(ROLES)
    let_in = world.let_in(name)
    if name in NOT_HERE:
        assert let_in == set()
    elif name in ONLY_SOME:
        assert set() < let_in < line, ONLY_SOME[name]
    else:
        assert let_in == line, f"kept out: {sorted(line - let_in)}, let in: {sorted(let_in - line)}"


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_shown_to_those_who_may_send_it_and_to_nobody_else(name: str, world: World) -> None:
    done = set()
    for place in {address for one in places() if one.name == name for address in world.addresses(one)}:
        form = world.form(place)
        for role in ROLES if form is not None else ():
            sent = filled(form) | FILLED.get(name, {})
            shown, taken = world._answer(role, place, None), world._answer(role, place, sent)
            assert (place, role, is_in(shown)) == (place, role, is_in(taken))
            done |= {taken.status_code} if b'role="alert"' not in taken.content else set()
    # The one process here that is read by peers is not empty, whoever may make an inbox here has one, nobody spoke.
    if name not in {"import_polis", "make_inbox", "transcribe_voice"}:
        assert done & {200, 303}, "nobody could send it, so nothing was compared: say in FILLED what it takes"


@pytest.mark.parametrize("name", [name for name in NAMES if name not in SENT_ELSEWHERE])
def test_a_form_that_is_sent_with_nothing_in_it_says_so(name: str, world: World) -> None:
    for place in {address for one in places() if one.name == name for address in world.addresses(one)}:
        form, role = world.form_and_role(place)
        if form is not None:
            taken = world._answer(role, place, {})
            says = taken.status_code == 303 or (taken.status_code == 200 and b'role="alert"' in taken.content)
            assert says, f"{role} sends nothing to {place}: {taken.status_code}"


def test_a_role_for_another_organisation_opens_nothing_here(world: World) -> None:
    everyones = {Role.VISITOR, Role.PEER}
    bound = [name for name in NAMES if name in set(Action) - NOBODYS and not everyones & set(roles_of(name))]
    with transaction.atomic():
        elsewhere = Organisation.objects.get(code="OPENHANDS")
        Membership.objects.filter(organisation__isnull=False).update(organisation=elsewhere)
        opened = {name: world.let_in(name, {*roles_of(name)} - {Role.INSTANCE_STEWARD}) for name in bound}
        transaction.set_rollback(True)
    assert {name: roles for name, roles in opened.items() if roles} == {}
