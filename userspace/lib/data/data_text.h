/* SPDX-License-Identifier: GPL-2.0 */
/* The sections of a data file that are text, parsed. */
#ifndef STACKID_DATA_TEXT_H
#define STACKID_DATA_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stackid.h>

#include "../strings.h"
#include "data.h"

struct data_key {
	const char *key;
	const char *value;
};

/* @order: in the file */
struct data_counter {
	const char *name;
	uint32_t cpu;
	size_t order;
	uint64_t start;
	uint64_t end;
};

/**
 * struct data_text - what they say
 * @strings:      all but the keys and the names of modules
 * @key_names:    a key's number there is its index in @keys
 * @module_names: a module's there is its index in @modules
 * @events:       by number
 * @places:       by number: index in @events + 1, or 0
 * @counters:     by CPU, once all is added
 */
struct data_text {
	struct strings strings;
	struct strings key_names;
	struct strings module_names;
	struct data_key *keys;
	size_t nr_keys;
	size_t keys_room;
	struct data_event_name *events;
	size_t nr_events;
	size_t events_room;
	uint16_t places[STACKID_MAX_EVENT + 1];
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
/* After the last one. */
void stackid_data_text_finish(struct data_text *text);

/* The counters of a CPU. */
const struct data_counter *
stackid_data_text_counters(const struct data_text *text, uint32_t cpu,
			   size_t *nr);

#endif /* STACKID_DATA_TEXT_H */
