"""`python -m pastebin`: the command line."""

from .scripts.cli import main

if __name__ == "__main__":
    main()
