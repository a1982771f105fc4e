"""Text to findings: what a caption says, with the exact characters that say it."""
