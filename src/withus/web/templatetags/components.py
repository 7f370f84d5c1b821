"""The components of every page, as tags that need no {% load %}; each has its one template in templates/components/.

Their arguments are checked when a template is read: a misspelt one is an error, never a missing piece of a page.
"""

import datetime
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import segno
from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from withus.compute.suppression import PUBLIC_FLOOR, Shown, share_of
from withus.core import clock
from withus.web import done, gone, language
from withus.web.addresses import pieces
from withus.web.fields import shape_of

register = template.Library()
register.filter("day", language.written_day)
register.filter("number", language.written_number)
register.filter("percent", language.written_percent)
register.filter("digits", language.in_digits)
register.filter("month", language.written_month)
register.filter("money", language.written_money)
register.filter("duration", language.written_minutes)
register.filter("direction", language.direction)
register.filter("language_name", language.own_name)
register.filter("bdi", language.isolated)
register.filter("ltr", language.left_to_right)
register.filter("has_receipt_words", language.has_receipt_words)
register.filter("apart", language.apart)
SYMBOLS = {"yes": "✓", "no": "✗", "wait": "◷", "plain": "○"}


def component(template: str, /, **values: Any) -> SafeString:
    """A component's template, with these values."""
    page: SafeString = get_template(f"components/{template}.html").render(values)  # type: ignore[assignment]
    return page


@register.simple_tag
def heading(text: str, *, back: str = "", back_text: str = "", lead: str = "") -> SafeString:
    """The page's one h1, with the way back above and one line on why or what below."""
    return component("heading", text=text, back=back, back_text=back_text, lead=lead)


@register.simple_tag
def error_summary(form: BaseForm, rows: Iterable[BaseForm] = ()) -> SafeString | str:
    """What is wrong, first on the page, with a link to each field; or that it holds what was typed; or nothing.

    `rows` are forms that are sent together with this one; each says by its `title` which it is.
    """
    wrong = [one for one in (form, *rows) if one.errors]
    if not wrong:
        return component("put_back") if getattr(form, "is_put_back", False) else ""
    return component("error_summary", forms=[_what_is_wrong(one) for one in wrong])


def _what_is_wrong(form: BaseForm) -> dict[str, Any]:
    fields = [shape_of(bound) for bound in form if bound.errors]
    return {"title": getattr(form, "title", ""), "others": form.non_field_errors(), "fields": fields}


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """One question: label, help, errors, and the input with what was typed."""
    return component("field", field=shape_of(bound))


@register.simple_tag
def whole_form(form: BaseForm, send: str, *, action: str = "", kind: str = "main") -> SafeString:
    """A form of one page: the summary of errors, every field, and one button that says the deed."""
    hidden = [shape_of(bound) for bound in form.hidden_fields()]
    return component("whole_form", form=form, hidden=hidden, send=send, action=action, kind=kind)


@register.simple_tag
def button(
    text: str, *, kind: str = "main", name: str = "", value: object = "", key: str = "", symbol: str = ""
) -> SafeString:
    """The button of a form: `kind` main, plain, grave or answer (one of equal ones); `key` is a key that presses it."""
    return component("button", text=text, kind=kind, name=name, value=value, key=key, symbol=symbol)


@register.simple_tag
def link_button(text: str, url: str, *, kind: str = "main") -> SafeString:
    """A link that begins something, looking like a button."""
    return component("link_button", text=text, url=url, kind=kind)


@register.simple_tag
def deed(text: str, url: str, *, kind: str = "plain", name: str = "", value: object = "") -> SafeString:
    """A form that is one button only: it sends `name=value` to `url`."""
    return component("deed", text=text, url=url, kind=kind, name=name, value=value)


@register.simple_block_tag
def sure(content: SafeString, text: str, warning: str) -> SafeString:
    """A deed that cannot be undone: its form shows only after a first press, with what will happen."""
    return component("sure", content=content, text=text, warning=warning)


@register.simple_tag
def print_button(text: str = "") -> SafeString:
    """Prints the page; shown only where JavaScript runs, because browsers print without it too."""
    return component("print_button", text=text)


@register.simple_block_tag
def card(content: SafeString, title: str = "", *, url: str = "", level: int = 2) -> SafeString:
    """A bounded piece of a page, with a heading that may be a link."""
    return component("card", content=content, title=title, url=url, level=level)


@register.simple_block_tag
def notice(content: SafeString, title: str = "", *, kind: str = "plain") -> SafeString:
    """A sentence that must be seen: `kind` plain, yes, no or wait."""
    return component("notice", content=content, title=title, kind=kind, symbol=SYMBOLS[kind])


@register.simple_tag
def badge(word: str, kind: str = "plain") -> SafeString:
    """A state: its word, a symbol and a color; `kind` yes, no, wait or plain."""
    return component("badge", word=word, kind=kind, symbol=SYMBOLS[kind])


@register.simple_tag
def due_date(day: datetime.date, *, on: datetime.date | None = None) -> SafeString:
    """How many days are left until a day that counts whole, or how many have passed since."""
    left = (day - (on or clock.today())).days
    return component("due_date", day=day, left=left, past=-left)


@register.simple_tag
def chain_ribbon(steps: Iterable[Any]) -> SafeString:
    """The chain of a thing: steps with `name`, `state`, `kind`, and maybe `day`, `url`, `is_current`, `is_missing`."""
    return component("chain_ribbon", steps=steps)


