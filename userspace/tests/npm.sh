#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
set -u
usage() {
	cat <<'END'
Usage: userspace/tests/npm.sh NAME@VERSION

Installs a package of the npm registry, with what it depends on, and prints the folder node_modules that it lies in, for
NODE_PATH. It is kept in ~/.cache/stackid/npm/NAME@VERSION, which may be removed at any time. Exits with 1 after a sentence if
npm is missing or has not got the package; a test then skips.
END
}
case ${1-} in
-h | --help) usage; exit ;;
?*@?*) [ $# = 1 ] || { usage >&2; exit 2; } ;;
*) usage >&2; exit 2 ;;
esac

cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/stackid/npm
# A scope has a slash behind it.
dir=$cache/$(printf %s "$1" | tr / _)
if [ ! -d "$dir" ]; then
	command -v npm >/dev/null || { echo "npm is missing" >&2; exit 1; }
	mkdir -p "$cache" || exit 1
	new=$(mktemp -d "$cache/.new-XXXXXX") || exit 1
	trap 'rm -rf "$new"' EXIT
	trap 'exit 1' HUP INT TERM
	if ! npm install --prefix "$new/it" --no-audit --no-fund --no-save --loglevel=error "$1" >"$new/log" 2>&1; then
		echo "npm could not install $1: $(grep -m 1 . "$new/log")" >&2
		exit 1
	fi
	# Another may have been faster.
	mv -T "$new/it" "$dir" 2>/dev/null || [ -d "$dir" ] || exit 1
fi
echo "$dir/node_modules"
