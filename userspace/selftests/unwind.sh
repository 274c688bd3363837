#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The fast walker against the kernel's: in a mix of loads, while modules come and go and while tracers replace return addresses;
# and that it changes neither stacks nor ids.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
KO=${KO:?set by in-vm}
TRACE=/sys/kernel/tracing
TRACEPOINTS='sched:sched_switch kmem:kmalloc timer:hrtimer_expire_entry kprobe:vfs_read'
# Of these only, so that little code is patched each time.
TRACED="vfs_read vfs_write $(function_of pipe_read anon_pipe_read) $(function_of do_filp_open do_file_open)"

walks() { # OUTCOME
	stat_of "unwind_$1"
}

all_counters() {
	grep ^unwind_ $ROOT/stats | tr '\n' ' '
}

# The kernel runs from a root of overlay on 9p here, both of which are modules.
mix() {
	timeout 300 hackbench -g 1 -f 4 -l 200 >/dev/null || fail 'hackbench failed'
	timeout 300 stress-ng -q --fork 1 --futex 1 --pipe 1 --sock 1 -t 3 >/dev/null 2>&1 || fail 'stress-ng failed'
	timeout 300 find /usr/share/doc/[a-l]* /etc >/dev/null 2>&1 || true
}

# A test that failed may have left it loaded.
load() { # PARAMETER
	rmmod stackid 2>/dev/null || true
	insmod "$KO/stackid.ko" "$1"
}

start() { # PARAMETER EVENT...
	load "$1"
	shift
	printf '%s\n' "$@" >$ROOT/events
	echo 1 >$ROOT/recording_on
}

# Asked before all else: the first difference turns the fast walk off, and then nothing else is as expected.
expect_same() {
	[ "$(walks different)" = 0 ] || fail "the two walks differ: $(dmesg | grep 'stackid: .*fast')"
}

stop() {
	echo 0 >$ROOT/recording_on
	all_counters
	expect_same
	rmmod stackid
}

# At least so many in 1000 walks were fast, and all of these were checked.
expect_fast() { # PER-MILLE
	local fast checked all
	expect_same
	fast=$(walks fast)
	checked=$(walks checked)
	all=$(awk -v all="$fast" '/^unwind_slow_/ { all += $2 } END { print all }' $ROOT/stats)
	[ $((fast * 1000)) -ge $((all * $1)) ] || fail "of $all walks only $fast were fast: $(all_counters)"
	expect recalled "$(walks recalled)" 0
	# A walk in the middle of another's check is not checked itself.
	[ $((checked * 1000)) -ge $((fast * 999)) ] || fail "of $fast fast walks only $checked were checked"
	[ "$checked" -gt 5000 ] || fail "only $checked walks were checked"
}

test_tracepoints_are_walked_fast() {
	# shellcheck disable=SC2086 # a list
	start check_unwind=1 $TRACEPOINTS
	mix
	echo 0 >$ROOT/recording_on
	expect_fast 990
	stop
}

test_samples_are_walked_fast() {
	# shellcheck disable=SC2086 # a list
	start check_unwind=1 $TRACEPOINTS 'cpu-clock freq=997'
	mix
	echo 0 >$ROOT/recording_on
	expect_fast 950
	stop
}

# perf makes registers up for these events: a PC, and the frame of the function that returns there.
test_registers_that_perf_makes_up_are_walked_fast_and_no_pc_is_twice() {
	local i
	start check_unwind=1 context-switches cpu-migrations perf:sched:sched_switch perf:kmem:kmalloc
	timeout 300 hackbench -g 1 -f 4 -l 200 >/dev/null || fail 'hackbench failed'
	for ((i = 0; i < 200; i++)); do
		taskset -pc $((i % 2)) $BASHPID >/dev/null
	done
	taskset -pc 0-1 $BASHPID >/dev/null
	echo 0 >$ROOT/recording_on
	wait_until nothing_is_pending
	expect_fast 950
	awk '
		/^[^\t]/ { n = 0; next }
		{ pc[++n] = $1 }
		n == 2 { stacks++; twice += pc[1] == pc[2] }
		n == 2 && pc[1] ~ /^(schedule|preempt_schedule_common)\+/ { switches++ }
		END {
			print stacks " stacks, " switches " of them of the task switch; the first PC of " twice + 0 " is there twice"
			exit twice || !switches || stacks < 50
		}' $ROOT/stacks || fail "$(grep -A 4 -m 3 ^id $ROOT/stacks)"
	stop
}

