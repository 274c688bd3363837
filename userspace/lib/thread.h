/* SPDX-License-Identifier: GPL-2.0 */
/* Threads that help the one that there was before. */
#ifndef STACKID_THREAD_H
#define STACKID_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Signals stay with the others.  @stack_size: what its stack may grow to, which counts as
 * memory.  False if there can be none.
 */
bool stackid_thread_start(pthread_t *thread, size_t stack_size,
			  void *(*run)(void *arg), void *arg);

#endif /* STACKID_THREAD_H */
