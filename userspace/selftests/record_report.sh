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

run_tests
