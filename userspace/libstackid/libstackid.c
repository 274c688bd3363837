// SPDX-License-Identifier: GPL-2.0
/*
 * libstackid: what lib/data reads, for other programs.  The manual is
 * userspace/include/libstackid.h.
 *
 * lib/data was written for commands: where there is no memory the process may end, and
 * sentences go to stderr.  Here it is linked with libstackid_heap.c in place of
 * lib/memory.c and lib/complain.c.  Every call enters the file's heap; the one that finds
 * no memory comes back through a jump, and all that the file has is given back.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Everything else is hidden by the compiler's options. */
#pragma GCC visibility push(default)
#include "../include/libstackid.h"
#pragma GCC visibility pop
#include "../lib/data/data.h"
#include "../lib/plain.h"
#include "libstackid_heap.h"

/* Events that are read by one call of lib/data's side, so that entering costs nothing. */
#define NR_AHEAD	64

_Static_assert(!(STACKID_FILE_VALUES - STACKID_MAX_VALUES), "as many values");
_Static_assert(!(STACKID_FILE_FRAMES - STACKID_MAX_DEPTH), "as many frames");
_Static_assert(!((int)STACKID_FILE_STACK - (int)DATA_HIT_STACK) &&
	       !((int)STACKID_FILE_USER - (int)DATA_HIT_USER) &&
	       !((int)STACKID_FILE_EMPTY - (int)DATA_HIT_EMPTY) &&
	       !((int)STACKID_FILE_LOST - (int)DATA_LOST), "the same kinds");
_Static_assert(!(STACKID_FILE_ALL_CPUS - DATA_NO_CPU), "the same number");

/**
 * struct stackid_file - see libstackid.h
 * @data:   NULL while nothing is open
 * @failed: what every call returns from now on, or 0
 * @ahead:  events that were read, @nr_ahead of them; the next to be given is @next
 * @stack, @frames, @name, @module, @counter: what was given last
 */
struct stackid_file {
	struct heap heap;
	struct data_reader *data;
	int failed;
	char message[512];
	unsigned int nr_ahead;
	unsigned int next;
	struct stackid_file_event ahead[NR_AHEAD];
	struct stackid_file_stack stack;
	struct stackid_file_frame frames[STACKID_FILE_FRAMES];
	struct stackid_file_event_name name;
	struct stackid_file_module module;
	struct stackid_file_counter counter;
};

/* Texts that are made here; lib/data's are plain already. */
__printf(3, 4)
static int fail(struct stackid_file *file, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(file->message, sizeof(file->message), format, args);
	va_end(args);
	stackid_plain_make(file->message);
	return error;
}

static int check_open(struct stackid_file *file)
{
	if (file->failed)
		return file->failed;
	if (!file->data)
		return fail(file, STACKID_FILE_MISUSED, "no data file is open");
	return 0;
}

/* After a jump: nothing that the heap has can be relied upon. */
static int give_up(struct stackid_file *file)
{
	if (file->data)
		stackid_data_abandon(file->data);
	libstackid_heap_leave();
	file->data = NULL;
	file->nr_ahead = 0;
	file->next = 0;
	file->failed = fail(file, STACKID_FILE_MEMORY, "%s",
			    file->heap.message);
	libstackid_heap_exit(&file->heap);
	return file->failed;
}

/*
 * Runs what may find no memory.  A jump ends the function between, not this one, whose
 * variables are therefore as they were.
 */
static int guarded(struct stackid_file *file,
		   int (*work)(struct stackid_file *file, void *arg), void *arg)
{
	jmp_buf escape;
	int result;

	if (setjmp(escape))
		return give_up(file);
	libstackid_heap_enter(&file->heap, &escape);
	result = work(file, arg);
	libstackid_heap_leave();
	return result;
}

struct stackid_file *stackid_file_new(void)
{
	struct stackid_file *file = calloc(1, sizeof(*file));

	if (file)
		libstackid_heap_init(&file->heap);
	return file;
}

struct opening {
	int fd;
	const char *name;
	unsigned int flags;
};

