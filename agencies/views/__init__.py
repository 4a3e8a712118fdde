"""The HTML door of the agencies app."""
