/* SPDX-License-Identifier: GPL-2.0 */
/* Arrays that grow by one. */
#ifndef STACKID_ARRAY_H
#define STACKID_ARRAY_H

#include "memory.h"

/* Room for one more of @size bytes after @nr; *room is kept here, from 0. */
static inline void *stackid_array_grow(void *array, size_t nr, size_t *room,
				       size_t size)
{
	if (nr < *room)
		return array;
	*room = *room ? *room * 2 : 16;
	return stackid_memory_resize(array, *room, size);
}

/* The same, with @array set anew: they are names of variables or members. */
#define stackid_array_reserve(array, nr, room)				\
	((array) = stackid_array_grow(array, nr, &(room), sizeof(*(array))))

#endif /* STACKID_ARRAY_H */
