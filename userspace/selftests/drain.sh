#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# How long interrupts are off while new stacks are inserted: the queue of a CPU is filled with interrupts off, and the one irq_work
# that empties it is timed by the function graph tracer. Where the VM's clock counts instructions (vm/run --icount) the time is
# compared, elsewhere only how much one irq_work takes on.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
KO=${KO:?set by in-vm}
SAVER=/sys/module/stackid_saver/parameters
TRACE=/sys/kernel/tracing
# Instructions, the tracer's own included; lockdep alone takes more than that.
LONGEST=110000

# Prints how many stacks the queue took, and the microseconds of the drain.
fill() { # DEPTH
	local before
	before=$(stat_of inserted)
	: >$TRACE/trace
	echo 1 >$TRACE/tracing_on
	echo "fill 1000 $1" >$SAVER/do
	wait_until nothing_is_pending
	echo 0 >$TRACE/tracing_on
	echo $(($(stat_of inserted) - before)) "$(awk '$0 ~ / drain\(\)|drain \[stackid\]\(\)/ {
			for (i = 2; i <= NF; i++)
				if ($i == "us" && $(i - 1) + 0 > longest)
					longest = $(i - 1) + 0
		}
		END { print longest + 0 }' $TRACE/trace)"
}

test_one_irq_work_inserts_no_more_than_the_queue_has_room_for() {
	local depth stacks time longest=0
	[ -e $TRACE/set_graph_function ] || skip 'no function graph tracer'
	insmod "$KO/stackid.ko"
	insmod "$KO/selftests/stackid_saver.ko"
	echo 0 >$TRACE/tracing_on
	echo drain:mod:stackid >$TRACE/set_ftrace_filter
	echo function_graph >$TRACE/current_tracer
	for depth in 2 2 4 8 16 24 32; do
		# The first one takes what is not in the caches yet.
		read -r stacks time < <(fill $depth)
		echo "# $stacks stacks of $depth frames: $time us" >&3
		[ "$stacks" -gt 0 ] || fail 'nothing was inserted'
		[ "$stacks" -lt 1000 ] || fail 'all of them were queued'
		[ "${time%.*}" -gt 0 ] || fail "no time: $(cat $TRACE/trace)"
		[ "${time%.*}" -le "$longest" ] || longest=${time%.*}
	done
	echo nop >$TRACE/current_tracer
	: >$TRACE/set_ftrace_filter
	rmmod stackid_saver
	rmmod stackid
	[ -z "${EXACT_CLOCK-}" ] || [ -e /proc/lockdep ] || [ $((longest * 1000)) -le "$LONGEST" ] ||
		fail "a drain took $longest us, at most $((LONGEST / 1000)) are allowed"
}

run_tests 3>&1
