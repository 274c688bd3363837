/* SPDX-License-Identifier: GPL-2.0 */
/* A reader without a file: what it knows comes while it is used.  It has no events. */
#ifndef STACKID_DATA_LIVE_H
#define STACKID_DATA_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "data.h"

struct stackid_stack;

/* To be closed by stackid_data_close(). */
struct data_reader *stackid_data_live_open(void);

/*
 * A section as stackid_data_write() would write it.  Symbols go before the stacks
 * that have them.  False if it contradicts itself.
 */
bool stackid_data_live_take(struct data_reader *reader,
			    enum data_section_type type, uint32_t cpu,
			    uint64_t generation, const void *payload,
			    size_t size);

/* The index of a stack that travelled inline, now that it has symbols. */
uint32_t stackid_data_live_inline(struct data_reader *reader,
				  uint64_t generation,
				  const struct stackid_stack *block);
/* Of an id, which is without frames if nothing has defined it. */
uint32_t stackid_data_live_id(struct data_reader *reader, uint64_t generation,
			      uint32_t id);

#endif /* STACKID_DATA_LIVE_H */
