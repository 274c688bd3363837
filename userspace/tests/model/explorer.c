// SPDX-License-Identifier: GPL-2.0
/*
 * Runs, decisions and states.
 *
 * What makes it small enough to be exhaustive:
 *
 *  - Two ways to one state are gone on from once.  A state is the memory, and of
 *    each context all that it has seen since it began, from which follows what it
 *    will do.
 *  - Only before a step that uses memory which another actor uses too, and which
 *    one of both writes, does it matter who goes first.  Who uses what is learnt
 *    while exploring; when there is something new the exploration begins again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include "explorer.h"

#define POOL_SIZE	(1 << 16)
#define LARGE_SIZE	(1 << 23)
#define MAX_VARYING	8192
#define STACK_SIZE	(1 << 18)
#define MAX_DEPTH	8
#define MAX_DECISIONS	20000
/* Nothing that ends takes more steps. */
#define MAX_STEPS	200000

enum outcome { RUN_ENDED = 1, RUN_SEEN, RUN_FAILED };

struct context {
	uint64_t history;
	enum actor actor;
};

struct thread {
	jmp_buf where;
	jmp_buf base;
	ucontext_t start;
	char *stack;
	struct context contexts[MAX_DEPTH];
	int depth;
	bool has_base;
	bool exists;
	bool begun;
	bool done;
	bool yielded;
	bool (*ready)(void);
};

struct decision {
	uint64_t key;
	double sum;
	unsigned char taken;
	unsigned char nr;
};

/* GO: the next step; otherwise an actor's interrupt, or thread -way. */
#define GO	0

struct world world;
bool model_full;
void (*model_on_write)(const void *at, size_t size);

static const struct scenario *scenario;
static struct thread threads[NR_THREADS];
static const enum actor first_actors[NR_THREADS] = { TASK, READER, RESETTER };
static jmp_buf back;
static bool quiet = true;

static struct decision decisions[MAX_DECISIONS];
static int nr_decisions, next_decision;
static struct exploration result;
static char failure[400];
static int steps;

static uint64_t pool[POOL_SIZE / 8];
static size_t pool_used;
static char large[LARGE_SIZE] __attribute__((aligned(64)));
static size_t large_used;

/*
 * By word of both: the actors that use it, and those that write it.  What is learnt
 * is gone by from the next beginning on, so that runs can be repeated.
 */
static unsigned char users[(POOL_SIZE + LARGE_SIZE) / 8];
static unsigned char writers[(POOL_SIZE + LARGE_SIZE) / 8];
static unsigned char known_users[(POOL_SIZE + LARGE_SIZE) / 8];
static unsigned char known_writers[(POOL_SIZE + LARGE_SIZE) / 8];
static bool learnt;
/* Those words that are ever written: with the books, what states differ in. */
static const uint64_t *varying[MAX_VARYING];
static int nr_varying;
static void *books;
static size_t size_of_books;
static int depth_explored;

void *model_alloc(size_t size)
{
	void *at = &pool[pool_used / 8];

	pool_used += (size + 7) & ~7UL;
	if (pool_used > POOL_SIZE)
		abort();
	return at;
}

void *model_alloc_book(size_t size)
{
	size_of_books = (size + 7) & ~7UL;
	books = model_alloc(size);
	return books;
}

void *model_alloc_large(size_t size)
{
	char *at = large + large_used;

	large_used += (size + 63) & ~63UL;
	if (large_used > LARGE_SIZE)
		abort();
	return at;
}

static long word_of(const void *at)
{
	uintptr_t in_pool = (uintptr_t)at - (uintptr_t)pool;
	uintptr_t in_large = (uintptr_t)at - (uintptr_t)large;

	if (in_pool < POOL_SIZE)
		return in_pool / 8;
	if (in_large < LARGE_SIZE)
		return (POOL_SIZE + in_large) / 8;
	return -1;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 29;
}

static uint64_t mix_words(uint64_t hash, const void *from, size_t size)
{
	const uint64_t *words = from;
	uint64_t lanes[4] = { hash, 1, 2, 3 };
	size_t i;

	for (i = 0; i < size / 8; i++)
		lanes[i % 4] = mix(lanes[i % 4], words[i]);
	return mix(mix(lanes[0], lanes[1]), mix(lanes[2], lanes[3]));
}

