// SPDX-License-Identifier: GPL-2.0
/*
 * rounds MODULE N [hotplug]: loads it, records under load with a reader that is
 * killed in the middle and a reset, and unloads it while it still records; N times.
 * With "hotplug" a CPU goes in the middle and comes back.
 */
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "stackid_test.h"

static void load_module(const char *path)
{
	int fd = open(path, O_RDONLY);

	if (fd < 0 || syscall(SYS_finit_module, fd,
			      "max_stacks=1024 max_memory_mb=2", 0))
		give_up("loading %s", path);
	close(fd);
}

/* The killed reader's file may take a moment to be closed. */
static void unload_module(void)
{
	int tries = 2000;

	while (syscall(SYS_delete_module, "stackid", O_NONBLOCK)) {
		if ((errno != EAGAIN && errno != EBUSY) || !--tries)
			give_up("unloading");
		usleep(5000);
	}
}

static pid_t start_reader(int cpu)
{
	char buffer[8192];
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	fd = try_open_ring(cpu, O_RDONLY);
	errno = -fd;
	if (fd < 0)
		give_up("opening the ring");
	while (read(fd, buffer, sizeof(buffer)) >= 0)
		;
	_exit(1);
}

/* Switches and allocations: processes that end at once. */
static void make_load(void)
{
	int i;

	for (i = 0; i < 10; i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

static void set_online(int cpu, const char *how)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/online", cpu);
	write_file(path, how);
}

/* Every other time it is the CPU whose ring is being read. */
static void one_round(const char *path, int number, int cpus, bool hotplug)
{
	int cpu = cpus > 1 ? 1 + number / 2 % (cpus - 1) : 0;
	pid_t reader;
	int status;

	load_module(path);
	write_file(ROOT "buffer_size_kb", "16\n");
	write_file(ROOT "events", "sched:sched_switch\nkmem:kmalloc\n");
	reader = start_reader(hotplug && number % 2 ? cpu : number % cpus);
	write_file(ROOT "recording_on", "1\n");
	make_load();
	if (hotplug)
		set_online(cpu, "0\n");
	write_file(ROOT "reset", "1\n");
	if (hotplug) {
		make_load();
		set_online(cpu, "1\n");
	}
	kill(reader, SIGKILL);
	waitpid(reader, &status, 0);
	if (!WIFSIGNALED(status))
		give_up("the reader had ended by itself");
	make_load();
	if (!stat_of(-1, "recorded"))
		give_up("nothing was recorded");
	unload_module();
}

int main(int argc, char **argv)
{
	bool hotplug = argc == 4 && !strcmp(argv[3], "hotplug");
	int n = argc == 3 || hotplug ? atoi(argv[2]) : 0, cpus = nr_cpus(), i;

	if (n < 1 || (hotplug && cpus < 2))
		give_up("usage: rounds MODULE N [hotplug], on two CPUs or more");
	for (i = 0; i < n; i++)
		one_round(argv[1], i, cpus, hotplug);
	return 0;
}
