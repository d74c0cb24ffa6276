"""Run `pb`, also as `python -m pb`."""

import sys

from .cli import main


def run() -> None:
    """Run the command line and end with its status."""
    sys.exit(main())


if __name__ == "__main__":
    run()
