// SPDX-License-Identifier: GPL-2.0
/*
 * The same stacks as the kernel's own: ftrace records sched_switch with its
 * stacktrace option beside stackid, and each event's PCs are compared.
 *
 * ftrace gives, for each event, a line and then its stack:
 *   comm-pid [cpu] flags seconds: sched_switch: ...
 *   comm-pid [cpu] flags seconds: <stack trace>
 *   => symbol <address>
 */
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "stackid_test.h"

#define INSTANCE "/sys/kernel/tracing/instances/stackid_test"
#define MAX_FRAMES 64

struct event {
	uint64_t time;
	int pid;
	unsigned int nr;
	uint64_t pcs[MAX_FRAMES];
};

struct events {
	struct event *all;
	unsigned int nr;
	unsigned int room;
};

static struct event *new_event(struct events *e)
{
	if (e->nr == e->room) {
		e->room = 2 * e->room + 1024;
		e->all = realloc(e->all, e->room * sizeof(*e->all));
	}
	memset(&e->all[e->nr], 0, sizeof(*e->all));
	return &e->all[e->nr++];
}

FIXTURE(beside_ftrace)
{
	int cpus;
	struct ring rings[MAX_CPUS];
	struct events ours[MAX_CPUS];
	struct events theirs[MAX_CPUS];
	struct symbols symbols;
	struct definitions definitions;
};

FIXTURE_SETUP(beside_ftrace)
{
	int i;

	memset(self, 0, sizeof(*self));
	self->cpus = nr_cpus();
	read_symbols(&self->symbols);
	start_clean(4096);
	for (i = 0; i < self->cpus; i++)
		open_ring(&self->rings[i], i);
	rmdir(INSTANCE);
	if (mkdir(INSTANCE, 0700))
		give_up("making " INSTANCE);
	write_file(INSTANCE "/trace_clock", "mono");
	write_file(INSTANCE "/buffer_size_kb", "16384");
	write_file(INSTANCE "/options/stacktrace", "1");
	write_file(INSTANCE "/options/sym-addr", "1");
}

FIXTURE_TEARDOWN(beside_ftrace)
{
	int i;

	for (i = 0; i < self->cpus; i++)
		close_ring(&self->rings[i]);
	start_clean(64);
	rmdir(INSTANCE);
}

static void run_workload(void)
{
	if (system("timeout 600 hackbench -g 1 -f 5 -l 50 >/dev/null && "
		   "ls -R /etc/apt >/dev/null && sleep 0.1"))
		give_up("the workload failed");
}

/* The time of a record that the ring's clock gave, to compare with text. */
static void read_ours(FIXTURE_DATA(beside_ftrace) *self)
{
	const struct stackid_record *record;
	int i, fd = open_definitions();
	unsigned int j;

	read_definitions(fd, &self->definitions);
	close(fd);
	for (i = 0; i < self->cpus; i++) {
		while ((record = next_record(&self->rings[i]))) {
			const struct stackid_stack *stack;
			struct event *event;

			if (is_event(record)) {
				event = new_event(&self->ours[i]);
				event->time = stackid_rec_time(record, now_ns());
				event->pid = stackid_rec_pid(record);
				stack = stackid_rec_id(record) ?
					self->definitions.stacks[
						stackid_rec_id(record) - 1] :
					inline_stack(record);
				event->nr = stack->nr;
				for (j = 0; j < stack->nr && j < MAX_FRAMES; j++)
					event->pcs[j] = stack_pc(stack, j);
			}
			consume(&self->rings[i], record);
		}
	}
}

/* ftrace's own frames: the probe and the function that calls probes. */
static bool is_tracing(const char *symbol)
{
	return strstr(symbol, "trace_event_raw_event_") ||
	       strstr(symbol, "trace_event_buffer_commit") ||
	       !strncmp(symbol, "__traceiter_", 12);
}

