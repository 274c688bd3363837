/* SPDX-License-Identifier: GPL-2.0 */
/*
 * stackid.data: the manual of the file format, and how to read one.  Writing is
 * in data_write.h.
 *
 *
 * THE FORMAT, version 3 (1 had stack blocks without marks, 2 had one value at most,
 * and in front of the stack; see the uapi header)
 *
 * A file header (struct data_file_header), then sections up to the end.  All
 * numbers are in the byte order of the machine that recorded; a reader of the
 * other order refuses the file.  A file is written from front to back and never
 * touched again, so that it can go through a pipe, and so that a file whose writer
 * was killed is readable up to there.
 *
 * A section is a struct data_section, the stored bytes of its payload, and zeros
 * up to a multiple of 8.  The header is covered by its own CRC-32 (zlib's).  The
 * payload is cut into one or more zstd frames, and covered by the checksums in
 * them.  A payload whose checksum is wrong is skipped.  After a header that is
 * wrong a reader looks for the next right one at the following multiples of 8.
 * Sections are numbered, so that a missing one shows.  Sections of an unknown
 * type are to be skipped in silence; a known type with an unknown encoding is
 * skipped with a warning; a change that makes this impossible raises the
 * version, and readers refuse versions that they do not know.
 *
 * type      of    payload
 * META      all   text, a "key=value" a line.  May come more than once, the
 *                 later value counts.  See below for the keys
 * EVENTS    all   text, "number name options" a line: what was enabled, as the
 *                 module's file events has it.  A line replaces an earlier one of
 *                 that number.  The option value= names the values of the event's
 *                 records, see struct data_event_name
 * TASKS     all   struct data_task for every task there was at the beginning.  May
 *                 come more than once, the first name of a pid counts
 * CHUNK     cpu   records of one CPU's ring, as in include/uapi/stackid.h,
 *                 without PADs, in encoding 1: see struct data_columns.
 *                 .generation is the full number that the first record's 4 bits
 *                 stand for, .first_time the time of the first record, .time one
 *                 not before the last record's and less than 2^55 ns after the
 *                 first one's: the "now" that stackid_rec_time() asks for, to
 *                 make 64 bits of the records' 56.  .count is the number of
 *                 records
 * STACKS    gen   definitions from stacks_raw: struct stackid_def of type
 *                 STACKID_DEF_STACK and their blocks, of .generation.  May come
 *                 more than once per generation, with other ids
 * SYMBOLS   gen   struct data_symbols and its three tables: the PCs of
 *                 .generation's stacks, also of those that are inline in
 *                 chunks.  May come more than once, with other PCs
 * MODULES   all   text, "name 0xBASE 0xSIZE build-id" a line, the kernel's being
 *                 "[kernel.kallsyms]"; an unknown build-id is "-".  May come
 *                 more than once: a line replaces the earlier one of that name
 * LEDGER    cpu   text, "name start end" a line: the counters of "stats" before
 *           or    and after the recording; .cpu is DATA_NO_CPU for the sums
 *           all
 * END       all   text, "key=value" a line: the totals, as META.  The last
 *                 section; a file without it was cut off
 * MARK      all   nothing; what counts is .time: every record of before it stands in
 *                 front of this section, and so do the definitions and symbols of all
 *                 records that do.  So whoever reads as the file is written can show
 *                 them.  A record that reaches its ring more than 10 ms after its
 *                 time, because a hypervisor took the CPU away, may come later
 * START     cpu   text, the counters of "stats" at the beginning, as the kernel has
 *           or    them: where the recorder is killed, the next one writes the LEDGER.
 *           all   Only in files of --rotate
 *
 * The chunks of one CPU come in the order of time; those of different CPUs stand
 * as they were drained, so a reader merges.  A chunk can be decoded alone.
 *
 * LIMITS, so that a reader can be sure of its memory and time.  What is beyond
 * them was not written by a recorder, and may be refused:
 *
 *   cpu            less than 65536
 *   .raw_size      CHUNK 512 KiB, also when decoded; STACKS, TASKS, META, EVENTS,
 *                  MODULES 1 MiB; SYMBOLS 8 MiB; LEDGER, END, MARK, START
 *                  64 KiB
 *   .stored_size   at most .raw_size + .raw_size / 64 + 64 KiB
 *   .count         at most .stored_size: TIME_0 is not compressible
 *   all .raw_size  but those of CHUNKs: 16 MiB + 64 times the file's size
 *   names          symbols 511 bytes; modules, counters and build-ids 79
 *   event numbers  1 to 1023; ids 1 to 2^24 - 1; pids less than 2^22
 *   a stack        at most 128 PCs
 *
 * Names are bytes: comm above all, which a thread may choose freely, and which
 * ends at its first NUL.  Who prints them has to take care of control characters.
 * pid 0 is the idle task of every CPU and called "swapper"; whatever else names it
 * is to be ignored.
 *
 * META keys: hostname, release, version, arch, boot_id, cpus (how many there were
 * online),
 * command (how record was called), workload (if there was one), pid (its), start
 * (CLOCK_REALTIME in ns), clock_offset (what to add to a time in the file to get
 * CLOCK_REALTIME), start_time (CLOCK_MONOTONIC in ns), stackid (who wrote it).
 * END keys: events, lost, stacks, duration (ns), result (exited N, signal N, stopped,
 * switched: another file follows; no space: the disk was full; or killed: the recorder was,
 * and another one has written the end).
 *
 * LEDGER has a line that is not the kernel's: lost_unwritten, events that are counted as
 * recorded and do not stand in the file, because there was no room on the disk or the
 * recorder was killed.
 */
