"""Several conditions, told together."""

from collections.abc import Callable

import pytest

from withus.core.errors import Denied, Refused, all_at_once, only_if


def told(deed: Callable[[], None]) -> list[tuple[str | None, str]]:
    """Where each no of a deed stands, and what it says; the first is the one that counts alone."""
    with pytest.raises(Refused) as no:
        deed()
    said = [(one.field, one.sentence) for one in no.value.several]
    assert said[0] == (no.value.field, no.value.sentence)
    return said


def several() -> None:
    with all_at_once() as check:
        assert check(int, "12") == 12
        assert check(only_if, False, "First.", "a") is None
        check(only_if, True, "Never.", "a")
        check(only_if, False, "First.", "a")
        raise Refused("Last.")


def within_others() -> None:
    with all_at_once() as check:
        check(only_if, False, "Before.", "b")
        check(several)


def one_that_is_denied() -> None:
    with all_at_once() as check:
        check(only_if, False, "First.", "a")
        raise Denied("Not you.")


def test_all_that_refuse_are_told_together_in_their_order_each_once() -> None:
    assert told(several) == [("a", "First."), (None, "Last.")]
    assert told(within_others) == [("b", "Before."), ("a", "First."), (None, "Last.")]


def test_one_alone_is_all_there_is_and_none_refuses_nothing() -> None:
    assert told(lambda: only_if(False, "Alone.", "a")) == [("a", "Alone.")]
    with all_at_once() as check:
        check(only_if, True, "Never.")


def test_who_may_not_do_it_hears_of_nothing_else() -> None:
    with pytest.raises(Denied):
        one_that_is_denied()
