"""From a file on disk to a Photo. Never writes SQL or HTML."""
