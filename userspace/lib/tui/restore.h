/* SPDX-License-Identifier: GPL-2.0 */
/* Taking the terminal back when a signal ends the process. */
#ifndef STACKID_RESTORE_H
#define STACKID_RESTORE_H

/* Before anything is changed: the modes of the terminal on stdout. */
void stackid_restore_remember(void);
/* After ncurses has begun, which knows what it is. */
void stackid_restore_catch(void);
/* After ncurses has ended: signals are as by default. */
void stackid_restore_release(void);

#endif /* STACKID_RESTORE_H */
