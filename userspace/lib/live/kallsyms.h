/* SPDX-License-Identifier: GPL-2.0 */
/* /proc/kallsyms as it was at one moment: from an address to a symbol. */
#ifndef STACKID_KALLSYMS_H
#define STACKID_KALLSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kallsyms;

/* @name and @module last as long as the snapshot; "" is the kernel itself. */
struct kernel_symbol {
	uint64_t start;
	const char *name;
	const char *module;
};

/*
 * Reading takes a while, longer than a ring may have room for, so it is done by
 * steps: begin, step until it returns 0.  begin returns NULL, step -1 after a
 * complaint.  @kallsyms and @modules: the files' names.
 */
struct kallsyms *stackid_kallsyms_begin(const char *kallsyms,
					const char *modules);
int stackid_kallsyms_step(struct kallsyms *kallsyms);
void stackid_kallsyms_destroy(struct kallsyms *kallsyms);

/* Do all addresses read as 0, because kptr_restrict hides them? */
bool stackid_kallsyms_hidden(const struct kallsyms *kallsyms);
size_t stackid_kallsyms_count(const struct kallsyms *kallsyms);
/* Of the kernel's own text; 0 where it is not known. */
void stackid_kallsyms_kernel(const struct kallsyms *kallsyms, uint64_t *start,
			     uint64_t *end);

/*
 * The name of text that is nearest to @name, which is none, by edit distance; NULL if
 * none is near.
 */
const char *stackid_kallsyms_nearest(const struct kallsyms *kallsyms,
				     const char *name);

/* The symbol that @address lies in; false if there is none. */
bool stackid_kallsyms_find(const struct kallsyms *kallsyms, uint64_t address,
			   struct kernel_symbol *symbol);

#endif /* STACKID_KALLSYMS_H */
