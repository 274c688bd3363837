// SPDX-License-Identifier: GPL-2.0
/* Every way in which a thread leaves its CPU, is woken and comes back. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/data/data.h"
#include "../lib/data/data_write.h"
#include "../lib/profile/waits.h"
#include "canned.h"
#include "test.h"

#define START	1000000000000ULL
#define CPUS	3
#define SWITCH	1
#define WAKING	2

#define EVENTS								\
	"1 sched:sched_switch value=next->pid=arg3+1234:u32,prev_state=arg4,preempt=arg1\n" \
	"2 sched:sched_waking value=p->pid=arg1+1234:u32\n"

enum { S = 1, D = 2, T = 4, P = 0x40, DEAD = 0x80, KILLABLE = 0x102, IDLE = 0x402 };

/* The rings and what goes around them, then the waits that are read back. */
static struct canned rings[CPUS];
static const char *ledger;
static const char *events = EVENTS;
static struct wait got[64];
static unsigned int nr_got;
static struct waits_missing missing;
static bool refused;

static void add(unsigned int cpu, uint64_t time, struct canned_hit hit)
{
	hit.type = STACKID_REC_EVENT;
	hit.generation = 1;
	hit.time = START + time;
	if (!rings[cpu].count)
		rings[cpu].first_time = hit.time;
	canned_event(&rings[cpu], &hit, NULL);
}

/* @prev leaves the CPU for @next. */
static void leaves(unsigned int cpu, uint64_t time, uint32_t prev, uint64_t state, uint32_t next)
{
	add(cpu, time, (struct canned_hit) {
		.event = SWITCH, .id = 1, .pid = prev,
		.nr_values = 3, .values = { next, state, 0 },
	});
}

static void preempted(unsigned int cpu, uint64_t time, uint32_t prev, uint64_t state, uint32_t next)
{
	add(cpu, time, (struct canned_hit) {
		.event = SWITCH, .id = 1, .pid = prev,
		.nr_values = 3, .values = { next, state, 1 },
	});
}

static void wakes(unsigned int cpu, uint64_t time, uint32_t waker, uint32_t woken)
{
	add(cpu, time, (struct canned_hit) {
		.event = WAKING, .id = 2, .pid = waker,
		.nr_values = 1, .values = { woken },
	});
}

static void loses(unsigned int cpu, uint64_t time, uint64_t nr)
{
	canned_number(&rings[cpu], STACKID_REC_LOST, 1, START + time, nr);
}

static void makes(unsigned int cpu, uint64_t time, uint32_t maker, uint32_t made)
{
	canned_task(&rings[cpu], 1, START + time, made, made, maker, "made");
}

static void write_text(struct data_writer *writer, enum data_section_type type,
		       uint32_t cpu, const char *text)
{
	stackid_data_write(writer, type, cpu, 0, text, strlen(text));
}

static void write_file(int fd)
{
	struct data_writer *writer = stackid_data_create(fd);
	struct data_task tasks[] = { { 10, 9, "sleeper" }, { 20, 20, "waker" } };
	struct canned_stack stack = { .nr = 1, .pcs = { 0xffffffff81000010 } };
	struct canned definitions = { };

	write_text(writer, DATA_EVENTS, DATA_NO_CPU, events);
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, tasks, sizeof(tasks));
	for (unsigned int cpu = 0; cpu < CPUS; cpu++)
		canned_write(&rings[cpu], writer, cpu, 1, rings[cpu].last_time);
	for (uint32_t id = 1; id <= 2; id++) {
		stack.pcs[0] += 0x10;
		canned_definition(&definitions, id, &stack);
	}
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, 1, definitions.data, definitions.size);
	if (ledger) {
		write_text(writer, DATA_LEDGER, DATA_NO_CPU, ledger);
		write_text(writer, DATA_LEDGER, 1, ledger);
		write_text(writer, DATA_END, DATA_NO_CPU, "events=1\n");
	}
	CHECK(!stackid_data_destroy(writer));
	canned_free(&definitions);
}

/* They go with the reader. */
static void keep_names(struct wait *wait)
{
	static const char *const names[] = { "sleeper", "waker", "made", "swapper" };

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(wait->left.comm, names[i]))
			wait->left.comm = names[i];
		if (wait->waker.comm && !strcmp(wait->waker.comm, names[i]))
			wait->waker.comm = names[i];
	}
}

