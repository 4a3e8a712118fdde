"""Profiles for tests of clauses: what has to stand beside an answer so that nothing contradicts it."""

from projects.agreements.profile import clean, defaults, questions_of

# Answers that another answer needs beside it.
COMPANIONS = {
    ("binding", "treaty"): {"bound_as": "state"},
    ("binding", "non_binding"): {"liability": "own"},
    ("binding", "declaration"): {"liability": "own"},
    ("liability", "cap"): {"liability_cap": "EUR 1,000,000"},
    ("applicable_law", "named"): {"named_law": "the law of France"},
    ("results_ownership", "assign_to_lead"): {"lead_exploiter": "CNES"},
    ("results_ownership", "allocate_by_field"): {"ownership_fields": "JAXA: optics; CNES: structures"},
    ("results_ownership", "custom"): {"ownership_words": "Each keeps what it makes."},
    ("disclosure_direction", "one_way"): {"discloser": "JAXA"},
    ("entry_into_force", "named"): {"entry_named": "CNES, JAXA"},
    ("entry_into_force", "on_date"): {"entry_date": "2027-01-31"},
    ("cost_overrun", "shared"): {"funds_model": "common_fund"},
}


def profile(kind, **chosen):
    """The usual answers of a kind with those chosen, completed by what they need beside them; cleaned."""
    answers = defaults(kind)
    for key, value in chosen.items():
        answers |= {name: said for name, said in COMPANIONS.get((key, value), {}).items() if name in answers}
    return clean(answers | chosen, kind)


def other_answers(asked):
    """Every other answer of a choice or a yes-no question, one other answer of the rest."""
    if asked.kind == "choice":
        return [choice for choice, _label in asked.choices if choice != asked.default]
    if asked.kind == "yes_no":
        return [not asked.default]
    if asked.kind == "whole":
        return [asked.default + 1 if asked.default < asked.maximum else asked.default - 1]
    return [{"entry_date": "2031-05-09", "language": "French"}.get(asked.key, "Something else")]


def changes(kind):
    """(key, profile before, profile after) for every single answer of a kind, asked where it matters."""
    asks = questions_of(kind)
    for asked in asks.values():
        where = {name: value[0] if isinstance(value, list) else value for name, value in asked.only_if.items()}
        for answer in other_answers(asked):
            beside = {name: said for name, said in COMPANIONS.get((asked.key, answer), {}).items() if name in asks}
            before = profile(kind, **where | beside)
            if before[asked.key] != answer:
                yield asked.key, before, profile(kind, **where | beside | {asked.key: answer})
