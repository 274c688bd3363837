/* SPDX-License-Identifier: GPL-2.0 */
/* Writing a data file, front to back.  The format is in data.h. */
#ifndef STACKID_DATA_WRITE_H
#define STACKID_DATA_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data.h"

struct columns;
struct data_writer;

/*
 * Writes the file's header to @fd, which stays the caller's.  NULL after a
 * complaint.  A write that fails complains once; everything after it returns -1
 * without another word.
 */
struct data_writer *stackid_data_create(int fd);
/*
 * One that has a header and whole sections up to @position, behind which the next one
 * gets the number @sequence; what else there is goes.
 */
struct data_writer *stackid_data_resume(int fd, uint64_t position,
					uint32_t sequence);
/*
 * No file: each section, as it would be written, goes to @take, whose 0 or -1 is what
 * stackid_data_write() returns.  There are no chunks.
 */
typedef int data_take(void *context, enum data_section_type type, uint32_t cpu,
		      uint64_t generation, const void *payload, size_t size);
struct data_writer *stackid_data_create_into(data_take *take, void *context);
/*
 * The file is the caller's own, and so many bytes of the disk are kept for what stands
 * behind the events.  When a chunk would need them it is not written, which is no failure:
 * the writer is full, stackid_data_end_chunk() returns -1 from then on, and the other
 * sections may use what was kept.
 */
void stackid_data_keep_room(struct data_writer *writer, uint64_t bytes);
bool stackid_data_full(const struct data_writer *writer);
/* 0, or -1 if anything failed since create. */
int stackid_data_destroy(struct data_writer *writer);

/* Any section but a chunk. */
int stackid_data_write(struct data_writer *writer, enum data_section_type type,
		       uint32_t cpu, uint64_t generation, const void *payload,
		       size_t size);

/* A MARK. */
int stackid_data_write_mark(struct data_writer *writer, uint64_t time);

/**
 * struct data_chunk - what the head of a chunk says
 * @generation: full number of the first record's
 * @first_time: of the first record
 * @time:       not before the last record
 */
struct data_chunk {
	uint32_t cpu;
	uint64_t generation;
	uint64_t first_time;
	uint64_t time;
};

/*
 * A chunk of at most @size bytes of records, which the caller puts into the columns
 * one by one.  If there are none, nothing is written.
 */
struct columns *stackid_data_begin_chunk(struct data_writer *writer,
					 size_t size);
int stackid_data_end_chunk(struct data_writer *writer,
			   const struct data_chunk *chunk);

/**
 * struct data_resolved - a PC and what symbol it lies in
 * @start:  of the symbol
 * @name:   NULL if there is none
 * @module: "" for the kernel itself
 */
struct data_resolved {
	uint64_t pc;
	bool exact;
	uint64_t start;
	const char *name;
	const char *module;
};

/* Sorts @pcs. */
int stackid_data_write_symbols(struct data_writer *writer, uint64_t generation,
			       struct data_resolved *pcs, size_t nr);

/* Bytes so far. */
uint64_t stackid_data_written(const struct data_writer *writer);

#endif /* STACKID_DATA_WRITE_H */
