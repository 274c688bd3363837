// SPDX-License-Identifier: GPL-2.0
/* The last refusals, for the file error_log. */
#include <linux/ctype.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "error_log.h"

/* Longer commands are cut; an event with all options fits. */
#define COMMAND_SIZE	240

struct entry {
	u64 time;
	const char *file;
	struct refusal why;
	bool opening;
	bool cut;
	char command[COMMAND_SIZE];
};

/**
 * struct error_log - the last refusals
 * @nr:      refusals so far
 * @entries: refusal number n stands in place n modulo their count
 */
struct error_log {
	/** @lock: protects the rest; task context, innermost */
	struct mutex lock;
	u64 nr;
	struct entry entries[STACKID_ERROR_LOG_ENTRIES];
};

struct error_log *stackid_error_log_create(void)
{
	struct error_log *log = kzalloc(sizeof(*log), GFP_KERNEL);

	if (log)
		mutex_init(&log->lock);
	return log;
}

void stackid_error_log_destroy(struct error_log *log)
{
	kfree(log);
}

/* One byte stays one byte, so that the caret stays under its word. */
static void sanitise(char *to, const char *from, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = from[i];

		if (c == '\t')
			to[i] = ' ';
		else
			to[i] = isascii(c) && isprint(c) ? c : '?';
	}
	to[len] = '\0';
}

void stackid_error_log_add(struct error_log *log, const char *file,
			   const char *command, size_t len,
			   const struct refusal *why)
{
	struct entry *e;

	while (len && command[len - 1] == '\n')
		len--;

	mutex_lock(&log->lock);
	e = &log->entries[log->nr++ % STACKID_ERROR_LOG_ENTRIES];
	e->time = ktime_get_ns();
	e->file = file;
	e->why = *why;
	e->opening = !command;
	e->cut = len > COMMAND_SIZE - 1;
	sanitise(e->command, command, min_t(size_t, len, COMMAND_SIZE - 1));
	mutex_unlock(&log->lock);
}

static void show_entry(struct seq_file *m, const struct entry *e)
{
	u32 ns;
	u64 s = div_u64_rem(e->time, NSEC_PER_SEC, &ns);

	seq_printf(m, "[%5llu.%06u] stackid %s: error: %s\n", s, ns / 1000,
		   e->file, e->why.text);
	if (e->opening)
		return;

	seq_printf(m, "  Command: %s%s\n", e->command, e->cut ? "..." : "");
	if (e->why.caret >= 0 && e->why.caret < COMMAND_SIZE)
		seq_printf(m, "           %*s^\n", e->why.caret, "");
}

void stackid_error_log_show(struct error_log *log, struct seq_file *m)
{
	u64 i;

	mutex_lock(&log->lock);
	i = log->nr - min_t(u64, log->nr, STACKID_ERROR_LOG_ENTRIES);
	for (; i < log->nr; i++)
		show_entry(m, &log->entries[i % STACKID_ERROR_LOG_ENTRIES]);
	mutex_unlock(&log->lock);
}