static void read_theirs(FIXTURE_DATA(beside_ftrace) *self)
{
	FILE *file = fopen(INSTANCE "/trace", "r");
	struct event *event = NULL;
	char line[1024];

	if (!file)
		give_up("opening trace");
	while (fgets(line, sizeof(line), file)) {
		unsigned long long pc, s, us;
		char *at, symbol[128];
		int pid, cpu;

		if (!strncmp(line, " => ", 4)) {
			at = strrchr(line, '<');
			if (!event || !at ||
			    sscanf(at, "<%llx>", &pc) != 1)
				give_up("a strange line: %s", line);
			sscanf(line + 4, "%127s", symbol);
			if (event->nr < MAX_FRAMES &&
			    (event->nr || !is_tracing(symbol)))
				event->pcs[event->nr++] = pc;
			continue;
		}
		at = strstr(line, " [");
		if (*line == '#' || !at)
			continue;
		if (sscanf(at, " [%d] %*s %llu.%llu:", &cpu, &s, &us) != 3)
			give_up("a strange line: %s", line);
		/* Other CPUs' events may stand between an event and its stack. */
		if (strstr(line, ": <stack trace>")) {
			struct events *e = &self->theirs[cpu];

			event = e->nr ? &e->all[e->nr - 1] : NULL;
			continue;
		}
		/* The comm may have any sign in it; the pid is after the last. */
		*at = '\0';
		pid = atoi(strrchr(line, '-') + 1);
		event = new_event(&self->theirs[cpu]);
		event->time = s * 1000000000ULL + us * 1000;
		event->pid = pid;
	}
	fclose(file);
}

/* How far apart the times are if ours begins at @first; -1 if the tasks differ. */
static double distance(const struct events *ours, const struct events *theirs,
		       unsigned int first)
{
	double sum = 0;
	unsigned int i;

	for (i = 0; i < ours->nr; i++) {
		const struct event *a = &ours->all[i];
		const struct event *b = &theirs->all[first + i];

		if (a->pid != b->pid)
			return -1;
		sum += a->time < b->time ? b->time - a->time :
					   a->time - b->time;
	}
	return sum;
}

/*
 * Where in theirs ours begins.  The clock is the same, but one event's times may
 * be far apart when the emulator was stopped between the two probes, so that the
 * nearest one alone would not do.  -1 if there is no such place.
 */
static int find_first(const struct events *ours, const struct events *theirs)
{
	double best = -1;
	unsigned int i;
	int first = -1;

	for (i = 0; i + ours->nr <= theirs->nr; i++) {
		double d = distance(ours, theirs, i);

		if (d >= 0 && (best < 0 || d < best)) {
			best = d;
			first = i;
		}
	}
	return first;
}

static bool same(const struct event *a, const struct event *b)
{
	return a->pid == b->pid && a->nr == b->nr &&
	       !memcmp(a->pcs, b->pcs, a->nr * sizeof(*a->pcs));
}

static void show(struct __test_metadata *_metadata, const char *whose,
		 const struct symbols *symbols, const struct event *event)
{
	unsigned int i;

	TH_LOG("%s: pid %d, %u frames", whose, event->pid, event->nr);
	for (i = 0; i < event->nr && i < MAX_FRAMES; i++)
		TH_LOG("  %llx %s", (unsigned long long)event->pcs[i],
		       symbol_at(symbols, event->pcs[i] - 1));
}

TEST_F_TIMEOUT(beside_ftrace, every_stack_equals_ftraces, 900)
{
	unsigned int compared = 0, different = 0, i;
	int cpu;

	/* Theirs around ours, so that theirs has each of ours. */
	write_file(INSTANCE "/events/sched/sched_switch/enable", "1");
	write_file(ROOT "events", "sched:sched_switch irqstack=full\n");
	write_file(ROOT "recording_on", "1\n");
	run_workload();
	write_file(ROOT "recording_on", "0\n");
	write_file(INSTANCE "/events/sched/sched_switch/enable", "0");
	EXPECT_TRUE(inserts_are_done());
	EXPECT_EQ(stat_of(-1, "offered"), stat_of(-1, "recorded"));
	read_ours(self);
	read_theirs(self);

	for (cpu = 0; cpu < self->cpus; cpu++) {
		struct events *ours = &self->ours[cpu];
		struct events *theirs = &self->theirs[cpu];
		int first;

		if (!ours->nr)
			continue;
		first = find_first(ours, theirs);
		ASSERT_GE(first, 0)
			TH_LOG("CPU %d: ftrace has other switches", cpu);
		for (i = 0; i < ours->nr; i++, compared++) {
			if (same(&ours->all[i], &theirs->all[first + i]))
				continue;
			if (!different++) {
				show(_metadata, "stackid", &self->symbols,
				     &ours->all[i]);
				show(_metadata, "ftrace", &self->symbols,
				     &theirs->all[first + i]);
			}
		}
	}
	TH_LOG("%u stacks compared, %u kinds", compared, self->definitions.nr);
	EXPECT_EQ(different, 0);
	EXPECT_GT(compared, 500);
	EXPECT_GT(self->definitions.nr, 10);
}

TEST_HARNESS_MAIN
