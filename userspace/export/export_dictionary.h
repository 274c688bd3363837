/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What events refer to, each written once, when the first event comes that needs it:
 * stacks with their frames, functions, threads, events' names.
 */
#ifndef STACKID_EXPORT_DICTIONARY_H
#define STACKID_EXPORT_DICTIONARY_H

#include <stdbool.h>
#include <stdint.h>

#include <stackid.h>

#include "../lib/buffer.h"
#include "../lib/slots.h"
#include "../lib/strings.h"
#include "../reading.h"
#include "export_tables.h"

/* 128 bits in hexadecimal digits. */
#define DICTIONARY_DIGEST	33

struct dictionary_stack {
	char digest[DICTIONARY_DIGEST];
};

struct dictionary_task {
	const char *comm;
	uint32_t pid;
	uint32_t tgid;
};

/**
 * struct dictionary - one of zeros but for @reading, @sink and @recording is empty
 * @recording:   what stands in each row of shards
 * @stacks:      by number, from 1
 * @by_digest:   from digests to numbers of stacks
 * @number_of:   by the reader's index of a stack; 0 is not written yet
 * @user, @none: the numbers of the two stacks that no reader's index has
 * @tasks:       by number, from 1
 * @symbols:     by the reader's index of a symbol: whether it is written
 * @bare:        names of frames without a symbol: "0x..." and those in brackets
 * @nr_bare:     of them are written
 * @named:       by the number of an event: whether its name is written
 */
struct dictionary {
	struct reading *reading;
	struct tables_sink *sink;
	const char *recording;

	struct dictionary_stack *stacks;
	size_t nr_stacks;
	size_t stacks_room;
	struct slots by_digest;
	uint32_t *number_of;
	uint32_t nr_numbers;
	uint32_t user;
	uint32_t none;
	struct buffer text;

	struct dictionary_task *tasks;
	size_t nr_tasks;
	size_t tasks_room;
	struct slots by_task;
	uint32_t last_task;

	bool *symbols;
	uint32_t nr_symbols;
	struct strings bare;
	uint32_t nr_bare;

	bool named[STACKID_MAX_EVENT + 1];
};

void stackid_dictionary_free(struct dictionary *dictionary);

/* Each is a number, and 0 after a sentence: a row could not be written. */
uint32_t stackid_dictionary_stack(struct dictionary *dictionary,
				  enum data_kind kind, uint32_t stack);
uint32_t stackid_dictionary_task(struct dictionary *dictionary, uint32_t pid,
				 uint32_t tgid, const char *comm);
/* 0, or -1 after a sentence. */
int stackid_dictionary_event(struct dictionary *dictionary,
			     const struct data_event_name *event);

static inline const char *
stackid_dictionary_digest(const struct dictionary *dictionary, uint32_t number)
{
	return dictionary->stacks[number - 1].digest;
}

#endif /* STACKID_EXPORT_DICTIONARY_H */
