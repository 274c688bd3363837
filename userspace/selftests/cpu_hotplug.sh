#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# CPUs that go and come while events hit on their way out and in: nothing of theirs is left behind, and nothing is lost without
# being told.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
KO=${KO:?set by in-vm}
STACKID=${STACKID:?set by in-vm}
CPU=$(($(nproc --all) - 1))
ONLINE=/sys/devices/system/cpu/cpu$CPU/online

# arm64 has the first one inlined, so there is only that of the run queue.
LOCK=$(function_of _raw_spin_lock_irqsave raw_spin_rq_lock_nested)

[ $CPU -gt 0 ] || { echo '1..0 # SKIP one CPU cannot go'; exit 0; }

# What hangs in the kernel cannot be killed; so it is left, and keeps no pipe open for whose end run_tests waits.
within_20_seconds() { # COMMAND...
	"$@" >/tmp/within 2>&1 &
	local pid=$! end=$((SECONDS + 20))
	while [ -d /proc/$pid ] && [ "$(awk '{ print $3 }' /proc/$pid/stat 2>/dev/null)" != Z ]; do
		[ $SECONDS -lt $end ] || fail "hangs: $*"
		sleep 0.05
	done
	wait $pid || fail "failed: $*: $(cat /tmp/within)"
}

load() {
	echo 1 >$ONLINE
	rmmod stackid 2>/dev/null || true
	insmod "$KO/stackid.ko"
}

buffer_size() {
	echo "$1" >$ROOT/buffer_size_kb
}

bring_online() {
	echo 1 >$ONLINE
}

# An irq_work that is queued after the CPU's last look at them is stranded, and who waits for it waits for ever; so does every
# later one of that CPU, whose interrupt never comes.
goes_while() { # EVENT...
	load
	buffer_size 1024
	printf '%s\n' "$@" >$ROOT/events
	echo 1 >$ROOT/recording_on
	# Once: the next going would take along what this one has left.
	echo 0 >$ONLINE
	[ "$(stat_of recorded $ROOT/per_cpu/cpu$CPU/stats)" -gt 0 ] || fail 'nothing was recorded on its way'
	echo 0 >$ROOT/recording_on
	: >$ROOT/events
	# Each of these waits for inserts, or for rings.
	within_20_seconds insmod "$KO/selftests/stackid_leaker.ko"
	within_20_seconds rmmod stackid_leaker
	within_20_seconds buffer_size 64
	# And with the CPU back.
	echo 1 >$ONLINE
	echo sched:sched_switch >$ROOT/events
	echo 1 >$ROOT/reset
	echo 1 >$ROOT/recording_on
	taskset -c $CPU ls -R /etc/apt >/dev/null
	echo 0 >$ROOT/recording_on
	[ "$(stat_of recorded $ROOT/per_cpu/cpu$CPU/stats)" -gt 0 ] || fail "CPU $CPU records nothing any more"
	wait_until nothing_is_pending
	[ "$(stat_of stacks)" -gt 0 ] || fail 'no stack gets an id any more'
	ledger_holds
	within_20_seconds rmmod stackid
}

test_a_cpu_goes_while_its_locks_are_probed() {
	goes_while "kprobe:$LOCK"
}

test_a_cpu_goes_while_its_going_is_probed() {
	goes_while kprobe:tick_offline_cpu kprobe:cpuhp_report_idle_dead
}

# A reader of a small ring is woken all the time, so also on the CPU's last way. On PREEMPT_RT the thread for plain irq_works is
# parked by then.
test_a_cpu_goes_while_it_wakes_a_reader() {
	local reader round
	load
	for ((round = 0; round < 10; round++)); do
		buffer_size 16
		printf '%s\n' "kprobe:$LOCK" sched:sched_switch sched:sched_waking >$ROOT/events
		cat $ROOT/per_cpu/cpu$CPU/ring >/dev/null &
		reader=$!
		echo 1 >$ROOT/recording_on
		echo 0 >$ONLINE
		[ "$(stat_of recorded $ROOT/per_cpu/cpu$CPU/stats)" -gt 0 ] || fail 'nothing was recorded on its way'
		echo 0 >$ROOT/recording_on
		: >$ROOT/events
		kill $reader
		wait $reader || true
		within_20_seconds buffer_size 64
		within_20_seconds bring_online
	done
	ledger_holds
	within_20_seconds rmmod stackid
}

test_the_ring_of_a_cpu_that_comes_is_drained() {
	local recorded
	load
	echo 0 >$ONLINE
	"$STACKID" record -a -o /tmp/comes.data -e "kprobe:${SYS}lseek" 2>/tmp/chatter &
	wait_until grep -q 1 $ROOT/recording_on
	echo 1 >$ONLINE
	taskset -c $CPU perl -e 'open my $f, "<", "/dev/zero"; for (1 .. 3000) { sysseek $f, 0, 0; select undef, undef, undef, 0.0005 }'
	kill -INT $!
	wait $! || true
	# Others than perl seek there, too.
	recorded=$(stat_of recorded $ROOT/per_cpu/cpu$CPU/stats)
	[ "$recorded" -ge 3000 ] || fail "only $recorded were recorded there"
	expect 'events of that CPU in the file' "$("$STACKID" script -i /tmp/comes.data | grep -c "\[$(printf %03d "$CPU")\].*${SYS}lseek")" "$recorded"
	expect 'lost' "$("$STACKID" ledger -i /tmp/comes.data --zeros | awk '$2 == "lost_full" { print $1 }')" 0
}

test_a_cpu_comes_while_all_is_recorded() {
	local lost told
	# The CPU has no ring yet when it comes.
	load
	echo 0 >$ONLINE
	buffer_size 1024
	printf '%s\n' sched:sched_switch sched:sched_waking "kprobe:$LOCK" >$ROOT/events
	echo 1 >$ROOT/recording_on
	echo 1 >$ONLINE
	# A loss is told of in front of the next record.
	taskset -c $CPU ls /etc/apt >/dev/null
	echo 0 >$ROOT/recording_on
	[ "$(stat_of recorded $ROOT/per_cpu/cpu$CPU/stats)" -gt 0 ] || fail "nothing was recorded on CPU $CPU"
	lost=$(stat_of lost_full $ROOT/per_cpu/cpu$CPU/stats)
	told=$(timeout 20 cat $ROOT/trace_pipe | awk -v cpu="CPU:$CPU" '$1 == cpu && $2 == "[LOST" { sum += $3 } END { print sum + 0 }')
	expect "lost_full, and the sum of LOST records on CPU $CPU" "$told" "$lost"
	ledger_holds
	rmmod stackid
}

run_tests
