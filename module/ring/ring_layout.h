/* SPDX-License-Identifier: GPL-2.0 */
/* A ring as it lies in memory: for ring*.[ch] only. */
#ifndef _STACKID_RING_LAYOUT_H
#define _STACKID_RING_LAYOUT_H

#include <linux/limits.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <asm/local.h>

#include "../../include/uapi/stackid.h"
#include "../deferred.h"

/**
 * struct ring_writer - the writers' part of a ring, all of it of one CPU
 * @position: where the next record goes
 * @limit:    the position up to which writers may reserve without a look at
 *            anything else: the end of the data, or of what the reader had freed at
 *            the last look if that is nearer; 0 while a LOST record is owed.  It may
 *            be too low, never too high
 * @mask:     from a position to an offset; constant
 * @data:     constant
 * @generation: that the bits of the records before @position belong to, or one
 *            next to it; 0 if there was none yet.  Written on the ring's CPU by
 *            the one who announced it; a nested writer may have announced
 *            another in between, and both are true
 * @announcing: a writer is about to announce a generation
 * @nest:     how many writers are under way
 * @head:     what @data_head says, out of the reader's reach
 * @data_head: in the control page; constant
 * @wake_pos: head that shall wake the readers next, never if nobody may sleep
 *            here; the outermost writer, after which others may nest
 */
struct ring_writer {
	local_t position;
	unsigned long limit;
	unsigned long mask;
	char *data;
	u64 generation;
	bool announcing;
	local_t nest;
	u64 head;
	u64 *data_head;
	u64 wake_pos;
};

/* Of announced_end: being written. */
#define NO_POSITION	U64_MAX

/**
 * struct ring - see ring.h
 * @writer:      the first, for the writers' cache lines
 * @lost:        events lost since the last LOST record; writers
 * @lost_total:  events lost ever; writers
 * @page:        the control page; the reader writes to it, so that only
 *               data_tail is ever loaded from it, and not believed
 * @size:        of the data, a power of two; constant
 * @cpu:         constant
 * @announced_end: position at or behind the end of the last GENERATION record,
 *               or NO_POSITION; with @writer.generation, see announced()
 * @peek_tail:   position of the record that peek gave; the consumer
 * @tail_generation: in force there, if @knows_generation; the consumer
 * @knows_generation: the consumer
 * @told_generation: read(2) has given it out; the consumer
 * @wake:        waking takes locks that a writer's context may hold, and on
 *               PREEMPT_RT locks that sleep
 * @wait:        pollers and blocked readers
 */
struct ring {
	struct ring_writer writer;
	local_t lost;
	local_t lost_total;
	struct stackid_ring_page *page;
	unsigned long size;
	unsigned int cpu;
	u64 announced_end;

	u64 peek_tail;
	u64 tail_generation;
	bool knows_generation;
	bool told_generation;
	struct deferred wake;
	wait_queue_head_t wait;
};

#endif /* _STACKID_RING_LAYOUT_H */
