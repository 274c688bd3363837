#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What value= records and if= leaves out, on system calls whose arguments are known.
# shellcheck source-path=SCRIPTDIR
. ./functions.sh

# lseek(2) on a file, N times to each of the offsets. perl itself refuses negative ones but from where the file is (1).
seek() { # N OFFSET...
	perl -e 'my $n = shift; open my $f, "<", "/proc/self/exe" or die; for (1 .. $n) { sysseek $f, $_, $_ < 0 for @ARGV }' "$@"
}

begin() { # EVENT-LINE...
	clean
	echo 1024 >$ROOT/buffer_size_kb
	printf '%s\n' "$@" >$ROOT/events
	timeout 1 dd if=$ROOT/per_cpu/cpu0/ring of=/dev/null bs=64K iflag=nonblock 2>/dev/null || true
	echo 1 >$ROOT/recording_on
}

# Its arguments are lseek(2)'s from the second on. vfs_llseek() is called once more for the file below one of overlayfs, and is inlined
# in the system call of some kernels only; kernels with debug checks have ksys_lseek inlined.
LSEEK=$(function_of ksys_lseek vfs_llseek)

# What there is in trace_pipe, into /tmp/text.
end() {
	echo 0 >$ROOT/recording_on
	dd if=$ROOT/trace_pipe of=/tmp/text bs=64K iflag=nonblock 2>/dev/null || true
	ledger_holds
}

grown() { # NAME: since before()
	echo $(($(stat_of "$1") - $(stat_of "$1" /tmp/before)))
}

before() {
	cat $ROOT/stats >/tmp/before
}

test_values_have_names_and_signs() {
	begin 'syscalls:sys_enter_lseek value=arg1:u32,offset=arg2:s64,arg2:u8,whence=arg3'
	seek 50 -1193046 513
	end
	expect 'as it can be written back' "$(cut -d '#' -f 1 $ROOT/events | tr -s ' ')" \
		'syscalls:sys_enter_lseek value=arg1:u32,offset=arg2:s64,arg2:u8,whence=arg3 '
	expect 'negative' "$(grep -Ec 'sys_enter_lseek: arg1=[0-9]+ offset=-1193046 arg2=170 whence=1 ' /tmp/text)" 50
	expect 'others' "$(grep -Ec 'sys_enter_lseek: arg1=[0-9]+ offset=513 arg2=1 whence=0 ' /tmp/text)" 50
}

test_conditions_drop_exactly_the_others() {
	begin 'syscalls:sys_enter_lseek value=arg2 if=arg2>=4240&&arg2<4243&&arg2&2'
	before
	seek 300 4238 4239 4240 4241 4242 4243 4244
	end
	expect 'recorded with the right value' "$(grep -c 'arg2=4242 ' /tmp/text)" 300
	expect 'recorded' "$(grep -c 'sys_enter_lseek:' /tmp/text)" "$(grown recorded)"
	[ "$(grown recorded)" -lt 310 ] || fail "$(grown recorded) of them"
	# perl itself seeks now and then.
	[ "$(grown filtered)" -ge 1800 ] && [ "$(grown filtered)" -lt 1900 ] || fail "$(grown filtered) filtered"
	grep -q '^filtered [1-9]' $ROOT/per_cpu/cpu0/stats || grep -q '^filtered [1-9]' $ROOT/per_cpu/cpu*/stats || fail 'no CPU has filtered any'
}

test_hits_of_others_are_not_counted_as_filtered() {
	perl -e 'open my $f, "<", "/proc/self/exe"; alarm 30; sysseek $f, 4242, 0 while 1' &
	begin "syscalls:sys_enter_lseek value=arg2 if=arg2==1000 pid=$BASHPID"
	before
	seek 200 1000 4242
	end
	kill $!
	expect 'recorded' "$(grep -c 'arg2=1000 ' /tmp/text)" "$(grown recorded)"
	[ "$(grown recorded)" = 200 ] || fail "$(grown recorded) recorded"
	[ "$(grown filtered)" -ge 200 ] && [ "$(grown filtered)" -lt 250 ] || fail "$(grown filtered) filtered"
}

test_a_kprobe_has_them_too() {
	begin "kprobe:$LSEEK value=arg3:u32,arg2 if=arg2==777"
	before
	seek 100 776 777
	end
	expect 'recorded' "$(grep -c "kprobe:$LSEEK: arg3=0 arg2=777 " /tmp/text)" 100
	[ "$(grown filtered)" -ge 100 ] || fail "$(grown filtered) filtered"
}

# struct filename begins with a pointer to the name.
test_what_an_argument_points_to_is_read() {
	local function
	function=$(function_of do_filp_open do_file_open)
	begin "kprobe:$function value=arg2+0+0:u32"
	cat /proc/version >/dev/null
	end
	# "/pro", the lowest byte first.
	grep -q "cat-.*$function: arg2=$((0x6f72702f)) " /tmp/text || fail "$(grep "$function" /tmp/text)"
}

