/* SPDX-License-Identifier: GPL-2.0 */
/* Signals that end a recording, or its file: looked for between drains, not taken as they come. */
#ifndef STACKID_SIGNALS_H
#define STACKID_SIGNALS_H

#include <stdbool.h>

/**
 * struct signals - caught signals
 * @fd:    readable when one has come; SIGCHLD only wakes up
 * @fatal: SIGINT, SIGTERM or SIGHUP, if one has come; or 0
 * @user:  SIGUSR2 has come, or SIGHUP if that is for @user; whoever sees it makes it
 *         false
 * @hangup_is_user: see above
 */
struct signals {
	int fd;
	int fatal;
	bool user;
	bool hangup_is_user;
};

/*
 * @user: SIGUSR2, too; @service: and SIGHUP is no end, but as that, unless there is a
 * terminal that can hang up.  0, or -1 after a complaint.
 */
int stackid_signals_catch(struct signals *signals, bool user, bool service);
void stackid_signals_take(struct signals *signals);
/* They act again; those that were taken are forgotten. */
void stackid_signals_release(struct signals *signals);

/* As if it had not been caught: for those who look at how a child ended. */
void stackid_signals_die_by(int number);

#endif /* STACKID_SIGNALS_H */