static uint64_t state_key(void)
{
	uint64_t key = mix_words(0, &world, sizeof(world));
	int i, j;

	key = mix_words(key, books, size_of_books);
	for (i = 0; i < nr_varying; i++)
		key = mix(key, *varying[i]);
	for (i = 0; i < NR_THREADS; i++) {
		const struct thread *thread = &threads[i];

		key = mix(key, (uintptr_t)thread->ready | thread->begun << 1 |
			       thread->done << 2 | thread->yielded << 3);
		for (j = 0; j <= thread->depth; j++)
			key = mix(key, thread->contexts[j].history);
		key = mix(key, thread->depth);
	}
	return key;
}

static struct thread *running(void)
{
	return &threads[world.running];
}

static struct context *context(void)
{
	return &running()->contexts[running()->depth];
}

enum actor model_actor(void)
{
	return context()->actor;
}

bool model_cpu_is_in_task(void)
{
	return !threads[0].depth;
}

void model_forget(uint64_t but_for)
{
	if (!quiet)
		context()->history = but_for;
}

static void note(const char *text)
{
	if (trace_on && !quiet)
		trace_note(running()->depth, model_actor(), text);
}

void model_note(const char *format, ...)
{
	char text[200];
	va_list args;

	if (!trace_on)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	note(text);
}

void model_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(failure, sizeof(failure), format, args);
	va_end(args);
	longjmp(back, RUN_FAILED);
}

static void check(void)
{
	quiet = true;
	if (scenario->check)
		scenario->check();
	quiet = false;
}

/* Of the interleavings that begin at the last decision, or of all. */
static double *sum_of_last(void)
{
	return nr_decisions ? &decisions[nr_decisions - 1].sum :
			      &result.interleavings;
}

/* One of @nr ways on. */
static int decide(int nr, bool resumed)
{
	uint64_t key;
	double *sum;
	bool is_new;

	if (nr > 1 && next_decision < nr_decisions) {
		if (decisions[next_decision].nr != nr)
			abort();
		return decisions[next_decision++].taken;
	}
	if (next_decision == nr_decisions)
		check();
	if (nr == 1)
		return 0;
	if (next_decision == MAX_DECISIONS) {
		result.gave_up = true;
		model_fail("more than %d decisions", MAX_DECISIONS);
	}
	key = mix(state_key(), resumed);
	if (!trace_on) {
		sum = states_find(key, &is_new);
		if (!sum) {
			result.gave_up = true;
			model_fail("more states than there is room for");
		}
		if (!is_new) {
			*sum_of_last() += *sum;
			longjmp(back, RUN_SEEN);
		}
		result.states++;
	}
	decisions[next_decision++] = (struct decision) { .key = key, .nr = nr };
	nr_decisions++;
	return 0;
}

static bool can_interrupt(enum actor by)
{
	const struct thread *cpu = &threads[0];
	enum actor now = context()->actor;

	if (world.running || cpu->done || !scenario->run[by] || now == NMI)
		return by == WORK && !world.running && !cpu->done && now == TASK &&
		       world.ipi && !world.irqs_off;
	if (by == NMI)
		return world.times[NMI];
	if (now != TASK || world.irqs_off)
		return false;
	return by == WORK ? world.ipi : world.times[by];
}

static bool can_run(const struct thread *thread)
{
	return thread->exists && !thread->done && !thread->yielded &&
	       (!thread->ready || thread->ready());
}

static void interrupt(enum actor by)
{
	struct thread *cpu = running();

	note(by == WORK ? "the interrupt for irq_works" : "is interrupted");
	if (by != WORK)
		world.times[by]--;
	if (cpu->depth + 1 == MAX_DEPTH)
		abort();
	cpu->contexts[++cpu->depth] = (struct context) { by, by };
	world.irqs_off++;
	if (by == WORK)
		model_run_works();
	if (scenario->run[by])
		scenario->run[by]();
	world.irqs_off--;
	cpu->depth--;
	note("goes on");
}

static void go_on(int thread)
{
	struct thread *to = &threads[thread];

	world.running = thread;
	to->yielded = false;
	note("goes on");
	if (to->begun)
		longjmp(to->where, 1);
	to->begun = true;
	if (to->has_base)
		longjmp(to->base, 1);
	to->has_base = true;
	setcontext(&to->start);
}

