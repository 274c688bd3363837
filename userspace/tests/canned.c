// SPDX-License-Identifier: GPL-2.0
/* Records and definitions as the kernel would have written them. */
#include <stdlib.h>
#include <string.h>

#include "../lib/buffer.h"
#include "../lib/data/columns.h"
#include "../lib/data/data_write.h"
#include "../lib/memory.h"
#include "canned.h"

void canned_clear(struct canned *canned)
{
	canned->size = 0;
	canned->count = 0;
}

void canned_free(struct canned *canned)
{
	free(canned->data);
	memset(canned, 0, sizeof(*canned));
}

void canned_append(struct canned *canned, const void *data, size_t size)
{
	if (canned->size + size > canned->room) {
		canned->room = 2 * (canned->size + size);
		canned->data = stackid_memory_resize(canned->data, canned->room,
						     1);
	}
	memcpy(canned->data + canned->size, data, size);
	canned->size += size;
}

static void append_head(struct canned *canned, unsigned int type, size_t size,
			const struct canned_hit *hit)
{
	uint64_t time = hit->time & ((1ULL << STACKID_TIME_BITS) - 1);
	uint64_t low = time & ((1ULL << STACKID_TIME_LOW_BITS) - 1);
	struct stackid_record head = {
		.w0 = type | (hit->generation & 0xf) << 4 |
		      (uint64_t)(size / 8) << 8 | (uint64_t)hit->event << 16 |
		      (uint64_t)hit->id << 26 |
		      (time >> STACKID_TIME_LOW_BITS) << 50,
		.w1 = hit->pid | low << STACKID_PID_BITS,
	};

	if (!canned->count)
		canned->first_time = hit->time;
	canned->last_time = hit->time;
	canned->count++;
	canned_append(canned, &head, sizeof(head));
}

void canned_pad(struct canned *canned, size_t size)
{
	uint64_t w0 = STACKID_REC_PAD | (uint64_t)(size / 8) << 8;

	canned_append(canned, &w0, sizeof(w0));
	for (size_t at = sizeof(w0); at < size; at += 8)
		canned_append(canned, "trashed", 8);
}

static size_t block_size(const struct canned_stack *stack)
{
	struct stackid_stack block = {
		.nr = stack->nr,
		.flags = stack->flags,
	};

	return stackid_stack_size(&block);
}

static void append_block(struct canned *canned,
			 const struct canned_stack *stack, uint32_t id)
{
	struct stackid_stack block = {
		.id = id,
		.nr = stack->nr,
		.flags = stack->flags,
		.depth = stack->depth ? stack->depth : stack->nr,
	};
	uint32_t pc;

	canned_append(canned, &block, sizeof(block));
	if (stack->flags & STACKID_STACK_CUT)
		canned_append(canned, &stack->digest, sizeof(stack->digest));
	if (stack->flags & STACKID_STACK_MARKED)
		canned_append(canned, &stack->marks, sizeof(stack->marks));
	if (stack->flags & STACKID_STACK_PC64) {
		canned_append(canned, stack->pcs, 8 * stack->nr);
		return;
	}
	for (int i = 0; i < stack->nr; i++) {
		pc = stack->pcs[i];
		canned_append(canned, &pc, sizeof(pc));
	}
	pc = 0;
	if (stack->nr % 2)
		canned_append(canned, &pc, sizeof(pc));
}

void canned_event(struct canned *canned, const struct canned_hit *hit,
		  const struct canned_stack *stack)
{
	size_t size = sizeof(struct stackid_record);
	unsigned int type = hit->type;

	if (hit->nr_values)
		type |= STACKID_REC_VALUES;
	size += 8 * hit->nr_values;
	if (stack)
		size += block_size(stack);
	append_head(canned, type, size, hit);
	if (stack)
		append_block(canned, stack, 0);
	canned_append(canned, hit->values, 8 * hit->nr_values);
}

void canned_number(struct canned *canned, unsigned int type,
		   uint64_t generation, uint64_t time, uint64_t number)
{
	struct canned_hit hit = { .generation = generation, .time = time };

	append_head(canned, type, sizeof(struct stackid_number_record), &hit);
	canned_append(canned, &number, sizeof(number));
}

void canned_task(struct canned *canned, uint64_t generation, uint64_t time,
		 uint32_t pid, uint32_t tgid, uint32_t ppid, const char *comm)
{
	struct canned_hit hit = {
		.generation = generation,
		.time = time,
		.pid = pid,
	};
	struct stackid_task_record task = { .tgid = tgid, .ppid = ppid };

	append_head(canned, STACKID_REC_TASK, sizeof(task), &hit);
	strncpy(task.comm, comm, sizeof(task.comm) - 1);
	canned_append(canned, (char *)&task + sizeof(task.head),
		      sizeof(task) - sizeof(task.head));
}

void canned_module(struct canned *canned, uint64_t generation, uint64_t time,
		   unsigned int state, const char *name)
{
	struct canned_hit hit = { .generation = generation, .time = time };
	struct stackid_module_record module = {
		.base = 0xffffffffc0000000,
		.size = 0x1000,
		.state = state,
	};

	append_head(canned, STACKID_REC_MODULE, sizeof(module), &hit);
	strncpy(module.name, name, sizeof(module.name) - 1);
	canned_append(canned, (char *)&module + sizeof(module.head),
		      sizeof(module) - sizeof(module.head));
}

bool canned_fill(struct columns *columns, const void *records, size_t size)
{
	const char *end = (const char *)records + size;
	const char *p = records;

	stackid_columns_begin(columns, size);
	while (p < end) {
		const struct stackid_record *record;
		size_t whole;

		p += stackid_columns_repeat(columns, p, end - p);
		record = (const void *)p;
		if ((size_t)(end - p) < sizeof(record->w0))
			break;
		whole = stackid_rec_size(record);
		if (!whole || whole > (size_t)(end - p))
			break;
		if (stackid_rec_type(record) != STACKID_REC_PAD) {
			if (whole < sizeof(*record))
				break;
			stackid_columns_add(columns, record);
		}
		p += whole;
	}
	return p == end;
}

char *canned_join(struct columns *columns, size_t *size)
{
	struct iovec pieces[COLUMNS_PIECES];
	struct buffer whole = { };

	stackid_columns_end(columns, pieces);
	for (int i = 0; i < COLUMNS_PIECES; i++)
		stackid_buffer_add(&whole, pieces[i].iov_base,
				   pieces[i].iov_len);
	*size = whole.size;
	return whole.data;
}

void canned_write(struct canned *canned, struct data_writer *writer,
		  uint32_t cpu, uint64_t generation, uint64_t time)
{
	struct data_chunk chunk = {
		.cpu = cpu,
		.generation = generation,
		.first_time = canned->first_time,
		.time = time,
	};

	canned_fill(stackid_data_begin_chunk(writer, canned->size),
		    canned->data, canned->size);
	stackid_data_end_chunk(writer, &chunk);
	canned_clear(canned);
}

void canned_definition(struct canned *canned, uint32_t id,
		       const struct canned_stack *stack)
{
	struct stackid_def def = {
		.size = sizeof(def) + block_size(stack),
		.type = STACKID_DEF_STACK,
		.id = id,
	};

	canned_append(canned, &def, sizeof(def));
	append_block(canned, stack, id);
}
