"""What a photo record is, where it is kept, how it is found and shown. Never opens an image."""

__version__ = "0.1.0"
#: Who is named in the log of events.
AGENT = f"cutline {__version__}"
