"""A guide to the model of ownership: five questions about a project, and the model they speak for with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .chapters.asking import choice, yes_no
from .fields import Answer, Question, Text

GUIDE: tuple[Question, ...] = (
    choice(
        "payer", 22, "results",
        _("Who pays for the work?"),
        "each",
        ("each", _("Each party pays for its own part")),
        ("one", _("One party pays for most of it")),
        ("shared", _("All pay into one budget")),
        hint=_("Who pays for everything usually expects at least to use everything."),
    ),
    choice(
        "exploiter", 22, "results",
        _("Who will use the results outside the project?"),
        "each",
        ("nobody", _("Everybody or nobody in particular: they serve science and the public")),
        ("each", _("Each party its own")),
        ("by_field", _("Each party all that belongs to its field")),
        ("one", _("One party, for all")),
        hint=_("Think of missions, services and products that come five years later."),
    ),
    yes_no(
        "fields_apart", 22, "results",
        _("Can the fields of the parties be told apart?"),
        False,
        _("So clearly that two strangers would sort the same result into the same field."),
    ),
    yes_no(
        "academic_use", 22, "results",
        _("Must institutes and universities be able to go on with the results?"),
        True,
        _("In research and teaching, also when somebody else exploits them."),
    ),
    yes_no(
        "parts_apart", 22, "results",
        _("Can the parts of the parties be separated?"),
        True,
        _("As when each builds its own instrument with an interface between them."),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Recommendation:
    """The model the answers speak for, why, and the answers of the profile that go with it."""

    model: str
    reasons: tuple[Text, ...]
    answers: Mapping[str, Answer]


def recommend(answers: Mapping[str, Any]) -> Recommendation:
    """Recommend a model of ownership; what was not answered counts as usual.

    Raises ValidationError keyed by question.
    """
    said = _clean(answers)
    model, reasons = _model(said)
    if said["academic_use"]:
        reasons.append(_("Internal research and teaching stay free, because institutes must be able to go on."))
    else:
        reasons.append(
            _("Research use is not granted in advance, because nobody needs it; each case can be asked for.")
        )
    profile = {"results_ownership": model, "access_research": said["academic_use"]}
    return Recommendation(model, tuple(reasons), profile)


def _model(said: Mapping[str, Answer]) -> tuple[str, list[Text]]:
    if said["exploiter"] == "one":
        in_one_hand = _("One party brings the results to use, so it needs all rights in one hand.")
        return "assign_to_lead", [in_one_hand, _paid(said)]
    if said["exploiter"] == "by_field" and said["fields_apart"]:
        own_field = _(
            "Each party uses what belongs to its field, and the fields can be told apart, so each owns its field."
        )
        return "allocate_by_field", [own_field]
    reasons: list[Text] = []
    if said["exploiter"] == "by_field":
        reasons.append(
            _("Fields that cannot be told apart only move the dispute, so results are not divided by field.")
        )
    if not said["parts_apart"]:
        together = _("The parts cannot be separated, so nobody could say what is whose: all own together.")
        return "joint", [*reasons, together]
    if said["exploiter"] == "nobody":
        serves = _(
            "The parts can be separated and the results serve everybody: each keeps its own, the others may use it."
        )
        return "own_wide", [*reasons, serves]
    if said["payer"] == "one":
        paid = _("The parts can be separated, but one party pays for most: a wide licence gives it what it paid for.")
        return "own_wide", [*reasons, paid]
    apart = _(
        "The parts can be separated and each uses its own: the others use it for the project and negotiate for more."
    )
    return "own_project", [*reasons, apart]


def _paid(said: Mapping[str, Answer]) -> Text:
    if said["payer"] == "one":
        return _(
            "One party pays for most of the work; make sure that it is the one that exploits, or shares in the revenue."
        )
    return _("The others pay too, so they share in the revenue and get the results back if nothing is done with them.")


def _clean(answers: Mapping[str, Any]) -> dict[str, Answer]:
    errors: dict[str, Any] = {}
    said: dict[str, Answer] = {}
    for asked in GUIDE:
        try:
            said[asked.key] = asked.clean(answers.get(asked.key, asked.default))
        except ValidationError as error:
            errors[asked.key] = error.error_list
    if errors:
        raise ValidationError(errors)
    return said
