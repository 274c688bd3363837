// SPDX-License-Identifier: GPL-2.0
/* The records of a perf.data. */

#include <string.h>

#include "../lib/array.h"
#include "../lib/hash.h"
#include "export_perf.h"

#define FINISHED_ROUND	68
/* What perf reads of a name at most, with its NUL. */
#define NAME_ROOM	512

struct sample {
	struct perf_event_header header;
	uint64_t id;
	uint64_t ip;
	uint32_t pid, tid;
	uint64_t time;
	uint32_t cpu, reserved;
	uint64_t period;
	uint64_t nr;
	uint64_t context;
};

/* Behind each record that is no sample; an @id of 0 is that of none. */
struct trailer {
	uint32_t pid, tid;
	uint64_t time;
	uint32_t cpu, reserved;
	uint64_t id;
};

static size_t begin(struct perf_data *perf, uint32_t type)
{
	struct perf_event_header header = {
		.type = type, .misc = PERF_RECORD_MISC_KERNEL,
	};
	size_t begun = perf->text.size;

	stackid_buffer_add(&perf->text, &header, sizeof(header));
	return begun;
}

static void add(struct perf_data *perf, const void *data, size_t size)
{
	stackid_buffer_add(&perf->text, data, size);
}

static void add_u64(struct perf_data *perf, uint64_t number)
{
	add(perf, &number, sizeof(number));
}

/* With a NUL, up to a multiple of 8. */
static void add_name(struct perf_data *perf, const char *name)
{
	size_t length = strnlen(name, NAME_ROOM - 1);
	size_t size = (length + 8) / 8 * 8;
	char *to = stackid_buffer_extend(&perf->text, size);

	memset(to, 0, size);
	memcpy(to, name, length);
}

static void end(struct perf_data *perf, size_t begun, struct trailer trailer)
{
	uint16_t size;

	add(perf, &trailer, sizeof(trailer));
	size = perf->text.size - begun;
	memcpy(perf->text.data + begun +
	       offsetof(struct perf_event_header, size), &size, sizeof(size));
}

void stackid_perf_add_mmap(struct perf_data *perf, const char *name,
			   uint64_t start, uint64_t size, uint64_t offset)
{
	size_t begun = begin(perf, PERF_RECORD_MMAP);
	uint32_t pid = -1, tid = 0;

	add(perf, &pid, sizeof(pid));
	add(perf, &tid, sizeof(tid));
	add_u64(perf, start);
	add_u64(perf, size);
	add_u64(perf, offset);
	add_name(perf, name);
	end(perf, begun, (struct trailer) { });
}

void stackid_perf_add_symbol(struct perf_data *perf, const char *name,
			     uint64_t start, uint32_t size)
{
	size_t begun = begin(perf, PERF_RECORD_KSYMBOL);
	uint16_t type = PERF_RECORD_KSYMBOL_TYPE_OOL, flags = 0;

	add_u64(perf, start);
	add(perf, &size, sizeof(size));
	add(perf, &type, sizeof(type));
	add(perf, &flags, sizeof(flags));
	add_name(perf, name);
	end(perf, begun, (struct trailer) { });
}

void stackid_perf_add_text_poke(struct perf_data *perf)
{
	size_t begun = begin(perf, PERF_RECORD_TEXT_POKE);
	uint16_t old_size = 1, new_size = 1;
	uint8_t bytes[4] = { };

	add_u64(perf, perf->kernel_base);
	add(perf, &old_size, sizeof(old_size));
	add(perf, &new_size, sizeof(new_size));
	add(perf, bytes, sizeof(bytes));
	end(perf, begun, (struct trailer) { });
}

static uint64_t pseudo_pc(enum perf_pseudo pseudo)
{
	return PERF_PSEUDO_BASE + pseudo * PERF_PSEUDO_SIZE;
}

