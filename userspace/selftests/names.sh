#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A function of the kernel has one name, in script as in perf's.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}

# Tasks, vfork(2), softirqs, and interrupts in them.
workload() {
	python3 -c 'import subprocess; [subprocess.run("/bin/true") for i in range(5)]'
	ping -q -c 3 -i 0.2 127.0.0.1 || true
	hackbench -g 1 -l 20
}

# Prints "ADDRESS NAME" of each frame in the kernel proper. Addresses are compared as words.
names() {
	awk 'NR == FNR { if ($3 == "_stext") from = $1 ""; if ($3 == "_etext") to = $1 ""; next }
		$1 "" >= from && $1 "" < to && $2 ~ /\+0x/ { sub(/\+0x.*/, "", $2); print $1, $2 }' /proc/kallsyms - | sort -u
}

test_every_frame_has_the_name_that_perf_gives_it() {
	local events='sched:sched_process_fork sched:sched_waking sched:sched_switch' options='' event
	command -v perf >/dev/null || skip 'there is no perf'
	for event in $events; do
		options+=" -e $event"
	done
	echo 0 >/proc/sys/kernel/kptr_restrict
	export -f workload
	# shellcheck disable=SC2086 # lists
	perf record -q -o /tmp/perf.data -a -g $options -- bash -c workload >/dev/null 2>&1 || fail 'perf record failed'
	# shellcheck disable=SC2086
	"$STACKID" record -o /tmp/stackid.data -a $options -- bash -c workload >/dev/null 2>&1 || fail 'stackid record failed'
	# With a vmlinux at hand it would go by that.
	perf script --kallsyms /proc/kallsyms -i /tmp/perf.data 2>/dev/null | names >/tmp/names.perf
	"$STACKID" script -i /tmp/stackid.data | names >/tmp/names.stackid
	join /tmp/names.perf /tmp/names.stackid >/tmp/names.both
	echo "$(wc -l </tmp/names.perf) $(wc -l </tmp/names.stackid) $(wc -l </tmp/names.both)"
	[ "$(wc -l </tmp/names.both)" -gt 50 ] || fail "too few frames in both: $(head /tmp/names.perf /tmp/names.stackid)"
	# On arm64 the C library's vfork(3) is another system call, whose function has one name.
	[[ $SYS == *arm64* ]] || grep -q sys_vfork /tmp/names.both || fail 'none with several names'
	awk '$2 != $3 { print; bad = 1 } END { exit bad }' /tmp/names.both || fail 'the names differ'
}

run_tests
