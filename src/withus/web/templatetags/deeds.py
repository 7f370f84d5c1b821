"""What a reader may do here: the deed if the policy says yes, else why not, with the deeds that it is about."""

import re
from html import unescape
from typing import Any

from django import template
from django.template import Context
from django.template.base import Parser, Token
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from withus.policy.facts import VISITOR, Actor, Verdict
from withus.policy.rules import Action, decide
from withus.web.requests import Request
from withus.web.templatetags.components import component

register = template.Library()
_WAY = re.compile(r"<(a|button)\b[^>]*>(.*?)</\1>", re.DOTALL)


@register.simple_block_tag(takes_context=True)
def verdict(context: Context, content: SafeString, action: str, subject: Any, *, name: str = "") -> SafeString | str:
    """Its content if the policy says yes to the reader; if no, the reason in its place, once on a page.

    `name` is what the deed is called, where the content has no link or button that says it.
    """
    answer = decide(_reader(context), Action(action), subject)
    return content if answer else _why_not(context, answer.reason, [name or _name(content)])


@register.simple_block_tag(takes_context=True)
def deed_line(context: Context, content: SafeString, action: str, subject: Any) -> SafeString | str:
    """A line of a list of deeds, if the policy says yes; if no, the list says why not at its end."""
    answer: Verdict = decide(_reader(context), Action(action), subject)
    if answer:
        return format_html("<li>{}</li>", content)
    context["refused"].setdefault(answer.reason, []).append(_name(content))
    return ""


class _DeedList(template.Node):
    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        refused: dict[str, list[str]] = {}
        with context.push(refused=refused):
            lines: SafeString = self.nodelist.render(context)
        reasons = [(said,) for reason, names in refused.items() if (said := _why_not(context, reason, names))]
        lines += format_html_join("", "<li>{}</li>", reasons)
        return format_html("<ul>{}</ul>", lines) if lines.strip() else SafeString()


@register.tag
def deed_list(parser: Parser, token: Token) -> _DeedList:
    """A list of deeds; what the reader may not do stands at its end, by reason."""
    nodelist = parser.parse(("enddeed_list",))
    parser.delete_first_token()
    return _DeedList(nodelist)


def _reader(context: Context) -> Actor:
    actor: Actor = getattr(context.get("request"), "actor", VISITOR)
    return actor


def _why_not(context: Context, reason: str, names: list[str]) -> SafeString | str:
    """The reason with the deeds it is about; nothing if the page has said that already."""
    said: set[tuple[str, ...]] = context.dicts[0].setdefault("reasons_said", set())  # of the page, whatever includes it
    what = (reason, *names)
    if what in said:
        return ""
    said.add(what)
    request: Request | None = context.get("request")
    here = request.get_full_path() if request and request.method == "GET" else ""
    deeds = " · ".join(str(one) for one in names if one)
    return component("reason", reason=gettext(reason), deeds=deeds, actor=_reader(context), here=here)


def _name(content: SafeString) -> str:
    """What the first link or button says."""
    found = _WAY.search(content)
    return " ".join(unescape(strip_tags(found[2])).split()) if found else ""
