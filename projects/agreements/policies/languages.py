"""Who may choose the authentic languages of a text, and who may offer a translation."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.kit.policies import rule
from portal.kit.refusals import Refusal
from projects.agreements.models import Status
from projects.agreements.policies.base import Rules


@dataclass(frozen=True)
class LanguageRules(Rules):
    """Languages of a text, while its words may change."""

    @rule
    def set_languages(self) -> Refusal | None:
        """Choose the languages in which the text is authentic."""
        return self._not_an_editor() or self._not_translated_now()

    @rule
    def translate_clause(self) -> Refusal | None:
        """Give the title or a clause its words in another authentic language."""
        refusal = self._not_an_editor() or self._not_translated_now()
        if refusal is None and not self.agreement.languages:
            refusal = self._wrong_state(
                _("The text has one authentic language."), _("Choose a further language first.")
            )
        return refusal

    def _not_translated_now(self) -> Refusal | None:
        if self.agreement.status in (Status.DRAFT, Status.NEGOTIATING):
            return None
        if self.agreement.status == Status.TEXT_AGREED:
            return self._wrong_state(
                _("Every party has agreed to this text in all its languages."), _("Any party can reopen the text.")
            )
        return self._wrong_state(_("The words are frozen."), _("Any party can reopen the text while it is in signing."))