#ifndef STACKID_DATA_H
#define STACKID_DATA_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <stackid.h>

#include "../ledger_words.h"

#define DATA_MAGIC		"STACKIDD"
#define DATA_VERSION		3
#define DATA_BYTE_ORDER		0x01020304
#define DATA_SECTION_MAGIC	0x54434553	/* "SECT" */
#define DATA_NO_CPU		0xffffffff
#define DATA_DEFAULT_FILE	"stackid.data"

/* See LIMITS. */
#define DATA_MAX_CPUS		65536
#define DATA_MAX_CHUNK		(512 << 10)
#define DATA_MAX_SECTION	(1 << 20)
#define DATA_MAX_SYMBOLS	(8 << 20)
#define DATA_MAX_SMALL		(64 << 10)
#define DATA_MAX_NAME		511
#define DATA_MAX_MODULE		79

/* @crc: of what stands before it. */
struct data_file_header {
	char magic[8];
	uint32_t version;
	uint32_t byte_order;
	uint32_t reserved;
	uint32_t crc;
};

enum data_section_type {
	DATA_META	= 1,
	DATA_EVENTS	= 2,
	DATA_TASKS	= 3,
	DATA_CHUNK	= 4,
	DATA_STACKS	= 5,
	DATA_SYMBOLS	= 6,
	DATA_MODULES	= 7,
	DATA_LEDGER	= 8,
	DATA_END	= 9,
	DATA_MARK	= 10,
	DATA_START	= 11,
};

/**
 * struct data_section - head of a section
 * @magic:       DATA_SECTION_MAGIC
 * @type:        enum data_section_type
 * @encoding:    of the payload under zstd; 0 but for CHUNK, DATA_COLUMNS there
 * @sequence:    0 for the first section
 * @cpu:         that it is about, or DATA_NO_CPU
 * @generation:  that it is about, or 0
 * @first_time:  CHUNK; 0 in others
 * @time:        CHUNK, MARK; 0 in others
 * @stored_size: of the zstd frames that follow
 * @raw_size:    of the payload
 * @count:       CHUNK: records; 0 in others
 * @crc:         of what stands before it
 */
