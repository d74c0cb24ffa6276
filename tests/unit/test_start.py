"""What a start loads: nothing that only some visitors, or only worker processes, have any use for."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Large libraries, each loaded by the first who needs it.
FOR_SOME = frozenset(
    {
        *("webauthn", "cryptography", "OpenSSL", "pyasn1", "joserfc"),  # passkeys, providers of accounts
        *("limits", "deprecated", "wrapt"),  # the first event that is counted
        *("xlsxwriter", "segno"),  # statistics, QR codes
        *("transaction", "zope.sqlalchemy"),  # shells and commands
        *("alembic", "click", "tqdm", "waitress", "jsonschema"),  # other programs than the server
    }
)
FOR_WORKERS = frozenset(
    {
        *("chardet", "markdown_it", "mdit_py_plugins", "nh3", "pi_heif", "pillow_jxl"),
        *("pypdfium2", "python_calamine", "resvg", "tinytag"),
    }
)

PROGRAM = """
import gc, json, sys
from pastebin.wsgi import application
from webob import Request

status = Request.blank("/").get_response(application).status_int
print(json.dumps({"status": status, "modules": list(sys.modules), "collects": gc.isenabled()}))
"""


def test_a_start_and_its_first_page_load_nothing_that_few_need(tmp_path: Path) -> None:
    settings = {"PASTEBIN_INI": str(ROOT / "development.ini"), "PASTEBIN_DATA": str(tmp_path)}
    environment = {**os.environ, **settings}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(ran.stdout)
    assert (found["status"], found["collects"]) == (200, True)
    assert sorted((FOR_SOME | FOR_WORKERS) & set(found["modules"])) == []
