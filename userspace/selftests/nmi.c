// SPDX-License-Identifier: GPL-2.0
/*
 * Events in NMIs: QEMU's monitor sends them, and the tracepoint nmi:nmi_handler
 * hits in each, on top of whatever was under way, the module's own code too.
 */
#include <signal.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "stackid_test.h"

#define MONITOR "/dev/virtio-ports/stackid.monitor"
#define NMIS 300

static uint64_t nmis_so_far(void)
{
	static char text[65536];
	uint64_t sum = 0;
	char *line, *at, *end;

	read_file("/proc/interrupts", text, sizeof(text));
	line = strstr(text, "NMI:");
	if (!line)
		give_up("/proc/interrupts has no NMI line");
	/* One number for each CPU, then what they are. */
	for (at = line + strlen("NMI:");; at = end) {
		uint64_t one = strtoull(at, &end, 10);

		if (end == at)
			return sum;
		sum += one;
	}
}

/*
 * The NMIs that have been counted, each of them over: QEMU may deliver more at any
 * time, as the monitor is behind with its commands on a busy host.
 */
static uint64_t nmis_that_are_over(int cpus)
{
	uint64_t counted = nmis_so_far();
	cpu_set_t mask, all;
	int cpu;

	sched_getaffinity(0, sizeof(all), &all);
	/* No task runs on a CPU before its NMI has returned. */
	for (cpu = 0; cpu < cpus; cpu++) {
		CPU_ZERO(&mask);
		CPU_SET(cpu, &mask);
		if (sched_setaffinity(0, sizeof(mask), &mask))
			give_up("sched_setaffinity");
	}
	sched_setaffinity(0, sizeof(all), &all);
	return counted;
}

/* From the handler to the NMI's entry, and nothing of what it interrupted. */
static bool is_of_nmi(const struct symbols *symbols,
		      const struct stackid_stack *stack)
{
	const char *inner = symbol_at(symbols, stack_pc(stack, 0) - 1);
	const char *outer = symbol_at(symbols,
				      stack_pc(stack, stack->nr - 1) - 1);
	unsigned int i, entries = 0;

	for (i = 0; i < stack->nr; i++)
		entries += !strcmp(symbol_at(symbols, stack_pc(stack, i) - 1),
				   "exc_nmi");
	return !strncmp(inner, "nmi_handle", 10) && entries == 1 &&
	       (!strcmp(outer, "end_repeat_nmi") ||
		!strcmp(outer, "asm_exc_nmi"));
}

/* Only for its time limit. */
FIXTURE(nmi)
{
	int monitor;
};

FIXTURE_SETUP(nmi)
{
	self->monitor = open(MONITOR, O_RDWR | O_NONBLOCK);
}

FIXTURE_TEARDOWN(nmi)
{
	close(self->monitor);
}

TEST_F_TIMEOUT(nmi, nmis_are_recorded_on_top_of_everything, 900)
{
	const struct stackid_record *record;
	struct definitions definitions = {};
	struct symbols symbols;
	struct ring rings[MAX_CPUS];
	uint64_t nmi_events = 0, no_stack = 0, not_nmi = 0, before, arrived;
	int cpus = nr_cpus(), i, fd;
	unsigned int number;
	char sink[4096];
	pid_t load;

	if (self->monitor < 0)
		SKIP(return, "no QEMU monitor; vm/run --monitor gives one");
	read_symbols(&symbols);
	start_clean(4096);
	for (i = 0; i < cpus; i++)
		open_ring(&rings[i], i);
	/* NMIs shall find the other contexts' events under way. */
	write_file(ROOT "events", "nmi:nmi_handler\nsched:sched_switch\n"
		   "kprobe:vfs_read\nkmem:kmalloc\n");
	number = event_number("nmi:nmi_handler");
	write_file(ROOT "recording_on", "1\n");
	before = nmis_so_far();
	load = fork();
	if (!load) {
		setpgid(0, 0);
		execlp("hackbench", "hackbench", "-g", "1", "-f", "4",
		       "-l", "1000000", NULL);
		_exit(1);
	}
	/* A minute, if the monitor answers only now and then. */
	for (i = 0; i < 30000 && nmis_so_far() - before < NMIS; i++) {
		if (write(self->monitor, "nmi\n", 4) != 4 && errno != EAGAIN)
			give_up("writing to the monitor");
		while (read(self->monitor, sink, sizeof(sink)) > 0)
			;
		usleep(2000);
	}
	arrived = nmis_that_are_over(cpus) - before;
	write_file(ROOT "recording_on", "0\n");
	kill(-load, SIGKILL);
	waitpid(load, NULL, 0);
	EXPECT_TRUE(inserts_are_done());
	fd = open_definitions();
	read_definitions(fd, &definitions);
	close(fd);

	for (i = 0; i < cpus; i++) {
		while ((record = next_record(&rings[i]))) {
			const struct stackid_stack *stack = NULL;
			uint32_t id = stackid_rec_id(record);

			if (stackid_rec_type(record) == STACKID_REC_EVENT_STACK)
				stack = inline_stack(record);
			else if (id && id <= definitions.nr)
				stack = definitions.stacks[id - 1];
			if (is_event(record) &&
			    stackid_rec_event(record) == number) {
				nmi_events++;
				no_stack += !stack;
				not_nmi += !stack || !is_of_nmi(&symbols, stack);
			}
			consume(&rings[i], record);
		}
		close_ring(&rings[i]);
	}
	TH_LOG("%llu NMIs arrived, %llu events", (unsigned long long)arrived,
	       (unsigned long long)nmi_events);
	EXPECT_GE(arrived, NMIS);
	/* Each NMI asks at least one handler. */
	EXPECT_GE(nmi_events + stat_of(-1, "lost_full") +
		  stat_of(-1, "lost_recursion"), arrived);
	EXPECT_EQ(no_stack, 0);
	EXPECT_EQ(not_nmi, 0);
	for (i = -1; i < cpus; i++)
		EXPECT_TRUE(ledger_holds(i));
	EXPECT_TRUE(table_ledger_holds());
	start_clean(64);
}

TEST_HARNESS_MAIN
