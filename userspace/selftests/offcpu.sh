#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The command offcpu on waits that are known, see known_waits.c.
# Where the VM's clock is exact (vm/run --icount) the times are compared, elsewhere only what they add up to.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
DATA=/tmp/offcpu.data
DISK=/dev/nullb0

# The command names arguments of tracepoints.
needs_btf() { [ -e /sys/kernel/btf/vmlinux ] || skip 'offcpu names arguments, and this kernel has no BTF that knows them'; }

# A disk whose every request takes 10 ms, by a timer.
make_disk() {
	[ -e $DISK ] || modprobe null_blk irqmode=2 completion_nsec=10000000 nr_devices=1 submit_queues=1 hw_queue_depth=1
	wait_until [ -e $DISK ]
}

exact() { [ -n "${EXACT_CLOCK-}" ]; }

# The single waits as lines COMM BEGIN BLOCKED WAITING STATE WAKER, as known_waits prints them, with a comm's number taken off.
waits() {
	"$STACKID" offcpu -i $DATA --show longest -n 0 | awk '
		/^ *[0-9]+\.[0-9]+ / {
			for (i = 1; i <= 3; i++) {
				sub(/\./, "", $i)
				sub(/^0+/, "", $i)
				if ($i == "")
					$i = 0
			}
			waker = $6 == "woken" ? $8 : "-"
			gsub(/,$/, "", $5)
			sub(/-[0-9]+$/, "", $5)
			sub(/-[0-9]+$/, "", waker)
			print $5, $1, $2, $3, $4, waker
		}' | sort -k 1,1 -k 2,2n
}

test_a_workload_is_recorded_and_shown() {
	needs_btf
	make_disk
	"$STACKID" offcpu -o $DATA --stdio -n 0 -- ./known_waits $DISK >/tmp/report 2>/tmp/chatter || fail "$(cat /tmp/chatter)"
	sed '/^# .* events lost/,$d' /tmp/report | sort -k 1,1 -k 2,2n >/tmp/known
	[ "$(grep -c . /tmp/known)" = 52 ] || fail "known_waits said: $(cat /tmp/known)"
	grep -q '^# 0 of ' /tmp/report || fail "events were lost: $(grep 'lost' /tmp/report)"
	! grep 'contradict' /tmp/report || fail 'contradictions'
}

test_each_wait_has_its_time_its_state_and_its_waker() {
	needs_btf
	waits >/tmp/waits
	# Each known wait has one that began at most 1 ms later, and before the next.
	# PREEMPT_RT serves timers in a thread.
	awk -v exact="${EXACT_CLOCK-}" -v rt="$(uname -v | grep -c PREEMPT_RT)" '
		function off(got, want, d) {
			d = got > want ? got - want : want - got
			return d > 50000 && d > want / 100
		}
		NR == FNR && rt == 1 && $6 ~ "^ktimers/" { $6 = "[interrupt]" }
		NR == FNR { n[$1]++; begin[$1, n[$1]] = $2; line[$1, n[$1]] = $0; next }
		$2 == "all" { next }
		{
			found = ""
			for (i = 1; i <= n[$1]; i++)
				if (begin[$1, i] >= $2 && begin[$1, i] < $2 + (exact ? 1000000 : 50000000)) { found = line[$1, i]; break }
			if (!found) { print "not found: " $0; bad = 1; next }
			split(found, w)
			if (w[5] != $5 || w[6] != $6) { print "known: " $0 "; shown: " found; bad = 1 }
			if (exact && (off(w[3], $3) || off(w[4], $4))) { print "known: " $0 "; shown: " found; bad = 1 }
			b = w[3] - $3; if (b < 0) b = -b; if (b > most_b) most_b = b
			c = w[4] - $4; if (c < 0) c = -c; if (c > most_c) most_c = c
			seen++
		}
		END {
			printf "# %d waits; greatest differences %d ns blocked, %d ns waiting\n", seen, most_b, most_c
			exit bad || seen != 50
		}' /tmp/waits /tmp/known >/tmp/verdict || fail "$(cat /tmp/verdict)"
	cat /tmp/verdict >&2
}

# All that a thread was not on the CPU is in its waits.
test_who_never_sleeps_waits_for_a_cpu() {
	needs_btf
	local name off sum seen=0
	while read -r name _ off; do
		sum=$("$STACKID" offcpu -i $DATA --show thread -n 0 -c "$name" | awk '/^ / { sub(/\./, "", $2); printf "%.0f\n", $2 }')
		[ $((sum - off)) -lt $((off / 100 + 50000)) ] && [ $((off - sum)) -lt $((off / 100 + 50000)) ] ||
			fail "$name was off for $off ns, and offcpu says $sum"
		echo "# $name was off the CPU for $off ns; its waits are $sum ns" >&2
		seen=$((seen + 1))
	done < <(grep ' all ' /tmp/known)
	expect 'threads that never sleep' $seen 2
}

test_it_can_be_read_of_a_recording() {
	needs_btf
	"$STACKID" record -a -o /tmp/recorded.data -e 'sched:sched_switch value=next->pid,prev_state,preempt' \
		-e 'sched:sched_waking value=p->pid' -- sleep 0.1 2>/tmp/chatter || fail "$(cat /tmp/chatter)"
	"$STACKID" offcpu -i /tmp/recorded.data -c sleep --show thread >/tmp/report || fail 'not read'
	awk '/sleep-/ { gsub(/\./, ""); if ($1 > 95000000 && $1 < 2000000000) found = 1 } END { exit !found }' /tmp/report || fail "$(cat /tmp/report)"
}

test_it_ends_with_its_process() {
	needs_btf
	perl -e '$0 = "napper"; select undef, undef, undef, 0.05 for 1 .. 60' &
	timeout -s KILL 60 "$STACKID" offcpu -p $! -o /tmp/p.data --show thread >/tmp/report 2>/tmp/chatter || fail "$(cat /tmp/chatter)"
	grep -q ' waits of 1 threads ' /tmp/report && grep -q " napper-$!$" /tmp/report || fail "$(cat /tmp/report)"
}

test_it_ends_with_ctrl_c_and_shows() {
	needs_btf
	sleep 30 &
	"$STACKID" offcpu -a -o /tmp/a.data --show thread >/tmp/report 2>/tmp/chatter &
	wait_until grep -qx 1 $ROOT/recording_on
	sleep 0.2
	kill -INT $!
	wait $! || fail "exit status $?: $(cat /tmp/chatter)"
	grep -q ' waits of ' /tmp/report || fail "$(cat /tmp/report /tmp/chatter)"
}

run_tests
