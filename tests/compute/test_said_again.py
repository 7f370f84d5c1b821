"""Which words of a text say again what somebody said."""

import pytest

from withus.compute.reasons import said_again

VOICE = "At night nobody opens. I wait at the door until seven."


@pytest.mark.parametrize(
    ("text", "again"),
    [
        (VOICE, [VOICE.rstrip(".")]),
        ("Somebody said: “I WAIT, at the\ndoor” every night.", ["I WAIT, at the\ndoor"]),
        ("I-wait-at-the-door; i wait/at/the door", ["I-wait-at-the-door; i wait/at/the door"]),
        ("Nobody opens at night. They wait at the door.", ["wait at the door"]),
        ("At night nobody opens, and some wait at the door until late.",
         ["At night nobody opens", "wait at the door until"]),
        ("at ni\u00adght nobody o\u200bpens", ["at ni\u00adght nobody o\u200bpens"]),
        ("Ａｔ night nobody opens", ["Ａｔ night nobody opens"]),
        ("Whoever comes late finds it closed.", []),
        ("Nobody opens at night.", []),
        ("wait at the", []),
        ("", []),
    ],
)  # fmt: skip
def test_four_words_in_a_row_are_said_again_however_they_are_written(text: str, again: list[str]) -> None:
    assert said_again(text, ["Something else, of other words.", VOICE]) == again


def test_what_was_said_in_fewer_words_can_be_repeated_by_chance() -> None:
    assert said_again("The room is closed at night.", ["closed at night"]) == []
    assert said_again("Two voices do not make four words.", ["Two voices", "do not make"]) == []


def test_hours_are_one_word() -> None:
    assert said_again("Open 9.30-17.00 on 3.5.2026 alone", ["9.30-17.00 3.5.2026"]) == []


def test_where_words_are_not_parted_eight_signs_count() -> None:
    assert said_again("有人说针头太短了没有人问我们。", ["针头太短了没有人问我们"]) == ["针头太短了没有人问我们"]
    assert said_again("针头太短了没有", ["针头太短了没有人问我们"]) == []


def test_marks_on_letters_do_not_part_words() -> None:
    assert said_again("रात में कोई नहीं", ["रात में कोई नहीं खोलता"]) == ["रात में कोई नहीं"]
    assert said_again("रात में", ["रात में कोई नहीं खोलता"]) == []
