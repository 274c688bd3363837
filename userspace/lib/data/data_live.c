// SPDX-License-Identifier: GPL-2.0
/* A reader without a file. */
#include "../memory.h"
#include "data_live.h"
#include "data_reader.h"

struct data_reader *stackid_data_live_open(void)
{
	struct data_reader *reader = stackid_memory_zalloc(1, sizeof(*reader));

	reader->file.fd = -1;
	stackid_data_init(reader);
	return reader;
}

bool stackid_data_live_take(struct data_reader *reader,
			    enum data_section_type type, uint32_t cpu,
			    uint64_t generation, const void *payload,
			    size_t size)
{
	struct data_section head = {
		.type = type,
		.cpu = cpu,
		.generation = generation,
		.raw_size = size,
	};

	return stackid_data_take_payload(reader, &head, payload);
}

uint32_t stackid_data_live_inline(struct data_reader *reader,
				  uint64_t generation,
				  const struct stackid_stack *block)
{
	return stackid_stacks_intern(&reader->stacks, generation, block);
}

uint32_t stackid_data_live_id(struct data_reader *reader, uint64_t generation,
			      uint32_t id)
{
	uint32_t index = stackid_stacks_by_id(&reader->stacks, generation, id);

	if (!index)
		index = stackid_stacks_stand_in(&reader->stacks, generation,
						id);
	return index;
}
