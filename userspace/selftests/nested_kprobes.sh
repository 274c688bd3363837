#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# NMIs that come while a kprobe is being handled. From there the kernel bears no more than one kprobe, and in the worst place none:
# it ends itself ("Unrecoverable kprobe detected"). stackid_nested.ko lets them come just there.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh

NESTED=/sys/module/stackid_nested/parameters
TRACE=/sys/kernel/tracing
recorded=0 lost_recursion=0 save_refused=0

# A jump in a breakpoint's place looks whether a kprobe is being handled, and does nothing then.
[ ! -e /proc/sys/debug/kprobes-optimization ] || echo 0 >/proc/sys/debug/kprobes-optimization

load() {
	[ -e "$KO/selftests/stackid_nested.ko" ] || skip 'NMIs are sent as x86 does it'
	[ -d $NESTED ] || insmod "$KO/selftests/stackid_nested.ko"
}

# Records the events while NMIs come; leaves in $came, $recorded and so on by how much each counter grew.
record() { # WHERE NMIS EVENT...
	local where=$1 nmis=$2 name
	shift 2
	load
	for name in recorded lost_recursion save_refused; do
		declare -g "$name=-$(stat_of $name)"
	done
	came=-$(cat $NESTED/came) refused=-$(cat $NESTED/refused) unfetched=$(cat $NESTED/unfetched)
	printf '%s\n' "$@" >$ROOT/events
	echo 1 >$ROOT/recording_on
	echo "$nmis" >"$NESTED/$where"
	echo 0 >$ROOT/recording_on
	wait_until nothing_is_pending
	for name in recorded lost_recursion save_refused; do
		declare -g "$name=$((${!name} + $(stat_of $name)))"
	done
	came=$((came + $(cat $NESTED/came))) refused=$((refused + $(cat $NESTED/refused)))
	clean
	expect 'NMIs that came there' "$came" "$nmis"
	expect 'NMIs in which the stack was not to be had' "$(cat $NESTED/unfetched)" "$unfetched"
	ledger_holds
	table_ledger_holds
}

test_nmis_in_no_kprobe_are_recorded() {
	record plain 100 nmi:nmi_handler
	[ "$recorded" -ge 100 ] || fail "$recorded events of 100 NMIs"
	expect 'lost by recursion' "$lost_recursion" 0
	expect 'refused saves' "$refused" 0
}

test_kprobes_in_nmis_are_recorded() {
	local event
	load
	event=$(breakpoint_in stackid_nested:nested_in_nmi)
	record plain 100 "$event"
	expect 'events' "$recorded" 100
}

test_nmis_in_a_kprobes_handler_are_counted() {
	record handler 100 nmi:nmi_handler
	[ "$lost_recursion" -ge 100 ] || fail "$lost_recursion events were lost in 100 NMIs"
	expect 'refused saves' "$refused" 100
}

test_nmis_in_a_kprobe_within_a_kprobes_handler_are_counted() {
	record nested 100 nmi:nmi_handler
	[ "$lost_recursion" -ge 100 ] || fail "$lost_recursion events were lost in 100 NMIs"
	expect 'refused saves' "$refused" 100
	expect 'counted as refused' "$save_refused" 100
}

test_those_that_come_through_perf_are_counted_too() {
	record nested 100 perf:nmi:nmi_handler
	[ "$lost_recursion" -ge 100 ] || fail "$lost_recursion events were lost in 100 NMIs"
}

# Somebody else's kprobes, behind the place where ftrace could serve them.
test_breakpoints_of_others_in_what_a_hit_calls_do_not_matter() {
	local function offset put=0
	# There may be an ENDBR in front.
	for function in stackid:hit_kernel stackid:stackid_table_lookup stackid:stackid_capture irq_work_queue unwind_next_frame; do
		for offset in 5 9; do
			if echo "p:stackid_test/${function#*:} $function+$offset" >>$TRACE/kprobe_events; then put=$((put + 1)); break; fi
		done
	done 2>/dev/null
	echo 1 >$TRACE/events/stackid_test/enable
	record nested 100 nmi:nmi_handler 'sched:sched_switch value=arg2+0'
	echo 0 >$TRACE/events/stackid_test/enable
	sed -n 's/^p:\(stackid_test.[a-z_]*\) .*/-:\1/p' $TRACE/kprobe_events >/tmp/probes
	cat /tmp/probes >>$TRACE/kprobe_events
	[ "$put" -ge 3 ] || fail "only $put breakpoints could be put"
	[ "$lost_recursion" -ge 100 ] || fail "$lost_recursion events were lost in 100 NMIs"
}

test_what_runs_before_the_look_can_not_be_probed() {
	local function
	for function in stackid_event_hit stackid_event_hit_kprobe stackid_save stackid_fetch stackid_table_stack stackid_generation_stack \
		stackid_generation_last_id probe_plain hit_first; do
		! echo "kprobe:stackid:$function" 2>/dev/null >$ROOT/events || fail "$function can be probed"
		grep -q "stackid:$function can not be probed.*blacklist" $ROOT/error_log || fail "$function: $(cat $ROOT/error_log)"
	done
}

# What tracers run in NMIs.
test_notrace_functions_can_not_be_probed() {
	local function place
	for function in ktime_get_mono_fast_ns irq_work_queue; do
		for place in "$function" "$function+4" "$function+5" "$function+9"; do
			! echo "kprobe:$place" 2>/dev/null >$ROOT/events || fail "$place can be probed"
		done
		grep -q "$function is a notrace function" $ROOT/error_log || fail "$function: $(cat $ROOT/error_log)"
	done
}

trap 'rmmod stackid_nested 2>/dev/null' EXIT
run_tests