struct data_section {
	uint32_t magic;
	uint16_t type;
	uint16_t encoding;
	uint32_t sequence;
	uint32_t cpu;
	uint64_t generation;
	uint64_t first_time;
	uint64_t time;
	uint64_t stored_size;
	uint64_t raw_size;
	uint32_t count;
	uint32_t crc;
};

/* The encoding of a CHUNK. */
#define DATA_COLUMNS		1

/* In the order of the payload. */
enum data_column {
	DATA_COLUMN_RUN,	/* how many records come as expected */
	DATA_COLUMN_TOKEN,	/* one that does not: DATA_TOKEN_* */
	DATA_COLUMN_KIND_0,	/* the number of a kind, the low byte */
	DATA_COLUMN_KIND_1,
	DATA_COLUMN_PID_0,	/* what is new in a kind */
	DATA_COLUMN_PID_1,
	DATA_COLUMN_PID_2,
	DATA_COLUMN_ID_0,
	DATA_COLUMN_ID_1,
	DATA_COLUMN_ID_2,
	DATA_COLUMN_HEAD,	/* bits 0 to 25 and 50 to 63 of w0, 5 bytes */
	DATA_COLUMN_VALUE,	/* values of records without a stack */
	DATA_COLUMN_REST,	/* what else follows w0 and w1 */
	DATA_COLUMN_TIME_1,	/* bits 8 to 15 of a time, if less than 255 */
	DATA_COLUMN_FAR_1,	/* bits 16 to 23, if less than 255 */
	DATA_COLUMN_FAR_2,	/* bits 16 to 41, 4 bytes */
	DATA_COLUMN_TIME_0,	/* bits 0 to 7 of a time */
	DATA_COLUMN_FAR_0,	/* bits 8 to 15 */
	DATA_NR_COLUMNS
};

/* From here on they are as good as random: not worth trying to compress. */
#define DATA_FIRST_RANDOM	DATA_COLUMN_TIME_0

/**
 * struct data_columns - head of a CHUNK's payload
 * @sizes: of the columns that follow it, without gaps
 *
 * A record's kind is its w0 and its pid.  The kinds of a chunk are numbered from 1
 * to 16383 as they come up.  Number 0 is all zeros at the beginning and stands for
 * what was before the first record; when 16383 is given, every NEW after it makes
 * its kind number 0, in place of what that was: w0, pid and values are replaced, and
 * what it expects is again 0 and 0.
 *
 * Each kind expects two others to follow, 0 and 0 when it is new.  RUN says how
 * many records in a row are of the first kind that the one before expects: a byte,
 * and if that is 255 another one is to be added.  The record behind them has
 * a TOKEN, then RUN goes on:
 *
 *   OTHER  of the second kind that is expected
 *   KNOWN  of the kind whose number is in KIND_0 and KIND_1
 *   NEW    of a kind that is as the last record's but for what the token says:
 *          PID from PID_0 to PID_2, ID (bits 26 to 49 of w0) from ID_0 to ID_2,
 *          HEAD (the rest of w0) from HEAD
 *
 * After a token the last record's kind expects this one first, and second what it
 * has expected first up to then.
 *
 * Numbers of several bytes begin with the lowest.  A time is the difference from
 * the last record's (0 before the first), both being bits 22 to 63 of w1, modulo
 * 2^42.  TIME_0 has its bits 0 to 7, TIME_1 its bits 8 to 15; but where TIME_1
 * says 255, FAR_0 has bits 8 to 15 and FAR_1 bits 16 to 23; and where that says
 * 255, FAR_2 has bits 16 to 41.
 *
 * A record that has values (4 at most) and no stack has them in VALUE: each XORed with
 * the one in its place of the last record of its kind (0 in a new kind), 7 bits
 * a byte, the lowest first, bit 7 saying that there are more.  What else follows w1
 * is in REST, as much as the size in w0 asks for.
 */
struct data_columns {
	uint32_t sizes[DATA_NR_COLUMNS];
};

