/* SPDX-License-Identifier: GPL-2.0 */
/* Making rows of a recording: of the events that the options let through, and of the rest. */
#ifndef STACKID_EXPORT_ROWS_H
#define STACKID_EXPORT_ROWS_H

#include <stdint.h>

#include "export_format.h"
#include "export_tables.h"

/* 16 hexadecimal digits. */
#define ROWS_NAME	17

/*
 * What a recording is called for ever, whatever its file is called: a hash of where,
 * when and by whom it was begun.
 */
void stackid_rows_name_recording(const struct export *export,
				 char name[ROWS_NAME]);

/* All rows of all tables.  EXIT_OK, or EXIT_FAILED after a sentence. */
int stackid_rows_write(struct export *export, struct tables_sink *sink);

/*
 * What is to be added to a time in the file to get ns since 1970; 0 if the file does
 * not say.
 */
uint64_t stackid_rows_clock_offset(const struct export *export);

#endif /* STACKID_EXPORT_ROWS_H */
