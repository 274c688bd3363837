/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Paths over frame records: see unwind_path.h.
 *
 * A walk is a list of records, each of which names the next.  So one that begins at
 * the same PC, and finds at the same distances records with the same distances to the
 * next and the same return addresses, is record by record the same walk.
 *
 * The distances are from the start's frame pointer up to a system call's function,
 * and from the bottom of the stack beyond.  Between the two the kernel moves the stack
 * pointer by a random amount (CONFIG_RANDOMIZE_KSTACK_OFFSET) each time.  All walks
 * end at the same distance from the bottom, so that there is a far part always, if
 * only with the end in it.
 */
#ifndef _STACKID_PATH_RECORDS_H
#define _STACKID_PATH_RECORDS_H

#include <linux/compiler.h>
#include <linux/sched.h>
#include <linux/sched/task_stack.h>
#include <linux/types.h>

#include "unwind_frame.h"
#include "unwind_start.h"

struct stack;
struct text_range;

#define PATH_STEPS	26

/**
 * struct path_step - a record
 * @next: distance of the next one
 * @pc:   the return address, without authentication code
 */
struct path_step {
	unsigned long next;
	unsigned long pc;
};

/**
 * struct unwind_path - a walk; all zeros is none
 * @ip:     where it began
 * @kept:   the bits of a return address that are no authentication code; constant
 * @far:    the distance from the stack's bottom of the first far record
 * @extent: the near records end so close above the start's frame pointer
 * @nr_near: of @steps: of the last of them the next record is the first far one
 * @nr:     of @steps
 * @steps:  the records
 */
struct unwind_path {
	unsigned long ip;
	unsigned long kept;
	unsigned int far;
	unsigned int extent;
	u8 nr_near;
	u8 nr;
	struct path_step steps[PATH_STEPS];
};

/*
 * The path of a plain walk from @from that gave @stack.  False if the walk has none:
 * it is too long, or has an exception in it.  @random: the function that moves the
 * stack pointer; if there is none, such walks are not recalled.
 */
bool stackid_path_make(const struct text_range *random,
		       const struct unwind_start *from,
		       const struct stack *stack, struct unwind_path *path);

/* What differs: in the distances, and in the return addresses. */
struct path_differences {
	unsigned long next;
	unsigned long pc;
};

static __always_inline void path_step(struct path_differences *differ,
				      const struct path_step *step,
				      unsigned long record, unsigned long next)
{
	differ->next |= stack_word(record) ^ next;
	differ->pc |= stack_word(record + sizeof(long)) ^ step->pc;
}

/* Without a branch for each record, because mostly none differs. */
static __always_inline bool path_holds(const struct unwind_path *path,
				       unsigned long ip, unsigned long sp,
				       unsigned long bp)
{
	unsigned long bottom = (unsigned long)task_stack_page(current);
	const struct path_step *step = path->steps;
	const struct path_step *near = step + path->nr_near - 1;
	const struct path_step *end = step + path->nr;
	struct path_differences differ = {};
	unsigned long record = bp;

	if (path->ip != ip || bp - bottom > THREAD_SIZE - path->extent)
		return false;
	for (; step < near; step++) {
		path_step(&differ, step, record, record + step->next);
		record += step->next;
	}
	path_step(&differ, step, record, bottom + path->far);
	record = bottom + path->far;
	for (step++; step < end; step++) {
		path_step(&differ, step, record, record + step->next);
		record += step->next;
	}
	return !(differ.next | (differ.pc & path->kept));
}

#endif /* _STACKID_PATH_RECORDS_H */
