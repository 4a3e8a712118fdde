"""The HTML door of agreements."""