/* Writes what was added, reads it and forgets it. */
static void pair(void)
{
	struct data_reader *reader;
	struct waits *waits;
	const char *path;
	int fd = test_file(&path);

	write_file(fd);
	close(fd);
	reader = stackid_data_open(path, false);
	waits = stackid_waits_open(reader);
	refused = !waits;
	nr_got = 0;
	if (waits) {
		while (nr_got < ARRAY_SIZE(got) && stackid_waits_next(waits, &got[nr_got]))
			keep_names(&got[nr_got++]);
		missing = *stackid_waits_missing(waits);
		stackid_waits_close(waits);
	}
	stackid_data_close(reader);
	events = EVENTS;
}

static void begin(void)
{
	ledger = "offered 0 100\nlost_full 0 0\nlost_recursion 0 0\nlost_rcu 0 0\n";
}

/* Wait @i of thread 10. */
static void expect(unsigned int i, uint64_t start, uint64_t woken, uint64_t end, uint32_t waker, char state)
{
	CHECK(i < nr_got);
	if (i >= nr_got)
		return;
	CHECK_EQUAL(got[i].left.pid, 10);
	CHECK_EQUAL(got[i].start - START, start);
	CHECK_EQUAL(got[i].woken - START, woken);
	CHECK_EQUAL(got[i].end - START, end);
	CHECK_EQUAL(got[i].waker.pid, waker);
	CHECK_EQUAL(got[i].state, state);
}

static void expect_missing(uint64_t before, uint64_t not_ended, uint64_t lost, uint64_t contradictory)
{
	CHECK_EQUAL(missing.begun_before, before);
	CHECK_EQUAL(missing.not_ended, not_ended);
	CHECK_EQUAL(missing.lost, lost);
	CHECK_EQUAL(missing.contradictory, contradictory);
}

static void sleeps_and_is_woken(void)
{
	begin();
	leaves(0, 100, 10, S, 0);
	wakes(1, 350, 20, 10);
	leaves(0, 400, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 1);
	expect(0, 100, 350, 400, 20, 'S');
	CHECK_EQUAL(got[0].left.tgid, 9);
	CHECK(!strcmp(got[0].left.comm, "sleeper"));
	CHECK(!strcmp(got[0].waker.comm, "waker"));
	CHECK(got[0].left.stack && got[0].waker.stack && got[0].left.stack != got[0].waker.stack);
	expect_missing(0, 0, 0, 0);
}

static void comes_back_elsewhere(void)
{
	begin();
	leaves(0, 100, 10, D, 0);
	wakes(1, 200, 0, 10);
	leaves(2, 300, 20, 0, 10);
	leaves(2, 500, 10, KILLABLE, 20);
	wakes(0, 600, 20, 10);
	leaves(1, 700, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 3);
	expect(0, 100, 200, 300, 0, 'D');
	CHECK(!strcmp(got[0].waker.comm, "swapper"));
	CHECK_EQUAL(got[1].left.pid, 20);
	expect(2, 500, 600, 700, 20, 'D');
	expect_missing(0, 0, 0, 0);
}

static void states_have_letters(void)
{
	static const struct {
		uint64_t state;
		char letter;
	} states[] = {
		{ S, 'S' }, { D, 'D' }, { T | 0x100, 'T' }, { 0x108, 't' }, { P, 'P' },
		{ IDLE, 'I' }, { 0x2001, 'S' }, { 0x8000, 'D' }, { 0x1000, 'D' },
	};

	begin();
	for (unsigned int i = 0; i < ARRAY_SIZE(states); i++) {
		leaves(0, 100 * i, 10, states[i].state, 0);
		wakes(0, 100 * i + 10, 0, 10);
		leaves(0, 100 * i + 30, 0, 0, 10);
	}
	pair();
	CHECK_EQUAL(nr_got, ARRAY_SIZE(states));
	for (unsigned int i = 0; i < ARRAY_SIZE(states); i++)
		expect(i, 100 * i, 100 * i + 10, 100 * i + 30, 0, states[i].letter);
}

