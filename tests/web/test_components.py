"""What each component writes, whole."""

# ruff: noqa: E501  a piece of a page is read as one line

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import translation

from tests.web.style import things
from withus.compute.suppression import shown
from withus.policy.facts import Actor, Role, Standing
from withus.web.forms import Form
from withus.web.templatetags import components, deeds

LU = Actor(account=3, standings=frozenset({Standing(Role.INSTANCE_STEWARD)}))
CEM = Actor()


def squeezed(page: str) -> str:
    """HTML without the white space around its tags."""
    return re.sub(r"\s*(<[^>]+>)\s*", r"\1", re.sub(r"[ \n]+", " ", page)).strip()


def drawn(source: str, **context: Any) -> str:
    """The page piece that a template makes."""
    return squeezed(engines["django"].from_string(source).render(context))


def test_a_heading_shows_the_way_back_and_why() -> None:
    assert drawn('{% heading "What should change?" back="/p/" lead="The ministry decides in May." %}') == squeezed(
        '<a class="back" href="/p/"><bdi>Back</bdi></a><h1>What should change?</h1><p class="lead">The ministry decides in May.</p>'
    )


def test_a_misspelt_argument_is_an_error_before_anybody_sees_the_page() -> None:
    assert drawn('{% badge "open" kind="yes" %}')
    with pytest.raises(TemplateSyntaxError):
        drawn('{% badge "open" kynd="yes" %}')


@pytest.mark.parametrize(("kind", "symbol"), [("yes", "✓"), ("no", "✗"), ("wait", "◷"), ("plain", "○")])
def test_a_state_is_a_word_and_a_symbol_not_only_a_color(kind: str, symbol: str) -> None:
    assert drawn("{% badge word kind %}", word="sent", kind=kind) == squeezed(
        f'<span class="badge badge-{kind}"><span aria-hidden="true">{symbol}</span>&nbsp;sent</span>'
    )


@pytest.mark.parametrize(
    ("today", "says"),
    [
        (date(2026, 4, 21), "<strong>12 days left</strong> (until 3 May 2026, 24:00)"),
        (date(2026, 5, 2), "<strong>1 day left</strong> (until 3 May 2026, 24:00)"),
        (date(2026, 5, 3), "<strong>Today is the last day</strong> (until 3 May 2026, 24:00)"),
        (date(2026, 5, 4), "<strong>Late by 1 day</strong> (the last day was 3 May 2026)"),
        (date(2026, 5, 6), "<strong>Late by 3 days</strong> (the last day was 3 May 2026)"),
    ],
)
def test_ana_reads_how_long_she_has(today: date, says: str) -> None:
    assert drawn("{% due_date day on=today %}", day=date(2026, 5, 3), today=today) == squeezed(
        f'<span class="due">{says}</span>'
    )


def test_days_and_numbers_are_in_the_readers_digits() -> None:
    with translation.override("ar"):
        assert drawn("{{ day|day }} {{ n|number }}", day=date(2026, 5, 3), n=1234) == squeezed("٣ مايو ٢٠٢٦ ١\u202f٢٣٤")


def test_what_bo_wrote_in_arabic_keeps_its_language_and_direction_on_an_english_page() -> None:
    assert drawn('{% written "مرحبا" lang="ar" %}') == squeezed(
        '<div class="written"><p class="words" lang="ar" dir="rtl">مرحبا</p></div>'
    )


def test_a_translation_says_so_and_has_the_original_and_the_recording_beside_it() -> None:
    assert drawn('{% written said tag="blockquote" %}', said=things()["said"]) == squeezed(
        '<div class="written"><blockquote class="words" lang="en" dir="ltr">We want tests of drugs on Fridays.</blockquote>'
        "<details><summary>Translated by <bdi>Riverside Peer Union</bdi>. Show the original in العربية</summary>"
        '<p class="words" lang="ar" dir="rtl">نريد فحص المخدرات أيام الجمعة.</p></details>'
        '<p class="recording"><span class="quiet">Listen in English</span> '
        '<audio controls preload="none" src="/recordings/R1" aria-label="Listen in English"></audio></p></div>'
    )


