"""What the templates and scripts of the pages say to each other: checks that need no service.

python bin/lib/templates.py  print what is wrong, a line each; the exit status tells whether anything is
"""

import ast
import builtins
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mako.exceptions import MakoException
from mako.template import Template

PACKAGE = Path(__file__).resolve().parents[2] / "pastebin"
TEMPLATES = PACKAGE / "templates"
SCRIPTS = PACKAGE / "static" / "js"

# What Mako and Python bring.
_NOT_OURS = {
    *dir(builtins),
    "self",
    "next",
    "parent",
    "local",
    "caller",
    "capture",
    "context",
    "loop",
    "UNDEFINED",
}


def strings_of_modules() -> set[str]:
    """Return every string in the Python modules: the names that views hand to templates are among them."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        found |= {node.value for node in ast.walk(ast.parse(path.read_text())) if _is_string(node)}
        found |= {node.arg for node in ast.walk(ast.parse(path.read_text())) if _is_keyword(node)}
    return found


def _is_string(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_keyword(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg is not None


def names_of(template: Template) -> set[str]:
    """Return the names that a template takes from outside."""
    calls = [node for node in ast.walk(ast.parse(template.code)) if isinstance(node, ast.Call)]
    looked_up = [call for call in calls if ast.unparse(call.func) in ("context.get", "_import_ns.get")]
    return {str(ast.literal_eval(call.args[0])) for call in looked_up}


def faults_of_templates() -> Iterator[str]:
    """Yield the templates that do not compile and the names that nobody gives them."""
    given = strings_of_modules() | _NOT_OURS
    for path in sorted(TEMPLATES.rglob("*.mako")):
        name = path.relative_to(PACKAGE)
        try:
            wanted = names_of(Template(filename=str(path)))  # noqa: S702  (compiled, not rendered)
            yield from (f"{name}: nobody gives it {missing!r}" for missing in sorted(wanted - given))
        except (MakoException, SyntaxError) as error:
            yield f"{name}: {error}"


def faults_of_words() -> Iterator[str]:
    """Yield the words that a script says and no template gives it."""
    given = set(re.findall(r'^ +"(\w+)": _\(', "".join(_texts(TEMPLATES, "*.mako")), re.MULTILINE))
    said = set(re.findall(r'\b(?:say|announce)\("(\w+)"', "".join(_texts(SCRIPTS, "*.js"))))
    yield from (f"static/js: no template has the word {word!r}" for word in sorted(said - given))


def _texts(folder: Path, pattern: str) -> list[str]:
    return [path.read_text() for path in sorted(folder.rglob(pattern))]


def main() -> int:
    """Print what is wrong; return the exit status."""
    faults = [*faults_of_templates(), *faults_of_words()]
    print("\n".join(faults) or "every template compiles and knows its names")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
