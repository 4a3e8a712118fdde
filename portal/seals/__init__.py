"""The seal of the portal: a PAdES signature over a whole PDF, with the time of an independent authority where there is one."""

from portal.seals.pades import SealingFailed, seal_pdf
from portal.seals.reading import NotSealed, Seal, read_seal

__all__ = ["NotSealed", "Seal", "SealingFailed", "read_seal", "seal_pdf"]
