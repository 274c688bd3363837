/* SPDX-License-Identifier: GPL-2.0 */
/* The last refusals, for the file error_log. */
#ifndef _STACKID_ERROR_LOG_H
#define _STACKID_ERROR_LOG_H

#include <linux/types.h>

#include "../refusal.h"

struct error_log;
struct seq_file;

#define STACKID_ERROR_LOG_ENTRIES	8

/* NULL if there is no memory. */
struct error_log *stackid_error_log_create(void);
void stackid_error_log_destroy(struct error_log *log);

/*
 * Task context.  @file: its name, a string that stays.  @command: what was
 * written, in whatever bytes it came; NULL if it was the opening that was
 * refused.
 */
void stackid_error_log_add(struct error_log *log, const char *file,
			   const char *command, size_t len,
			   const struct refusal *why);
void stackid_error_log_show(struct error_log *log, struct seq_file *m);

#endif /* _STACKID_ERROR_LOG_H */
