#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# value= and --filter by the names that the kernel's BTF has.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
DATA=/tmp/stackid.data

# With an offset and a whence, and called by its address: what calls it cannot have it inlined. /tmp is a tmpfs.
LSEEK=kprobe:shmem_file_llseek
seek='my $n = shift; open my $f, ">", "/tmp/sought" or die; for (1 .. $n) { sysseek $f, $_, 0 for @ARGV }'

record() {
	"$STACKID" record -q -o $DATA "$@"
}

values() { # EVENT: a line for each hit
	"$STACKID" script -i $DATA -e "$1" -F comm,value
}

refused() { # TEXT EVENT
	local status=0
	record -a -e "$2" -- true 2>/tmp/chatter || status=$?
	[ "$status" != 0 ] && grep -qF -- "$1" /tmp/chatter || fail "$2: exit $status: $(cat /tmp/chatter)"
	[ -z "$(cat $ROOT/events)" ] || fail "$2: $(cat $ROOT/events)"
}

test_arguments_of_tracepoints() {
	record -a -e 'kmem:kmalloc value=bytes_alloc,size=bytes_req,ptr' -- cat /proc/version >/dev/null
	values kmem:kmalloc >/tmp/values
	[ "$(grep -cE 'bytes_alloc=[0-9]+ size=[0-9]+ ptr=[0-9]{20}' /tmp/values)" -gt 5 ] || fail "$(head -n 3 /tmp/values)"
	# It has at least what was asked for, and each a kernel's address.
	perl -ne '/bytes_alloc=(\d+) size=(\d+)/ and $1 < $2 and die $_' /tmp/values
}

# The next one is the one that switches next on that CPU.
test_members_behind_them() {
	record -a -e 'sched:sched_switch value=next->pid,prev_state,preempt,prev->pid' -- sleep 0.5
	"$STACKID" script -i $DATA -F tid,cpu,event,value >/tmp/script
	perl -ne '
		my ($tid, $cpu, $next, $prev) = /^ *(\d+) +\[(\d+)\] .*next->pid=(\d+) prev_state=\d+ preempt=[01] prev->pid=(\d+)/ or next;
		$tid == $prev or die "$tid, not $prev: $_";
		!defined $expected{$cpu} or $expected{$cpu} == $tid or $wrong++;
		$expected{$cpu} = $next;
		$n++;
		END { $n > 20 && !$wrong or die "$n switches, $wrong wrong\n" }' /tmp/script || fail "$(tail -n 3 /tmp/script)"
}

test_arguments_of_functions_and_system_calls() {
	record -e "$LSEEK value=offset,whence" -e 'syscalls:sys_enter_lseek value=offset,fd' \
		-e 'syscalls:sys_exit_lseek value=ret' -- perl -e "$seek" 100 4321
	expect 'of the function' "$(values "$LSEEK" | grep -c 'offset=4321 whence=0')" 100
	expect 'of the system call' "$(values syscalls:sys_enter_lseek | grep -cE 'offset=4321 fd=[0-9]+ ')" 100
	expect 'what it returned' "$(values syscalls:sys_exit_lseek | grep -c 'ret=4321')" 100
}

test_filters() {
	stat_of filtered >/tmp/filtered
	record -e "$LSEEK value=where=offset" --filter 'offset >= 4000 && offset < 5000 && whence == 0' -- perl -e "$seek" 50 3999 4321 5000
	expect 'of 4321' "$(values "$LSEEK" | grep -c 'where=4321')" 50
	expect 'of others' "$(values "$LSEEK" | grep -cv 'where=4321')" 0
	[ $(($(stat_of filtered) - $(cat /tmp/filtered))) -ge 100 ] || fail "$(stat_of filtered) filtered"
}

test_a_value_is_a_weight() {
	record -e "$LSEEK value=whence,offset" --filter 'offset == 4321' -- perl -e "$seek" 50 4321
	"$STACKID" report -i $DATA --stdio --weight offset >/tmp/report
	grep -q "^# Event count (approx.): $((50 * 4321))$" /tmp/report || fail "$(cat /tmp/report)"
}

test_what_there_is_not_is_refused_with_what_there_is() {
	refused 'has no argument bytes_aloc: it has call_site, ptr, bytes_req, bytes_alloc' 'kmem:kmalloc value=bytes_aloc'
	refused 'has no argument arg9: it has call_site' 'kmem:kmalloc value=arg9'
	refused 'has no member pidd; did you mean pid' 'sched:sched_switch value=next->pidd'
	refused 'is no number' 'sched:sched_switch value=next->comm'
	refused 'no pointer to a struct' 'sched:sched_switch value=prev_state->x'
	refused 'has no argument nope' "$LSEEK if=nope>3"
	refused 'is no comparison' "$LSEEK if=offset"
	refused 'give it one: short=' 'sched:sched_switch value=next->se.avg.last_update_time_or_so_long'
	refused 'not known' 'sched:sched_nonsense value=x'
	# The module's own words.
	refused 'never negative' 'kprobe:ksys_read if=count>-1'
}

run_tests
