#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each file of debugfs: its mode, and that what is in it is what it is for.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh

test_every_file_has_its_mode() {
	local wanted
	wanted=$(cat <<-'EOF'
		200 reset
		400 README
		400 available_events
		400 error_log
		400 per_cpu/cpu0/stats
		400 stacks
		400 stacks_raw
		400 stats
		400 trace_pipe
		600 buffer_size_kb
		600 events
		600 per_cpu/cpu0/ring
		600 recording_on
	EOF
	)
	expect files "$(cd $ROOT && find . -type f -path '*cpu[1-9]*' -prune -o -type f -printf '%m %P\n' | sort)" "$wanted"
	expect 'files for each CPU' "$(find $ROOT/per_cpu -type f | wc -l)" $((2 * $(nproc --all)))
}

test_readme_names_every_file() {
	local file
	for file in $(cd $ROOT && find . -maxdepth 1 -type f -printf '%P\n' | grep -v README); do
		grep -q "$file" $ROOT/README || fail "README says nothing of $file"
	done
}

test_readme_commands_work() {
	local line
	cd $ROOT || return
	# Those that need no person to end them.
	grep -E '^  (echo|grep|awk|cat (stats|error_log|per_cpu|events))' README | sed 's/^  //; s/  [ ]*[a-zA-Z1-9].*//' >/tmp/commands
	[ "$(wc -l </tmp/commands)" -ge 12 ] || fail "only $(wc -l </tmp/commands) commands in README"
	while read -r line; do
		case $line in
		*sched_swich*) continue ;; # is there to fail
		esac
		echo 0 >recording_on
		(eval "$line") >/dev/null || fail "README's command fails: $line"
	done </tmp/commands
	clean
}

test_available_events_has_every_tracepoint_of_ftrace() {
	local missing
	missing=$(comm -23 <(sort /sys/kernel/tracing/available_events | grep -v -e ^syscalls: -e ^ftrace: -e ^kprobes: -e ^initcall:) \
		<(sed 's/[ #].*//' $ROOT/available_events | sort))
	[ "$(wc -w <<<"$missing")" = 0 ] || fail "missing: $(head -c 500 <<<"$missing")"
	grep -q 'kprobe:' $ROOT/available_events || fail 'no word of kprobes'
	grep -q 'cpu-clock' $ROOT/available_events || fail 'no word of counters'
}

test_events_can_be_added_listed_removed_and_written_back() {
	echo sched:sched_switch >$ROOT/events
	echo 'cpu-clock freq=99' >>$ROOT/events
	echo 'kprobe:vfs_read value=arg3 irqstack=full' >>$ROOT/events
	expect 'number of events' "$(wc -l <$ROOT/events)" 3
	cat $ROOT/events >/tmp/events
	echo -cpu-clock >>$ROOT/events
	expect names "$(sed 's/ .*//' $ROOT/events | paste -sd,)" sched:sched_switch,kprobe:vfs_read
	cat /tmp/events >$ROOT/events
	expect 'written back' "$(sed 's/ *#.*//' $ROOT/events)" "$(sed 's/ *#.*//' /tmp/events)"
	: >$ROOT/events
	expect 'after clearing' "$(cat $ROOT/events)" ''
}

test_recording_on_and_buffer_size_say_what_was_written() {
	echo 1 >$ROOT/recording_on
	expect recording_on "$(cat $ROOT/recording_on)" 1
	echo 0 >$ROOT/recording_on
	expect recording_on "$(cat $ROOT/recording_on)" 0
	echo 100 >$ROOT/buffer_size_kb
	expect 'rounded up' "$(cat $ROOT/buffer_size_kb)" 128
	clean
}

