#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The command, from record to report, on a workload whose counts are known.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
DATA=/tmp/stackid.data

# N times pread(2) in a process of its own, nothing else passes vfs_read as often.
workload='my $c; open my $f, "<", "/dev/zero" or die; for (1 .. 2000) { sysseek $f, 0, 0; sysread $f, $c, 0 } exit 7'

test_a_workloads_exit_code_comes_through() {
	local status=0
	"$STACKID" record -o $DATA -e kprobe:__x64_sys_lseek -- perl -e "$workload" 2>/tmp/chatter || status=$?
	expect 'exit code' "$status" 7
	[ -s $DATA ] || fail "no data: $(cat /tmp/chatter)"
	expect 'events left behind' "$(cat $ROOT/events)" ''
	expect 'recording left on' "$(cat $ROOT/recording_on)" 0
}

test_script_shows_every_hit_with_its_stack() {
	local hits
	"$STACKID" script -i $DATA >/tmp/script
	# perl's own start makes a few.
	hits=$(grep -c '^perl .*kprobe:__x64_sys_lseek' /tmp/script)
	[ "$hits" -ge 2000 ] && [ "$hits" -lt 2050 ] || fail "$hits events: $(head -n 5 /tmp/script)"
	expect 'recorded and shown' "$(grep -c 'kprobe:__x64_sys_lseek' /tmp/script)" "$(stat_of recorded)"
	expect 'stacks from the function' "$(grep -c '__x64_sys_lseek+0x[04] ' /tmp/script)" "$(stat_of recorded)"
}

test_report_counts_them_all() {
	"$STACKID" report -i $DATA --stdio >/tmp/report
	grep -Eq '100\.00%.*perl.*__x64_sys_lseek' /tmp/report || fail "$(cat /tmp/report)"
}

test_only_the_workload_is_recorded() {
	perl -e '$0 = "stranger"; open my $f, "<", "/dev/zero"; alarm 30; sysseek $f, 0, 0 while 1' &
	"$STACKID" record -o $DATA -e kprobe:__x64_sys_lseek -- perl -e "$workload" 2>/dev/null || true
	kill $!
	"$STACKID" script -i $DATA >/tmp/script
	[ "$(grep -c '^perl .*kprobe:__x64_sys_lseek' /tmp/script)" -ge 2000 ] || fail 'the workload was not recorded'
	! grep -q '^stranger' /tmp/script || fail 'a stranger was recorded'
}

test_with_a_everybody_is_recorded() {
	perl -e '$0 = "stranger"; open my $f, "<", "/dev/zero"; alarm 30; while (1) { sysseek $f, 0, 0; select undef, undef, undef, 0.001 }' &
	stat_of recorded >/tmp/recorded
	"$STACKID" record -a -o $DATA -e kprobe:__x64_sys_lseek -- sleep 1 2>/dev/null
	kill $!
	"$STACKID" script -i $DATA >/tmp/script
	grep -q '^stranger' /tmp/script || fail 'the stranger was not recorded'
	expect 'recorded and shown' "$(grep -c 'kprobe:__x64_sys_lseek' /tmp/script)" "$(($(stat_of recorded) - $(cat /tmp/recorded)))"
}

test_perfs_call_graph_is_no_command() {
	local status=0
	"$STACKID" record --call-graph fp -o $DATA -e kprobe:__x64_sys_lseek -- perl -e "$workload" 2>/tmp/chatter || status=$?
	expect 'exit code' "$status" 7
}

# Waits until something is recorded, then counts to 100.
begin='sub on { open my $f, "<", "/sys/kernel/debug/stackid/recording_on"; <$f> == 1 } select undef, undef, undef, 0.01 until on;'
counter='open my $f, "<", "/dev/zero"; for (1 .. 100) { sysseek $f, 0, 0; select undef, undef, undef, 0.01 }'

test_it_ends_when_the_process_does() {
	local status=0
	perl -e "$begin $counter" &
	timeout -s KILL 60 "$STACKID" record -p $! -o $DATA -e kprobe:__x64_sys_lseek 2>/tmp/chatter || status=$?
	expect "exit code of record -p: $(cat /tmp/chatter)" "$status" 0
	! kill -0 $! 2>/dev/null || fail 'the process has not ended yet'
	"$STACKID" script -i $DATA | grep -q '^perl ' || fail 'nothing of it was recorded'
	expect 'events left behind' "$(cat $ROOT/events)" ''
}

test_it_ends_when_the_last_of_several_does() {
	local first status=0
	perl -e "$begin" &
	first=$!
	perl -e "$begin $counter; $counter; $counter" &
	timeout -s KILL 60 "$STACKID" record -p $first,$! -o $DATA -e kprobe:__x64_sys_lseek 2>/tmp/chatter || status=$?
	expect "exit code of record -p: $(cat /tmp/chatter)" "$status" 0
	! kill -0 $! 2>/dev/null || fail 'the second process has not ended yet'
	# The first was gone before most of it.
	[ "$("$STACKID" script -i $DATA | grep -c '^perl ')" -ge 150 ] || fail 'it ended with the first one'
}

test_what_cannot_begin_leaves_the_file_alone() {
	local refused status
	: >/tmp/unfit
	cp $DATA /tmp/good.data
	rm -f $DATA.old
	for refused in '-a -- nosuch' '-a -- /tmp/unfit' '-a -e no:such -- true' '-a -m 999999G -- true' '-p 4000000'; do
		status=0
		# shellcheck disable=SC2086 # several words
		"$STACKID" record -o $DATA $refused 2>/tmp/chatter || status=$?
		[ $status != 0 ] || fail "record $refused worked"
		cmp $DATA /tmp/good.data || fail "after record $refused"
		[ ! -e $DATA.old ] || fail "$DATA.old after record $refused"
	done
	# The last one's reason is the process, and no other is given.
	expect chatter "$(cat /tmp/chatter)" \
		"stackid: 'cpu-clock pid=4000000' was refused: There is no process 4000000."
	# Somebody else has the rings.
	exec 3<$ROOT/per_cpu/cpu0/ring
	status=0
	"$STACKID" record -o $DATA -a -- true 2>/tmp/chatter || status=$?
	exec 3<&-
	expect 'with a ring in use' "$status" 1
	cmp $DATA /tmp/good.data || fail 'after a ring in use'
}

run_tests
