"""Signing: whose place it is, what is read and confirmed, and how the signatory proves it."""
