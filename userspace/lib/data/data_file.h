/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A data file as a row of sections: which there are, whole or not, and fetching
 * one.  What they mean is data_read.c's.
 */
#ifndef STACKID_DATA_FILE_H
#define STACKID_DATA_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../compiler.h"
#include "data.h"

/* @payload: position of the zstd frame in the file. */
struct section_place {
	struct data_section head;
	uint64_t payload;
};

/**
 * struct data_file - an open file and its index
 * @sections: in the order of the file, all with right headers and whole frames
 *            (whether a frame's content is right shows when it is loaded)
 * @loaded:   bytes of the payloads that have been loaded, but for chunks
 * @unpacker: NULL if there was no memory for it
 * @place:    of stackid_data_file_name_section()
 * @damaged:  something was wrong or missing; it has been said
 */
struct data_file {
	int fd;
	uint64_t size;
	char *name;
	struct section_place *sections;
	size_t nr_sections;
	size_t room;
	uint64_t loaded;
	struct unpacker *unpacker;
	char place[96];
	bool damaged;
};

/*
 * See stackid_data_open() and stackid_data_open_fd().  0, or -1 after a complaint, and
 * then it is closed.
 */
int stackid_data_file_open(struct data_file *file, const char *path,
			   bool trusted);
int stackid_data_file_open_fd(struct data_file *file, int fd, const char *name,
			      bool trusted);
void stackid_data_file_close(struct data_file *file);
/* All but its memory. */
void stackid_data_file_abandon(struct data_file *file);

/* The payload of .raw_size bytes, to be freed; NULL after a warning. */
void *stackid_data_file_load(struct data_file *file,
			     const struct section_place *section);

/*
 * The same of what does not lie in the file any more, for data_follow.c: whether it
 * is within the limits, false after a warning; and what is @packed in memory, which is
 * freed.
 */
bool stackid_data_file_may_load(struct data_file *file,
				const struct section_place *section);
void *stackid_data_file_unpack(struct data_file *file,
			       const struct section_place *section,
			       void *packed);

/*
 * The process gets no more memory than a recording of @size bytes needs, and as much more
 * for each byte as is returned where stackid_memory_allow() asks for it.
 */
uint64_t stackid_data_file_limit(uint64_t size);

/* Of which @size bytes are there: 0, or -1 after a complaint. */
int stackid_data_file_check(const struct data_file *file,
			    const struct data_file_header *header, size_t size);
/* Its checksum and what a reader relies on. */
bool stackid_data_section_is_right(const struct data_section *head);

/*
 * The same of a chunk, without a word where it is NULL.  Several threads may do so at
 * once, each with an unpacker of its own.
 */
void *stackid_data_file_try(const struct data_file *file,
			    const struct section_place *section,
			    struct unpacker *unpacker);

/* "chunk of CPU 3 at byte 4096", valid until the next call. */
const char *stackid_data_file_name_section(struct data_file *file,
					   const struct section_place *section);

/* A sentence about damage, which is remembered. */
__printf(2, 3)
void stackid_data_file_warn(struct data_file *file, const char *format, ...);

#endif /* STACKID_DATA_FILE_H */
