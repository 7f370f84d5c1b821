"""What arrives in a form: clean, whole, and with advice when it can't be taken."""

import unicodedata

import pytest
from django import forms
from django.http import QueryDict
from django.utils.translation import override

from withus.core.errors import Refused
from withus.web.forms import LONGEST, Form
from withus.web.requests import saying_why_not


class ProposeForm(Form):
    """One text, one number, one choice."""

    text = forms.CharField(max_length=10, widget=forms.Textarea)
    seats = forms.IntegerField(required=False, max_value=1_440)
    who = forms.ChoiceField(choices=[("all", "All")], required=False)


class PhraseForm(Form):
    """A field with advice of its own."""

    phrase = forms.CharField(error_messages={"required": "Write the seven words."})


UNSEEN = {"text": ["We took out characters that cannot be shown. Please read this again, then send it."]}


def test_ana_writes_in_any_script_and_it_arrives_composed() -> None:
    form = ProposeForm({"text": "cafe\u0301 سلام"})
    assert form.is_valid()
    assert form.cleaned_data == {"text": "café سلام", "seats": None, "who": ""}


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\u202eb", "a\ufffeb", "a\x85b", "a\ufffdb"])
def test_characters_that_nobody_sees_go_and_ana_is_asked_to_look_again(bad: str) -> None:
    assert ProposeForm({"text": "ab"}).is_valid()
    form = ProposeForm({"text": bad})
    assert form.errors == UNSEEN
    assert form["text"].value() == "ab"


def test_bytes_that_are_no_utf8_are_said_and_the_rest_stays() -> None:
    form = ProposeForm(QueryDict(b"text=a%ff%feb"))
    assert form.errors == UNSEEN
    assert form["text"].value() == "ab"


def test_joiners_that_persian_and_emoji_need_stay() -> None:
    form = ProposeForm({"text": "می\u200cخواهم"})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "می\u200cخواهم"


@pytest.mark.parametrize(
    ("length", "says"),
    [
        (11, "This is 1 character too long. There is room for 10."),
        (100_000, "This is 99990 characters too long. There is room for 10."),
    ],
)
def test_bo_hears_by_how_much_his_text_is_too_long_and_keeps_it(length: int, says: str) -> None:
    assert ProposeForm({"text": "x" * 10}).is_valid()
    form = ProposeForm({"text": "x" * length})
    assert form.errors == {"text": [says]}
    assert form["text"].value() == "x" * length


def test_a_number_may_be_typed_and_is_answered_in_the_readers_digits() -> None:
    assert ProposeForm({"text": "x", "seats": "1441"}).errors == {"seats": ["Write 1\u202f440 or less."]}
    with override("ar"):
        assert ProposeForm({"text": "x", "seats": "١٤٤٠"}).is_valid()
        assert "١\u202f٤٤٠" in ProposeForm({"text": "x", "seats": "١٤٤١"}).errors["seats"][0]


def test_line_ends_count_as_one_character() -> None:
    assert ProposeForm({"text": "abcd\r\nefghi"}).is_valid()


def test_a_field_without_a_limit_has_the_kits() -> None:
    assert PhraseForm({"phrase": "x" * LONGEST}).is_valid()
    assert not PhraseForm({"phrase": "x" * (LONGEST + 1)}).is_valid()


def test_errors_are_advice() -> None:
    form = ProposeForm({"text": "", "seats": "many", "who": "cem"})
    assert form.errors == {
        "text": ["Please answer this question."],
        "seats": ["Write a whole number, for example 12."],
        "who": ["Please choose one of the answers."],
    }
    assert PhraseForm({}).errors == {"phrase": ["Write the seven words."]}


def test_a_no_of_the_domain_becomes_the_forms_error_and_all_input_stays() -> None:
    form = ProposeForm({"text": "again"})
    assert form.is_valid()
    with saying_why_not(form):
        raise Refused("This was said already.", "text")
    with saying_why_not(form):
        raise Refused("The phase has ended.", "phase")
    assert form.errors == {"text": ["This was said already."], "__all__": ["The phase has ended."]}
    assert form["text"].value() == "again"


@pytest.mark.parametrize("text", ["\u200b\u2063\u00a0 ", "\u200d", "…", "\u0301"])
def test_a_text_that_shows_nothing_is_no_answer(text: str) -> None:
    assert not ProposeForm({"text": text}).is_valid()


def test_letters_buried_under_accents_are_not_taken() -> None:
    assert not PhraseForm({"phrase": "a" + "\u0335" * 9}).is_valid()
    assert PhraseForm({"phrase": "हिन्दी ལྷ་ས 👍🏽 שָׁלוֹם 5"}).is_valid()


@pytest.mark.parametrize("text", ["all \U0001fae8", "\u0378 x", "new \U0001fadf sign"])
def test_signs_that_this_python_does_not_know_are_named_and_nothing_is_lost(text: str) -> None:
    if not any(unicodedata.category(sign) == "Cn" for sign in text):
        pytest.skip("this Python knows it")
    form = ProposeForm({"text": text})
    assert not form.is_valid()
    assert "too new for this house" in str(form.errors["text"])
    assert form["text"].value() == text


@pytest.mark.parametrize("text", ["\u200b\u3164", "\u2800", "\U000e0041\U000e0042", "\u115f\u1160", "\uffa0"])
def test_a_text_of_signs_that_show_nothing_is_no_text(text: str) -> None:
    assert not ProposeForm({"text": text}).is_valid()


class AnswerForm(Form):
    """Choices that the page shows chosen, and one that it does not."""

    way = forms.ChoiceField(choices=[("post", "Post"), ("hand", "Hand")], initial="hand")
    outcome = forms.ChoiceField(choices=[("yes", "Yes")])
    more = forms.MultipleChoiceField(choices=[("a", "A")], initial=["a"], required=False)


def test_a_choice_that_was_not_sent_is_the_one_that_the_page_shows_and_nothing_else_is_made_up() -> None:
    form = AnswerForm({"outcome": "yes"})
    assert form.is_valid()
    assert form.cleaned_data == {"way": "hand", "outcome": "yes", "more": []}
    assert list(AnswerForm({}).errors) == ["outcome"]
    assert list(AnswerForm({"way": "", "outcome": "yes"}).errors) == ["way"]
