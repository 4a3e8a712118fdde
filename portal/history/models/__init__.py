"""The nouns of the history: events, the tree over them, its witnesses, and alarms."""

from portal.history.models.alarms import Alarm, Explanation, Misfit
from portal.history.models.events import DatabaseClock, Event, EventQuerySet, Unsealed
from portal.history.models.tree import Checkpoint, CheckpointQuerySet, Leaf, Node, SigningKey
from portal.history.models.witnesses import Cosignature, Mailing, Retirement, Witness

__all__ = [
    "Alarm",
    "Checkpoint",
    "CheckpointQuerySet",
    "Cosignature",
    "DatabaseClock",
    "Event",
    "EventQuerySet",
    "Explanation",
    "Leaf",
    "Mailing",
    "Misfit",
    "Node",
    "Retirement",
    "SigningKey",
    "Unsealed",
    "Witness",
]
