// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that wait for what is known, for offcpu.sh.  Prints a line for each wait, by
 * the clock and in ns:
 *
 *	COMM BEGIN BLOCKED WAITING STATE WAKER
 *
 * BEGIN is when the thread asked for it, BLOCKED ends when it was to be woken, WAITING
 * when it was back.  And for each thread that never sleeps:
 *
 *	COMM all OFF
 *
 * with the time that it was off the CPU in all, by the CPU's clock and the other one.
 *
 * known_waits [DISK]: one whose reads take DISK_NS.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS	1000000ULL
#define ROUNDS	10
#define DISK_NS	(10 * MS)

static uint64_t now_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

static uint64_t now(void)
{
	return now_of(CLOCK_MONOTONIC);
}

/* Lines are kept until all is over: writing them would be waiting, too. */
static char said[64 << 10];
static size_t length;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void say(const char *comm, uint64_t begin, uint64_t woken, uint64_t back, char state, const char *waker)
{
	pthread_mutex_lock(&lock);
	length += snprintf(said + length, sizeof(said) - length, "%s %llu %llu %llu %c %s\n", comm,
			   (unsigned long long)begin, (unsigned long long)(woken - begin),
			   (unsigned long long)(back - woken), state, waker);
	pthread_mutex_unlock(&lock);
}

static void call_it(const char *comm)
{
	prctl(PR_SET_NAME, comm);
	/* Timers are not to be late for the sake of others. */
	prctl(PR_SET_TIMERSLACK, 1);
}

static void burn(uint64_t ns)
{
	uint64_t end = now() + ns;

	while (now() < end)
		;
}

static void doze(uint64_t ns)
{
	struct timespec time = { .tv_nsec = ns };

	nanosleep(&time, NULL);
}

static void sleep_for(const char *comm, uint64_t ns)
{
	uint64_t begin;

	call_it(comm);
	for (int i = 0; i < ROUNDS; i++) {
		/* A tick may take away what is left of a slice. */
		sched_yield();
		begin = now();
		doze(ns);
		say(comm, begin, begin + ns, now(), 'S', "[interrupt]");
	}
}

static void *sleeper(void *unused)
{
	sleep_for("kw-sleeper", 20 * MS);
	return unused;
}

/* What a waiting thread and its waker share. */
static struct {
	int word;
	int pipe[2];
	volatile uint64_t begun;
	volatile uint64_t woken;
} shared;

static void futex(int what, int value)
{
	syscall(SYS_futex, &shared.word, what, value, NULL, NULL, 0);
}

static void *futex_waiter(void *unused)
{
	uint64_t begun, back;

	call_it("kw-futex");
	for (int i = 0; i < ROUNDS; i++) {
		begun = now();
		futex(FUTEX_WAIT_PRIVATE, i);
		back = now();
		say("kw-futex", begun, shared.woken, back, 'S', "kw-futex-waker");
	}
	return unused;
}

static void *futex_waker(void *unused)
{
	call_it("kw-futex-waker");
	for (int i = 0; i < ROUNDS; i++) {
		doze(3 * MS);
		burn(2 * MS);
		shared.word = i + 1;
		shared.woken = now();
		futex(FUTEX_WAKE_PRIVATE, 1);
	}
	return unused;
}

static void *pipe_reader(void *unused)
{
	uint64_t begun, back;
	char c;

	call_it("kw-pipe");
	for (int i = 0; i < ROUNDS; i++) {
		begun = now();
		if (read(shared.pipe[0], &c, 1) != 1)
			return unused;
		back = now();
		say("kw-pipe", begun, shared.woken, back, 'S', "kw-pipe-writer");
	}
	return unused;
}

static void *pipe_writer(void *unused)
{
	call_it("kw-pipe-writer");
	for (int i = 0; i < ROUNDS; i++) {
		doze(4 * MS);
		shared.woken = now();
		if (write(shared.pipe[1], "x", 1) != 1)
			return unused;
	}
	return unused;
}

static void *disk_reader(void *path)
{
	int disk = open(path, O_RDONLY | O_DIRECT);
	void *block = aligned_alloc(4096, 4096);
	bool works = disk >= 0 && pread(disk, block, 4096, 0) == 4096;
	uint64_t begun;

	/* From now on: the first read of all waits for a worker of the block layer as well. */
	call_it("kw-disk");
	for (int i = 0; i < ROUNDS && works; i++) {
		begun = now();
		if (pread(disk, block, 4096, i * 4096) != 4096)
			break;
		say("kw-disk", begun, begun + DISK_NS, now(), 'D', "[interrupt]");
	}
	free(block);
	close(disk);
	return NULL;
}

static volatile bool stop;

/* Always able to run. */
static void *hog(void *name)
{
	uint64_t start, spent;

	call_it(name);
	start = now();
	spent = now_of(CLOCK_THREAD_CPUTIME_ID);
	while (!stop)
		;
	spent = now_of(CLOCK_THREAD_CPUTIME_ID) - spent;
	pthread_mutex_lock(&lock);
	length += snprintf(said + length, sizeof(said) - length, "%s all %llu\n", (char *)name,
			   (unsigned long long)(now() - start - spent));
	pthread_mutex_unlock(&lock);
	return NULL;
}

/* Behind the hogs: it has to wait for the CPU once it is woken. */
static void *late(void *unused)
{
	setpriority(PRIO_PROCESS, syscall(SYS_gettid), 19);
	sleep_for("kw-late", 5 * MS);
	return unused;
}

static void run_two(void *(*first)(void *), void *(*second)(void *), void *with)
{
	pthread_t threads[2];

	pthread_create(&threads[0], NULL, first, with);
	doze(MS);
	if (second)
		pthread_create(&threads[1], NULL, second, with);
	pthread_join(threads[0], NULL);
	if (second)
		pthread_join(threads[1], NULL);
}

/* While a CPU idles, the emulator's timers are as late as the host is busy. */
static pid_t keep_busy(void)
{
	struct sched_param none = { };
	pid_t parent = getpid(), pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sched_setscheduler(0, SCHED_IDLE, &none);
	while (getppid() == parent)
		burn(MS);
	_exit(0);
}

static void crowd(void)
{
	pthread_t hogs[2];

	pthread_create(&hogs[0], NULL, hog, "kw-hog-1");
	pthread_create(&hogs[1], NULL, hog, "kw-hog-2");
	run_two(late, NULL, NULL);
	stop = true;
	pthread_join(hogs[0], NULL);
	pthread_join(hogs[1], NULL);
}

int main(int argc, char **argv)
{
	cpu_set_t one;
	pid_t busy;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	if (pipe(shared.pipe))
		return 1;
	busy = keep_busy();
	run_two(sleeper, NULL, NULL);
	run_two(futex_waiter, futex_waker, NULL);
	run_two(pipe_reader, pipe_writer, NULL);
	if (argc > 1)
		run_two(disk_reader, NULL, argv[1]);
	crowd();
	kill(busy, SIGKILL);
	waitpid(busy, NULL, 0);
	fwrite(said, 1, length, stdout);
	return 0;
}
