/* SPDX-License-Identifier: GPL-2.0 */
/**
 * DOC: libstackid
 *
 * Reads the data files that "stackid record" writes: events in the order of time,
 * with their threads and values, the stacks with their symbols, what was lost, and
 * where, when and how it was recorded.
 *
 *	struct stackid_file *file = stackid_file_new();
 *	const struct stackid_file_event *event;
 *
 *	if (!file || stackid_file_open(file, "stackid.data", 0))
 *		errx(1, "%s", file ? stackid_file_message(file) : "no memory");
 *	while (stackid_file_next(file, &event) > 0)
 *		...
 *	stackid_file_close(file);
 *
 * A program is built with the flags that pkg-config has for libstackid.
 *
 * What it does not do: it never ends the process, prints nothing, and leaves signals,
 * limits and locale alone.  Memory that cannot be had ends a call with
 * %STACKID_FILE_MEMORY.  A file may hold anything; see %STACKID_FILE_TRUSTED.
 *
 * Threads: one file is for one thread at a time.  Two files know nothing of each other.
 *
 * What functions give belongs to the file and is valid until stackid_file_close(),
 * unless the function says otherwise.  Texts are UTF-8 and plain: what a terminal
 * would obey, and what is not UTF-8, is a '?' in them.  They are never NULL, but
 * where a function says so.
 *
 * Memory is that of the stacks, the symbols and one chunk of each CPU, and not of the
 * events.
 *
 * The ABI: only the library makes these structs.  Members may be added at the end of
 * those that come by a pointer, so a program must not copy more of one than its own
 * header has, and never make arrays of what one points to.  Numbers of enums keep
 * their meaning; a program passes over kinds that it does not know.  A change that is
 * not like this gets another soname.
 */
#ifndef LIBSTACKID_H
#define LIBSTACKID_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** struct stackid_file - a data file that is read, or will be */
struct stackid_file;

/**
 * enum stackid_file_error - what a function returns if it is less than 0
 * @STACKID_FILE_UNOPENED: the file cannot be opened, and errno says why
 * @STACKID_FILE_UNREADABLE: it is no data file, of another version or byte order, or
 *         its first bytes are wrong
 * @STACKID_FILE_MEMORY: there was no memory, or the file asks for more than any
 *         recording of its size needs; the file gives nothing any more
 * @STACKID_FILE_MISUSED: the call was not one that can be made: a stack that does not
 *         exist, a file that is not open
 *
 * stackid_file_message() has a sentence for each.
 */
enum stackid_file_error {
	STACKID_FILE_UNOPENED = -1,
	STACKID_FILE_UNREADABLE = -2,
	STACKID_FILE_MEMORY = -3,
	STACKID_FILE_MISUSED = -4,
};

/**
 * enum stackid_file_flags - how to open
 * @STACKID_FILE_TRUSTED: without a limit for memory.  Elsewhere it is 96 MB and 96
 *         times the file's size, which no recording needs, so that a small file
 *         cannot ask for all that there is.
 */
enum stackid_file_flags {
	STACKID_FILE_TRUSTED = 1,
};

/**
 * enum stackid_file_kind - what an event is
 * @STACKID_FILE_STACK: a hit with a stack
 * @STACKID_FILE_USER: a sample that hit user mode, without a stack
 * @STACKID_FILE_EMPTY: a hit of which the kernel got no stack
 * @STACKID_FILE_LOST: no hit, but a place where @lost of them were lost on @cpu,
 *         before @time
 */
enum stackid_file_kind {
	STACKID_FILE_STACK = 0,
	STACKID_FILE_USER = 1,
	STACKID_FILE_EMPTY = 2,
	STACKID_FILE_LOST = 3,
};

/* There are never more. */
#define STACKID_FILE_VALUES	4
#define STACKID_FILE_FRAMES	128

/* In place of a CPU: the sums over all of them. */
#define STACKID_FILE_ALL_CPUS	0xffffffffU

/**
 * struct stackid_file_event - an event
 * @time: CLOCK_MONOTONIC of the machine that recorded, in ns; see the key
 *         "clock_offset"
 * @generation: of the kernel's table of stacks; with @id it names a stack for ever
 * @lost: %STACKID_FILE_LOST only, where @tid, @pid, @comm and @event say nothing
 * @values: what value= recorded, in its order
 * @comm: what the thread was called at that time; ":TID" where nobody named it, and
 *         "" in a loss
 * @tid: the thread; 0 is idle
 * @pid: its process; @tid where the file does not say
 * @cpu: where it was
 * @stack: for stackid_file_stack(), from 1; 0 if there is none
 * @id: the stack's in the kernel; 0 if it had none yet
 * @event: for stackid_file_event_name()
 * @kind: enum stackid_file_kind
 * @nr_values: how many of @values there are
 */
