/* SPDX-License-Identifier: GPL-2.0 */
/* The text of a stack. */
#ifndef STACKID_SCRIPT_STACK_H
#define STACKID_SCRIPT_STACK_H

#include "script_common.h"

/* The lines of the event's stack; adds to script->text. */
void stackid_script_add_frames(struct script *script,
			       const struct data_event *event);
void stackid_script_free_stacks(struct script *script);

#endif /* STACKID_SCRIPT_STACK_H */
