#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# New stacks are inserted on the IRQ stack and nowhere else: a kprobe of ftrace's on the insert function tells its stack pointer,
# and /proc/vmallocinfo tells where the IRQ stacks are.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh

TRACE=/sys/kernel/tracing/instances/stackid_irq_stack
PROBES=/sys/kernel/tracing/kprobe_events

# Records the given event in many short generations, so that much is inserted; leaves the trace of inserts in /tmp/inserts.
trace_inserts() { # EVENT COMMAND...
	local event=$1 inserted
	shift
	mkdir $TRACE
	# %sp is that of the caller of a function whose entry is probed.
	echo 'p:stackid_test/insert stackid:insert sp=%sp:x64' >>$PROBES
	echo 1 >$TRACE/events/stackid_test/insert/enable
	inserted=$(stat_of requests)
	echo "$event" >$ROOT/events
	echo 1 >$ROOT/recording_on
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		"$@" >/dev/null 2>&1 || true
		echo 1 >$ROOT/reset
	done
	echo 0 >$ROOT/recording_on
	wait_until nothing_is_pending
	echo 0 >$TRACE/events/stackid_test/insert/enable
	inserted=$(($(stat_of requests) - inserted))
	grep insert: $TRACE/trace >/tmp/inserts || true
	rmdir $TRACE
	echo '-:stackid_test/insert' >>$PROBES
	clean
	[ "$inserted" -ge 10 ] || fail "only $inserted inserts"
	expect 'inserts seen' "$(wc -l </tmp/inserts)" "$inserted"
}

# Prints "irq", or how many bytes below the top of a 16 KiB stack, for each insert.
places() {
	# %pK shows addresses to root only with 1; with 0 it hashes them.
	echo 1 >/proc/sys/kernel/kptr_restrict
	# On arm64 what allocates them is part of start_kernel.
	grep -E "irq_init_percpu_irqstack$([ "$(uname -m)" != aarch64 ] || echo '| 20480 start_kernel\+')" /proc/vmallocinfo >/tmp/stacks
	echo 0 >/proc/sys/kernel/kptr_restrict
	expect 'IRQ stacks' "$(wc -l </tmp/stacks)" "$(nproc --all)"
	python3 - <<-'EOF'
		import re
		stacks = [tuple(int(x, 16) for x in line.split()[0].split("-")) for line in open("/tmp/stacks")]
		for line in open("/tmp/inserts"):
		    sp = int(re.search(r"sp=(0x[0-9a-f]+)", line)[1], 16)
		    print("irq" if any(a <= sp < b for a, b in stacks) else 16384 - sp % 16384)
	EOF
}

test_a_tasks_event_inserts_on_the_irq_stack_with_interrupts_off() {
	# Not a kprobe: ftrace's would not be called from within another one's.
	trace_inserts "raw_syscalls:sys_enter pid=$BASHPID" ls -R /etc/apt
	expect 'not on the IRQ stack' "$(places | grep -vc irq)" 0
	# ftrace's flags: d is interrupts off, h or H hard interrupt. Between them is whether to reschedule, on PREEMPT_RT in two places.
	! grep -vE '\[[0-9]+\] d..?[hH]' /tmp/inserts || fail 'not in a hard interrupt'
}

test_an_interrupts_off_event_inserts_on_the_irq_stack() {
	trace_inserts 'sched:sched_switch' hackbench -g 1 -f 2 -l 20
	# x86 serves an interrupt that comes from user mode on the task's own stack, which is empty then.
	expect 'on a stack in use' "$(places | awk '$1 != "irq" && $1 > 1024' | wc -l)" 0
	[ "$(places | grep -c irq)" -ge 10 ] || fail "only $(places | grep -c irq) of them on the IRQ stack"
}

test_an_interrupts_event_never_inserts_on_a_stack_in_use() {
	trace_inserts 'timer:hrtimer_expire_entry' timeout 0.2 sh -c 'while :; do :; done'
	expect 'on a stack in use' "$(places | awk '$1 != "irq" && $1 > 1024' | wc -l)" 0
}

run_tests
