"""Ana reports something without an account; Hedy, the steward of the house, has to decide by its day."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests import cast
from tests.public_log.bending import bend, found, undone
from withus.core import clock, codes, keys
from withus.home.reports import actions, jobs, queries
from withus.home.reports.models import Report
from withus.policy.facts import SYSTEM
from withus.public_log import append, publish
from withus.public_log.models import LogEntry, LogOpening, LogPending
from withus.voices import carried, limits

pytestmark = pytest.mark.django_db
WORDS = "My flat and my name stand in this text, and I did not agree."
REASONS = "We read it, and the law on privacy forbids it."


def filled(client: Client, **more: Any) -> dict[str, Any]:
    """The form as it was given out, with answers."""
    slip = re.search(r'name="slip" value="([^"]+)"', client.get("/report").content.decode())
    assert slip
    return {"target": "/organisations/", "why": "recognisable", "text": WORDS, "slip": slip[1], "website": ""} | more


def sent(client: Client, **more: Any) -> str:
    """Sends a report; the address to come back to."""
    answer = client.post("/report", filled(client, **more))
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def plain(answer: HttpResponse) -> str:
    """What a page says, without markup."""
    return " ".join(unescape(re.sub("<[^>]*>", "", answer.content.decode())).split())


def logged() -> list[str]:
    """What the log holds of reports."""
    types = [json.loads(bytes(one.body))["type"] for one in LogEntry.objects.order_by("seq")]
    return [one for one in types if one.startswith("report.")]


def decide(everybody: cast.Cast, **more: Any) -> HttpResponse:
    """Hedy decides about the one report."""
    said = {"decision": "left", "reasons": REASONS, "language": "en"} | more
    return cast.browser(everybody.hedy).post(f"/report/{Report.objects.get().code}/decide", said)  # type: ignore[return-value]


def test_anybody_reports_and_comes_back_on_another_device(everybody: cast.Cast) -> None:
    form = Client().get("/report")
    assert (form["Cache-Control"], "ETag" in form) == ("no-store", False), "what is typed there is nobody's to find"
    place = sent(Client(), target="http://testserver/organisations/?page=1")
    assert re.fullmatch(r"/report/[0-9A-Z]{26}", place)
    page = Client().get(place)
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")
    told = plain(page)
    assert "Received on" in told
    assert WORDS in told
    assert f"http://testserver{place}" in told
    assert b'class="qr"' in page.content
    made = Report.objects.get()
    assert (made.target, made.decide_by - made.received_on) == ("/organisations/", timedelta(days=1))
    assert place.rpartition("/")[2] not in str(Report.objects.values())
    assert not page.cookies


@pytest.mark.parametrize(("why", "days"), [("danger", 1), ("recognisable", 1), ("sale", 7), ("hate", 7), ("other", 7)])
def test_danger_and_being_recognised_have_a_day_and_all_else_a_week(why: str, days: int, everybody: cast.Cast) -> None:
    sent(Client(), why=why)
    assert Report.objects.get().decide_by == clock.today() + timedelta(days=days)


def test_the_day_is_that_of_the_hosts_time_zone(
    everybody: cast.Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = clock.now().replace(hour=23, minute=30)
    monkeypatch.setattr(clock, "now", lambda: late)
    settings.TIME_ZONE = "Pacific/Kiritimati"
    sent(Client())
    assert Report.objects.get().decide_by == late.date() + timedelta(days=2)


def test_a_form_sent_twice_is_one_report(everybody: cast.Cast) -> None:
    client = Client()
    form = filled(client)
    first, second = client.post("/report", form), Client().post("/report", form)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == LogPending.objects.filter(body__contains="report.received").count() == 1


@pytest.mark.parametrize(
    "changed", [{"text": "It names my street and my child."}, {"why": "danger"}, {"target": "/log/"}]
)
def test_the_same_form_with_other_words_is_a_further_report(changed: dict[str, str], everybody: cast.Cast) -> None:
    client = Client()
    form = filled(client, why="other")
    first, second = (client.post("/report", one)["Location"] for one in (form, form | changed))
    assert first != second
    assert client.post("/report", form | changed)["Location"] == second
    assert WORDS in plain(client.get(first))
    other = plain(client.get(second))
    assert changed.get("text", WORDS) in other
    assert "a further report" in other
    days = sorted((one.decide_by - one.received_on).days for one in Report.objects.all())
    assert days == ([1, 7] if "why" in changed else [7, 7])


def test_a_warning_comes_before_a_phone_number_goes_out(everybody: cast.Cast) -> None:
    client = Client()
    answer = client.post("/report", filled(client, text="She lives there, call her: 0170 123 45 67"))
    assert "a phone number" in plain(answer)
    assert "She lives there" in plain(answer)
    assert not Report.objects.exists()
    sent(client, text="She lives there, call her: 0170 123 45 67", anyway="on")


@pytest.mark.parametrize(
    "target",
    [
        "https://elsewhere.example/organisations/",
        "//elsewhere.example/",
        "http://testserver@elsewhere.example/",
        "\\\\elsewhere.example\\x",
        "javascript:alert(1)",
        "http://[",
        "/nothing/here",
        "NOCODE",
        "/report/" + "A" * 26,
        "/setup/abc",
    ],
)
def test_only_a_page_of_this_host_can_be_named(target: str, everybody: cast.Cast) -> None:
    client = Client()
    answer = client.post("/report", filled(client, target=target))
    assert answer.status_code == 200
    assert "We find no such page on this host" in plain(answer)
    assert WORDS in plain(answer)
    assert not Report.objects.exists()


def test_a_code_names_a_page_too(everybody: cast.Cast) -> None:
    sent(Client(), target=everybody.peers.code.lower())
    assert Report.objects.get().target == everybody.peers.get_absolute_url()


def test_the_page_whose_link_led_here_stands_in_the_form(everybody: cast.Cast) -> None:
    shown = Client().get("/report", headers={"Referer": "http://testserver/organisations/"}).content.decode()
    assert 'value="/organisations/"' in shown
    shown = Client().get("/report", headers={"Referer": "http://elsewhere.example/organisations/"}).content.decode()
    assert 'value="/organisations/"' not in shown


@pytest.mark.parametrize("more", [{"website": "x"}, {"slip": ""}, {"slip": "A" * 300}, {"text": "bad"}, {"why": "x"}])
def test_a_form_of_a_program_or_without_words_stores_nothing(more: dict[str, str], everybody: cast.Cast) -> None:
    client = Client()
    answer = client.post("/report", filled(client, **more))
    assert b'role="alert"' in answer.content
    assert not Report.objects.exists()


def test_a_slip_of_a_voice_opens_no_report_and_the_other_way_round(everybody: cast.Cast) -> None:
    client = Client()
    answer = client.post("/report", filled(client, slip=carried.new_slip()))
    assert "Send it from this page once more" in plain(answer)
    own = filled(client)["slip"]
    assert carried.read_slip(own) is None
    assert carried.read_slip(own, "secret")


def test_a_flood_of_voices_takes_no_room_from_reports(everybody: cast.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(limits.AN_HOUR_IN_ALL):
        limits.take([str(number)])
    sent(Client())
    monkeypatch.setattr(limits, "AN_HOUR_IN_ALL", 1)
    client = Client()
    assert "So much came in this hour" in plain(client.post("/report", filled(client)))
    assert Report.objects.count() == 1


def test_hedy_decides_and_the_sender_reads_why_and_how_to_object(everybody: cast.Cast) -> None:
    place = sent(Client())
    code = Report.objects.get().code
    desk = plain(cast.browser(everybody.hedy).get("/desk/"))
    assert "Decide about a report of unlawful content" in desk
    assert WORDS not in desk
    assert code in plain(cast.browser(everybody.hedy).get("/report/"))
    assert WORDS in plain(cast.browser(everybody.hedy).get(f"/report/{code}/decide"))
    assert decide(everybody)["Location"] == "/report/"
    told = plain(Client().get(place))
    assert "left as it is" in told
    assert REASONS in told
    assert "You can always go to a court." in told
    assert "Decide about a report" not in plain(cast.browser(everybody.hedy).get("/desk/"))


def test_it_is_decided_once(everybody: cast.Cast) -> None:
    sent(Client())
    decide(everybody)
    again = decide(everybody, decision="taken_away")
    assert "decided already" in plain(again)
    assert Report.objects.get().decision == "left"
    assert logged() == ["report.decided"]


def test_a_decision_has_reasons(everybody: cast.Cast) -> None:
    sent(Client())
    assert "Say it in a sentence" in plain(decide(everybody, reasons="No."))
    assert not Report.objects.get().decision


@pytest.mark.parametrize("who", ["ana", "lu", "mina", "cem"])
def test_nobody_else_reads_or_decides(who: str, everybody: cast.Cast) -> None:
    sent(Client())
    browser, code = cast.browser(getattr(everybody, who)), Report.objects.get().code
    for place in ("/report/", f"/report/{code}/decide"):
        assert browser.get(place).status_code == 403
    assert browser.post(f"/report/{code}/decide", {"decision": "left", "reasons": REASONS}).status_code == 403
    assert not queries.reports(getattr(everybody, who).actor)
    assert Client().get(f"/report/{code}").status_code == 404, "what the log calls it opens nothing"
    assert Client().get(f"/report/{codes.code(26)}").status_code == 404


def test_what_is_past_its_day_says_so_by_itself(everybody: cast.Cast, settings: Any) -> None:
    place = sent(Client())
    assert "The host is late" not in plain(Client().get(place))
    assert "going back leads here" in plain(Client().get(place))
    settings.WITHUS_TODAY = clock.today() + timedelta(days=2)
    assert "The host is late" in plain(Client().get(place))
    assert "1 is past its day" in plain(cast.browser(everybody.hedy).get("/report/"))
    assert "Late by 1 day" in plain(cast.browser(everybody.hedy).get("/report/"))
    assert "1 was past its day" in plain(Client().get("/about-this-host"))


def test_the_log_holds_the_clock_and_the_decision_and_no_word(everybody: cast.Cast) -> None:
    sent(Client())
    assert logged() == [], "the minute would show"
    append.append_pending()
    decide(everybody)
    assert logged() == ["report.received", "report.decided"]
    publish.publish()
    whole = b"".join(bytes(one.body) for one in LogEntry.objects.all())
    for words in (WORDS, REASONS, "/organisations/", "recognisable"):
        assert words.encode() not in whole
    told = plain(Client().get("/log/"))
    assert "A report of unlawful content came, by somebody, on" in told
    assert "It was decided about a report of unlawful content, by the stewards of this house, on" in told
    seq = next(one.seq for one in LogEntry.objects.all() if b"report.received" in bytes(one.body))
    page = cast.browser(everybody.lu).get(f"/log/entries/{seq}/text/redact")
    assert WORDS not in plain(page), "two keys take away what everybody can read, and this nobody can"


def test_a_report_that_is_bent_by_hand_is_found(everybody: cast.Cast) -> None:
    sent(Client())
    append.append_pending()
    decide(everybody)
    assert found() == []
    for sql in ("SET decide_by = '2099-01-01'", "SET decision = 'taken_away'", "SET text = 'x'"):
        with undone():
            bend(f"UPDATE withus_report {sql}")
            assert found(), sql


def test_words_go_ninety_days_after_the_decision_and_days_stay(everybody: cast.Cast, settings: Any) -> None:
    place = sent(Client())
    append.append_pending()
    decide(everybody)
    decided = clock.today()
    settings.WITHUS_TODAY = decided + timedelta(days=90)
    assert jobs.end() == 0
    settings.WITHUS_TODAY = decided + timedelta(days=91)
    assert (jobs.end(), jobs.end()) == (1, 0)
    assert Client().get(place).status_code == 404
    made = Report.objects.get()
    assert (made.text, made.target, made.why, made.reasons, made.digest) == ("", "", "", "", None)
    assert (made.decision, made.decided_on) == ("left", decided)
    assert not LogOpening.objects.filter(subject=made.code).exists()
    assert found() == []
    assert "Its words have gone." in plain(cast.browser(everybody.hedy).get("/report/"))


def test_what_is_not_decided_keeps_its_words_and_its_clock(everybody: cast.Cast, settings: Any) -> None:
    place = sent(Client())
    settings.WITHUS_TODAY = clock.today() + timedelta(days=400)
    assert jobs.end() == 0
    assert WORDS in plain(Client().get(place))
    assert queries.public_year(clock.today()).late == 1


def test_counts_of_what_people_sent_begin_at_ten_and_the_hosts_own_delay_is_always_told(
    everybody: cast.Cast, settings: Any
) -> None:
    for number in range(10):
        about = {"target": "/organisations/", "why": "other", "text": WORDS}
        assert queries.public_year(clock.today()) == queries.Year(None, None, 0), number
        last = actions.report(SYSTEM, None, secret=codes.code(26), **about)
    assert queries.public_year(clock.today()) == queries.Year(10, 0, 0)
    settings.WITHUS_TODAY = clock.today() + timedelta(days=8)
    actions.decide_report(everybody.hedy.actor, last, decision="left", reasons=REASONS, language="en")
    assert queries.public_year(clock.today()) == queries.Year(10, 1, 10), "late, though it was decided"
    page = plain(Client().get("/about-this-host"))
    assert "10 were past their day" in page
    settings.WITHUS_TODAY += timedelta(days=500)
    assert queries.public_year(clock.today()).received is None


def test_keys_of_forms_are_the_ones_of_visits_and_nothing_is_made_for_reports(everybody: cast.Cast) -> None:
    sent(Client())
    assert "report" not in " ".join(keys.named("*"))


def test_every_page_leads_to_the_form(everybody: cast.Cast) -> None:
    assert b'href="/report"' in Client().get("/").content