/* It never is blocked; a waking that finds it preempted on its way to sleep changes nothing. */
static void is_preempted(void)
{
	begin();
	preempted(0, 100, 10, 0, 20);
	leaves(0, 150, 20, 0, 10);
	preempted(0, 200, 10, S, 20);
	wakes(1, 230, 0, 10);
	leaves(0, 250, 20, 0, 10);
	leaves(0, 300, 10, 0, 20);
	leaves(0, 310, 20, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 5);
	expect(0, 100, 100, 150, 0, 'R');
	CHECK(!got[0].waker.comm);
	expect(2, 200, 200, 250, 0, 'R');
	expect(4, 300, 300, 310, 0, 'R');
	expect_missing(1, 1, 0, 0);
}

/* The waker saw its state before it was off, and nobody wakes it again. */
static void is_woken_on_its_way(void)
{
	begin();
	leaves(0, 50, 0, 0, 10);
	wakes(1, 99, 20, 10);
	leaves(0, 100, 10, D, 0);
	leaves(0, 130, 0, 0, 10);
	/* That was some time ago, and does not count for this one. */
	leaves(0, 200, 10, D, 0);
	wakes(1, 240, 20, 10);
	leaves(0, 250, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 2);
	expect(0, 100, 100, 130, 0, 'R');
	expect(1, 200, 240, 250, 20, 'D');
	expect_missing(1, 0, 0, 0);
}

/* What woke it before it last came back says nothing of this time. */
static void was_woken_long_ago(void)
{
	begin();
	leaves(0, 50, 0, 0, 10);
	wakes(1, 60, 20, 10);
	preempted(0, 70, 10, 0, 20);
	leaves(0, 80, 20, 0, 10);
	leaves(0, 100, 10, D, 0);
	leaves(0, 130, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 1);
	expect(0, 70, 70, 80, 0, 'R');
	expect_missing(2, 1, 0, 1);
}

/* It had set its state back and slept again: then another waking comes. */
static void is_woken_early_and_again(void)
{
	begin();
	leaves(0, 50, 0, 0, 10);
	wakes(1, 90, 20, 10);
	leaves(0, 100, 10, S, 0);
	wakes(1, 120, 20, 10);
	leaves(0, 130, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 1);
	expect(0, 100, 120, 130, 20, 'S');
}

/* schedule() leaves it runnable; who cannot be woken by one must have been woken. */
static void has_a_signal(void)
{
	begin();
	leaves(0, 100, 10, S, 20);
	leaves(0, 130, 20, 0, 10);
	leaves(0, 200, 10, KILLABLE, 20);
	leaves(0, 230, 20, 0, 10);
	leaves(0, 300, 10, D, 20);
	leaves(0, 330, 20, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 4);
	expect(0, 100, 100, 130, 0, 'R');
	expect(2, 200, 200, 230, 0, 'R');
	expect_missing(1, 1, 0, 1);
}

static void wakes_itself(void)
{
	begin();
	leaves(0, 50, 0, 0, 10);
	wakes(0, 60, 10, 10);
	leaves(0, 70, 10, 0, 0);
	leaves(0, 75, 0, 0, 10);
	pair();
	expect(0, 70, 70, 75, 0, 'R');
}

/* In the order of CPUs none of these would fit. */
static void times_are_equal(void)
{
	begin();
	/* In before woken. */
	leaves(1, 100, 10, S, 0);
	leaves(1, 200, 0, 0, 10);
	wakes(2, 200, 20, 10);
	/* In before out. */
	leaves(1, 300, 10, 0, 0);
	leaves(0, 300, 0, 0, 10);
	/* Woken before out, or after it: not blocked either way. */
	wakes(2, 400, 20, 10);
	leaves(0, 400, 10, D, 0);
	leaves(1, 450, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 3);
	expect(0, 100, 200, 200, 20, 'S');
	expect(1, 300, 300, 300, 0, 'R');
	CHECK_EQUAL(got[2].start, got[2].woken);
	CHECK_EQUAL(got[2].end - START, 450);
	expect_missing(0, 0, 0, 0);
}

/* Of one CPU the order stays, also where another one of a later CPU would fit better. */
static void one_cpu_has_an_order(void)
{
	begin();
	leaves(2, 50, 0, 0, 10);
	leaves(1, 100, 0, 0, 10);
	leaves(1, 100, 10, D, 0);
	leaves(2, 100, 10, 0, 0);
	pair();
	CHECK_EQUAL(nr_got, 1);
	expect(0, 100, 100, 100, 0, 'R');
	expect_missing(1, 1, 0, 0);
}

