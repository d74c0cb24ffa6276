"""Private servers for the tests: temporary folders, free ports of 127.0.0.1, ended by process id."""

from .app import AppServer
from .mariadb import MariaDB
from .memcached import Memcached
from .nginx import Nginx
from .process import ServerError, ServerProcess, free_port

__all__ = ["AppServer", "MariaDB", "Memcached", "Nginx", "ServerError", "ServerProcess", "free_port"]
