# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# TAP for the tests that are scripts. A test is a function named test_*, called in the order of the file, in a subshell with set -e;
# what it prints is shown when it fails. With ONLY=PATTERN in the environment just those whose names match it.

ROOT=/sys/kernel/debug/stackid
KSFT_SKIP=4
# What the name of a system call's function begins with: __x64_sys_, __arm64_sys_.
export SYS
SYS=$(sed -n 's/.* [tT] \(__x64_sys_\|__arm64_sys_\)getppid$/\1/p' /proc/kallsyms)

fail() { echo "$*"; exit 1; }
skip() { echo "$*"; exit $KSFT_SKIP; }

expect() { # DESCRIPTION GOT WANTED
	[ "$2" = "$3" ] || fail "$1: got '$2', expected '$3'"
}

# Waits for a condition, at most two minutes: what waits longer hangs, on a slow kernel too.
wait_until() {
	local end=$((SECONDS + 120))
	while [ $SECONDS -lt $end ]; do
		"$@" && return
		sleep 0.05
	done
	fail "never true: $*"
}

stat_of() { # NAME [FILE]
	awk -v name="$1" '$1 == name { print $2; found = 1 } END { exit !found }' "${2-$ROOT/stats}" || fail "no line $1 in ${2-stats}"
}

nothing_is_pending() {
	[ "$(stat_of pending)" = 0 ]
}

# Functions are renamed from kernel to kernel: the first of the names that this one has.
function_of() { # NAME...
	local name
	for name; do
		if grep -q " [tT] $name\$" /proc/kallsyms; then echo "$name"; return; fi
	done
	fail "this kernel has no function $*"
}

# An event that is a breakpoint at the first instruction of a function behind what is ftrace's; there may be an ENDBR in front.
breakpoint_in() { # FUNCTION
	local offset
	for offset in 5 9 8 12; do
		if echo "kprobe:$1+$offset" 2>/dev/null >>$ROOT/events; then
			echo "-kprobe:$1+$offset" >>$ROOT/events
			echo "kprobe:$1+$offset"
			return
		fi
	done
	fail "no breakpoint can be put into $1"
}

clean() {
	echo 0 >$ROOT/recording_on
	: >$ROOT/events
	echo 64 >$ROOT/buffer_size_kb
}

# The sums of the ledger, of all and of each CPU.
ledger_holds() {
	local file
	for file in $ROOT/stats $ROOT/per_cpu/cpu*/stats; do
		awk -v file="$file" '
			{ v[$1] = $2 }
			END {
				if (v["offered"] != v["recorded"] + v["lost_full"] + v["lost_recursion"] + v["lost_rcu"] ||
				    v["recorded"] != v["hit"] + v["inline"] + v["user"] + v["empty"] ||
				    v["inline"] != v["queued"] + v["queue_full"] + v["table_full"]) {
					print file ": the sums do not hold"
					for (name in v)
						print name, v[name]
					exit 1
				}
			}' "$file" || return
	done
}

# Those of the table.
table_ledger_holds() {
	awk '
		{ v[$1] = $2 }
		END {
			if (v["requests"] != v["inserted"] + v["found_again"] + v["full"] + v["no_memory"] + v["stale"] + v["pending"] ||
			    v["requests"] != v["queued"] + v["save_queued"] + v["save_direct"] ||
			    v["save_calls"] != v["save_hit"] + v["save_inserted"] + v["save_deferred"] + v["save_refused"]) {
				print "the sums of the table do not hold"
				for (name in v)
					print name, v[name]
				exit 1
			}
		}' $ROOT/stats
}

run_tests() {
	local tests test output status n=0 bad=0
	mapfile -t tests < <(sed -n 's/^\(test_[a-z0-9_]*\)() {$/\1/p' "$0" | grep -E "${ONLY-}")
	echo "TAP version 13"
	echo "1..${#tests[@]}"
	for test in "${tests[@]}"; do
		n=$((n + 1))
		output=$(set -e; "$test" 2>&1)
		status=$?
		case $status in
		0) echo "ok $n $test" ;;
		"$KSFT_SKIP") echo "ok $n $test # SKIP $output" ;;
		*)
			echo "not ok $n $test"
			# shellcheck disable=SC2001
			sed 's/^/# /' <<<"$output"
			bad=1
			;;
		esac
	done
	exit $bad
}
