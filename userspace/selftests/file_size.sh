#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a file takes, of which most is times: they are the real clock's here, and in the emulator rather irregular.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
MIX=(hackbench -g 2 -f 5 -l 200)
MIX_EVENTS=sched:sched_switch,kmem:kmalloc

# One processor for all of it, however many there are. Sets bytes and nr.
record() { # EVENTS COMMAND...
	local events=$1
	shift
	stat_of recorded >/tmp/recorded
	taskset -c 0 "$STACKID" record -a -C 0 -m 16M -e "$events" -o /tmp/data -- "$@" >/tmp/chatter 2>&1 || fail "$(cat /tmp/chatter)"
	bytes=$(stat -c %s /tmp/data)
	nr=$(($(stat_of recorded) - $(cat /tmp/recorded)))
}

# The smallest of three: a host that is busy makes times more irregular, and never less.
test_a_ping_pongs_event_takes_3_bytes_at_most() {
	local sizes=()
	[ ! -e /proc/lockdep ] || skip 'with lockdep a switch takes many times as long, and its time more bytes'
	for _ in 1 2 3; do
		record sched:sched_switch perf bench sched pipe -l 20000
		[ "$nr" -ge 40000 ] || fail "only $nr events: $(cat /tmp/chatter)"
		[ "$bytes" -gt $((3 * nr)) ] || return 0
		sizes+=("$bytes bytes for $nr events;")
	done
	fail "${sizes[*]}"
}

test_a_mix_takes_half_of_what_perf_compresses_it_to() {
	local theirs samples
	record $MIX_EVENTS "${MIX[@]}"
	[ "$nr" -ge 5000 ] || fail "only $nr events: $(cat /tmp/chatter)"
	taskset -c 0 perf record -q -a -C 0 -m 16M -B -N -g -z -e $MIX_EVENTS -o /tmp/perf.data -- "${MIX[@]}" >/tmp/chatter 2>&1 ||
		fail "$(cat /tmp/chatter)"
	theirs=$(stat -c %s /tmp/perf.data)
	samples=$(perf report --stats -i /tmp/perf.data 2>/dev/null | awk '/ SAMPLE events:/ { print $3; exit }')
	[ "${samples:-0}" -ge 5000 ] || fail "perf has only ${samples:-no} events"
	# By the event: there are not as many switches in every run.
	[ $((2 * bytes * samples)) -le $((theirs * nr)) ] || fail "$bytes bytes for $nr events, perf $theirs for $samples"
}

run_tests
