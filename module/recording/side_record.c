// SPDX-License-Identifier: GPL-2.0
/* Side records: what a recording says of tasks and modules. */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../compat.h"
#include "../context.h"
#include "../guard.h"
#include "../ring/record.h"
#include "../ring/ring_writer.h"
#include "recording_layout.h"
#include "side_record.h"

/**
 * struct side_record - one that is being written
 * @state:  of this CPU
 * @level:  whose guard is held
 * @writer: of the ring
 * @data:   the record, of which the header words are there
 */
struct side_record {
	struct percpu_state *state;
	enum context_level level;
	struct ring_writer *writer;
	void *data;
};

/* Preemption must be off from begin to end.  False: nothing to end. */
static bool begin(struct recording *rec, unsigned int type, unsigned int size,
		  pid_t pid, struct side_record *side)
{
	struct percpu_state *state = this_cpu_ptr(rec->state);
	enum context_level level = context_level();
	struct ring_place place = { NULL };
	struct ring_writer *writer;

	/*
	 * First: a ring goes only after it was seen false and a grace period.
	 * Pairs with the release in turn_on().
	 */
	if (!smp_load_acquire(&rec->on))
		return false;
	/* Or a probe on what is called below would write records in it for ever. */
	if (!guard_enter(&state->guard, level))
		goto lost;
	writer = READ_ONCE(state->writer);
	if (writer)
		place = ring_place(writer, size, false);
	if (!place.data)
		goto leave;
	stackid_record_init(place.data, type, size, 0, 0, 0, pid, place.time);
	*side = (struct side_record) { state, level, writer, place.data };
	return true;

leave:
	guard_leave(&state->guard, level);
lost:
	local_inc(&state->ledger[LEDGER_TASK_LOST]);
	return false;
}

static void end(struct side_record *side)
{
	ring_leave(side->writer);
	guard_leave(&side->state->guard, side->level);
}

void stackid_side_record_task(struct recording *rec, struct task_struct *task,
			      pid_t ppid, const char *comm)
{
	struct stackid_task_record *record;
	struct side_record side;

	preempt_disable_notrace();
	if (!begin(rec, STACKID_REC_TASK, sizeof(*record), task->pid, &side))
		goto out;
	record = side.data;
	record->tgid = task->tgid;
	record->ppid = ppid;
	strscpy_pad(record->comm, comm, sizeof(record->comm));
	record->reserved = 0;
	end(&side);
out:
	preempt_enable_notrace();
}

void stackid_side_record_module(struct recording *rec, struct module *mod,
				bool loaded)
{
	struct text_range text = stackid_module_text(mod);
	struct stackid_module_record *record;
	struct side_record side;

	preempt_disable_notrace();
	if (!begin(rec, STACKID_REC_MODULE, sizeof(*record), current->pid, &side))
		goto out;
	record = side.data;
	record->base = text.start;
	record->size = text.size;
	record->state = loaded ? STACKID_MODULE_LOADED :
				 STACKID_MODULE_UNLOADED;
	strscpy_pad(record->name, mod->name, sizeof(record->name));
	end(&side);
out:
	preempt_enable_notrace();
}
