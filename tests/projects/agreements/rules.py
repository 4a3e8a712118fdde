"""Rules of entry into force and what parties have done, drawn at random."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from projects.agreements.entry.facts import Deed, Facts, PartyFacts
from projects.agreements.entry.grammar import ACTS, EVENTS
from projects.agreements.entry.rules import (
    AllSigned,
    CountSigned,
    DaysAfter,
    Done,
    Either,
    Every,
    NamedSigned,
    OnDay,
    PerParty,
    ShareSigned,
)

REFS = ("JAXA", "ESA", "CNES", "ISRO")
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ZONES = ("UTC", "Asia/Tokyo", "America/New_York", "Asia/Kolkata")

some_refs = st.lists(st.sampled_from(REFS), min_size=1, max_size=4, unique=True).map(tuple)
dates = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days=days))
shares = st.integers(1, 1000).map(lambda tenths: Decimal(tenths) / 10)
signatures = st.one_of(
    st.just(AllSigned()),
    st.builds(CountSigned, st.integers(1, 4), st.one_of(st.just(()), some_refs)),
    st.builds(NamedSigned, some_refs),
    st.builds(ShareSigned, shares),
)
done = st.one_of(
    st.builds(Done, st.sampled_from(ACTS)),
    st.builds(lambda act, count: Done(act, count=count), st.sampled_from(ACTS), st.integers(1, 4)),
    st.builds(lambda act, refs: Done(act, refs=refs), st.sampled_from(ACTS), some_refs),
)
leaves = st.one_of(
    signatures, done, st.builds(OnDay, dates), st.builds(DaysAfter, st.sampled_from(EVENTS), st.integers(0, 90))
)


def _branches(parts):
    lists = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(Every, lists), st.builds(Either, lists))


trees = st.recursive(leaves, _branches, max_leaves=6)


@st.composite
def rules(draw):
    """A rule, at times one that gives later parties days of their own."""
    rule = draw(trees)
    days = draw(st.one_of(st.none(), st.integers(0, 90)))
    if days is None:
        return rule
    parts = rule.parts if isinstance(rule, Every) else (rule,)
    return Every((*parts, PerParty(days)))


@st.composite
def facts(draw):
    """Four parties of whom some have done some things within two hundred days; today is at least the day of the last."""

    def deed():
        hours = draw(st.one_of(st.none(), st.integers(0, 4800)))
        return None if hours is None else Deed(START + timedelta(hours=hours), draw(st.uuids()).hex)

    def party(ref):
        acts = {kind: found for kind in ACTS if (found := deed()) is not None}
        return PartyFacts(
            ref, draw(st.one_of(st.none(), st.sampled_from([Decimal(10), Decimal(25), Decimal("33.3")]))), deed(), acts
        )

    parties = tuple(party(ref) for ref in REFS)
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    now = last_instant(parties) + timedelta(hours=draw(st.integers(0, 4000)))
    return Facts(parties, zone, now.astimezone(zone).date())


def last_instant(parties) -> datetime:
    deeds = [deed for party in parties for deed in (party.signed, *party.acts.values()) if deed is not None]
    return max((deed.at for deed in deeds), default=START)
