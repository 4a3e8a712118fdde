"""The JSON door of intellectual property."""

from projects.ip.api.assets import Assets

routes = [("assets", Assets, "asset")]
