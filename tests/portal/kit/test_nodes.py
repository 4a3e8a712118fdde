"""Tags that remember: the same text as Django's, and nothing of one reader in the page of another."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.template import Context, RequestContext, engines
from django.template.base import TextNode
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from portal.kit import icons, nodes
from portal.kit.addresses import address


def drawn(source: str, *, request: bool = True, **values: object) -> str:
    template = engines["django"].engine.from_string("{% load i18n kit %}" + source)
    context = RequestContext(RequestFactory().get("/"), values) if request else Context(values)
    again = RequestContext(RequestFactory().get("/"), values) if request else Context(values)
    first = template.render(context)
    assert template.render(again) == first
    return first


def test_a_literal_is_said_in_the_language_that_is_active():
    template = engines["django"].engine.from_string(
        '{% load i18n kit %}{% translate "January" %}{% translate "May" as x %}{{ x }}'
    )

    said = []
    for language in ("en", "de", "en"):
        with translation.override(language):
            said.append(template.render(Context()))

    assert said == ["JanuaryMay", "JanuarMai", "JanuaryMay"]


@pytest.mark.parametrize(
    "source", ["{% translate word %}", '{% translate "May" context "abbrev. month" %}', '{% translate "a <b>" %}']
)
def test_other_words_are_translated_each_time(source: str):
    with_kit = drawn(source, word="May")

    template = engines["django"].engine.from_string("{% load i18n %}" + source)
    assert template.render(Context({"word": "May"})) == with_kit


def test_a_drawing_that_is_always_the_same_is_text():
    template = engines["django"].engine.from_string('{% load kit %}{% icon "bell" %}{% icon "next" flip=True %}')

    assert all(isinstance(node, TextNode) for node in template.nodelist[1:])
    assert template.render(Context()) == icons.svg("bell") + icons.svg("next", flip=True)
    assert drawn("{% icon name %}", name="bell") == icons.svg("bell")
    assert drawn('{% icon "x" label=words %}', words="<Remove>") == icons.svg("x", label="<Remove>")


@pytest.mark.parametrize("request_", [True, False])
def test_addresses_are_those_that_django_reverses(request_: bool):
    uid = UUID(int=7)
    source = "{% url 'home' %} {% url 'projects:project' ref %} {% url 'messaging:message' ref uid %} {% url 'projects:list' as x %}{{ x }}"

    expected = [
        reverse("home"),
        reverse("projects:project", args=["P-1"]),
        reverse("messaging:message", args=["P-1", uid]),
    ]
    assert drawn(source, request=request_, ref="P-1", uid=uid).split() == [*expected, reverse("projects:list")]
    assert address("projects:project", "P-1") == expected[1]
    assert address("projects:project", "P-2") != expected[1]
    with pytest.raises(NoReverseMatch):
        drawn("{% url 'no-such-page' %}", request=request_)
    assert drawn("{% url 'no-such-page' as x %}[{{ x }}]", request=request_) == "[]"


def test_what_is_kept_is_kept_for_its_values_alone():
    template = engines["django"].engine.from_string(
        "{% load kit %}{% kept one two %}{{ one }}, {{ two }}, {{ other }}{% endkept %}"
    )

    assert template.render(Context({"one": 1, "two": ("a",), "other": "x"})) == "1, (&#x27;a&#x27;,), x"
    assert template.render(Context({"one": 1, "two": ("a",), "other": "y"})).endswith("x")
    assert template.render(Context({"one": 1, "two": ("b",), "other": "y"})).endswith("y")
    assert template.render(Context({"one": 2, "two": ("a",), "other": "z"})).endswith("z")


def test_no_more_is_kept_than_a_thousand_drawings(monkeypatch):
    monkeypatch.setattr(nodes, "KEPT", 3)
    template = engines["django"].engine.from_string("{% load kit %}{% kept one %}{{ one }}{% endkept %}")

    assert [template.render(Context({"one": number})) for number in range(9)] == list("012345678")
    (node,) = template.nodelist.get_nodes_by_type(nodes.Kept)
    assert len(node.drawn) == 3
