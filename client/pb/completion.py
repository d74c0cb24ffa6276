"""What shells need to complete `pb`."""

from collections.abc import Iterable, Mapping

from .failures import WrongUsage
from .options import Command, Option
from .session import Session

BASH = """\
_pb() {{
    local word="${{COMP_WORDS[COMP_CWORD]}}" command="${{COMP_WORDS[1]}}" words
    case "$command" in
{cases}
        *) words="{put}" ;;
    esac
    if ((COMP_CWORD == 1)); then words="{commands} $words"; fi
    COMPREPLY=()
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
    if [[ "$word" != -* ]]; then
        local files
        mapfile -t files < <(compgen -f -- "$word")
        COMPREPLY+=("${{files[@]}}")
    fi
}}
complete -o filenames -F _pb pb
"""

ZSH = """\
#compdef pb
_pb() {{
    local -a commands options
    commands=({commands})
    case "$words[2]" in
{cases}
        *) options=({put}) ;;
    esac
    ((CURRENT == 2)) && _describe command commands
    if [[ "$PREFIX" == -* ]]; then _describe option options; else _files; fi
}}
compdef _pb pb
"""


def show(session: Session, commands: Mapping[str, Command], common: Iterable[Option]) -> int:
    """Print the completions for a shell."""
    shells = {"bash": _bash, "zsh": _zsh, "fish": _fish}
    shell = session.options.items[0]
    if shell not in shells:
        raise WrongUsage("pb completion bash, pb completion zsh or pb completion fish")
    options = {name: [*command.options, *common] for name, command in commands.items()}
    print(shells[shell]({name: command.help for name, command in commands.items()}, options), end="")
    return 0


def _bash(helps: Mapping[str, str], options: Mapping[str, list[Option]]) -> str:
    words = {name: " ".join(one for option in own for one in option.names) for name, own in options.items()}
    cases = "\n".join(f'        {name}) words="{own}" ;;' for name, own in words.items())
    return BASH.format(cases=cases, put=words["put"], commands=" ".join(helps))


def _zsh(helps: Mapping[str, str], options: Mapping[str, list[Option]]) -> str:
    described = {
        name: " ".join(_pair(one, option.help) for option in own for one in option.names)
        for name, own in options.items()
    }
    cases = "\n".join(f"        {name}) options=({own}) ;;" for name, own in described.items())
    pairs = " ".join(_pair(name, text) for name, text in helps.items())
    return ZSH.format(cases=cases, put=described["put"], commands=pairs)


def _fish(helps: Mapping[str, str], options: Mapping[str, list[Option]]) -> str:
    lines = [f"-n __fish_use_subcommand -a {name} -d {_quoted(text)}" for name, text in helps.items()]
    for name, own in options.items():
        condition = f"__fish_seen_subcommand_from {name}"
        if name == "put":
            condition += "; or __fish_use_subcommand"
        lines += [f"-n {_quoted(condition)} {_fish_option(option)}" for option in own]
    return "".join(f"complete -c pb {line}\n" for line in lines)


def _fish_option(option: Option) -> str:
    names = [f"-l {one[2:]}" if one.startswith("--") else f"-s {one[1:]}" for one in option.names]
    value = [] if option.how.get("action") else ["-r"]
    return " ".join([*names, *value, "-d", _quoted(option.help)])


def _pair(name: str, text: str) -> str:
    return _quoted(f"{name}:{text}")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "") + "'"