static void is_off_at_the_ends(void)
{
	begin();
	wakes(1, 50, 20, 10);
	leaves(0, 100, 0, 0, 10);
	leaves(0, 200, 10, S, 0);
	wakes(1, 300, 20, 10);
	pair();
	CHECK_EQUAL(nr_got, 0);
	expect_missing(1, 1, 0, 0);
}

static void is_new(void)
{
	begin();
	makes(0, 50, 20, 10);
	leaves(0, 100, 20, 0, 10);
	leaves(0, 200, 10, S, 20);
	wakes(1, 300, 20, 10);
	leaves(0, 310, 20, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 2);
	expect(1, 200, 300, 310, 20, 'S');
	expect_missing(0, 1, 0, 0);
}

/* It does not come back; the next one with its pid is another. */
static void exits(void)
{
	begin();
	leaves(0, 100, 10, DEAD, 0);
	leaves(1, 500, 0, 0, 10);
	leaves(1, 600, 10, S, 0);
	wakes(0, 650, 20, 10);
	leaves(1, 700, 0, 0, 10);
	leaves(1, 800, 10, DEAD, 0);
	pair();
	CHECK_EQUAL(nr_got, 1);
	expect(0, 600, 650, 700, 20, 'S');
	expect_missing(0, 0, 0, 0);
}

static void idle_is_nobody(void)
{
	begin();
	leaves(0, 100, 0, 0, 20);
	leaves(1, 110, 0, S, 10);
	leaves(0, 200, 20, S, 0);
	wakes(1, 250, 10, 0);
	pair();
	CHECK_EQUAL(nr_got, 0);
	expect_missing(2, 1, 0, 0);
}

/*
 * CPU 1 lost something between 200 and 400: whoever was off then may have been there.
 */
static void something_is_lost(void)
{
	begin();
	ledger = "offered 0 100\nlost_full 0 5\n";
	/* Off all the time, and for some of it at the beginning or at the end. */
	leaves(0, 100, 10, S, 0);
	leaves(2, 150, 20, S, 0);
	wakes(1, 200, 0, 30);
	wakes(0, 300, 0, 20);
	leaves(2, 310, 0, 0, 20);
	leaves(2, 390, 20, S, 0);
	loses(1, 400, 5);
	wakes(0, 450, 0, 10);
	leaves(0, 460, 0, 0, 10);
	wakes(0, 480, 10, 20);
	leaves(2, 490, 0, 0, 20);
	/* Behind it. */
	leaves(0, 500, 10, S, 0);
	wakes(2, 510, 20, 10);
	leaves(0, 520, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 1);
	expect(0, 500, 510, 520, 20, 'S');
	expect_missing(0, 0, 3, 0);
}

/* Only a switch out, or only a switch in, is seen of what lies around a loss. */
static void half_of_it_is_lost(void)
{
	begin();
	ledger = "offered 0 100\nlost_full 0 2\n";
	leaves(0, 100, 0, 0, 10);
	wakes(1, 150, 20, 30);
	loses(1, 200, 2);
	/* It was running, and comes. */
	leaves(1, 300, 0, 0, 10);
	leaves(1, 400, 10, S, 0);
	wakes(1, 410, 20, 10);
	/* It was off, and leaves. */
	loses(1, 500, 2);
	leaves(0, 600, 10, S, 0);
	wakes(0, 610, 20, 10);
	leaves(0, 620, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 1);
	expect(0, 600, 610, 620, 20, 'S');
	expect_missing(1, 0, 2, 0);
}

/* A ring that was full to the end says so only in its ledger. */
static void the_end_is_lost(void)
{
	begin();
	ledger = "offered 0 100\nlost_full 0 7\n";
	leaves(0, 100, 10, S, 0);
	wakes(1, 150, 20, 10);
	leaves(0, 160, 0, 0, 10);
	wakes(1, 180, 20, 30);
	leaves(0, 190, 10, S, 0);
	wakes(0, 200, 20, 10);
	leaves(0, 210, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 1);
	expect(0, 100, 150, 160, 20, 'S');
	expect_missing(0, 0, 1, 0);
}

