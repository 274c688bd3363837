#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Loading and unloading: what is refused, and that nothing stays behind.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
KO=${KO:?set by in-vm}
ROUNDS=${ROUNDS:-200}

refused_load() { # PARAMETERS ERROR WORDS
	local output
	dmesg -C
	# shellcheck disable=SC2086 # a list
	if output=$(insmod "$KO/stackid.ko" $1 2>&1); then
		rmmod stackid
		fail "'$1' was not refused"
	fi
	[[ $output == *"$2"* ]] || fail "'$1': got '$output', expected '$2'"
	dmesg | grep -qF "$3" || fail "'$1': the log has no '$3': $(dmesg)"
	[ ! -e $ROOT ] || fail "'$1': the refused module left its directory"
}

test_bad_parameters_are_refused_with_a_sentence() {
	refused_load max_stacks=15 'Invalid parameters' 'stackid: max_stacks=15 is out of range, give 16 to 4194304'
	refused_load max_stacks=4194305 'Invalid parameters' 'max_stacks=4194305 is out of range'
	refused_load max_stacks=-1 'Invalid parameters' 'max_stacks'
	refused_load max_stacks=many 'Invalid parameters' 'max_stacks'
	refused_load max_memory_mb=0 'Invalid parameters' 'stackid: max_memory_mb=0 is out of range, give 1 to 32768'
	refused_load max_memory_mb=32769 'Invalid parameters' 'max_memory_mb=32769 is out of range'
	refused_load 'max_stacks=4194304 max_memory_mb=16' 'Invalid parameters' 'needs max_memory_mb='
}

test_the_bounds_themselves_are_allowed() {
	local parameters
	for parameters in max_stacks=16 'max_stacks=4194304 max_memory_mb=128' max_memory_mb=1; do
		# shellcheck disable=SC2086 # a list
		insmod "$KO/stackid.ko" $parameters
		grep -q . $ROOT/stats
		rmmod stackid
	done
}

test_a_full_table_is_counted_and_events_go_on() {
	insmod "$KO/stackid.ko" max_stacks=16
	echo sched:sched_switch >$ROOT/events
	echo kmem:kmalloc >>$ROOT/events
	echo 1 >$ROOT/recording_on
	ls -R /etc >/dev/null
	sleep 0.2
	echo 0 >$ROOT/recording_on
	expect stacks "$(stat_of stacks)" 16
	[ "$(stat_of table_full)" -gt 0 ] || fail 'nothing was counted as table_full'
	ledger_holds
	rmmod stackid
}

test_loading_twice_is_refused() {
	local output
	insmod "$KO/stackid.ko"
	output=$(insmod "$KO/stackid.ko" 2>&1) && fail 'it could be loaded twice'
	[[ $output == *'File exists'* ]] || fail "got '$output'"
	rmmod stackid
}

test_an_open_or_mapped_ring_keeps_it_loaded() {
	local output
	insmod "$KO/stackid.ko"
	exec 5<$ROOT/per_cpu/cpu0/ring
	output=$(rmmod stackid 2>&1) && fail 'it could be unloaded under a reader'
	[[ $output == *'in use'* ]] || fail "got '$output'"
	exec 5<&-
	# Only mapped: the file itself is closed.
	./hold_mapping &
	wait_until test -e /tmp/mapping-is-held
	output=$(rmmod stackid 2>&1) && fail 'it could be unloaded under a mapping'
	[[ $output == *'in use'* ]] || fail "got '$output'"
	kill -9 $!
	wait $! || true
	wait_until rmmod stackid
}

test_an_enabled_event_does_not() {
	insmod "$KO/stackid.ko"
	printf '%s\n' sched:sched_switch kprobe:vfs_read 'cpu-clock freq=99' >$ROOT/events
	echo 1 >$ROOT/recording_on
	rmmod stackid
}

# Objects of each general slab cache. Exact only with slub_debug: otherwise a CPU's own slab counts as full.
slab_objects() {
	local cache
	echo 3 >/proc/sys/vm/drop_caches
	for cache in /sys/kernel/slab/kmalloc-*; do
		[ ! -L "$cache" ] || continue
		echo "${cache##*/} $(cut -d' ' -f1 "$cache/objects")"
	done | sort
}

# Pages of vmalloc, and of per-CPU chunks. Tasks' stacks are left out: the kernel's own workers come and go; so is what has been
# freed, but has not yet been given back.
pages() {
	awk '{ sum += $2 } END { print "vmalloc", sum / 4096 }' \
		<(grep -v -e ' vmap' -e unpurged -e ioremap -e dup_task_struct -e kernel_clone -e fork_idle /proc/vmallocinfo)
	awk '$1 == "Percpu:" { print "percpu", $2 / 4 }' /proc/meminfo
}

# Prints what grew by more than a tenth of the rounds between two of its measurements; a leak would be one a round.
growth() { # BEFORE AFTER
	join "$1" "$2" | awk -v most=$((ROUNDS / 10)) '$3 - $2 > most { print $1 " grew from " $2 " to " $3 ";" }'
}

test_many_rounds_leave_nothing_behind() {
	grep -q slub_debug=F,kmalloc- /proc/cmdline || skip 'boot with slub_debug=F,kmalloc-* to have exact counts'
	# Half of the time would go into reading debugging information.
	cp "$KO/stackid.ko" /tmp/stackid.ko
	! command -v strip >/dev/null || strip -g /tmp/stackid.ko
	# Until then caches fill that stay.
	# shellcheck disable=SC2086 # one word or none
	./rounds /tmp/stackid.ko $((ROUNDS / 4)) ${HOTPLUG-}
	slab_objects >/tmp/slab.before
	pages >/tmp/pages.before
	began=$EPOCHREALTIME
	# shellcheck disable=SC2086
	./rounds /tmp/stackid.ko $((ROUNDS - ROUNDS / 4)) ${HOTPLUG-}
	ended=$EPOCHREALTIME
	slab_objects >/tmp/slab.after
	pages >/tmp/pages.after
	# Shown when it passes, too.
	{
		echo "# $ROUNDS rounds done, the last $((ROUNDS - ROUNDS / 4)) in $(((${ended/./} - ${began/./}) / 1000 / (ROUNDS - ROUNDS / 4))) ms each"
		join /tmp/pages.before /tmp/pages.after | awk '{ print "# pages of " $1 ": " $2 " before, " $3 " after" }'
		join /tmp/slab.before /tmp/slab.after | awk '{ a += $2; b += $3 } END { print "# objects in kmalloc caches: " a " before, " b " after" }'
	} >&3
	grep -q stackid /proc/vmallocinfo && fail 'vmalloc areas of the module are left'
	# KASAN keeps what is freed for a while. vm/init asks kmemleak at the end.
	[ ! -e /sys/kernel/debug/kmemleak ] || return 0
	expect 'growth' "$(growth /tmp/slab.before /tmp/slab.after)$(growth /tmp/pages.before /tmp/pages.after)" ''
}

exec 3>&1
run_tests