def test_what_people_write_is_never_markup() -> None:
    page = (
        engines["django"].from_string("{% written text %}{% badge text %}{% heading text %}").render({"text": "<b>x"})
    )
    assert "<b>" not in page


def test_a_tally_says_every_number_beside_its_bar() -> None:
    assert drawn("{% tally counts %}", counts=shown(75, 30, 15)) == squeezed(
        '<div class="tally"><svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="tally-agree" x="0" y="0" width="62.5" height="4"/>'
        '<rect class="tally-pass" x="62.5" y="0" width="12.5" height="4"/>'
        '<rect class="tally-disagree" x="75" y="0" width="25" height="4"/></svg><ul>'
        '<li><span class="tally-key tally-agree" aria-hidden="true">✓</span> <strong>75</strong> agree '
        '<span class="quiet">(62\xa0%)</span></li>'
        '<li><span class="tally-key tally-disagree" aria-hidden="true">✗</span> <strong>30</strong> disagree '
        '<span class="quiet">(25\xa0%)</span></li>'
        '<li><span class="tally-key tally-pass" aria-hidden="true">○</span> <strong>15</strong> pass '
        '<span class="quiet">(12\xa0%)</span></li></ul><p class="quiet">120 votes</p></div>'
    )


def test_a_small_count_is_said_and_drawn_as_wide_as_it_can_be() -> None:
    page = engines["django"].from_string("{% tally counts %}").render({"counts": shown(70, 3, 12)})
    assert "fewer than 10 disagree" in page
    assert "At most 91 votes" in page
    assert '<rect class="tally-hidden" x="76.92" y="0" width="9.89" height="4"/>' in page


@pytest.mark.parametrize("counts", [shown(0, 0, 0), shown(3, 2, 1)])
def test_too_few_votes_are_a_sentence(counts: Any) -> None:
    assert drawn("{% tally counts %}", counts=counts) == squeezed(
        '<div class="tally"><p class="quiet">Fewer than 10 votes so far. Counts are shown from 10 on, '
        "so that nobody can be recognised.</p></div>"
    )


def test_a_chain_is_a_list_that_says_what_is_missing() -> None:
    assert drawn("{% chain_ribbon steps %}", steps=things()["steps"]) == squeezed(
        '<ol class="chain"><li class="chain-step"><span class="chain-name"><a href="/voice">Voice</a></span> '
        '<span class="badge badge-yes"><span aria-hidden="true">✓</span>&nbsp;heard</span> <span class="quiet">2 March 2026</span></li>'
        '<li class="chain-step" aria-current="step"><span class="chain-name">Recommendation</span> '
        '<span class="badge badge-wait"><span aria-hidden="true">◷</span>&nbsp;sent</span> <span class="quiet">1 April 2026</span></li>'
        '<li class="chain-step chain-missing"><span class="chain-name">Answer</span> '
        '<span class="badge badge-plain"><span aria-hidden="true">○</span>&nbsp;missing</span></li></ol>'
    )


def test_a_table_under_a_heading_that_says_it_all_repeats_nothing() -> None:
    assert drawn('{% data_table heading="title-x" %}<tbody></tbody>{% enddata_table %}') == squeezed(
        '<div class="table" role="region" tabindex="0" aria-labelledby="title-x">'
        '<table aria-labelledby="title-x"><tbody></tbody></table></div>'
    )


def test_a_table_scrolls_in_a_region_that_the_keyboard_reaches() -> None:
    assert drawn('{% data_table "Votes" %}<tbody><tr><td>1</td></tr></tbody>{% enddata_table %}') == squeezed(
        '<div class="table" role="region" tabindex="0" aria-label="Votes">'
        "<table><caption>Votes</caption><tbody><tr><td>1</td></tr></tbody></table></div>"
    )


def test_a_passphrase_is_large_and_in_groups() -> None:
    assert drawn('{% secret "cabin orbit" "Your passphrase" %}') == squeezed(
        '<figure class="secret"><figcaption>Your passphrase</figcaption><p class="secret-groups" dir="ltr" lang="en" '
        'translate="no"><span>cabin</span> <span>orbit</span> </p></figure>'
    )


