"""waitress, told what the application's settings say about bodies."""

from .runner import serve

__all__ = ["serve"]
