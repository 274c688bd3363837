/* SPDX-License-Identifier: GPL-2.0 */
/* A file's modules by where they lie. */
#ifndef STACKID_EXPORT_MODULES_H
#define STACKID_EXPORT_MODULES_H

#include <stddef.h>
#include <stdint.h>

#include "../lib/data/data.h"

#define EXPORT_KERNEL	"[kernel.kallsyms]"
#define EXPORT_NOWHERE	UINT32_MAX

/* @order: the file's numbers of those that count, by their addresses */
struct export_modules {
	struct data_reader *data;
	uint32_t *order;
	uint32_t nr;
};

/* All, or with @used those that have symbols in the file, and the kernel. */
void stackid_export_modules_init(struct export_modules *modules,
				 struct data_reader *data, bool used);
void stackid_export_modules_exit(struct export_modules *modules);

/* The file's number of the one that has the address, or EXPORT_NOWHERE. */
uint32_t stackid_export_modules_find(const struct export_modules *modules,
				     uint64_t address);

#endif /* STACKID_EXPORT_MODULES_H */
