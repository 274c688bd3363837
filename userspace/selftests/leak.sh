#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The command leak, on a module that leaks exactly 1,000 of 100,000 objects from three places.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
DATA=/tmp/leak.data

# Rows of stacks with the module's functions: BYTES OBJECTS ALLOCATED UNSEEN BY FUNCTION
rows() {
	"$STACKID" leak -i $DATA -n 0 "$@" | awk -v RS= '
		/ leaker_/ {
			n = split($0, line, "\n")
			for (i = 1; i <= n; i++)
				if (line[i] ~ /^ *[0-9]+ /)
					split(line[i], row, " ")
			match($0, /leaker_[a-z]+/)
			print row[1], row[2], row[3], row[4], row[7], substr($0, RSTART, RLENGTH)
		}' | sort -k 6
}

# A cache of newer kernels gets the sheaf in which each CPU keeps free objects when one is asked for.
rows_of_objects() {
	rows "$@" | grep -v ' kmalloc leaker_queue$'
}

test_exactly_what_was_leaked() {
	insmod "$KO/selftests/stackid_leaker.ko" || fail 'insmod'
	"$STACKID" leak -m 16M -o $DATA --stdio -- sh -c 'echo run >/sys/module/stackid_leaker/parameters/do' >/tmp/report 2>/tmp/chatter ||
		fail "$(cat /tmp/chatter)"
	grep -q '^# 0 of ' /tmp/report || fail "events were lost: $(head -n 1 /tmp/report)"
	size=$(cat /sys/kernel/slab/stackid_leaker/slab_size 2>/dev/null || echo 200)
	rows_of_objects >/tmp/rows
	cat >/tmp/wanted <<-END
		819200 200 19200 0 kmalloc leaker_log
		64000 500 50500 0 kmalloc leaker_open
		$((300 * size)) 300 30300 0 cache leaker_queue
	END
	diff /tmp/wanted /tmp/rows || fail "got $(cat /tmp/rows)"
}

test_by_size_and_age() {
	expect 'of 128 bytes' "$(rows --size 128)" '64000 500 50500 0 kmalloc leaker_open'
	expect 'of 4096 bytes' "$(rows --size 4000-5000)" '819200 200 19200 0 kmalloc leaker_log'
	expect 'of caches' "$(rows --what cache | cut -d ' ' -f 2-)" '300 30300 0 cache leaker_queue'
	expect 'older than the recording' "$(rows --older 1h)" ''
}

# Those who free are not the ones who allocated.
test_others_do_not_show() {
	expect 'of another process' "$(rows -c nobody)" ''
	expect 'of this one' "$(rows_of_objects -c sh | wc -l)" 3
}

test_the_rest_is_freed() {
	rmmod stackid_leaker
	"$STACKID" leak -a -m 16M -o /tmp/again.data -- sh -c 'insmod "$0" && echo run >/sys/module/stackid_leaker/parameters/do; rmmod stackid_leaker' \
		"$KO/selftests/stackid_leaker.ko" >/tmp/report 2>/tmp/chatter || fail "$(cat /tmp/chatter)"
	DATA=/tmp/again.data
	expect 'stacks' "$(rows)" ''
}

test_pages_and_percpu() {
	"$STACKID" leak -a --what page,percpu -m 16M -o /tmp/pages.data --stdio -n 0 -- sh -c 'dd if=/dev/zero of=/tmp/filled bs=4096 count=64 2>/dev/null' \
		>/tmp/report 2>/tmp/chatter || fail "$(cat /tmp/chatter)"
	grep -q ' page$' /tmp/report || fail "no pages: $(head -n 30 /tmp/report)"
	# The file keeps its 64.
	awk -v RS= '/ page\n/ && /shmem_/ { n = split($0, l, "\n"); for (i = 1; i <= n; i++) if (l[i] ~ / page$/) { split(l[i], r, " "); sum += r[1] } }
		END { print sum / 4096; exit !(sum >= 64 * 4096 && sum <= 80 * 4096) }' /tmp/report || fail "$(cat /tmp/report)"
}

run_tests
