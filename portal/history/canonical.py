"""The bytes of an event that the ledger hashes: canonical JSON (RFC 8785), recomputed from its columns."""

import json
from datetime import UTC, datetime
from typing import Any

import rfc8785

VERSION = 1
LARGEST_INTEGER = 2**53 - 1

# Strings, small integers, booleans and null are written by the standard encoder as RFC 8785 asks, five times faster.
# What differs there, floats and the order of keys beyond the basic plane, never reaches it: see `check_facts`.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode


def canonical_event(
    *,
    uid: str,
    verb: str,
    target_kind: str,
    target_ref: str,
    scope: str,
    at: str,
    person: str | None,
    agency: str,
    agency_name: str,
    agencies: list[str],
    facts: dict[str, Any],
) -> bytes:
    """Canonical JSON of an event; ValueError when the facts have no exact form. `at` is in the form of `instant`."""
    has_plain_keys = check_facts(facts)
    fields: dict[str, Any] = {
        "v": VERSION,
        "uid": uid,
        "verb": verb,
        "target_kind": target_kind,
        "target_ref": target_ref,
        "scope": scope,
        "at": at,
        "person": person,
        "agency": agency,
        "agency_name": agency_name,
        "agencies": agencies,
        "facts": facts,
    }
    return _encode(fields).encode() if has_plain_keys else rfc8785.dumps(fields)


def instant(moment: datetime) -> str:
    """A moment as the ledger writes it: UTC, microseconds, `2026-11-23T04:38:14.123456Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def check_facts(value: Any) -> bool:
    """Raise ValueError unless the value has exactly one canonical form that also survives the database.

    That leaves strings, integers within ±(2^53 - 1), booleans, null, lists and objects of these. An amount, a share
    or a date is written as a string: a float would be equal to another spelling of itself. Returns whether all keys
    are ASCII: only then sorting by code point gives the order by UTF-16 units that RFC 8785 §3.2.3 asks for.
    """
    kind = type(value)
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("facts cannot hold a NUL character")
        if not value.isascii():
            value.encode()
    elif kind is int:
        if not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
            raise ValueError(f"facts cannot hold the integer {value}: write it as a string")
    elif kind is dict:
        are_plain = True
        for key, element in value.items():
            if type(key) is not str:
                raise ValueError(f"facts cannot hold the key {key!r}: it is not a string")
            check_facts(key)
            are_plain = check_facts(element) and key.isascii() and are_plain
        return are_plain
    elif kind is list or kind is tuple:
        return all([check_facts(element) for element in value])  # noqa: C419 every one is checked
    elif value is not None and kind is not bool:
        raise ValueError(f"facts cannot hold a {kind.__name__}: write it as a string")
    return True
