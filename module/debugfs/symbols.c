// SPDX-License-Identifier: GPL-2.0
/* The frames of a stack block as text. */
#include <linux/kernel.h>
#include <linux/string.h>

#include "symbols.h"

const char *stackid_frame_text(struct frame_text *frame,
			       const struct stackid_stack *block,
			       unsigned int i)
{
	void *pc = (void *)stackid_block_pc(block, i);

	snprintf(frame->text, sizeof(frame->text),
		 stackid_stack_is_exact(block, i) ? "%pS" : "%pB", pc);

	/* What has no symbol is printed as its address; no symbol begins so. */
	if (!strncmp(frame->text, "0x", 2) && !frame->show_address)
		strscpy(frame->text, "[unknown]", sizeof(frame->text));
	return frame->text;
}
