/* SPDX-License-Identifier: GPL-2.0 */
/* The command behind "--": forked first, let go when all is ready. */
#ifndef STACKID_WORKLOAD_H
#define STACKID_WORKLOAD_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * struct workload - a child
 * @go:     closing it without a word makes the child exit instead
 * @failed: gives the errno of a failed exec
 * @ended:  it has been waited for; @status says how
 */
struct workload {
	pid_t pid;
	int go;
	int failed;
	bool ended;
	int status;
};

/*
 * Whether there is such a command, as execvp() looks for it: EXIT_OK, or what to
 * exit with after a complaint.
 */
int stackid_workload_find(const char *name);

/* The child waits for stackid_workload_start().  -1 after a complaint. */
int stackid_workload_fork(struct workload *workload, char **argv);
/*
 * EXIT_OK, or what to exit with after a complaint: 127 if there is no such
 * command, 126 if it cannot be run.
 */
int stackid_workload_start(struct workload *workload, const char *name);

/* True if it has ended by now. */
bool stackid_workload_poll(struct workload *workload);
/* Ends it if it still runs or waits. */
void stackid_workload_stop(struct workload *workload);

/* What a shell would make of its status. */
int stackid_workload_exit_code(const struct workload *workload);

#endif /* STACKID_WORKLOAD_H */
