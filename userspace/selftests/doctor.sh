#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Breaks what recording needs, looks whether "stackid doctor" sees it, and runs the very command that it prints.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh
KO=${KO:?set by in-vm}
STACKID=${STACKID:?set by in-vm}
TREE=${PWD%/build/*}
RELEASE=$(uname -r)
MODULES=/lib/modules/$RELEASE
INSTALLED=$MODULES/updates/stackid.ko
CONFIG=/boot/config-$RELEASE
BIN=/tmp/doctor-bin

# The command under its name, where an ordinary user finds it too, and what is not in every root. To see that nothing is to be
# built takes make minutes in the emulator; the rest it does itself, and where it is not, this does what of it counts here.
mkdir -p $BIN
cp "$STACKID" $BIN/stackid
printf '#!/bin/sh\nexec "$@"\n' >$BIN/sudo
cat >$BIN/make <<EOF
#!/bin/sh
[ "\$*" != KVER=$RELEASE ] || exec test -e $KO/stackid.ko
[ ! -e /usr/bin/make ] || exec /usr/bin/make "\$@"
[ "\$*" = "KVER=$RELEASE install" ] && install -D -m 644 $KO/stackid.ko $INSTALLED && exec depmod $RELEASE
EOF
chmod 755 $BIN/*
PATH=$BIN:$PATH
# Half of the time would go into reading debugging information.
strip -g -o $BIN/stackid.ko "$KO/stackid.ko" 2>/dev/null || cp "$KO/stackid.ko" $BIN/stackid.ko

# Of the emulated processors only arm64's count cycles.
case $(uname -m) in
x86_64) COUNTERS='warn cpu-clock' ;;
*) COUNTERS='ok cycles' ;;
esac

# As if this module were the only one: depmod, too, would take minutes.
build=$(readlink -f "$MODULES/build" || true)
mount -t tmpfs tmpfs "$MODULES"
trap 'umount "$MODULES"' EXIT
touch "$MODULES"/modules.{order,builtin,builtin.modinfo}
[ -z "$build" ] || ln -s "$build" "$MODULES/build"

# What it says is in /tmp/doctor.
doctor() { # STATUS [COMMAND-BEFORE-IT...]
	local wanted=$1 status=0
	shift
	"$@" stackid doctor >/tmp/doctor 2>/tmp/doctor.errors || status=$?
	[ $status = "$wanted" ] || fail "exit status $status instead of $wanted: $(cat /tmp/doctor /tmp/doctor.errors)"
	if [ "$wanted" = 1 ]; then
		grep -q '^bad ' /tmp/doctor || fail "it failed, and nothing is bad: $(cat /tmp/doctor)"
		grep -q '^stackid: recording will not work' /tmp/doctor.errors || fail "$(cat /tmp/doctor.errors)"
	else
		! grep '^bad ' /tmp/doctor || fail 'it succeeded'
		[ ! -s /tmp/doctor.errors ] || fail "$(cat /tmp/doctor.errors)"
	fi
}

is() { # NAME MARK GLOB
	local line
	line=$(grep -E "^(ok  |warn|bad )  $1 " /tmp/doctor) || fail "no line $1: $(cat /tmp/doctor)"
	[[ $line == "$2 "* ]] || fail "not $2: $line"
	# shellcheck disable=SC2053 # a pattern
	[[ $line == *$3* ]] || fail "not '$3': $line"
}

has_no_line() { # NAME...
	local name
	for name; do
		! grep -E "^(ok  |warn|bad )  $name " /tmp/doctor || fail "it can not know that"
	done
}

# The commands below the line, one a line.
tries() { # NAME
	awk -v name="$1" '
		/^(ok  |warn|bad )  / { here = index($0, "  " name " ") == 5 }
		here && sub(/^ +try: /, "")' /tmp/doctor
}

# Runs them as they are printed.
mend() { # NAME COMMAND...
	local name=$1 wanted
	shift
	wanted=$(printf '%s\n' "$@")
	expect "tries of $name" "$(tries "$name")" "$wanted"
	(cd "$TREE" && bash -ec "$wanted") >/tmp/mend 2>&1 || fail "$wanted: $(tail -n 20 /tmp/mend)"
}

unload() {
	rmmod stackid 2>/dev/null || true
}

install_module() {
	unload
	mkdir -p "${INSTALLED%/*}"
	cp $BIN/stackid.ko "$INSTALLED"
	depmod "$RELEASE"
}

is_mounted() { mountpoint -q "/sys/kernel/$1"; }

# What each test begins with: nothing is wrong, whatever the one before left.
make_well() {
	local fs
	for fs in debug security; do
		is_mounted $fs || mount -t ${fs}fs none /sys/kernel/$fs
	done
	echo 0 >/proc/sys/kernel/kptr_restrict
	install_module
	modprobe stackid
}

test_all_is_well() {
	make_well
	doctor 0
	is kernel ok "$RELEASE"
	is privileges ok 'root with CAP_SYSLOG'
	is lockdown ok none
	is debugfs ok 'mounted on /sys/kernel/debug, mode 0700'
	is installed ok "$INSTALLED"
	is 'built for' ok "$RELEASE"
	is signature ok 'asks for none'
	is loaded ok 'version [0-9]'
	is format ok 'ABI version [0-9]'
	is recording ok nobody
	is kptr_restrict ok '0:'
	is kallsyms ok 'names [0-9]* functions'
	# shellcheck disable=SC2086 # two words
	is counters $COUNTERS
	is unwinding ok 'fast; * all were right'
	is table ok 'generation [0-9]* has [0-9]* of 65536 stacks'
	is disk ok 'GB are free'
	stackid doctor --quiet >/tmp/quiet
	expect 'quiet lines' "$(cut -c 1-13 /tmp/quiet)" "$(sed -n '/^warn *counters/s/^\(.\{13\}\).*/\1/p' /tmp/doctor)"
	stackid record -a -o /tmp/stackid.data -e sched:sched_switch -- sleep 0.2 2>/tmp/chatter || fail "$(cat /tmp/chatter)"
}