#define DATA_KIND_BITS		14
#define DATA_NR_KINDS		(1U << DATA_KIND_BITS)

/* In a byte that has no room for the number: there is more of it elsewhere. */
#define DATA_FURTHER		255

/* One of three, and NEW with what is new; bits 5 to 7 are 0. */
enum data_token {
	DATA_TOKEN_OTHER	= 0x00,
	DATA_TOKEN_KNOWN	= 0x01,
	DATA_TOKEN_NEW		= 0x02,
	DATA_TOKEN_MASK		= 0x03,

	DATA_NEW_PID		= 0x04,
	DATA_NEW_ID		= 0x08,
	DATA_NEW_HEAD		= 0x10,
};

/* @comm: up to its first NUL; the last byte is one */
struct data_task {
	uint32_t pid;
	uint32_t tgid;
	char comm[16];
};

/**
 * struct data_symbols - head of a SYMBOLS payload
 * @nr_pcs:       struct data_symbol_pc that follow, sorted by pc and exact
 * @nr_symbols:   struct data_symbol_entry that follow them
 * @strings_size: bytes of NUL-terminated strings that follow those
 */
struct data_symbols {
	uint32_t nr_pcs;
	uint32_t nr_symbols;
	uint32_t strings_size;
	uint32_t reserved;
};

/**
 * struct data_symbol_pc - where a PC lies
 * @pc:     as in the stacks
 * @symbol: index of its symbol, or 0xffffffff if it has none
 * @exact:  1: looked up as it is; 0: a return address, looked up at pc - 1
 * @offset: pc - the symbol's start
 *
 * @exact and @offset share a u32: of its value, bit 0 is @exact, bits 1 to 31 are
 * @offset (as compilers lay them out on a little-endian machine).
 */
struct data_symbol_pc {
	uint64_t pc;
	uint32_t symbol;
	uint32_t exact:1;
	uint32_t offset:31;
};

/* Offsets in the strings; the kernel's own symbols have an empty module. */
struct data_symbol_entry {
	uint64_t start;
	uint32_t name;
	uint32_t module;
};

/*
 * READING
 *
 * Memory is bounded by the stacks, the symbols and one chunk per CPU, not by the
 * number of events.  What the functions give stays valid until close, unless a
 * sentence says otherwise.  Damage is reported on stderr where it is met and
 * remembered: end a command with stackid_data_close().
 */
struct data_reader;
struct ranges;
struct symbols;

enum data_kind {
	DATA_HIT_STACK,		/* .stack is one */
	DATA_HIT_USER,		/* a sample that hit user mode: shown as [user] */
	DATA_HIT_EMPTY,		/* the unwinder got no stack */
	DATA_LOST,		/* .lost events of .cpu were lost before .time;
				 * .event, .pid and .comm say nothing
				 */
};

/**
 * struct data_event - an event, or a place where some were lost
 * @time:       CLOCK_MONOTONIC in ns
 * @values:     what value= recorded, in its order; see struct data_event_name
 * @lost:       DATA_LOST: how many
 * @comm:       of the thread at that time; equal names are equal pointers.
 *              ":PID" where nobody told it
 * @pid:        the thread, 0 is idle
 * @tgid:       its process; @pid where the file does not name it
 * @stack:      index of the stack, from 1; 0 is none
 * @id:         0 where the stack was inline in the record
 */
struct data_event {
	uint64_t time;
	uint64_t values[STACKID_MAX_VALUES];
	uint64_t lost;
	const char *comm;
	uint32_t pid;
	uint32_t tgid;
	uint32_t cpu;
	uint32_t stack;
	uint64_t generation;
	uint32_t id;
	uint16_t event;
	uint8_t kind;		/* enum data_kind */
	uint8_t nr_values;
};

/*
 * @symbol: index, see stackid_data_symbol(); @offset: pc - symbol's start; @exact: pc was
 * executed, or is next; else it is a return address, and the call lies before it.
 */
