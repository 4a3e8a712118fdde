"""Controls that Django would draw slowly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A choice among hundreds, drawn in one go instead of by a template for each of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = set(self.format_value(value))
        drawn = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        if self.allow_multiple_selected:
            drawn["multiple"] = True
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, SafeString(" selected") if str(key) in chosen else "", label)
                for key, label in self.in_order(chosen)
            ),
        )
        return format_html("<select{}>{}</select>", flatatt(drawn), options)

    def in_order(self, chosen: set[str]) -> Iterable[tuple[Any, Any]]:
        return self.choices


class LongSelectMultiple(LongSelect, forms.SelectMultiple):
    """Several among hundreds, the chosen ones first, where they are seen without scrolling."""

    allow_multiple_selected = True

    def in_order(self, chosen: set[str]) -> Iterable[tuple[Any, Any]]:
        return sorted(self.choices, key=lambda choice: str(choice[0]) not in chosen)
