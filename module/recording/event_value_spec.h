/* SPDX-License-Identifier: GPL-2.0 */
/* value= and if= of a line of the file "events", as text. */
#ifndef _STACKID_EVENT_VALUE_SPEC_H
#define _STACKID_EVENT_VALUE_SPEC_H

struct event_spec;
struct parser;
struct seq_file;
struct word;

/* "arg4,pid=arg3+1256:s32"; 0, or a negative errno with the parser's @why. */
int stackid_event_values_parse(struct parser *p, struct event_spec *spec,
			       const struct word *text);
/* "arg4>4096&&arg5&0x10" */
int stackid_event_conditions_parse(struct parser *p, struct event_spec *spec,
				   const struct word *text);

/* " value=..." and " if=...", where there are any. */
void stackid_event_values_print(struct seq_file *m,
				const struct event_spec *spec);

#endif /* _STACKID_EVENT_VALUE_SPEC_H */