# What a function returns to when it is left is what had called it when it was entered: without its first PC the one stack is the other.
test_functions_that_perf_sees_entered_and_left_have_the_same_callers() {
	local events=perf:kprobes:stackid_left entered=''
	echo 'r:stackid_left vfs_read' >>$TRACE/kprobe_events
	# Fprobes came later.
	if { echo 'f:stackid_entered vfs_read' >>$TRACE/dynamic_events; } 2>/dev/null; then
		events+=' perf:fprobes:stackid_entered' entered=1
	fi
	# shellcheck disable=SC2086 # a list
	start check_unwind=1 $events
	dd if=/dev/zero of=/dev/null bs=512 count=2000 2>/dev/null || fail 'dd failed'
	echo 0 >$ROOT/recording_on
	wait_until nothing_is_pending
	expect_same
	[ "$(walks checked)" -gt 2000 ] || fail "only $(walks checked) walks were checked: $(all_counters)"
	awk -v entered="$entered" '
		function end_stack() {
			if (callers ~ /^ksys_read\+/)
				seen[first ~ /^vfs_read\+/, callers] = 1
			first = callers = ""
		}
		/^[^\t]/ { end_stack(); next }
		!first && /\tvfs_read\+/ { first = $1; next }
		{ callers = callers $1 " " }
		END {
			end_stack()
			for (which in seen) {
				split(which, part, SUBSEP)
				if (!part[1])
					found += !entered || (1 SUBSEP part[2]) in seen
			}
			exit !found
		}' $ROOT/stacks || fail "entered: ${entered:-no}; $(cat $ROOT/stacks)"
	stop
	echo -:stackid_left >>$TRACE/kprobe_events
	[ -z "$entered" ] || echo -:stackid_entered >>$TRACE/dynamic_events
}

# Each read is into pages that nobody has touched, so that the copying faults. On arm64 the fault's registers are a record of their
# own kind since 6.13.
test_a_fault_in_a_system_call_is_walked_up_to_the_system_call() {
	local parameter i
	for parameter in check_unwind=1 fast_unwind=0; do
		start $parameter kmem:mm_page_alloc 'cpu-clock freq=9997' 'timer:hrtimer_expire_entry irqstack=full'
		for ((i = 0; i < 30; i++)); do
			dd if=/dev/zero of=/dev/null bs=1M count=1 2>/dev/null || fail 'dd failed'
		done
		echo 0 >$ROOT/recording_on
		wait_until nothing_is_pending
		echo "$parameter: $(stat_of recorded) recorded, $(all_counters)"
		[ "$(stat_of recorded)" -gt 5000 ] || fail "only $(stat_of recorded) hits"
		[ $parameter = fast_unwind=0 ] || expect_fast 950
		awk '
			function end_stack() {
				whole += reading && last ~ /entry_SYSCALL_64|el0t_64_sync/
				short += reading && last !~ /entry_SYSCALL_64|el0t_64_sync/
				fault = reading = 0
			}
			/^[^\t]/ { end_stack(); next }
			/\thandle_mm_fault\+/ { fault = 1 }
			fault && /\tksys_read\+/ { reading = 1 }
			{ last = $1 }
			END {
				end_stack()
				print whole + 0 " stacks of a fault go up to the system call, " short + 0 " end before"
				exit !whole || short
			}' $ROOT/stacks || fail "not all of the stack: $(grep -B 9 -A 20 -m 1 handle_mm_fault $ROOT/stacks)"
		stop
	done
}

# Function-graph tracing and a kretprobe put trampolines into frames that are on stacks then; a second probe of a tracepoint
# brings the function that calls all of them; modules' text comes and goes.
disturb() {
	local function round
	for function in $TRACED; do
		echo "$function" >>$TRACE/set_ftrace_filter
		echo "$function" >>$TRACE/set_graph_function
	done
	echo 'r:stackid_unwind vfs_write' >>$TRACE/kprobe_events
	for round in 1 2 3; do
		echo "round $round"
		echo function_graph >$TRACE/current_tracer
		echo 1 >$TRACE/events/kprobes/stackid_unwind/enable
		echo 1 >$TRACE/events/sched/sched_switch/enable
		sleep 1
		echo nop >$TRACE/current_tracer
		echo 0 >$TRACE/events/kprobes/stackid_unwind/enable
		echo 0 >$TRACE/events/sched/sched_switch/enable
		modprobe dummy
		modprobe loop
		modprobe -r dummy
		modprobe -r loop
	done
	echo -:stackid_unwind >>$TRACE/kprobe_events
	: >$TRACE/set_graph_function
	: >$TRACE/set_ftrace_filter
}

# A hit that finds its ring full is not recalled, however long one waits: so somebody reads, until the file is there. Reading
# makes events, too: a ring would never be seen empty.
empty_rings_until() { # FILE
	local ring
	until [ -e "$1" ]; do
		for ring in $ROOT/per_cpu/cpu*/ring; do
			dd if="$ring" of=/dev/null bs=64K count=16 iflag=nonblock 2>/dev/null || true
		done
		sleep 0.1
	done
}

all_checked() { [ "$(walks checked)" -gt 2000 ] && [ "$(walks slow_patched)" -gt 0 ]; }
some_recalled() { all_checked && [ "$(walks recalled)" -gt 1000 ]; }

