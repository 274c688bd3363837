/* SPDX-License-Identifier: GPL-2.0 */
/* The line of an event, from the words of who asks to those of the module. */
#ifndef STACKID_EVENT_LINE_H
#define STACKID_EVENT_LINE_H

/*
 * In value= and if= of @line, names of arguments and of their members become
 * places: "kmem:kmalloc value=bytes_alloc" is "kmem:kmalloc
 * value=bytes_alloc=arg4".  A newline at its end stays.  To be freed; NULL after a
 * complaint.
 */
char *stackid_event_line_resolve(const char *line);

/*
 * With a further condition, such as perf's --filter takes: blanks do not matter.  To
 * be freed; NULL after a complaint.
 */
char *stackid_event_line_add_filter(const char *line, const char *filter);

#endif /* STACKID_EVENT_LINE_H */
