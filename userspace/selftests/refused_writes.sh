#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Every write that is refused: the error that the writer gets, the sentence in error_log, and the caret under the word.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh

# Writes TEXT to FILE in one write(2) and expects ERROR, a sentence with WORDS, and the caret under WORD of the text ('' for none).
refused() { # FILE TEXT ERROR WORDS WORD
	local output log command caret at before
	if output=$(printf '%s\n' "$2" 2>&1 >>"$ROOT/$1"); then
		fail "'$2' was not refused by $1"
	fi
	[[ $output == *": $3" ]] || fail "'$2' to $1: got '$output', expected '$3'"
	log=$(tail -n 3 $ROOT/error_log)
	[[ $log == *"stackid $1: error: "*"$4"* ]] || fail "'$2' to $1: error_log has no '$4': $log"
	[ -n "$5" ] || return 0
	command=$(grep '^  Command: ' <<<"$log" | tail -n 1)
	caret=$(tail -n 1 <<<"$log")
	[[ $caret =~ ^( *)\^$ ]] || fail "'$2' to $1: no caret: $log"
	at=${#BASH_REMATCH[1]}
	before=${command:at}
	[[ $before == "$5"* ]] || fail "'$2' to $1: the caret is at '$before', not at '$5'"
}

test_events() {
	echo sched:sched_switch >$ROOT/events
	refused events 'sched:sched_swich' 'No such file or directory' 'Did you mean sched:sched_switch?' sched:sched_swich
	refused events 'sched_swich' 'Invalid argument' 'Did you mean sched:sched_switch?' sched_swich
	refused events 'sched:sched_switch' 'File exists' 'enabled already' sched:
	refused events '-sched:sched_wakeup' 'No such file or directory' 'not enabled' sched:sched_wakeup
	refused events 'sched:sched_wakeup freq=0' 'Invalid argument' 'at least 1' 0
	refused events 'sched:sched_wakeup speed=1' 'Invalid argument' 'no such option' speed
	refused events 'sched:sched_wakeup pid=x' 'Invalid argument' 'not a decimal number' x
	refused events 'sched:sched_wakeup pid=4194000' 'No such process' '' pid=
	refused events 'sched:sched_wakeup tid=4194000' 'No such process' 'no thread 4194000' tid=
	refused events 'sched:sched_wakeup uid=0 tid=1' 'Invalid argument' 'contradict' tid
	refused events 'cpu-clock mode=user' 'Invalid argument' 'mode= takes kernel' user
	refused events 'sched:sched_wakeup value=arg99' 'Numerical result out of range' 'too big' 99
	refused events 'sched:sched_wakeup irqstack=x' 'Invalid argument' 'cut' x
	refused events 'cpu-clock freq=9 period=9' 'Invalid argument' 'contradict' period
	refused events 'kprobe:no_such_function' 'No such file or directory' 'no function no_such_function' no_such_function
	refused events 'kprobe:' 'Invalid argument' 'function is missing' ''
	refused events 'kprobe:ktime_get_mono_fast_ns' 'Invalid argument' 'is a notrace function' ktime_get_mono_fast_ns
	refused events 'kprobe:vfs_read+x' 'Invalid argument' 'no offset' x
	refused events 'kprobe:vfs_read freq=9' 'Invalid argument' 'kprobe hits every time' kprobe
	refused events 'kprobe:vfs_read value=arg7' 'Invalid argument' 'arg7' kprobe
	expect 'still enabled' "$(sed 's/ .*//' $ROOT/events)" sched:sched_switch
	clean
}

# Of an argument or of memory the counters would tell each bit.
test_values_need_cap_syslog() {
	local without='setpriv --bounding-set -syslog --inh-caps -syslog -- sh -c' event
	for event in 'sched:sched_switch if=arg2>=0xffff888800000000' 'sched:sched_switch if=arg2+16&1' 'sched:sched_switch value=arg2'; do
		! $without "echo '$event' >>$ROOT/events" 2>/dev/null || fail "$event was not refused"
		tail -n 3 $ROOT/error_log | grep -q 'needs CAP_SYSLOG' || fail "$(cat $ROOT/error_log)"
	done
	expect 'enabled' "$(cat $ROOT/events)" ''
	$without "echo sched:sched_switch >>$ROOT/events" || fail 'without values it was refused too'
	expect 'enabled' "$(sed 's/ .*//' $ROOT/events)" sched:sched_switch
	clean
	echo 'sched:sched_switch value=arg2 if=arg2!=0' >$ROOT/events
	clean
}

test_recording_on() {
	refused recording_on 2 'Invalid argument' 'Write 1 to start recording or 0' 2
	refused recording_on yes 'Invalid argument' 'not a decimal number' yes
	refused recording_on '' 'Invalid argument' 'Nothing is there' ''
	expect recording_on "$(cat $ROOT/recording_on)" 0
}

test_buffer_size_kb() {
	refused buffer_size_kb 3 'Invalid argument' '4 to 1048576' 3
	refused buffer_size_kb 1048577 'Invalid argument' '4 to 1048576' 1048577
	refused buffer_size_kb 99999999999 'Numerical result out of range' 'too big' 99999999999
	refused buffer_size_kb 64k 'Invalid argument' 'not a decimal number' k
	echo 1 >$ROOT/recording_on
	refused buffer_size_kb 64 'Device or resource busy' 'Recording is on' ''
	echo 0 >$ROOT/recording_on
	exec 5<$ROOT/per_cpu/cpu0/ring
	refused buffer_size_kb 64 'Device or resource busy' 'close it first' ''
	exec 5<&-
	echo 64 >$ROOT/buffer_size_kb
}

kilobytes_of() { # NAME
	awk -v name="$1:" '$1 == name { print $2 }' /proc/meminfo
}

# Where they were made nevertheless, the kernel would kill one process after the other, and first the one here that offers itself.
test_rings_that_do_not_fit_into_memory() {
	local kb=4 cpus sleeper file status=0
	cpus=$(nproc)
	while [ $((kb * cpus)) -le "$(kilobytes_of MemAvailable)" ]; do
		kb=$((kb * 2))
	done
	[ $kb -le 1048576 ] && [ $kb -lt "$(kilobytes_of MemTotal)" ] || skip "no rings are too large for this machine's memory together only"
	sleep 1000 &
	sleeper=$!
	echo 1000 >/proc/$sleeper/oom_score_adj
	echo $kb >$ROOT/buffer_size_kb
	refused recording_on 1 'Cannot allocate memory' "Rings of $kb KiB for $cpus CPUs need $((kb * cpus)) KiB, and " ''
	expect recording_on "$(cat $ROOT/recording_on)" 0
	for file in per_cpu/cpu0/ring trace_pipe; do
		! cat $ROOT/$file 2>/dev/null || fail "$file could be opened"
		tail -n 1 $ROOT/error_log | grep -q "error: Rings of $kb KiB for $cpus CPUs need .*; make buffer_size_kb smaller" ||
			fail "$file: $(tail -n 2 $ROOT/error_log)"
	done
	kill $sleeper || fail 'another process was killed for them'
	wait $sleeper || status=$?
	expect 'how it ended' $status 143
	echo 64 >$ROOT/buffer_size_kb
	echo 1 >$ROOT/recording_on
	clean
}

test_reset() {
	refused reset 0 'Invalid argument' 'Write 1' 0
	refused reset now 'Invalid argument' 'Write 1' now
	expect generation "$(stat_of generation)" 1
}

test_a_second_reader() {
	exec 5<$ROOT/trace_pipe
	cat $ROOT/per_cpu/cpu0/ring 2>/dev/null && fail 'the ring could be opened'
	tail -n 1 $ROOT/error_log | grep -q 'per_cpu ring: error: The ring of CPU 0 has a reader already' || fail "$(tail -n 2 $ROOT/error_log)"
	cat $ROOT/trace_pipe 2>/dev/null && fail 'a second trace_pipe could be opened'
	tail -n 1 $ROOT/error_log | grep -q 'trace_pipe: error: A ring has a reader already' || fail "$(tail -n 2 $ROOT/error_log)"
	exec 5<&-
}

test_files_that_cannot_be_written_or_read() {
	local file
	for file in README available_events stacks stacks_raw trace_pipe stats error_log per_cpu/cpu0/stats; do
		(: >>$ROOT/$file) 2>/dev/null && [ "$(id -u)" != 0 ] && fail "$file can be opened for writing"
		printf x 2>/dev/null >>$ROOT/$file && fail "$file can be written"
	done
	cat $ROOT/reset 2>/dev/null && fail 'reset can be read'
	true
}

test_error_log_keeps_the_last_eight() {
	local i
	for i in 1 2 3 4 5 6 7 8 9 10; do
		echo "x$i:y" 2>/dev/null >>$ROOT/events || true
	done
	expect entries "$(grep -c ': error: ' $ROOT/error_log)" 8
	expect first "$(grep -m 1 Command: $ROOT/error_log)" '  Command: x3:y'
}

# More lines than are read within a minute.
test_a_long_write_can_be_killed() {
	local began=$SECONDS status=0
	timeout -s KILL 2 perl -e 'open my $f, ">>", $ARGV[0] or die; syswrite $f, "\n" x (128 << 20)' $ROOT/events || status=$?
	expect 'exit code' $status 137
	[ $((SECONDS - began)) -lt 30 ] || fail "it was gone after $((SECONDS - began)) s"
}

run_tests
