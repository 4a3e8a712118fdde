"""What people type when a text is authentic in several languages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kit.forms import Form, VersionField
from projects.agreements.languages import LANGUAGES, Language


class LanguagesForm(Form):
    """The further authentic languages."""

    version = VersionField()
    languages = forms.MultipleChoiceField(
        label=_("Further authentic languages"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Words of a language that you leave out are kept, and come back when you choose it again."),
    )

    def __init__(self, *args: Any, written_in: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["languages"].choices = [  # type: ignore[attr-defined]
            (code, name) for code, name in LANGUAGES.items() if code != written_in
        ]


class TranslationForm(Form):
    """The words of a clause in another language; `version` counts the translation, `revision` the wording that was read."""

    version = VersionField()
    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    heading = forms.CharField(label=_("Heading"), max_length=160)
    text = forms.CharField(
        label=_("Words"),
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Keep paragraphs and lettered items as they are, so that every language is cited alike."),
    )

    def __init__(self, *args: Any, language: Language, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("heading", "text"):
            self.fields[name].widget.attrs |= {"lang": language.tag, "dir": language.direction}


class TitleForm(Form):
    """The title in another language."""

    version = VersionField()
    title = forms.CharField(label=_("Title"), max_length=200)

    def __init__(self, *args: Any, language: Language, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].widget.attrs |= {"lang": language.tag, "dir": language.direction}
