#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Files that follow one another for ever: each event that was recorded is in one of them, or in the ledger of one.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
EVENT=kprobe:${SYS}lseek
DIR=/tmp/rotated

# Sets what the module has counted before.
begin() {
	umount $DIR 2>/dev/null || true
	rm -rf $DIR
	mkdir $DIR
	cp $ROOT/stats /tmp/before
}

# Seeks for ever, and forks now and then: new tasks in every file.
busy='open my $f, "<", "/dev/zero"; alarm 100; while (1) { for (1 .. 40) { sysseek $f, 0, 0; select undef, undef, undef, 0.003 } if (!fork) { $0 = "child"; sysseek $f, 0, 0; exit } wait }'

files() { # NUMBER: are there so many whole ones?
	[ "$(find $DIR -name '*Z' | wc -l)" -ge "$1" ]
}

# All files one after the other, each as "=ledger FILE" with its ledger and "=script" with its events.
read_files() {
	local file
	for file in "$DIR"/*Z; do
		echo "=ledger $file"
		"$STACKID" ledger -i "$file" --zeros || fail "=failed ledger $file"
		echo "=script"
		"$STACKID" script -i "$file" --header -F comm,time,event,ip,sym,dso --ns || [ $? = 1 ] || fail "=failed script $file"
	done
}

# What stands in the files is what their ledgers say, and what they say together is what the module has counted. Each file can be
# read by itself: no event without its stack, no frame and no task without a name. One awk, as processes are dear in an emulator.
nothing_is_missing_or_twice() { # [EVENT]
	local all
	read_files >/tmp/said 2>/tmp/errors || fail "$(grep '=failed' /tmp/said; cat /tmp/errors)"
	! grep -v 'events lost\|holds no events' /tmp/errors || fail 'about the files'
	all=$(($(stat_of recorded) - $(stat_of recorded /tmp/before)))
	awk -v event="${1-$EVENT}: *$" -v host="$(uname -n)" -v release="$(uname -r)" -v all=$all '
		function complain(what) { print file ": " what; wrong = 1 }
		function finish() {
			if (file == "") return
			if (events != recorded - unwritten) complain(events " events, of " recorded " recorded less " unwritten)
			if (headers != 2) complain("its header does not say where it was recorded")
			sum += recorded
			lost += unwritten
		}
		/^=ledger / { finish(); file = $2; part = $1; events = headers = recorded = unwritten = 0; next }
		/^=script$/ { part = $1; next }
		part == "=ledger" { if ($2 == "recorded") recorded = $1; if ($2 == "lost_unwritten") unwritten = $1; next }
		/^# hostname *: / { headers += $NF == host }
		/^# release *: / { headers += $NF == release }
		/unknown\]|^ *:[0-9]/ { complain("something unknown: " before " " $0) }
		$0 ~ event {
			events++
			match($0, /[0-9]+\.[0-9]+: /)
			time = substr($0, RSTART, RLENGTH - 2)
			sub(/\./, "", time)
			if (time + 0 < last) complain("an event is in the wrong file: " $0)
			last = time + 0
		}
		{ before = $0 }
		END {
			finish()
			if (sum != all) complain("recorded are " sum " by the files and " all " by the module")
			if (all <= 100) complain("only " all " events")
			print lost + 0 >"/tmp/unwritten"
			exit wrong
		}' /tmp/said >/tmp/complaints || fail "$(head /tmp/complaints)"
}

test_24_files_follow_one_another() {
	begin
	"$STACKID" record -v -a -o $DIR/data --rotate 200ms -e $EVENT -- perl -e "$busy" 2>/tmp/chatter &
	wait_until files 8
	# Ids begin anew in the middle of one.
	echo 1 >$ROOT/reset
	wait_until files 16
	kill -USR2 $!
	wait_until files 24
	kill -TERM $!
	wait $! || true
	expect 'files that were not finished' "$(find $DIR -name '*.part')" ''
	expect 'files' "$(find $DIR -name '*Z' | wc -l)" "$(grep -c Captured /tmp/chatter)"
	nothing_is_missing_or_twice
	expect 'not written' "$(cat /tmp/unwritten)" 0
}

test_the_newest_stay() {
	local first
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

test_a_full_disk() {
	local event=kprobe:null_lseek status=0
	begin
	mount -t tmpfs -o size=4m none $DIR
	"$STACKID" record -a -o $DIR/data --rotate 400K -e "$event value=a=arg2,b=arg2,c=arg2" -- \
		perl -e 'open my $f, "<", "/dev/zero"; alarm 100; while (1) { sysseek $f, int rand 1e15, 0 for 1 .. 100 }' 2>/tmp/chatter || status=$?
	expect "exit code: $(cat /tmp/chatter)" "$status" 1
	grep -q 'no space is left on the disk: the recording has ended' /tmp/chatter || fail "$(cat /tmp/chatter)"
	expect 'files that were not finished' "$(find $DIR -name '*.part')" ''
	files 2 || fail "$(ls -l $DIR)"
	nothing_is_missing_or_twice $event
	[ "$("$STACKID" report -i "$(find $DIR -name '*Z' | sort | tail -n 1)" --header-only | sed -n 's/^# loss *: //p')" ] || fail 'no header'
	umount $DIR
}

# Twice, and the second one at once after it had begun. The next recorder finishes what is left, with what was still in the rings.
test_killed_in_the_middle() {
	local part before=0
	begin
	perl -e "$busy" &
	for _ in 1 2; do
		"$STACKID" record -q -a -o $DIR/data --rotate 300ms -e $EVENT 2>>/tmp/chatter &
		wait_until files $((before + 3))
		kill -9 $!
		wait $! || true
		# One that is being written, and perhaps the one before it on its way to the disk.
		find $DIR -name '*.part' | grep -q . || fail "$(ls $DIR)"
		for part in "$DIR"/*.part; do
			"$STACKID" script -i "$part" --header-only >/tmp/script 2>/tmp/errors || [ $? = 2 ] || fail "$(cat /tmp/errors)"
		done
		before=$(find $DIR -name '*Z' | wc -l)
	done
	: >/tmp/chatter
	"$STACKID" record -a -o $DIR/data --rotate 300ms -e $EVENT 2>/tmp/chatter &
	wait_until files $((before + 3))
	kill -TERM $!
	wait $! || true
	kill %1
	expect 'files that were not finished' "$(find $DIR -name '*.part')" ''
	nothing_is_missing_or_twice
	expect 'not written' "$(cat /tmp/unwritten)" 0
	expect 'killed ones' "$(for file in "$DIR"/*Z; do "$STACKID" script -i "$file" --header-only; done 2>/dev/null | grep -c 'result *: killed')" 2
}

# The module refuses cycles here, and that takes a number away.
test_killed_with_the_default_event() {
	begin
	"$STACKID" record -q -a -o $DIR/data --rotate 1h 2>/tmp/chatter &
	wait_until grep -q 1 $ROOT/recording_on
	wait_until some_are_recorded
	kill -9 $!
	wait $! || true
	"$STACKID" record -q -a -o $DIR/data --rotate 1h -- true 2>/tmp/chatter
	expect "killed ones: $(cat /tmp/chatter)" "$(for file in "$DIR"/*Z; do "$STACKID" script -i "$file" --header-only; done 2>/dev/null | grep -c 'result *: killed')" 1
}
some_are_recorded() { [ $(($(stat_of recorded) - $(stat_of recorded /tmp/before))) -ge 10 ]; }

# Somebody recorded in between: what the rings had is gone, and so is what the ledger had said.
test_killed_and_others_came() {
	begin
	perl -e "$busy" &
	"$STACKID" record -q -a -o $DIR/data --rotate 1h -e $EVENT 2>/tmp/chatter &
	wait_until grep -q 1 $ROOT/recording_on
	sleep 1
	kill -9 $!
	wait $! || true
	"$STACKID" record -q -a -o /tmp/other.data -e $EVENT -- sleep 0.2
	"$STACKID" record -a -o $DIR/data --rotate 1h -e $EVENT -- sleep 0.2 2>/tmp/chatter
	kill %1
	grep -q 'has no end: the machine went down, or others have recorded since' /tmp/chatter || fail "$(cat /tmp/chatter)"
	expect 'files' "$(find $DIR -name '*Z' | wc -l)" 2
}

# Before each line what it took from the event to here, on the clock that both have.
latency='use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC); $| = 1; while (<STDIN>) { print clock_gettime(CLOCK_MONOTONIC) - $1, " $_" if /^perl .*\s(\d+\.\d+): / }'

# How long that is depends on the machine; that it comes while the recording goes on does not.
print_as_they_happen() { # [--follow]
	begin
	mkfifo $DIR/pipe
	"$STACKID" script -i - "$@" -F comm,time,event,ip,sym <$DIR/pipe 2>/tmp/errors | perl -e "$latency" >/tmp/followed &
	"$STACKID" record -q -a -o - -e $EVENT >$DIR/pipe 2>/tmp/chatter &
	wait_until grep -q 1 $ROOT/recording_on
	for _ in 1 2 3 4 5; do
		wc -l </tmp/followed >/tmp/lines
		perl -e 'open my $f, "<", "/dev/zero"; sysseek $f, 0, 0'
		wait_until followed_more
	done
	grep -q 1 $ROOT/recording_on || fail 'recording is off'
	kill -INT $!
	wait
	! grep . /tmp/errors || fail "script $* complains"
}
test_events_are_printed_as_they_happen() {
	print_as_they_happen --follow
	print_as_they_happen
}
followed_more() { [ "$(wc -l </tmp/followed)" -gt "$(cat /tmp/lines)" ]; }

# What came through a pipe, with new stacks all the time, is what the same bytes are as a file.
test_a_pipe_is_what_its_file_is() {
	local command
	begin
	"$STACKID" record -q -a -o - -e sched:sched_switch -e kmem:kmalloc -- sh -c 'for i in 1 2 3 4 5; do ls / >/tmp/ls; sleep 0.3; done' 2>/tmp/chatter |
		tee $DIR/file | "$STACKID" script -i - -F +stack,+pid >/tmp/got 2>/tmp/errors
	[ "$(wc -l </tmp/got)" -gt 100 ] || fail "$(cat /tmp/chatter /tmp/errors)"
	"$STACKID" script -i $DIR/file -F +stack,+pid >/tmp/named 2>/tmp/errors
	cmp /tmp/named /tmp/got
	for command in 'report --stdio' 'report --stdio --no-children -s comm,tid,cpu,sym' 'export -F jsonl' 'ledger -A'; do
		# shellcheck disable=SC2086 # several words
		"$STACKID" $command -i $DIR/file >/tmp/named 2>/tmp/errors
		# shellcheck disable=SC2086
		"$STACKID" $command -i - < <(cat $DIR/file) >/tmp/got 2>/tmp/errors
		cmp /tmp/named /tmp/got || fail "$command"
	done
}

run_tests
