// SPDX-License-Identifier: GPL-2.0
/* The kinds of sources, and what they have in common. */
#include <linux/kernel.h>

#include "../recording/event.h"
#include "source.h"

/* The tracepoints come last: any name with a colon could be one. */
static const struct source_ops *const kinds[] = {
	&stackid_source_perf,
	&stackid_source_kprobe,
	&stackid_source_tracepoint,
};

const struct source_ops *stackid_source_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i]->claims(name))
			return kinds[i];
	return NULL;
}

void stackid_source_list(struct seq_file *m)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		kinds[i]->list(m);
}
