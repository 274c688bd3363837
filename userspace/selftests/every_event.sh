#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Everything that available_events lists can be recorded: a hundred at a time, on all CPUs, with arguments that most do not have and
# what the first two point to, wherever that is. None may harm the kernel, and the sums hold.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh

AT_ONCE=100

enable() { # EVENT
	echo "$1 value=arg12,arg1+8,arg2+16" >>$ROOT/events && return
	# A system call has six arguments at most, its return one, what comes through perf none.
	echo "$1 value=arg1" >>$ROOT/events && return
	echo "$1" >>$ROOT/events
}

# System calls, processes that come and go, faults, files, network, timers, interrupts of all kinds.
work() {
	local cpu
	hackbench --groups 1 --loops 10 >/dev/null &
	for cpu in 0 1; do
		taskset -c $cpu perl -e 'for (1 .. 15) { my $p = fork; $p || exec "true"; waitpid $p, 0; select undef, undef, undef, 0.01 }' &
	done
	perl -MIO::Socket::INET -e '
		my $in = IO::Socket::INET->new(Listen => 5, LocalAddr => "127.0.0.1") or exit;
		for (1 .. 20) {
			my $out = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $in->sockport) or exit;
			my $one = $in->accept;
			print $out "x" x 5000;
		}' &
	dd if=/dev/zero of=/tmp/written bs=64K count=30 conv=fsync status=none
	ls -lR /etc/ssl >/dev/null 2>&1 || true
	wait
}

# What was in the table stays small, so that the batches do not fill it.
record() {
	echo 1 >$ROOT/recording_on
	work
	echo 0 >$ROOT/recording_on
	echo 1 >$ROOT/reset
	ledger_holds
	table_ledger_holds
}

test_all_of_them_a_hundred_at_a_time() {
	local events event enabled=0 offered batch at
	ip link set lo up 2>/dev/null || true
	clean
	mapfile -t events < <(grep -oE '^[a-zA-Z0-9_]+:[a-zA-Z0-9_]+' $ROOT/available_events | sort -u)
	[ ${#events[@]} -gt 500 ] || fail "available_events lists ${#events[@]} events"
	: >/tmp/refused
	for ((at = 0; at < ${#events[@]}; at += AT_ONCE)); do
		batch=("${events[@]:at:AT_ONCE}")
		: >$ROOT/events
		# Where it was, should the kernel end here.
		echo "stackid: every_event: ${batch[0]} to ${batch[-1]}" >/dev/kmsg
		for event in "${batch[@]}"; do
			if enable "$event" 2>/dev/null; then
				enabled=$((enabled + 1))
			else
				tail -n 3 $ROOT/error_log >>/tmp/refused
			fi
		done
		record
	done
	: >$ROOT/events
	offered=$(stat_of offered)
	echo "# $enabled of ${#events[@]} events enabled, $offered hits" >&3
	expect refused "$(cat /tmp/refused)" ''
	[ "$offered" -gt 10000 ] || fail "only $offered hits"
}

exec 3>&1
run_tests