struct data_frame {
	uint64_t pc;
	uint32_t symbol;
	uint32_t exact:1;
	uint32_t offset:31;
};

/* @symbols: where the frames of its stacks are */
struct data_generation {
	uint64_t number;
	const struct symbols *symbols;
};

/**
 * struct data_stack - a stack; equal ones of one generation are the same
 * @generation: its number is with @id the stack's name for ever
 * @id:         0 if it never got one (it only travelled inline)
 * @nr:         frames that are known
 * @depth:      frames that it had; more than @nr if it was cut
 * @undefined:  the file does not define the stack: there are no frames
 * @flags:      of its block
 * @places:     its frames' numbers, see stackid_data_frame()
 */
struct data_stack {
	const struct data_generation *generation;
	uint32_t id;
	uint16_t nr;
	uint16_t depth;
	bool undefined;
	uint8_t flags;
	uint32_t places[];
};

/*
 * @name:   symbol 0 is "[unknown]"
 * @module: as perf writes it: "[kernel.kallsyms]", "[ext4]", "[unknown]"
 */
struct data_symbol {
	const char *name;
	const char *module;
};

/**
 * struct data_value_name - what a value is called
 * @name:      as value= names it; where it does not, the argument: "arg4"
 * @is_signed: the u64 stands for an s64
 */
struct data_value_name {
	const char *name;
	bool is_signed;
};

/**
 * struct data_event_name - an event
 * @options:   as it was asked for, "" if there were none
 * @nr_values: that its options name; a record may have others
 */
struct data_event_name {
	unsigned int number;
	const char *name;
	const char *options;
	unsigned int nr_values;
	struct data_value_name values[STACKID_MAX_VALUES];
};

/* @build_id: "-" if it is not known */
struct data_module {
	const char *name;
	uint64_t base;
	uint64_t size;
	const char *build_id;
};

/*
 * @path: "-" is stdin (spooled to a temporary file first if it is a pipe; see
 * data_follow.h for another way).  NULL
 * after a sentence on stderr if there is nothing to read at all; then end with
 * EXIT_FAILED.
 *
 * Unless it is @trusted, the process gets a limit for its memory that no recording
 * of the file's size needs, and ends with a sentence if that is reached.
 */
struct data_reader *stackid_data_open(const char *path, bool trusted);

/*
 * For libstackid, where lack of memory ends a call and not the process, see
 * libstackid.c.  The same of a file that is open, and @fd stays open; @name is for
 * sentences.  *@reader is set before it comes to hold anything, so that whoever gets no
 * further can give it to stackid_data_abandon(), which ends all but memory.
 */
bool stackid_data_open_fd(struct data_reader **reader, int fd, const char *name,
			  bool trusted);
void stackid_data_abandon(struct data_reader *reader);
/* EXIT_OK, or EXIT_DAMAGED if anything was missing or wrong. */
int stackid_data_close(struct data_reader *reader);

/* The next in the order of time over all CPUs; false at the end. */
bool stackid_data_next(struct data_reader *reader, struct data_event *event);
/* Begin again with the first event; stacks keep their indices. */
void stackid_data_rewind(struct data_reader *reader);

/**
 * struct data_equality - which events are counted together
 * @quantum: none of different slices of so many ns, and .time is in the slice; 0: the
 *           time makes no difference, and .time says nothing
 * @of_cpu:  none of different CPUs; else .cpu says nothing, but of a loss
 */
struct data_equality {
	uint64_t quantum;
	bool of_cpu;
};

/*
 * All events without going through them one by one: those that are equal but for times
 * and values come once, with their number.  The order is not that of time, and may be
 * any; .values and .nr_values say nothing, .time and .cpu what @equal says.
 *
 * False if that is not possible, with nothing said about damage: then what @counted got
 * is not all, and stackid_data_next() has to do.  In both cases stackid_data_rewind()
 * comes before it.
 */
