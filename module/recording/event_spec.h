/* SPDX-License-Identifier: GPL-2.0 */
/* The lines of the file "events", as text. */
#ifndef _STACKID_EVENT_SPEC_H
#define _STACKID_EVENT_SPEC_H

#include "../refusal.h"
#include "event.h"

struct seq_file;

/* Room for the longest line and a NUL; any valid line is shorter. */
#define STACKID_EVENT_LINE_SIZE	1024

enum event_verb {
	EVENT_NOTHING,	/* blanks or a comment */
	EVENT_ADD,
	EVENT_REMOVE,
};

/**
 * struct event_line - a line that was understood
 * @verb:    what is asked for
 * @spec:    of what; a removal has only a name
 * @name_at: where in the line the name stands, for a caret
 * @pid_at:  where the first pid= or tid= stands, -1 if there is none
 */
struct event_line {
	enum event_verb verb;
	struct event_spec spec;
	int name_at;
	int pid_at;
};

/*
 * @line need not end in a NUL and has no newline.  0, or a negative errno with
 * @why.
 */
int stackid_event_spec_parse(const char *line, size_t len,
			     struct event_line *parsed, struct refusal *why);

/* As it can be written back; without a newline. */
void stackid_event_spec_print(struct seq_file *m,
			      const struct event_spec *spec);

#endif /* _STACKID_EVENT_SPEC_H */
