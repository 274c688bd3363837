// SPDX-License-Identifier: GPL-2.0
/* The records of a ring as the text of trace_pipe. */
#include <linux/capability.h>
#include <linux/ctype.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../../include/uapi/stackid.h"
#include "../recording/event.h"
#include "../recording/recording_layout.h"
#include "../ring/ring_reader.h"
#include "../table/generation.h"
#include "../table/table.h"
#include "stack_texts.h"
#include "trace_pipe_text.h"

/* Room for any record: a head line, and every frame with the longest symbol. */
#define TEXT_SIZE	(1024 + STACKID_MAX_DEPTH * (KSYM_SYMBOL_LEN + 8))

#define COMM_BITS	10

struct comm {
	pid_t pid;
	char name[TASK_COMM_LEN];
};

__printf(2, 3)
static void put(struct trace_pipe_text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text->len += vscnprintf(text->at + text->len, TEXT_SIZE - text->len,
				format, args);
	va_end(args);
}

static void put_bytes(struct trace_pipe_text *text, const char *at, size_t len)
{
	len = min(len, TEXT_SIZE - text->len);
	memcpy(text->at + text->len, at, len);
	text->len += len;
}

/* Who is called what */

static struct comm *comm_slot(struct trace_pipe_text *text, pid_t pid)
{
	return &text->comms[hash_32(pid, COMM_BITS)];
}

/* A task may call itself anything, also something that looks like our lines. */
static void remember_comm(struct trace_pipe_text *text, pid_t pid, const char *name)
{
	struct comm *comm = comm_slot(text, pid);
	char *c;

	comm->pid = pid;
	strscpy(comm->name, name, sizeof(comm->name));
	for (c = comm->name; *c; c++)
		if (!isascii(*c) || !isprint(*c))
			*c = '?';
}

static const char *comm_of(struct trace_pipe_text *text, pid_t pid)
{
	struct comm *comm = comm_slot(text, pid);
	char name[TASK_COMM_LEN];
	struct task_struct *task;

	if (!pid)
		return "<idle>";
	if (comm->pid == pid)
		return comm->name;

	rcu_read_lock();
	task = pid_task(find_pid_ns(pid, &init_pid_ns), PIDTYPE_PID);
	if (task)
		get_task_comm(name, task);
	rcu_read_unlock();
	if (!task)
		return "<...>";
	remember_comm(text, pid, name);
	return comm->name;
}

/* What events are called */

static void remember_name(struct trace_pipe_text *text, const struct event *event)
{
	struct event_spec *known = xa_load(&text->specs, event->number);
	struct event_spec *spec;

	if (known && !memcmp(known, &event->spec, sizeof(*known)))
		return;
	spec = kmemdup(&event->spec, sizeof(*spec), GFP_KERNEL);
	if (!spec)
		return;
	known = xa_store(&text->specs, event->number, spec, GFP_KERNEL);
	if (xa_is_err(known))
		kfree(spec);
	else
		kfree(known);
}

void stackid_trace_pipe_text_names(struct trace_pipe_text *text)
{
	struct recording *rec = text->rec;
	struct event *event;

	mutex_lock(&rec->lock);
	list_for_each_entry(event, &rec->events, link)
		remember_name(text, event);
	mutex_unlock(&rec->lock);
}

static void put_event_name(struct trace_pipe_text *text, unsigned int number)
{
	const struct event_spec *spec = xa_load(&text->specs, number);

	/* Without one: it came and went before this reader looked. */
	if (spec)
		put(text, "%s:", spec->name);
	else
		put(text, "event#%u:", number);
}

/* Stacks */

static struct generation *find_generation(struct trace_pipe_text *text, u64 number)
{
	struct generation *gen;

	if (number > stackid_generation_number(text->gen)) {
		gen = stackid_generation_get(text->rec->table);
		if (gen == text->gen) {
			stackid_generation_put(gen);
			return NULL;
		}
		if (text->old_gen)
			stackid_generation_put(text->old_gen);
		text->old_gen = text->gen;
		text->gen = gen;
	}

