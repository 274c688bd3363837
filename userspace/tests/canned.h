/* SPDX-License-Identifier: GPL-2.0 */
/* Records and definitions as the kernel would have written them. */
#ifndef STACKID_CANNED_H
#define STACKID_CANNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stackid.h>

struct columns;
struct data_writer;

/* Bytes that grow; records are appended. */
struct canned {
	char *data;
	size_t size;
	size_t room;
	uint32_t count;
	uint64_t first_time;
	uint64_t last_time;
};

/**
 * struct canned_hit - what an event's record says
 * @type: EVENT, EVENT_STACK or EVENT_USER
 */
struct canned_hit {
	unsigned int type;
	uint64_t generation;
	unsigned int event;
	uint32_t id;
	uint32_t pid;
	uint64_t time;
	unsigned int nr_values;
	uint64_t values[STACKID_MAX_VALUES];
};

/**
 * struct canned_stack - what a stack block says
 * @depth: 0 if it is @nr
 */
struct canned_stack {
	uint16_t nr;
	uint16_t flags;
	uint32_t depth;
	uint64_t digest;
	uint64_t pcs[32];
	uint64_t marks;
};

void canned_clear(struct canned *canned);
void canned_free(struct canned *canned);
void canned_append(struct canned *canned, const void *data, size_t size);

void canned_pad(struct canned *canned, size_t size);
/* @stack: for EVENT_STACK. */
void canned_event(struct canned *canned, const struct canned_hit *hit,
		  const struct canned_stack *stack);
/* LOST and GENERATION. */
void canned_number(struct canned *canned, unsigned int type,
		   uint64_t generation, uint64_t time, uint64_t number);
void canned_task(struct canned *canned, uint64_t generation, uint64_t time,
		 uint32_t pid, uint32_t tgid, uint32_t ppid, const char *comm);
void canned_module(struct canned *canned, uint64_t generation, uint64_t time,
		   unsigned int state, const char *name);

/* Puts them into columns as the drain does; false if they are no records. */
bool canned_fill(struct columns *columns, const void *records, size_t size);

/* Ends the chunk; its payload in one piece, to be freed. */
char *canned_join(struct columns *columns, size_t *size);

/* As a chunk whose last record is not after @time.  Forgets them. */
void canned_write(struct canned *canned, struct data_writer *writer,
		  uint32_t cpu, uint64_t generation, uint64_t time);

/* Definitions, as in stacks_raw. */
void canned_definition(struct canned *canned, uint32_t id,
		       const struct canned_stack *stack);

#endif /* STACKID_CANNED_H */
