"""The demo: made once, through the same actions as everything else, all or nothing."""

import hashlib
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from django.db import transaction

from withus.core import clock, codes
from withus.deliberation import actions as deliberation
from withus.deliberation import jobs as deliberation_jobs
from withus.deliberation.ties import tie_of
from withus.demo import board_story, judging_story, night_story, pay_story, story, voice_story
from withus.demo.story import Planned
from withus.home import actions as home
from withus.home.reports import actions as reports
from withus.people import actions as people
from withus.people.credentials import Draft
from withus.people.models import Account, Instance, Organisation, OrganisationKind, SetUpToken
from withus.people.queries import public_actor
from withus.people.sessions import SessionInfo
from withus.policy.facts import SYSTEM, VISITOR, Actor, Role
from withus.processes import actions as processes
from withus.processes.models import Process
from withus.processes.queries import public_bodies
from withus.public_log import publish
from withus.recommendations import actions as recommendations
from withus.recommendations.letters import actions as letters
from withus.recommendations.models import Recommendation
from withus.recommendations.queries import public_addressee, public_checkable
from withus.running import start
from withus.texts import actions as texts

SECRET = b"the demo's passphrases are public"
ACCOUNTS = {  # role: (pseudonym, code of the organisation)
    Role.PEER: ("calm-otter-1001", "LANTERN"),
    Role.PEER_WORKER: ("bright-heron-1002", "LANTERN"),
    Role.PEER_EDITOR: ("patient-badger-1003", "LANTERN"),
    Role.ORG_STEWARD: ("steady-swan-1004", "LANTERN"),
    Role.BODY_SECRETARY: ("level-owl-1005", "DEMO"),
    Role.DUTY_BEARER: ("upright-crane-1006", "DEMO"),
    Role.REFERRAL_DESK: ("ready-robin-1007", "CLINIC"),
    Role.READER: ("quiet-hare-1008", "FAIRSTART"),
    Role.INSTANCE_STEWARD: ("sure-beaver-1009", ""),
}


def is_demo() -> bool:
    """Whether this data is the demo's."""
    return start.has_tables() and Instance.objects.filter(is_demo=True).exists()  # an older one lacks other columns


def is_others() -> bool:
    """Whether somebody has begun this data for something else than the demo."""
    return (
        start.has_tables()
        and not is_demo()
        and any(model.objects.exists() for model in (Instance, SetUpToken, Account))
    )


@cache
def passphrase(pseudonym: str) -> str:
    """The published passphrase of a demo account: always the same, and valid under the demo's check secret."""
    words = codes.fit_words()
    number = 0
    while True:
        drawn = hashlib.shake_128(f"{pseudonym} {number}".encode()).digest(2 * codes.PASSPHRASE_WORDS)
        pairs = zip(drawn[::2], drawn[1::2], strict=True)
        phrase = " ".join(words[(256 * high + low) % len(words)] for high, low in pairs)
        if codes.passphrase_may_be(SECRET, pseudonym, phrase):
            return phrase
        number += 1


def accounts() -> list[dict[str, str]]:
    """One account for each role: `role`, `pseudonym`, `passphrase`, `speaks_for` (an organisation's code, or none)."""
    return [
        {"role": role.value, "pseudonym": name, "passphrase": passphrase(name), "speaks_for": code}
        for role, (name, code) in ACCOUNTS.items()
    ]


def sow() -> None:
    """Makes the demo, unless it is there."""
    if is_demo():
        return
    with transaction.atomic():
        _set_up()
        organisations = _organisations()
        sessions = _accounts(organisations)
        for conversation in story.CONVERSATIONS:
            _conversation(organisations["LANTERN"], conversation)
        _nights(organisations["LANTERN"], sessions)
        pay_story.tell(organisations["DEMO"], organisations["LANTERN"])
        _inboxes(organisations["LANTERN"], organisations["DEMO"], sessions)
        reports.report(VISITOR, None, secret=codes.code(26), **story.REPORT)
        _table(organisations)
        _recommendations(organisations)
        for session in sessions.values():
            people.sign_out(session.token)
        deliberation_jobs.seal()
    publish.publish()


def _draft(role: Role, purpose: str, bound_to: str) -> Draft:
    """The card of a demo account."""
    name, made = ACCOUNTS[role][0], int(clock.now().timestamp())
    return Draft(purpose, bound_to, name, passphrase(name), codes.key(), codes.key(), SECRET, made)