	if (stackid_generation_number(text->gen) == number)
		return text->gen;
	if (text->old_gen && stackid_generation_number(text->old_gen) == number)
		return text->old_gen;
	return NULL;
}

static void put_frames(struct trace_pipe_text *text,
		       const struct stackid_stack *block)
{
	unsigned int i;

	for (i = 0; i < block->nr; i++)
		put(text, " => %s\n",
		    stackid_frame_text(&text->frame, block, i));
	if (block->flags & STACKID_STACK_CUT)
		put(text, " => [%u more frames were cut]\n",
		    block->depth - block->nr);
}

static void put_known_stack(struct trace_pipe_text *text, u64 number, u32 id)
{
	const struct stackid_stack *block = NULL;
	const struct stack_text *known;
	struct generation *gen;
	size_t before;

	put(text, " id=%u", id);
	if (!id) {
		put(text, " [no stack]\n");
		return;
	}
	known = stackid_stack_texts_find(text->stacks, number, id);
	if (known) {
		put(text, "\n");
		put_bytes(text, known->at, known->len);
		return;
	}

	gen = find_generation(text, number);
	if (gen)
		block = stackid_generation_stack(gen, id);
	if (!block) {
		put(text, " [generation %llu has ended]\n", number);
		return;
	}
	put(text, "\n");
	before = text->len;
	put_frames(text, block);
	stackid_stack_texts_keep(text->stacks, number, id, text->at + before,
				 text->len - before);
}

/* Records */

static void put_time(struct trace_pipe_text *text, u64 time)
{
	u32 ns;
	u64 s = div_u64_rem(time, NSEC_PER_SEC, &ns);

	put(text, "%6llu.%06u: ", s, ns / 1000);
}

/* An argument of a probe is often a kernel address. */
static void put_value(struct trace_pipe_text *text, u64 value, bool is_signed)
{
	if (!text->frame.show_address)
		put(text, "=[needs CAP_SYSLOG]");
	else if (is_signed)
		put(text, "=%lld", value);
	else if (value >> 47)
		put(text, "=0x%llx", value);
	else
		put(text, "=%llu", value);
}

static void put_values(struct trace_pipe_text *text,
		       const struct stackid_record *r)
{
	const struct event_spec *spec = xa_load(&text->specs,
						stackid_rec_event(r));
	const u64 *values = stackid_rec_values(r);
	unsigned int i;

	for (i = 0; i < stackid_rec_nr_values(r); i++) {
		bool known = spec && i < spec->nr_values;

		if (known && spec->value_names[i][0])
			put(text, " %s", spec->value_names[i]);
		else if (known)
			put(text, " arg%u", spec->values[i].arg);
		else
			put(text, " value");
		put_value(text, values[i],
			  known && spec->values[i].is_signed);
	}
}

static void tell_generation(struct trace_pipe_text *text, unsigned int cpu,
			    u64 number)
{
	if (number <= text->told_generation)
		return;
	text->told_generation = number;
	put(text, "CPU:%u [GENERATION %llu]\n", cpu, number);
}

/* False where the record ends before the block in it does. */
static bool has_whole_block(const struct stackid_record *r)
{
	const struct stackid_stack *block = (const void *)(r + 1);
	const void *end = (const void *)r + stackid_rec_size(r);

	return (const void *)(block + 1) <= end &&
	       (const void *)block + stackid_stack_size(block) <= end;
}

