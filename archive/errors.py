"""What can go wrong, each with what a person needs to act on it."""

from __future__ import annotations


class ArchiveError(Exception):
    """Base of all errors that cutline raises on purpose. Its text is a whole sentence for a user."""


class RefusedFile(ArchiveError):
    """A file that is not taken in. It costs only itself: it is listed in `problems`, the run goes on."""

    def __init__(self, path: str, reason: str, message: str) -> None:
        """`reason` is a short stable code ("not-a-photo", "too-large"), `message` says what to do."""
        super().__init__(f"{path}: {message}")
        self.path, self.reason, self.message = path, reason, message


class AuthorityError(ArchiveError):
    """An authority file that breaks a rule: file, line, what was expected."""

    def __init__(self, file: str, line: int, message: str) -> None:
        """`line` counts from 1."""
        super().__init__(f"{file}:{line}: {message}")
        self.file, self.line, self.message = file, line, message


class DatabaseError(ArchiveError):
    """A database that cutline will not touch: not ours, newer than this version, held by another writer."""
