"""What an operator adds to the library: where it stands, when it is chosen, and what is wrong with it."""

from dataclasses import replace

import pytest

from projects.agreements.library import Alternate, Clause, load_library, with_added
from projects.agreements.library.checking import problems
from projects.agreements.profile import defaults


def wording(code="own", when=None, text="Our own words.", **changed):
    return replace(Alternate(code, "Ours", when or {}, text, "Read it before you choose it."), **changed)


def clause(code, *alternates, after="", group="risk", heading="Insurance"):
    return Clause(code, heading, group, alternates or (wording(),), after=after)


def codes(library):
    return [clause.code for clause in library.clauses]


def test_an_added_alternate_stands_last_and_wins_when_it_suits():
    library = with_added(load_library(), [clause("liability", wording(when={"liability": "own"}))])

    liability = library.clause("liability")
    assert [one.code for one in liability.alternates] == ["own", "cap", "cross_waiver", "own"]
    assert liability.alternate_for(defaults()).text == "Our own words."
    assert liability.alternate_for(defaults() | {"liability": "cross_waiver"}).code == "cross_waiver"


def test_the_latest_of_two_added_alternates_wins():
    added = [clause("funds", wording("first")), clause("funds", wording("second"))]

    assert with_added(load_library(), added).clause("funds").alternate_for(defaults()).code == "second"


def test_a_newer_version_of_an_added_alternate_takes_its_place():
    added = [clause("funds", wording("ours", text="Old.")), clause("funds", wording("ours", text="New."))]

    funds = with_added(load_library(), added).clause("funds")

    assert [one.text for one in funds.alternates if one.is_added] == ["New."]


def test_an_added_alternate_leaves_heading_and_place_of_the_clause():
    library = with_added(load_library(), [clause("funds", heading="Other", group="life", after="parties")])

    assert codes(library) == codes(load_library())
    assert library.clause("funds").heading == "Funds"


def test_an_added_clause_stands_after_the_one_it_names():
    library = with_added(load_library(), [clause("insurance", after="liability")])

    assert codes(library)[codes(library).index("liability") + 1] == "insurance"


def test_clauses_added_after_the_same_one_keep_their_order():
    library = with_added(load_library(), [clause("first", after="liability"), clause("second", after="liability")])

    place = codes(library).index("liability")
    assert codes(library)[place + 1 : place + 3] == ["first", "second"]


@pytest.mark.parametrize("after", ["", "nowhere", "insurance"])
def test_an_added_clause_without_a_place_stands_last(after):
    assert codes(with_added(load_library(), [clause("insurance", after=after)]))[-1] == "insurance"


def test_an_added_clause_may_follow_one_that_is_added_later():
    library = with_added(load_library(), [clause("second", after="first"), clause("first", after="funds")])

    place = codes(library).index("funds")
    assert codes(library)[place + 1 : place + 3] == ["first", "second"]


def test_clauses_that_follow_each_other_in_a_circle_are_all_kept():
    library = with_added(load_library(), [clause("one", after="two"), clause("two", after="one")])

    assert {"one", "two"} <= set(codes(library))


def test_alternates_of_an_added_clause_come_together():
    first, second = wording("low", {"liability": "own"}), wording("high", {"liability": "cap"})

    library = with_added(load_library(), [clause("insurance", first), clause("insurance", second)])

    assert codes(library).count("insurance") == 1
    assert [one.code for one in library.clause("insurance").alternates] == ["low", "high"]


def test_the_files_stay_as_they_are():
    before = load_library()

    with_added(before, [clause("insurance"), clause("funds")])

    assert load_library() is before
    assert "insurance" not in codes(before)


@pytest.mark.parametrize(
    ("added", "said"),
    [
        (clause("x", wording(text="Pay {{salary}}.")), "placeholder salary means nothing"),
        (clause("x", wording(text="Pay {{}}.")), "placeholder {{}} means nothing"),
        (clause("x", wording(text="Pay {cure_days}.")), "braces that are no placeholder"),
        (clause("x", wording(text="Pay {{Cure Days}}.")), "braces that are no placeholder"),
        (clause("x", wording(text="See {{clause:nowhere}}.")), "no clause nowhere to refer to"),
        (clause("x", wording(text="See {{clause:accession}}.")), "clause accession can be left out"),
        (clause("x", wording(text="See {{clause:provisional}}.")), "clause provisional can be left out"),
        (clause("x", wording(when={"colour": "blue"})), "names colour, which is not asked"),
        (clause("x", wording(when={"funds_model": "barter"})), "names funds_model, which is not asked"),
        (clause("x", wording(when={"liability": "none"})), "none is no answer to liability"),
        (clause("x", wording(when={"liability": ["own", "never"]})), "never is no answer to liability"),
        (clause("x", wording(when={"extension": "yes"})), "yes is no answer to extension"),
        (clause("x", wording(when={"cure_days": 0})), "0 is no answer to cure_days"),
        (clause("x", wording(text=" \n")), "the text is empty"),
        (clause("x", wording(text="a" * 20_001)), "more than 20,000 characters"),
        (clause("x", wording(note=" ")), "note for the negotiator is empty"),
        (clause("x", wording(label="")), "needs a code and a label"),
        (clause("x", heading=" "), "needs a code and a heading"),
        (clause("x", group="nowhere"), "no chapter nowhere"),
        (Clause("x", "X", "risk", ()), "needs an alternate"),
        (clause("x", wording("a"), wording("a", {"liability": "own"})), "the alternate a stands twice"),
    ],
)
def test_the_checker_says_what_is_wrong(added, said):
    found = problems(with_added(load_library(), [added]), "ip_sharing")

    assert [words for words in found if said in words]
    assert all(words.startswith("x") for words in found)


def test_the_checker_finds_nothing_wrong_with_a_sound_clause():
    sound = clause("x", wording(when={"liability": ["own", "cap"]}, text="See {{clause:law}} within {{cure_days}}."))

    assert problems(with_added(load_library(), [sound]), "ip_sharing") == []


def test_a_clause_may_refer_to_one_of_which_an_alternate_always_stands():
    sound = clause("x", wording(text="See {{clause:liability}}, {{clause:joint_results}} and {{clause:term}}."))

    assert problems(with_added(load_library(), [sound]), "ip_sharing") == []


def test_the_checker_finds_a_code_that_stands_twice():
    library = load_library()
    twice = replace(library, clauses=(*library.clauses, library.clause("funds")))

    assert "funds: the code stands twice." in problems(twice, "ip_sharing")


def test_the_checker_finds_an_alternate_that_can_never_be_chosen():
    library = load_library("nda")
    always = Clause("x", "X", "risk", (wording("all"), wording("some", {"sublicensing": "none"})))

    found = problems(replace(library, clauses=(*library.clauses, always)), "nda")

    assert found == ["x/some: an earlier alternate is always chosen first."]
