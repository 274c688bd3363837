// SPDX-License-Identifier: GPL-2.0
/* Stacks that go through the same functions. */
#include <stdlib.h>
#include <string.h>

#include "../compiler.h"
#include "../hash.h"
#include "../memory.h"
#include "shapes.h"

void stackid_shapes_free(struct shapes *shapes)
{
	free(shapes->first_of);
	stackid_slots_free(&shapes->slots);
}

/* What has no symbol is its own function. */
static uint64_t function_of(const struct data_frame *frame)
{
	return frame->symbol ? frame->symbol : frame->pc;
}

static bool same(const struct data_stack *a, const struct data_stack *b)
{
	if (a->nr != b->nr || (a->depth > a->nr) != (b->depth > b->nr) ||
	    a->undefined != b->undefined)
		return false;
	for (uint32_t i = 0; i < a->nr; i++) {
		if (function_of(stackid_data_frame(a, i)) != function_of(stackid_data_frame(b, i)))
			return false;
	}
	return true;
}

static uint64_t hash_of(const struct data_stack *stack)
{
	uint64_t hash = stackid_hash_u64(stack->nr);

	for (uint32_t i = 0; i < stack->nr; i++)
		hash = stackid_hash_mix(hash, function_of(stackid_data_frame(stack, i)));
	return hash;
}

static uint32_t find_first(struct shapes *shapes, uint32_t stack)
{
	const struct data_stack *wanted = stackid_data_stack(shapes->data, stack);
	uint64_t hash = hash_of(wanted);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&shapes->slots, hash, &step))) {
		if (same(wanted, stackid_data_stack(shapes->data, number)))
			return number;
	}
	stackid_slots_add(&shapes->slots, hash, stack);
	return stack;
}

uint32_t stackid_shapes_find(struct shapes *shapes, uint32_t stack)
{
	if (!stack)
		return 0;
	if (stack >= shapes->nr) {
		uint32_t nr = 2 * stack + 64;

		shapes->first_of = stackid_memory_resize(shapes->first_of, nr,
							 sizeof(uint32_t));
		memset(shapes->first_of + shapes->nr, 0,
		       (nr - shapes->nr) * sizeof(uint32_t));
		shapes->nr = nr;
	}
	if (!shapes->first_of[stack])
		shapes->first_of[stack] = find_first(shapes, stack);
	return shapes->first_of[stack];
}

/*
 * Without irqstack=full a stack of arm64 ends where its CPU's IRQ stack does: an
 * interrupt's below the driver of its controller, a softirq's with these.
 */
static const char *const outermost[] = { "__do_softirq", "____do_softirq" };

static const char *const entries[] = {
	"asm_common_interrupt", "asm_sysvec_", "asm_exc_nmi",
	"generic_handle_domain_irq", "generic_handle_domain_nmi",
	"el0t_64_irq", "el0t_64_fiq", "el0t_32_irq", "el0t_32_fiq",
	"el1h_64_irq", "el1h_64_fiq",
};

bool stackid_shapes_interrupt(const struct shapes *shapes, uint32_t stack)
{
	const struct data_stack *of;

	if (!stack)
		return false;
	of = stackid_data_stack(shapes->data, stack);
	for (uint32_t i = of->nr; i; i--) {
		const char *name = stackid_data_symbol(shapes->data,
						       stackid_data_frame(of, i - 1)->symbol)->name;

		for (size_t k = 0; i == of->nr && k < ARRAY_SIZE(outermost); k++) {
			if (!strcmp(name, outermost[k]))
				return true;
		}
		for (size_t k = 0; k < ARRAY_SIZE(entries); k++) {
			if (!strncmp(name, entries[k], strlen(entries[k])))
				return true;
		}
	}
	return false;
}
