// SPDX-License-Identifier: GPL-2.0
/* A stack as lines of text. */
#include <inttypes.h>
#include <stdio.h>

#include "stack_text.h"

static void print_frame(const struct data_reader *data,
			const struct data_frame *frame, const char *lead)
{
	if (frame->symbol)
		printf("            %s%s\n", lead,
		       stackid_data_symbol(data, frame->symbol)->name);
	else
		printf("            %s0x%" PRIx64 "\n", lead, frame->pc);
}

void stackid_stack_text_print(const struct data_reader *data, uint32_t stack,
			      const char *lead, bool reverse)
{
	const struct data_stack *of = stack ? stackid_data_stack(data, stack) :
					      NULL;
	bool cut;

	if (!of || !of->nr) {
		printf("            %s%s\n", lead, of && of->undefined ?
						   "[unknown]" : "[no stack]");
		return;
	}
	cut = of->depth > of->nr;
	if (cut && !reverse) {
		printf("            %s[cut]\n", lead);
		lead = "   ";
	}
	for (uint32_t i = 0; i < of->nr; i++) {
		print_frame(data, stackid_data_frame(of, reverse ? i : of->nr - 1 - i),
			    lead);
		lead = "   ";
	}
	if (cut && reverse)
		printf("            %s[cut]\n", lead);
}
