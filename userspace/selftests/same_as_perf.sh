#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# perf and stackid record the same events at the same time, and what their report and script say of them is compared: the same
# numbers by the same options. perf's stacks begin with the function that calls a tracepoint's probes; that is all they differ in.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
OURS=/tmp/ours.data
THEIRS=/tmp/theirs.data

# Of a thread that sleeps and forks, twice, with long pauses after each. Its children soon have another name. None of them is to be
# preempted: between a new name and perf's record of it both would name a switch, one by the new and one by the old; and where
# newer kernels call a tracepoint's probes with preemption on, a switch may come after one's probe and before the other's.
cat >/tmp/looper.pl <<'END'
use POSIX;
my $setscheduler = (POSIX::uname)[4] eq "x86_64" ? 144 : 119;
my ($fifo, $highest) = (1, pack "i", 99);
die "no SCHED_FIFO: $!" if syscall $setscheduler, 0, $fifo, $highest;
$0 = "looper";
sub rounds {
	for (1 .. 200) { select undef, undef, undef, 0.001 }
	for (1 .. 25) {
		my $p = fork;
		if (!$p) { $0 = "child"; exit }
		waitpid $p, 0;
	}
	select undef, undef, undef, 2;
}
print "$$\n";
rounds; rounds;
END

perf() { command perf "$@" 2>/tmp/perf.err || { cat /tmp/perf.err; return 1; }; }

# Where the pauses are: the thread sleeps once in each. A busy machine may add others, which do no harm.
pauses() {
	"$STACKID" script -i $OURS -c looper --tid "$(cat /tmp/looper.pid)" -F time --ns 2>/dev/null | tr -d ' :' |
		awk '{ split($1, t, "."); if (NR > 1 && $1 - last > 1.8) printf "%d.%09d\n", l[1], l[2] + 1e8; last = $1; split(last, l, ".") }' |
		awk -F . '{ s = $1 + int($2 / 1e9); printf "%d.%09d\n", s, $2 % 1e9 }'
}

test_both_record() {
	command -v perf >/dev/null || skip 'there is no perf'
	"$STACKID" record -a -o $OURS -e sched:sched_switch -e sched:sched_process_fork -- \
		perf record -q -k mono -a -g --kernel-callchains -e sched:sched_switch -e sched:sched_process_fork -o $THEIRS -- \
		perl /tmp/looper.pl >/tmp/looper.pid 2>/tmp/chatter || fail "$(cat /tmp/chatter)"
	pauses >/tmp/pauses
	[ "$(wc -l </tmp/pauses)" -ge 2 ] || fail "pauses: got '$(wc -l </tmp/pauses)', expected 2"
}

# Without the probe's caller, the blanks at ends of lines, and empty lines. Where perf finds a vmlinux it names the kernel by that.
plain() {
	sed -E '/^#/d; s/\[kernel\.vmlinux\]/[kernel.kallsyms]/; s/(;__traceiter_[a-z_]+)+$//; s/ (__traceiter_[a-z_]+;)+/ /; s/ +$//; s/ +,/,/g; s/, +/,/g; s/^ +//; s/  +/ /g' | grep .
}
# On arm64 perf has the first PC twice: it begins with what its own function returns to and goes on by that one's record, which has it, too.
once() {
	sed -E 's/;([^; ]+);\1$/;\1/; s/ ([^; ]+);\1;/ \1;/' | awk '$0 != before || !/^ffff/; { before = $0 }'
}
# The same options for both, up to the last pause: perf forgets the name of a thread that is about to be gone. It leaves out the
# column of names where only one is asked for.
of_both() { # COMMAND OPTION...
	local command=$1
	shift
	if [ "$command" = report ]; then
		set -- --stdio -q "$@"
	fi
	"$STACKID" "$command" -i $OURS -c looper,nobody --time ,"$(tail -1 /tmp/pauses)" "$@" >/tmp/our.raw 2>/tmp/our.err || fail "stackid $command $*: $(cat /tmp/our.err)"
	if [ "$command" = report ]; then
		set -- --percentage relative "$@"
	fi
	perf "$command" -i $THEIRS -c looper,nobody --time ,"$(tail -1 /tmp/pauses)" "$@" >/tmp/their.raw || fail "perf $command $*"
	plain </tmp/our.raw >/tmp/our
	plain </tmp/their.raw | once >/tmp/their
	[ -s /tmp/our ] || fail "nothing from stackid $command $*"
}
are_same() {
	diff -u /tmp/their /tmp/our >/tmp/diff || fail "of perf, and of stackid: $(head -n 30 /tmp/diff)"
}
are_same_sorted() {
	sort -o /tmp/our /tmp/our
	sort -o /tmp/their /tmp/their
	are_same
}
# What reports are compared for has to be there.
at_least() { # LINES
	[ "$(wc -l </tmp/our)" -ge "$1" ] || fail "only $(cat /tmp/our)"
}

