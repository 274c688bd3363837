// SPDX-License-Identifier: GPL-2.0
/* A ledger as text. */
#include <inttypes.h>

#include "../lib/data/data.h"
#include "ledger_print.h"

void stackid_ledger_print_counter(FILE *out, const char *name, uint64_t value,
				  bool zeros)
{
	if (value || zeros)
		fprintf(out, "%20" PRIu64 "  %s\n", value, name);
}

void stackid_ledger_print(FILE *out, const struct data_reader *reader,
			  uint32_t cpu, bool zeros)
{
	uint64_t start, end;
	const char *name;

	for (unsigned int i = 0; stackid_data_ledger_at(reader, cpu, i, &name,
							&start, &end); i++) {
		/* What is no counter but a level has only its last value. */
		stackid_ledger_print_counter(out, name, end < start ?
					     end : end - start, zeros);
	}
}
