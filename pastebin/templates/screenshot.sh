#!/bin/sh
# Share a screenshot or files; the link is printed and put on the clipboard.
#
#   screenshot.sh             select a part of the screen
#   screenshot.sh FILE...     share files
#   command | screenshot.sh - share what a command says
#
# Needs curl. For screenshots: flameshot, or grim and slurp, or maim, or scrot.
set -eu

server=@SERVER@

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

has() {
    command -v "$1" >/dev/null 2>&1
}

take_screenshot() {
    if has flameshot; then
        flameshot gui --raw >"$1"
    elif has grim && has slurp; then
        grim -g "$(slurp)" "$1"
    elif has maim; then
        maim --select "$1"
    elif has scrot; then
        scrot --select --overwrite "$1"
    else
        fail "Install flameshot, or grim and slurp, or maim, or scrot, or name the files to share."
    fi
    [ -s "$1" ] || fail "No screenshot was taken."
}

# Print the short link of the file $1, or of what comes in if that is "-".
share() {
    if [ "$1" = - ]; then
        part='file=@-;filename=paste.txt'
    else
        [ -f "$1" ] || fail "There is no file $1."
        part="file=@\"$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')\""
    fi
    link=$(curl --silent --show-error --fail-with-body -H 'Accept: text/plain' -F "$part" "$server") ||
        fail "Not shared: $link"
    printf '%s\n' "$link"
}

copy() {
    if [ -n "${WAYLAND_DISPLAY:-}" ] && has wl-copy; then
        wl-copy
    elif [ -n "${DISPLAY:-}" ] && has xclip; then
        xclip -selection clipboard
    elif [ -n "${DISPLAY:-}" ] && has xsel; then
        xsel --clipboard --input
    elif has pbcopy; then
        pbcopy
    else
        cat >/dev/null
    fi
}

if [ "$#" -eq 0 ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    picture="$folder/screenshot-$(date +%Y-%m-%d-%H%M%S).png"
    take_screenshot "$picture"
    set -- "$picture"
fi

links=
for file in "$@"; do
    link=$(share "$file")
    printf '%s\n' "$link"
    links="$links$link
"
done
printf '%s' "${links%?}" | copy
if has notify-send; then
    notify-send "Shared" "${links%?}" || true
fi
