// SPDX-License-Identifier: GPL-2.0
/* Paths over frame records: a walk that was done once, kept for comparing. */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/ptrace.h>
#include <linux/string.h>

#include "../context.h"
#include "../stack.h"
#include "frame_record.h"
#include "path_records.h"

static bool make(const struct text_range *random, const struct unwind_start *from,
		 const struct stack *stack, struct unwind_path *path)
{
	unsigned long last = (unsigned long)&task_pt_regs(current)->stackframe;
	unsigned long bottom = (unsigned long)task_stack_page(current);
	unsigned long record = from->bp, pc = from->ip, lowest = bottom, next;
	bool left_out = is_left_out(from, pc);
	unsigned int nr = 0;

	/* A cut stack, or what was interrupted, is no plain walk. */
	if (from->regs || stack->flags)
		return false;
	for (;;) {
		if (!left_out && (nr == stack->nr || stack->pcs[nr++] != pc))
			return false;
		left_out = false;
		if (record == last)
			break;
		if (record & 7 || record < lowest ||
		    !holds(bottom, THREAD_SIZE, record) ||
		    is_exception_entry(pc) || path->nr == PATH_STEPS)
			return false;
		pc = record_pc(record);
		next = stack_word(record);
		path->steps[path->nr++] = (struct path_step) { next - record, pc };
		if (!path->nr_near && (next == last ||
				       pc - random->start < random->size)) {
			path->nr_near = path->nr;
			path->far = next - bottom;
			path->extent = record + RECORD_SIZE - from->bp;
		}
		lowest = record + RECORD_SIZE;
		record = next;
	}
	return path->nr && nr == stack->nr;
}

bool stackid_path_make(const struct text_range *random,
		       const struct unwind_start *from,
		       const struct stack *stack, struct unwind_path *path)
{
	memset(path, 0, sizeof(*path));
	if (!make(random, from, stack, path)) {
		memset(path, 0, sizeof(*path));
		return false;
	}
	/* Bit 55 tells the kernel's addresses from others, and is none of the code's. */
	path->kept = ~(stackid_strip_pac(BIT(55)) ^ BIT(55));
	path->ip = from->ip;
	return true;
}
