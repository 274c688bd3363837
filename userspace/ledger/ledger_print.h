/* SPDX-License-Identifier: GPL-2.0 */
/* A ledger as text, a value and a name a line. */
#ifndef STACKID_LEDGER_PRINT_H
#define STACKID_LEDGER_PRINT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct data_reader;

/* Unless it is 0, or @zeros. */
void stackid_ledger_print_counter(FILE *out, const char *name, uint64_t value,
				  bool zeros);
/* What a recording added, of @cpu or with DATA_NO_CPU of all. */
void stackid_ledger_print(FILE *out, const struct data_reader *reader,
			  uint32_t cpu, bool zeros);

#endif /* STACKID_LEDGER_PRINT_H */
