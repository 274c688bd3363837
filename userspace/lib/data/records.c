// SPDX-License-Identifier: GPL-2.0
/* Walking records.  Their format is in include/uapi/stackid.h. */
#include "../hash.h"
#include "records.h"

/* What a record of this type holds at least; 0 if the type is unknown. */
static size_t least_size(unsigned int type)
{
	size_t values = type & STACKID_REC_VALUES ? 8 : 0;

	switch (type & ~STACKID_REC_VALUES) {
	case STACKID_REC_EVENT:
	case STACKID_REC_EVENT_USER:
		return sizeof(struct stackid_record) + values;
	case STACKID_REC_EVENT_STACK:
		return sizeof(struct stackid_record) + values +
		       sizeof(struct stackid_stack);
	case STACKID_REC_LOST:
	case STACKID_REC_GENERATION:
		return values ? 0 : sizeof(struct stackid_number_record);
	case STACKID_REC_TASK:
		return values ? 0 : sizeof(struct stackid_task_record);
	case STACKID_REC_MODULE:
		return values ? 0 : sizeof(struct stackid_module_record);
	}
	return 0;
}

static bool stack_fits(const struct stackid_record *record, size_t size)
{
	const struct stackid_stack *block = stackid_record_stack(record);

	return !block || (block->nr <= STACKID_MAX_DEPTH &&
			  stackid_stack_size(block) <= size - sizeof(*record));
}

/* What is left of its size are values, and there must be 1 to 4. */
static bool values_fit(const struct stackid_record *record, size_t size)
{
	const struct stackid_stack *block = stackid_record_stack(record);
	size_t left = size - sizeof(*record) -
		      (block ? stackid_stack_size(block) : 0);

	return !stackid_record_has_values(record) ||
	       (left >= 8 && left <= 8 * STACKID_MAX_VALUES);
}

enum walk stackid_records_next(struct record_walk *walk,
			       const struct stackid_record **record)
{
	while (walk->position < walk->size) {
		const struct stackid_record *r;
		size_t left = walk->size - walk->position;
		unsigned int type;
		size_t size, least;

		r = (const void *)(walk->data + walk->position);
		if (left < sizeof(r->w0))
			return WALK_WRONG;
		type = stackid_rec_type(r);
		size = stackid_rec_size(r);
		if (!size || size > left)
			return WALK_WRONG;
		if (type == STACKID_REC_PAD) {
			walk->position += size;
			continue;
		}
		least = least_size(type);
		if (size < least || size < sizeof(*r) ||
		    (least && !(stack_fits(r, size) && values_fit(r, size))))
			return WALK_WRONG;
		walk->position += size;
		if (!least)
			continue;

		/* The bits of the others may say nothing. */
		if (stackid_record_is_hit(r))
			walk->generation =
				stackid_rec_full_generation(r, walk->generation);
		else if (type == STACKID_REC_GENERATION)
			walk->generation =
				((const struct stackid_number_record *)r)->number;
		*record = r;
		return WALK_RECORD;
	}
	return WALK_END;
}

uint64_t stackid_block_pc(const struct stackid_stack *block, unsigned int i)
{
	const void *pcs = stackid_stack_pcs(block);

	if (block->flags & STACKID_STACK_PC64)
		return ((const uint64_t *)pcs)[i];
	return 0xffffffff00000000ULL | ((const uint32_t *)pcs)[i];
}

#define WITHOUT_ID offsetof(struct stackid_stack, depth)

uint64_t stackid_block_hash(const struct stackid_stack *block, uint64_t seed)
{
	return stackid_hash_bytes((const char *)block + WITHOUT_ID,
				  stackid_stack_size(block) - WITHOUT_ID, seed);
}

bool stackid_block_equals(const struct stackid_stack *a,
			  const struct stackid_stack *b)
{
	size_t size = stackid_stack_size(a);

	return stackid_stack_size(b) == size &&
	       !memcmp((const char *)a + WITHOUT_ID,
		       (const char *)b + WITHOUT_ID, size - WITHOUT_ID);
}