/* Without a ledger a CPU may have gone on after its last record. */
static void it_was_cut_off(void)
{
	ledger = NULL;
	test_silence();
	leaves(0, 100, 10, S, 0);
	wakes(1, 150, 20, 10);
	leaves(0, 160, 0, 0, 10);
	leaves(2, 165, 0, 0, 20);
	wakes(1, 180, 20, 30);
	leaves(0, 190, 10, S, 0);
	wakes(0, 200, 20, 10);
	leaves(0, 210, 0, 0, 10);
	pair();
	test_speak();
	CHECK_EQUAL(nr_got, 1);
	expect_missing(1, 0, 1, 0);
}

/* Losses without a place: a waking may be among them. */
static void lost_nobody_knows_where(void)
{
	begin();
	ledger = "offered 0 100\nlost_full 0 0\nlost_recursion 0 1\n";
	leaves(0, 100, 10, S, 0);
	leaves(0, 160, 0, 0, 10);
	leaves(0, 200, 10, S, 0);
	wakes(0, 210, 20, 10);
	leaves(0, 220, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 1);
	expect(0, 200, 210, 220, 20, 'S');
	expect_missing(0, 0, 1, 0);
}

static void records_contradict_each_other(void)
{
	begin();
	leaves(0, 100, 10, S, 0);
	leaves(1, 200, 10, S, 0);
	wakes(0, 210, 20, 10);
	wakes(0, 220, 20, 10);
	leaves(0, 230, 0, 0, 10);
	leaves(1, 240, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 0);
	expect_missing(0, 0, 0, 3);
}

static void values_may_be_missing(void)
{
	begin();
	leaves(0, 100, 10, S, 0);
	add(0, 110, (struct canned_hit) { .event = SWITCH, .id = 1, .pid = 20 });
	wakes(0, 210, 20, 10);
	leaves(0, 230, 0, 0, 10);
	pair();
	CHECK_EQUAL(nr_got, 1);
	CHECK_EQUAL(missing.no_values, 1);
}

static void some_files_are_refused(void)
{
	static const char *const texts[] = {
		"1 sched:sched_switch\n2 sched:sched_waking value=p->pid=arg1+4:u32\n",
		"1 sched:sched_switch value=next->pid=arg3+4:u32,prev_state=arg4\n2 sched:sched_waking value=p->pid=arg1+4:u32\n",
		"1 sched:sched_switch value=next->pid=arg3+4:u32,prev_state=arg4,preempt=arg1\n",
		"1 sched:sched_switch value=next->pid=arg3+4:u32,prev_state=arg4,preempt=arg1 pid=10\n2 sched:sched_waking value=p->pid=arg1+4:u32\n",
		"1 sched:sched_switch value=next->pid=arg3+4:u32,prev_state=arg4,preempt=arg1\n2 sched:sched_waking value=p->pid=arg1+4:u32 if=p->pid>4\n",
	};

	test_silence();
	for (unsigned int i = 0; i < ARRAY_SIZE(texts); i++) {
		begin();
		events = texts[i];
		leaves(0, 100, 10, S, 0);
		pair();
		CHECK(refused);
	}
	test_speak();
	/* The other names. */
	begin();
	events = "1 sched:sched_switch value=preempt=arg1,prev_state=arg4,next_pid=arg3+4:u32\n2 sched:sched_waking value=pid=arg1+4:u32\n";
	pair();
	CHECK(!refused);
}

int main(void)
{
	static const struct test tests[] = {
		TEST(sleeps_and_is_woken),
		TEST(comes_back_elsewhere),
		TEST(states_have_letters),
		TEST(is_preempted),
		TEST(is_woken_on_its_way),
		TEST(was_woken_long_ago),
		TEST(is_woken_early_and_again),
		TEST(has_a_signal),
		TEST(wakes_itself),
		TEST(times_are_equal),
		TEST(one_cpu_has_an_order),
		TEST(is_off_at_the_ends),
		TEST(is_new),
		TEST(exits),
		TEST(idle_is_nobody),
		TEST(something_is_lost),
		TEST(half_of_it_is_lost),
		TEST(the_end_is_lost),
		TEST(it_was_cut_off),
		TEST(lost_nobody_knows_where),
		TEST(records_contradict_each_other),
		TEST(values_may_be_missing),
		TEST(some_files_are_refused),
	};

	return test_main(tests, ARRAY_SIZE(tests));
}