# Until CONDITION holds: on a busy machine a round has few events.
mix_with_tracers() { # PARAMETER CONDITION
	local disturber reader rounds=0 end=$((SECONDS + 100))
	rm -f /tmp/enough
	# Samples, too: the unwinder of 6.12 must not be sent off in the middle of return_to_handler, it warns then.
	# shellcheck disable=SC2086 # a list
	start "$1" $TRACEPOINTS 'cpu-clock freq=9997'
	empty_rings_until /tmp/enough &
	reader=$!
	until "$2"; do
		if [ $SECONDS -ge $end ]; then
			touch /tmp/enough
			fail "not enough after $rounds rounds: $(all_counters)"
		fi
		disturb &
		disturber=$!
		while kill -0 $disturber 2>/dev/null; do
			mix
		done
		wait $disturber || fail 'tracers or modules could not be switched'
		rounds=$((rounds + 1))
		expect_same
	done
	touch /tmp/enough
	wait $reader
	echo "after $rounds rounds: $(all_counters)"
	stop
}

test_tracers_and_modules_come_and_go_while_all_is_checked() {
	mix_with_tracers check_unwind=1 all_checked
}

test_tracers_and_modules_come_and_go_while_ids_are_recalled() {
	mix_with_tracers check_unwind=2 some_recalled
}

# The same calls each time, in one task that starts no other.
replay() {
	local i line
	for ((i = 0; i < 40; i++)); do
		read -r line </proc/self/stat
		read -r line </proc/version
		read -r line </sys/kernel/notes || true
		read -r line </etc/passwd
		read -r line <./functions.sh
		echo "$line" >/tmp/replay.file
		echo "$line" >>/tmp/replay.file
		echo "$line" >&7
		read -r line <&7
		for line in /proc/sys/kernel/* /etc/apt/*; do
			[ -r "$line" ] || true
		done
		cd /usr/share || return
		cd "$OLDPWD" || return
	done 2>/dev/null
}

# The stacks in the order of their ids; without those of interrupts, which come when they like.
replayed_stacks() { # PARAMETER FILE OUTCOME
	load "$1"
	(
		exec 7<>/tmp/replay.fifo
		replay
		printf '%s\n' "raw_syscalls:sys_enter pid=$BASHPID" "kmem:kmalloc pid=$BASHPID" "kprobe:vfs_read pid=$BASHPID" \
			"kprobe:mutex_lock pid=$BASHPID" "kprobe:fput pid=$BASHPID" >$ROOT/events
		echo 1 >$ROOT/recording_on
		replay
		echo 0 >$ROOT/recording_on
	)
	wait_until nothing_is_pending
	awk '
		/^[^ \t]/ { if (stack && !interrupted) printf "%s", stack; stack = ""; interrupted = 0; next }
		/ (asm_(sysvec|common_interrupt)|el[01][ht]_64_irq)/ { interrupted = 1 }
		{ stack = stack $0 "\n" }
		END { if (stack && !interrupted) printf "%s", stack }' $ROOT/stacks >"$2"
	echo "$1: $(all_counters)"
	[ "$(walks "$3")" -gt 1000 ] || fail "$1: only so few walks were $3: $(walks "$3")"
	[ "$3" = recalled ] || expect 'recalled' "$(walks recalled)" 0
	rmmod stackid
}

test_stacks_and_ids_are_those_of_the_slow_walk() {
	mkfifo /tmp/replay.fifo
	taskset -pc 0 $BASHPID >/dev/null
	replayed_stacks fast_unwind=1 /tmp/stacks.fast recalled
	replayed_stacks recall=0 /tmp/stacks.walked fast
	replayed_stacks fast_unwind=0 /tmp/stacks.slow slow_off
	[ "$(wc -l </tmp/stacks.slow)" -gt 100 ] || fail "only $(wc -l </tmp/stacks.slow) lines of stacks"
	diff /tmp/stacks.fast /tmp/stacks.slow || fail 'not the same'
	diff /tmp/stacks.walked /tmp/stacks.slow || fail 'not the same without recalling'
}

# How many of the receiving softirq's stacks there are, and in how many of them is who sent.
sent_to_oneself() { # PARAMETER OPTION
	start "$1" "net:netif_receive_skb $2"
	python3 -c 'import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); [s.sendto(b"x", ("127.0.0.1", 9)) for i in range(100)]'
	echo 0 >$ROOT/recording_on
	wait_until nothing_is_pending
	expect_same
	softirqs=$(grep -c net_rx_action $ROOT/stacks || true)
	senders=$(grep -c __sys_sendto $ROOT/stacks || true)
	echo "$1 $2: $softirqs softirqs, $senders with the sender"
	rmmod stackid
	[ "$softirqs" -gt 0 ] || fail 'no stack of a softirq'
}

test_a_softirq_has_nothing_of_the_task_that_it_came_upon() {
	local parameter softirqs senders
	for parameter in check_unwind=1 fast_unwind=0; do
		sent_to_oneself $parameter irqstack=full
		[ "$senders" -gt 0 ] || fail 'no softirq came upon the sender, so that nothing is shown'
		sent_to_oneself $parameter irqstack=cut
		expect 'with the sender' "$senders" 0
	done
}

run_tests
