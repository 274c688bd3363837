// SPDX-License-Identifier: GPL-2.0
/* Ids that follow each other need no hash table. */
#include <stdlib.h>
#include <string.h>

#include "../hash.h"
#include "../memory.h"
#include "stack_ids.h"

/* The array has at most so many times as many places as there are ids, and some more. */
#define PLACES_PER_ID	2
#define MORE_PLACES	1024

void stackid_stack_ids_free(struct stack_ids *ids)
{
	free(ids->near);
	stackid_slots_free(&ids->far);
}

static void make_near(struct stack_ids *ids, uint32_t id)
{
	uint32_t room = 2 * ids->nr_near;

	if (room <= id)
		room = id + 1;
	ids->near = stackid_memory_resize(ids->near, room, sizeof(*ids->near));
	memset(ids->near + ids->nr_near, 0,
	       (room - ids->nr_near) * sizeof(*ids->near));
	ids->nr_near = room;
}

void stackid_stack_ids_set(struct stack_ids *ids, uint32_t id, uint32_t index)
{
	if (id >= ids->nr_near &&
	    id <= (uint64_t)PLACES_PER_ID * ids->nr + MORE_PLACES)
		make_near(ids, id);
	ids->nr++;
	if (id < ids->nr_near)
		ids->near[id] = index;
	else
		stackid_slots_set(&ids->far, stackid_hash_u32(id), index);
}

uint32_t stackid_stack_ids_get(const struct stack_ids *ids, uint32_t id)
{
	/* It may have been set while it was far. */
	if (id < ids->nr_near && ids->near[id])
		return ids->near[id];
	return stackid_slots_get(&ids->far, stackid_hash_u32(id));
}
