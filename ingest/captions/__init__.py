"""Text to findings: what a caption says, with the exact characters that say it."""

from ingest.captions.findings import Reading
from ingest.captions.interpret import interpret, read_credit

__all__ = ["Reading", "interpret", "read_credit", "ready"]


def ready() -> None:
    """Build the tables of names where the cache has none for these authority files: some twenty seconds, once.

    Whoever has captions read in processes with limits on time and memory calls this first.
    """
    from ingest.captions import gazetteer, lexicon

    lexicon.authorities()
    gazetteer.lookup("")
