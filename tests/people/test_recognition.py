"""Recognition is computed: it rests on the word of somebody outside, and a circle that vouches for itself has none."""

from withus.people.recognition import OUTSIDE, Claim, missing, recognised


def claim(
    code: str, *vouched: str, now: tuple[str, ...] | None = None, mandate: bool = True, declared: bool = True
) -> Claim:
    """An organisation that has everything but, perhaps, somebody who vouches for it."""
    return Claim(code, mandate, declared, frozenset(vouched), frozenset(vouched if now is None else now))


def test_the_first_one_needs_a_word_from_outside() -> None:
    assert recognised([claim("A", OUTSIDE)]) == {"A"}
    assert recognised([claim("A")]) == set()


def test_recognition_is_handed_on() -> None:
    assert recognised([claim("C", "B"), claim("B", "A"), claim("A", OUTSIDE)]) == {"A", "B", "C"}


def test_a_circle_that_only_vouches_for_itself_is_not_recognised() -> None:
    circle = [claim("B", "C"), claim("C", "D"), claim("D", "B", "D")]
    assert recognised(circle) == set()
    assert recognised([*circle, claim("A", OUTSIDE)]) == {"A"}
    assert recognised([claim("B", "C", "A"), *circle[1:], claim("A", OUTSIDE)]) == {"A", "B", "C", "D"}


def test_nobody_vouches_for_herself() -> None:
    assert recognised([claim("A", "A")]) == set()


def test_mandate_and_funding_are_needed_too() -> None:
    rows = [claim("A", OUTSIDE, mandate=False), claim("B", OUTSIDE, declared=False), claim("C", "A", "B")]
    assert recognised(rows) == set()
    assert missing(rows[0], rows[0].vouched_now, {OUTSIDE}) == ["mandate"]
    assert missing(claim("D", mandate=False, declared=False), frozenset(), {OUTSIDE}) == [
        "mandate",
        "funding",
        "countersignature",
    ]


def test_a_new_mandate_has_to_be_vouched_for_anew_but_others_keep_what_they_had() -> None:
    rows = [claim("A", OUTSIDE, now=()), claim("B", "A")]
    assert recognised(rows) == {"B"}
