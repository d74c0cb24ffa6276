"""How the code is built: data walks one way, few modules know Pyramid, everything public is described."""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "pastebin"
LIMIT = 300

# Each part may import the parts of its own line and those below, never one above.
LAYERS = (
    ("__main__", "application", "pshell", "scripts", "startup", "wsgi"),
    ("views",),
    ("resources", "web"),
    ("services",),
    ("storage",),
    ("cache", "models", "workers"),
    ("images", "previews", "remote"),
    ("media", "names", "units"),
    ("_speedups",),
    (
        "errors",
        "logs",
        "random_bytes",
        "setting_mail",
        "setting_sources",
        "setting_types",
        "settings",
        "version",
    ),
)

# What works alone: beside errors, random bytes and settings (where they are read) it imports nothing of ours.
ALONE = ("cache", "media", "models", "names", "remote", "units", "_speedups")
ALWAYS_THERE = frozenset({"errors", "random_bytes", "settings"})

# What settings are made of.
OF_SETTINGS = frozenset({"setting_mail", "setting_sources", "setting_types"})

# What worker processes import: neither a web framework nor a database belongs in there.
LEAN = ("errors", "images", "media", "names", "previews", "random_bytes", "units", "workers")
HEAVY = frozenset({"pyramid", "sqlalchemy", "webob", "mako", "alembic"})

# Who may know that this is a web application made with Pyramid.
KNOW_PYRAMID = frozenset({"application", "views", "resources", "web", "scripts", "startup", "pshell"})
WEB_FRAMEWORK = frozenset({"pyramid", "pyramid_mako", "webob", "zope", "transaction"})
WEB_SERVER = frozenset({"granian", "gunicorn", "waitress"})


# Who catches whatever comes, because somebody waits for an answer and the thread or process goes on.
MAY_CATCH_EVERYTHING = frozenset(
    {"pastebin.services.committer", "pastebin.web.ingress", "pastebin.workers.serving"}
)


class Module(NamedTuple):
    """A module of the package: its dotted name, its file and what is in it."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def part(self) -> str:
        """Return the part of the package that it belongs to; nothing for the package itself."""
        return [*self.name.split("."), ""][1]

    @property
    def is_package(self) -> bool:
        """Tell whether it is an __init__.py."""
        return self.path.name == "__init__.py"


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the package."""
    return tuple(
        Module(_name_of(path), path, ast.parse(path.read_text(), path))
        for path in sorted(PACKAGE.rglob("*.py"))
    )


