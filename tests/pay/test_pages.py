"""Pages of pay: what everybody reads, what each can send, and what the forms say when something is wrong."""

import csv
import html
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast, make
from tests.pay.conftest import DAY, MONDAY, WORDS, Purse
from withus.pay import actions, queries
from withus.pay.models import Arrival, PayLine, Payment, Rate
from withus.people.models import OrganisationKind
from withus.policy.facts import Role


def text(answer: Any) -> str:
    """A page's words."""
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", answer.content.decode())).split())


def payer_page(purse: Purse) -> str:
    """Where what the ministry pays stands."""
    return f"/pay/{purse.ministry.code}/"


def told(purse: Purse) -> PayLine:
    """A line that arrived, one that did not, one that is not paid, and one without a rate; the last is returned."""
    purse.agreed()
    for arrived in (True, False):
        line = purse.claimed(expenses=Decimal("4.80"))
        purse.paid(line)
        actions.check_pay(purse.eve.actor, line, arrived=arrived)
    purse.claimed(worked_on=MONDAY, minutes=120)
    return purse.claimed(kind="seat", worked_on=MONDAY - 30 * DAY, minutes=45, subject="M-1", seat="S-2")


def test_everybody_reads_what_was_asked_and_paid(purse: Purse, on: Callable[[int], None]) -> None:
    told(purse)
    on(12)
    answer = Client().get(payer_page(purse))
    page = text(answer)
    for words in (
        "Peers were asked for 6 hours and 5 minutes of work. Of these, 1 hour and 40 minutes are paid.",
        "1 hour and 40 minutes are called paid, and peers say that the money did not arrive.",
        "The oldest work that is not paid is of 24 October 2026.",
        "A meeting: 22.50 EUR for each hour",
        "agreed, in force",
        "37.50 EUR and 4.80 EUR that was spent",
        "paid, and it arrived",
        "paid, say they; it did not arrive, say peers",
        "not paid for 12 days",
        "no rate was agreed",
        "No rate is agreed yet for 45 minutes: what that is worth is in no sum.",
        WORDS,
    ):
        assert words in page, words
    months = re.findall(r"<h2>(\w+ 2026)</h2>", answer.content.decode())
    assert months == ["November 2026", "October 2026"]
    assert "November 2026 Asked: 5 hours and 20 minutes. Paid: 1 hour and 40 minutes. 23 November 2026" in page
    assert "October 2026 Asked: 45 minutes. Paid: 0 minutes. 24 October 2026" in page


def test_the_peers_side_shows_the_same_and_its_organisation_leads_there(purse: Purse) -> None:
    told(purse)
    home = Client().get(purse.peers.get_absolute_url())
    assert "What our people were asked and paid" in text(home)
    address = f"/pay/{purse.peers.code}/peers"
    assert f'href="{address}"' in home.content.decode()
    assert "paid, and it arrived" in text(Client().get(address))
    assert f'href="{payer_page(purse)}"' in Client().get(purse.ministry.get_absolute_url()).content.decode()
    assert Client().get(f"/pay/{purse.ministry.code}/peers").status_code == 404


def test_amounts_are_in_the_readers_digits(purse: Purse) -> None:
    told(purse)
    page = text(Client(headers={"Accept-Language": "ar"}).get(payer_page(purse)))
    assert "٣٧٫٥٠ EUR" in page
    assert "37.50" not in page


def test_a_line_has_a_page_with_both_words(purse: Purse) -> None:
    told(purse)
    missing = Arrival.objects.get(arrived=False).line
    page = text(Client().get(missing.get_absolute_url()))
    assert "The ministry says: 42.30 EUR was paid on 23 November 2026." in page
    assert "The peers said on 23 November 2026: it did not arrive." in page
    assert "Only stewards and peer editors of the peer organisation whose people worked can do this." in text(
        cast.browser(purse.everybody.mina).get(missing.get_absolute_url())
    )
    assert "Say whether it arrived" in text(cast.browser(purse.eve).get(missing.get_absolute_url()))


def test_a_replaced_rate_and_one_that_comes_say_so(purse: Purse, on: Callable[[int], None]) -> None:
    purse.offered(amount=Decimal(19))
    purse.agreed()
    purse.agreed(amount=Decimal(25), from_on=MONDAY + DAY)
    purse.agreed(amount=Decimal(30), from_on=MONDAY + 9 * DAY)
    purse.offered(amount=Decimal(35), from_on=MONDAY + 10 * DAY)
    on(2)
    page = text(Client().get(payer_page(purse)))
    for words in (
        "replaced by a newer one",
        "agreed, in force",
        "agreed, still to come",
        "offered, and not agreed to",
        "a newer one was",
    ):
        assert page.count(words) == 1, words


