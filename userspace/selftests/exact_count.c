// SPDX-License-Identifier: GPL-2.0
/*
 * A workload whose hits are known exactly: N reads, half of them by read(2) and
 * half by pread(2), each passing vfs_read once.  Nothing may be missing, nothing
 * may be there twice, and each record's stack must tell which of the two it was.
 */
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "stackid_test.h"

#define N	10000
#define EVENT	"kprobe:vfs_read"
/* Its being there starts the children. */
#define GO	"/tmp/stackid-go"

/* Children, one on each CPU, that start together. */
struct workload {
	int children;
	pid_t pids[MAX_CPUS];
};

static void work(int cpu, int reads)
{
	int fd, i;
	char c;

	pin_to_cpu(cpu);
	fd = open("/dev/zero", O_RDONLY);
	if (fd < 0)
		_exit(1);
	/* No pipe: a read(2) of it would be one more hit. */
	while (access(GO, F_OK))
		usleep(1000);
	for (i = 0; i < reads; i++) {
		ssize_t n = i % 2 ? pread(fd, &c, 0, 0) : read(fd, &c, 0);

		if (n)
			_exit(1);
	}
	_exit(0);
}

static void fork_workload(struct workload *w, int children, int reads)
{
	int i;

	unlink(GO);
	w->children = children;
	for (i = 0; i < children; i++) {
		w->pids[i] = fork();
		if (!w->pids[i])
			work(i, reads);
	}
}

static bool run_workload(struct workload *w)
{
	bool good = true;
	int i, status;

	close(open(GO, O_CREAT | O_WRONLY, 0600));
	for (i = 0; i < w->children; i++) {
		waitpid(w->pids[i], &status, 0);
		good = good && WIFEXITED(status) && !WEXITSTATUS(status);
	}
	unlink(GO);
	return good;
}

/* What a child's records say, in order. */
struct seen {
	pid_t pid;
	unsigned int nr;
	unsigned int wrong_caller;
	unsigned int wrong_place;
	uint64_t last_time;
	unsigned int disorder;
};

struct totals {
	uint64_t events;
	uint64_t lost;
	uint64_t strange;
};

FIXTURE(exact)
{
	int cpus;
	struct ring rings[MAX_CPUS];
	struct seen seen[MAX_CPUS];
	struct symbols symbols;
	struct definitions definitions;
	struct totals totals;
	unsigned int number;
	uint64_t offered;
	uint64_t recorded;
	uint64_t lost_full;
};

FIXTURE_SETUP(exact)
{
	self->cpus = nr_cpus();
	memset(&self->seen, 0, sizeof(self->seen));
	memset(&self->totals, 0, sizeof(self->totals));
	memset(&self->definitions, 0, sizeof(self->definitions));
	read_symbols(&self->symbols);
}

FIXTURE_TEARDOWN(exact)
{
	int i;

	for (i = 0; i < self->cpus; i++)
		close_ring(&self->rings[i]);
	start_clean(64);
}

static void enable(FIXTURE_DATA(exact) *self, const struct workload *w,
		   unsigned int buffer_kb)
{
	char line[512];
	int n, i;

	start_clean(buffer_kb);
	for (i = 0; i < self->cpus; i++)
		open_ring(&self->rings[i], i);
	n = sprintf(line, EVENT " pid=");
	for (i = 0; i < w->children; i++) {
		n += sprintf(line + n, "%s%d", i ? "," : "", w->pids[i]);
		self->seen[i].pid = w->pids[i];
	}
	sprintf(line + n, "\n");
	self->offered = stat_of(-1, "offered");
	self->recorded = stat_of(-1, "recorded");
	self->lost_full = stat_of(-1, "lost_full");
	write_file(ROOT "events", line);
	self->number = event_number(EVENT);
	write_file(ROOT "recording_on", "1\n");
}

static struct seen *seen_by(FIXTURE_DATA(exact) *self, pid_t pid)
{
	int i;