def _name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_by(module: Module) -> Iterator[str]:
    """Yield the dotted name of everything that a module imports, also inside its functions."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(module, node)
            yield from (f"{source}.{alias.name}" for alias in node.names)


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.name.split(".") if module.is_package else module.name.split(".")[:-1]
    return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


def parts_imported_by(module: Module) -> set[str]:
    """Return the other parts of our package that a module imports."""
    found = {name.split(".")[1] for name in imported_by(module) if name.startswith("pastebin.")}
    return found - {module.part, "__version__"}


def framework_of(module: Module, framework: frozenset[str]) -> set[str]:
    """Return which packages of a framework a module imports."""
    return {name.partition(".")[0] for name in imported_by(module)} & framework


def offences(found_in: Callable[[Module], Iterable[str]], *parts: str) -> dict[str, list[str]]:
    """Return what is found, by module, in all modules or in those of some parts."""
    found = {m.name: sorted(found_in(m)) for m in modules() if not parts or m.part in parts}
    return {name: things for name, things in found.items() if things}


def test_every_part_has_its_layer() -> None:
    named = [part for layer in LAYERS for part in layer]
    assert len(named) == len(set(named))
    assert {module.part for module in modules()} - {""} == set(named)


def test_data_walks_one_way() -> None:
    layers = [set(layer) for layer in LAYERS]

    def above(module: Module) -> set[str]:
        own = next((number for number, layer in enumerate(layers) if module.part in layer), 0)
        return parts_imported_by(module) - set().union(*layers[own:])

    assert offences(above) == {}


def test_what_works_alone_imports_nothing_beside_it() -> None:
    allowed = ALWAYS_THERE | {"_speedups"}
    assert offences(lambda module: parts_imported_by(module) - allowed, *ALONE) == {}


def test_settings_and_errors_import_nothing_of_ours() -> None:
    allowed = ALWAYS_THERE | OF_SETTINGS
    assert offences(lambda module: parts_imported_by(module) - allowed, *ALWAYS_THERE) == {}
    assert offences(parts_imported_by, *OF_SETTINGS) == {}


def test_services_know_no_settings() -> None:
    """They are given what they need."""

    def settings(module: Module) -> set[str]:
        return set() if module.is_package else parts_imported_by(module) & {"settings"}

    assert offences(settings, "services") == {}


def test_pyramid_is_known_where_requests_are_and_in_includemes() -> None:
    def framework(module: Module) -> set[str]:
        if module.part in KNOW_PYRAMID or module.name == "pastebin":
            return set()
        if module.is_package and _defines(module, "includeme"):
            return {name for name in imported_by(module) if name.startswith(("pyramid.view", "webob"))}
        return framework_of(module, WEB_FRAMEWORK)

    assert offences(framework) == {}


def test_errors_know_no_http() -> None:
    def http(module: Module) -> set[str]:
        return {name for name in imported_by(module) if name.startswith(("http", "pyramid", "webob"))}

    assert offences(http, *ALWAYS_THERE) == {}


def test_nothing_knows_which_server_runs_it() -> None:
    assert offences(lambda module: framework_of(module, WEB_SERVER)) == {}


def test_what_workers_import_is_lean() -> None:
    assert offences(lambda module: framework_of(module, HEAVY), *LEAN) == {}


def test_no_lower_layer_keeps_a_function_to_call_upwards() -> None:
    """A function may be passed down for the length of a call, but not be kept for later: no listeners."""
    lower = {part for layer in LAYERS[3:] for part in layer}

    def kept(module: Module) -> Iterator[str]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                arguments = (*node.args.args, *node.args.kwonlyargs)
                yield from (a.arg for a in arguments if a.annotation and _is_callable(a.annotation))
            elif isinstance(node, ast.AnnAssign) and _is_callable(node.annotation):
                yield ast.unparse(node.target)

    def is_harmless(name: str) -> bool:
        """A constant is a table of functions of its module and below; the others are of the same layer."""
        return name.strip("_").isupper() or name in ("clock", "decoder", "on_slow")

    assert offences(lambda module: {n for n in kept(module) if not is_harmless(n)}, *lower) == {}


def test_nothing_takes_a_session_from_thin_air() -> None:
    """No thread-local session, request or registry: whoever needs one is given it."""
    globals_ = {"scoped_session", "threadlocal", "get_current_request", "get_current_registry"}
    assert offences(lambda m: {name.rpartition(".")[2] for name in imported_by(m)} & globals_) == {}


def test_nothing_catches_everything() -> None:
    def catch_all(module: Module) -> Iterator[str]:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ExceptHandler):
                kind = ast.unparse(node.type) if node.type else "everything"
                if kind in ("everything", "Exception", "BaseException"):
                    yield f"{kind} in line {node.lineno}"

    others = {m.name: sorted(catch_all(m)) for m in modules() if m.name not in MAY_CATCH_EVERYTHING}
    assert {name: found for name, found in others.items() if found} == {}


def test_everything_public_is_described() -> None:
    def undescribed(module: Module) -> Iterator[str]:
        return (name for name, node in _public(module) if not ast.get_docstring(node))

    assert offences(undescribed) == {}


def test_descriptions_begin_with_a_sentence() -> None:
    def fragments(module: Module) -> Iterator[str]:
        for name, node in _public(module):
            first = (ast.get_docstring(node) or "").split("\n\n")[0]
            if first and not first.endswith((".", ":", "…")):
                yield f"{name}: {first}"

    assert offences(fragments) == {}


def test_no_module_is_long() -> None:
    lines = {module.name: len(module.path.read_text().splitlines()) for module in modules()}
    assert {name: count for name, count in lines.items() if count > LIMIT} == {}


@pytest.mark.parametrize("name", ["utils", "helpers", "misc", "manager", "common"])
def test_no_room_is_named_after_nothing(name: str) -> None:
    assert not [module.name for module in modules() if name in module.name.split(".")]


def test_the_audit_is_written_in_one_place() -> None:
    writers = {
        module.name
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node).startswith("insert(AUDIT)")
    }
    assert writers == {"pastebin.services.audit"}


def test_the_migrations_are_no_package() -> None:
    """With an __init__.py the folder would shadow the real alembic."""
    assert (ROOT / "alembic" / "env.py").is_file()
    assert list((ROOT / "alembic").rglob("__init__.py")) == []


@pytest.mark.parametrize("name", ["hashing", "shorturl", "imagecrop"])
def test_every_compiled_module_has_its_twin_and_its_types(name: str) -> None:
    for file in (f"{name}.py", f"_{name}_py.py", f"_{name}_c.pyx", f"_{name}_c.pyi"):
        assert (PACKAGE / "_speedups" / file).is_file()


def _is_callable(annotation: ast.expr) -> bool:
    return "Callable[" in ast.unparse(annotation)


def _defines(module: Module, name: str) -> bool:
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in module.tree.body)


def _public(module: Module) -> Iterator[tuple[str, ast.Module | ast.ClassDef | ast.FunctionDef]]:
    """Yield the module itself, and its public classes, functions and methods."""
    yield module.name, module.tree
    yield from _public_in(module.tree, module.name)


def _public_in(node: ast.AST, name: str) -> Iterator[tuple[str, ast.ClassDef | ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and not child.name.startswith("_"):
            yield f"{name}.{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from _public_in(child, f"{name}.{child.name}")
