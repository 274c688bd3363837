/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From hashes to numbers: open addressing, for what lies in an array of its owner.
 *
 * A slot holds the upper half of a hash and the number that was added with it, so
 * entries need to be looked at only where 32 bits agree, and never to make room.
 * Nothing is removed.
 */
#ifndef STACKID_SLOTS_H
#define STACKID_SLOTS_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct slots - a table; one of zeros is empty
 * @at:   upper half of the hash, number in the lower half; 0 is free
 * @nr:   of them, a power of two; at least half of them are free
 * @used: how many are not
 */
struct slots {
	uint64_t *at;
	size_t nr;
	size_t used;
};

/* Frees what it holds, not the struct. */
void stackid_slots_free(struct slots *slots);

/* @number: not 0.  What was added before with the same hash stays. */
void stackid_slots_add(struct slots *slots, uint64_t hash, uint32_t number);

/* It will soon be looked for. */
static inline void stackid_slots_expect(const struct slots *slots, uint64_t hash)
{
	if (slots->nr)
		__builtin_prefetch(&slots->at[hash >> 32 & (slots->nr - 1)]);
}

/*
 * The next of the numbers that may have been added with @hash; 0 after the last.
 * *@step begins as 0.
 */
static inline uint32_t stackid_slots_next(const struct slots *slots,
					  uint64_t hash, size_t *step)
{
	uint32_t half = hash >> 32;

	while (slots->nr) {
		uint64_t slot = slots->at[(half + (*step)++) & (slots->nr - 1)];

		if (slot >> 32 == half || !slot)
			return slot;
	}
	return 0;
}

/*
 * Where hashes differ as soon as what is hashed does, as stackid_hash_u32()'s: the
 * one number of @hash, or 0.
 */
static inline uint32_t stackid_slots_get(const struct slots *slots,
					 uint64_t hash)
{
	size_t step = 0;

	return stackid_slots_next(slots, hash, &step);
}

/* There, the number is @number from now on, whether one was there or not. */
void stackid_slots_set(struct slots *slots, uint64_t hash, uint32_t number);

#endif /* STACKID_SLOTS_H */
