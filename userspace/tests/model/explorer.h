/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The explorer: runs one scenario of the module's own code in every interleaving.
 *
 * The code is compiled with -fsanitize=thread, but linked to access.c in place of
 * the sanitizer's library, so that each load and store of it is a point at which
 * an interrupt may come or another CPU may go on.  A run is a list of decisions at
 * such points; the next run takes the same ones up to the last that has not been
 * taken both ways.  A run that comes to a state which was seen before ends there.
 *
 * There are two CPUs' worth of threads: thread 0 is the ring's CPU, on which
 * interrupts run to their end on top of each other; the others are of other CPUs.
 * Memory is sequentially consistent.
 */
#ifndef _STACKID_EXPLORER_H
#define _STACKID_EXPLORER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who makes a step: the contexts of thread 0, and the threads of other CPUs. */
enum actor { TASK, IRQ, WORK, NMI, READER, RESETTER, NR_ACTORS };

#define NR_THREADS	3
#define MAX_RAISED	4

/**
 * struct scenario - what runs beside what
 * @name:  of the scenario
 * @what:  is explored, for people
 * @setup: makes the state, once for each run; no point is in it
 * @run:   by actor, or NULL.  TASK, READER and RESETTER run once; IRQ and NMI
 *         as often as @times says, at any point; WORK after the irq_works of an
 *         interrupt, in it
 * @times: how often at most; [1] without --quick
 * @check: at every new state; no point is in it
 * @end:   when all is done; no point is in it
 */
struct scenario {
	const char *name;
	const char *what;
	int times[2][NR_ACTORS];

	void (*run[NR_ACTORS])(void);
	void (*setup)(void);
	void (*check)(void);
	void (*end)(void);
};

/* What the scenarios of a file are. */
extern const struct scenario ring_scenarios[];
extern const struct scenario insert_scenarios[];

/**
 * struct world - what is no memory of the module, but belongs to a state
 * @clock:       time, one for each look
 * @times:       how often IRQ and NMI may still come
 * @irqs_off:    depth
 * @preempt_off: depth, of thread 0
 * @raised:      irq_works, in their order
 * @nr_raised:   of them
 * @ipi:         an interrupt for them was raised
 * @online:      the CPU is in cpu_online_mask
 * @dead:        the CPU takes no interrupt of another one or its own
 * @works_run:   irq_works ever run
 * @steps_left:  how often this run may still leave the straight way
 * @running:     the thread
 */
struct world {
	uint64_t clock;
	int times[NR_ACTORS];
	int irqs_off;
	int preempt_off;
	void *raised[MAX_RAISED];
	int nr_raised;
	bool ipi;
	bool online;
	bool dead;
	int works_run;
	int steps_left;
	int running;
};

extern struct world world;
extern bool model_full;	/* not --quick */

/* Memory for a run: zeroed, for few large pieces with rubbish, and what scenarios note. */
void *model_alloc(size_t size);
void *model_alloc_large(size_t size);
void *model_alloc_book(size_t size);

/* A step of the code at @pc is about to use memory: the point before it. */
void model_access(const void *at, size_t size, bool writes, const void *pc);
/* What the step that began with model_access() saw, if it also writes. */
void model_saw(uint64_t value);
/* Called for each of these writes, if it is set; by setup. */
extern void (*model_on_write)(const void *at, size_t size);
/* A point where something else than memory decides how it goes on. */
void model_point(const void *pc);
/* The thread goes on when @ready says so. */
void model_wait(bool (*ready)(void));
/* The thread goes on when another one has made a step. */
void model_yield(void);
/* The actor that runs; whether thread 0 is in none but the task. */
enum actor model_actor(void);
bool model_cpu_is_in_task(void);
/* Nothing of what was seen matters any more for what this thread does. */
void model_forget(uint64_t but_for);
/* A line in the trace. */
__attribute__((format(printf, 1, 2))) void model_note(const char *format, ...);

/* The interleaving that led here is wrong. */
__attribute__((noreturn, format(printf, 1, 2)))
void model_fail(const char *format, ...);

#define model_expect(is, ...) \
	do { \
		if (!(is)) \
			model_fail(__VA_ARGS__); \
	} while (0)

/* model_kernel.c: the interrupt that runs irq_works. */
void model_run_works(void);

/**
 * struct exploration - what came of one
 * @states:        points with more than one way on
 * @runs:          executions
 * @interleavings: that these stand for
 * @failure:       NULL if every one was right
 * @gave_up:       the failure is the explorer's own, and says nothing of the code
 */
struct exploration {
	uint64_t states;
	uint64_t runs;
	double interleavings;
	const char *failure;
	bool gave_up;
};

/* @depth: how often an interleaving may leave the straight way, or -1. */
struct exploration model_explore(const struct scenario *scenario, int depth);
/* The failing interleaving that model_explore() ended with, once more, printed. */
void model_explain(const struct scenario *scenario);

/* states.c: the states seen, and how many interleavings begin at each. */
void states_clear(void);
/* NULL: there is no room any more.  *is_new: it was not there. */
double *states_find(uint64_t key, bool *is_new);

/* trace.c */
extern bool trace_on;
void trace_clear(void);
void trace_access(int depth, enum actor actor, const void *at, size_t size,
		  bool writes, const void *pc);
void trace_note(int depth, enum actor actor, const char *text);
void trace_print(void);
extern const char *const actor_names[NR_ACTORS];

#endif /* _STACKID_EXPLORER_H */
