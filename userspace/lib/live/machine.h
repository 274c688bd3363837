/* SPDX-License-Identifier: GPL-2.0 */
/* What a data file says about the machine: itself, its tasks, its modules. */
#ifndef STACKID_MACHINE_H
#define STACKID_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "../data/data_write.h"
#include "control.h"

/* Another one after each boot; "" if it is not known. */
void stackid_machine_boot_id(char id[40]);

/* META: the keys that do not depend on the recording, and the clocks now. */
int stackid_machine_write_meta(struct data_writer *writer);
/* META: @key with the words of @argv, quoted where they need it. */
int stackid_machine_write_words(struct data_writer *writer, const char *key,
				char *const *argv);

/* TASKS: from /proc.  Tasks that go away meanwhile are passed over. */
int stackid_machine_write_tasks(struct data_writer *writer);

/* MODULES, with build-ids.  @start and @end: of the kernel's own text. */
int stackid_machine_write_modules(struct data_writer *writer, uint64_t start,
				  uint64_t end);

#endif /* STACKID_MACHINE_H */