	for (i = 0; i < self->cpus; i++)
		if (self->seen[i].pid == pid)
			return &self->seen[i];
	return NULL;
}

/* On arm64 it is in a register alone when the kprobe hits: limits.md. */
#ifdef __aarch64__
#define HAS_CALLER 0
#else
#define HAS_CALLER 1
#endif

/* In which function was vfs_read called? The syscalls' helpers may be inlined. */
static bool caller_is(const struct symbols *symbols, uint64_t pc, bool by_pread)
{
	const char *name = symbol_at(symbols, pc - 1);

	if (by_pread)
		return strstr(name, "pread64");
	return !strcmp(name, "ksys_read") || strstr(name, "sys_read");
}

static void check_stack(FIXTURE_DATA(exact) *self, struct seen *seen,
			const struct stackid_stack *stack)
{
	const char *place = symbol_at(&self->symbols, stack_pc(stack, 0));

	if (strcmp(place, "vfs_read") || !(stack->flags & STACKID_STACK_EXACT))
		seen->wrong_place++;
	if (HAS_CALLER &&
	    (stack->nr < 3 || !caller_is(&self->symbols, stack_pc(stack, 1),
					 seen->nr % 2)))
		seen->wrong_caller++;
}

static const struct stackid_stack *
stack_of(const FIXTURE_DATA(exact) *self, const struct stackid_record *record)
{
	uint32_t id = stackid_rec_id(record);

	if (stackid_rec_type(record) == STACKID_REC_EVENT_STACK)
		return inline_stack(record);
	if (!id || id > self->definitions.nr)
		return NULL;
	return self->definitions.stacks[id - 1];
}

static void take_record(FIXTURE_DATA(exact) *self,
			const struct stackid_record *record)
{
	const struct stackid_stack *stack;
	struct seen *seen;
	uint64_t time;

	if (stackid_rec_type(record) == STACKID_REC_LOST)
		self->totals.lost += number_of(record);
	if (!is_event(record))
		return;
	self->totals.events++;
	seen = seen_by(self, stackid_rec_pid(record));
	stack = stack_of(self, record);
	if (!seen || !stack || stackid_rec_event(record) != self->number) {
		self->totals.strange++;
		return;
	}
	check_stack(self, seen, stack);
	time = stackid_rec_time(record, now_ns());
	seen->disorder += time < seen->last_time;
	seen->last_time = time;
	seen->nr++;
}

static void drain(FIXTURE_DATA(exact) *self)
{
	const struct stackid_record *record;
	int i;

	for (i = 0; i < self->cpus; i++) {
		while ((record = next_record(&self->rings[i]))) {
			take_record(self, record);
			consume(&self->rings[i], record);
		}
	}
}

static void read_ids(FIXTURE_DATA(exact) *self)
{
	int fd = open_definitions();

	self->definitions.nr = 0;
	self->definitions.generation = 0;
	read_definitions(fd, &self->definitions);
	close(fd);
}

static void check_all(struct __test_metadata *_metadata,
		      FIXTURE_DATA(exact) *self, int children, int reads)
{
	int i;

	EXPECT_EQ(self->totals.events, children * reads);
	EXPECT_EQ(self->totals.lost, 0);
	EXPECT_EQ(self->totals.strange, 0);
	for (i = 0; i < children; i++) {
		EXPECT_EQ(self->seen[i].nr, reads);
		EXPECT_EQ(self->seen[i].wrong_caller, 0);
		EXPECT_EQ(self->seen[i].wrong_place, 0);
		EXPECT_EQ(self->seen[i].disorder, 0);
	}
	EXPECT_EQ(stat_of(-1, "offered") - self->offered, children * reads);
	EXPECT_EQ(stat_of(-1, "recorded") - self->recorded, children * reads);
	EXPECT_TRUE(inserts_are_done());
	EXPECT_TRUE(table_ledger_holds());
	for (i = -1; i < self->cpus; i++)
		EXPECT_TRUE(ledger_holds(i));
}

