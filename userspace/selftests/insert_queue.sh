#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The way of a new stack into the table: whatever comes in its middle, the queue is emptied again, nothing waits for itself, and
# memory that is used up costs ids and nothing else.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
KO=${KO:?set by in-vm}
SAVER=/sys/module/stackid_saver/parameters

# A test that failed may have left them.
load() { # [PARAMETER...]
	rmmod stackid_saver 2>/dev/null || true
	rmmod stackid 2>/dev/null || true
	insmod "$KO/stackid.ko" "$@"
	insmod "$KO/selftests/stackid_saver.ko"
}

unload() {
	expect 'ids that stood for another stack' "$(cat $SAVER/wrong)" 0
	rmmod stackid_saver
	rmmod stackid
}

all_ledgers_hold() {
	wait_until nothing_is_pending
	ledger_holds
	table_ledger_holds
}

optimized_kprobes() { # 0 or 1
	[ ! -e /proc/sys/debug/kprobes-optimization ] || echo "$1" >/proc/sys/debug/kprobes-optimization
}

# The interrupt comes between the reserve of a place in the queue and its commit, and fills the queue: nobody could drain it
# then. The clock is what a reserve calls.
test_a_queue_that_is_filled_within_a_reserve_is_emptied() {
	load
	echo 4096 >$ROOT/buffer_size_kb
	echo 'kprobe:saver_leaf' >$ROOT/events
	optimized_kprobes 0
	echo 1 >$ROOT/recording_on
	echo 'interrupt ktime_get_mono_fast_ns' >$SAVER/do
	echo 0 >$ROOT/recording_on
	optimized_kprobes 1
	expect 'interrupts that came there' "$(cat $SAVER/interrupted)" 1
	expect 'hits' "$(stat_of offered)" 256
	all_ledgers_hold
	# And it serves again.
	echo 'save task 100 8' >$SAVER/do
	expect 'more ids' "$(cat $SAVER/ids)" $(($(cat $SAVER/saves) - $(stat_of save_refused)))
	[ "$(cat $SAVER/ids)" -ge 200 ] || fail "only $(cat $SAVER/ids) ids: $(cat $ROOT/stats)"
	unload
}

irq_works() {
	awk '/IRQ work interrupts/ { for (i = 2; $i ~ /^[0-9]+$/; i++) sum += $i; print sum }' /proc/interrupts
}

# The last event of an interrupt for irq_work: x86's own, and that of any IPI on arm64.
IRQ_WORK_EXIT=$(grep -x -m 1 -e irq_vectors:irq_work_exit -e ipi:ipi_exit /sys/kernel/tracing/available_events)

# An event that hits behind the drain, in the same interrupt, asks for the next one if it is told to try again.
storm() { # EVENT
	local before interrupts
	load max_stacks=16384 max_memory_mb=1
	echo 'save task 12000 16' >$SAVER/do
	[ "$(stat_of no_memory)" != 0 ] || [ "$(stat_of save_refused)" != 0 ] || fail "memory is not used up: $(cat $ROOT/stats)"
	# What is offered ends when this is full: a storm ends by that, and is seen.
	echo 8192 >$ROOT/buffer_size_kb
	echo "$1" >$ROOT/events
	before=$(irq_works)
	echo 1 >$ROOT/recording_on
	# The first interrupt.
	echo 'save hardirq 1 16' >$SAVER/do
	sleep 1
	echo 0 >$ROOT/recording_on
	interrupts=$(($(irq_works) - before))
	echo "$1: $interrupts interrupts, $(stat_of offered) hits"
	[ "$(stat_of offered)" -gt 0 ] || fail 'no hit'
	[ "$interrupts" -lt 2000 ] || fail "$interrupts interrupts for irq_work in a second in which nothing was to be done"
	all_ledgers_hold
	unload
}

test_memory_that_is_used_up_makes_no_storm_of_interrupts() {
	storm "$IRQ_WORK_EXIT"
}

test_nor_does_it_with_a_probe_at_the_end_of_interrupts() {
	storm kprobe:irq_exit_rcu
}

# While a writer of the queue is interrupted nothing that nests in it is published, so that no irq_work can insert it: each
# would miss again.
test_a_writer_that_is_interrupted_gets_on() {
	local before interrupts
	load
	echo 8192 >$ROOT/buffer_size_kb
	echo "$IRQ_WORK_EXIT irqstack=full" >$ROOT/events
	optimized_kprobes 0
	before=$(irq_works)
	echo 1 >$ROOT/recording_on
	echo 'interrupt ktime_get_mono_fast_ns' >$SAVER/do
	echo 0 >$ROOT/recording_on
	optimized_kprobes 1
	interrupts=$(($(irq_works) - before))
	echo "$interrupts interrupts, $(stat_of offered) hits"
	expect 'interrupts that came there' "$(cat $SAVER/interrupted)" 1
	[ "$(stat_of offered)" -gt 0 ] || fail 'no hit'
	[ "$interrupts" -lt 500 ] || fail "$interrupts interrupts for one save"
	all_ledgers_hold
	unload
}

# The lock of the table is held by whom the probe interrupts, on the same CPU.
test_a_save_from_a_probe_under_the_tables_lock_waits_for_nobody() {
	grep -q ' _raw_spin_unlock$' /proc/kallsyms || skip 'this kernel has _raw_spin_unlock inlined'
	load
	echo 'probe _raw_spin_unlock 500' >$SAVER/do
	echo sched:sched_switch >$ROOT/events
	echo 1 >$ROOT/recording_on
	timeout 300 hackbench -g 1 -f 2 -l 50 >/dev/null
	for _ in {1..20}; do echo 1 >$ROOT/reset; sleep 0.02; done
	echo 0 >$ROOT/recording_on
	echo quiet >$SAVER/do
	[ "$(cat $SAVER/saves)" -gt 100 ] || fail "only $(cat $SAVER/saves) saves"
	all_ledgers_hold
	unload
}

test_a_table_that_is_used_in_hard_interrupts_only_is_refilled() {
	load
	for _ in {1..100}; do
		echo 'save hardirq 100 16' >$SAVER/do
		# The worker that gets memory is no more than waited for.
		sleep 0.02
	done
	expect 'ids' "$(cat $SAVER/ids)" 20000
	all_ledgers_hold
	unload
}

run_tests
