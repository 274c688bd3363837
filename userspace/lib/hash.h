/* SPDX-License-Identifier: GPL-2.0 */
/* What every hash table here shares. */
#ifndef STACKID_HASH_H
#define STACKID_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Different in every process: a file could be made so that all that it holds
 * falls into one slot of a hash that its maker knows.
 */
extern uint64_t stackid_hash_seed;

static inline uint64_t stackid_hash_u64(uint64_t x)
{
	x ^= stackid_hash_seed;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	return x ^ x >> 32;
}

/* In the upper half; numbers that differ have hashes that differ. */
static inline uint64_t stackid_hash_u32(uint32_t x)
{
	x ^= stackid_hash_seed;
	x ^= x >> 16;
	x *= 0x7feb352d;
	x ^= x >> 15;
	x *= 0x846ca68b;
	return (uint64_t)(x ^ x >> 16) << 32;
}

static inline uint64_t stackid_hash_mix(uint64_t hash, uint64_t value)
{
	return stackid_hash_u64(hash ^ value);
}

static inline uint64_t stackid_hash_bytes(const void *data, size_t size,
					  uint64_t seed)
{
	const unsigned char *p = data;
	uint64_t hash = stackid_hash_u64(seed + size);
	uint64_t word;

	for (; size >= 8; size -= 8, p += 8) {
		memcpy(&word, p, 8);
		hash = stackid_hash_mix(hash, word);
	}
	word = 0;
	/* An empty one may have no place at all. */
	if (size)
		memcpy(&word, p, size);
	return stackid_hash_mix(hash, word);
}

#endif /* STACKID_HASH_H */