struct stackid_file_event {
	uint64_t time;
	uint64_t generation;
	uint64_t lost;
	uint64_t values[STACKID_FILE_VALUES];
	const char *comm;
	uint32_t tid;
	uint32_t pid;
	uint32_t cpu;
	uint32_t stack;
	uint32_t id;
	uint16_t event;
	uint8_t kind;
	uint8_t nr_values;
};

/**
 * struct stackid_file_frame - a frame of a stack
 * @pc: its address
 * @symbol: the function, "[unknown]" if the file does not know it
 * @module: where that is, as perf writes it: "[kernel.kallsyms]", "[ext4]", "[unknown]"
 * @number: of @symbol in @module: equal ones have equal numbers in the whole file,
 *         and 0 is the unknown one
 * @offset: @pc less the function's start
 * @exact: 1: @pc was executed, or would be next; 0: it is a return address, and the
 *         call lies before it
 *
 * Frames stand in an array, so this struct never grows.
 */
struct stackid_file_frame {
	uint64_t pc;
	const char *symbol;
	const char *module;
	uint32_t number;
	uint32_t offset;
	uint32_t exact;
	uint32_t reserved;
};

/**
 * struct stackid_file_stack - a stack
 * @generation: of the kernel's table
 * @frames: innermost first
 * @id: in that generation; 0 if it never got one
 * @nr: of @frames
 * @depth: how many it had; more than @nr if it was cut
 * @undefined: 1 if the file does not define it, and there are no frames
 */
struct stackid_file_stack {
	uint64_t generation;
	const struct stackid_file_frame *frames;
	uint32_t id;
	uint32_t nr;
	uint32_t depth;
	uint32_t undefined;
};

/**
 * struct stackid_file_event_name - an event that was enabled
 * @name: "sched:sched_switch"
 * @options: as it was asked for, "" if there were none
 * @value_names: of the values that @options name
 * @value_signed: 1 if that value's 64 bits stand for a number with a sign
 * @number: as in struct stackid_file_event
 * @nr_values: that @options name; an event may have others
 */
struct stackid_file_event_name {
	const char *name;
	const char *options;
	const char *value_names[STACKID_FILE_VALUES];
	uint32_t value_signed[STACKID_FILE_VALUES];
	uint32_t number;
	uint32_t nr_values;
};

/**
 * struct stackid_file_module - a module that was loaded, or the kernel, whose name is
 * "[kernel.kallsyms]"
 * @name: without brackets
 * @build_id: in hexadecimal, "-" if it is not known
 * @base: where its text begins
 * @size: of that
 */
struct stackid_file_module {
	const char *name;
	const char *build_id;
	uint64_t base;
	uint64_t size;
};

/**
 * struct stackid_file_counter - a counter of the kernel's ledger
 * @name: as "stackid ledger" has it
 * @start: before the recording
 * @end: after it
 */
struct stackid_file_counter {
	const char *name;
	uint64_t start;
	uint64_t end;
};

/**
 * stackid_file_new() - begins
 *
 * Return: what all other functions take, for one data file; NULL if there is no memory.
 */
struct stackid_file *stackid_file_new(void);

/**
 * stackid_file_open() - opens a data file and reads all of it but the events
 * @file: a new one
 * @path: a file or a named pipe
 * @flags: enum stackid_file_flags
 *
 * A file that is cut off or damaged opens too, with what is whole; see
 * stackid_file_warning().
 *
 * Return: 0 or enum stackid_file_error, and then @file is only good for a message and
 * to be closed.
 */
int stackid_file_open(struct stackid_file *file, const char *path, unsigned int flags);

/**
 * stackid_file_open_fd() - the same of what is already open
 * @file: a new one
 * @fd: stays open and the caller's; its position does not matter if it is a file, and
 *         a pipe is read up to its end
 * @name: for sentences
 * @flags: enum stackid_file_flags
 *
 * Return: as stackid_file_open()
 */
int stackid_file_open_fd(struct stackid_file *file, int fd, const char *name,
			 unsigned int flags);

/**
 * stackid_file_close() - ends, whatever has happened before
 * @file: is gone; NULL does nothing
 */
void stackid_file_close(struct stackid_file *file);

/**
 * stackid_file_message() - why the last function that failed did so
 * @file: any
 *
 * Return: a sentence without a newline, "" if none has failed.  Valid until the next
 * call with @file.
 */
const char *stackid_file_message(const struct stackid_file *file);

/**
 * stackid_file_warning() - what was found missing or wrong in the file so far
 * @file: an open one
 * @i: from 0
 *
 * A warning may come up with any event.  After 256 of them the last one says that
 * there are more.
 *
 * Return: a sentence, or NULL after the last.
 */
const char *stackid_file_warning(const struct stackid_file *file, unsigned int i);

