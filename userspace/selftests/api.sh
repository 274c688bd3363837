#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The in-kernel API, as the example module uses it: what it tells of its objects is known exactly.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
KO=${KO:?set by in-vm}

# The log of one loading.
load_example() {
	rmmod stackid_example 2>/dev/null || true
	dmesg -C
	insmod "$KO/stackid_example.ko" "$@"
	dmesg | sed 's/^\[[^]]*\] //'
}

check() { # LOG
	local groups
	groups=$(grep -oE '[0-9]+ objects of stack (0|[1-9])' <<<"$1" | sed 's/stack [1-9][0-9]*/stack N/')
	expect 'objects and stacks' "$groups" "3 objects of stack N
3 objects of stack N
1 objects of stack N
1 objects of stack N
1 objects of stack 0
2 objects of stack N"
	for frame in make_in_task make_in_softirq make_in_hardirq make_with_interrupts_off; do
		grep -q " $frame+0x.*stackid_example" <<<"$1" || fail "no stack with $frame: $1"
	done
	grep -q ' make_object+0x' <<<"$1" && fail "skip=1 left make_object in: $1"
	# The stacks of interrupts end there.
	awk '/make_in_hardirq/ { inside = 1 } /objects of stack/ { inside = 0 } inside && /stackid_example_init/ { exit 1 }' <<<"$1" ||
		fail "the hardirq's stack goes on with what was interrupted: $1"
}

test_a_table_of_ones_own_has_every_context() {
	local log
	log=$(load_example)
	check "$log"
	expect 'ids of the own table' "$(grep -oE 'objects of stack [0-9]+' <<<"$log" | grep -oE '[0-9]+$' | paste -sd,)" 1,2,3,4,0,5
	expect 'stacks in the shown table' "$(stat_of stacks)" 0
	rmmod stackid_example
}

test_the_shown_table_has_them_until_the_module_goes() {
	local log before
	echo 1 >$ROOT/reset
	before=$(stat_of generation)
	log=$(load_example own_table=0)
	check "$log"
	expect save_calls "$(stat_of save_calls)" 11
	expect 'a save that came with interrupts off' "$(stat_of save_deferred)" 1
	expect 'from hard interrupts' "$(stat_of save_direct)" 1
	# Loading frees the init text, but as long as nothing comes to its place the ids are good.
	expect 'generation when it is loaded' "$(stat_of generation)" "$before"
	rmmod stackid_example
	expect 'generation when it is gone' "$(stat_of generation)" $((before + 1))
}

# Loads a module and prints where its init text was.
load_saver() {
	insmod "$KO/selftests/stackid_saver.ko"
	cat /sys/module/stackid_saver/sections/.init.text
}

test_ids_with_init_text_end_when_another_module_comes_there() {
	local before first again i
	echo 1 >$ROOT/reset
	before=$(stat_of generation)
	# Its init function calls stackid_table_create(), which calls this one, and nothing else of it is in the stacks. On arm64 a
	# stack at the entry of a function lacks the direct caller.
	echo 'kprobe:stackid_insert_create' >$ROOT/events
	echo 1 >$ROOT/recording_on
	first=$(load_saver)
	echo 0 >$ROOT/recording_on
	wait_until nothing_is_pending
	grep -q do_one_initcall $ROOT/stacks || fail 'no stack of the init function'
	expect 'generation when it is loaded' "$(stat_of generation)" "$before"
	rmmod stackid_saver
	expect 'generation when it is gone' "$(stat_of generation)" "$before"
	for ((i = 0; i < 20; i++)); do
		again=$(load_saver)
		rmmod stackid_saver
		[ "$again" != "$first" ] || break
	done
	[ "$again" = "$first" ] || skip 'no module came to the same place'
	[ "$(stat_of generation)" -gt "$before" ] || fail "another init text came to $first and the ids went on"
	clean
}

test_unloading_a_module_with_pcs_in_the_table_begins_a_generation() {
	local before hits
	hits=$(stat_of recorded)
	load_example >/dev/null
	before=$(stat_of generation)
	# It calls stackid_table_destroy(), which calls this one, and so is in its stack. (A kprobe on the last function of a module
	# itself may crash a kernel: 6.12 decodes the instructions up to the next symbol, over the end of the text.)
	echo 'kprobe:stackid_insert_destroy' >$ROOT/events
	echo 1 >$ROOT/recording_on
	rmmod stackid_example
	echo 0 >$ROOT/recording_on
	expect 'hits' "$(($(stat_of recorded) - hits))" 1
	clean
	expect generation "$(stat_of generation)" $((before + 1))

	# One that is in no stack ends nothing.
	load_example >/dev/null
	before=$(stat_of generation)
	rmmod stackid_example
	expect 'generation after a harmless module' "$(stat_of generation)" "$before"
}

test_a_user_of_the_api_keeps_the_module_loaded() {
	load_example >/dev/null
	rmmod stackid 2>/dev/null && fail 'stackid could be unloaded under its user'
	rmmod stackid_example
}

run_tests
