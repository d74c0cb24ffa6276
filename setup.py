"""Build the compiled modules; everything else is declared in pyproject.toml.

PASTEBIN_NO_EXTENSIONS=1       build none: every module runs on its Python twin.
PASTEBIN_REQUIRE_EXTENSIONS=1  a module that does not build fails the build (CI, production).
Otherwise a module that does not build is left out, with a warning.
"""

import os
import sys
from glob import glob

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

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


setup(ext_modules=compiled_modules(), cmdclass={"build_ext": LoudBuildExt})