static int open_data(struct stackid_file *file, void *arg)
{
	const struct opening *opening = arg;
	struct heap *heap = &file->heap;

	if (stackid_data_open_fd(&file->data, opening->fd, opening->name,
				 opening->flags & STACKID_FILE_TRUSTED))
		return 0;
	return fail(file, STACKID_FILE_UNREADABLE, "%s", heap->nr_sentences ?
		    heap->sentences[heap->nr_sentences - 1] :
		    "there is no memory for the reason");
}

int stackid_file_open_fd(struct stackid_file *file, int fd, const char *name,
			 unsigned int flags)
{
	struct opening opening = { fd, name, flags };
	int result;

	if (file->failed)
		return file->failed;
	if (file->data)
		return fail(file, STACKID_FILE_MISUSED,
			    "a data file is open already");
	if (flags & ~STACKID_FILE_TRUSTED)
		return fail(file, STACKID_FILE_MISUSED,
			    "flags are STACKID_FILE_TRUSTED or 0, not %#x",
			    flags);
	if (fcntl(fd, F_GETFD) < 0)
		file->failed = fail(file, STACKID_FILE_UNOPENED,
				    "%s: %d is no open file", name, fd);
	if (file->failed)
		return file->failed;
	result = guarded(file, open_data, &opening);
	file->failed = result;
	return result;
}

int stackid_file_open(struct stackid_file *file, const char *path,
		      unsigned int flags)
{
	int fd, error, result;

	if (file->failed)
		return file->failed;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		error = errno;
		file->failed = fail(file, STACKID_FILE_UNOPENED,
				    "cannot open %s: %s", path,
				    strerror(error));
		errno = error;
		return file->failed;
	}
	result = stackid_file_open_fd(file, fd, path, flags);
	close(fd);
	return result;
}

void stackid_file_close(struct stackid_file *file)
{
	if (!file)
		return;
	if (file->data)
		stackid_data_close(file->data);
	libstackid_heap_exit(&file->heap);
	free(file);
}

const char *stackid_file_message(const struct stackid_file *file)
{
	return file->message;
}

const char *stackid_file_warning(const struct stackid_file *file,
				 unsigned int i)
{
	return file->data && i < file->heap.nr_sentences ?
	       file->heap.sentences[i] : NULL;
}

static void convert_event(struct stackid_file_event *to,
			  const struct data_event *event)
{
	to->time = event->time;
	to->generation = event->generation;
	to->lost = event->lost;
	memcpy(to->values, event->values, sizeof(to->values));
	to->comm = event->comm;
	to->tid = event->pid;
	to->pid = event->tgid;
	to->cpu = event->cpu;
	to->stack = event->stack;
	to->id = event->id;
	to->event = event->event;
	to->kind = event->kind;
	to->nr_values = event->nr_values;
}

static int read_ahead(struct stackid_file *file,
		      void *arg __attribute__((unused)))
{
	struct data_event event;

	file->next = 0;
	file->nr_ahead = 0;
	while (file->nr_ahead < NR_AHEAD &&
	       stackid_data_next(file->data, &event))
		convert_event(&file->ahead[file->nr_ahead++], &event);
	return 0;
}

int stackid_file_next(struct stackid_file *file,
		      const struct stackid_file_event **event)
{
	int error;

	if (file->next == file->nr_ahead) {
		error = check_open(file);
		if (!error)
			error = guarded(file, read_ahead, NULL);
		if (error)
			return error;
		if (!file->nr_ahead)
			return 0;
	}
	*event = &file->ahead[file->next++];
	return 1;
}

static int rewind_data(struct stackid_file *file,
		       void *arg __attribute__((unused)))
{
	file->next = 0;
	file->nr_ahead = 0;
	stackid_data_rewind(file->data);
	return 0;
}

int stackid_file_rewind(struct stackid_file *file)
{
	int error = check_open(file);

	return error ? error : guarded(file, rewind_data, NULL);
}

struct span {
	uint64_t *first;
	uint64_t *last;
};

static int find_span(struct stackid_file *file, void *arg)
{
	struct span *span = arg;

	return stackid_data_span(file->data, span->first, span->last);
}

int stackid_file_span(struct stackid_file *file, uint64_t *first,
		      uint64_t *last)
{
	struct span span = { first, last };
	int error = check_open(file);

	return error ? error : guarded(file, find_span, &span);
}

uint32_t stackid_file_nr_stacks(const struct stackid_file *file)
{
	return file->data ? stackid_data_nr_stacks(file->data) : 0;
}