def test_a_qr_code_is_a_picture_in_the_page_without_styles_of_its_own() -> None:
    page = engines["django"].from_string('{% qr_code "https://a.example/" "Sign in" %}').render({})
    assert page.startswith('<img class="qr" src="data:image/svg+xml,%3Csvg')
    assert "style" not in page


def test_lu_finds_the_button_where_cem_reads_why_not() -> None:
    source = '{% verdict "back_up" None %}{% deed "Make a back-up now" "/b" %}{% endverdict %}'
    lu, cem = RequestFactory().get("/"), RequestFactory().get("/")
    lu.actor, cem.actor = LU, CEM  # type: ignore[attr-defined]
    assert drawn(source, request=lu) == squeezed(
        '<form class="deed" method="post" action="/b"><button class="button button-plain">Make a back-up now</button></form>'
    )
    assert drawn(source, request=cem) == squeezed(
        '<span class="reason" data-reason><strong>Make a back-up now:</strong> Please sign in first. '
        '<a href="/sign-in?next=/">Sign in</a></span>'
    )


def test_a_list_says_each_reason_once_with_all_deeds_it_is_about() -> None:
    line = '{{% deed_line "{}" None %}}<a href="/b">{}</a>{{% enddeed_line %}}'
    lines = (
        line.format("back_up", "Make one") + line.format("sign_in", "Come in") + line.format("found", "Add <b>one</b>")
    )
    source = f"{{% deed_list %}}{lines}{{% enddeed_list %}}"
    lu, cem = RequestFactory().get("/"), RequestFactory().get("/")
    lu.actor, cem.actor = LU, CEM  # type: ignore[attr-defined]
    assert drawn(source, request=lu) == squeezed(
        '<ul><li><a href="/b">Make one</a></li><li><a href="/b">Come in</a></li><li><a href="/b">Add <b>one</b></a></li></ul>'
    )
    why_not = (
        '<span class="reason" data-reason><strong>Make one · Add one:</strong> Please sign in first. '
        '<a href="/sign-in?next=/">Sign in</a></span>'
    )
    for _ in range(2):  # the next page says it anew, and a second list on the same page does not
        page = drawn(source + source, request=cem)
        assert page == squeezed(
            f'<ul><li><a href="/b">Come in</a></li><li>{why_not}</li></ul><ul><li><a href="/b">Come in</a></li></ul>'
        )


def test_a_page_names_each_deed_that_it_refuses_and_says_no_sentence_twice() -> None:
    vote = '{% verdict "back_up" None name="Vote" %}<button>Agree</button>{% endverdict %}'
    other = '{% verdict "back_up" None %}<p><a href="/">See &amp; hear</a></p>{% endverdict %}'
    page = drawn(vote + other + vote)
    assert re.findall("<strong>(.*?)</strong>", page) == ["Vote:", "See &amp; hear:"]


def test_a_list_of_no_deeds_is_nothing() -> None:
    assert drawn("{% deed_list %} {% enddeed_list %}") == ""


def test_the_way_through_a_long_list_keeps_the_rest_of_the_address() -> None:
    request = RequestFactory().get("/", {"search": "night & day"})
    assert drawn("{% pagination page %}", page=things()["page"], request=request) == squeezed(
        '<nav class="pages" aria-label="Pages"><a rel="prev" href="?search=night+%26+day&amp;page=1">Page before</a> '
        '<span>Page 2 of 3</span> <a rel="next" href="?search=night+%26+day&amp;page=3">Next page</a></nav>'
    )


def test_an_empty_list_is_a_sentence() -> None:
    assert drawn('{% nothing_here "No statements yet." %}') == squeezed('<p class="nothing">No statements yet.</p>')


def test_progress_is_words_first() -> None:
    assert drawn('{% progress 12 40 "12 of 40" %}') == squeezed(
        '<div class="progress"><p>12 of 40</p><progress value="12" max="40" aria-label="12 of 40"></progress></div>'
    )


