"""One agreement that fails keeps no other waiting."""

import pytest

from projects.agreements.actions.one_by_one import one_by_one


def test_those_after_one_that_fails_are_tended_and_the_failure_is_told():
    tended = []

    def tend(ref):
        if ref == "A-2":
            raise ZeroDivisionError
        tended.append(ref)
        return True

    with pytest.raises(ExceptionGroup) as caught:
        one_by_one(["A-1", "A-2", "A-3"], tend)

    assert tended == ["A-1", "A-3"]
    assert [error.__notes__ for error in caught.value.exceptions] == [["while tending A-2"]]


def test_only_what_changed_is_counted():
    assert one_by_one(["A-1", "A-2"], "A-2".__eq__) == 1
