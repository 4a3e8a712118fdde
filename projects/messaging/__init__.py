"""Threads: what agencies write to one another, on a project or between themselves, and what they keep inside."""