test_not_loaded() {
	make_well
	unload
	doctor 1
	is installed ok "$INSTALLED"
	is loaded bad no
	has_no_line format recording unwinding table
	! stackid record -- true 2>/tmp/chatter || fail 'it was recorded'
	grep -q "stackid doctor" /tmp/chatter || fail "$(cat /tmp/chatter)"
	mend loaded 'modprobe stackid'
	doctor 0
	is loaded ok version
}

test_not_installed() {
	make_well
	unload
	rm "$INSTALLED"
	depmod "$RELEASE"
	doctor 1
	is installed bad "no module stackid in $MODULES"
	is loaded bad no
	has_no_line 'built for' signature
	mend installed "make KVER=$RELEASE && make KVER=$RELEASE install"
	doctor 1
	is installed ok "$INSTALLED"
	is 'built for' ok "$RELEASE"
	mend loaded 'modprobe stackid'
	doctor 0
}

test_loaded_and_not_installed() {
	make_well
	rm "$INSTALLED"
	depmod "$RELEASE"
	doctor 0
	is installed ok 'loaded from elsewhere'
	is loaded ok version
}

test_unknown_to_modprobe() {
	make_well
	unload
	rm "$INSTALLED"
	depmod "$RELEASE"
	cp $BIN/stackid.ko "$INSTALLED"
	doctor 1
	is installed bad "$INSTALLED is there"
	mend installed "depmod $RELEASE"
	doctor 1
	is installed ok "$INSTALLED"
}

test_built_for_another_kernel() {
	local other=${RELEASE%?}X
	make_well
	unload
	sed -b "s/vermagic=$RELEASE/vermagic=$other/" $BIN/stackid.ko >"$INSTALLED"
	depmod "$RELEASE"
	doctor 1
	is 'built for' bad "$other, and $RELEASE runs"
	mend 'built for' "make KVER=$RELEASE && make KVER=$RELEASE install"
	doctor 1
	is 'built for' ok "$RELEASE"
	modprobe stackid
	doctor 0
}

test_another_build_is_loaded() {
	local version
	make_well
	version=$(modinfo -F srcversion stackid)
	sed -b "s/srcversion=$version/srcversion=${version%??}XX/" $BIN/stackid.ko >"$INSTALLED"
	depmod "$RELEASE"
	doctor 0
	is loaded warn 'other sources'
	mend loaded 'rmmod stackid && modprobe stackid'
	doctor 0
	is loaded ok version
}

