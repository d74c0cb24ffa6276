"""The client alone: installed into an empty environment, or copied."""

import ast
import os
import shutil
import subprocess
import sys
import tomllib

from tests.client.conftest import CLIENT


def test_it_installs_alone_and_runs(tmp_path):
    shutil.copytree(
        CLIENT, tmp_path / "client", ignore=shutil.ignore_patterns("build", "*.egg-info", "__pycache__")
    )
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    wheel = [
        *pip,
        "wheel",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "-w",
        str(tmp_path),
        str(tmp_path / "client"),
    ]
    subprocess.run(wheel, check=True)
    [built] = tmp_path.glob("pastebin_client-*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    install = [*pip, "--python", str(tmp_path / "venv"), "install", "--no-index", str(built)]
    subprocess.run(install, check=True)
    program = tmp_path / "venv" / "bin" / "pb"
    shown = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert shown.stdout == "pb 0.1.0\n"


def test_a_copied_folder_runs_by_itself(tmp_path):
    shutil.copytree(CLIENT / "pb", tmp_path / "pb")
    command = [
        sys.executable,
        "-I",
        "-c",
        "import sys; sys.path.insert(0, '.'); from pb.cli import main; main(['--help'])",
    ]
    shown = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=dict(os.environ)
    )
    assert "pb put FILE" in shown.stdout


def test_it_imports_the_standard_library_alone():
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == []
    for path in (CLIENT / "pb").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            for name in names:
                assert name.partition(".")[0] in sys.stdlib_module_names, f"{path.name}: {name}"
