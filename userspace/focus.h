/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which stacks the options are interested in, by their functions.  What is decided
 * of a function is decided once, and so is what is decided of a stack: an event
 * costs a look at a byte.
 */
#ifndef STACKID_FOCUS_H
#define STACKID_FOCUS_H

#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "lib/data/data.h"
#include "lib/patterns.h"
#include "lib/words.h"

/**
 * struct focus - a member of the command's options; one of zeros lets all through
 * @given:     there is an option that leaves stacks out, after stackid_focus_begin()
 * @parents:   of these a stack needs one; NULL if none is needed
 * @functions: bits of enum function_mark in focus.c, by symbol
 * @stacks:    verdicts by stack; 0 where none was asked for yet; @user and @none
 *             are those of hits without one
 */
struct focus {
	struct words symbols;
	struct words modules;
	struct patterns keep;
	struct patterns drop;
	const struct patterns *parents;
	bool hide_unresolved;
	bool given;
	const struct data_reader *data;
	uint8_t *functions;
	uint32_t nr_functions;
	uint8_t *stacks;
	uint32_t nr_stacks;
	uint8_t user;
	uint8_t none;
};

/* @letter: of --dsos, or 0; perf's commands differ there. */
#define FOCUS_OPTION_ROWS(type, focus, letter)				\
	OPTION_CALL('S', "symbols", type, focus.symbols, "SYMBOL[,SYMBOL]", \
		    NULL, stackid_words_add,				\
		    "only those whose innermost function is one of these"), \
	OPTION_CALL(letter, "dsos", type, focus.modules, "MODULE[,MODULE]", \
		    NULL, stackid_words_add,				\
		    "only those whose innermost function is in one of these"), \
	OPTION_CALL(0, "focus", type, focus.keep, "REGEX", NULL,	\
		    stackid_patterns_add,				\
		    "only those whose stack has a function that matches"), \
	OPTION_CALL(0, "ignore", type, focus.drop, "REGEX", NULL,	\
		    stackid_patterns_add,				\
		    "leave out those whose stack has a function that matches")

void stackid_focus_begin(struct focus *focus, const struct data_reader *data);
/* Frees what it holds, not the struct. */
void stackid_focus_free(struct focus *focus);

/* Of an event that is no loss, where something is @given. */
bool stackid_focus_has(struct focus *focus, const struct data_event *event);

#endif /* STACKID_FOCUS_H */
