/* SPDX-License-Identifier: GPL-2.0 */
/* What a command exits with. */
#ifndef STACKID_EXIT_CODE_H
#define STACKID_EXIT_CODE_H

/*
 * record passes its workload's code through instead, and commands that die by a
 * signal have that in their status.
 */
enum exit_code {
	EXIT_OK		= 0,
	EXIT_FAILED	= 1,	/* a sentence on stderr says why */
	EXIT_DAMAGED	= 2,	/* the data file is cut off or corrupted; what
				 * is whole was shown, stderr names the rest
				 */
	EXIT_LOSS	= 3,	/* --strict-loss, and events were lost */
	EXIT_USAGE	= 129,	/* wrong options, as git and perf have it */
};

#endif /* STACKID_EXIT_CODE_H */
