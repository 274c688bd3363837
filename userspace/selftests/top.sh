#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# stackid top: as text, and driven by keys on a terminal of tmux.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
# shellcheck source=../tests/tmux.sh
. ./tmux.sh
STACKID=${STACKID:?set by in-vm}
export TERM=screen LC_ALL=C
# Their files are there; the harness reads the tests from here.
work=$(mktemp -d)
# Calls lseek(2) as long as this script lives, however slow the machine is.
perl -e 'my $parent = getppid; open my $f, "<", "/dev/zero"; while (getppid == $parent) { sysseek $f, 0, 0 for 1 .. 20; select undef, undef, undef, 0.001 }' &
trap 'kill %1; screen_stop' EXIT

nothing_is_left() {
	wait_until recording_is_off
	expect 'events left behind' "$(cat $ROOT/events)" ''
}
recording_is_off() {
	[ "$(cat $ROOT/recording_on)" = 0 ]
}
top_on_screen() { # COLUMNS LINES ARGS
	screen_start "$1" "$2" "$STACKID top $3"
}

test_frames_as_text() {
	cd "$work" || exit
	"$STACKID" top -b -n 3 -d 0.5 -e "kprobe:${SYS}lseek" >out
	expect frames "$(grep -c 'events/s' out)" 3
	# By function, and by stack.
	expect tables "$(grep -c '^# Children\|^# Overhead' out)" 6
	expect 'rows of the function' "$(grep -c '^ *100\.00%.* \[k\] '"$SYS"'lseek' out)" 6
	grep -q '^# table: [1-9][0-9]* of 65536 stacks, [0-9.]* MiB, generation [1-9]' out || fail "$(cat out)"
	nothing_is_left
}

test_all_that_was_recorded_is_counted() {
	local before in_all
	cd "$work" || exit
	before=$(stat_of recorded)
	perl -e 'sub on { open my $f, "<", "/sys/kernel/debug/stackid/recording_on"; <$f> == 1 }
		select undef, undef, undef, 0.01 until on;
		open my $f, "<", "/dev/zero"; sysseek $f, 0, 0 for 1 .. 3000' &
	# It has ended long before the third.
	"$STACKID" top -b -n 3 -d 1.5 -p $! -e "kprobe:${SYS}lseek" >out
	in_all=$(sed -n 's/^#.*events\/s.* s, \([0-9]*\) in all; lost 0, 0 in all$/\1/p' out | tail -n 1)
	expect 'counted and recorded' "$in_all" "$(($(stat_of recorded) - before))"
	[ "$in_all" -ge 3000 ] || fail "$(cat out)"
	# Of a row, and over all stacks.
	expect 'hits of the row' "$(awk '/Children/ { n++ } n && /\[k\] '"$SYS"'lseek/ { print $3; exit }' out)" "$in_all"
}

test_its_numbers_are_those_of_report() {
	cd "$work" || exit
	"$STACKID" record -q -a -o data -e "kprobe:${SYS}lseek" -- sleep 1
	"$STACKID" report -i data --sort sym --no-call-graph --stdio | awk '/%/ { print $1, $2, $NF }' | sort >wanted
	"$STACKID" top -b -n 1 -d 1 -s sym -e "kprobe:${SYS}lseek" | awk '/%/ { print $1, $2, $NF }' | sort >got
	[ "$(wc -l <got)" -ge 3 ] || fail "$(cat got)"
	diff -u wanted got
}

drive() { # COLUMNS LINES
	cd "$work" || exit
	top_on_screen "$1" "$2" "-d 0.3 -e kprobe:${SYS}lseek"
	until_screen '^\+ +100\.00% +100\.00% +[0-9]+  \[k\] '"$SYS"'lseek' 'table: .* stacks' 'events/s, .* in all; lost 0' 'By sym'
	keys / l s e e k Enter Enter
	until_screen 'stands still: a tree is open' "^- .*${SYS}lseek" '^  *(entry_SYSCALL_64_after_hwframe|el0t_64_sync)$'
	keys Left
	until_screen '^\+ .*'"$SYS"'lseek'
	no_screen 'stands still'
	keys s
	until_screen 'By stack,sym' 'Overhead' '[0-9]+:[0-9]+ +\[k\] '"$SYS"'lseek'
	keys Enter
	until_screen '^- .*lseek' '^ *do_syscall_64'
	keys C s
	until_screen 'By module' '100\.00% .*\[kernel.kallsyms\]'
	keys s s c
	until_screen 'By sym, the innermost'
	keys c a
	until_screen 'By sym, with children' "kprobe:${SYS}lseek, all hits"
	keys a f d o _ Enter
	until_screen 'the last interval' "rows with 'do_'" 'do_syscall_64'
	no_screen "k. ${SYS}lseek"
	keys Escape p
	until_screen 'paused: p goes on' "${SYS}lseek"
	keys S C-u c o m m Enter
	until_screen 'no rows by comm'
	keys p '?'
	until_screen 'count other events' 'Any key'
	keys x
	until_screen '\? help'
	no_screen 'paused'
	keys q
	ends_well 0
	nothing_is_left
}
test_keys_at_80x24() {
	drive 80 24
}
test_keys_at_200x60() {
	drive 200 60
}

test_another_event() {
	cd "$work" || exit
	top_on_screen 80 24 "-d 0.3 -e kprobe:${SYS}lseek"
	until_screen "${SYS}lseek"
	keys E n o : s u c h Enter
	until_screen "no:such' was refused" "${SYS}lseek"
	expect 'after a refusal' "$(cut -d ' ' -f 1 $ROOT/events)" "kprobe:${SYS}lseek"
	keys E s c h e d : s c h e d _ s w i t c h , k p r o b e : v f s _ r e a d Enter
	until_screen 'sched:sched_switch|kprobe:vfs_read' '(schedule|vfs_read)'
	no_screen "${SYS}lseek"
	expect events "$(cut -d ' ' -f 1 $ROOT/events | sort | paste -s -d ' ')" 'kprobe:vfs_read sched:sched_switch'
	keys q
	ends_well 0
	nothing_is_left
}

test_a_reset_meanwhile() {
	cd "$work" || exit
	top_on_screen 80 24 "-d 0.3 -e kprobe:${SYS}lseek"
	until_screen "${SYS}lseek" 'generation [1-9]'
	generation=$(sed -n 's/.*generation \([0-9]*\);.*/\1/p' screen)
	# One in five came between a look for the generation's end and that at the ring.
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		echo 1 >$ROOT/reset
		generation=$((generation + 1))
		until_screen "generation $generation" '100\.00% .*'"$SYS"'lseek'
		no_screen unknown
	done
	keys s
	until_screen "$generation:[0-9]+ +.k. ${SYS}lseek"
	keys q
	ends_well 0
}

test_a_signal_leaves_nothing() {
	cd "$work" || exit
	top_on_screen 80 24 "-e kprobe:${SYS}lseek"
	until_screen '\? help'
	kill -TERM "$(pid_on_screen top)"
	ends_well 143
	nothing_is_left
}

test_one_at_a_time() {
	local status=0
	cd "$work" || exit
	top_on_screen 80 24 "-e kprobe:${SYS}lseek"
	until_screen '\? help'
	"$STACKID" top -b -n 1 2>err || status=$?
	expect status "$status" 1
	grep -q 'cannot record' err || fail "$(cat err)"
	keys q
	ends_well 0
}

run_tests
