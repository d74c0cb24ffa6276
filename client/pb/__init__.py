"""pb: share files on a pastebin server from a terminal."""

__version__ = "0.1.0"
