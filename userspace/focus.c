// SPDX-License-Identifier: GPL-2.0
/* Which stacks the options are interested in, by their functions. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "focus.h"
#include "lib/memory.h"

/* INNERMOST: it may be that of a stack. */
enum function_mark {
	MARK_KNOWN	= 1,
	MARK_INNERMOST	= 2,
	MARK_KEEP	= 4,
	MARK_DROP	= 8,
	MARK_PARENT	= 16,
};

enum verdict {
	VERDICT_NONE,
	VERDICT_IN,
	VERDICT_OUT,
};

void stackid_focus_begin(struct focus *focus, const struct data_reader *data)
{
	focus->data = data;
	focus->given = focus->symbols.nr || focus->modules.nr ||
		       focus->keep.nr || focus->drop.nr || focus->parents ||
		       focus->hide_unresolved;
}

void stackid_focus_free(struct focus *focus)
{
	stackid_words_free(&focus->symbols);
	stackid_words_free(&focus->modules);
	stackid_patterns_free(&focus->keep);
	stackid_patterns_free(&focus->drop);
	free(focus->functions);
	free(focus->stacks);
}

/* "ext4" is "[ext4]", as lsmod has it. */
static bool has_module(const struct words *words, const char *module)
{
	size_t len = strlen(module);

	for (size_t i = 0; i < words->nr; i++) {
		const char *word = words->at[i];

		if (!strcmp(word, module) ||
		    (len > 2 && strlen(word) == len - 2 &&
		     !memcmp(word, module + 1, len - 2)))
			return true;
	}
	return false;
}

static unsigned int mark(const struct focus *focus, const char *name,
			 const char *module, bool resolved)
{
	unsigned int marks = MARK_KNOWN;

	if ((!focus->symbols.nr || stackid_words_has(&focus->symbols, name)) &&
	    (!focus->modules.nr || has_module(&focus->modules, module)) &&
	    (!focus->hide_unresolved || resolved))
		marks |= MARK_INNERMOST;
	if (stackid_patterns_match(&focus->keep, name))
		marks |= MARK_KEEP;
	if (stackid_patterns_match(&focus->drop, name))
		marks |= MARK_DROP;
	if (focus->parents && stackid_patterns_match(focus->parents, name))
		marks |= MARK_PARENT;
	return marks;
}

static unsigned int mark_of_frame(struct focus *focus,
				  const struct data_frame *frame)
{
	const struct data_symbol *symbol;
	char name[32];

	/* As the commands show it. */
	if (!frame->symbol) {
		snprintf(name, sizeof(name), "0x%" PRIx64, frame->pc);
		return mark(focus, name, "[unknown]", false);
	}
	if (frame->symbol >= focus->nr_functions) {
		uint32_t nr = stackid_data_nr_symbols(focus->data);

		focus->functions = stackid_memory_resize(focus->functions, nr,
							 1);
		memset(focus->functions + focus->nr_functions, 0,
		       nr - focus->nr_functions);
		focus->nr_functions = nr;
	}
	if (!focus->functions[frame->symbol]) {
		symbol = stackid_data_symbol(focus->data, frame->symbol);
		focus->functions[frame->symbol] =
			mark(focus, symbol->name, symbol->module, true);
	}
	return focus->functions[frame->symbol];
}

/* @marks: those of all functions, @innermost those of the innermost one. */
static uint8_t decide(const struct focus *focus, unsigned int marks,
		      unsigned int innermost)
{
	if (innermost & MARK_INNERMOST && !(marks & MARK_DROP) &&
	    (!focus->keep.nr || marks & MARK_KEEP) &&
	    (!focus->parents || marks & MARK_PARENT))
		return VERDICT_IN;
	return VERDICT_OUT;
}

static uint8_t decide_bracketed(const struct focus *focus, const char *name)
{
	unsigned int marks = mark(focus, name, "[unknown]", false);

	return decide(focus, marks, marks);
}

static uint8_t decide_stack(struct focus *focus, uint32_t index)
{
	const struct data_stack *stack = stackid_data_stack(focus->data, index);
	unsigned int marks = 0, innermost;

	if (!stack->nr)
		return decide_bracketed(focus, stack->undefined ? "[unknown]" :
							  "[no stack]");
	innermost = mark_of_frame(focus, stackid_data_frame(stack, 0));
	for (uint32_t i = 0; i < stack->nr; i++)
		marks |= mark_of_frame(focus, stackid_data_frame(stack, i));
	if (stack->depth > stack->nr)
		marks |= mark(focus, "[cut]", "[unknown]", false);
	return decide(focus, marks, innermost);
}

static uint8_t *place_of(struct focus *focus, uint32_t stack)
{
	uint32_t nr = focus->nr_stacks;

	if (stack >= nr) {
		/* Inline stacks come one by one. */
		focus->nr_stacks = stackid_data_nr_stacks(focus->data) + 1;
		if (focus->nr_stacks < 2 * nr)
			focus->nr_stacks = 2 * nr;
		focus->stacks = stackid_memory_resize(focus->stacks,
						      focus->nr_stacks, 1);
		memset(focus->stacks + nr, VERDICT_NONE,
		       focus->nr_stacks - nr);
	}
	return &focus->stacks[stack];
}

bool stackid_focus_has(struct focus *focus, const struct data_event *event)
{
	uint8_t *verdict;

	if (event->kind == DATA_HIT_USER) {
		verdict = &focus->user;
		if (*verdict == VERDICT_NONE)
			*verdict = decide_bracketed(focus, "[user]");
	} else if (!event->stack) {
		verdict = &focus->none;
		if (*verdict == VERDICT_NONE)
			*verdict = decide_bracketed(focus, "[no stack]");
	} else {
		verdict = place_of(focus, event->stack);
		if (*verdict == VERDICT_NONE)
			*verdict = decide_stack(focus, event->stack);
	}
	return *verdict == VERDICT_IN;
}
