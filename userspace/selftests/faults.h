/* SPDX-License-Identifier: GPL-2.0 */
/* The operations that faults.c makes fail. */
#ifndef FAULTS_H
#define FAULTS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct operation - what is to fail once at each of its allocations
 * @name:    for people
 * @run:     does it; 0 or -errno.  Nothing but this is under faults
 * @path:    the file that it is about, or NULL
 * @text:    what is written there
 * @given:   the lines of "events" that are there before
 * @on:      recording is on before
 * @prepare: more of what comes before, or NULL
 * @first:   number of the first allocation that concerns the module, or NULL: 1
 * @verdict: in place of the comparison of what can be read before and after,
 *           where more than that may come of it; @unsaid: error_log is as before
 */
struct operation {
	const char *name;
	int (*run)(const struct operation *op);
	const char *path;
	const char *text;
	const char *given;
	bool on;
	void (*prepare)(const struct operation *op);
	unsigned int (*first)(const struct operation *op);
	bool (*verdict)(const struct operation *op, int ret, bool unsaid);
};

/* Ends with one without a name. */
extern struct operation operations[];

/* @run came as far as to the write(2) that has failed. */
extern bool writing;

void operations_begin(void);
void operations_end(void);
void operation_begin(const struct operation *op);
void operation_end(const struct operation *op);

/* How many allocations it takes. */
unsigned int allocations_of(int (*run)(const struct operation *op),
			    const struct operation *op);

#endif /* FAULTS_H */
