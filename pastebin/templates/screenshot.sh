#!/bin/sh
# Share a screenshot or files; the link is printed and put on the clipboard. The address at which the
# file can be changed and deleted is told on standard error.
#
#   screenshot.sh             select a part of the screen
#   screenshot.sh FILE...     share files
#   command | screenshot.sh - share what a command says
#
# Terms are taken from the environment, for example SHARE_EXPIRES=7d screenshot.sh:
#
#   SHARE_EXPIRES     how long it lives: 90s, 30m, 12h, 7d, 4w, or a moment as 2030-01-31T12:00:00Z
#   SHARE_DOWNLOADS   how often it may be downloaded
#   SHARE_PASSWORD    what opens it
#   SHARE_TITLE       what its page calls it
#   SHARE_VISIBILITY  unlisted, to keep it off the list of the latest
#
# Needs curl. For screenshots: flameshot, or grim and slurp, or maim, or scrot.
set -eu

server=@SERVER@
token=@TOKEN@

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

# Print the short link of the file $1, or of what comes in if that is "-", and how to delete it.
share() {
    if [ "$1" = - ]; then
        part='file=@-;filename=paste.txt'
    else
        [ -f "$1" ] || fail "There is no file $1."
        part="file=@\"$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')\""
    fi
    set -- -F "$part"
    [ -z "${SHARE_EXPIRES:-}" ] || set -- "$@" --form-string "expires=$SHARE_EXPIRES"
    [ -z "${SHARE_DOWNLOADS:-}" ] || set -- "$@" --form-string "downloads=$SHARE_DOWNLOADS"
    [ -z "${SHARE_TITLE:-}" ] || set -- "$@" --form-string "title=$SHARE_TITLE"
    [ -z "${SHARE_VISIBILITY:-}" ] || set -- "$@" --form-string "visibility=$SHARE_VISIBILITY"
    # By a file: other users of the machine see the arguments of its programs.
    [ -z "${SHARE_PASSWORD:-}" ] || set -- "$@" -F "password=<$folder/password"
    [ -z "$token" ] || set -- "$@" -H "@$folder/token"
    link=$(curl --silent --show-error --fail-with-body --dump-header "$folder/headers" \
        -H 'Accept: text/plain' "$@" "$server") || fail "Not shared: $link"
    printf '%s\n' "$link"
    sed -n 's/^[Xx]-[Uu]rl-[Dd]elete: *\([^[:space:]]*\).*/Change or delete: \1/p' "$folder/headers" >&2
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

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf '%s' "${SHARE_PASSWORD:-}" >"$folder/password"
printf 'Authorization: Bearer %s' "$token" >"$folder/token"
if [ "$#" -eq 0 ]; then
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
