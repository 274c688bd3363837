/* SPDX-License-Identifier: GPL-2.0 */
/* The sections of a data file that are text, parsed. */
#ifndef STACKID_DATA_TEXT_H
#define STACKID_DATA_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "data.h"
#include "strings.h"

struct data_key {
	const char *key;
	const char *value;
};

struct data_counter {
	const char *name;
	uint32_t cpu;
	uint64_t start;
	uint64_t end;
};

/* All strings are interned in @strings. */
struct data_text {
	struct strings strings;
	struct data_key *keys;
	size_t nr_keys;
	size_t keys_room;
	struct data_event_name *events;	/* by number */
	size_t nr_events;
	size_t events_room;
	struct data_module *modules;
	size_t nr_modules;
	size_t modules_room;
	struct data_counter *counters;
	size_t nr_counters;
	size_t counters_room;
};

void stackid_data_text_init(struct data_text *text);
void stackid_data_text_exit(struct data_text *text);

/*
 * A payload of META, END, EVENTS, MODULES or LEDGER (of @cpu).  Lines that do not
 * fit are passed over: a later version may have reasons for them.
 */
void stackid_data_text_add(struct data_text *text, unsigned int type,
			   uint32_t cpu, const char *payload, size_t size);

#endif /* STACKID_DATA_TEXT_H */
