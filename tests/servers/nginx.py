"""A private nginx in front of a server under test."""

from pathlib import Path

from .process import HOST, ServerProcess, find_program

SURROUNDINGS = """\
daemon off;
{user}
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
events {{}}
http {{
    access_log off;
    client_body_temp_path bodies;
    proxy_temp_path proxied;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
{servers}
}}
"""


class Nginx(ServerProcess):
    """nginx with the given `server` blocks, in which `{port}` stands for the port it listens on."""

    name = "nginx"
    death_signal = "TERM"  # the master ends its workers

    def __init__(self, folder: Path, servers: str) -> None:
        super().__init__(folder)
        self.servers = servers

    @property
    def url(self) -> str:
        """Return scheme, host and port."""
        return f"http://{HOST}:{self.port}"

    def command(self) -> list[str]:
        """Write the configuration and return the command line."""
        user = "user root;" if self.folder.owner() == "root" else ""
        configuration = SURROUNDINGS.format(user=user, servers=self.servers.replace("{port}", str(self.port)))
        (self.folder / "nginx.conf").write_text(configuration)
        return [find_program("nginx"), "-p", str(self.folder), "-c", "nginx.conf", "-e", "stderr"]
