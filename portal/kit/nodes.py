"""Template tags that do at most once what Django does each time: words, addresses, drawings, and what never changes."""

from __future__ import annotations

from typing import Any

from django.template import Node, NodeList, TemplateSyntaxError, Variable
from django.template.base import FilterExpression, Parser, TextNode, Token
from django.template.context import Context
from django.template.defaulttags import URLNode, url
from django.templatetags.i18n import TranslateNode, do_translate
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from portal.kit import icons
from portal.kit.addresses import address_here

KEPT = 1_000


class Words(Node):
    """A literal to translate: it says the same each time in one language."""

    child_nodelists = ()

    def __init__(self, node: TranslateNode) -> None:
        self.node, self.asvar = node, node.asvar
        node.asvar = None
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        words = self.said.get(language)
        if words is None:
            words = self.said[language] = self.node.render(context)
        if self.asvar:
            context[self.asvar] = words
            return ""
        return words


def translate(parser: Parser, token: Token) -> Node:
    """`{% translate "literal" %}` as Django has it, remembered for each language."""
    node = do_translate(parser, token)
    said = node.filter_expression
    return Words(node) if _literal(said) is not None and not node.noop and not node.message_context else node


class Address(URLNode):
    """`{% url %}` as Django has it, remembered for each set of plain arguments."""

    def render(self, context: Context) -> str:
        if self.kwargs:
            return super().render(context)
        args = tuple(arg.resolve(context) for arg in self.args)
        found = None
        if self.asvar is None:
            found = address_here(getattr(context, "request", None), self.view_name.resolve(context), args)
        if found is None:
            return super().render(context)
        return conditional_escape(found) if context.autoescape else found


def address(parser: Parser, token: Token) -> Node:
    node = url(parser, token)
    return Address(node.view_name, node.args, node.kwargs, node.asvar)


def drawing(parser: Parser, token: Token) -> Node | None:
    """`{% icon "name" %}` as the text it always is; None where it has to be drawn each time."""
    bits = token.split_contents()[1:]
    flip = bits[1:] == ["flip=True"]
    name = _literal(parser.compile_filter(bits[0])) if bits and (len(bits) == 1 or flip) else None
    return TextNode(icons.svg(name, flip=flip)) if name else None


class Kept(Node):
    """What depends on nothing but the values named, drawn once for each of them in each language.

    SECURITY: whatever the part shows has to follow from those values, or one reader sees what was drawn for another.
    """

    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values
        self.drawn: dict[tuple[Any, ...], str] = {}

    def render(self, context: Context) -> str:
        key = (get_language(), *[value.resolve(context) for value in self.values])
        text = self.drawn.get(key)
        if text is None:
            text = self.nodelist.render(context)
            if len(self.drawn) >= KEPT:
                # Copied first: another thread may draw meanwhile.
                oldest, *_others = self.drawn.copy()
                self.drawn.pop(oldest, "")
            self.drawn[key] = text
        return text


def kept(parser: Parser, token: Token) -> Kept:
    """`{% kept value value %}…{% endkept %}`; the values are what can be compared: words, numbers, tuples of them."""
    values = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    if any(node.must_be_first for node in nodelist):
        raise TemplateSyntaxError("kept holds a part of a template")
    return Kept(nodelist, values)


def _literal(expression: FilterExpression) -> str | None:
    """The text that an expression always is, None when it depends on anything."""
    if expression.filters:
        return None
    if isinstance(expression.var, str):
        return expression.var
    if (
        isinstance(expression.var, Variable)
        and isinstance(expression.var.literal, str)
        and not expression.var.translate
    ):
        return expression.var.literal
    return None
