#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On a kernel booted with threadirqs, and on the way out of interrupts: events hit there when the interrupt no longer counts as one.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh

# Stacks in which something follows the entry of an interrupt, of those that have one. With a system call's or a thread's start
# below it, that is a task's which was interrupted.
stacks_of_interrupts() {
	awk '
		function done() { if (entry) { all++; if (after) { wrong++; printf "%s", text } }; entry = after = 0; text = "" }
		/^id / { done() }
		{ text = text $0 "\n" }
		entry && /^\t/ { after = 1 }
		/ ?(asm_(sysvec_|common_interrupt)|el[01][ht]_64_irq)/ { entry = 1 }
		END { done(); print "all", all + 0, "wrong", wrong + 0 }' $ROOT/stacks
}

enough_seen() {
	[ "$(grep -cE '^\s(irq_exit_rcu|__irq_exit_rcu|invoke_softirq|sysvec_apic_timer|el1_interrupt)' $ROOT/stacks)" -ge 5 ]
}

test_a_wakeup_at_the_end_of_an_interrupt_is_cut_there() {
	grep -qw threadirqs /proc/cmdline || skip 'boot with threadirqs'
	[ "$SYS" != __arm64_sys_ ] || skip 'arm64 ends an interrupt on the stack of the task, which is not cut: Documentation/limits.md'
	echo 1024 >$ROOT/buffer_size_kb
	echo sched:sched_waking >$ROOT/events
	echo 1 >$ROOT/recording_on
	timeout 300 hackbench -g 2 -f 4 -l 200 >/dev/null
	wait_until enough_seen
	echo 0 >$ROOT/recording_on
	wait_until nothing_is_pending
	stacks_of_interrupts >/tmp/found
	tail -n 60 /tmp/found
	[ "$(awk '$1 == "all" { print $2 }' /tmp/found)" -gt 0 ] || fail 'no stack of an interrupt'
	expect 'stacks that go on with what was interrupted' "$(awk '$1 == "all" { print $4 }' /tmp/found)" 0
	ledger_holds
}

run_tests
