"""What projects show on the home page."""

from django.test import RequestFactory

from projects import actions
from projects.missing import waits_for
from projects.models import Project
from projects.panels import ON_HOME, my_projects
from tests.cast import Cast
from tests.projects.life import accepted, drafted, proposed


def test_home_shows_the_projects_one_is_inside_of_with_whom_they_wait_for(cast: Cast) -> None:
    moon, open_call = proposed(cast, title="Moon"), proposed(cast, title="Open", audience="public")
    actions.withdraw_proposal(open_call, actor=cast.actor(cast.mika))
    request = RequestFactory().get("/")

    shown = {}
    for person in (cast.mika, cast.lucien, cast.tara, cast.sora):
        request.actor = cast.actor(person)  # type: ignore[attr-defined]
        shown[person] = [(row.ref, row.waits) for row in my_projects(request).context["projects"]]

    assert shown[cast.mika] == [(moon.ref, "The answer of ESA")]
    assert shown[cast.lucien] == [(moon.ref, "Your answer")]
    assert shown[cast.tara] == shown[cast.sora] == []


def test_home_shows_a_few_and_says_that_there_are_more(cast: Cast) -> None:
    for _number in range(ON_HOME + 1):
        drafted(cast)
    request = RequestFactory().get("/")
    request.actor = cast.actor(cast.mika)  # type: ignore[attr-defined]

    context = my_projects(request).context

    assert (len(context["projects"]), context["has_more"]) == (ON_HOME, True)


def test_what_a_project_waits_for_in_few_words(cast: Cast) -> None:
    mika = cast.actor(cast.mika)

    def words(project: Project) -> str:
        return waits_for(Project.objects.with_agencies().get(pk=project.pk), mika)

    study = accepted(cast, mode="study")
    assert words(drafted(cast)) == "The proposal of JAXA"
    assert words(accepted(cast)) == "An agreement in force"
    assert words(study) == "The start by JAXA"
    actions.activate(study, actor=mika)
    assert words(study) == ""
    actions.suspend(study, actor=mika, cause="Funding decision")
    assert words(study) == "Funding decision"