static void add_chain(struct perf_data *perf, const struct data_stack *stack,
		      bool moved)
{
	uint64_t *to = (void *)stackid_buffer_extend(&perf->text,
						     stack->nr * sizeof(*to));

	for (uint32_t i = 0; i < stack->nr; i++)
		to[i] = moved ? stackid_perf_pc(perf, stackid_data_frame(stack, i)) :
				stackid_data_frame(stack, i)->pc;
}

/* What stands behind the last frame, or for all of them; PERF_NR_PSEUDO is nothing. */
static enum perf_pseudo find_pseudo(const struct data_event *event,
				    const struct data_stack *stack)
{
	if (event->kind == DATA_HIT_USER)
		return PERF_USER;
	if (!stack)
		return PERF_NO_STACK;
	if (stack->depth > stack->nr)
		return PERF_CUT;
	if (stack->nr)
		return PERF_NR_PSEUDO;
	return stack->undefined ? PERF_UNKNOWN : PERF_NO_STACK;
}

void stackid_perf_add_sample(struct perf_data *perf,
			     const struct data_event *event, bool moved)
{
	const struct export *export = perf->export;
	const struct data_stack *stack = event->kind == DATA_HIT_STACK ?
		stackid_data_stack(export->data, event->stack) : NULL;
	enum perf_pseudo pseudo = find_pseudo(event, stack);
	uint32_t nr = stack ? stack->nr : 0;
	struct sample sample = {
		.header = {
			.type = PERF_RECORD_SAMPLE,
			.misc = PERF_RECORD_MISC_KERNEL,
		},
		.id = stackid_perf_id(event->event),
		.ip = nr ? stackid_perf_pc(perf, stackid_data_frame(stack, 0)) :
			   pseudo_pc(pseudo),
		.pid = event->tgid,
		.tid = event->pid,
		.time = event->time,
		.cpu = event->cpu,
		.period = export->weigh ?
			  stackid_reading_weight(export->reading, event) : 1,
		.nr = 1 + nr + (pseudo != PERF_NR_PSEUDO),
		.context = PERF_CONTEXT_KERNEL,
	};

	sample.header.size = sizeof(sample) +
			     (sample.nr - 1) * sizeof(uint64_t);
	add(perf, &sample, sizeof(sample));
	if (nr)
		add_chain(perf, stack, moved);
	if (pseudo != PERF_NR_PSEUDO)
		add_u64(perf, pseudo_pc(pseudo));
}

void stackid_perf_add_comm(struct perf_data *perf,
			   const struct data_event *event)
{
	uint64_t hash = stackid_hash_u32(event->pid);
	uint32_t number = stackid_slots_get(&perf->thread_slots, hash);
	struct perf_thread *thread;
	size_t begun;

	if (!number) {
		stackid_array_reserve(perf->threads, perf->nr_threads,
				      perf->threads_room);
		perf->threads[perf->nr_threads++] = (struct perf_thread) { };
		number = perf->nr_threads;
		stackid_slots_set(&perf->thread_slots, hash, number);
	}
	thread = &perf->threads[number - 1];
	if (thread->comm == event->comm && thread->tgid == event->tgid)
		return;
	*thread = (struct perf_thread) {
		.tid = event->pid, .tgid = event->tgid, .comm = event->comm,
	};
	begun = begin(perf, PERF_RECORD_COMM);
	add(perf, &event->tgid, sizeof(event->tgid));
	add(perf, &event->pid, sizeof(event->pid));
	add_name(perf, event->comm);
	end(perf, begun, (struct trailer) {
		.pid = event->tgid, .tid = event->pid, .time = event->time,
		.cpu = event->cpu,
	});
}

void stackid_perf_add_lost(struct perf_data *perf, uint64_t nr, uint64_t time,
			   uint32_t cpu)
{
	size_t begun = begin(perf, PERF_RECORD_LOST_SAMPLES);

	add_u64(perf, nr);
	end(perf, begun, (struct trailer) { .time = time, .cpu = cpu });
	perf->lost += nr;
}

void stackid_perf_add_round(struct perf_data *perf)
{
	struct perf_event_header header = {
		.type = FINISHED_ROUND, .size = sizeof(header),
	};

	add(perf, &header, sizeof(header));
}