typedef void stackid_data_counted(void *context, const struct data_event *event,
				  uint64_t nr);
bool stackid_data_count(struct data_reader *reader,
			const struct data_equality *equal,
			stackid_data_counted *counted, void *context);

/*
 * The times of the first and the last event of all CPUs; losses are none.  False
 * if there is no event.  It looks at the outer chunks of each CPU only.
 */
bool stackid_data_span(struct data_reader *reader, uint64_t *first,
		       uint64_t *last);

/*
 * Stacks known so far are 1..nr.  All that have ids are known from the start,
 * those that are only inline as stackid_data_next() meets them.
 */
uint32_t stackid_data_nr_stacks(const struct data_reader *reader);
const struct data_stack *stackid_data_stack(const struct data_reader *reader,
					    uint32_t index);
/* What stands for the name of one without an id: in a file @index. */
uint32_t stackid_data_stack_number(const struct data_reader *reader,
				   uint32_t index);
/* The @i th from the innermost one, which is number 0; equal ones are one. */
const struct data_frame *stackid_data_frame(const struct data_stack *stack,
					    unsigned int i);

/* All frames of stacks so far, and others that the file knows: 0..nr-1. */
uint32_t stackid_data_nr_frames(const struct data_reader *reader);
const struct data_frame *stackid_data_frame_at(const struct data_reader *reader,
					       uint32_t index);

/* 0..nr-1; equal (name, module) have the same index, in all generations. */
uint32_t stackid_data_nr_symbols(const struct data_reader *reader);
const struct data_symbol *stackid_data_symbol(const struct data_reader *reader,
					      uint32_t index);

/* In the order of their numbers. */
unsigned int stackid_data_nr_events(const struct data_reader *reader);
const struct data_event_name *
stackid_data_event(const struct data_reader *reader, unsigned int i);
/* NULL if the number is unknown. */
const struct data_event_name *
stackid_data_event_by_number(const struct data_reader *reader,
			     unsigned int number);

/* Which of the event's values is called @name, from 0; -1 if none is. */
int stackid_data_find_value(const struct data_event_name *event,
			    const char *name);

/*
 * The thread that made the one of this pid, by what has been read so far; 0 if it
 * was made before the recording.
 */
uint32_t stackid_data_maker(const struct data_reader *reader, uint32_t pid);
/*
 * Whether the thread is of one of these processes, or of what they have made since
 * the recording began.
 */
bool stackid_data_descends(const struct data_reader *reader, uint32_t pid,
			   const struct ranges *processes);

/* Of META or END; NULL if there is no such key. */
const char *stackid_data_meta(const struct data_reader *reader,
			      const char *key);
/* All of them, i from 0; false at the end. */
bool stackid_data_meta_at(const struct data_reader *reader, unsigned int i,
			  const char **key, const char **value);

unsigned int stackid_data_nr_modules(const struct data_reader *reader);
const struct data_module *
stackid_data_module(const struct data_reader *reader, unsigned int i);

/*
 * What the ledger grew by while recording.  @cpu may be DATA_NO_CPU for the
 * sums.  0 if the file has no such counter (or no ledger: it was cut off).
 */
uint64_t stackid_data_ledger(const struct data_reader *reader, uint32_t cpu,
			     enum ledger_word which);
/* All counters of @cpu, i from 0; false at the end. */
bool stackid_data_ledger_at(const struct data_reader *reader, uint32_t cpu,
			    unsigned int i, const char **counter,
			    uint64_t *start, uint64_t *end);
/* CPUs that have chunks or a ledger are among 0..nr-1. */
uint32_t stackid_data_nr_cpus(const struct data_reader *reader);

/*
 * Events lost from whatever cause, by the ledger; without one by the LOST records
 * that stackid_data_next() has met.
 */
uint64_t stackid_data_lost(const struct data_reader *reader);

#endif /* STACKID_DATA_H */