@register.simple_tag(takes_context=True)
def written(
    context: Context, text: Any, lang: str = "", *, tag: str = "p", of: Any = None, field: str = "", links: bool = False
) -> SafeString | str:
    """What somebody wrote, in its language and direction; `text` is words with their `lang`, or a whole `Said`.

    Of words that are gone it says so. Words that need not have been given name whose (`of`) `field` they are: then
    there is the tombstone if two keys took them away, and else nothing. With `links` addresses can be opened.
    """
    tombstone = None
    if of is not None and not text:
        of_this_page: Any = context.render_context
        if "tombstones" not in of_this_page:  # read once for a page, however many of its words are not there
            of_this_page["tombstones"] = gone.everything()
        tombstone = of_this_page["tombstones"].get((of.code, field))
        if tombstone is None:
            return ""
    said = {"text": text, "language": lang, "tombstone": tombstone} if isinstance(text, str) else text
    return component("written", said=said, tag=tag, links=links)


@register.simple_tag
def linked(words: str) -> SafeString:
    """Words with the web addresses in them as links, each shown whole."""
    return component("linked", pieces=pieces(words))


@register.simple_tag
def tally(counts: Shown) -> SafeString:
    """Agree, disagree, pass: a bar, and beside it every number in words; small counts are said to be small."""
    told = sum(counts.cells.values())
    return component(
        "tally",
        counts=counts,
        rows=[_tally_row(counts, name) for name in counts.cells],
        hidden=_hidden_words(counts.hidden),
        least=counts.at_least - told,
        most=counts.at_most - told,
        bar=_bar(counts),
        floor=PUBLIC_FLOOR,
    )


@register.simple_tag
def tally_bar(counts: Shown) -> SafeString:
    """The bar alone, for where the numbers stand beside it."""
    return component("tally_bar", bar=_bar(counts))


def _tally_row(counts: Shown, name: str) -> dict[str, Any]:
    words = {"agree": gettext("agree"), "disagree": gettext("disagree"), "pass": gettext("pass")}
    symbols = {"agree": SYMBOLS["yes"], "disagree": SYMBOLS["no"], "pass": SYMBOLS["plain"]}
    share = share_of(counts, name)
    return {"name": name, "word": words[name], "symbol": symbols[name], "count": counts.cells[name], "share": share}


def _hidden_words(names: tuple[str, ...]) -> str:
    words = {
        ("agree",): gettext("agree"),
        ("disagree",): gettext("disagree"),
        ("pass",): gettext("pass"),
        ("disagree", "pass"): gettext("disagree or pass"),
        ("agree", "pass"): gettext("agree or pass"),
        ("agree", "disagree"): gettext("agree or disagree"),
    }
    return words.get(names, "")


def _bar(counts: Shown) -> list[dict[str, Any]]:
    """The bar's pieces in a width of 100; what is held back is as wide as it can be. None if nothing is told."""
    widths = {**counts.cells, "hidden": counts.at_most - sum(counts.cells.values())} if counts.cells else {}
    pieces, start = [], 0.0
    for name in ("agree", "hidden", "pass", "disagree"):
        if width := widths.get(name):
            share = round(100 * width / counts.at_most, 2)
            pieces.append({"name": name, "start": f"{start:g}", "width": f"{share:g}"})
            start = round(start + share, 2)
    return pieces


@register.simple_block_tag
def data_table(content: SafeString, caption: str = "", *, heading: str = "") -> SafeString:
    """A table with its caption, or named by the heading with this id that says the same above it.

    It scrolls inside a region of its own that the keyboard reaches.
    """
    return component("data_table", content=content, caption=caption, heading=heading)


@register.simple_tag
def qr_code(text: str, label: str, *, is_public: bool = False) -> SafeString:
    """A QR code of the text. Only what everyone may see is kept in memory for the next page."""
    return component("qr_code", source=(_public_qr if is_public else _qr)(text), label=label)


def _qr(text: str) -> str:
    drawing = segno.make(text, error="m", micro=False, boost_error=False)
    uri = drawing.svg_data_uri(
        light="#fff", omitsize=True, omit_charset=True, encode_minimal=True, svgclass=None, lineclass=None
    )
    return str(uri).replace("'", "%27")


_public_qr = lru_cache(maxsize=16)(_qr)


@register.simple_tag
def secret(text: str, label: str, *, address: str = "", is_numbered: bool = False) -> SafeString:
    """A passphrase, code or receipt: large, in groups at its spaces or hyphens, and a QR of `address` if given."""
    groups = text.replace("-", " ").split()
    return component("secret", groups=groups, label=label, address=address, is_numbered=is_numbered)


@register.simple_tag(takes_context=True)
def said_done(context: Context) -> SafeString | str:
    """On the page after a deed: that it is done. Nothing on any other page."""
    said = done.said(context.get("request"))
    return component("done", said=said) if said else ""


@register.simple_tag
def nothing_here(sentence: str) -> SafeString:
    """What an empty list says."""
    return component("nothing_here", sentence=sentence)


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page[Any]) -> SafeString | str:
    """The way to the pages before and after; the rest of the address's query stays. Nothing if there is one page."""
    if not page.has_other_pages():
        return ""
    query = context["request"].GET.copy()

    def at(number: int) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    before = at(page.previous_page_number()) if page.has_previous() else ""
    after = at(page.next_page_number()) if page.has_next() else ""
    return component("pagination", page=page, before=before, after=after)


@register.simple_tag
def progress(done: int, total: int, text: str) -> SafeString:
    """How far something is: words first, then a thin bar."""
    return component("progress", done=done, total=total, text=text)
