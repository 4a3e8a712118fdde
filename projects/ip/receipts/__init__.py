"""Receipts of deposits: what proves them, and the script that checks it without us."""
