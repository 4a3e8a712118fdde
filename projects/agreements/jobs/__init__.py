"""What happens to agreements in the background; the worker imports this package."""

from projects.agreements.jobs.life import tend, tend_agreement
from projects.agreements.jobs.sealing import seal_pdf

__all__ = ["seal_pdf", "tend", "tend_agreement"]