def _set_up() -> None:
    token = codes.digest(people.make_set_up_token(SYSTEM))
    draft = _draft(Role.INSTANCE_STEWARD, "set_up", token)
    session = people.set_up(VISITOR, None, draft=draft, host_name=story.HOST, is_demo=True)
    people.sign_out(session.token)
    about = {"host_name": story.HOST, "community_name": "", "about": story.ABOUT}
    home.describe(SYSTEM, Instance.objects.get(), language="en", exit_address="", **about)


def _accounts(organisations: dict[str, Organisation]) -> dict[Role, SessionInfo]:
    """Everybody comes in with a card, as people do; returns their sessions."""
    sessions: dict[Role, SessionInfo] = {}
    for role, (_, code) in ACCOUNTS.items():
        if role is Role.INSTANCE_STEWARD:
            continue
        organisation = organisations[code]
        _, (card,) = people.invite(SYSTEM, organisation, role=role, size=1, ends_on=clock.today())
        session = people.join(VISITOR, None, code=card, draft=_draft(role, "join", codes.digest(card)))
        assert session
        sessions[role] = session
    return sessions


def _organisations() -> dict[str, Organisation]:
    def found(
        code: str, kind: OrganisationKind, about: dict[str, Any], parent: Organisation | None = None
    ) -> Organisation:
        words = {"name": about["name"], "about": about["about"], "language": "en"}
        return people.found(SYSTEM, None, kind=kind, parent=parent, code=code, is_invented=True, **words)

    fund = found("FAIRSTART", OrganisationKind.FUNDER, story.FUNDER)
    neighbor = found("OPENHANDS", OrganisationKind.PEER, story.NEIGHBOR)
    national = found("LANTERN", OrganisationKind.PEER, story.NATIONAL)
    chapter = found("HARBOR", OrganisationKind.PEER, story.CHAPTER, national)
    clinic = found("CLINIC", OrganisationKind.SERVICE, story.CLINIC)
    people.establish(SYSTEM, neighbor, language="en", **story.NEIGHBOR["mandate"])
    people.declare(SYSTEM, neighbor, share="none")
    people.countersign(SYSTEM, neighbor, version=1, **story.OUTSIDE)
    people.establish(SYSTEM, national, language="en", **story.NATIONAL["mandate"])
    people.declare(SYSTEM, national, payer=fund, share="most")
    people.countersign(SYSTEM, national, version=1, by=neighbor)
    body = processes.open_body(SYSTEM, national, language="en", is_invented=True, code="DEMO", **story.BODY)
    service = processes.open_service(SYSTEM, body.organisation, language="en", **story.SERVICE)
    for site in story.SITES:
        processes.open_site(SYSTEM, service, **site)
    all_of_them = (fund, neighbor, national, chapter, clinic, body.organisation)
    return {organisation.code: organisation for organisation in all_of_them}


def _plan(process: Process, phase: Planned) -> None:
    today = clock.today()
    processes.plan(
        SYSTEM,
        process,
        kind=phase.kind,
        level=phase.level,
        can_change=phase.can_change,
        cannot_change=phase.cannot_change,
        language="en",
        opens_on=today + timedelta(days=phase.opens),
        closes_on=today + timedelta(days=phase.closes),
        takes_statements=phase.takes_statements,
        takes_votes=phase.takes_votes,
    )


def _conversation(organisation: Organisation, real: story.Conversation) -> None:
    process = processes.open_process(
        SYSTEM,
        organisation,
        title=real.title,
        about=real.about,
        language="en",
        source=story.ATTRIBUTION.format(case=real.case),
        body=public_bodies().filter(organisation__code=real.body).first(),
        code=real.code,
    )
    data = files("withus.demo").joinpath("data", "polis", real.folder)
    comments, votes, summary = (data.joinpath(f"{name}.csv").read_bytes() for name in ("comments", "votes", "summary"))
    deliberation.import_polis(SYSTEM, process, comments=comments, votes=votes, summary=summary)
    for phase in real.phases:
        _plan(process, phase)


