/* SPDX-License-Identifier: GPL-2.0 */
/* A recording that another command makes to read it at once. */
#ifndef STACKID_RECORD_OWN_H
#define STACKID_RECORD_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../command.h"
#include "../lib/data/data.h"
#include "../lib/ranges.h"
#include "record_units.h"

/**
 * struct record_own - a member named own of the command's options
 * @pids: as text, NULL if there are none; a recording ends with them
 * @all:  everybody is shown, not only the workload
 */
struct record_own {
	const char *output;
	const char *pids;
	uint64_t buffer_kb;
	bool all;
};

#define RECORD_OWN_OPTION_ROWS(type)					\
	OPTION_STRING('o', "output", type, own.output, "FILE", "file",	\
		      "record to FILE instead of stackid.data; what was there is kept as FILE.old"), \
	OPTION_CALL('m', "mmap-pages", type, own.buffer_kb, "SIZE",	\
		    NULL, stackid_record_take_buffer,			\
		    "record with rings of this size, in pages or with K, M, G")

/*
 * Records @lines of everybody while the workload at argv[@first] runs, or whatever
 * else ends it.  The exit code; *@path is the file if that is whole, else NULL.
 */
int stackid_record_own(const struct record_own *own, const char *command,
		       const char *const *lines, size_t nr, int argc,
		       char **argv, int first, const char **path);

/* Ends the process with a sentence if the options make no sense together. */
void stackid_record_own_check(const struct record_own *own,
			      const struct command *self, const char *input,
			      const char *word);

/*
 * Whose events are to be shown: -p's, or those of the workload that has just been
 * recorded.  None are everybody's.  0, or -1 after a complaint.
 */
int stackid_record_own_choose(const struct record_own *own,
			      const struct data_reader *data, bool workload,
			      struct ranges *who);

#endif /* STACKID_RECORD_OWN_H */
