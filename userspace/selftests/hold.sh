#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A recording ends with the program that holds it, however that ends.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
DATA=/tmp/stackid.data
EVENT="kprobe:${SYS}lseek"

is() { # FILE TEXT
	[ "$(cat "$ROOT/$1")" = "$2" ]
}

# EVENTS and KB were there before.
nothing_is_left() { # EVENTS KB
	wait_until is recording_on 0
	wait_until is buffer_size_kb "$2"
	expect events "$(sed 's/ *#.*//' $ROOT/events)" "$1"
}

the_next_one_records() {
	"$STACKID" record -o $DATA -e $EVENT -- perl -e 'sysseek STDIN, 0, 0 for 1 .. 100' 2>/tmp/chatter </dev/null ||
		fail "the next record: $(cat /tmp/chatter)"
	[ "$("$STACKID" script -i $DATA | grep -c "^perl .*$EVENT")" -ge 100 ] || fail 'the next record has no events'
}

# Steps of a recording, by a process that is killed after them.
killed_after() { # STEP...
	local status=0
	(
		exec 3>$ROOT/recording_on
		for step; do
			eval "$step"
		done
		kill -9 "$BASHPID"
	) || status=$?
	expect "status after $*" $status 137
}

# shellcheck disable=SC2016 # for eval
test_killed_between_any_two_steps() {
	local steps=('echo hold >&3' 'echo 256 >$ROOT/buffer_size_kb' 'echo sched:sched_switch >>$ROOT/events' \
		'exec 4<>$ROOT/per_cpu/cpu0/ring' 'echo 1 >$ROOT/recording_on' 'sleep 0.1' 'echo 0 >$ROOT/recording_on')
	local n
	clean
	for ((n = 0; n <= ${#steps[@]}; n++)); do
		killed_after "${steps[@]:0:n}"
		nothing_is_left '' 64
	done
	the_next_one_records
}

test_what_was_enabled_before_comes_back() {
	clean
	echo 'sched:sched_wakeup irqstack=full' >$ROOT/events
	# shellcheck disable=SC2016 # for eval
	killed_after 'echo hold >&3' 'is events "" || exit' 'echo sched:sched_switch >$ROOT/events' 'echo 1 >&3'
	nothing_is_left 'sched:sched_wakeup irqstack=full' 64
	the_next_one_records
	nothing_is_left 'sched:sched_wakeup irqstack=full' 64
	clean
}

# Kills record when what is given becomes true.
record_is_killed_when() { # CONDITION...
	"$STACKID" record -a -m 256K -o $DATA -e $EVENT -- sleep 30 2>/tmp/chatter &
	wait_until "$@"
	kill -9 $!
	wait $! 2>/dev/null || true
	nothing_is_left '' 64
}
not() { ! "$@"; }
data_is_written() { [ -e $DATA ] && [ "$(stat -c %s $DATA)" -gt 5000 ]; }
samples_can_be_read() { "$STACKID" report -i $DATA --stdio >/tmp/report 2>&1; grep -q 'Samples: ' /tmp/report; }

test_record_is_killed_while_it_begins() {
	clean
	record_is_killed_when not is buffer_size_kb 64
	record_is_killed_when not is events ''
}

test_record_is_killed_while_it_records() {
	clean
	record_is_killed_when is recording_on 1
	rm -f $DATA
	record_is_killed_when data_is_written
	# What it wrote is readable up to there.
	rm -f $DATA
	"$STACKID" record -a -o $DATA -e sched:sched_switch -- sleep 30 2>/tmp/chatter &
	wait_until samples_can_be_read
	kill -9 $!
	wait $! 2>/dev/null || true
	samples_can_be_read || fail "$(cat /tmp/report)"
	nothing_is_left '' 64
	the_next_one_records
}

# The next one does not even wait until it is gone.
test_record_at_once_after_a_killed_one() {
	local i
	clean
	for ((i = 0; i < 3; i++)); do
		"$STACKID" record -a -o $DATA -e $EVENT -- sleep 30 2>/tmp/chatter &
		wait_until is recording_on 1
		kill -9 $!
		the_next_one_records
	done
}

test_the_workload_does_not_keep_it() {
	clean
	"$STACKID" record -a -o $DATA -e $EVENT -- sh -c 'echo $$ >/tmp/workload; exec sleep 60' 2>/tmp/chatter &
	wait_until is recording_on 1
	wait_until test -s /tmp/workload
	kill -9 $!
	wait $! 2>/dev/null || true
	kill -0 "$(cat /tmp/workload)" || fail 'the workload is gone'
	nothing_is_left '' 64
	the_next_one_records
	kill "$(cat /tmp/workload)"
	rm /tmp/workload
}

test_a_second_one_is_told_who_holds_it() {
	local status=0
	clean
	"$STACKID" record -a -o $DATA -e $EVENT -- sleep 30 2>/tmp/chatter &
	wait_until is recording_on 1
	"$STACKID" record -a -o /tmp/second.data -e $EVENT -- true 2>/tmp/second || status=$?
	expect status $status 1
	grep -q "cannot record: Process $! (stackid) is recording" /tmp/second || fail "$(cat /tmp/second)"
	expect 'the first goes on' "$(cat $ROOT/recording_on)" 1
	kill -INT $!
	wait $! || true
	expect 'it ended' "$(cat $ROOT/recording_on)" 0
	"$STACKID" report -i $DATA >/dev/null 2>/tmp/why || fail "$(cat /tmp/why)"
}

test_a_shell_that_records_is_left_alone() {
	local status=0
	clean
	echo sched:sched_switch >$ROOT/events
	echo 1 >$ROOT/recording_on
	"$STACKID" record -a -o $DATA -e $EVENT -- true 2>/tmp/second || status=$?
	expect status $status 1
	grep -q 'write 0 to recording_on' /tmp/second || fail "$(cat /tmp/second)"
	expect 'it goes on' "$(cat $ROOT/recording_on)" 1
	expect 'its events' "$(sed 's/ *#.*//' $ROOT/events)" sched:sched_switch
	clean
}

test_a_shell_can_end_it() {
	clean
	"$STACKID" record -a -o $DATA -e $EVENT -- sleep 2 2>/tmp/chatter &
	wait_until is recording_on 1
	echo 0 >$ROOT/recording_on
	wait $! || fail "$(cat /tmp/chatter)"
	nothing_is_left '' 64
}

test_an_event_whose_process_is_gone_is_told_of() {
	clean
	sleep 60 &
	echo "sched:sched_switch pid=$!" >$ROOT/events
	exec 3>$ROOT/recording_on
	echo hold >&3
	kill $!
	wait $! || true
	exec 3>&-
	nothing_is_left '' 64
	tail -n 3 $ROOT/error_log | grep -q "sched:sched_switch" || fail "$(cat $ROOT/error_log)"
}

run_tests
