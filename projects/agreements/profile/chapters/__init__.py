"""What a team decides before an agreement is written, chapter by chapter; the defaults follow DESCA and NASA practice."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from ..fields import Group, Question
from . import (
    access,
    background,
    basis,
    conduct,
    data,
    disputes,
    entry,
    formalities,
    governance,
    information,
    life,
    results,
    risk,
)

GROUPS = (
    Group("basis", _("Basis")),
    Group("background", _("Background")),
    Group("results", _("Results")),
    Group("access", _("Access rights")),
    Group("information", _("Confidentiality, publication and export")),
    Group("data", _("Scientific data")),
    Group("conduct", _("People and space environment")),
    Group("governance", _("Deciding together")),
    Group("risk", _("Liability and funds")),
    Group("life", _("Term and changes")),
    Group("disputes", _("Disputes and law")),
    Group("formalities", _("Formalities")),
)

CHAPTERS = (
    basis, background, results, access, information, data, conduct, governance, risk, entry, life, disputes, formalities
)  # fmt: skip

QUESTIONS: Mapping[str, Question] = {asked.key: asked for chapter in CHAPTERS for asked in chapter.QUESTIONS}


def question(key: str) -> Question:
    """Return the question of that key; raises KeyError."""
    return QUESTIONS[key]
