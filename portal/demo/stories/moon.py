"""Two ways to the Moon: a surveyor whose clauses are still in dispute, and a service module whose text is agreed."""

from decimal import Decimal

from portal.demo.world import INVENTED, World, flowing, this_year
from projects import actions as joint
from projects.agreements import actions as agreeing
from projects.agreements.models import Agreement
from projects.ip import actions as register
from projects.messaging import actions as talking
from projects.models import Project

OBJECTIVE = flowing(f"""Measure how much water ice and other volatiles lie in the top metre of permanently shadowed ground
near the lunar south pole, and how they are bound, with one lander and one small rover, over one lunar day.

- **JAXA** leads, lands and operates.
- **ESA** drills and analyses.
- **CSA** drives and handles samples.

Each bears its own cost; no funds are exchanged.

{INVENTED}""")

ACCESS = flowing("""A request for Access Rights is made in writing. It names the Background or the Results, the purpose, and
why access is Needed.

The owner answers within twenty (20) working days of the Party that must answer. If no answer is given in that time, the
request passes to the heads of the Project; silence is neither consent nor refusal.

Requests for Exploitation may be made until {{access_request_months}} after the Project ends.""")

NOTICE = flowing("""A Party that intends to publish Results of the Project sends the other Parties the text at least
forty-five (45) days before. Another Party may object within {{publication_objection_days}} if publication would harm the
protection of its Results or Background, and says what change would remove the harm.

A joint release to the press needs the consent of all.""")

MAST = flowing("""We ran the mast at 110 K with the new strap. The flange stays under 14 W in every case but one: drilling
with the heater on and the lander in shadow gives **17.2 W**. The budget of interface sheet 2.1 is 15 W.

Two ways out: (a) JAXA accepts 18 W for at most 40 minutes, or (b) we duty-cycle the heater and drill 30 % slower.""")


TALK = (
    ("isabeau", "shared", "In July and August 30 calendar days are too short for us."),
    (
        "ren",
        "internal",
        "Over Golden Week 20 working days can be 32 calendar days. Acceptable, but ask for a cap of 40.",
    ),
    ("mika", "internal", "Agreed. I will answer before Friday."),
    ("lucien", "shared", "ESA accepted; a cap would be fine too."),
)


def tell(world: World) -> None:
    _surveyor(world)
    _service_module(world)


def _surveyor(world: World) -> None:
    project = world.draft(
        "mika",
        *("ESA", "CSA"),
        title="Lunar Polar Volatiles Surveyor",
        summary="A lander and a small rover measure how much ice the shadowed ground near the lunar south pole holds.",
        objective=OBJECTIVE,
        destination="moon",
        taxonomy=["TX04", "TX07", "TX08"],
        planned_start=this_year(1, 15, years=1),
        planned_end=this_year(3, 31, years=4),
    )
    project = world.propose(project, "mika", "lucien")
    world.answer(project, "isabeau", "condition", condition="Subject to the availability of funds in each fiscal year.")
    joint.accept_condition(project, world.agency("CSA"), actor=world.actor("mika"))
    project = Project.objects.get(pk=project.pk)
    world.team(project, "mika", "mika", "kenji", "ren", "sora", "yui")
    world.team(project, "lucien", "lucien", "ingrid", "maren")
    world.team(project, "isabeau", "isabeau", "owen")
    _register(world, project)
    agreement = world.negotiate(
        project, "mika", title="Intellectual property agreement for the surveyor (demonstration)"
    )
    _rounds(world, agreement)
    _drill(world, project)


def _rounds(world: World, agreement: Agreement) -> None:
    """Two rounds are over; in the third one change waits for JAXA, another for CSA, and a figure stands in brackets."""
    world.change(agreement, "lucien", "mika", "isabeau", operation="answer", answers={"cure_days": 45})
    world.change(
        agreement, "mika", "lucien", "isabeau", operation="reword", code="publication", text=NOTICE,
        note="Forty-five days are what our review board needs.",
    )  # fmt: skip
    world.agree(agreement, "lucien")
    world.change(
        agreement, "isabeau", "lucien", operation="reword", code="requests", text=ACCESS,
        note="Working days of the answering party are fair to all three calendars.",
    )  # fmt: skip
    world.change(agreement, "mika", "lucien", operation="answer", answers={"withdrawal_notice_months": 9})
    for who, audience, words in TALK:
        agreeing.comment(agreement, actor=world.actor(who), code="requests", words=words, audience=audience)
    agreeing.place_bracket(
        agreement, "confidentiality", actor=world.actor("isabeau"), note="Our archive law may ask for a shorter time."
    )
    agreeing.ask_approvals(
        agreement, actor=world.actor("mika"),
        lines=[{"kind": "legal", "words": "Legal office"}, {"kind": "export", "words": "Export control board"}],
    )  # fmt: skip


