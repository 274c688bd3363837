/* SPDX-License-Identifier: GPL-2.0 */
/* What an event of a data file was recorded with. */
#ifndef STACKID_SOURCES_H
#define STACKID_SOURCES_H

#include <stdbool.h>

#include "../data/data.h"

/* The event's value by the first of @names that it has, of several by blanks; or -1. */
int stackid_sources_value(const struct data_event_name *event,
			  const char *names);

/* Whether it is only of some threads, or has a condition. */
bool stackid_sources_is_part(const struct data_event_name *event);

#endif /* STACKID_SOURCES_H */
