"""A private nginx in front of a server under test."""

from pathlib import Path

from .app import AppServer
from .forked import ROOT
from .process import HOST, ServerError, ServerProcess, find_program

DEPLOYED = ROOT / "docs" / "nginx.conf"
PROCESS = "server 127.0.0.1:{port} max_fails=0;"

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


def behind_nginx(folder: Path, server: AppServer, *more: AppServer, **changes: str) -> Nginx:
    """Return an nginx as docs/nginx.conf has it, with this machine's ports and paths, and without TLS."""
    before, _, after = DEPLOYED.read_text().partition("# Whoever asks for another host")
    own = {
        PROCESS.format(port=6543): "\n".join(PROCESS.format(port=one.port) for one in (server, *more)),
        "listen 443 ssl http2;": "listen 127.0.0.1:{port};",
        "ssl_certificate /etc/letsencrypt/live/files.example.org/fullchain.pem;": "",
        "ssl_certificate_key /etc/letsencrypt/live/files.example.org/privkey.pem;": "",
        "alias /var/lib/pastebin/files/": f"alias {server.files}/",
        "/var/cache/nginx-pastebin": str(folder / "cache"),
        "/var/log/nginx/pastebin.log": str(folder / "access.log"),
        "limit_conn pastebin_connections 40;": "",
        "limit_req zone=pastebin_requests burst=200 nodelay;": "",
        **changes,
    }
    text = before + "server {\n    listen 443 ssl http2;" + after.rpartition("    listen 443 ssl http2;")[2]
    for written, meant in own.items():
        if written not in text:
            raise ServerError(f"{DEPLOYED} no longer says {written}")
        text = text.replace(written, meant)
    return Nginx(folder, text)
