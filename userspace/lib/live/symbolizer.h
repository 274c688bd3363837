/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The recorder's side of symbols: from the PCs of stacks to SYMBOLS sections.
 * Each PC of a generation is looked up once, with the kallsyms of its time.
 */
#ifndef STACKID_SYMBOLIZER_H
#define STACKID_SYMBOLIZER_H

#include <stdbool.h>
#include <stdint.h>
#include <stackid.h>

#include "../data/data_write.h"

struct symbolizer;

/* NULL after a complaint; reads kallsyms once. */
struct symbolizer *stackid_symbolizer_create(void);
void stackid_symbolizer_destroy(struct symbolizer *symbolizer);

/* Does kptr_restrict hide the addresses? */
bool stackid_symbolizer_blind(const struct symbolizer *symbolizer);
/* The function that was probably meant, or NULL. */
const char *stackid_symbolizer_nearest(const struct symbolizer *symbolizer,
				       const char *name);
/* The kernel's own text; 0 where it is not known. */
void stackid_symbolizer_kernel(const struct symbolizer *symbolizer,
			       uint64_t *start, uint64_t *end);

/*
 * Modules came or went: read kallsyms again.  Goes on in steps: call step until
 * it returns false.  Until then add nothing.
 */
void stackid_symbolizer_refresh(struct symbolizer *symbolizer);
bool stackid_symbolizer_step(struct symbolizer *symbolizer);

/* The PCs of a stack. */
void stackid_symbolizer_add(struct symbolizer *symbolizer, uint64_t generation,
			    const struct stackid_stack *block);

/* Another file begins: it gets only the PCs that are added from now on. */
void stackid_symbolizer_forget(struct symbolizer *symbolizer);

/* SYMBOLS sections of what is new since the last time. */
int stackid_symbolizer_write(struct symbolizer *symbolizer,
			     struct data_writer *writer);

#endif /* STACKID_SYMBOLIZER_H */
