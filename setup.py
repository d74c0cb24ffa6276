"""Build the compiled modules and catalogues; everything else is declared in pyproject.toml.

PASTEBIN_NO_EXTENSIONS=1       build none: every module runs on its Python twin.
PASTEBIN_REQUIRE_EXTENSIONS=1  a module that does not build fails the build (CI, production).
Otherwise a module that does not build is left out, with a warning.
"""

import os
import sys
from glob import glob
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py

SOURCES = sorted(glob("pastebin/_speedups/_*_c.pyx"))


class LoudBuildExt(build_ext):
    """Say once, in words, which modules were left out and what that costs."""

    def run(self):
        super().run()
        missing = [ext.name for ext in self.extensions if not os.path.exists(self.get_ext_fullpath(ext.name))]
        if missing:
            print(
                f"WARNING: not compiled: {', '.join(missing)}. pastebin works without them, more slowly. "
                "Install gcc and the Python headers, then install again.",
                file=sys.stderr,
            )


class BuildWithCatalogues(build_py):
    """Compile each catalogue of translations: beside its source, or into what is built."""

    def run(self):
        super().run()
        from babel.messages.mofile import write_mo  # noqa: PLC0415  (nobody else here needs it)
        from babel.messages.pofile import read_po  # noqa: PLC0415

        for source, target in self.catalogues():
            with open(source, "rb") as file:
                catalog = read_po(file, locale=source.parts[-3], domain="pastebin")
            target.parent.mkdir(parents=True, exist_ok=True)
            with open(target, "wb") as file:
                write_mo(file, catalog)
            target.chmod(0o644)  # whoever the service runs as

    def catalogues(self):
        """Return (source, target) of each catalogue."""
        root = Path() if self.editable_mode else Path(self.build_lib)
        sources = map(Path, sorted(glob("pastebin/locale/*/LC_MESSAGES/pastebin.po")))
        return [(source, root / source.with_suffix(".mo")) for source in sources]

    def get_outputs(self, include_bytecode=True):
        return super().get_outputs(include_bytecode) + [str(target) for _, target in self.catalogues()]


def compiled_modules():
    """Return the extensions to build, optional unless PASTEBIN_REQUIRE_EXTENSIONS is set."""
    if os.environ.get("PASTEBIN_NO_EXTENSIONS") == "1":
        return []
    from Cython.Build import cythonize  # noqa: PLC0415  (a build without extensions needs no Cython)

    extensions = cythonize(
        [
            Extension(
                source.removesuffix(".pyx").replace("/", "."),
                [source],
                extra_compile_args=["-O3", "-g0"],
                depends=sorted(glob("pastebin/_speedups/*.h")),
            )
            for source in SOURCES
        ],
        compiler_directives={"language_level": 3, "boundscheck": False, "wraparound": False},
    )
    for extension in extensions:  # cythonize() drops `optional`, so it is set on what it returns
        extension.optional = os.environ.get("PASTEBIN_REQUIRE_EXTENSIONS") != "1"
    return extensions


setup(ext_modules=compiled_modules(), cmdclass={"build_ext": LoudBuildExt, "build_py": BuildWithCatalogues})