def test_lists_cost_as_many_statements_for_many_lines_as_for_few(purse: Purse) -> None:
    told(purse)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(address).status_code == 200
        return len(asked)

    places = (payer_page(purse), f"/pay/{purse.peers.code}/peers", f"{payer_page(purse)}data.csv")
    few = [cost(place) for place in places]
    for number in range(20):
        line = purse.claimed(worked_on=MONDAY - number * DAY)
        purse.paid(line, amount=None if line.rate else Decimal(5), currency="" if line.rate else "EUR")
        actions.check_pay(purse.eve.actor, line, arrived=bool(number % 2))
    purse.agreed(amount=Decimal(31))
    assert [cost(place) for place in places] == few
    assert "Page 2 of 2" not in text(Client().get(payer_page(purse)))
    for _ in range(3):
        purse.claimed()
    assert "Page 2 of 2" in text(Client().get(f"{payer_page(purse)}?page=2"))


def test_a_month_that_goes_on_overleaf_has_its_whole_sum(purse: Purse) -> None:
    for _ in range(26):
        purse.claimed(minutes=60)
    for page in ("1", "2"):
        assert "November 2026 Asked: 26 hours. Paid: 0 minutes." in text(
            Client().get(f"{payer_page(purse)}?page={page}")
        )


def test_the_file_holds_every_line_and_nobody(purse: Purse) -> None:
    unrated = told(purse)
    answer = Client().get(f"{payer_page(purse)}data.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 4
    last = rows[-1]
    assert (last["line"], last["work"], last["about"], last["seat"]) == (unrated.code, "seat", "M-1", "S-2")
    assert (last["minutes"], last["rate"], last["paid_on"], last["arrived"]) == ("45", "", "", "")
    assert sorted(row["arrived"] for row in rows) == ["", "", "no", "yes"]
    assert {row["paid_amount"] for row in rows} == {"", "42.30"}
    for who in (purse.eve, purse.everybody.mina, purse.everybody.lu):
        assert who.pseudonym not in answer.content.decode()


def test_a_rate_is_offered_and_agreed_to_by_forms(purse: Purse) -> None:
    mina, lu = cast.browser(purse.everybody.mina), cast.browser(purse.everybody.lu)
    said = {"worked_for": purse.peers.code, "kind": "seat", "amount": "22,50", "currency": "eur", "per": "hour"}
    said |= {"words": WORDS, "language": "en", "from_on": MONDAY.isoformat()}
    assert mina.post(f"{payer_page(purse)}offer", said)["Location"] == payer_page(purse)
    rate = Rate.objects.get()
    assert (rate.amount, rate.currency) == (Decimal("22.50"), "EUR")
    again = mina.post(f"{payer_page(purse)}offer", said)
    assert "This rate was offered already." in text(again)
    address = f"/pay/rates/{rate.code}/agree"
    assert f'href="{address}"' in lu.get(payer_page(purse)).content.decode()
    assert mina.post(address).status_code == 403
    lu.get(address)
    assert not hasattr(Rate.objects.get(), "agreement")
    assert lu.post(address).status_code == 303
    assert "agreed to this rate already" in text(lu.post(address))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"amount": "-5"}, "This cannot be right."),
        ({"amount": "1.234,50"}, "Write an amount like this: 12.50."),
        ({"amount": "much"}, "Write an amount like this: 12.50."),
        ({"amount": "NaN"}, "Write an amount like this: 12.50."),
        ({"amount": "1e400"}, "This cannot be right."),
        ({"currency": "QQQ"}, "Write the three letters of a currency that is in use"),
        ({"from_on": "2026-11-22"}, "A rate cannot begin in the past."),
        ({"worked_for": "NOBODY"}, "Please choose one of the answers."),
        ({"words": "…"}, "Write it in words"),
    ],
)
def test_a_wrong_rate_comes_back_with_advice_and_all_that_was_typed(
    purse: Purse, wrong: dict[str, str], says: str
) -> None:
    said = {"worked_for": purse.peers.code, "kind": "seat", "amount": "22.50", "currency": "EUR", "per": "hour"}
    said |= {"words": WORDS, "language": "en", "from_on": MONDAY.isoformat()} | wrong
    answer = cast.browser(purse.everybody.mina).post(f"{payer_page(purse)}offer", said)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert says in text(answer)
    assert said["words"] in answer.content.decode()
    assert not Rate.objects.exists()


def claim_form(purse: Purse, **more: str) -> dict[str, str]:
    """The form for hours, as it was opened and filled in."""
    page = cast.browser(purse.eve).get(f"/pay/{purse.peers.code}/claim?payer={purse.ministry.code}")
    code = re.search(r'name="code" value="(\w+)"', page.content.decode())
    assert code
    said = {"code": code[1], "payer": purse.ministry.code, "kind": "meeting", "worked_on": MONDAY.isoformat()}
    return said | {"minutes": "100"} | more


