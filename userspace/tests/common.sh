# SPDX-License-Identifier: GPL-2.0
# What the tests of the commands share; sourced by them.  Each prints a line
# "ok NAME" or "not ok NAME" per test and exits with 1 if one of them failed.
#
# STACKID is the command and MAKE_DATA writes the canned data file, as
# tests/make_data.c tells, MAKE_WAITS one of switches and wakings, MAKE_LEAKS one of allocations; the Makefile sets both.

here=$(cd "$(dirname "$0")" && pwd)
userspace=$(dirname "$here")
build=${BUILD:-$(dirname "$userspace")/build}
STACKID=${STACKID:-$build/stackid}
MAKE_DATA=${MAKE_DATA:-$build/userspace/tests/make_data}
MAKE_WAITS=${MAKE_WAITS:-$build/userspace/tests/make_waits}
MAKE_MANY=${MAKE_MANY:-$build/userspace/tests/make_many}
MAKE_LEAKS=${MAKE_LEAKS:-$build/userspace/tests/make_leaks}
MAKE_HOSTILE=${MAKE_HOSTILE:-$build/userspace/tests/make_hostile}

for program in "$STACKID" "$MAKE_DATA" "$MAKE_WAITS" "$MAKE_LEAKS" "$MAKE_HOSTILE"; do
	if [ ! -x "$program" ]; then
		echo "not ok $(basename "$0"): $program is not there; run 'make -C userspace test'"
		exit 1
	fi
done

# Nothing of the person's own settings may show.
unset STACKID_PAGER PAGER NO_COLOR LESS COLUMNS
export LC_ALL=C TERM=xterm
exec </dev/null

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
cd "$dir" || exit 1
"$MAKE_DATA" stackid.data || exit 1

failed=0

# ok NAME COMMAND...: the command must succeed; what it prints is for failures
ok() {
	_name=$1
	shift
	if "$@" >"$dir/why" 2>&1; then
		echo "ok $_name"
	else
		echo "not ok $_name"
		sed 's/^/# /' "$dir/why" | head -40
		failed=1
	fi
}

skip() {
	echo "ok $1 # SKIP $2"
}

# exits STATUS COMMAND...
exits() {
	_want=$1
	shift
	"$@" >"$dir/out" 2>"$dir/err"
	_got=$?
	[ $_got = "$_want" ] && return 0
	echo "exit status $_got instead of $_want: $*"
	cat "$dir/err"
	return 1
}

# says STATUS PATTERN COMMAND...: exits so, and the pattern is on stderr
says() {
	_status=$1
	_pattern=$2
	shift 2
	exits "$_status" "$@" || return 1
	grep -qE -e "$_pattern" "$dir/err" && return 0
	echo "no '$_pattern' on stderr of: $*"
	cat "$dir/err"
	return 1
}

# golden FILE COMMAND...: stdout must be what tests/golden/FILE says.
# UPDATE_GOLDEN=1 writes the files instead, to be looked at in git diff.
golden() {
	_golden=$here/golden/$1
	shift
	"$@" >"$dir/out" 2>"$dir/err" || {
		echo "exit status $?: $*"
		cat "$dir/err"
		return 1
	}
	if [ -n "$UPDATE_GOLDEN" ]; then
		cp "$dir/out" "$_golden"
		return 0
	fi
	diff -u "$_golden" "$dir/out"
}

# on_terminal WIDTH COMMAND: runs it in the shell with a terminal as stdout
on_terminal() {
	_width=$1
	shift
	script -qec "stty cols $_width 2>/dev/null; $*" /dev/null | tr -d '\r'
}