test_another_abi() {
	make_well
	head -c 48 $ROOT/stacks_raw >/tmp/stacks_raw
	# The version is the u32 behind 16 bytes of a record's head and 8 of magic.
	printf '\x63' | dd of=/tmp/stacks_raw bs=1 seek=24 conv=notrunc status=none
	mount --bind /tmp/stacks_raw $ROOT/stacks_raw
	doctor 1
	is format bad 'ABI version 99, this command reads'
	expect tries "$(tries format | tail -n 1)" 'rmmod stackid && modprobe stackid'
	umount $ROOT/stacks_raw
	doctor 0
	is format ok 'ABI version'
}

test_debugfs_is_not_mounted() {
	make_well
	umount -l /sys/kernel/debug
	doctor 1
	is debugfs bad 'not mounted on /sys/kernel/debug'
	is loaded ok version
	has_no_line format recording table
	mend debugfs 'mount -t debugfs none /sys/kernel/debug'
	doctor 0
	is debugfs ok mounted
}

test_securityfs_is_not_mounted() {
	make_well
	umount -l /sys/kernel/security
	doctor 0
	is lockdown warn 'securityfs is not mounted'
	mend lockdown 'mount -t securityfs none /sys/kernel/security'
	doctor 0
	is lockdown ok none
}

# As it is without the LSM: securityfs, and not that file in it.
test_a_kernel_without_lockdown() {
	make_well
	mount --bind /sys/kernel/security/apparmor /sys/kernel/security
	doctor 0
	is lockdown ok 'this kernel has none'
	umount /sys/kernel/security
}

test_addresses_are_hidden() {
	make_well
	echo 2 >/proc/sys/kernel/kptr_restrict
	doctor 0
	is kptr_restrict warn 'not even root'
	is kallsyms warn 'no addresses'
	mend kptr_restrict 'sysctl kernel.kptr_restrict=1'
	doctor 0
	is kptr_restrict ok '1:'
	is kallsyms ok names
}

test_an_ordinary_user() {
	make_well
	doctor 1 setpriv --reuid 65534 --regid 65534 --clear-groups --
	is privileges bad 'only root may record'
	is loaded ok version
	has_no_line format recording table kallsyms
	mend privileges 'sudo stackid doctor'
	grep -q '^ok  *privileges ' /tmp/mend || fail "$(cat /tmp/mend)"
}

test_root_without_its_capability() {
	make_well
	doctor 1 setpriv --bounding-set -syslog --inh-caps -syslog --
	is privileges bad 'without CAP_SYSLOG'
	! setpriv --bounding-set -syslog --inh-caps -syslog -- stackid record -- true 2>/tmp/chatter || fail 'it was recorded'
	grep -q 'CAP_SYSLOG' /tmp/chatter || fail "$(cat /tmp/chatter)"
}

test_fast_unwinding_is_off() {
	make_well
	unload
	modprobe stackid fast_unwind=0
	doctor 0
	is unwinding warn 'ten times slower: the module was loaded with fast_unwind=0'
	mend unwinding 'rmmod stackid && modprobe stackid fast_unwind=1'
	doctor 0
	is unwinding ok fast
}

test_options_of_the_kernel() {
	local config=$CONFIG
	make_well
	# The configuration of a kernel that was only unpacked is not in the VM's /boot.
	[ -e "$config" ] || config=$MODULES/config
	[ ! -e "$config" ] || cp "$config" /tmp/config.before
	printf 'CONFIG_%s=y\n' '# first' 64BIT MODULES STACKTRACE TRACEPOINTS PERF_EVENTS EVENT_TRACING DEBUG_FS >"$config"
	doctor 1
	is kernel bad 'without CONFIG_KPROBES:'
	# arm64 has no such tables, and walks fast without.
	case $(uname -m) in
	x86_64) is unwinding warn 'without CONFIG_UNWINDER_ORC' ;;
	*) is unwinding ok fast ;;
	esac
	printf 'CONFIG_%s=y\n' KPROBES UNWINDER_ORC >>"$config"
	doctor 0
	is kernel ok 'all options'
	is unwinding ok fast
	rm "$config"
	[ ! -e /tmp/config.before ] || cp /tmp/config.before "$config"
}