TEST_F_TIMEOUT(exact, every_hit_on_one_cpu_is_recorded_with_its_caller, 900)
{
	struct workload w;

	fork_workload(&w, 1, N);
	enable(self, &w, 1024);
	EXPECT_TRUE(run_workload(&w));
	write_file(ROOT "recording_on", "0\n");
	read_ids(self);
	drain(self);
	check_all(_metadata, self, 1, N);
}

TEST_F_TIMEOUT(exact, every_hit_on_all_cpus_is_recorded_with_its_caller, 900)
{
	struct workload w;

	if (self->cpus > 16)
		SKIP(return, "more CPUs than one event follows processes");
	fork_workload(&w, self->cpus, N / self->cpus);
	enable(self, &w, 1024);
	EXPECT_TRUE(run_workload(&w));
	write_file(ROOT "recording_on", "0\n");
	read_ids(self);
	drain(self);
	check_all(_metadata, self, self->cpus, N / self->cpus);
}

/*
 * A ring of one page, unread: most is lost, and counted exactly.  The LOST records
 * come with the next event that finds room, so one more is made on each CPU.
 */
TEST_F_TIMEOUT(exact, lost_and_recorded_are_all_that_was_offered, 900)
{
	uint64_t lost, recorded;
	struct workload w, more;
	char line[256];
	int i, n;

	if (self->cpus > 16)
		SKIP(return, "more CPUs than one event follows processes");
	fork_workload(&w, self->cpus, N / self->cpus);
	enable(self, &w, 4);
	EXPECT_TRUE(run_workload(&w));
	EXPECT_EQ(stat_of(-1, "offered") - self->offered,
		  N / self->cpus * self->cpus);
	read_ids(self);
	drain(self);

	fork_workload(&more, self->cpus, 1);
	n = sprintf(line, EVENT " pid=");
	for (i = 0; i < self->cpus; i++)
		n += sprintf(line + n, "%s%d", i ? "," : "", more.pids[i]);
	sprintf(line + n, "\n");
	write_file(ROOT "events", "-" EVENT "\n");
	write_file(ROOT "events", line);
	EXPECT_TRUE(run_workload(&more));
	write_file(ROOT "recording_on", "0\n");
	drain(self);

	recorded = stat_of(-1, "recorded") - self->recorded;
	lost = stat_of(-1, "lost_full") - self->lost_full;
	EXPECT_GT(lost, N / 2);
	EXPECT_EQ(recorded + lost, stat_of(-1, "offered") - self->offered);
	EXPECT_EQ(recorded + lost, (N / self->cpus + 1) * self->cpus);
	EXPECT_EQ(self->totals.events, recorded);
	EXPECT_EQ(self->totals.lost, lost);
	for (i = -1; i < self->cpus; i++)
		EXPECT_TRUE(ledger_holds(i));
}

/* A tiny ring, read while it is written. */
TEST_F_TIMEOUT(exact, a_reader_in_a_race_with_the_writer_loses_no_count, 900)
{
	uint64_t lost, recorded;
	struct workload w;
	int i, status;
	bool done;

	fork_workload(&w, 1, N);
	enable(self, &w, 4);
	close(open(GO, O_CREAT | O_WRONLY, 0600));
	do {
		done = waitpid(w.pids[0], &status, WNOHANG) == w.pids[0];
		drain(self);
	} while (!done);
	unlink(GO);
	write_file(ROOT "recording_on", "0\n");

	recorded = stat_of(-1, "recorded") - self->recorded;
	lost = stat_of(-1, "lost_full") - self->lost_full;
	EXPECT_EQ(recorded + lost, N);
	EXPECT_EQ(self->totals.events, recorded);
	/* The last losses may still wait for the record that counts them. */
	EXPECT_LE(self->totals.lost, lost);
	for (i = -1; i < self->cpus; i++)
		EXPECT_TRUE(ledger_holds(i));
}

TEST_HARNESS_MAIN