static int convert_stack(struct stackid_file *file, void *arg)
{
	const uint32_t *number = arg;
	const struct data_stack *stack = stackid_data_stack(file->data,
							    *number);

	for (unsigned int i = 0; i < stack->nr; i++) {
		const struct data_frame *frame = stackid_data_frame(stack, i);
		const struct data_symbol *symbol =
			stackid_data_symbol(file->data, frame->symbol);

		file->frames[i] = (struct stackid_file_frame) {
			.pc = frame->pc,
			.symbol = symbol->name,
			.module = symbol->module,
			.number = frame->symbol,
			.offset = frame->offset,
			.exact = frame->exact,
		};
	}
	file->stack = (struct stackid_file_stack) {
		.generation = stack->generation->number,
		.frames = file->frames,
		.id = stack->id,
		.nr = stack->nr,
		/* A file may say anything, and programs subtract. */
		.depth = stack->depth > stack->nr ? stack->depth : stack->nr,
		.undefined = stack->undefined,
	};
	return 0;
}

int stackid_file_stack(struct stackid_file *file, uint32_t number,
		       const struct stackid_file_stack **stack)
{
	int error = check_open(file);

	if (error)
		return error;
	if (!number || number > stackid_data_nr_stacks(file->data))
		return fail(file, STACKID_FILE_MISUSED,
			    "there is no stack %u, they are 1 to %u", number,
			    stackid_data_nr_stacks(file->data));
	error = guarded(file, convert_stack, &number);
	*stack = &file->stack;
	return error;
}

static int give_name(struct stackid_file *file,
		     const struct data_event_name *name,
		     const struct stackid_file_event_name **to)
{
	if (!name)
		return 0;
	file->name = (struct stackid_file_event_name) {
		.name = name->name,
		.options = name->options,
		.number = name->number,
		.nr_values = name->nr_values,
	};
	for (unsigned int i = 0; i < STACKID_FILE_VALUES; i++) {
		bool named = i < name->nr_values;

		file->name.value_names[i] = named ? name->values[i].name : "";
		file->name.value_signed[i] = named && name->values[i].is_signed;
	}
	*to = &file->name;
	return 1;
}

int stackid_file_event_at(struct stackid_file *file, unsigned int i,
			  const struct stackid_file_event_name **name)
{
	int error = check_open(file);

	if (error || i >= stackid_data_nr_events(file->data))
		return error;
	return give_name(file, stackid_data_event(file->data, i), name);
}

int stackid_file_event_name(struct stackid_file *file, unsigned int number,
			    const struct stackid_file_event_name **name)
{
	int error = check_open(file);

	if (error)
		return error;
	return give_name(file, stackid_data_event_by_number(file->data, number),
			 name);
}

const char *stackid_file_key(const struct stackid_file *file, const char *key)
{
	return file->data ? stackid_data_meta(file->data, key) : NULL;
}

int stackid_file_key_at(struct stackid_file *file, unsigned int i,
			const char **key, const char **value)
{
	int error = check_open(file);

	return error ? error :
		       stackid_data_meta_at(file->data, i, key, value);
}

int stackid_file_module_at(struct stackid_file *file, unsigned int i,
			   const struct stackid_file_module **module)
{
	const struct data_module *from;
	int error = check_open(file);

	if (error || i >= stackid_data_nr_modules(file->data))
		return error;
	from = stackid_data_module(file->data, i);
	file->module = (struct stackid_file_module) {
		.name = from->name,
		.build_id = from->build_id,
		.base = from->base,
		.size = from->size,
	};
	*module = &file->module;
	return 1;
}

int stackid_file_counter_at(struct stackid_file *file, uint32_t cpu,
			    unsigned int i,
			    const struct stackid_file_counter **counter)
{
	struct stackid_file_counter *to = &file->counter;
	int error = check_open(file);

	if (error || !stackid_data_ledger_at(file->data, cpu, i, &to->name,
					     &to->start, &to->end))
		return error;
	*counter = to;
	return 1;
}

uint32_t stackid_file_nr_cpus(const struct stackid_file *file)
{
	return file->data ? stackid_data_nr_cpus(file->data) : 0;
}

uint64_t stackid_file_lost(const struct stackid_file *file)
{
	return file->data ? stackid_data_lost(file->data) : 0;
}
