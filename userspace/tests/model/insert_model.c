// SPDX-License-Identifier: GPL-2.0
/*
 * The insert queue: what must hold at the end of every interleaving, when the CPU
 * is idle with interrupts on and has run what was raised.
 *
 *  - No request is left in the queue, no irq_work is left behind, and the next hit
 *    is served.
 *  - Each request is counted once: requests = queued and saved directly = inserted +
 *    found again + full + no memory + stale.  Each queued stack of this generation
 *    has an id.
 *  - The irq_works end, and each serves what waited when it began, no more.
 */
#include "insert_hit.h"

#include "../../../module/ring/ring.h"
#include "../../../module/table/insert.h"
#include "../../../module/table/table.h"

/* Two requests have room. */
#define MODEL_QUEUE_SIZE	128
#define MOST_WAITING		2
/* Many more than hits. */
#define MOST_WORKS		40

struct insert_book *insert_book;
struct stack model_stacks[NR_STACKS];

u64 stackid_hash_key = 1;
struct stackid_table *stackid_own_table;
unsigned int stackid_breakpoints;
unsigned long stackid_bh_enable_start;
unsigned long stackid_bh_enable_size;

/* In place of stackid_ring_create() in insert.c. */
struct ring *model_queue_create(unsigned int cpu, size_t size, bool user);
struct ring *model_queue_create(unsigned int cpu, size_t size, bool user)
{
	return stackid_ring_create(cpu, MODEL_QUEUE_SIZE, user);
}

void insert_count(unsigned int stack, enum hit_fate fate)
{
	static const char *const fates[NR_HIT_FATES] = {
		"has an id", "is queued", "is refused by the queue",
		"is refused by the table", "is inserted without the queue",
	};

	insert_book->hits[fate]++;
	insert_book->is_queued[stack] |= fate == HIT_QUEUED;
	model_note("stack %u %s", stack, fates[fate]);
}

static u64 counter(enum table_counter which)
{
	return stackid_table_counter(insert_book->table, 0, which);
}

static u64 served(void)
{
	return counter(TABLE_INSERTED) + counter(TABLE_FOUND_AGAIN) +
	       counter(TABLE_FULL) + counter(TABLE_NO_MEMORY) + counter(TABLE_STALE);
}

static void make_table(void)
{
	unsigned int i;

	for (i = 0; i < NR_STACKS && !model_stacks[i].nr; i++) {
		stackid_stack_begin(&model_stacks[i], false);
		stackid_stack_add(&model_stacks[i], 0xffffffff81000000UL + i);
		stackid_stack_end(&model_stacks[i]);
	}
	insert_book = model_alloc_book(sizeof(*insert_book));
	insert_book->table = stackid_table_create(16, 1);
	model_on_clock = NULL;
	model_on_unlock = NULL;
}

static void check(void)
{
	unsigned int pending = stackid_insert_pending(insert_book->table->queues, 0);

	model_expect(pending <= MOST_WAITING, "%d requests are pending",
		     (int)pending);
	model_expect(world.works_run <= MOST_WORKS,
		     "storm: %d irq_works for %d hits", world.works_run,
		     (int)(insert_book->hits[HIT_QUEUED] + insert_book->hits[HIT_REFUSED]));
}

static void expect_nothing_left(void)
{
	unsigned int pending = stackid_insert_pending(insert_book->table->queues, 0);

	model_expect(!pending, "wedged: %d requests wait, and nobody will look",
		     (int)pending);
	model_expect(!world.nr_raised, "%d irq_works are left behind",
		     world.nr_raised);
}

static void expect_id(unsigned int stack)
{
	u64 generation;

	model_expect(stackid_table_lookup(insert_book->table, &model_stacks[stack],
					  &generation, NULL),
		     "stack %d was queued and has no id", (int)stack);
}

static void end(void)
{
	unsigned int last = NR_STACKS - 1, i;

	check();
	expect_nothing_left();
	model_expect(counter(TABLE_REQUESTS) == insert_book->hits[HIT_QUEUED] +
						insert_book->hits[HIT_HERE] &&
		     counter(TABLE_REQUESTS) == served(),
		     "%d requests, %d queued, %d without the queue, %d served",
		     (int)counter(TABLE_REQUESTS), (int)insert_book->hits[HIT_QUEUED],
		     (int)insert_book->hits[HIT_HERE], (int)served());
	for (i = 0; i < NR_STACKS; i++)
		if (insert_book->is_queued[i] && insert_book->table->gen->number == 1 &&
		    !counter(TABLE_NO_MEMORY))
			expect_id(i);
	/* It goes on from here. */
	if (insert_book->hits[HIT_TABLE_FULL] || insert_book->next_stack)
		return;
	insert_hit(last);
	world.irqs_off++;
	if (world.ipi)
		model_run_works();
	world.irqs_off--;
	expect_id(last);
}

static void hit_0_1(void)
{
	insert_hit(0);
	model_forget(1);
	insert_hit(1);
}

static void hit_0_maybe_1(void)
{
	insert_hit(0);
	model_forget(1);
	if (model_full)
		insert_hit(1);
}

static void hit_0(void)
{
	insert_hit(0);
}

