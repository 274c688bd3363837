/* SPDX-License-Identifier: GPL-2.0 */
/* The text of an event, as stackid script prints it. */
#ifndef STACKID_SCRIPT_EVENT_H
#define STACKID_SCRIPT_EVENT_H

#include "script_common.h"

/* Each adds to script->text. */
void stackid_script_add_event(struct script *script,
			      const struct data_event *event);
void stackid_script_add_lost(struct script *script,
			     const struct data_event *event);

/* Frees what it holds, not the struct. */
void stackid_script_free(struct script *script);

#endif /* STACKID_SCRIPT_EVENT_H */
