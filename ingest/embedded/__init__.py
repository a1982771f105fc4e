"""Bytes to tags: what a file carries, verbatim and without opinion."""
