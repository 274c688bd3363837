/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of a perf.data share.  It is a directory, as perf makes one with a copy of
 * the kernel: in "data" the header, the records in the order of time, and behind them what is
 * known only at the end; in "kallsyms" of its "kcore_dir" the symbols, which perf takes from
 * there, whatever kernel it runs on.
 */
#ifndef STACKID_EXPORT_PERF_H
#define STACKID_EXPORT_PERF_H

#include <linux/perf_event.h>
#include <stdint.h>
#include <stdio.h>
#include <stackid.h>

#include "../lib/buffer.h"
#include "../lib/slots.h"
#include "export_format.h"
#include "export_modules.h"

/* What stands for functions that are none: symbols of their own, where nothing lies. */
enum perf_pseudo {
	PERF_USER,
	PERF_NO_STACK,
	PERF_CUT,
	PERF_UNKNOWN,
	PERF_NR_PSEUDO
};

#define PERF_PSEUDO_BASE	0xffffffffffffe000ULL
#define PERF_PSEUDO_SIZE	0x100

/* @tid: of this thread perf knows that it is called @comm */
struct perf_thread {
	uint32_t tid;
	uint32_t tgid;
	const char *comm;
};

/* Where a symbol begins; @symbol is 0 for a PC without one, which stands for itself. */
struct perf_symbol {
	uint64_t start;
	uint32_t symbol;
	uint32_t end;		/* how far a PC lies behind the start, at most */
};

/**
 * struct perf_symbols - all that have been met
 * @slots:  from starts and symbols to places in @at + 1
 * @starts: from starts alone
 */
struct perf_symbols {
	struct perf_symbol *at;
	uint32_t nr;
	size_t room;
	struct slots slots;
	struct slots starts;
};

/* What is known of a stack; moved: a frame of it has to be, see stackid_perf_pc(). */
enum perf_stack {
	PERF_STACK_NEW,
	PERF_STACK_PLAIN,
	PERF_STACK_MOVED,
};

/**
 * struct perf_data - a perf.data that is being written
 * @stacks:   enum perf_stack, by index
 * @counts:   events by their number; those that came have an attr
 * @lost:     in LOST_SAMPLES so far
 * @modules:  those that have symbols
 * @kernel_base, @kernel_size: where the kernel lies
 * @first, @last: times of events
 */
struct perf_data {
	const struct export *export;
	FILE *out;
	uint64_t written;
	struct buffer text;
	struct perf_thread *threads;
	uint32_t nr_threads;
	size_t threads_room;
	struct slots thread_slots;
	struct perf_symbols symbols;
	struct export_modules modules;
	uint8_t *stacks;
	uint32_t nr_stacks;
	uint64_t counts[STACKID_MAX_EVENT + 1];
	uint64_t lost;
	uint64_t first;
	uint64_t last;
	uint64_t kernel_base;
	uint64_t kernel_size;
};

/* Of the samples of event @number. */
static inline uint64_t stackid_perf_id(unsigned int number)
{
	return number + 1;
}

/* The name of a pseudo symbol. */
const char *stackid_perf_pseudo_name(enum perf_pseudo pseudo);

/* Meets the symbols of a stack; false if it was met before. */
bool stackid_perf_meet_stack(struct perf_data *perf, uint32_t index);
/*
 * The PC that perf is to look up: a return address behind the end of its function lies
 * in the next one if perf knows that, so it is moved back by one.
 */
uint64_t stackid_perf_pc(const struct perf_data *perf,
			 const struct data_frame *frame);
/* The module that has the address: NULL if none has, the kernel's is "". */
const char *stackid_perf_module(const struct perf_data *perf, uint64_t address);
void stackid_perf_print_kallsyms(const struct perf_data *perf, FILE *out);
void stackid_perf_free_symbols(struct perf_data *perf);

/*
 * The records, at the end of @text.  Of a mapped file, @offset is what lies at @start.
 */
void stackid_perf_add_mmap(struct perf_data *perf, const char *name,
			   uint64_t start, uint64_t size, uint64_t offset);
/* Of what no file has: a module of its own with one symbol of that name. */
void stackid_perf_add_symbol(struct perf_data *perf, const char *name,
			     uint64_t start, uint32_t size);
/*
 * perf reads the kernel's symbols when it first looks for one there, and drops those
 * of modules in which it has looked for one before.  A change of the kernel's text,
 * of one byte that nobody reads, makes it read them now.
 */
void stackid_perf_add_text_poke(struct perf_data *perf);
/* The thread's name, if perf has not got that yet. */
void stackid_perf_add_comm(struct perf_data *perf,
			   const struct data_event *event);
/* @moved: its stack has a frame that has to be, see stackid_perf_pc() */
void stackid_perf_add_sample(struct perf_data *perf,
			     const struct data_event *event, bool moved);
void stackid_perf_add_lost(struct perf_data *perf, uint64_t nr, uint64_t time,
			   uint32_t cpu);
/* From here on nothing comes that is older than the last round's events. */
void stackid_perf_add_round(struct perf_data *perf);

/* A place for the header, which stackid_perf_end_file() fills. */
void stackid_perf_begin_file(struct perf_data *perf);
/* Behind the last record: what else belongs into the file. */
void stackid_perf_end_file(struct perf_data *perf);

/* The attribute of an event. */
#define PERF_SAMPLE_TYPE						\
	(PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID |	\
	 PERF_SAMPLE_TIME | PERF_SAMPLE_CPU | PERF_SAMPLE_PERIOD |	\
	 PERF_SAMPLE_CALLCHAIN)

#endif /* STACKID_EXPORT_PERF_H */