# Times of two clocks readings one after the other: less than 20 ms apart, on a machine that may be taken away for some.
close_in_time() {
	paste /tmp/their /tmp/our | awk '
		function ns(t) { sub(/:$/, "", t); split(t, part, "."); return part[1] * 1e9 + part[2] }
		{ d = ns($1) - ns($2); if (d < 0) d = -d; if (d > most) most = d }
		END { print NR " events, at most " most / 1000 " us apart"; exit !NR || most > 20e6 }'
}

test_script_prints_the_same_events() {
	of_both script --tid "$(cat /tmp/looper.pid)" -F comm,tid,cpu,event
	at_least 450
	are_same
}

test_script_prints_the_same_times() {
	local option
	for option in --ns --reltime --deltatime; do
		of_both script --tid "$(cat /tmp/looper.pid)" -F time --ns "$option"
		close_in_time || fail "$option"
	done
}

test_script_prints_the_same_stacks() {
	of_both script --tid "$(cat /tmp/looper.pid)" -F comm,ip,sym
	sed -i '/ __traceiter_/d' /tmp/their
	at_least 4000
	are_same
}

test_script_cuts_stacks_alike() {
	local deeper=4
	of_both script --tid "$(cat /tmp/looper.pid)" -F comm,ip,sym --max-stack 3
	mv /tmp/our /tmp/three
	# One more for the probes' caller, and one for its being there twice.
	[ "$SYS" != __arm64_sys_ ] || deeper=5
	of_both script --tid "$(cat /tmp/looper.pid)" -F comm,ip,sym --max-stack $deeper
	grep -v __traceiter_ /tmp/their | awk '!/^ffff/ { n = 0 } !/^ffff/ || ++n <= 3' >/tmp/few
	mv /tmp/few /tmp/their
	mv /tmp/three /tmp/our
	are_same
}

test_script_stops_at_the_same_function() {
	of_both script --tid "$(cat /tmp/looper.pid)" -F comm,ip,sym --stop-bt "$(function_of do_syscall_64 invoke_syscall)"
	sed -i '/__traceiter_/d' /tmp/their
	are_same
}

test_time_splits_alike() {
	local first second
	of_both script --tid "$(cat /tmp/looper.pid)" -F comm,tid --time ,"$(head -1 /tmp/pauses)"
	are_same
	first=$(wc -l </tmp/our)
	of_both script --tid "$(cat /tmp/looper.pid)" -F comm,tid --time "$(head -1 /tmp/pauses),$(tail -1 /tmp/pauses)"
	are_same
	second=$(wc -l </tmp/our)
	of_both script --tid "$(cat /tmp/looper.pid)" -F comm,tid
	expect 'both halves' "$(wc -l </tmp/our)" $((first + second))
}

test_report_has_the_same_paths() {
	of_both report --no-children -s comm -g folded,0,caller,count
	at_least 5
	are_same_sorted
	of_both report --no-children -s comm -g folded,0,callee,count
	are_same_sorted
}

test_report_counts_alike() {
	of_both report --no-children -g none -n -s comm
	are_same
	of_both report --no-children -g none -n -s comm,cpu
	are_same_sorted
	of_both report --no-children -g none -t , -F overhead,sample,period,comm,dso
	are_same
}

test_report_of_callees_counts_alike() {
	of_both report --children -g none -s comm,sym
	grep -v __traceiter_ /tmp/their | awk '{ print $1, $3, $4, $5 }' >/tmp/their.part
	awk '{ print $1, $3, $4, $5 }' /tmp/our >/tmp/our.part
	mv /tmp/their.part /tmp/their
	mv /tmp/our.part /tmp/our
	at_least 12
	are_same_sorted
}

test_report_has_the_same_hierarchy() {
	of_both report --hierarchy -g none -n -s comm,cpu,dso
	at_least 4
	are_same_sorted
}

test_report_has_the_same_parents() {
	of_both report --no-children -g none -n -s comm,parent -p '^__(x64|arm64|do)_sys'
	at_least 3
	are_same_sorted
	of_both report --no-children -g none -n -s comm,parent -p '^__(x64|arm64|do)_sys' -x
	are_same_sorted
}

run_tests
