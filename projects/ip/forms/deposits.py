"""Input of deposits: the ways to make one, its links, and to whom it is revealed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from portal.kit.actors import Actor
from portal.kit.forms import Form, VersionField
from projects.ip.actions.deposits import sha256_of
from projects.ip.models import Deposit
from projects.models import Project

HASH = r"^[0-9A-Fa-f]{64}$"
CHOICES = 200


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploads, empty when none was chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": FilesInput(), "required": False, **kwargs})

    def clean(self, value: Any, initial: Any = None) -> list[UploadedFile]:  # type: ignore[override]
        uploads = [super(FilesField, self).clean(one, initial) for one in value or [] if one]
        if self.required and not uploads:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return uploads


class LinksForm(Form):
    """What the portal may know about a deposit; nothing of it is part of the proof."""

    label = forms.CharField(
        label=_("Name in your list"),
        max_length=200,
        required=False,
        help_text=_("The portal keeps this. Leave it empty or neutral if even the name is confidential."),
    )
    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), required=False, to_field_name="ref")
    about = forms.CharField(
        label=_("Asset or disclosure"),
        max_length=32,
        required=False,
        help_text=_("Its reference, for example IP-2026-0004."),
    )

    def __init__(self, *args: Any, actor: Actor, of: Deposit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = of
        if of is not None:
            for name in ("label", "project", "about"):
                del self.fields[name]
            return
        inside = Project.objects.inside_for(actor).order_by("-updated_at", "-pk")
        choice: Any = self.fields["project"]
        choice.queryset = Project.objects.inside_for(actor)
        choice.choices = [("", _("None")), *((one.ref, f"{one.ref}  {one.title}") for one in inside[:CHOICES])]

    @property
    def links(self) -> dict[str, Any]:
        """The links of a new deposit; a new version has those of its deposit."""
        return {name: self.cleaned_data[name] for name in ("label", "project", "about") if name in self.fields}

    @property
    def project_ref(self) -> str | None:
        project = self.of.project if self.of is not None else self.cleaned_data.get("project")
        return project.ref if project is not None else None


class KeptForm(LinksForm):
    """Only the commitment reaches the portal; the page computes it, and whoever has no scripts can."""

    commitment = forms.RegexField(
        HASH,
        label=_("Commitment"),
        help_text=_("64 hexadecimal digits, computed by this page, or by you as docs/deposits.md says."),
        error_messages={
            "required": _("Compute the commitment first, or enter the one that you computed."),
            "invalid": _("A commitment is a SHA-256: 64 hexadecimal digits."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "ref"}),
    )
    previous = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    kept = forms.BooleanField(
        label=_("I have kept the opening (salt and manifest) where my agency will find it again"),
        error_messages={
            "required": _("Download the opening and keep it first. Without it nobody can ever prove anything.")
        },
    )


class StoredForm(LinksForm):
    """Files and text that the portal keeps."""

    title = forms.CharField(
        label=_("Title"),
        max_length=300,
        required=False,
        help_text=_("Part of the proof; only readers of the deposit see it."),
    )
    files: Any = FilesField(label=_("Files"), help_text=_("Up to 20 files of up to 20 MB."))
    text = forms.CharField(
        label=_("Or text"), required=False, max_length=200_000, strip=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It is kept as the file text.txt."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("files") and not cleaned.get("text"):
            self.add_error("files", _("Choose a file, or type a text."))
        return cleaned

    @property
    def uploads(self) -> list[UploadedFile]:
        # Forms send a line end as two characters; what was typed has one, and so has what a browser hashes by itself.
        text = self.cleaned_data["text"].replace("\r\n", "\n")
        typed = [SimpleUploadedFile("text.txt", text.encode(), "text/plain")] if text else []
        return [*self.cleaned_data["files"], *typed]

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The files as the manifest names them; ValidationError for one that is too large."""
        return [{"name": one.name, "size": one.size, "sha256": sha256_of(one)} for one in self.uploads]


class HashedForm(LinksForm):
    """A hash that somebody computed; the portal makes the salt and keeps the opening."""

    title = forms.CharField(label=_("Title"), max_length=300, required=False)
    sha256 = forms.RegexField(
        HASH,
        label=_("SHA-256 of the file"),
        help_text=_("As sha256sum prints it: 64 hexadecimal digits."),
        error_messages={"invalid": _("A SHA-256 has 64 hexadecimal digits.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "ref"}),
    )
    name = forms.CharField(label=_("Name of the file"), max_length=200, required=False)
    size = forms.IntegerField(label=_("Size in bytes"), min_value=0, max_value=2**53 - 1, required=False)

    @property
    def entries(self) -> list[dict[str, Any]]:
        typed = self.cleaned_data
        return [{"name": typed["name"], "size": typed["size"], "sha256": typed["sha256"].lower()}]


class EditForm(LinksForm):
    """What the own agency calls it and what it is linked to."""

    version = VersionField()
    notes = forms.CharField(
        label=_("Notes"), max_length=4_000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For your own agency, for example where the opening is kept."),
    )  # fmt: skip


class RevealForm(Form):
    """One version to one agency, for good."""

    number = forms.TypedChoiceField(label=_("Version"), coerce=int)
    agency = forms.CharField(
        label=_("Agency"),
        max_length=32,
        help_text=_("Its reference, for example ESA. The parties of the project are suggested."),
        widget=forms.TextInput(attrs={"list": "agencies", "autocomplete": "off", "class": "input-medium"}),
    )
    with_files = forms.BooleanField(label=_("With the files that the portal keeps"), required=False)
    opening = forms.FileField(
        label=_("Opening"), required=False, help_text=_("The file you kept, if the portal does not have it.")
    )
    files: Any = FilesField(
        label=_("Files"), help_text=_("If they are to be stored and shown too. They must be the deposited ones.")
    )
    understood = forms.BooleanField(label=_("I know that this cannot be undone"))

    def __init__(self, *args: Any, actor: Actor, deposit: Deposit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.deposit = actor, deposit
        choice: Any = self.fields["number"]
        choice.choices = [(one.number, one.number) for one in deposit.versions]  # type: ignore[attr-defined]

    def clean_agency(self) -> Agency:
        ref = self.cleaned_data["agency"].strip().upper()
        found = Agency.objects.visible_to(self.actor).filter(ref=ref).first()
        if found is None:
            raise forms.ValidationError(_("There is no verified agency with this reference."))
        return found

    def clean_opening(self) -> Any:
        upload = self.cleaned_data["opening"]
        if upload is not None and upload.size > 1_000_000:
            raise forms.ValidationError(_("An opening is a small file; this is none."))
        return upload
