/* SPDX-License-Identifier: GPL-2.0 */
/* What a mistyped event name was meant to be. */
#ifndef _STACKID_SUGGEST_H
#define _STACKID_SUGGEST_H

#include "../refusal.h"

/*
 * Append the nearest of the names in available_events to the refusal, if one is
 * near enough.  Task context, may sleep; under recording->lock, as the sources'
 * lists ask for.
 */
void stackid_suggest_event(const char *name, struct refusal *why);

#endif /* _STACKID_SUGGEST_H */