/**
 * stackid_file_next() - the next event, in the order of time over all CPUs
 * @file: an open one
 * @event: is set to it; valid until the next call of this function or of
 *         stackid_file_rewind()
 *
 * Return: 1, 0 after the last event, or enum stackid_file_error.
 */
int stackid_file_next(struct stackid_file *file,
		      const struct stackid_file_event **event);

/**
 * stackid_file_rewind() - begins again with the first event
 * @file: an open one
 *
 * Stacks keep their numbers.
 *
 * Return: 0 or enum stackid_file_error
 */
int stackid_file_rewind(struct stackid_file *file);

/**
 * stackid_file_span() - the times of the first and the last event, without reading
 * all of them
 * @file: an open one
 * @first: is set; losses do not count
 * @last: is set
 *
 * Return: 1, 0 if there is no event, or enum stackid_file_error.
 */
int stackid_file_span(struct stackid_file *file, uint64_t *first, uint64_t *last);

/**
 * stackid_file_nr_stacks() - how many stacks are known
 * @file: an open one
 *
 * Those with ids are known from the start, others as stackid_file_next() comes to them.
 *
 * Return: the greatest number of a stack, 0 if there is none or nothing is open.
 */
uint32_t stackid_file_nr_stacks(const struct stackid_file *file);

/**
 * stackid_file_stack() - a stack
 * @file: an open one
 * @number: as an event has it, from 1; equal stacks of a generation have equal numbers
 * @stack: is set to it; valid until the next call of this function, but for the
 *         texts, which stay
 *
 * Return: 0 or enum stackid_file_error
 */
int stackid_file_stack(struct stackid_file *file, uint32_t number,
		       const struct stackid_file_stack **stack);

/**
 * stackid_file_event_at() - the events that were enabled, in the order of their numbers
 * @file: an open one
 * @i: from 0
 * @name: is set to it; valid until the next call of this function or of
 *         stackid_file_event_name(), but for the texts
 *
 * Return: 1, 0 after the last, or enum stackid_file_error.
 */
int stackid_file_event_at(struct stackid_file *file, unsigned int i,
			  const struct stackid_file_event_name **name);

/**
 * stackid_file_event_name() - the event of a number
 * @file: an open one
 * @number: as an event has it
 * @name: as stackid_file_event_at()
 *
 * Return: 1, 0 if the file does not name it, or enum stackid_file_error.
 */
int stackid_file_event_name(struct stackid_file *file, unsigned int number,
			    const struct stackid_file_event_name **name);

/**
 * stackid_file_key() - where, when and how it was recorded
 * @file: an open one
 * @key: hostname, release, version, arch, cpus, command, workload, pid, start
 *         (CLOCK_REALTIME in ns), clock_offset (what to add to an event's time to get
 *         CLOCK_REALTIME), start_time, stackid (who wrote the file), and, if the
 *         recording was finished, events, lost, stacks, duration (ns), result
 *
 * Return: its value, NULL if the file has no such key.
 */
const char *stackid_file_key(const struct stackid_file *file, const char *key);

/**
 * stackid_file_key_at() - all keys of the file
 * @file: an open one
 * @i: from 0
 * @key: is set
 * @value: is set
 *
 * Return: 1, 0 after the last, or enum stackid_file_error.
 */
int stackid_file_key_at(struct stackid_file *file, unsigned int i, const char **key,
			const char **value);

/**
 * stackid_file_module_at() - the modules, and the kernel
 * @file: an open one
 * @i: from 0
 * @module: is set to it; valid until the next call of this function, but for the texts
 *
 * Return: 1, 0 after the last, or enum stackid_file_error.
 */
int stackid_file_module_at(struct stackid_file *file, unsigned int i,
			   const struct stackid_file_module **module);

/**
 * stackid_file_counter_at() - the kernel's ledger
 * @file: an open one
 * @cpu: or %STACKID_FILE_ALL_CPUS
 * @i: from 0
 * @counter: is set to it; valid until the next call of this function, but for the text
 *
 * Return: 1, 0 after the last one of @cpu, or enum stackid_file_error.
 */
int stackid_file_counter_at(struct stackid_file *file, uint32_t cpu, unsigned int i,
			    const struct stackid_file_counter **counter);

/**
 * stackid_file_nr_cpus() - which CPUs there are events or counters of
 * @file: an open one
 *
 * Return: the greatest number of one, and 1; 0 if there is none or nothing is open.
 */
uint32_t stackid_file_nr_cpus(const struct stackid_file *file);

/**
 * stackid_file_lost() - events that were lost, from whatever cause
 * @file: an open one
 *
 * By the kernel's ledger; in a file that was cut off before it, by the losses among
 * the events that were read.
 *
 * Return: how many
 */
uint64_t stackid_file_lost(const struct stackid_file *file);

#ifdef __cplusplus
}
#endif

#endif /* LIBSTACKID_H */
