#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# stackid stat counts exactly, by stacks, as perf stat counts; and stackid list finds.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
EVENT=syscalls:sys_enter_lseek

# lseek(2) N times, with exit code 7; perl's own start makes a few more.
lseeks() { echo "open my \$f, '<', '/dev/zero' or die; for (1 .. $1) { sysseek \$f, 0, 0 } exit 7"; }

count_of() { # EVENT [FILE]: of the output of -x,
	awk -F, -v event="$1" '$3 == event && $2 != "stack" { print $1 }' "${2-/tmp/counts}"
}

test_it_counts_what_perf_counts() {
	local status=0 perf
	"$STACKID" stat -x, -o /tmp/counts -e $EVENT,page-faults -- perl -e "$(lseeks 5000)" 2>/tmp/chatter || status=$?
	expect 'exit code' "$status" 7
	perf=$(perf stat -x, -e $EVENT -- perl -e "$(lseeks 5000)" 2>&1 | awk -F, -v event=$EVENT '$3 == event { print $1 }')
	[ "$perf" -ge 5000 ] || fail "perf stat counts $perf"
	expect 'lseek(2) by perf and by stackid' "$(count_of $EVENT)" "$perf"
	[ "$(count_of page-faults)" -gt 50 ] || fail "$(cat /tmp/counts)"
	# As many fields as perf's lines have.
	expect fields "$(awk -F, -v event=$EVENT '$3 == event { print NF }' /tmp/counts)" 7
	expect 'left behind' "$(cat $ROOT/events)" ''
}

test_each_stack_is_counted() {
	local total
	# Its first hits have no id yet: they are the same stack.
	echo 1 >$ROOT/reset
	# Files are opened by perl, and perl's own by the shell that executes it.
	# shellcheck disable=SC2016 # it is the inner shell's
	"$STACKID" stat -x, -o /tmp/counts --stacks 1000 -e "kprobe:${SYS}lseek",kprobe:vfs_open -- sh -c 'exec perl -e "$1"' sh "$(lseeks 3000)" 2>/tmp/chatter || true
	total=$(count_of "kprobe:${SYS}lseek")
	expect 'stacks of lseek' "$(grep -c "^[0-9]*,stack,kprobe:${SYS}lseek" /tmp/counts)" 1
	grep -q "^$total,stack,kprobe:${SYS}lseek,[1-9][0-9]*,100.00,.*${SYS}lseek\$" /tmp/counts || fail "$(cat /tmp/counts)"
	[ "$(grep -c ',stack,kprobe:vfs_open,' /tmp/counts)" -ge 2 ] || fail 'one stack of vfs_open'
	expect 'the sum of vfs_open' "$(awk -F, '$2 == "stack" && $3 == "kprobe:vfs_open" { sum += $1 } END { print sum }' /tmp/counts)" \
		"$(count_of kprobe:vfs_open)"
}

test_people_see_a_table() {
	"$STACKID" stat -e "kprobe:${SYS}lseek" -- perl -e "$(lseeks 3000)" 2>/tmp/table || true
	grep -q "Counts for 'perl -e" /tmp/table && grep -Eq "^ +3,0[0-9]{2}  kprobe:${SYS}lseek\$" /tmp/table &&
		grep -Eq "^ +3,0[0-9]{2}  100.00%  id [0-9]+ +${SYS}lseek < " /tmp/table &&
		grep -Eq '^ +[0-9.]+  seconds elapsed$' /tmp/table && ! grep -q offered /tmp/table || fail "$(cat /tmp/table)"
}

test_intervals_add_up() {
	"$STACKID" stat -x, -o /tmp/counts -I 200 -e $EVENT -- perl -e 'open my $f, "<", "/dev/zero"; for (1 .. 1000) { sysseek $f, 0, 0; select undef, undef, undef, 0.001 }' 2>/tmp/chatter
	[ "$(wc -l </tmp/counts)" -ge 5 ] || fail "$(cat /tmp/counts)"
	awk -F, '{ sum += $2 } END { exit !(sum >= 1000 && sum < 1100) }' /tmp/counts || fail "$(cat /tmp/counts)"
	# They are where they should be, but for a look at the rings.
	awk -F, 'NR == 1 { exit !($1 >= 0.2 && $1 < 0.5) }' /tmp/counts || fail "$(cat /tmp/counts)"
}

test_runs_have_a_mean() {
	"$STACKID" stat -r 3 -e "kprobe:${SYS}lseek" -- perl -e "$(lseeks 100)" 2>/tmp/table || true
	grep -q '(3 runs)' /tmp/table && grep -Eq '^ +1[0-9]{2}  kprobe:'"$SYS"'lseek  \( \+- [0-9.]+% \)$' /tmp/table || fail "$(cat /tmp/table)"
}

test_without_a_command_it_shows_the_ledger() {
	local status=0
	"$STACKID" stat -a --timeout 500 -e sched:sched_switch 2>/tmp/table || status=$?
	expect 'exit code' "$status" 0
	grep -q 'Counts for everybody' /tmp/table && grep -Eq '^ +[0-9,]+  sched:sched_switch$' /tmp/table || fail "$(cat /tmp/table)"
	expect 'offered and counted' "$(awk '$2 == "sched:sched_switch" { gsub(",", "", $1); print $1 }' /tmp/table)" \
		"$(awk '$2 == "offered" { print $1 }' /tmp/table)"
}

test_after_ctrl_c_it_shows_what_it_has() {
	local status=0
	"$STACKID" stat -a -e sched:sched_switch 2>/tmp/table &
	wait_until grep -q 1 $ROOT/recording_on
	sleep 0.3
	kill -INT $!
	wait $! || status=$?
	expect 'exit code' "$status" 130
	grep -Eq '^ +[0-9,]+  sched:sched_switch$' /tmp/table || fail "$(cat /tmp/table)"
}

test_list_finds_by_words() {
	"$STACKID" list -q switch >/tmp/listed
	grep -q '^sched:sched_switch$' /tmp/listed && grep -q '^context-switches$' /tmp/listed || fail "$(cat /tmp/listed)"
	! grep -v switch /tmp/listed || fail 'not all of them have the word'
	# Several: whatever has one of them.
	"$STACKID" list -q SCHED_WAKEUP 'irq:*' >/tmp/listed
	grep -q '^sched:sched_wakeup$' /tmp/listed && grep -q '^irq:softirq_entry$' /tmp/listed || fail "$(cat /tmp/listed)"
	! "$STACKID" list nosuchwordatall 2>/tmp/chatter || fail 'there is one'
	grep -q "no event's name has 'nosuchwordatall'" /tmp/chatter || fail "$(cat /tmp/chatter)"
}

run_tests
