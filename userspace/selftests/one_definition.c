// SPDX-License-Identifier: GPL-2.0
/*
 * Busy events from all contexts at once: every id that a ring shows has exactly
 * one definition, no two definitions are the same stack, and nothing is lost
 * without being counted.
 */
#include <pthread.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "stackid_test.h"

#define WORKLOAD "timeout 600 hackbench -g 2 -l 100 >/dev/null"

/* What a reader keeps of its ring. */
struct reader {
	struct ring ring;
	pthread_t thread;
	volatile bool *stop;
	uint64_t events;
	uint64_t lost;
	uint64_t by_type[16];
	uint64_t disorder;
	uint64_t last_time;
	uint32_t max_id;
	uint64_t other_generation;
	/* Inline stacks, one after the other. */
	char *stacks;
	size_t len;
	size_t room;
};

static void keep_stack(struct reader *r, const struct stackid_stack *stack)
{
	uint32_t size = stackid_stack_size(stack);

	if (r->len + size > r->room) {
		r->room = 2 * r->room + (1 << 16);
		r->stacks = realloc(r->stacks, r->room);
	}
	memcpy(r->stacks + r->len, stack, size);
	r->len += size;
}

static void take_record(struct reader *r, const struct stackid_record *record)
{
	unsigned int type = stackid_rec_type(record);
	uint64_t time = stackid_rec_time(record, now_ns());

	r->by_type[type]++;
	r->disorder += time < r->last_time;
	r->last_time = time;
	if (type == STACKID_REC_LOST)
		r->lost += number_of(record);
	if (!is_event(record))
		return;
	r->events++;
	r->other_generation += stackid_rec_generation(record) != 1;
	if (stackid_rec_id(record) > r->max_id)
		r->max_id = stackid_rec_id(record);
	if ((type & ~STACKID_REC_VALUES) == STACKID_REC_EVENT_STACK)
		keep_stack(r, inline_stack(record));
}

static void drain(struct reader *r)
{
	const struct stackid_record *record;

	while ((record = next_record(&r->ring))) {
		take_record(r, record);
		consume(&r->ring, record);
	}
}

static void *read_ring(void *arg)
{
	struct reader *r = arg;

	while (!*r->stop) {
		drain(r);
		usleep(20000);
	}
	drain(r);
	return NULL;
}

FIXTURE(busy)
{
	int cpus;
	struct reader readers[MAX_CPUS];
	volatile bool stop;
	struct definitions definitions;
	uint64_t inserted;
	uint64_t missed_inserts;
};

FIXTURE_SETUP(busy)
{
	int i, status;

	memset(self, 0, sizeof(*self));
	self->cpus = nr_cpus();
	start_clean(4096);
	for (i = 0; i < self->cpus; i++) {
		self->readers[i].stop = &self->stop;
		open_ring(&self->readers[i].ring, i);
	}
	write_file(ROOT "events", "sched:sched_switch\nkmem:kmalloc value=arg2\n"
		   "timer:hrtimer_expire_entry irqstack=full\n");
	write_file(ROOT "recording_on", "1\n");
	for (i = 0; i < self->cpus; i++)
		pthread_create(&self->readers[i].thread, NULL, read_ring,
			       &self->readers[i]);
	status = system(WORKLOAD);
	write_file(ROOT "recording_on", "0\n");
	self->stop = true;
	for (i = 0; i < self->cpus; i++)
		pthread_join(self->readers[i].thread, NULL);
	if (status)
		give_up("hackbench failed: %d", status);
	if (!inserts_are_done())
		give_up("inserts stay pending");
	i = open_definitions();
	read_definitions(i, &self->definitions);
	close(i);
}

FIXTURE_TEARDOWN(busy)
{
	int i;

	for (i = 0; i < self->cpus; i++)
		close_ring(&self->readers[i].ring);
	start_clean(64);
}

/* One workload, looked at from all sides. */
TEST_F_TIMEOUT(busy, every_id_has_one_definition_and_every_event_is_counted, 900)
{
	const struct stackid_stack **sorted;
	uint64_t events = 0, lost = 0, by_type[16] = {};
	unsigned int i, j, same = 0;
	struct reader *r;

	for (i = 0; i < self->cpus; i++) {
		r = &self->readers[i];
		events += r->events;
		lost += r->lost;
		for (j = 0; j < 16; j++)
			by_type[j] += r->by_type[j];
		EXPECT_GT(r->events, 0);
		EXPECT_EQ(r->disorder, 0);
		EXPECT_EQ(r->other_generation, 0);
		EXPECT_LE(r->max_id, self->definitions.nr);
	}
	TH_LOG("%llu events, %llu lost, %u stacks", (unsigned long long)events,
	       (unsigned long long)lost, self->definitions.nr);
	EXPECT_GT(events, 10000);
	EXPECT_GT(by_type[STACKID_REC_EVENT], 1000);
	EXPECT_GT(by_type[STACKID_REC_EVENT | STACKID_REC_VALUES], 100);
	EXPECT_GT(self->definitions.nr, 50);
	EXPECT_EQ(self->definitions.generation, 1);

	/* Ids are dense, so id n has the n-th definition and only that. */
	sorted = malloc(self->definitions.nr * sizeof(*sorted));
	memcpy(sorted, self->definitions.stacks,
	       self->definitions.nr * sizeof(*sorted));
	qsort(sorted, self->definitions.nr, sizeof(*sorted), compare_stacks);
	for (i = 0; i < self->definitions.nr; i++) {
		EXPECT_EQ(self->definitions.stacks[i]->id, i + 1);
		if (i)
			same += !compare_stacks(&sorted[i - 1], &sorted[i]);
	}
	EXPECT_EQ(same, 0);

	/* An inline stack was handed over, so it has been defined since. */
	if (!stat_of(-1, "queue_full") && !stat_of(-1, "table_full") &&
	    !stat_of(-1, "no_memory")) {
		unsigned int undefined = 0;

		for (i = 0; i < self->cpus; i++) {
			size_t at = 0;

			r = &self->readers[i];
			while (at < r->len) {
				const struct stackid_stack *stack =
					(void *)(r->stacks + at);

				undefined += !bsearch(&stack, sorted,
						      self->definitions.nr,
						      sizeof(*sorted),
						      compare_stacks);
				at += stackid_stack_size(stack);
			}
		}
		EXPECT_EQ(undefined, 0);
	}

	EXPECT_EQ(events, stat_of(-1, "recorded"));
	EXPECT_LE(lost, stat_of(-1, "lost_full"));
	if (!lost)
		EXPECT_EQ(stat_of(-1, "offered"), events +
			  stat_of(-1, "lost_recursion") +
			  stat_of(-1, "lost_rcu"));
	EXPECT_EQ(stat_of(-1, "inserted"), self->definitions.nr);
	EXPECT_TRUE(table_ledger_holds());
	for (i = 0; i < self->cpus; i++)
		EXPECT_TRUE(ledger_holds(i));
	EXPECT_TRUE(ledger_holds(-1));
}

TEST_HARNESS_MAIN
