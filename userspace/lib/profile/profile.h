/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A profile: how often which stack was hit, by whom.
 *
 * Events are added one by one and become cells: one for each combination of
 * event, stack and whatever of thread, process, CPU and name somebody asked for.
 * Its memory grows with the cells and the stacks, not with the events.
 *
 * A function is what stands in a row of a report or a frame of a flame graph: a
 * symbol, a PC without symbol, or one of the four that are in brackets because
 * no function is known.  Functions are numbered in the alphabetical order of
 * their names, so what is sorted by number looks the same every time.
 */
#ifndef STACKID_PROFILE_H
#define STACKID_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../data/data.h"
#include "../patterns.h"

enum profile_function_kind {
	FUNCTION_KERNEL,
	FUNCTION_MODULE,
	FUNCTION_USER,		/* "[user]" */
	FUNCTION_OTHER,		/* "[no stack]", "[cut]", "[unknown]" */
};

/* @module: "[kernel.kallsyms]", "[ext4]", or "[unknown]"; equal ones are equal pointers. */
struct profile_function {
	const char *name;
	const char *module;
	enum profile_function_kind kind;
};

/* What makes cells different, besides the event and the stack. */
enum profile_key {
	PROFILE_COMM	= 1,
	PROFILE_TGID	= 2,
	PROFILE_PID	= 4,
	PROFILE_CPU	= 8,
	PROFILE_TIME	= 16,
};

/*
 * Whom hits are of.  A key that was not asked for is 0, or NULL.
 *
 * @time:  where its slice begins
 */
struct profile_who {
	const char *comm;
	uint64_t time;
	uint32_t tgid;
	uint32_t pid;
	uint32_t cpu;
};

/*
 * There may be millions, and few whom they are of.
 *
 * @who:   see stackid_profile_who(); 0 is nobody
 * @tail:  0, or what stands on the stack, see stackid_profile_tail()
 * @chain: the profile's own, once it is finished
 */
struct profile_cell {
	uint64_t hits;
	uint64_t weight;
	uint32_t who;
	uint32_t stack;
	union {
		uint32_t tail;
		uint32_t chain;
	};
	uint16_t event;
	uint8_t kind;
};

/* @overflow: the weights' sum had no room in 64 bits, and stands at the end */
struct profile_sum {
	uint64_t hits;
	uint64_t weight;
	bool overflow;
};

struct profile;

/* @keys: ored from enum profile_key. */
struct profile *stackid_profile_create(struct data_reader *data,
				       unsigned int keys);
/* How long a slice of PROFILE_TIME is, in ns; before the first event. */
void stackid_profile_set_quantum(struct profile *profile, uint64_t ns);
/*
 * What stacks are cut to, before stackid_profile_finish(): the @nr innermost frames,
 * and what called the outermost function that @callees match, with that.
 */
void stackid_profile_set_depth(struct profile *profile, uint64_t nr,
			       const struct patterns *callees);
/*
 * Where there would be more than @most cells, slices become twice as long, but not
 * longer than @longest: then time is no key any more.
 */
void stackid_profile_limit_cells(struct profile *profile, size_t most,
				 uint64_t longest);
/* What it has become; 0 if time is no key (any more). */
uint64_t stackid_profile_quantum(const struct profile *profile);
/* Whether events of different CPUs are of different cells. */
bool stackid_profile_has_cpus(const struct profile *profile);
/*
 * Functions become those of a line, "vfs_read FILE:450", where that is known, and what
 * was inlined there functions of their own; before stackid_profile_finish().  @lines has to
 * live until then.
 */
struct debug_lines;
void stackid_profile_set_lines(struct profile *profile,
			       struct debug_lines *lines);
void stackid_profile_destroy(struct profile *profile);

/* Forgets all events so far. */
void stackid_profile_clear(struct profile *profile);

/* DATA_LOST is passed over. */
void stackid_profile_add(struct profile *profile,
			 const struct data_event *event, uint64_t weight);
/*
 * The same for events of nobody that were counted before; what differs from other cells
 * in @cell.
 */
void stackid_profile_add_cell(struct profile *profile,
			      const struct profile_cell *cell);
/* One that the options leave out: it counts in stackid_profile_whole() only. */
void stackid_profile_add_other(struct profile *profile,
			       const struct data_event *event, uint64_t weight);
/* The same two for @nr events that are equal, of weight 1 each. */
void stackid_profile_add_equal(struct profile *profile,
			       const struct data_event *event, uint64_t nr);
void stackid_profile_add_equal_others(struct profile *profile,
				      const struct data_event *event,
				      uint64_t nr);

/*
 * What can stand on stacks, as a waker stands on the one who sleeps: a stack the
 * other way round, its innermost function first, behind "--", and then @name, which
 * has to live as long as the profile; without a stack (0), the name alone.  Equal
 * ones have one number, from 1.
 */
uint32_t stackid_profile_tail(struct profile *profile, const char *name,
			      uint32_t stack);
/* A hit of @weight on @stack (0 is none) with @tail (0 is none). */
void stackid_profile_add_tailed(struct profile *profile, unsigned int event,
				const char *comm, uint32_t stack, uint32_t tail,
				uint64_t weight);

/* Once, after the last event; what follows is to be called after it. */
void stackid_profile_finish(struct profile *profile);

size_t stackid_profile_nr_cells(const struct profile *profile);
const struct profile_cell *stackid_profile_cell(const struct profile *profile,
						size_t i);
const struct profile_who *stackid_profile_who(const struct profile *profile,
					      const struct profile_cell *cell);
/* Of one event, by its number. */
const struct profile_sum *stackid_profile_sum(const struct profile *profile,
					      unsigned int event);
/* The same, with what the options left out. */
struct profile_sum stackid_profile_whole(const struct profile *profile,
					 unsigned int event);

/*
 * Numbers the functions of two finished profiles alike: afterwards both know all of
 * them, still in the order of their names.  Their texts are of either profile, so
 * both have to live as long as one is used.
 */
void stackid_profile_unite(struct profile *a, struct profile *b);

uint32_t stackid_profile_nr_functions(const struct profile *profile);
const struct profile_function *
stackid_profile_function(const struct profile *profile, uint32_t i);

/* The functions of a cell's stack, outermost first; at least one. */
const uint32_t *stackid_profile_stack(struct profile *profile,
				      const struct profile_cell *cell,
				      uint32_t *nr);
/* Of a stack with nothing on it, and nothing inlined. */
#define PROFILE_MOST_FUNCTIONS	(STACKID_MAX_DEPTH + 1)

/*
 * The same for who looks at all cells once: they are in @room where they are not kept
 * already, and are not from then on.
 */
const uint32_t *stackid_profile_look(struct profile *profile,
				     const struct profile_cell *cell,
				     uint32_t room[PROFILE_MOST_FUNCTIONS],
				     uint32_t *nr);
/* The last of these, and their number, without making room for the others. */
uint32_t stackid_profile_leaf(struct profile *profile,
			      const struct profile_cell *cell, uint32_t *nr);

/* a + b, or the greatest number there is. */
uint64_t stackid_profile_add_weights(uint64_t a, uint64_t b);

#endif /* STACKID_PROFILE_H */
