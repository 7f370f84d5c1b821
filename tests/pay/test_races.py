"""Two at once: one rate, one agreement, one line for one form, one payment, one word on whether it arrived."""

from decimal import Decimal

import pytest

from tests.deliberation.test_races import at_once
from tests.pay.conftest import Purse, come_in
from withus.core import clock, codes
from withus.core.errors import Refused
from withus.pay import actions, queries
from withus.pay.models import Arrival, PayLine, Payment, Rate, RateAgreement

pytestmark = pytest.mark.usefixtures("own_database")


def refused(wrong: list[BaseException]) -> bool:
    """Whether all but one of three were told why not."""
    return [type(one) for one in wrong] == [Refused] * 2


def test_of_three_at_once_one_counts() -> None:
    purse: Purse = come_in()
    today = clock.today()
    assert refused(at_once(*(lambda: purse.offered(from_on=today) for _ in range(3))))
    rate, lu = queries.public_agreeable(Rate.objects.get()), purse.everybody.lu.actor
    assert refused(at_once(*(lambda: actions.agree_rate(lu, rate) for _ in range(3))))
    assert RateAgreement.objects.count() == 1
    code = codes.code()
    assert refused(at_once(*(lambda: purse.claimed(worked_on=today, code=code) for _ in range(3))))
    line = PayLine.objects.get()
    assert line.amount == Decimal("37.50")
    assert refused(at_once(*(lambda: purse.paid(line, paid_on=today) for _ in range(3))))
    assert Payment.objects.count() == 1
    assert refused(at_once(*(lambda: actions.check_pay(lu, line, arrived=True) for _ in range(3))))
    assert Arrival.objects.count() == 1
