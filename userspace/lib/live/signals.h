/* SPDX-License-Identifier: GPL-2.0 */
/* Signals that end a recording: looked for between drains, not taken as they come. */
#ifndef STACKID_SIGNALS_H
#define STACKID_SIGNALS_H

/**
 * struct signals - caught signals
 * @fd:    readable when one has come; SIGCHLD only wakes up
 * @fatal: SIGINT, SIGTERM or SIGHUP, if one has come; or 0
 */
struct signals {
	int fd;
	int fatal;
};

/* 0, or -1 after a complaint. */
int stackid_signals_catch(struct signals *signals);
void stackid_signals_take(struct signals *signals);

/* As if it had not been caught: for those who look at how a child ended. */
void stackid_signals_die_by(int number);

#endif /* STACKID_SIGNALS_H */
