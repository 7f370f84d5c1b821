"""Parts of a page that are the same for many readers."""

from django import template
from django.template import Context
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from withus.core.edition import Shelf

register = template.Library()
_PARTS = Shelf(200)


class _KeptPart(template.Node):
    def __init__(self, nodelist: template.NodeList, name: str, keys: list[FilterExpression]) -> None:
        self.nodelist, self._name, self._keys = nodelist, name, keys

    def render(self, context: Context) -> SafeString:
        things, key = _PARTS.of_now(), (self._name, get_language(), *(key.resolve(context) for key in self._keys))
        if things is None:
            return self.nodelist.render(context)
        if key not in things:
            _PARTS.put(things, key, self.nodelist.render(context))
        part: SafeString | None = things.get(key)
        return self.nodelist.render(context) if part is None else part


@register.tag
def keptpart(parser: Parser, token: Token) -> _KeptPart:
    """A part of a page that is made once an edition, for each language and each value of the variables named."""
    _, name, *keys = token.split_contents()
    nodelist = parser.parse(("endkeptpart",))
    parser.delete_first_token()
    return _KeptPart(nodelist, name, [parser.compile_filter(key) for key in keys])
