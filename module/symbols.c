// SPDX-License-Identifier: GPL-2.0
/* The frames of a stack block as text. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "symbols.h"

/*
 * Is this the kernel's entry code of an interrupt or exception?  The PC after
 * it is the interrupted instruction.  The block does not tell; the names of
 * these stubs on x86-64 do.
 */
static bool is_interrupt_entry(const char *symbol)
{
	static const char * const prefixes[] = {
		"asm_sysvec_",
		"asm_common_interrupt",
		"asm_exc_",
		"asm_fred_",
		"end_repeat_nmi",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++)
		if (!strncmp(symbol, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

const char *stackid_frame_text(struct frame_text *frame,
			       const struct stackid_stack *block,
			       unsigned int i)
{
	void *pc = (void *)stackid_block_pc(block, i);

	if (!i)
		frame->exact_next = block->flags & STACKID_STACK_EXACT;

	snprintf(frame->text, sizeof(frame->text),
		 frame->exact_next ? "%pS" : "%pB", pc);
	frame->exact_next = is_interrupt_entry(frame->text);

	/* What has no symbol is printed as its address; no symbol begins so. */
	if (!strncmp(frame->text, "0x", 2) && !frame->show_address)
		strscpy(frame->text, "[unknown]", sizeof(frame->text));
	return frame->text;
}