def _nights(organisation: Organisation, sessions: dict[Role, SessionInfo]) -> None:
    """The invented conversation: two camps, statements that wait for the peer editors, one declined, one appeal."""
    body = public_bodies().get(organisation__code="DEMO")
    process = processes.open_process(
        SYSTEM, organisation, body=body, language="en", is_invented=True, code="NIGHTS", **story.NIGHTS
    )
    _plan(process, story.NIGHTS_PHASE)
    for field, text in story.NIGHTS_IN_ARABIC.items():
        texts.translate(SYSTEM, process, kind="process", field=field, language="ar", text=text)
    peer, editor = _actor(sessions[Role.PEER]), _actor(sessions[Role.PEER_EDITOR])
    tie = tie_of(sessions[Role.PEER].key, process.code)
    night_story.tell(process, peer, tie)  # she votes there too, so that she can judge what is called done about it
    declined = deliberation.propose(peer, process, text=story.DECLINED, language="en", tie=tie)
    deliberation.moderate(editor, declined, decision="declined", reason="names_somebody", words=story.DECLINE_WORDS)
    deliberation.appeal(peer, declined, reason=story.APPEAL, language="en", tie=tie)
    for text in story.WAITING:
        deliberation.propose(peer, process, text=text, language="en", tie=tie)


def _inboxes(peers: Organisation, board: Organisation, sessions: dict[Role, SessionInfo]) -> None:
    """The peers' inbox, with voices, one of them from a slip, and a finding of others; and the board's."""
    steward, editor = sessions[Role.ORG_STEWARD], sessions[Role.PEER_EDITOR]
    voice_story.tell(peers, _actor(steward), _actor(editor), (steward, editor))
    secretary, duty = sessions[Role.BODY_SECRETARY], sessions[Role.DUTY_BEARER]
    voice_story.tell_the_board(board, peers, (_actor(secretary), _actor(duty)), (secretary, duty))
    worker = sessions[Role.PEER_WORKER]
    voice_story.enter(peers, _actor(worker), worker.key)


def _table(organisations: dict[str, Organisation]) -> None:
    """The board's terms, seats and meetings, from before anything was asked of it."""
    board_story.set_the_table(public_bodies().get(organisation__code="DEMO"), organisations, ACCOUNTS[Role.PEER][0])


def _recommendations(organisations: dict[str, Organisation]) -> None:
    """What the peers asked of the board, and what became of it, each on its day."""
    lantern = organisations["LANTERN"]
    health = processes.open_body(SYSTEM, lantern, language="en", is_invented=True, code="HEALTH", **story.HEALTH)
    with clock.at(clock.today() - timedelta(days=5)):  # before its letter
        letters.cite(SYSTEM, public_addressee(health), organisation=lantern, language="en", **story.HEALTH_NORM)
    bodies = {body.code: body for body in public_bodies()}
    for asked in story.RECOMMENDATIONS:
        sent = clock.today() - timedelta(days=asked.days_ago)
        about = {name: getattr(asked, name) for name in ("text", "asked_change", "kind", "code")}
        about["evidence"] = f"{asked.evidence}\n{asked.finding}"
        with clock.at(sent):
            made = recommendations.recommend(
                SYSTEM, public_addressee(bodies[asked.body]), organisation=lantern, language="en", **about
            )
        for after, deed, words in asked.deeds:
            with clock.at(sent + timedelta(days=after)):
                _say(made, deed, words, lantern, sent)
    voice_story.tell_back()


def _say(about: Recommendation, deed: str, words: dict[str, Any], lantern: Organisation, sent: date) -> None:
    said = dict(words)
    if deed == "pay_check":
        pay_story.pay_check(about)
        return
    if deed == "judge":
        judging_story.tell(about, **words)
        return
    if deed == "endorse":
        said["seen"] = about.draft.mark()
    elif deed != "acknowledge":
        said["language"] = "en"
    if "due_on" in said:
        said["due_on"] = sent + timedelta(days=said["due_on"])
    if "promise" in said:
        said["commitment"] = about.commitments.order_by("id")[said.pop("promise")]
    if "payer" in said:
        said["payer"] = Organisation.objects.get(code=said["payer"])
    if deed == "verify":
        recommendations.verify(SYSTEM, public_checkable(about), organisation=lantern, **said)
    else:
        getattr(recommendations, deed)(SYSTEM, about, **said)


def _actor(session: SessionInfo) -> Actor:
    actor = public_actor(codes.digest(session.token))
    assert actor
    return actor
