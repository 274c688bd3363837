#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# stackid-record.service under systemd, which is the first process of its own namespace here, with the VM's kernel and cgroups.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
STACKID=${STACKID:?set by in-vm}
KO=${KO:?set by in-vm}
FILES=/var/lib/stackid
UNITS=/run/systemd/system

# Called again inside, as a unit of that systemd: what there is to be seen. The verdict goes to /run/verdict.
property() { systemctl show --property "$1" --value stackid-record.service; }
is() { [ "$(property "$1")" = "$2" ]; }
runs() { is ActiveState active && is SubState running; }
whole() { [ "$(find $FILES -name 'stackid.data.*Z' | wc -l)" -ge "$1" ]; }
recorded() { [ "$(stat_of recorded)" -gt "$1" ]; }
inside() {
	local pid file whole recorded

	systemctl start stackid-record.service
	wait_until runs
	wait_until recorded 100
	[ -d /sys/module/stackid ] || fail 'ExecStartPre has not loaded the module'
	expect 'whose files they are' "$(stat -c '%a %U' $FILES)" '700 root'
	pid=$(property MainPID)
	expect 'capabilities' "$(sed -n 's/^CapEff:\t//p' /proc/"$pid"/status)" "$(printf '%016x' $((1 << 34 | 1 << 23)))"
	expect 'a filter of system calls' "$(sed -n 's/^Seccomp:\t//p' /proc/"$pid"/status)" 2
	expect 'its score for the OOM killer' "$(cat /proc/"$pid"/oom_score_adj)" -500

	whole=$(find $FILES -name 'stackid.data.*Z' | wc -l)
	systemctl reload stackid-record.service
	wait_until whole $((whole + 1))
	is MainPID "$pid" || fail 'a reload is another process'

	# systemd starts another one, which finishes what the first one has left.
	kill -9 "$pid"
	wait_until is NRestarts 1
	wait_until runs
	wait_until whole $((whole + 2))
	recorded=$(stat_of recorded)
	wait_until recorded "$recorded"

	systemctl stop stackid-record.service
	is Result success || fail "it ended as $(property Result)"
	expect 'what was not finished' "$(find $FILES -name '*.part')" ''
	for file in "$FILES"/stackid.data.*Z; do
		"$STACKID" ledger -i "$file" >/dev/null || fail "$file"
	done
	expect 'killed ones' "$(for file in "$FILES"/*Z; do "$STACKID" script -i "$file" --header-only; done 2>/dev/null | grep -c 'result *: killed')" 1
	! systemctl --quiet is-failed stackid-record.service || fail 'systemd takes it for failed'
}
if [ "${1-}" = inside ]; then
	(set -e; inside) >/run/complaints 2>&1
	echo $? >/run/verdict
	# Nothing else is to be ended in order.
	systemctl --force exit 0
	exit
fi

test_the_unit_runs_under_systemd() {
	local systemd=/lib/systemd/systemd unit
	[ -x $systemd ] || skip 'there is no systemd'
	mkdir -p /usr/local/bin $UNITS "/lib/modules/$(uname -r)/updates"
	cp "$STACKID" /usr/local/bin/
	cp "$KO/stackid.ko" "/lib/modules/$(uname -r)/updates/"
	# Of that one alone: all the others would take a minute.
	depmod "$(uname -r)" "/lib/modules/$(uname -r)/updates/stackid.ko"
	# From build/selftests, or build/ARCH/selftests.
	for unit in ../../packaging/stackid-record.service.in ../../../packaging/stackid-record.service.in; do [ ! -e $unit ] || break; done
	sed 's,@BINDIR@,/usr/local/bin,' $unit >$UNITS/stackid-record.service
	# Where a reload and a kill are to begin files, an hour is enough for each; and there is something to record.
	mkdir -p /etc/default
	echo 'OPTIONS="--rotate 1h --keep 24 -e sched:sched_switch"' >/etc/default/stackid-record
	cat >$UNITS/check.service <<-END
		[Unit]
		DefaultDependencies=no
		[Service]
		Type=oneshot
		WorkingDirectory=$PWD
		Environment=STACKID=$STACKID KO=$KO
		ExecStart=$PWD/service.sh inside
	END
	# A machine without it is at its first start, and does a lot then.
	echo 0123456789abcdef0123456789abcdef >/etc/machine-id
	# Of what a machine does at its start nothing is needed but the journal.
	for unit in /lib/systemd/system/sysinit.target.wants/* /lib/systemd/system/sockets.target.wants/*; do
		case $unit in *journald*) ;; *) ln -sf /dev/null "$UNITS/${unit##*/}" ;; esac
	done
	rm -f /run/verdict
	# It needs no more of the machine's own units than the service's do; container= keeps it from the consoles and from udev.
	env -i PATH="$PATH" container=stackid unshare --pid --fork --mount --mount-proc \
		$systemd --system --unit=check.service --log-target=console --log-level=warning --show-status=no </dev/null >/tmp/systemd 2>&1 || true
	[ -e /run/verdict ] || fail "systemd has ended before the check: $(tail -n 20 /tmp/systemd)"
	expect 'verdict' "$(cat /run/verdict): $(cat /run/complaints)" '0: '
	rmmod stackid
}

run_tests
