"""SQL that is written once: values are filled in each time, and never into the words."""

from __future__ import annotations

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Value

from agencies.models import Membership, Person
from portal.kit.prepared import Blank, Prepared

EMAILS = Prepared(
    Person,
    lambda: {
        "is_known": Exists(Membership.objects.filter(person=OuterRef("pk"), agency__acronym=Blank("agency", CharField()))),
        "refs": ArraySubquery(
            Membership.objects.filter(person=OuterRef("pk"), agency__acronym=Blank("agency", CharField())).values("ref")
        ),
        "word": Value("50 %"),
    },
)  # fmt: skip


def known(person, agency):
    return Person.objects.order_by("pk").annotate(**EMAILS.filled(agency=agency)).get(pk=person.pk)


def test_values_are_filled_in_each_time(cast):
    membership = Membership.objects.get(person=cast.mika)

    assert (known(cast.mika, "JAXA").is_known, known(cast.mika, "JAXA").refs) == (True, [membership.ref])
    assert (known(cast.mika, "ESA").is_known, known(cast.mika, "ESA").refs) == (False, [])
    assert known(cast.mika, "ESA").word == "50 %"


@pytest.mark.parametrize("words", ["' OR 1=1 --", "%s", 'JAXA" OR "1"="1'])
def test_what_is_filled_in_is_never_read_as_sql(cast, words):
    assert known(cast.mika, words).is_known is False


def test_a_blank_without_a_value_is_an_error(cast):
    with pytest.raises(KeyError):
        EMAILS.filled()


def test_what_needs_a_table_of_the_query_itself_is_refused(cast):
    joining = Prepared(Membership, lambda: {"name": F("person__name")})

    with pytest.raises(ValueError, match="names the columns of its model alone"):
        joining.filled()
