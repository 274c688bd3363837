#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# On a kernel booted with debugfs=off: the module says so, and its API works.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
KO=${KO:?set by in-vm}
STACKID=${STACKID:?set by in-vm}

test_loading_says_what_does_not_work() {
	grep -q debugfs=off /proc/cmdline || skip 'this kernel was not booted with debugfs=off'
	[ ! -e $ROOT ] || fail 'debugfs is there'
	dmesg -C
	insmod "$KO/stackid.ko"
	dmesg | grep -q 'stackid: there is no debugfs directory .*the in-kernel API works' || fail "$(dmesg)"
}

test_the_doctor_says_so() {
	grep -q debugfs=off /proc/cmdline || skip 'this kernel was not booted with debugfs=off'
	! "$STACKID" doctor >/tmp/doctor 2>&1 || fail 'it found nothing bad'
	grep -q '^bad   debugfs  *the kernel was booted with debugfs=off' /tmp/doctor || fail "$(cat /tmp/doctor)"
	grep -q '^ok    loaded ' /tmp/doctor || fail "$(cat /tmp/doctor)"
}

test_the_api_works() {
	grep -q debugfs=off /proc/cmdline || skip 'this kernel was not booted with debugfs=off'
	dmesg -C
	insmod "$KO/stackid_example.ko"
	expect 'makers' "$(dmesg | grep -c 'objects of stack')" 6
	rmmod stackid_example
}

test_unloading_leaves_nothing() {
	grep -q debugfs=off /proc/cmdline || skip 'this kernel was not booted with debugfs=off'
	rmmod stackid
	! grep -q stackid /proc/modules /proc/vmallocinfo || fail 'something is left'
}

run_tests