def test_buttons_cards_and_notices() -> None:
    assert drawn('{% button "Agree" key="1" name="value" value=1 kind="answer" symbol="✓" %}') == squeezed(
        '<button class="button button-answer" name="value" value="1" data-key="1">'
        '<span aria-hidden="true">✓</span> Agree</button>'
    )
    assert drawn('{% link_button "Begin" "/a" %}') == squeezed('<a class="button button-main" href="/a">Begin</a>')
    assert drawn('{% card "Ministry" url="/b" level=3 %}<p>x</p>{% endcard %}') == squeezed(
        '<section class="card"><h3><a href="/b">Ministry</a></h3><p>x</p></section>'
    )
    assert drawn('{% notice "Saved" kind="yes" %}<p>x</p>{% endnotice %}') == squeezed(
        '<div class="notice notice-yes"><p class="notice-title"><span aria-hidden="true">✓</span> Saved</p><p>x</p></div>'
    )
    assert drawn("{% print_button %}") == squeezed(
        '<p class="screen-only"><button class="button button-plain" type="button" data-print hidden>'
        "Print this page</button></p>"
    )


class AskForm(Form):
    """Two questions."""

    text = forms.CharField(label="What?", help_text="One thought.", max_length=5, widget=forms.Textarea)
    who = forms.ChoiceField(label="Who?", choices=[("a", "All"), ("b", "Bo")], widget=forms.RadioSelect, required=False)


def test_a_question_is_tied_to_its_help_and_its_error_and_keeps_what_was_typed() -> None:
    form = AskForm(QueryDict("text=too+long&who=b"))
    assert drawn('{% whole_form form "Send it" %}', form=form) == squeezed(
        '<div class="error-summary" role="alert" tabindex="-1" data-focus aria-labelledby="error-summary-title">'
        '<h2 id="error-summary-title">Something needs another look</h2>'
        '<ul><li><a href="#id_text">What?</a> This is 3 characters too long. There is room for 5.</li></ul></div>'
        '<form method="post" novalidate><div class="field field-wrong"><label for="id_text">What?</label>'
        '<p class="help" id="id_text-help">One thought.</p>'
        '<p class="error" id="id_text-error"><span>This is 3 characters too long. There is room for 5.</span> </p>'
        '<textarea id="id_text" name="text" aria-describedby="id_text-help id_text-error" aria-invalid="true" '
        'data-limit="5" data-left="Characters left:" data-over="Characters too many:" dir="auto">\ntoo long</textarea></div>'
        '<div class="field"><fieldset><legend>Who? <span class="optional">(if you like)</span></legend>'
        '<div class="choice"><input type="radio" name="who" value="a" id="id_who_0"><label for="id_who_0">All</label></div>'
        '<div class="choice"><input type="radio" name="who" value="b" id="id_who_1" checked>'
        '<label for="id_who_1">Bo</label></div></fieldset></div>'
        '<button class="button button-main">Send it</button></form>'
    )


def test_a_form_without_errors_has_no_summary() -> None:
    assert drawn("{% error_summary form %}", form=AskForm()) == squeezed("")


def test_a_passphrase_is_not_written_into_the_page_again_unless_its_field_says_so() -> None:
    class PhraseForm(Form):
        phrase = forms.CharField(widget=forms.PasswordInput)
        shown_phrase = forms.CharField(widget=forms.PasswordInput(render_value=True))

    form = PhraseForm({"phrase": "cabin", "shown_phrase": "orbit"})
    page = engines["django"].from_string("{% field form.phrase %}{% field form.shown_phrase %}").render({"form": form})
    assert "cabin" not in page
    assert 'value="orbit"' in page


def test_every_component_stands_on_the_style_page() -> None:
    page = engines["django"].get_template("style/style.html").template.source
    inside_others = {"field", "error_summary", "qr_code", "said_done"}
    names = {*components.register.tags, *deeds.register.tags} - inside_others
    assert [name for name in sorted(names) if f"{{% {name} " not in page] == []