static void put_event(struct trace_pipe_text *text, unsigned int cpu,
		      struct ring *ring, const struct stackid_record *r,
		      u64 time)
{
	unsigned int type = stackid_rec_type(r) & ~STACKID_REC_VALUES;
	bool whole = type != STACKID_REC_EVENT_STACK || has_whole_block(r);
	pid_t pid = stackid_rec_pid(r);
	u64 generation;

	generation = stackid_rec_full_generation(r, stackid_ring_generation(ring));
	put(text, "%16s-%-7d [%03u] ", comm_of(text, pid), pid, cpu);
	put_time(text, time);
	put_event_name(text, stackid_rec_event(r));
	if (whole && stackid_rec_type(r) & STACKID_REC_VALUES)
		put_values(text, r);

	switch (type) {
	case STACKID_REC_EVENT:
		put_known_stack(text, generation, stackid_rec_id(r));
		break;
	case STACKID_REC_EVENT_STACK:
		put(text, " id=new\n");
		if (whole)
			put_frames(text, (const void *)(r + 1));
		break;
	default:
		put(text, " [user]\n");
		break;
	}
}

/*
 * A reader of the mapping that has left data_tail in the middle of a record can
 * have left us anything as the first record.  So sizes are checked.
 */
void stackid_trace_pipe_text_add(struct trace_pipe_text *text,
				 unsigned int cpu, struct ring *ring,
				 const struct stackid_record *r, u64 time)
{
	const struct stackid_generation_record *generation = (const void *)r;
	const struct stackid_number_record *lost = (const void *)r;
	const struct stackid_task_record *task = (const void *)r;
	const struct stackid_module_record *module = (const void *)r;
	unsigned int size = stackid_rec_size(r);
	char name[sizeof(module->name)];

	switch (stackid_rec_type(r)) {
	case STACKID_REC_EVENT | STACKID_REC_VALUES:
	case STACKID_REC_EVENT_STACK | STACKID_REC_VALUES:
	case STACKID_REC_EVENT_USER | STACKID_REC_VALUES:
	case STACKID_REC_EVENT:
	case STACKID_REC_EVENT_STACK:
	case STACKID_REC_EVENT_USER:
		put_event(text, cpu, ring, r, time);
		break;
	case STACKID_REC_LOST:
		if (size == sizeof(*lost))
			put(text, "CPU:%u [LOST %llu EVENTS]\n", cpu,
			    lost->number);
		break;
	case STACKID_REC_GENERATION:
		if (size == sizeof(*generation))
			tell_generation(text, cpu, generation->number);
		break;
	case STACKID_REC_TASK:
		if (size == sizeof(*task)) {
			strscpy(name, task->comm, sizeof(task->comm));
			remember_comm(text, stackid_rec_pid(r), name);
		}
		break;
	case STACKID_REC_MODULE:
		if (size == sizeof(*module)) {
			strscpy(name, module->name, sizeof(name));
			put(text, "CPU:%u [MODULE %s %s]\n", cpu, name,
			    module->state == STACKID_MODULE_LOADED ?
			    "LOADED" : "UNLOADED");
		}
		break;
	}
}

int stackid_trace_pipe_text_init(struct trace_pipe_text *text,
				 struct recording *rec)
{
	text->rec = rec;
	text->frame.show_address = capable(CAP_SYSLOG);
	xa_init(&text->specs);
	text->gen = stackid_generation_get(rec->table);
	text->told_generation = stackid_generation_number(text->gen);
	text->at = kvmalloc(TEXT_SIZE, GFP_KERNEL);
	text->comms = kvcalloc(1 << COMM_BITS, sizeof(*text->comms),
			       GFP_KERNEL);
	text->stacks = stackid_stack_texts_create();
	if (text->at && text->comms && text->stacks)
		return 0;
	stackid_trace_pipe_text_exit(text);
	return -ENOMEM;
}

void stackid_trace_pipe_text_exit(struct trace_pipe_text *text)
{
	struct event_spec *spec;
	unsigned long number;

	xa_for_each(&text->specs, number, spec)
		kfree(spec);
	xa_destroy(&text->specs);
	if (text->old_gen)
		stackid_generation_put(text->old_gen);
	stackid_generation_put(text->gen);
	kvfree(text->at);
	kvfree(text->comms);
	stackid_stack_texts_destroy(text->stacks);
}