is_on() { [ "$(cat $ROOT/recording_on)" = "$1" ]; }

test_somebody_records() {
	make_well
	stackid record -a -o /tmp/stackid.data -e sched:sched_switch -- sleep 60 2>/tmp/chatter &
	wait_until is_on 1
	doctor 1
	is recording bad "process $! (stackid)"
	mend recording "kill -INT $!"
	wait $! || true
	wait_until is_on 0
	doctor 0
	is recording ok nobody
}

has_open() { # PID FILE
	find "/proc/$1/fd" -lname "$ROOT/$2" | grep -q .
}

test_somebody_reads() {
	make_well
	cat $ROOT/trace_pipe >/dev/null 2>&1 &
	wait_until has_open $! trace_pipe
	doctor 1
	is recording bad "process $! (cat)"
	kill $!
	wait $! || true
	doctor 0
}

test_it_was_turned_on_by_hand() {
	make_well
	echo sched:sched_switch >$ROOT/events
	echo 1 >$ROOT/recording_on
	doctor 1
	is recording bad 'by hand'
	mend recording "echo 0 >$ROOT/recording_on"
	: >$ROOT/events
	doctor 0
	is recording ok nobody
}

is_full() { [ "$(stat_of stacks)" = 16 ]; }

test_the_table_is_full() {
	make_well
	unload
	modprobe stackid max_stacks=16
	printf '%s\n' sched:sched_switch kmem:kmalloc >$ROOT/events
	echo 1 >$ROOT/recording_on
	ls -R /etc >/dev/null
	wait_until is_full
	echo 0 >$ROOT/recording_on
	doctor 0
	is table warn 'full with 16 stacks'
	mend table "echo 1 >$ROOT/reset"
	doctor 0
	is table ok 'has 0 of 16 stacks'
}

test_the_folder_is_read_only() {
	make_well
	mkdir -p /tmp/read-only
	mount -t tmpfs -o ro tmpfs /tmp/read-only
	cd /tmp/read-only || return
	doctor 0
	is disk warn 'cannot be written to *-o FILE'
	cd /
	umount /tmp/read-only
}

test_the_disk_is_nearly_full() {
	make_well
	mkdir -p /tmp/small
	mount -t tmpfs -o size=1M tmpfs /tmp/small
	cd /tmp/small || return
	doctor 0
	is disk warn 'only 1 MB are free'
	cd /
	umount /tmp/small
}

# The last ones: what they turn on stays on until the VM ends.
test_signatures_are_enforced() {
	local key=/var/lib/dkms/mok.key cert=/var/lib/dkms/mok.pub sign=$MODULES/build/scripts/sign-file
	make_well
	rm -f $key $cert
	echo 1 >/sys/module/module/parameters/sig_enforce
	doctor 0
	is signature ok 'the module is loaded'
	unload
	doctor 1
	is signature bad 'only signed modules, and this one is not'
	! modprobe stackid 2>/dev/null || fail 'the kernel loads it all the same'
	[ -e "$sign" ] || skip "there is no $sign here to sign with"
	mend signature "mkdir -p /var/lib/dkms && openssl req -new -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=stackid -outform DER -keyout $key -out $cert" \
		"$sign sha256 $key $cert $INSTALLED"
	doctor 1
	is signature warn 'has one of stackid'
	# To enrol it takes firmware and somebody at the next boot.
	expect tries "$(tries signature)" "mokutil --import $cert"
}

test_locked_down() {
	install_module
	echo integrity >/sys/kernel/security/lockdown
	doctor 1
	is lockdown bad 'integrity: debugfs refuses * only another boot'
	expect tries "$(tries lockdown)" reboot
	is signature bad 'only signed modules'
	# What turned it on is told from the command line.
	echo "$(cat /proc/cmdline) lockdown=integrity" >/tmp/cmdline
	mount --bind /tmp/cmdline /proc/cmdline
	doctor 1
	is lockdown bad 'boot without lockdown=integrity'
	umount /proc/cmdline
	echo confidentiality >/sys/kernel/security/lockdown
	doctor 1
	is lockdown bad 'confidentiality: '
}

run_tests
