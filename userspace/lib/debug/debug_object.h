/* SPDX-License-Identifier: GPL-2.0 */
/* A file with debug information: where the functions of a recording lie in it. */
#ifndef STACKID_DEBUG_OBJECT_H
#define STACKID_DEBUG_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct debug_object;

/* Takes @fd.  NULL if it has no debug information. */
struct debug_object *stackid_debug_object_open(const char *name, int fd);
void stackid_debug_object_close(struct debug_object *object);

/*
 * The kernel lies elsewhere each time that it boots, and the sections of a module lie
 * anywhere: a function is found by its name.  Where a file has several functions of a
 * name it is the one that lies as far from where it was recorded as others of its section,
 * which have names of their own.  These are told here beforehand.
 */
void stackid_debug_object_learn(struct debug_object *object,
				const char *function, uint64_t start);
/* True: the function lies at *@address in the file. */
bool stackid_debug_object_find(const struct debug_object *object,
			       const char *function, uint64_t start,
			       uint64_t *address);
/* Are there several of that name? */
bool stackid_debug_object_is_ambiguous(const struct debug_object *object,
				       const char *function);

/*
 * Where an address of the file is in the source: the place itself first, then the calls
 * that have been inlined around it, from the inside to the outside.  @function is NULL for
 * the outermost.  The texts last as long as the object.
 */
#define DEBUG_MAX_PLACES 32
struct debug_place {
	const char *function;
	const char *file;
	unsigned int line;
};

/* Returns how many there are, 0 if nothing is known. */
unsigned int stackid_debug_object_places(const struct debug_object *object,
					 uint64_t address,
					 struct debug_place places[DEBUG_MAX_PLACES]);

#endif /* STACKID_DEBUG_OBJECT_H */
