"""Threads with their list of agencies, messages with their audience, what was edited, and who has read how far."""

from projects.messaging.models.message import (
    LONGEST,
    Audience,
    Message,
    MessageEdit,
    MessageQuerySet,
    language_tag,
)
from projects.messaging.models.read_mark import ReadMark
from projects.messaging.models.thread import Thread, ThreadAgency

__all__ = [
    "LONGEST",
    "Audience",
    "Message",
    "MessageEdit",
    "MessageQuerySet",
    "ReadMark",
    "Thread",
    "ThreadAgency",
    "language_tag",
]
