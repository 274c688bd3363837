// SPDX-License-Identifier: GPL-2.0
/* What every hash table here shares: the seed. */
#include <string.h>
#include <sys/auxv.h>

#include "hash.h"

uint64_t stackid_hash_seed;

/* The kernel gives every program 16 random bytes. */
static __attribute__((constructor)) void choose_seed(void)
{
	const void *bytes = (const void *)getauxval(AT_RANDOM);

	if (bytes)
		memcpy(&stackid_hash_seed, bytes, sizeof(stackid_hash_seed));
}
