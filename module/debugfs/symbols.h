/* SPDX-License-Identifier: GPL-2.0 */
/* The frames of a stack block as text. */
#ifndef _STACKID_SYMBOLS_H
#define _STACKID_SYMBOLS_H

#include <linux/kallsyms.h>
#include <linux/types.h>

#include "../stack.h"

/**
 * struct frame_text - makes text of a block's frames
 * @show_address: the reader has CAP_SYSLOG: an address without a symbol may be
 *                shown.  Set by the owner
 * @text:         the last frame: "__schedule+0x2eb/0x8b0 [module]"
 *
 * Too big for a kernel stack.
 */
struct frame_text {
	bool show_address;
	char text[KSYM_SYMBOL_LEN];
};

/* Task context.  Returns frame->text. */
const char *stackid_frame_text(struct frame_text *frame,
			       const struct stackid_stack *block,
			       unsigned int i);

#endif /* _STACKID_SYMBOLS_H */
