"""The English words with which a choice stands in the sentence of a clause, where no alternate of its own is needed."""

from collections.abc import Mapping

from .fields import Answer

PHRASES: Mapping[str, Mapping[Answer, str]] = {
    "courtesy_texts": {
        True: "Translations may be made for convenience and decide nothing.",
        False: "No translation has any standing between the Parties.",
    },
    "quorum": {
        "majority": "more than half of the Parties",
        "two_thirds": "at least two thirds of the Parties",
        "all": "all Parties",
    },
    "decision_majority": {
        "simple": "more than half of the votes cast",
        "two_thirds": "at least two thirds of the votes cast",
        "consensus": "consensus, which is reached when no Party objects",
    },
    "voting_suspension": {
        True: "A Party that has been given notice of a substantial breach does not vote, and is not counted, until the "
        "breach is cured. It is heard before the others vote.",
        False: "A Party that has been given notice of a breach keeps its vote, except on the question of that breach.",
    },
    "related_entities": {
        "contractors": "a contractor or subcontractor of that Party",
        "all_tiers": "a contractor, subcontractor, user or customer of that Party, at any tier,",
    },
    "flow_down": {
        "on_request": "shows this to another Party on request",
        "before_work": "confirms this to the other Parties in writing before the work of that entity begins",
    },
    "joint_costs": {
        "by_share": "by the owners in proportion to their shares",
        "equal": "by the owners in equal parts",
        "lead_first": "by the owner in charge, which recovers them from the first revenue before any other is shared",
    },
    "joint_prosecution": {
        "largest_share": "the owner with the largest share or, where shares are equal, the owner that the others choose",
        "jointly": "all owners together, through one representative whom they appoint",
    },
    "joint_enforcement": {
        "consent": "with the consent of all owners, which states who leads, who pays and how what is recovered is shared",
        "after_notice": "after it has asked the other owners to join and given them thirty (30) days to answer; an owner "
        "that does not join lends its name where the law requires it, bears no cost, and has no share in what is recovered",
    },
    "data_archive": {"": "the archive that each Party names for the data of its own instruments"},
    "data_licence": {
        "attribution": "free of charge and for any purpose, by whoever names their source",
        "unrestricted": "free of charge and for any purpose, without conditions",
        "research": "free of charge, for research and teaching without commercial purpose, by whoever names their source",
    },
    "registration": {
        "none": "No space object is launched under this text.",
        "separate": "Before each launch the Parties concerned agree which launching state registers each space object, and "
        "inform the other Parties.",
        "operator": "Each space object is registered, where its state is a launching state, by the state of the Party that "
        "operates the object.",
    },
    "disclosure_purpose": {"": "prepare, discuss and carry out the Project"},
    "accession_consent": {"all": "with the written consent of all Parties"},
    "amendment_consent": {"all": "all Parties"},
    "assignment_consent": {
        "successor": "without the prior written consent of the others, except to a body that takes over its tasks in the "
        "Project and accepts this text in writing, of which it gives notice beforehand",
        "all": "without the prior written consent of all others",
    },
    "ends_with_parent": {
        True: "Where this text is made under another agreement and that agreement ends, this text ends with it, except for "
        "what continues after its end.",
        False: "Where this text is made under another agreement, the end of that agreement does not by itself end this "
        "text.",
    },
}
