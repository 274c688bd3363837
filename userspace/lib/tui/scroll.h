/* SPDX-License-Identifier: GPL-2.0 */
/* A window of some lines on a long list, with one line chosen. */
#ifndef STACKID_SCROLL_H
#define STACKID_SCROLL_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct scroll - where a list is looked at
 * @nr:     its lines
 * @at:     the chosen one
 * @top:    the first that is shown
 * @height: how many are shown, at least 1
 */
struct scroll {
	size_t nr;
	size_t at;
	size_t top;
	size_t height;
};

/* After a change of any member: the chosen line is there and shown. */
void stackid_scroll_fit(struct scroll *scroll);

/* False if it is no key that moves. */
bool stackid_scroll_key(struct scroll *scroll, int key);

#endif /* STACKID_SCROLL_H */
