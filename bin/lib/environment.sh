# Sourced by bin/serve, bin/test, bin/lint and bin/bench: finds a Python and keeps `.venv` up to date.
#
# PYTHON   the interpreter to make `.venv` with; otherwise the first Python 3.11 or newer that is found: the
#          distribution's before others, as it is built with profile-guided optimization. One that was compiled
#          without (pyenv does so unless it is told) takes a third longer for the same work.
# shellcheck shell=bash

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd -P)"
venv="$root/.venv"
# With the last one set, each start would compile our own modules again.
unset PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE

say() { printf 'pastebin: %s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

is_new_enough() { "$1" -I -S -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

same_version() { [[ "$("$1" -c 'import sys; print(sys.version)' 2>&1)" == "$("$2" -c 'import sys; print(sys.version)')" ]]; }

can_make_venvs() { "$1" -c 'import venv; from ensurepip import version' >/dev/null 2>&1; }

has_headers() {
    "$1" -c 'import os, sysconfig as s; open(os.path.join(s.get_paths()["include"], "Python.h"))' 2>/dev/null
}

# Whether modules can be installed and compiled for it; Debian has what either needs in a package of its own.
is_whole() { can_make_venvs "$1" && has_headers "$1"; }

# Print the interpreter that `.venv` is, or would be, made with: the first that is whole, if there is one.
choose_python() {
    if [[ -n "${PYTHON:-}" ]]; then
        is_new_enough "$PYTHON" || die "PYTHON=$PYTHON is not a Python 3.11 or newer."
        echo "$PYTHON"
        return
    fi
    local candidate first=""
    for candidate in {/usr/bin/,}python3{.11,.12,.13,.14,}; do
        is_new_enough "$candidate" || continue
        if is_whole "$candidate"; then
            echo "$candidate"
            return
        fi
        first="${first:-$candidate}"
    done
    [[ -n "$first" ]] || die "no Python 3.11 or newer was found; install one, or name it: PYTHON=/path/to/python3.11 $0"
    echo "$first"
}

# Whether `.venv` is whole, lies where it was made, and is of the Python that was asked for.
venv_is_usable() {
    [[ -x "$venv/bin/python" && "$(grep '^command = ' "$venv/pyvenv.cfg")" == *" $venv" ]] || return 1
    is_new_enough "$venv/bin/python" || return 1
    compgen -G "$venv/lib/python3*/site-packages/pip/__init__.py" >/dev/null || return 1
    [[ -z "${PYTHON:-}" ]] || same_version "$PYTHON" "$venv/bin/python"
}

make_venv() {
    local python
    python="$(choose_python)"
    can_make_venvs "$python" ||
        die "$python cannot make virtual environments; on Debian install them with: apt install python3-venv"
    say "making $venv with $("$python" --version)"
    "$python" -m venv --clear "$venv"
    # With the pip that Debian 12 has it takes half as long again to find out what to install.
    pip_install --upgrade "pip>=25,<27" || say "going on with the pip that came with Python"
}

# That the project is installed in place is meant, though a newer pip warns of it.
pip_install() {
    PYTHONWARNINGS="ignore:Editable installation" \
        "$venv/bin/python" -m pip install --quiet --no-input --disable-pip-version-check "$@"
}

can_compile() {
    [[ "${PASTEBIN_NO_EXTENSIONS:-}" != 1 ]] || return 1
    command -v "${CC:-gcc}" >/dev/null || command -v cc >/dev/null || return 1
    has_headers "$venv/bin/python"
}

# What the file names of compiled modules end in, for the Python of `.venv`.
module_suffix() { "$venv/bin/python" -I -S -c 'import sysconfig; print(sysconfig.get_config_var("EXT_SUFFIX"))'; }

# Whether every compiled module is there, for the Python that was installed into last.
is_compiled() {
    local source suffix
    read -r _ _ suffix <"$venv/.installed-core"
    for source in "$root"/pastebin/_speedups/*.pyx; do
        [[ -f "${source%.pyx}$suffix" ]] || return 1
    done
}

# A hash of everything that an installation depends on.
fingerprint() {
    {
        "$venv/bin/python" --version
        cd "$root" || exit
        sha256sum pyproject.toml setup.py bin/lib/environment.sh
        find pastebin/_speedups -name '*.pyx' -o -name '*.px[di]' -o -name '*.h' | LC_ALL=C sort | xargs -r -d '\n' sha256sum
    } | sha256sum | cut -d ' ' -f 1
}

# Whether the set $1 was installed from the sources with the hash $2, as well as this machine can.
# The stamp of a set says from which sources, whether there was a compiler, and `module_suffix`.
is_installed() {
    local stamp="$venv/.installed-$1" hash compiler
    [[ -f "$stamp" ]] || return 1
    read -r hash compiler _ <"$stamp"
    [[ "$hash" == "$2" ]] || return 1
    is_compiled || { [[ "$1" == core ]] && { [[ "$compiler" == with-compiler ]] || ! can_compile; }; }
}

install_project() {
    local target=. compiler=without-compiler
    ! can_compile || compiler=with-compiler
    if [[ "$1" == development ]]; then
        target=".[test,lint]"
        [[ "$compiler" == with-compiler ]] ||
            die "tests and lint need the compiled modules; on Debian their compiler comes with: apt install gcc python3-dev"
    fi
    say "installing into $venv (once, and again after a change of the dependencies or of the compiled modules)"
    rm -f "$venv"/.installed-* "$root"/pastebin/_speedups/*_c.*.so
    (cd "$root" && pip_install --use-pep517 --editable "$target")
    echo "$2 $compiler $(module_suffix)" | tee "$venv/.installed-core" >"$venv/.installed-$1"
}

# Compile the catalogues of translations that changed since; pip does it for an installation without bin/.
compile_messages() {
    local source
    for source in "$root"/pastebin/locale/*/LC_MESSAGES/pastebin.po; do
        [[ "${source%.po}.mo" -nt "$source" ]] || {
            "$venv/bin/python" "$root/bin/lib/messages.py" --compile
            return
        }
    done
}

# Hold the checkout until the script ends or release() is called: two starts at once take turns.
acquire() {
    exec 9<"$root"
    flock --nonblock 9 || {
        say "waiting for another start in $root"
        flock 9
    }
}

release() { exec 9<&-; }

# Bring `.venv` up to date for the set $1: "core" to serve, "development" to test and lint as well.
prepare() {
    venv_is_usable || make_venv
    local hash
    hash="$(fingerprint)"
    is_installed "$1" "$hash" || install_project "$1" "$hash"
    compile_messages
}
