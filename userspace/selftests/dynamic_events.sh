#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Events that come and go: those of tracefs, which somebody may want to delete while they are enabled here, and those of a module.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
TRACE=/sys/kernel/tracing

refusal_of() { # EVENT
	echo "$1" 2>/dev/null >>$ROOT/events && fail "$1 was not refused"
	grep ': error: ' $ROOT/error_log | tail -n 1
}

# Enables a dynamic event, tries in vain to delete it, takes hits, removes it here, and then it can be deleted.
lives_as_long_as_enabled() { # GROUP/NAME COMMAND
	local event=${1/\//:} before
	before=$(stat_of recorded)
	sed 's/[ #].*//' $ROOT/available_events | grep -qx "$event" || fail "$event is not listed"
	echo "$event" >$ROOT/events
	echo 1 >$ROOT/recording_on
	echo "-:$1" 2>/dev/null >>$TRACE/dynamic_events && fail "$1 could be deleted while it was enabled"
	$2
	echo 0 >$ROOT/recording_on
	[ "$(stat_of recorded)" -gt "$before" ] || fail "$event never hit"
	: >$ROOT/events
	echo "-:$1" >>$TRACE/dynamic_events || fail "$1 could not be deleted any more"
	ledger_holds
}

read_a_file() {
	cat /proc/version >/dev/null
}

is_known_to_this_kernel() { # DEFINITION
	echo "$1" 2>/dev/null >>$TRACE/dynamic_events
}

# The first perf that takes these events is somewhere after that of 6.12. Asked is the kernel, by its own user.
synthetic_by_perf() {
	local before refusal
	if ! perf stat -e synthetic:stackid_wake true >/dev/null 2>&1; then
		refusal=$(refusal_of 'perf:synthetic:stackid_wake')
		[[ $refusal == *'perf has no probe for this event; leave out perf:.' ]] || fail "$refusal: $(cat $ROOT/error_log)"
		return
	fi
	before=$(stat_of recorded)
	echo perf:synthetic:stackid_wake >$ROOT/events
	echo 1 >$ROOT/recording_on
	sleep 0.5
	echo 0 >$ROOT/recording_on
	[ "$(stat_of recorded)" -gt "$before" ] || fail 'it never hit by perf'
	echo synthetic:stackid_wake >$ROOT/events
}

test_a_synthetic_event_hits_and_cannot_be_freed() {
	[ -e $TRACE/synthetic_events ] || skip 'this kernel has no synthetic events'
	echo 's:stackid_wake pid_t pid' >>$TRACE/dynamic_events
	echo 'hist:keys=pid:t=common_timestamp' >$TRACE/events/sched/sched_waking/trigger
	echo 'hist:keys=next_pid:d=common_timestamp-$t:onmatch(sched.sched_waking).stackid_wake(next_pid)' >$TRACE/events/sched/sched_switch/trigger
	echo synthetic:stackid_wake >$ROOT/events
	grep -q stackid_wake $TRACE/events/sched/sched_switch/trigger || fail 'no trigger'
	echo 1 >$ROOT/recording_on
	sleep 0.5
	echo 0 >$ROOT/recording_on
	wait_until nothing_is_pending
	grep -q __schedule $ROOT/stacks || fail 'it never hit where tasks switch'
	synthetic_by_perf
	echo '!hist:keys=next_pid:d=common_timestamp-$t:onmatch(sched.sched_waking).stackid_wake(next_pid)' >$TRACE/events/sched/sched_switch/trigger
	echo '!hist:keys=pid:t=common_timestamp' >$TRACE/events/sched/sched_waking/trigger
	# Now only the reference that is held here keeps it.
	echo -:synthetic/stackid_wake 2>/dev/null >>$TRACE/dynamic_events && fail 'it could be deleted while it was enabled'
	[[ $(refusal_of 'perf:synthetic:stackid_wake value=arg1') == *value=* ]] || fail "$(cat $ROOT/error_log)"
	: >$ROOT/events
	[[ $(refusal_of 'synthetic:stackid_wake value=arg1') == *value=* ]] || fail "$(cat $ROOT/error_log)"
	echo -:synthetic/stackid_wake >>$TRACE/dynamic_events
}

test_an_event_of_kprobe_events() {
	echo 'p:stackid_read vfs_read' >>$TRACE/kprobe_events
	lives_as_long_as_enabled kprobes/stackid_read read_a_file
	echo 'r:stackid_return vfs_read' >>$TRACE/kprobe_events
	lives_as_long_as_enabled kprobes/stackid_return read_a_file
}

test_an_event_of_uprobe_events() {
	local entry
	[ -e $TRACE/uprobe_events ] || skip 'this kernel has no uprobe events'
	# Where it begins, by its ELF header.
	entry=0x$(od -An -tx8 -j 24 -N 8 /bin/true | tr -d ' ')
	cp /bin/true /tmp/stackid_true
	echo "p:stackid_true /tmp/stackid_true:$entry" >>$TRACE/uprobe_events
	lives_as_long_as_enabled uprobes/stackid_true /tmp/stackid_true
	[ "$(stat_of user)" -gt 0 ] || fail 'it was not taken for a hit in user mode'
}

test_an_fprobe_event() {
	is_known_to_this_kernel 'f:stackid_fprobe vfs_read' || skip 'this kernel has no fprobe events'
	lives_as_long_as_enabled fprobes/stackid_fprobe read_a_file
	echo 'f:stackid_fexit vfs_read%return' >>$TRACE/dynamic_events
	lives_as_long_as_enabled fprobes/stackid_fexit read_a_file
}

# A timer's end is a softirq.
have_softirqs() {
	for _ in {1..50}; do sleep 0.01; done
}

# Above where such a function returns to lies nothing any more.
test_the_return_of_the_first_function_on_the_interrupts_stack() {
	local function tried=''
	for function in __do_softirq __sysvec_apic_timer_interrupt __sysvec_call_function_single; do
		is_known_to_this_kernel "f:stackid_first $function%return" || continue
		tried=1
		lives_as_long_as_enabled fprobes/stackid_first have_softirqs
	done
	[ "$tried" ] || skip 'this kernel has no fprobe events for these'
}

test_a_tracepoint_probe() {
	is_known_to_this_kernel 't:stackid_tprobe sched_switch' || skip 'this kernel has no tracepoint probes'
	lives_as_long_as_enabled tracepoints/stackid_tprobe 'sleep 0.2'
}

test_a_user_event() {
	[ -e $TRACE/user_events_data ] || skip 'this kernel has no user_events'
	echo 'u:stackid_user u32 number' >>$TRACE/dynamic_events
	echo user_events:stackid_user >$ROOT/events
	echo -:user_events/stackid_user 2>/dev/null >>$TRACE/dynamic_events && fail 'it could be deleted while it was enabled'
	: >$ROOT/events
	echo -:user_events/stackid_user >>$TRACE/dynamic_events
}

# Nothing tells perf when it is hit.
test_an_event_probe_is_refused_and_listed_so() {
	echo 'e:stackid_eprobe sched.sched_switch pid=$prev_pid' >>$TRACE/dynamic_events
	[[ $(refusal_of eprobes:stackid_eprobe) == *'record the event that it is attached to'* ]] || fail "$(cat $ROOT/error_log)"
	[[ $(refusal_of perf:eprobes:stackid_eprobe) == *'record the event that it is attached to'* ]] || fail "$(cat $ROOT/error_log)"
	grep -q '^# eprobes:stackid_eprobe: ' $ROOT/available_events || fail 'not listed'
	echo -:eprobes/stackid_eprobe >>$TRACE/dynamic_events
}

# A module with a tracepoint, which calls its functions when it is asked to.
fire_comes() { insmod "$KO/selftests/stackid_fire.ko" contexts=task stacks=2; }

it_has_hit() { [ "$(stat_of recorded)" -gt "$before" ]; }
hits() { # EVENT
	local before
	before=$(stat_of recorded)
	echo 1 >/sys/module/stackid_fire/parameters/run
	wait_until it_has_hit || fail "$1 never hit"
	echo 0 >/sys/module/stackid_fire/parameters/run
}

sleeps_and_wakes() { # EVENT
	local number
	fire_comes
	echo "$1" >$ROOT/events
	number=$(sed 's/.*# //' $ROOT/events)
	echo 1 >$ROOT/recording_on
	hits "$1"
	rmmod stackid_fire
	expect 'while it is away' "$(cat $ROOT/events)" "$1  # $number asleep until module stackid_fire is loaded"
	expect 'written back' "$(sed 's/ *#.*//' $ROOT/events)" "$1"
	fire_comes
	expect 'when it is back' "$(cat $ROOT/events)" "$1  # $number"
	hits "$1"
	rmmod stackid_fire
	: >$ROOT/events
	fire_comes
	rmmod stackid_fire
	# A second time, and away while it is removed; and away for good when the recording ends.
	fire_comes
	echo "$1" >$ROOT/events
	rmmod stackid_fire
	echo 0 >$ROOT/recording_on
	echo 1 >$ROOT/recording_on
	echo "-$1" >>$ROOT/events
	expect 'all removed' "$(cat $ROOT/events)" ''
	echo 0 >$ROOT/recording_on
	ledger_holds
}

# The same for a function that is named with its module and for one that is not.
test_a_kprobe_sleeps_while_its_module_is_away() {
	sleeps_and_wakes kprobe:stackid_fire:fire_left
	sleeps_and_wakes kprobe:fire_left
}

test_a_tracepoint_sleeps_while_its_module_is_away() {
	sleeps_and_wakes stackid_fire:stackid_fire
}

run_tests
