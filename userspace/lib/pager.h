/* SPDX-License-Identifier: GPL-2.0 */
/* What stdout is: a terminal, a pager before one, or something without eyes. */
#ifndef STACKID_PAGER_H
#define STACKID_PAGER_H

#include <stdbool.h>

/*
 * If stdout is a terminal: sends what is written to it from now on through
 * $STACKID_PAGER, else $PAGER, else less.  An empty one or "cat" is none.  The
 * pager is waited for when the process exits.
 */
void stackid_pager_start(void);

/* Whether that would start one. */
bool stackid_pager_may_start(void);

/* Whether a pager has been started. */
bool stackid_pager_running(void);

/* To be asked before the pager starts.  $NO_COLOR says no. */
bool stackid_terminal_colours(void);

/* Columns of the terminal on stdout, 0 if it is none: then nothing is cut. */
unsigned int stackid_terminal_width(void);

#endif /* STACKID_PAGER_H */
