"""The page of the opinion map: groups that hold, or why there are none; nobody on it, and no single vote."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client
from tests.deliberation import scene

from withus.compute.opinion_map import opinion_map
from withus.compute.suppression import Basis
from withus.core import clock, locks
from withus.deliberation import actions, jobs
from withus.deliberation.maps import drawing, queries
from withus.deliberation.maps.models import DrawnMap
from withus.deliberation.maps.quiet import MOST_LOOKS, Quiet
from withus.policy.facts import SYSTEM, Role
from withus.processes.models import Process
from withus.texts.actions import translate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home", "fewer")]


def page(client: Client | None = None, code: str = "TALK") -> str:
    """The page of the map, its words in one line."""
    answer = (client or Client()).get(f"/maps/{code}/")
    assert answer.status_code == 200
    return words(answer)


def words(answer: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_groups_that_hold_are_shown_with_what_every_one_agrees_on_and_what_each_says(talk: Process) -> None:
    seen = page()
    assert "stable groups" in seen
    assert "they are 2 groups of people who vote alike" in seen
    assert "they looked as structured as these in 0 cases" in seen
    assert re.search(r"we invented 100 crowds without any gap between people; \d+ of them could be split", seen)
    assert re.search(r"A about 20 B about 20", seen)
    assert "What most agree on" in seen
    assert re.search(r"What would be on this list without group A\? Sentence [1-9]", seen)
    assert re.search(r"Of those who agree or disagree: [\w %]+ agree on the one side, [\w %]+ on the other", seen)
    floors = r"At least \d[05] % of every group agree. Without A: \d[05] %. Without B: \d[05] %."
    assert re.search(f"Sentence 0 {floors}", seen)
    shares = r"(95 % or more|about \d\d %) (dis)?agree; of the others, (5 % or less|about \d+ %)"
    assert re.search(rf"Sentence [1-9] In group A, {shares}", seen)
    assert re.search(rf"Sentence [1-9] In group B, {shares}", seen)
    assert "/methods/opinion-map" in Client().get("/maps/TALK/").content.decode()


def test_a_group_that_is_too_small_to_be_counted_is_named_where_it_is_not(talk: Process) -> None:
    drawn = DrawnMap.objects.get()
    content = json.loads(drawn.content)
    assert [one["uncounted"] for one in content["agreement"]] == [[]]
    assert "not counted" not in page()
    content["agreement"][0]["uncounted"] = [1]
    DrawnMap.objects.update(content=json.dumps(content))
    seen = page()
    assert re.search(r"Sentence 0 At least \d[05] % of every group agree \(not counted: B\)\. Without A", seen)
    assert "A group with fewer than one in 20 of the people is not counted." in seen
    assert "if surely fewer than half of it agree with a statement, that is not on this list" in seen


def by_the_version_before() -> None:
    """The map as that version kept it: no form, and of no statement who was not counted."""
    content, inside = DrawnMap.objects.get().read()
    for one in (*content["agreement"], *inside["rows"]["by_group"].values()):
        del one["uncounted"]
    del inside["form"], content["unsure"]
    DrawnMap.objects.update(content=json.dumps(content | {"has_light": False}), inside=json.dumps(inside))


UNSURE = "Whether every group agrees with 10 statements is not told yet: an earlier version counted small groups in"


def test_of_a_map_of_the_version_before_nothing_is_said_of_every_group(talk: Process) -> None:
    eve = scene.signed_in("eve", Role.PEER_EDITOR, "PEERS")
    assert re.search(r"With them the list has [1-9]", words(eve.get("/maps/TALK/cohorts")))
    by_the_version_before()
    seen = page()
    assert "of every group agree" not in seen
    assert "What would be on this list without" not in seen
    assert f"What every group agrees on {UNSURE} another way" in seen
    assert "Nothing is told yet." in seen
    assert "In group A," in seen
    lists = words(eve.get("/maps/TALK/cohorts"))
    assert UNSURE in lists
    assert not re.search(r"With them the list has [1-9]|Sentence", lists)


def test_after_the_version_before_ten_votes_on_one_statement_tell_nothing_of_the_others(talk: Process) -> None:
    by_the_version_before()
    about = talk.statements.get(number=1)
    scene.cast(about, agree=10)
    assert drawing.draw() == 1
    content, inside = DrawnMap.objects.get().read()
    assert content["unsure"] == 9
    assert {one["statement"] for one in content["agreement"]} <= {1}
    assert {number for number, one in inside["rows"]["by_group"].items() if "uncounted" in one} == {"1"}


def test_who_is_counted_moves_only_with_the_picture(talk: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("withus.compute.opinion_map.agreement.SMALLEST_SHARE", 2)
    inside = DrawnMap.objects.get().read()[1]
    assert (inside["sizes"], inside["rows"]["by_group"]["1"]["uncounted"]) == ([20, 20], [])
    DrawnMap.objects.update(inside=json.dumps(inside | {"sizes": [29, 11]}))
    scene.cast(talk.statements.get(number=1), agree=10)
    assert drawing.draw() == 1
    inside = DrawnMap.objects.get().read()[1]
    assert (inside["sizes"], inside["rows"]["by_group"]["1"]["uncounted"]) == ([29, 11], [1])


def test_the_title_is_in_the_readers_language_here_too(talk: Process) -> None:
    title = "ماذا نريد في الليل؟"
    translate(SYSTEM, talk, kind="process", field="title", language="ar", text=title)
    for address in ("/processes/TALK/", "/maps/TALK/", "/processes/TALK/results"):
        seen = Client(headers={"accept-language": "ar"}).get(address).content.decode()
        assert re.search(f'class="words" lang="ar" dir="rtl">{title}<', seen), address
        assert title not in Client().get(address).content.decode()


def test_nobody_is_a_dot_and_no_count_of_people_or_votes_is_exact(talk: Process) -> None:
    drawn = Client().get("/maps/TALK/").content.decode()
    picture = drawn[drawn.index("<svg") : drawn.index("</svg>")]
    assert picture.count("<ellipse") == 2
    assert "<circle" not in picture
    assert re.findall(r"<title[^>]*>([^<]+)", picture) == ["Where the groups stand"]
    assert "Group A: about 20 people. Group B: about 20 people." in picture
    content = json.loads(DrawnMap.objects.get().content)
    assert {group["people"] % 10 for group in content["groups"]} == {0}
    shares = re.findall(r'"(?:floor|share|others)": ?(\d+)', DrawnMap.objects.get().content)
    assert {int(share) % 5 for share in shares} == {0}
    assert all(5 <= int(share) <= 95 for share in shares)


def test_a_real_conversation_whose_people_lie_along_a_line_says_so_and_shows_what_bridges() -> None:
    talk = scene.process()
    scene.import_polis("brexit-consensus", "TALK")
    assert drawing.draw() == 1
    seen = page()
    assert "We cannot tell these people from one crowd without gaps." in seen
    assert re.search(r"We invented 100 such crowds; \d+ of them could be split", seen)
    assert "What most agree on" in seen
    assert "Liked by people who usually disagree" in seen
    assert "Without A" not in seen
    assert talk.title in seen


def test_london_is_too_small_and_its_page_says_so_and_shows_what_most_agree_on() -> None:
    scene.process()
    scene.import_polis("london.youth.policing", "TALK")
    before = page()
    assert "too small for opinion groups" in before
    assert drawing.draw() == 1
    seen = page()
    assert "too small for opinion groups" in seen
    assert "What most agree on" in seen
    assert 'class="chart"' not in Client().get("/maps/TALK/").content.decode()


@pytest.mark.parametrize(
    ("votes", "says"),
    [
        ({}, "too small"),
        ({"agree": 1}, "too small"),
        ({"agree": 40}, "no opinion groups to see"),
        ({"passed": 40}, "no opinion groups to see"),
        ({"agree": 20, "disagree": 20}, "no opinion groups to see"),
    ],
    ids=["no votes", "one person", "all agree on one statement", "all pass", "one statement, two halves"],
)
def test_next_to_nothing_makes_a_page_that_says_so(votes: dict[str, int], says: str) -> None:
    one = scene.statement(scene.process())
    scene.cast(one, **votes)
    jobs.release()
    drawing.draw()
    assert says in page()


def test_a_process_without_a_phase_or_statements_has_a_page_too() -> None:
    scene.process(is_open=False)
    assert drawing.draw() == 0
    assert "too small" in page()
    assert Client().get("/maps/NOWHERE/").status_code == 404


def test_a_conversation_of_thirty_and_more_waits_for_its_map_in_plain_words() -> None:
    talk = scene.process()
    scene.camps(talk, 20, 20)
    jobs.release()
    assert "No map is drawn yet" in page()


def test_statements_about_the_talk_itself_and_taken_back_ones_are_not_on_it(talk: Process) -> None:
    first = talk.statements.get(number=1)
    assert "Sentence 0" in page()
    actions.erase_statement(first)
    assert "Sentence 0" not in page()
    talk.statements.exclude(number=1).update(is_meta=True)
    DrawnMap.objects.all().delete()
    talk.statements.filter(number=2).update(is_meta=False)
    assert drawing.draw() == 1
    assert "no opinion groups to see" in page()


def test_votes_on_statements_that_were_taken_back_make_no_map() -> None:
    talk = scene.process()
    scene.camps(talk, 20, 20)
    jobs.release()
    for one in talk.statements.all():
        actions.erase_statement(one)
    assert drawing.draw() == 0
    assert "Sentence" not in page()


def test_a_map_that_cannot_be_made_holds_up_no_other(talk: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.camps(scene.process("OTHER"), 20, 20)
    scene.cast(talk.statements.get(number=1), agree=10)
    jobs.release()
    votes = drawing._votes

    def fails(process: Process, *words: Any, **names: Any) -> Any:
        if process == talk:
            raise ValueError("nobody knows why")
        return votes(process, *words, **names)

    monkeypatch.setattr(drawing, "_votes", fails)
    with pytest.raises(ValueError, match="nobody knows why"):
        drawing.draw()
    assert "stable groups" in page(code="OTHER")


def test_a_map_of_statements_about_the_talk_alone_is_drawn_of_them() -> None:
    talk = scene.process()
    scene.camps(talk, 20, 20)
    talk.statements.update(is_meta=True)
    jobs.release()
    assert drawing.draw() == 1
    assert "stable groups" in page()


def test_ones_own_place_is_shown_to_oneself_when_asked_for_and_on_that_answer_only(talk: Process) -> None:
    ana = scene.signed_in("ana")
    anas = scene.Participant.objects.filter(process=talk).first()
    anas.tie = scene.tie("ana", talk)
    anas.save()
    assert "Show my place" in page(ana)
    assert "nearest to group" not in page(ana)
    asked = ana.post("/maps/TALK/")
    assert re.search(r"You stand nearest to group [AB]\. This rests on 10 votes of yours", words(asked))
    picture = asked.content.decode()
    assert picture.count("<circle") == 1
    (place,) = re.findall(r'<circle class="chart-part" cx="(\d+)" cy="(\d+)"', picture)
    assert [int(one) % 15 for one in place] == [0, 0]
    assert asked["Cache-Control"] == "no-store"
    assert "nearest to group" not in page(ana)
    assert "You have no place" not in words(Client().post("/maps/TALK/"))
    assert "<circle" not in Client().post("/maps/TALK/").content.decode()


def test_with_few_votes_one_stands_near_no_group_and_without_any_nowhere(talk: Process) -> None:
    bo, tie = scene.signed_in("bo"), scene.tie("bo", talk)
    assert "You have not voted on any statement of this map" in words(bo.post("/maps/TALK/"))
    one = scene.Participant.objects.create(process=talk, tie=tie)
    scene.Vote.objects.create(participant=one, statement=talk.statements.get(number=3), value=1)
    seen = words(bo.post("/maps/TALK/"))
    assert "too few statements to stand near a group" in seen
    assert "This rests on 1 vote of yours" in seen


def test_a_vote_changed_on_a_statement_of_few_votes_moves_ones_place_nowhere(talk: Process) -> None:
    ana, one = scene.signed_in("ana"), scene.Participant.objects.filter(process=talk).first()
    new = scene.statement(talk, "Sentence of few")
    scene.cast(new, agree=2)
    one.tie = scene.tie("ana", talk)
    one.save()
    scene.Vote.objects.create(participant=one, statement=new, value=1)
    scene.cast(talk.statements.get(number=1), agree=10)
    assert drawing.draw() == 1
    assert new.number not in {row[0] for row in json.loads(DrawnMap.objects.get().inside)["placing"]}
    before = words(ana.post("/maps/TALK/"))
    assert "This rests on 10 votes of yours" in before
    scene.Vote.objects.filter(participant=one, statement=new).update(value=-1)
    assert words(ana.post("/maps/TALK/")) == before


def test_a_map_of_an_earlier_version_places_nobody(talk: Process) -> None:
    drawn = DrawnMap.objects.get()
    inside = json.loads(drawn.inside)
    inside["model"] = inside.pop("placing")
    del inside["form"]
    DrawnMap.objects.update(inside=json.dumps(inside))
    anas = scene.Participant.objects.filter(process=talk).first()
    anas.tie = scene.tie("ana", talk)
    anas.save()
    asked = words(scene.signed_in("ana").post("/maps/TALK/"))
    assert "You have not voted on any statement" not in asked
    assert "This map was drawn by an earlier version and shows no places. The next one will." in asked
    scene.cast(talk.statements.get(number=1), agree=10)
    assert drawing.draw() == 1
    assert "placing" in json.loads(DrawnMap.objects.get().inside)


def test_the_place_of_one_is_the_place_that_the_map_has_for_her(talk: Process) -> None:
    inside = json.loads(DrawnMap.objects.get().inside)
    votes = drawing._votes(talk, talk.current_phase())
    made = opinion_map(votes, shuffles=0, bootstraps=0)
    for person in (0, 7):
        mine = slice(votes.starts[person], votes.starts[person + 1])
        own = dict(zip(votes.statement_ids[votes.columns[mine]].tolist(), votes.values[mine].tolist(), strict=True))
        at = queries.place(own, inside["placing"])
        assert (at.x, at.y) == pytest.approx(made.positions[person], abs=1e-4)
        xx, yy, xy = made.spreads[person]
        assert (at.wide * at.tall) ** 2 == pytest.approx(xx * yy - xy * xy, rel=1e-3)


def test_who_may_have_changed_the_list_is_for_those_who_read_the_statements(talk: Process) -> None:
    alike = scene.Participant.objects.bulk_create(scene.Participant(process=talk) for _ in range(12))
    scene.Vote.objects.bulk_create(
        scene.Vote(participant=one, statement=about, value=-1) for one in alike for about in talk.statements.all()
    )
    assert drawing.draw() == 1
    eve = scene.signed_in("eve", Role.PEER_EDITOR)
    seen = words(eve.get("/maps/TALK/cohorts"))
    assert re.search(r"Group A People: \d+. With them the list has \d+ statements", seen)
    assert "People with nearly the same ballot People: 12. With them" in seen
    assert "accuses nobody" in seen
    assert "Who may have changed the list?" in page(eve)
    assert "Who may have changed the list?" not in page()
    assert Client().get("/maps/TALK/cohorts").status_code == 403
    assert scene.signed_in("ana").get("/maps/TALK/cohorts").status_code == 403
    cem = scene.signed_in("cem", Role.PEER_EDITOR, "ELSEWHERE")
    assert cem.get("/maps/TALK/cohorts").status_code == 403
    assert queries.cohorts(scene.CEM, talk) == []


def test_fewer_than_five_with_the_same_ballot_are_shown_to_nobody() -> None:
    talk = scene.process()
    asked = scene.camps(talk, 20, 20)
    alike = scene.Participant.objects.bulk_create(scene.Participant(process=talk) for _ in range(4))
    odd = [1, 1, -1, -1, 1, 1, -1, -1, 1, 0]
    scene.Vote.objects.bulk_create(
        scene.Vote(participant=one, statement=about, value=value)
        for one in alike
        for about, value in zip(asked, odd, strict=True)
    )
    assert drawing.draw() == 1
    assert all(one["people"] >= 5 for one in queries.cohorts(scene.EVE, talk))


def test_the_page_costs_the_same_few_questions_however_large_the_map_is(
    talk: Process, django_assert_num_queries: Any
) -> None:
    Client().get("/maps/TALK/")
    with django_assert_num_queries(10):
        Client().get("/maps/TALK/?again=1")
    scene.import_polis("brexit-consensus", scene.process("LARGE").code)
    drawing.draw()
    with django_assert_num_queries(10):
        Client().get("/maps/LARGE/?again=1")


def test_the_page_is_light(talk: Process) -> None:
    assert len(Client().get("/maps/TALK/").content) < 30_000


def test_two_who_draw_at_once_do_it_once(talk: Process) -> None:
    scene.cast(talk.statements.get(number=1), agree=20)
    with locks.held("maps"):
        assert drawing.draw() == 0
    assert drawing.draw() == 1


def test_the_job_waits_for_a_quiet_minute_and_loads_nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(jobs.elsewhere.apart, "run", lambda *words: asked.append(words))
    monkeypatch.setattr(jobs, "_quiet", Quiet())
    talk = scene.process()
    assert jobs.draw() == 0
    scene.camps(talk, 20, 20)
    assert (jobs.draw(), asked) == (0, [])  # people vote right now
    assert (jobs.draw(), asked) == (1, [("draw-maps", "TALK")])


def test_a_conversation_that_never_rests_is_drawn_after_ten_looks() -> None:
    quiet = Quiet()
    assert quiet.look("TALK", Basis({}, 99), is_due=True), "nobody had looked before"
    busy = [quiet.look("TALK", Basis({}, people), is_due=True) for people in range(100, 100 + MOST_LOOKS + 1)]
    assert busy == [False] * MOST_LOOKS + [True]


def test_what_stays_with_the_house_is_on_no_page(talk: Process) -> None:
    inside = json.loads(DrawnMap.objects.get().inside)
    shown = Client().get("/maps/TALK/").content.decode()
    numbers = [str(value) for row in inside["placing"] for value in row[1:] if len(str(value)) > 5]
    assert numbers
    assert not [number for number in numbers if number in shown]
    assert DrawnMap.objects.get().drawn_on == clock.today()


def test_whoever_draws_first_compiles_what_is_not_compiled_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(drawing.loops, "are_ready", lambda: bool(said))
    monkeypatch.setattr(drawing.loops, "say_ready", lambda: said.append("ready"))
    assert (drawing.draw(), said) == (0, ["ready"])
    assert (drawing.draw(), said) == (0, ["ready"])
