// SPDX-License-Identifier: GPL-2.0
/*
 * A data file through all that libstackid offers, and beside it through the command's own
 * reader: both have to see the same.  The reserved number of the file's header says how it
 * is opened, and which allocation fails.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../include/libstackid.h"
#include "../../lib/data/data.h"
#include "fuzz.h"
#include "fuzz_library.h"
#include "mutate_data.h"

#define BY_PATH		1
#define TRUSTED		2
/* The number of the allocation that fails, or 0. */
#define FAILS_SHIFT	8
#define FAILS_MASK	1023

static struct memory_file file;
static struct stackid_file *ours;
/* Counts down to the one that fails; 0: none does. */
static unsigned int until_failure;
static bool has_failed;

static bool fails(void)
{
	if (!until_failure || --until_failure)
		return false;
	has_failed = true;
	return true;
}

void *fuzz_library_malloc(size_t size)
{
	return fails() ? NULL : malloc(size);
}

void *fuzz_library_calloc(size_t nr, size_t size)
{
	return fails() ? NULL : calloc(nr, size);
}

void *fuzz_library_realloc(void *old, size_t size)
{
	return fails() ? NULL : realloc(old, size);
}

/* Each has its number and its sentence. */
static void check_failure(int error)
{
	const char *message = stackid_file_message(ours);

	if (error < STACKID_FILE_MISUSED || error > STACKID_FILE_UNOPENED)
		fuzz_fail("an error that there is not: %d", error);
	if (!message || !*message)
		fuzz_fail("no sentence for error %d", error);
}

static void touch(const char *text)
{
	if (!text || strlen(text) > DATA_MAX_SECTION)
		fuzz_fail("a text is none");
}

static void look_at_stack(uint32_t number)
{
	const struct stackid_file_stack *stack;
	int got = stackid_file_stack(ours, number, &stack);

	if (got) {
		check_failure(got);
		return;
	}
	if (stack->nr > STACKID_FILE_FRAMES || stack->nr > stack->depth ||
	    (stack->undefined && stack->nr))
		fuzz_fail("stack %" PRIu32 " has %" PRIu32 " of %" PRIu32 " frames",
			  number, stack->nr, stack->depth);
	for (uint32_t i = 0; i < stack->nr; i++) {
		touch(stack->frames[i].symbol);
		touch(stack->frames[i].module);
		if (!stack->frames[i].number &&
		    strcmp(stack->frames[i].symbol, "[unknown]"))
			fuzz_fail("function 0 is %s", stack->frames[i].symbol);
	}
}

/* The library's @event is the command's @other. */
static void compare(const struct stackid_file_event *event,
		    const struct data_event *other)
{
	if (event->kind != other->kind || event->time != other->time ||
	    event->cpu != other->cpu || event->lost != other->lost ||
	    event->tid != other->pid || event->pid != other->tgid ||
	    event->id != other->id || event->event != other->event ||
	    event->stack != other->stack ||
	    event->generation != other->generation ||
	    event->nr_values != other->nr_values ||
	    memcmp(event->values, other->values, sizeof(event->values)) ||
	    strcmp(event->comm, other->comm))
		fuzz_fail("the library and the command see different events");
}

/*
 * @data: the command's reader, or NULL.  How many events there are; -1 after an error.  A
 * chunk for which there was no memory is skipped with a warning, so after a failure there is
 * nothing to compare.
 */
static long read_events(struct data_reader *data)
{
	const struct stackid_file_event *event;
	struct data_event other;
	long nr = 0;
	int got;

	while ((got = stackid_file_next(ours, &event)) > 0) {
		nr++;
		touch(event->comm);
		if (event->stack)
			look_at_stack(event->stack);
		if (!data || has_failed)
			continue;
		if (!stackid_data_next(data, &other))
			fuzz_fail("the command sees fewer events");
		compare(event, &other);
	}
	if (got < 0) {
		check_failure(got);
		return -1;
	}
	if (data && !has_failed && stackid_data_next(data, &other))
		fuzz_fail("the command sees more events");
	return nr;
}

static void look_at_names(void)
{
	const struct stackid_file_event_name *name;
	const struct stackid_file_module *module;
	const struct stackid_file_counter *counter;
	const char *key, *value;

	for (unsigned int i = 0; stackid_file_event_at(ours, i, &name) > 0; i++) {
		touch(name->name);
		touch(name->options);
		for (uint32_t k = 0; k < name->nr_values; k++)
			touch(name->value_names[k]);
		if (stackid_file_event_name(ours, name->number, &name) < 0 &&
		    !has_failed)
			fuzz_fail("an event has no number");
	}
	for (unsigned int i = 0; stackid_file_key_at(ours, i, &key, &value) > 0; i++) {
		touch(key);
		touch(value);
		touch(stackid_file_key(ours, key));
	}
	for (unsigned int i = 0; stackid_file_module_at(ours, i, &module) > 0; i++) {
		touch(module->name);
		touch(module->build_id);
	}
	for (unsigned int i = 0; stackid_file_counter_at(ours, STACKID_FILE_ALL_CPUS, i, &counter) > 0; i++)
		touch(counter->name);
	for (unsigned int i = 0; (value = stackid_file_warning(ours, i)); i++)
		touch(value);
}

static void look_at_all(struct data_reader *data)
{
	uint64_t first, last;
	long nr, again;

	if (stackid_file_span(ours, &first, &last) > 0 && first > last)
		fuzz_fail("it ends before it begins");
	nr = read_events(data);
	look_at_names();
	for (uint32_t i = 1; i <= stackid_file_nr_stacks(ours); i++)
		look_at_stack(i);
	look_at_stack(stackid_file_nr_stacks(ours) + 1);
	if (stackid_file_rewind(ours)) {
		check_failure(stackid_file_rewind(ours));
		return;
	}
	again = read_events(NULL);
	if (nr >= 0 && again >= 0 && again != nr && !has_failed)
		fuzz_fail("%ld events, and %ld after a rewind", nr, again);
}

int LLVMFuzzerInitialize(int *argc __attribute__((unused)),
			 char ***argv __attribute__((unused)))
{
	fuzz_file_create(&file);
	fuzz_close_mouth();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct data_file_header header = { };
	struct data_reader *data = NULL;
	unsigned int flags = 0;
	int got;

	memcpy(&header, bytes, size < sizeof(header) ? size : sizeof(header));
	fuzz_file_fill(&file, bytes, size);
	ours = stackid_file_new();
	if (!ours)
		fuzz_fail("no memory for a file that is not open");
	if (header.reserved & TRUSTED)
		flags = STACKID_FILE_TRUSTED;
	until_failure = header.reserved >> FAILS_SHIFT & FAILS_MASK;
	has_failed = false;
	got = header.reserved & BY_PATH ?
	      stackid_file_open(ours, file.path, flags) :
	      stackid_file_open_fd(ours, file.fd, "it", flags);
	if (got < 0)
		check_failure(got);
	else
		data = stackid_data_open(file.path, true);
	if (!got && !data)
		fuzz_fail("the library opens what the command does not");
	/* Also of one that could not be opened: each call says so. */
	look_at_all(data);
	until_failure = 0;
	stackid_file_close(ours);
	if (data)
		stackid_data_close(data);
	fuzz_check_mouth();
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned int seed)
{
	struct dice dice = { seed };

	if (!roll(&dice, 16))
		return LLVMFuzzerMutate(data, size, room);
	return mutate_data(data, size, room, &dice);
}
