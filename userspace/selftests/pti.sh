#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With page-table isolation the kernel's init text is not mapped any more, and the walks are fast all the same.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh

test_stacks_that_begin_in_init_text_are_walked_fast() {
	local fast slow
	dmesg | grep -q 'page tables isolation: enabled' || skip 'boot with pti=on'
	# The first CPU's idle task came from the init text, and never returns there.
	printf '%s\n' sched:sched_switch 'cpu-clock freq=97' >$ROOT/events
	echo 1 >$ROOT/recording_on
	sleep 3
	echo 0 >$ROOT/recording_on
	wait_until nothing_is_pending
	grep -q x86_64_start_kernel $ROOT/stacks || grep -q start_kernel $ROOT/stacks || grep -q secondary_startup_64 $ROOT/stacks ||
		fail 'no stack of the idle task'
	fast=$(stat_of unwind_fast)
	slow=$(awk '/^unwind_slow_/ { all += $2 } END { print all }' $ROOT/stats)
	expect 'walks that differ' "$(stat_of unwind_different)" 0
	[ "$((slow * 50))" -lt "$fast" ] || fail "$slow walks were slow and $fast were fast: $(grep unwind_ $ROOT/stats | paste -sd' ')"
}

run_tests