/*
 * Before the next step, or at the end of a thread: what else may come now comes or
 * does not come.  @must_end: nothing that was raised may be left.  Other CPUs need
 * to be let in only before steps that matter to them, but interrupts also before
 * those: what they do may be what another CPU is to see.
 */
static void come_what_may(bool must_end, bool matters_elsewhere)
{
	struct thread *me = running();
	bool resumed = false;
	int ways[NR_ACTORS + NR_THREADS], nr, way, i;

	for (;;) {
		bool can_switch = matters_elsewhere;

		nr = 0;
		me->yielded &= can_run(&threads[0]) || can_run(&threads[1]) ||
			       can_run(&threads[2]);
		if (!me->yielded && (!me->ready || me->ready()) &&
		    !(must_end && can_interrupt(WORK)))
			ways[nr++] = GO;
		/* Whoever can not go on itself lets others. */
		can_switch |= !nr;
		if (world.steps_left || !nr) {
			for (i = IRQ; i <= NMI; i++)
				if (can_interrupt(i))
					ways[nr++] = i;
			for (i = 0; i < NR_THREADS && can_switch && !resumed; i++)
				if (&threads[i] != me && can_run(&threads[i]))
					ways[nr++] = -1 - i;
		}
		if (!nr)
			model_fail("deadlock: nobody can go on");
		way = ways[decide(nr, resumed)];
		if (way == GO)
			break;
		if (ways[0] == GO && world.steps_left > 0)
			world.steps_left--;
		if (way > 0) {
			interrupt(way);
			resumed = false;
			continue;
		}
		if (!setjmp(me->where))
			go_on(-1 - way);
		resumed = true;
	}
	me->ready = NULL;
	for (i = 0; i < NR_THREADS; i++)
		threads[i].yielded = false;
}

/* Those to whom it matters whether the step comes before one of theirs. */
static unsigned char matters_to(long word, enum actor by, bool writes)
{
	unsigned char me = 1 << by, who;

	if (!(users[word] & me) || (writes && !(writers[word] & me))) {
		learnt |= writes && !writers[word];
		users[word] |= me;
		writers[word] |= writes ? me : 0;
		who = users[word];
		learnt |= who & (who - 1) && writers[word];
	}
	return (writes ? known_users[word] : known_writers[word]) & ~me;
}

/* What was learnt becomes what is gone by. */
static void learn(void)
{
	size_t i;

	learnt = false;
	memcpy(known_users, users, sizeof(users));
	memcpy(known_writers, writers, sizeof(writers));
	nr_varying = 0;
	for (i = 0; i < sizeof(writers); i++) {
		if (!writers[i])
			continue;
		if (nr_varying == MAX_VARYING)
			abort();
		varying[nr_varying++] = i < POOL_SIZE / 8 ? &pool[i] :
			(const uint64_t *)large + i - POOL_SIZE / 8;
	}
}

static void count_step(void)
{
	if (++steps > MAX_STEPS)
		model_fail("no end after %d steps", MAX_STEPS);
}

void model_access(const void *at, size_t size, bool writes, const void *pc)
{
	long first = word_of(at), last, word;
	uint64_t seen = 0;
	unsigned char to = 0;
	size_t i;

	if (quiet || first < 0)
		return;
	count_step();
	last = word_of((const char *)at + size - 1);
	for (word = first; word <= last; word++)
		to |= matters_to(word, model_actor(), writes);
	if (to)
		come_what_may(false, world.running || to >> READER);
	if (model_on_write && writes)
		model_on_write(at, size);
	if (trace_on && to)
		trace_access(running()->depth, model_actor(), at, size, writes, pc);
	context()->history = mix(context()->history, (uintptr_t)pc);
	for (i = 0; i < size && !writes; i += 8) {
		memcpy(&seen, (const char *)at + i, size - i < 8 ? size - i : 8);
		context()->history = mix(context()->history, seen);
	}
}

void model_saw(uint64_t value)
{
	if (!quiet)
		context()->history = mix(context()->history, value);
}

void model_point(const void *pc)
{
	if (quiet)
		return;
	count_step();
	come_what_may(false, true);
	context()->history = mix(context()->history, (uintptr_t)pc);
}