test_trace_pipe_shows_events_with_symbols() {
	local lines before
	before=$(stat_of recorded)
	echo 'sched:sched_switch' >$ROOT/events
	timeout 20 cat $ROOT/trace_pipe >/tmp/pipe &
	sleep 0.2
	echo 1 >$ROOT/recording_on
	sleep 0.5
	echo 0 >$ROOT/recording_on
	wait || fail 'cat did not end with the recording'
	lines=$(grep -c 'sched:sched_switch: id=' /tmp/pipe)
	[ "$lines" -gt 5 ] || fail "only $lines events"
	grep -q '^ => __schedule+0x' /tmp/pipe || fail 'no symbols'
	grep -Eq '^ +[^ ]+.*-[0-9]+ +\[[0-9]{3}\] +[0-9]+\.[0-9]{6}: sched:sched_switch: id=' /tmp/pipe || fail "another format: $(head -n 3 /tmp/pipe)"
	expect 'recorded and shown' "$lines" $(($(stat_of recorded) - before))
	clean
}

test_stacks_lists_every_id_with_symbols() {
	local ids
	ids=$(stat_of stacks)
	[ "$ids" -gt 0 ] || fail 'nothing was recorded before'
	expect 'ids in order' "$(awk '$1 == "id" { print $2 }' $ROOT/stacks | paste -sd,)" "$(seq "$ids" | paste -sd,)"
	grep -q '__schedule+0x' $ROOT/stacks || fail 'no symbols'
}

test_stats_has_every_counter_of_the_manual() {
	local name
	for name in offered recorded lost_full lost_recursion lost_rcu hit inline user empty queued queue_full table_full requests \
		inserted found_again full no_memory stale pending save_calls save_hit save_inserted save_deferred save_refused \
		save_queued save_direct generation stacks; do
		stat_of "$name" >/dev/null
	done
	expect 'lines that are no number' "$(grep -vcE '^[^ ]+ [0-9]+$' $ROOT/stats)" 0
	ledger_holds
}

test_sampling_marks_user_mode() {
	local user
	user=$(stat_of user)
	echo 'cpu-clock freq=200' >$ROOT/events
	echo 1 >$ROOT/recording_on
	timeout 1 sh -c 'while :; do :; done' || true
	echo 0 >$ROOT/recording_on
	[ "$(stat_of user)" -gt $((user + 20)) ] || fail "only $(($(stat_of user) - user)) samples in user mode"
	ledger_holds
	clean
}

# What the manual says of them. The registers of a task are saved when it has left its stack.
test_a_hit_in_a_task_switch_has_no_stack() {
	local empty
	grep -q '^x86_fpu:x86_fpu_regs_deactivated$' <(sed 's/[ #].*//' $ROOT/available_events) || skip 'there are no such events'
	empty=$(stat_of empty)
	echo x86_fpu:x86_fpu_regs_deactivated >$ROOT/events
	echo 1 >$ROOT/recording_on
	timeout 300 perf bench sched pipe -l 200 >/dev/null
	echo 0 >$ROOT/recording_on
	grep ' [0-9]' $ROOT/stats | grep -E '^(recorded|empty|hit|inline) '
	[ "$(stat_of empty)" -gt "$empty" ] || fail 'all of them have a stack'
	ledger_holds
	clean
}

test_the_pid_filter_takes_children_and_nobody_else() {
	local before
	before=$(stat_of offered)
	echo "kprobe:${SYS}getcwd pid=$BASHPID" >$ROOT/events
	echo 1 >$ROOT/recording_on
	# bash's own pwd makes no system call; /bin/pwd -P makes one.
	for _ in 1 2 3; do
		(/bin/pwd -P) >/dev/null
	done
	echo 0 >$ROOT/recording_on
	expect 'own children' $(($(stat_of offered) - before)) 3

	before=$(stat_of offered)
	sleep 100 &
	echo "kprobe:${SYS}getcwd pid=$!" >$ROOT/events
	echo 1 >$ROOT/recording_on
	/bin/pwd -P >/dev/null
	echo 0 >$ROOT/recording_on
	kill $!
	expect 'of strangers' $(($(stat_of offered) - before)) 0
	clean
}

# Of commands that are run while it is enabled.
offered_while() { # EVENT COMMAND...
	local before
	before=$(stat_of offered)
	echo "$1" >$ROOT/events
	echo 1 >$ROOT/recording_on
	"${@:2}" || true
	echo 0 >$ROOT/recording_on
	echo $(($(stat_of offered) - before))
	clean
}