test_a_wrong_address_reads_as_zero_and_passes_nothing() {
	local line
	# NULL, user space, not canonical, without a page, at the end of memory.
	for line in 0 4096 0x7fff00000000 0x1234567890123456 -3298534883328 -8; do
		begin 'syscalls:sys_enter_lseek value=arg2,at=arg2+0,arg2+0+8' 'tracepoint:sys_enter value=arg2 if=arg2==8&&arg2+100000000==5'
		seek 20 "$((line))"
		end
		[ "$(grep -Ec 'sys_enter_lseek: arg2=(0x[0-9a-f]+|[0-9]+) at=0 arg2=0 ' /tmp/text)" -ge 20 ] ||
			fail "$line: $(grep sys_enter_lseek /tmp/text | tail -n 3)"
	done
}

# The fault's own event reads from the address that faulted.
test_a_fault_in_the_reading_of_a_fault_ends() {
	[ -e /sys/kernel/tracing/events/exceptions/page_fault_kernel ] || skip 'this kernel has no events of its page faults'
	begin 'syscalls:sys_enter_lseek value=arg2+0' 'exceptions:page_fault_kernel value=arg1+0,arg1+8 if=arg1+0!=5'
	before
	seek 200 -3298534883328
	end
	expect 'seeks' "$(grep -c 'sys_enter_lseek: arg2=0 ' /tmp/text)" "$(grep -c sys_enter_lseek /tmp/text)"
	[ "$(grown lost_recursion)" -ge 200 ] || fail "$(grown lost_recursion) lost"
}

# Breakpoints in the middle of the reading, which read by themselves, and one that is taken away and comes back.
test_the_reading_itself_can_be_probed() {
	local read hold
	read=$(breakpoint_in stackid_event_value_read)
	hold=$(breakpoint_in stackid_event_conditions_hold)
	begin 'syscalls:sys_enter_lseek value=arg2+0,arg2+0+8 if=arg2+0!=5' 'syscalls:sys_exit_lseek value=arg1:s64 if=arg1:s64>=0' \
		"$read value=arg1+0,arg2" 'kprobe:copy_from_kernel_nofault value=arg1,arg2+0:u8 if=arg3<=8' "$hold value=arg1+0:u8"
	before
	seek 100 -3298534883328 0 100
	for _ in 1 2 3 4 5; do
		echo '-kprobe:copy_from_kernel_nofault' >>$ROOT/events
		seek 20 100
		echo 'kprobe:copy_from_kernel_nofault value=arg2+0:u8' >>$ROOT/events
	done
	end
	# What is probed below a hit is lost to recursion, and that is said.
	[ "$(grown lost_recursion)" -gt 100 ] || fail "$(grown lost_recursion) lost: $(cat $ROOT/stats)"
	[ "$(grown recorded)" -gt 100 ] || fail "$(grown recorded) recorded"
}

# The VM's processor could have five levels of page tables, its kernel has four: 0xa000000000009 and 0xff01000000000000 are no addresses
# then, and whoever follows them makes the kernel warn.
test_addresses_of_more_levels_than_there_are_read_0() {
	begin "kprobe:$LSEEK value=arg2,arg2+0:u8"
	seek 10 2814749767106569 -71776119061217280
	end
	expect 'reads of what is no address' "$(grep -cE 'arg2=0x(a000000000009|ff01000000000000) arg2=0 ' /tmp/text)" 20
}

# There the tracepoint's caller is the first function on the interrupts' stack, whose end is nearer than the twelfth argument would be.
test_arguments_beyond_the_end_of_a_stack_are_zero() {
	local events cpu last
	mapfile -t events < <(grep -o '^irq_vectors:[a-z_0-9]*' $ROOT/available_events)
	[ ${#events[@]} -gt 0 ] || skip 'this kernel has no irq_vectors'
	for last in 6 9 12; do
		begin "${events[@]/%/ value=arg$last}"
		for cpu in 0 1; do
			taskset -c $cpu perl -e 'for (1 .. 300) { my $p = fork; $p || exit; waitpid $p, 0 }' &
		done
		taskset -c 0 dd if=/dev/zero of=/dev/null bs=64 count=200000 status=none
		wait
		end
		[ "$(stat_of recorded)" -gt 0 ] || fail "no hit with arg$last"
		grep -q "irq_vectors:local_timer_entry: arg$last=" /tmp/text || fail "no interrupt of the timer with arg$last: $(head -n 5 /tmp/text)"
	done
}

test_many_values_and_events_at_once() {
	begin 'syscalls:sys_enter_lseek value=arg1,arg2,arg3,arg2:u8' 'syscalls:sys_exit_lseek value=ret=arg1:s64' \
		'kprobe:vfs_llseek' 'sched:sched_switch value=arg1:u8,arg4'
	before
	seek 1000 100 200 300
	end
	[ "$(grown recorded)" -ge 9000 ] || fail "$(grown recorded) recorded: $(cat $ROOT/stats)"
	expect 'what was returned' "$(grep -c 'sys_exit_lseek: ret=300 ' /tmp/text)" 1000
}

run_tests
