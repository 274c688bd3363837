// SPDX-License-Identifier: GPL-2.0
/* stackid doctor: what the kernel has, allows and hides. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/perf_event.h>

#include "../lib/live/kallsyms.h"
#include "../lib/live/kernel.h"
#include "doctor_common.h"

/* Without them the module cannot be built, or its files are not there. */
static const char *const needed[] = {
	"64BIT", "MODULES", "STACKTRACE", "TRACEPOINTS", "PERF_EVENTS",
	"EVENT_TRACING", "KPROBES", "DEBUG_FS",
};

void stackid_doctor_kernel(struct doctor *doctor)
{
	char missing[200] = "";

	if (!doctor->config) {
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "%s (its configuration is neither in /proc nor in /boot)",
				   doctor->release);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		size_t length = strlen(missing);

		if (!stackid_kernel_configured(doctor->config, needed[i]))
			snprintf(missing + length, sizeof(missing) - length,
				 " CONFIG_%s", needed[i]);
	}
	if (*missing)
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "%s was built without%s: boot a kernel that has it",
				   doctor->release, missing);
	else
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "%s, with all options that the module needs",
				   doctor->release);
}

void stackid_doctor_privileges(struct doctor *doctor)
{
	if (doctor->privileged) {
		stackid_doctor_say(doctor, DOCTOR_OK, "%s with CAP_SYSLOG",
				   geteuid() ? "a user" : "root");
	} else if (geteuid()) {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "only root may record, and see what else may be wrong");
		stackid_doctor_mend(doctor, "sudo stackid doctor");
	} else {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "root without CAP_SYSLOG, as in a container: record outside of it, or give it that");
	}
}

/* The last byte of the variable; the first four are its attributes. */
static bool secure_boot(void)
{
	unsigned char value[5] = { };
	int fd = open("/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
		      O_RDONLY | O_CLOEXEC);
	bool on;

	if (fd < 0)
		return false;
	on = read(fd, value, sizeof(value)) == sizeof(value) && value[4] == 1;
	close(fd);
	return on;
}

static void say_locked_down(struct doctor *doctor, const char *state)
{
	char *argument = stackid_kernel_argument("lockdown=");

	if (argument) {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "%s: debugfs refuses files that are written or mapped; boot without %s",
				   state, argument);
	} else if (secure_boot()) {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "%s, by Secure Boot: debugfs refuses files that are written or mapped; turn that off, and boot again",
				   state);
		stackid_doctor_mend(doctor, "mokutil --disable-validation");
	} else {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "%s: debugfs refuses files that are written or mapped; only another boot ends it",
				   state);
		stackid_doctor_mend(doctor, "reboot");
	}
	free(argument);
}

void stackid_doctor_lockdown(struct doctor *doctor)
{
	const char *state = stackid_kernel_lockdown();

	if (!state) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "it cannot be seen whether the kernel is locked down: securityfs is not mounted");
		stackid_doctor_mend(doctor, "mount -t securityfs none %s",
				    SECURITYFS_PATH);
	} else if (!*state) {
		stackid_doctor_say(doctor, DOCTOR_OK, "this kernel has none");
	} else if (!stackid_kernel_locked_down()) {
		stackid_doctor_say(doctor, DOCTOR_OK, "none");
	} else {
		say_locked_down(doctor, state);
	}
}

/* Of /proc/filesystems; "nodev\tdebugfs" */
static bool knows_debugfs(void)
{
	FILE *file = fopen("/proc/filesystems", "re");
	char name[80];
	bool found = false;

	while (file && !found && fscanf(file, "%79s", name) == 1)
		found = !strcmp(name, "debugfs");
	if (file)
		fclose(file);
	return found;
}

static void say_no_debugfs(struct doctor *doctor)
{
	char *argument = stackid_kernel_argument("debugfs=");

	if (argument && strcmp(argument, "debugfs=on")) {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "the kernel was booted with %s: boot without it",
				   argument);
	} else if (!knows_debugfs()) {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "this kernel has none: boot one with CONFIG_DEBUG_FS_ALLOW_ALL");
	} else {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "it is not mounted on %s", DEBUGFS_PATH);
		stackid_doctor_mend(doctor, "mount -t debugfs none %s",
				    DEBUGFS_PATH);
	}
	free(argument);
}

void stackid_doctor_debugfs(struct doctor *doctor)
{
	struct stat st;

	if (!stackid_kernel_has_debugfs()) {
		say_no_debugfs(doctor);
	} else if (doctor->privileged && doctor->loaded &&
		   access(CONTROL_PATH, F_OK)) {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "mounted on %s, and the loaded module has no files there: the kernel log says why (dmesg | grep stackid)",
				   DEBUGFS_PATH);
		stackid_doctor_mend(doctor, "rmmod stackid && modprobe stackid");
	} else if (!stat(DEBUGFS_PATH, &st)) {
		stackid_doctor_say(doctor, DOCTOR_OK, "mounted on %s, mode %04o",
				   DEBUGFS_PATH, st.st_mode & 07777);
	}
}

void stackid_doctor_kptr_restrict(struct doctor *doctor)
{
	char *line = stackid_kernel_line("/proc/sys/kernel/kptr_restrict");

	if (!line)
		return;
	if (atoi(line) < 2) {
		stackid_doctor_say(doctor, DOCTOR_OK, "%s: root sees addresses",
				   line);
	} else {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "%s: not even root sees addresses, so frames will have no names",
				   line);
		stackid_doctor_mend(doctor, "sysctl kernel.kptr_restrict=1");
	}
	free(line);
}

/* What is only hidden from who is not privileged is none of its faults. */
void stackid_doctor_kallsyms(struct doctor *doctor)
{
	struct kallsyms *kallsyms;
	int more;

	if (!doctor->privileged)
		return;
	if (access("/proc/kallsyms", R_OK)) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "/proc/kallsyms: %s; frames will have no names",
				   strerror(errno));
		return;
	}
	kallsyms = stackid_kallsyms_begin("/proc/kallsyms", "/proc/modules");
	if (!kallsyms)
		return;
	do {
		more = stackid_kallsyms_step(kallsyms);
	} while (more > 0);
	if (more < 0 || stackid_kallsyms_hidden(kallsyms)) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "/proc/kallsyms shows no addresses: frames will have no names");
		stackid_doctor_mend(doctor, "sysctl kernel.kptr_restrict=1");
	} else {
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "/proc/kallsyms names %zu functions",
				   stackid_kallsyms_count(kallsyms));
	}
	stackid_kallsyms_destroy(kallsyms);
}

/* Of user space alone: that is what the fewest rights allow. */
void stackid_doctor_counters(struct doctor *doctor)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_CPU_CYCLES,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1,
			 PERF_FLAG_FD_CLOEXEC);

	if (fd >= 0) {
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "the processor counts cycles");
		close(fd);
	} else if (errno == ENOENT || errno == ENODEV || errno == EOPNOTSUPP) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "none for cycles: cpu-clock serves, which sees nothing while interrupts are off");
	}
}
