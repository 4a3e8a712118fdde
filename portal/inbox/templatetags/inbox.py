"""Template words of the inbox: what an item asks for, and when it is due."""

from __future__ import annotations

from django import template

from portal.inbox import labels

register = template.Library()


@register.simple_tag
def label(verb: str) -> labels.Label:
    """The label of a verb, e.g. `{% label item.verb as asks %}{{ asks.word }}`."""
    return labels.find(verb)