static void hit_2_3(void)
{
	insert_hit(2);
	model_forget(1);
	insert_hit(3);
}

static void hit_4(void)
{
	insert_hit(4);
}

/* An event that hits behind every drain() in the same interrupt. */
static void hit_5(void)
{
	check();
	insert_hit(5);
}

/* Memory is used up: nothing more gets an id until a task has run. */
static void make_used_up_table(void)
{
	struct generation *gen;

	make_table();
	gen = insert_book->table->gen;
	gen->arena.cur_chunk = gen->arena.nr_chunks - 1;
	gen->arena.cur_unit = ARENA_CHUNK_UNITS;
}

/* A hit while the lock is held, of a stack that is new each time. */
static void hit_new_stack(void)
{
	if (insert_book->next_stack < 10)
		insert_hit(5 + insert_book->next_stack++);
}

static void make_table_with_hits_inside(void)
{
	make_table();
	model_on_unlock = hit_new_stack;
}

static void expect_bounded_drain(void)
{
	u64 now = served();

	model_expect(now - insert_book->served <= MOST_WAITING,
		     "one irq_work has served %d requests where %d have room",
		     (int)(now - insert_book->served), MOST_WAITING);
	insert_book->served = now;
}

/* A module's probe that saves, hit where the lock is held. */
static void save_inside(void)
{
	if (insert_book->is_nested)
		return;
	insert_book->is_nested = true;
	insert_save_here(5);
	insert_book->is_nested = false;
}

static void make_table_with_saves_inside(void)
{
	make_table();
	model_on_unlock = save_inside;
}

static void save_2_3(void)
{
	insert_save_here(2);
	model_forget(1);
	insert_save_here(3);
}

/* The order in which the kernel lets a CPU go, and takes it back. */
static void go_and_come_back(void)
{
	insert_hit(0);
	local_irq_off();
	model_point("offline");
	world.online = false;
	model_note("the CPU has left cpu_online_mask");
	insert_hit(1);
	model_point("flush");
	model_run_works();
	world.dead = true;
	model_note("the CPU runs no irq_work any more");
	insert_hit(2);
	model_point("gone");
	expect_nothing_left();
	world.dead = false;
	model_point("online");
	world.online = true;
	model_note("the CPU is back");
	insert_hit(3);
	local_irq_on();
}

static void reset(void)
{
	stackid_reset(insert_book->table);
	model_forget(1);
}

const struct scenario insert_scenarios[] = {
	{
		.name = "queue",
		.what = "hits nest in hits, until the queue has no room",
		.setup = make_table,
		.run = { [TASK] = hit_0_1, [IRQ] = hit_2_3, [NMI] = hit_4 },
		.times = { { [IRQ] = 1, [NMI] = 1 }, { [IRQ] = 2, [NMI] = 2 } },
		.check = check, .end = end,
	}, {
		.name = "behind",
		.what = "an event hits behind each drain in the same interrupt",
		.setup = make_table,
		.run = { [TASK] = hit_0, [IRQ] = hit_2_3, [WORK] = hit_5, [NMI] = hit_4 },
		.times = { { [IRQ] = 1 }, { [IRQ] = 1, [NMI] = 1 } },
		.check = check, .end = end,
	}, {
		.name = "used_up",
		.what = "the same, and the table's memory is used up",
		.setup = make_used_up_table,
		.run = { [TASK] = hit_0, [IRQ] = hit_2_3, [WORK] = hit_5, [NMI] = hit_4 },
		.times = { { [IRQ] = 1 }, { [IRQ] = 1, [NMI] = 1 } },
		.check = check, .end = end,
	}, {
		.name = "inside",
		.what = "an event hits inside of drain, with another stack each time",
		.setup = make_table_with_hits_inside,
		.run = { [TASK] = hit_0, [IRQ] = hit_2_3, [WORK] = expect_bounded_drain,
			 [NMI] = hit_4 },
		.times = { { [IRQ] = 1 }, { [IRQ] = 1, [NMI] = 1 } },
		.check = check, .end = end,
	}, {
		.name = "saves",
		.what = "saves in hard interrupt, also where the table's lock is held",
		.setup = make_table_with_saves_inside,
		.run = { [TASK] = hit_0, [IRQ] = save_2_3, [NMI] = hit_4 },
		.times = { { [IRQ] = 1 }, { [IRQ] = 1, [NMI] = 1 } },
		.check = check, .end = end,
	}, {
		.name = "offline",
		.what = "the CPU goes and comes back while hits nest",
		.setup = make_table,
		.run = { [TASK] = go_and_come_back, [IRQ] = hit_4, [NMI] = hit_4 },
		.times = { { [NMI] = 1 }, { [IRQ] = 1, [NMI] = 2 } },
		.check = check, .end = end,
	}, {
		.name = "reset",
		.what = "a reset comes while hits nest and are inserted",
		.setup = make_table,
		.run = { [TASK] = hit_0_maybe_1, [IRQ] = hit_2_3, [NMI] = hit_4,
			 [RESETTER] = reset },
		.times = { { [NMI] = 1 }, { [IRQ] = 1, [NMI] = 1 } },
		.check = check, .end = end,
	},
	{}
};