test_a_filter_of_threads_takes_no_children() {
	local before
	seven_by_itself() { for _ in 1 2 3 4 5 6 7; do cd /; done; (cd /); }
	echo "kprobe:${SYS}chdir tid=$BASHPID" >$ROOT/events
	expect 'written back' "$(sed 's/  #.*//' $ROOT/events)" "kprobe:${SYS}chdir tid=$BASHPID"
	before=$(stat_of offered)
	echo 1 >$ROOT/recording_on
	seven_by_itself
	echo 0 >$ROOT/recording_on
	expect 'by itself' $(($(stat_of offered) - before)) 7
	clean
}

test_events_of_one_process_share_its_filter() {
	local before stranger
	printf '%s\n' "kprobe:${SYS}getcwd pid=$BASHPID" "kprobe:${SYS}chdir pid=$BASHPID" "sched:sched_switch pid=$BASHPID" >$ROOT/events
	# Each is a bit for every number that a task can have: half a megabyte, and a page that guards it.
	expect 'filters' "$(grep -c ' 532480 .*\[stackid\]' /proc/vmallocinfo)" 1
	echo -kprobe:"$SYS"chdir >>$ROOT/events
	echo -sched:sched_switch >>$ROOT/events
	sleep 100 &
	stranger=$!
	echo "kprobe:${SYS}chdir pid=$stranger" >>$ROOT/events
	expect 'filters of two' "$(grep -c ' 532480 .*\[stackid\]' /proc/vmallocinfo)" 2
	before=$(stat_of offered)
	echo 1 >$ROOT/recording_on
	for _ in 1 2 3; do
		(cd / && /bin/pwd -P) >/dev/null
	done
	echo 0 >$ROOT/recording_on
	kill $stranger
	expect 'of its own children' $(($(stat_of offered) - before)) 3
	clean
	expect 'filters that are left' "$(grep -c ' 532480 .*\[stackid\]' /proc/vmallocinfo)" 0
}

# In a container the shell has number 1, which outside of it is another process.
test_pids_are_those_of_who_writes_them() {
	local way before
	for way in tid pid; do
		before=$(stat_of offered)
		echo "kprobe:${SYS}getcwd $way=1" >$ROOT/events
		unshare --pid --fork --mount-proc bash -c "[ \$\$ = 1 ] && echo 'kprobe:${SYS}chdir $way=1' >>$ROOT/events || exit
			echo 1 >$ROOT/recording_on
			for _ in 1 2 3 4 5; do cd /; done
			/bin/pwd -P >/dev/null
			echo 0 >$ROOT/recording_on" || fail 'no container'
		expect "$way=1, in the container" $(($(stat_of offered) - before)) 5
		expect 'filters of two processes' "$(grep -c ' 532480 .*\[stackid\]' /proc/vmallocinfo)" 2
		clean
	done
}

test_a_filter_by_user_takes_who_acts_as_that_one() {
	local nobody='setpriv --reuid=65534 --clear-groups sh -c'
	expect 'of nobody' "$(offered_while "kprobe:${SYS}chdir uid=65534" $nobody 'cd /; cd /tmp')" 2
	expect 'of others' "$(offered_while "kprobe:${SYS}chdir uid=65534" sh -c 'cd /; cd /tmp')" 0
	expect 'of root' "$(offered_while "kprobe:${SYS}chdir uid=0" $nobody 'cd /; cd /tmp')" 0
}

test_in_mode_kernel_no_sample_hits_user_mode() {
	local user recorded
	user=$(stat_of user) recorded=$(stat_of recorded)
	offered_while 'cpu-clock freq=999 mode=kernel' timeout 1 sh -c 'while :; do read -r x </proc/self/stat; done'
	expect 'hits of user mode' "$(stat_of user)" "$user"
	[ "$(stat_of recorded)" -gt "$recorded" ] || fail 'and none of the kernel'
	offered_while 'cpu-clock freq=999' timeout 1 sh -c 'while :; do :; done'
	[ "$(stat_of user)" -gt "$user" ] || fail 'without it there are none either'
}

run_tests
