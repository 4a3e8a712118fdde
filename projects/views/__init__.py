"""The HTML door of joint work."""