def _register(world: World, project: Project) -> None:
    register.list_background(
        project,
        actor=world.actor("ren"),
        nature="hardware",
        title="Landing radar",
        description="Demonstration entry. As flown on the technology demonstrator.",
        limits_implementation="Interface data only.",
        limits_exploitation="Not outside lunar missions.",
        marking="JAXA proprietary, for the surveyor only",
    )
    register.list_background(
        project,
        actor=world.actor("chiara"),
        nature="software",
        title="Drill control software",
        description="Demonstration entry. Release 2, with its simulator.",
        limits_implementation="Object code with its interfaces.",
        limits_exploitation="On request, on fair and reasonable terms.",
    )
    register.list_background(
        project,
        actor=world.actor("isabeau"),
        nature="know_how",
        title="Driving on loose regolith at low light",
        description="Demonstration entry.",
    )
    thermal = register.claim_result(
        project,
        actor=world.actor("mika"),
        nature="software",
        title="Regolith thermal model",
        description="Demonstration entry. Made in phase A from measurements of both.",
        shares={"JAXA": Decimal(60), "ESA": Decimal(40)},
        generated_on=this_year(1, 25),
        made_in="JP",
    )
    register.contest(
        thermal,
        actor=world.actor("isabeau"),
        reason="Two of the four boundary conditions come from our chamber tests. We ask for a share of 10 percent.",
    )
    head = register.declare_sideground(
        project,
        actor=world.actor("lucien"),
        nature="design",
        title="Percussive drill head for asteroids",
        description="Demonstration entry. Made meanwhile in another programme.",
    )
    register.contest(
        head,
        actor=world.actor("ren"),
        reason="The hammer was tried in the chamber of this project in spring. We read that as a result, not as sideground.",
    )


def _drill(world: World, project: Project) -> None:
    thread = world.thread(
        "Thermal interface of the drill mast",
        ["JAXA", "ESA", "CSA"],
        (
            "maren",
            "en",
            MAST,
        ),
        (
            "-sora",
            "ja",
            "40分間なら18 Wは許容できますが、バッテリー余裕が3 %に下がります。「着陸機が日照中」に限定したいです。",
        ),
        (
            "-mika",
            "en",
            "Understood: sunlit only. I will offer (a) with that condition. Keep the battery margin inside.",
        ),
        project=project,
    )
    offer = world.say(thread, ("mika", "en", "JAXA can accept 18 W for 40 minutes while the lander is in sunlight."))
    talking.edit_message(
        offer,
        actor=world.actor("mika"),
        body="JAXA can accept 18 W for 40 minutes **while the lander is in sunlight**. In shadow we would need (b). "
        "Would that work for the drill sequence?",
    )
    hasty = world.say(thread, ("owen", "en", "CSA would rather move the drill to the rover."))
    talking.withdraw_message(hasty, actor=world.actor("owen"))
    world.say(
        thread,
        (
            "lucien",
            "en",
            "Works for us: all three drill stops can be planned in sunlight. Let us record it on sheet 2.1.",
        ),
    )


def _service_module(world: World) -> None:
    project = world.mission(
        "orion-esm", "stella", "ESA", "CSA", planned_start=this_year(4, 1), planned_end=this_year(12, 31, years=6)
    )
    project = world.propose(project, "stella", "lucien", "isabeau")
    register.list_background(
        project,
        actor=world.actor("chiara"),
        nature="hardware",
        title="Propulsion tanks of the service module",
        description="Demonstration entry.",
        limits_implementation="Integration data only.",
    )
    agreement = world.negotiate(
        project,
        "stella",
        title="IP-sharing agreement for the service module (demonstration)",
        answers={"sublicensing": "none", "applicable_law": "named", "named_law": "the law of the Netherlands"},
    )
    world.agree(agreement, "stella", "lucien", "isabeau")
    world.thread(
        "Ready to freeze?",
        ["NASA", "ESA", "CSA"],
        ("stella", "en", "All three have agreed to revision 1. I will freeze the text on Monday unless you object."),
        ("lucien", "en", "No objection. Our signatory is back on Wednesday."),
        project=project,
    )
