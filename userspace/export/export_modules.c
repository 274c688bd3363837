// SPDX-License-Identifier: GPL-2.0
/* A file's modules by where they lie. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/memory.h"
#include "../lib/strings.h"
#include "export_modules.h"

static int compare(const void *a, const void *b, void *data)
{
	uint64_t x = stackid_data_module(data, *(const uint32_t *)a)->base;
	uint64_t y = stackid_data_module(data, *(const uint32_t *)b)->base;

	return (x > y) - (x < y);
}

/* The modules that symbols name, as these do it: "[ext4]". */
static struct strings collect_used(struct data_reader *data)
{
	struct strings used = { };
	uint32_t nr = stackid_data_nr_symbols(data);

	for (uint32_t i = 0; i < nr; i++)
		stackid_strings_intern(&used,
				       stackid_data_symbol(data, i)->module);
	return used;
}

static bool is_used(struct strings *used, size_t nr_used, const char *name)
{
	char text[DATA_MAX_MODULE + 3];
	uint32_t number;

	if (!strcmp(name, EXPORT_KERNEL))
		return true;
	snprintf(text, sizeof(text), "[%s]", name);
	stackid_strings_number(used, text, &number);
	return number < nr_used;
}

void stackid_export_modules_init(struct export_modules *modules,
				 struct data_reader *data, bool used_only)
{
	uint32_t nr = stackid_data_nr_modules(data);
	struct strings used = { };
	size_t nr_used;

	*modules = (struct export_modules) {
		.data = data,
		.order = stackid_memory_zalloc(nr + 1, sizeof(uint32_t)),
	};
	if (used_only)
		used = collect_used(data);
	nr_used = used.nr;
	for (uint32_t i = 0; i < nr; i++) {
		if (!used_only ||
		    is_used(&used, nr_used, stackid_data_module(data, i)->name))
			modules->order[modules->nr++] = i;
	}
	stackid_strings_exit(&used);
	qsort_r(modules->order, modules->nr, sizeof(*modules->order), compare,
		data);
}

void stackid_export_modules_exit(struct export_modules *modules)
{
	free(modules->order);
}

/* The last one that does not begin behind it, if that has it. */
uint32_t stackid_export_modules_find(const struct export_modules *modules,
				     uint64_t address)
{
	uint32_t from = 0, to = modules->nr;
	const struct data_module *module;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;

		module = stackid_data_module(modules->data,
					     modules->order[middle]);
		if (module->base <= address)
			from = middle + 1;
		else
			to = middle;
	}
	if (!from)
		return EXPORT_NOWHERE;
	module = stackid_data_module(modules->data, modules->order[from - 1]);
	return address - module->base < module->size ?
	       modules->order[from - 1] : EXPORT_NOWHERE;
}
