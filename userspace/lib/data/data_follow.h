/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A reader of what is being written: a pipe, or a file that grows.  Its events come in
 * the order of time as far as the marks in the file allow, see MARK in data.h; without
 * marks they come at the end.  It cannot be rewound and knows no span.
 */
#ifndef STACKID_DATA_FOLLOW_H
#define STACKID_DATA_FOLLOW_H

#include "data.h"

/*
 * @path: "-" is stdin.  Returns when the names of the events are there.  NULL after a
 * complaint.
 */
struct data_reader *stackid_data_follow_open(const char *path);
/* @idle is called whenever there is nothing to read yet; not before this is. */
void stackid_data_follow_idle(struct data_reader *reader,
			      void (*idle)(void *own), void *own);

/* For stackid_data_next() and stackid_data_close(). */
bool stackid_data_follow_next(struct data_reader *reader,
			      struct data_event *event);
void stackid_data_follow_free(struct data_reader *reader);

#endif /* STACKID_DATA_FOLLOW_H */