void model_wait(bool (*ready)(void))
{
	if (quiet)
		return;
	running()->ready = ready;
	model_point(__builtin_return_address(0));
}

void model_yield(void)
{
	if (quiet)
		return;
	running()->yielded = true;
	model_point(__builtin_return_address(0));
}

static void thread_main(void)
{
	struct thread *me = running();
	int ways[NR_THREADS], nr = 0, i;

	scenario->run[first_actors[world.running]]();
	model_forget(0);
	if (!world.running)
		come_what_may(true, true);
	me->done = true;
	for (i = 0; i < NR_THREADS; i++)
		threads[i].yielded = false;
	for (i = 0; i < NR_THREADS; i++)
		if (can_run(&threads[i]))
			ways[nr++] = i;
	if (nr)
		go_on(ways[decide(nr, false)]);
	for (i = 0; i < NR_THREADS; i++)
		if (threads[i].exists && !threads[i].done)
			model_fail("deadlock: %s waits for ever",
				   actor_names[first_actors[i]]);
	longjmp(back, RUN_ENDED);
}

/* At the bottom of a thread's stack: each run begins from here. */
static void thread_base(void)
{
	setjmp(running()->base);
	thread_main();
}

static void begin_thread(int nr)
{
	struct thread *thread = &threads[nr];

	if (!thread->stack) {
		thread->stack = malloc(STACK_SIZE);
		getcontext(&thread->start);
		thread->start.uc_stack.ss_sp = thread->stack;
		thread->start.uc_stack.ss_size = STACK_SIZE;
		makecontext(&thread->start, thread_base, 0);
	}
	memset(thread->contexts, 0, sizeof(thread->contexts));
	thread->contexts[0].actor = first_actors[nr];
	thread->depth = 0;
	thread->exists = scenario->run[first_actors[nr]];
	thread->begun = false;
	thread->done = false;
	thread->yielded = false;
	thread->ready = NULL;
}

static enum outcome run_once(int depth)
{
	enum outcome outcome;
	int i;

	quiet = true;
	memset(pool, 0, pool_used);
	pool_used = 0;
	memset(large, 0, large_used < 4096 ? large_used : 4096);
	large_used = 0;
	memset(&world, 0, sizeof(world));
	world.online = true;
	world.steps_left = depth;
	memcpy(world.times, scenario->times[model_full], sizeof(world.times));
	model_on_write = NULL;
	next_decision = 0;
	steps = 0;
	result.runs++;
	trace_clear();
	for (i = 0; i < NR_THREADS; i++)
		begin_thread(i);
	outcome = setjmp(back);
	if (!outcome) {
		scenario->setup();
		quiet = false;
		go_on(0);
	}
	quiet = true;
	if (outcome != RUN_ENDED)
		return outcome;
	outcome = setjmp(back);
	if (outcome)
		return outcome;
	if (scenario->check)
		scenario->check();
	scenario->end();
	outcome = RUN_ENDED;
	return outcome;
}

/* To the next decision that has not been taken all ways.  False: there is none. */
static bool next_way(void)
{
	struct decision *decision;
	bool is_new;

	while (nr_decisions) {
		decision = &decisions[nr_decisions - 1];
		if (++decision->taken < decision->nr)
			return true;
		*states_find(decision->key, &is_new) = decision->sum;
		nr_decisions--;
		*sum_of_last() += decision->sum;
	}
	return false;
}

struct exploration model_explore(const struct scenario *which, int depth)
{
	enum outcome outcome;

	scenario = which;
	depth_explored = depth;
	memset(users, 0, sizeof(users));
	memset(writers, 0, sizeof(writers));
	do {
		learn();
		result = (struct exploration) {};
		nr_decisions = 0;
		states_clear();
		do {
			outcome = run_once(depth);
			if (outcome == RUN_FAILED) {
				result.failure = failure;
				return result;
			}
			if (outcome == RUN_ENDED)
				(*sum_of_last())++;
		} while (!learnt && next_way());
	} while (learnt);
	return result;
}

void model_explain(const struct scenario *which)
{
	scenario = which;
	trace_on = true;
	run_once(depth_explored);
	trace_on = false;
	trace_print();
	printf("    => %s\n", failure);
}
