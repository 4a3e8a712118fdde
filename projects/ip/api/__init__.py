"""The JSON door of intellectual property."""

from projects.ip.api.assets import Assets
from projects.ip.api.deposits import Deposits
from projects.ip.api.publications import Publications

routes = [("deposits", Deposits, "deposit"), ("assets", Assets, "asset"), ("publications", Publications, "publication")]
