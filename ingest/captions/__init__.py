"""Text to findings: what a caption says, with the exact characters that say it."""

from ingest.captions.findings import Reading
from ingest.captions.interpret import interpret, read_credit

__all__ = ["Reading", "interpret", "read_credit"]