def test_hours_are_asked_once_however_often_the_form_is_sent(purse: Purse) -> None:
    purse.agreed()
    said, address, eve = claim_form(purse), f"/pay/{purse.peers.code}/claim", cast.browser(purse.eve)
    assert eve.post(address, said)["Location"] == PayLine.objects.get().get_absolute_url()
    assert "This was sent already" in text(eve.post(address, said))
    assert eve.post(address, claim_form(purse)).status_code == 303
    assert PayLine.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"minutes": "0"}, "from 1 to 1440"),
        ({"minutes": "two"}, "Write a whole number"),
        ({"worked_on": "2027-01-01"}, "Choose the day of the work"),
        ({"expenses": "-3"}, "This cannot be right."),
        ({"expenses": "3", "currency": "USD"}, "The agreed rate is in EUR."),
        ({"subject": "the meeting!"}, "Write the code as its page shows it"),
        ({"code": "x"}, "This form is not from here."),
        ({"payer": "NOBODY"}, "Please choose one of the answers."),
    ],
)
def test_wrong_hours_come_back_with_advice(purse: Purse, wrong: dict[str, str], says: str) -> None:
    purse.agreed()
    answer = cast.browser(purse.eve).post(f"/pay/{purse.peers.code}/claim", claim_form(purse, **wrong))
    assert answer.status_code == 200
    assert says in text(answer)
    assert not PayLine.objects.exists()


def test_a_line_is_paid_and_checked_by_forms(purse: Purse) -> None:
    purse.agreed()
    line = purse.claimed()
    said = {"paid_on": MONDAY.isoformat(), "paid_by": purse.ministry.code, "form": "cash", "receipt": "mark"}
    pay, check = f"{line.get_absolute_url()}pay", f"{line.get_absolute_url()}check"
    mina, eve = cast.browser(purse.everybody.mina), cast.browser(purse.eve)
    assert "How much, with expenses?" not in text(mina.get(pay))
    assert "nothing to check" in text(eve.post(check, {"arrived": "yes"}))
    assert "not in the future" in text(mina.post(pay, said | {"paid_on": "2027-01-01"}))
    assert eve.post(pay, said).status_code == 403
    assert mina.post(pay, said)["Location"] == line.get_absolute_url()
    assert "It was said already that this is paid." in text(mina.post(pay, said))
    assert mina.post(check, {"arrived": "yes"}).status_code == 403
    assert eve.post(check, {"arrived": "no"}).status_code == 303
    desk = mina.get("/desk/").content.decode()
    assert "Peers say that this pay did not arrive" in desk
    assert f'href="{pay}"' in desk
    assert "Say that it is paid" in text(mina.get(line.get_absolute_url()))
    assert mina.post(pay, said).status_code == 303
    assert "paid again, say they" in text(mina.get(line.get_absolute_url()))
    assert f'href="{pay}"' not in mina.get("/desk/").content.decode()
    assert f'href="{check}"' in eve.get("/desk/").content.decode()
    assert eve.post(check, {"arrived": "yes"}).status_code == 303
    assert "Nothing is left to do." in text(mina.get(line.get_absolute_url()))
    assert (Payment.objects.count(), Arrival.objects.count()) == (2, 2)


def test_without_a_rate_the_form_asks_how_much_was_paid(purse: Purse) -> None:
    line, mina = purse.claimed(), cast.browser(purse.everybody.mina)
    address = f"{line.get_absolute_url()}pay"
    assert "How much, with expenses?" in text(mina.get(address))
    said = {"paid_on": MONDAY.isoformat(), "paid_by": purse.ministry.code, "form": "other", "receipt": "none"}
    assert mina.post(address, said | {"amount": "٢٠٫٥", "currency": "EUR"}).status_code == 303
    assert Payment.objects.get().amount == Decimal("20.50")


def test_strangers_are_told_why_not_and_missing_things_are_not_there(purse: Purse) -> None:
    line = purse.claimed()
    other = make.somebody(Role.DUTY_BEARER, make.organisation("Another council", OrganisationKind.BODY))
    places = [f"{line.get_absolute_url()}pay", f"{line.get_absolute_url()}check", f"{payer_page(purse)}offer"]
    for place in [*places, f"/pay/{purse.peers.code}/claim", f"/pay/rates/{purse.offered().code}/agree"]:
        for who in (other, purse.everybody.ana, purse.everybody.hedy):
            answer = cast.browser(who).get(place)
            assert answer.status_code == 403
            assert "data-reason" in answer.content.decode()
    for place in (
        "/pay/X/",
        "/pay/X/data.csv",
        "/pay/X/peers",
        "/pay/lines/X/",
        "/pay/lines/X/pay",
        "/pay/rates/X/agree",
    ):
        assert Client().get(place).status_code == 404


def test_the_short_block_tells_hours_and_since_when(purse: Purse) -> None:
    told(purse)
    about = {"hours": queries.public_hours(purse.ministry), "organisation": purse.ministry, "link": True}
    block = render_to_string("pay/of_payer.html", about)
    assert "Peers were asked for 6\xa0hours and 5\xa0minutes of work." in block
    assert f'href="{payer_page(purse)}"' in block
    assert block.count("<rect") == 3
    nothing = render_to_string("pay/of_payer.html", about | {"hours": queries.Hours()})
    assert "Nobody has asked for pay for work here yet." in nothing
