#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Files that follow one another for ever: each event that was offered is in one of them, or in the ledger of one.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
EVENT=kprobe:__x64_sys_lseek
DIR=/tmp/rotated

begin() { # sets before, the counters of the module
	rm -rf $DIR
	mkdir $DIR
	cp $ROOT/stats /tmp/before
}

# Seeks for ever, and forks now and then: new tasks in every file.
busy='open my $f, "<", "/dev/zero"; alarm 100; while (1) { for (1 .. 40) { sysseek $f, 0, 0; select undef, undef, undef, 0.002 } if (!fork) { $0 = "child"; sysseek $f, 0, 0; exit } wait }'

files() { # NUMBER: are there so many whole ones?
	[ "$(find $DIR -name '*Z' | wc -l)" -ge "$1" ]
}

counter() { # FILE NAME
	"$STACKID" ledger -i "$1" --zeros 2>/dev/null | awk -v name="$2" '$2 == name { print $1; found = 1 } END { if (!found) print 0 }'
}

# What stands in the files is what their ledgers say, and all of them together what the module's says.
nothing_is_missing_or_twice() {
	local file events sum=0 recorded=0 unwritten=0
	for file in "$DIR"/*Z; do
		events=$("$STACKID" script -i "$file" -F time,event --ns 2>/tmp/errors | tee -a /tmp/all | grep -c "$EVENT" || true)
		[ $(($(counter "$file" recorded))) = $((events + $(counter "$file" lost_unwritten))) ] ||
			fail "$file: $events events, $(counter "$file" recorded) recorded, $(counter "$file" lost_unwritten) not written"
		sum=$((sum + events))
		recorded=$((recorded + $(counter "$file" recorded)))
		unwritten=$((unwritten + $(counter "$file" lost_unwritten)))
	done
	expect 'events in all files' "$((sum + unwritten))" $(($(stat_of recorded) - $(stat_of recorded /tmp/before)))
	expect 'recorded, by the files' "$recorded" $(($(stat_of recorded) - $(stat_of recorded /tmp/before)))
	echo "$sum events, $unwritten not written" >&2
}

# Each can be read by itself: no event without its stack, no frame and no task without a name.
each_stands_alone() {
	local file
	for file in "$DIR"/*Z; do
		"$STACKID" script -i "$file" >/tmp/script 2>/tmp/errors || fail "$file: $(cat /tmp/errors)"
		! grep -n -B 3 'unknown\]$\|^:[0-9]' /tmp/script || fail "$file has something unknown"
		expect "errors about $file" "$(cat /tmp/errors)" ''
		"$STACKID" report -i "$file" --header-only >/tmp/header
		grep -q "hostname *: $(uname -n)\$" /tmp/header && grep -q "release *: $(uname -r)\$" /tmp/header || fail "$(cat /tmp/header)"
	done
}

test_24_files_follow_one_another() {
	begin
	"$STACKID" record -v -a -C 0-3 -o $DIR/data --rotate 200ms -e $EVENT -- perl -e "$busy" 2>/tmp/chatter &
	wait_until files 8
	# Ids begin anew in the middle of one.
	echo 1 >$ROOT/reset
	wait_until files 16
	kill -USR2 $!
	wait_until files 25
	kill -TERM $!
	wait $! || true
	expect 'files that were not finished' "$(find $DIR -name '*.part')" ''
	expect 'files in the order of time' "$(ls $DIR | sort | wc -l)" "$(grep -c Captured /tmp/chatter)"
	nothing_is_missing_or_twice
	each_stands_alone
	for file in "$DIR"/*Z; do "$STACKID" script -i "$file" -F time --ns 2>/dev/null; done | sort -c -n -s || fail 'not in the order of time'
}

test_the_newest_stay() {
	begin
	touch $DIR/data $DIR/data.old
	"$STACKID" record -q -a -o $DIR/data --rotate 100ms --keep 3 -e $EVENT -- perl -e "$busy" 2>/tmp/chatter &
	wait_until files 3
	first=$(find $DIR -name '*Z' | sort | head -n 1)
	wait_until test ! -e "$first"
	kill -INT $!
	wait $! || true
	expect "files: $(cat /tmp/chatter)" "$(find $DIR -name '*Z' | wc -l)" 3
	[ -e $DIR/data ] && [ -e $DIR/data.old ] || fail 'others were removed'
}

run_tests
