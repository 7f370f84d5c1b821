"""From voices to a finding, to what a body answered, and back to each who spoke: also when her words have ended."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests import make
from tests.public_log.bending import found as wrong_in_the_log
from tests.texts import two_keys
from tests.voices import found
from tests.voices.scene import WORDS, Move, Scene, come_back, for_a_story, send, weeks_end
from withus.core import buckets, clock
from withus.core.errors import Denied, Refused
from withus.policy.facts import SYSTEM, Role
from withus.processes import actions as processes
from withus.processes.models import Body
from withus.public_log.publish import publish as publish_log
from withus.recommendations import actions as recommendations
from withus.recommendations.models import Recommendation
from withus.recommendations.queries import public_addressee
from withus.voices import jobs
from withus.voices.findings import actions
from withus.voices.findings.models import Finding, Notice, Source
from withus.voices.models import Envelope, Voice

SAID = "In the harbor people get only one kind, and it does not fit."
TOLD = "The council says yes. Longer ones come from May on."


def opened(scene: Scene, who: make.Somebody, *, is_published: bool = True, **more: Any) -> tuple[str, str]:
    """Somebody sends a voice and the reader opens it: its receipt, and its code."""
    before = set(Voice.objects.values_list("code", flat=True))
    receipt = send(scene, Client(), **(for_a_story(scene) if is_published else {}), **more)
    (voice,) = Voice.objects.exclude(code__in=before)
    assert scene.of(who).post(f"{scene.place}{voice.code}/open").status_code == 303
    return receipt, voice.code


def written(*voices: str, **more: Any) -> dict[str, Any]:
    """A form for a finding, filled in."""
    about = {"kind": "problem", "text": SAID, "topic": "Needles", "area": "Harbor", "language": "en"}
    return about | {"voices": list(voices)} | more


def publish(scene: Scene, *voices: str, **more: Any) -> Finding:
    """Edi publishes a finding of these voices."""
    answer = scene.of(scene.edi).post(f"{scene.place}finding", written(*voices, **more))
    assert answer.status_code == 303, answer.content.decode()
    return Finding.objects.get(code=answer["Location"].split("/")[2])


def council(scene: Scene) -> Body:
    about = {"name": "", "decides": "Needles", "language": "en", "organisation": scene.council}
    return Body.objects.filter(organisation=scene.council).first() or processes.open_body(SYSTEM, None, **about)


def asked(scene: Scene, finding: Finding) -> Recommendation:
    """Lantern asks the council, resting on the finding."""
    said = f"Only short needles are given out. ({Recommendation.objects.count()})"
    words = {"text": said, "asked_change": "Give out long ones, too.", "language": "en"}
    about = words | {"organisation": scene.peers, "evidence": finding.get_absolute_url()}
    return recommendations.recommend(scene.lu.actor, public_addressee(council(scene)), **about)


def answered(of: Recommendation, outcome: str = "accepted") -> None:
    reason = "There is money for the long ones from May on."
    recommendations.respond(SYSTEM, of, outcome=outcome, reason=reason, language="en")


def page(client: Client, place: str) -> str:
    answer = client.get(place)
    assert answer.status_code == 200, place
    return unescape(answer.content.decode())


def test_the_whole_way_and_back(scene: Scene, move: Move) -> None:
    edi, visitor = scene.of(scene.edi), Client()
    receipt, first = opened(scene, scene.edi)
    _, second = opened(scene, scene.edi, text="Mine are all bent after one day of it.", is_published=False)
    _, third = opened(scene, scene.edi, text="One kind for everybody is no choice.")
    assert f"{scene.place}finding" in page(edi, scene.place)
    choices = page(edi, f"{scene.place}finding?voice={first}")
    assert re.search(rf'value="{first}" id="[^"]+" checked', choices)
    assert "Needles" in choices, "what she opened today may be shown to her"
    assert not re.search(r'name="kind"[^>]* checked', choices), "what it is, only she says"
    assert choices.count("counts only together with two others") == 1
    assert "No pay is agreed for it" in choices
    finding = publish(scene, first, second, third)
    shown = page(visitor, finding.get_absolute_url())
    assert SAID in shown
    assert "From fewer than 10 voices." in shown
    assert "Nobody has asked a body to change it yet." in shown
    assert finding.get_absolute_url() in page(visitor, "/findings/?topic=needles&area=harbor")
    assert finding.get_absolute_url() not in page(visitor, "/findings/?topic=soap")
    assert WORDS not in shown
    assert SAID in come_back(Client(), receipt)
    assert "What several" not in shown

    sent = asked(scene, finding)
    assert finding.get_absolute_url() in page(visitor, sent.get_absolute_url())
    assert sent.get_absolute_url() in page(visitor, finding.get_absolute_url())
    assert finding.get_absolute_url() in page(visitor, f"{sent.get_absolute_url()}letter")
    assert "Tell those who spoke" not in page(edi, "/desk/")
    answered(sent)
    move(1)
    edi = scene.of(scene.edi)
    desk = page(edi, "/desk/")
    assert f"{finding.get_absolute_url()}tell" in desk
    assert "29 days left" in desk
    told = {"recommendation": sent.code, "text": TOLD, "language": "en"}
    for _ in range(2):
        assert edi.post(f"{finding.get_absolute_url()}tell", told).status_code in {200, 303}
    assert Notice.objects.count() == 1
    assert "Tell those who spoke" not in page(edi, "/desk/")
    for place in ("", "poster"):
        shown = page(visitor, f"{finding.get_absolute_url()}{place}")
        assert TOLD in shown
        assert "The council" in shown
    mine = come_back(Client(), receipt)
    assert TOLD in mine
    assert WORDS in mine
    assert sent.get_absolute_url() in mine
    publish_log()
    log = re.sub("<[^>]+>", "", page(visitor, "/log/"))
    assert f"Lantern published a finding: {SAID}" in log
    assert f"Lantern told those who spoke what became of {SAID}" in log
    assert wrong_in_the_log() == []


def test_after_her_words_have_ended_the_receipt_still_shows_what_became_of_them(scene: Scene, move: Move) -> None:
    receipt, code = opened(scene, scene.edi)
    finding = publish(scene, code)
    sent = asked(scene, finding)
    answered(sent)
    move(130)
    weeks_end()
    assert not Voice.objects.exists()
    assert jobs.end_sources() == 0, "what was accepted is not done yet"
    client = Client()
    mine = come_back(client, receipt)
    assert "Your own words are gone from here" in mine
    assert SAID in mine
    assert sent.get_absolute_url() in mine
    assert WORDS not in mine
    assert "There is nothing under this receipt" in come_back(Client(), "0" * 16)
    answers = [Client().post("/voices/return", {"receipt": one}) for one in (receipt, "0" * 16, "")]
    assert len({len(one.cookies["voice"].value) for one in answers}) == 1
    assert {(one.status_code, len(one.content)) for one in answers} == {(303, 0)}
    client.post("/voices/end")
    assert SAID not in page(client, "/voices/return")


def test_sources_go_90_days_after_all_is_closed_and_a_year_after_where_nothing_is(scene: Scene, move: Move) -> None:
    receipt, code = opened(scene, scene.edi)
    finding, alone = publish(scene, code), found.finding(scene.peers, 1)
    sent = asked(scene, finding)
    answered(sent, "rejected")
    move(90)
    assert jobs.end_sources() == 0
    move(91)
    Voice.objects.update(week=buckets.week_of(clock.today()))
    assert jobs.end_sources() == 0, "her voice has not ended: its week is not over"
    Voice.objects.all().delete()
    assert jobs.end_sources() == 1
    assert list(Source.objects.values_list("finding", flat=True)) == [alone.pk]
    assert "There is nothing under this receipt" in come_back(Client(), receipt)
    move(366)
    assert jobs.end_sources() == 0
    move(367)
    assert jobs.end_sources() == 1


@pytest.mark.parametrize("deed", ["withdraw", "erase"])
def test_whoever_takes_her_voice_back_is_no_source_any_more(scene: Scene, deed: str) -> None:
    receipt, code = opened(scene, scene.edi)
    publish(scene, code)
    client = Client()
    come_back(client, receipt)
    client.post(f"/voices/{deed}")
    assert not Source.objects.exists()
    assert SAID not in come_back(Client(), receipt)
    assert (
        scene.of(scene.edi).post(f"{scene.place}finding", written(code, text="Other words of it.")).status_code == 200
    )


def test_words_that_point_to_somebody_are_asked_about(scene: Scene) -> None:
    _, code = opened(scene, scene.edi)
    edi, sent = scene.of(scene.edi), written(code, text="Ask at 0171 234 56 78 about the needles.")
    assert "It seems to hold:" in edi.post(f"{scene.place}finding", sent).content.decode()
    assert not Finding.objects.exists()
    assert edi.post(f"{scene.place}finding", sent | {"anyway": "on"}).status_code == 303


def test_a_form_sent_twice_is_one_finding(scene: Scene) -> None:
    _, code = opened(scene, scene.edi)
    edi = scene.of(scene.edi)
    answers = [edi.post(f"{scene.place}finding", written(code)).status_code for _ in range(2)]
    assert answers == [303, 200]
    assert Finding.objects.count() == 1
    finding = Finding.objects.get()
    for _ in range(2):
        actions.add_sources(scene.edi.actor, finding, key=scene.edi.key, voices=[code])
    assert finding.sources.count() == 1


def test_a_voice_can_count_in_several_findings_and_be_taken_out_of_one(scene: Scene) -> None:
    receipt, code = opened(scene, scene.edi)
    first, second = publish(scene, code), publish(scene, code, text="Nobody asks those who need them.")
    edi, place = scene.of(scene.edi), f"{scene.place}{code}/"
    assert page(edi, place).count("Count it there no more") == 2
    assert edi.post(f"{place}out", {"finding": first.code}).status_code == 303
    assert edi.post(f"{place}out", {"finding": "NOTHING"}).status_code == 404
    assert list(Source.objects.values_list("finding", flat=True)) == [second.pk]
    mine = come_back(Client(), receipt)
    assert "Nobody asks those who need them." in mine
    assert SAID not in mine


def test_once_a_body_was_asked_nobody_takes_a_voice_out_and_with_it_the_third_key(scene: Scene, move: Move) -> None:
    receipt, code = opened(scene, scene.edi)
    finding, edi = publish(scene, code), scene.of(scene.edi)
    sent, out = asked(scene, finding), f"{scene.place}{code}/out"
    assert "unless she takes it back with her receipt" in edi.post(out, {"finding": finding.code}).content.decode()
    answered(sent)
    move(1)
    done = recommendations.deliver(SYSTEM, sent, words="Long ones are given out now.", language="en")
    edi, why = scene.of(scene.edi), {"reason": "It was not as we said there.", "language": "en"}
    assert edi.post(f"{finding.get_absolute_url()}withdraw", why).status_code == 303
    assert edi.post(f"{scene.place}{code}/open").status_code == 303
    assert edi.post(f"{scene.place}{code}/close").status_code == 303
    assert edi.post(out, {"finding": finding.code}).status_code == 200
    move(45)
    weeks_end()
    assert (Voice.objects.count(), jobs.end_sources()) == (0, 0)
    client, place = Client(), f"/voices/judge/{done.code}"
    assert place in come_back(client, receipt)
    assert client.post(place, {"verdict": "not_true"}).status_code == 303
    client.post("/voices/erase")
    assert not Source.objects.exists(), "she herself can always go"


def test_others_neither_see_how_it_is_made_nor_make_one(scene: Scene) -> None:
    _, code = opened(scene, scene.edi)
    finding = publish(scene, code)
    unread = make.somebody(Role.ORG_STEWARD, scene.peers)
    below = ("sources", "withdraw", "tell")
    for who in (scene.cem, scene.mina, make.somebody(Role.PEER, scene.peers), make.somebody(Role.INSTANCE_STEWARD)):
        client = scene.of(who)
        assert client.post(f"{scene.place}finding", written(code)).status_code == 403
        for name in below:
            assert client.post(f"{finding.get_absolute_url()}{name}", {"reason": "Because."}).status_code == 403
        assert client.post(f"{scene.place}{code}/out", {"finding": finding.code}).status_code == 404
        assert "For those who run this organisation" not in page(client, finding.get_absolute_url())
    for place in (f"{scene.place}finding", f"{finding.get_absolute_url()}sources"):
        answer = scene.of(unread).get(place)
        assert answer.status_code == 403
        assert "read this inbox" in answer.content.decode()
    assert Client().get(f"/voices/inboxes/{scene.council.code}/finding").status_code == 404
    assert Finding.objects.count() == Source.objects.count() == 1


def test_the_voices_of_another_organisation_are_not_there(scene: Scene) -> None:
    _, code = opened(scene, scene.edi)
    theirs = found.finding(make.recognised("Others"), 0)
    with pytest.raises(Denied):
        actions.add_sources(scene.edi.actor, theirs, key=scene.edi.key, voices=[code])
    assert not Source.objects.exists()


def test_how_many_voices_it_is_of_is_told_in_steps_of_ten_that_stay(scene: Scene) -> None:
    receipt, code = opened(scene, scene.edi)
    finding = found.finding(scene.peers, 9)
    place = finding.get_absolute_url()
    assert "From fewer than 10 voices." in page(Client(), place)
    add = {"key": scene.edi.key, "voices": [code]}
    actions.add_sources(scene.edi.actor, finding, **add)
    assert "From 10 voices or more." in page(Client(), place)
    client = Client()
    come_back(client, receipt)
    client.post("/voices/withdraw")
    assert finding.sources.count() == 9
    assert "From 10 voices or more." in page(Client(), place), "nobody sees that one was taken back"


def test_what_the_organisation_takes_out_itself_is_counted_anew(scene: Scene) -> None:
    _, code = opened(scene, scene.edi)
    finding = found.finding(scene.peers, 9)
    actions.add_sources(scene.edi.actor, finding, key=scene.edi.key, voices=[code])
    envelope = Envelope.objects.get()
    actions.take_source_out(scene.edi.actor, finding, key=scene.edi.key, voice=envelope)
    assert Finding.objects.get().at_least == 0


def test_a_finding_that_is_taken_back_leaves_its_reason_alone(scene: Scene) -> None:
    receipt, code = opened(scene, scene.edi)
    finding = publish(scene, code)
    sent, edi = asked(scene, finding), scene.of(scene.edi)
    place = f"{finding.get_absolute_url()}withdraw"
    assert "repeats the words" in edi.post(place, {"reason": SAID, "language": "en"}).content.decode()
    for _ in range(2):
        edi.post(place, {"reason": "Somebody could be found by it.", "language": "en"})
    for where in (finding.get_absolute_url(), "/findings/", f"{finding.get_absolute_url()}poster"):
        shown = page(Client(), where)
        assert "Somebody could be found by it." in shown
        assert SAID not in shown
    assert "taken back since" in page(Client(), sent.get_absolute_url())
    assert "Somebody could be found by it." in come_back(Client(), receipt)
    add = edi.post(f"{finding.get_absolute_url()}sources", {"voices": [code]}).content.decode()
    assert 'role="alert"' in add
    words = {"text": "Only short ones.", "asked_change": "Give out long ones, too.", "evidence": finding.code}
    with pytest.raises(Refused):
        recommendations.recommend(
            scene.lu.actor, public_addressee(council(scene)), organisation=scene.peers, language="en", **words
        )
    assert wrong_in_the_log() == []


def test_two_keys_take_its_words_away(scene: Scene) -> None:
    _, code = opened(scene, scene.edi)
    finding = publish(scene, code)
    sent = asked(scene, finding)
    two_keys.taken_away(two_keys.words_of("finding.published", finding.code, "text"), scene.peers)
    shown = page(Client(), finding.get_absolute_url())
    assert SAID not in shown
    assert "taken away" in shown.lower()
    assert "Words that were taken away" in page(Client(), sent.get_absolute_url())
    assert wrong_in_the_log() == []


def test_there_is_nothing_to_tell_without_an_answer_of_this_chain(scene: Scene) -> None:
    _, code = opened(scene, scene.edi)
    finding, other = publish(scene, code), found.finding(scene.peers, 1)
    sent, theirs = asked(scene, finding), asked(scene, other)
    answered(theirs)
    place, edi = f"{finding.get_absolute_url()}tell", scene.of(scene.edi)
    for about in (sent.code, theirs.code, "NOTHING", ""):
        answer = edi.post(place, {"recommendation": about, "text": TOLD, "language": "en"})
        assert answer.status_code == 200
        assert TOLD in unescape(answer.content.decode())
    assert not Notice.objects.exists()
    answered(sent)
    short = edi.post(place, {"recommendation": sent.code, "text": "Yes.", "language": "en"})
    assert "plain words what was decided" in short.content.decode()
    assert edi.post(place, {"recommendation": sent.code, "text": TOLD, "language": "en"}).status_code == 303
