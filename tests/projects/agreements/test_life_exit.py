"""The exit calculator: what stands under an agreement, what its clauses give, and the days on which things go back."""

from __future__ import annotations

from datetime import date

import pytest

from projects.agreements import actions
from projects.agreements.exit import compute, survivors_of
from tests import stage
from tests.kept import kept
from tests.projects.agreements import lives
from tests.projects.agreements.lives import brought_into_force, under


@kept
def amended(cast, parent):
    amendment = actions.draft_amendment(parent, actor=cast.actor(cast.mika))
    text = "Confidential Information stays confidential for ever."
    return brought_into_force(
        cast, actions.word_clause(amendment, "confidentiality", actor=cast.actor(cast.mika), text=text)
    )


def exit_of(cast, agreement, agency, reader=None, **asked):
    agreement = lives.fresh(agreement)
    return compute(agreement, agreement.party_of(agency.pk), reader=cast.actor(reader or cast.mika), **asked)


def told(lines):
    return [str(line.what) for line in lines]


def test_what_stands_under_it_goes_on_while_the_agreement_does(clock, cast):
    parent = lives.three(cast)
    child, alone = under(cast, parent), under(cast, parent, ends_with_parent=False)

    found = exit_of(cast, parent, cast.jaxa)

    assert found.goes_on
    assert [other.ref for other in found.also] == [child.ref, alone.ref]
    assert not [what for what in told(found.ends) if child.ref in what]
    assert exit_of(cast, parent, cast.isro).also == []


def test_with_the_agreement_ends_what_does_not_stand_alone(clock, cast):
    parent = lives.two(cast)
    child, alone = under(cast, parent), under(cast, parent, ends_with_parent=False)
    grandchild = under(cast, child)

    found = exit_of(cast, parent, cast.esa)

    assert not found.goes_on
    assert [other.ref for other in found.also] == [alone.ref]
    ending = [
        line for line in found.ends if line.url in {f"/agreements/{row.ref}/life/" for row in (child, grandchild)}
    ]
    assert [line.until for line in ending] == [found.on, found.on]
    assert not [what for what in told(found.ends) if alone.ref in what]


def test_an_amendment_is_part_of_the_agreement_and_no_other(clock, cast):
    parent = lives.two(cast)
    amendment = amended(cast, parent)

    found = exit_of(cast, parent, cast.esa)

    assert found.also == []
    assert not [what for what in told(found.ends) if amendment.ref in what]


def test_a_clause_gives_nothing_new_after_the_last_day_and_not_until_then(clock, cast):
    found = exit_of(cast, lives.two(cast), cast.esa, on=date(2026, 8, 3))

    rows = [line for line in found.ends if "nothing new" in str(line.what)]
    assert rows
    assert all(str(line.what).endswith(": nothing new after 3 Aug 2026") and line.until is None for line in rows)


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        # 3 August 2026 and 60 days is Friday, 2 October; 62 days is a Sunday.
        ({"data_return_days": 60}, date(2026, 10, 2)),
        ({"data_return_days": 62}, date(2026, 10, 5)),
        ({"data_return_days": 60, "day_basis": "working"}, date(2026, 10, 26)),
    ],
)
def test_goods_and_data_go_back_by_the_days_that_the_text_counts(clock, cast, basis, expected):
    agreement = lives.three(cast, **basis)

    found = exit_of(cast, agreement, cast.isro, on=date(2026, 8, 3))

    assert [row.until for row in found.survivors if "given back" in str(row.what)] == [expected]


def test_of_an_agreement_that_ends_for_all_each_party_has_its_own_day(clock, cast):
    # A Friday is no working day of ESA's here, and the day on which the sixty days end.
    type(cast.esa).objects.filter(pk=cast.esa.pk).update(working_days=[1, 2, 3, 4])
    agreement = lives.two(cast, data_return_days=60)

    rows = [row for row in survivors_of(lives.fresh(agreement), date(2026, 8, 3)) if "given back" in str(row.what)]

    assert [(str(row.what).partition(": ")[2], row.until) for row in rows] == [
        ("JAXA", date(2026, 10, 2)),
        ("ESA", date(2026, 10, 5)),
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("memorandum", {"data_policy"}), ("nda", {"disputes"}), ("data_exchange", {"disputes"}), ("ip_sharing", set())],
)
def test_what_the_text_names_among_what_continues_has_a_row_without_an_end(clock, cast, kind, expected):
    agreement = lives.fresh(stage.agreement_in_force(cast, kind=kind))

    rows = survivors_of(agreement, date(2026, 8, 3))

    assert {row.code for row in rows if row.code in ("data_policy", "disputes") and row.until is None} == expected
    assert ("disputes" in {row.code for row in rows if row.until}) == (kind in ("memorandum", "ip_sharing"))


def test_what_the_clause_on_what_continues_does_not_name_is_not_said_to(clock, cast):
    drafted = stage.drafted_agreement(cast, kind="nda")
    actor = cast.actor(cast.mika)
    drafted = actions.word_clause(drafted, "survival", actor=actor, text="Confidentiality goes on for five years.")

    agreement = brought_into_force(cast, drafted)

    assert "disputes" not in {row.code for row in survivors_of(agreement, date(2026, 8, 3))}
