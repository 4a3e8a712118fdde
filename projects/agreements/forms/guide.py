"""The questions of the guide to a model of ownership."""

from __future__ import annotations

from typing import Any

from portal.kit.forms import Form, VersionField
from projects.agreements.forms.profile import form_field
from projects.agreements.profile.guide import GUIDE


class GuideForm(Form):
    """Five questions about the project; their answers are not kept."""

    version = VersionField(required=False)

    def __init__(self, data: Any = None, *, version: int) -> None:
        super().__init__(data, initial={"version": version} | {asked.key: asked.default for asked in GUIDE})
        for asked in GUIDE:
            self.fields[asked.key] = form_field(asked)

    @property
    def answers(self) -> dict[str, Any]:
        return {asked.key: self.cleaned_data[asked.key] for asked in GUIDE}
