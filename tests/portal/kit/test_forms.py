"""What every form of the portal does alike."""

from __future__ import annotations

from django import forms

from portal.kit.forms import DASHES, Form


class Asking(Form):
    """A choice that has to be made, and one that may stay open."""

    needed = forms.ChoiceField(choices=[("", DASHES), ("a", "A")])
    open = forms.ChoiceField(choices=[("", DASHES), ("a", "A")], required=False)
    named = forms.ChoiceField(choices=[("", "None"), ("a", "A")], required=False)


def test_an_empty_choice_says_what_it_means():
    form = Asking()

    assert [str(form.fields[name].choices[0][1]) for name in form.fields] == ["Choose", "Not stated", "None"]
    assert DASHES not in form.as_p()
