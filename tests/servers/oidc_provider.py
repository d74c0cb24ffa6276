"""A private provider of accounts: npm's oidc-provider."""

from pathlib import Path

from .issuer import CLIENT, SECRET
from .process import HOST, ServerProcess, find_program

SCRIPT = Path(__file__).with_suffix(".mjs")


class OidcProviderServer(ServerProcess):
    """oidc-provider, which knows one client; whoever signs in there is who they say."""

    name = "oidc-provider"

    def __init__(self, folder: Path, redirect: str) -> None:
        super().__init__(folder)
        self._redirect = redirect

    @property
    def address(self) -> str:
        """Return the issuer."""
        return f"http://{HOST}:{self.port}"

    def command(self) -> list[str]:
        """Return the command line."""
        return [find_program("node"), str(SCRIPT), str(self.port), CLIENT, SECRET, self._redirect]
