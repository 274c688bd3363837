/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * stackid: the binary formats that the module gives to user space.
 *
 * This header is the manual of three things: the ring (one per CPU, events as
 * they happen), the stack block (the PCs of one stack) and the stream of
 * definitions in stacks_raw.  All numbers are in the byte order of the machine
 * that made them, all records are 8-byte aligned, all sizes are in bytes
 * unless a sentence says otherwise.  Unknown record types are to be skipped by
 * their size; a new meaning for a known type raises the version.
 *
 *
 * WORDS
 *
 * stack       the PCs of one kernel stack, innermost first
 * id          u32, dense from 1 in the order of insertion; 0 means no stack
 * generation  the life of the table between two resets, counted from 1;
 *             (generation, id) names a stack for ever
 * event       one enabled source of hits, numbered from 1 to 1023; the file
 *             "events" tells the number of each
 *
 *
 * THE RING  per_cpu/cpuN/ring
 *
 * One consumer at a time: a second open gets EBUSY.  Opening needs
 * CAP_SYSLOG, because records carry raw PCs.  Either read(2), which gives
 * whole records only and moves data_tail itself (EINVAL if the buffer cannot
 * hold the next record), or two mappings:
 *
 *   mmap(0, page size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
 *       the control page, struct stackid_ring_page
 *   mmap(0, data_size, PROT_READ, MAP_SHARED, fd, data_offset)
 *       the data pages, which can not be mapped writable
 *
 * data_head and data_tail are free-running byte positions; a record at
 * position P starts at data + P % data_size.  Records between data_tail and
 * data_head are whole and stable.  A record never wraps past the end of the
 * data: the remainder is filled by one STACKID_REC_PAD.  Records of one ring
 * stand in the order in which the clock was read for them, also where an
 * interrupt's event nested in the writing of another.  That is the order of their
 * times, but for an NMI that interrupts an update of the kernel's clock: it may
 * read a time that is some nanoseconds too late, and what follows has an earlier
 * one then (see ktime_get_mono_fast_ns() in the kernel).
 *
 * The kernel never trusts data_tail, and looks at it only when it has used up
 * the room that it saw the last time.  A value outside of
 * [data_head - data_size, data_head] makes the ring count as full then, until a
 * sane one is stored.  A sane one that is not at a record's start costs the
 * reader of read(2) what lies between, nothing else.
 *
 *   kernel, on the ring's CPU              reader
 *   ------------------------------------   ------------------------------------
 *   A  load-acquire  data_tail             C  load-acquire  data_head
 *      store         records                  load          records
 *   B  store-release data_head             D  store-release data_tail
 *
 *   A pairs with D: a record's bytes are reused only after the reader is done.
 *   B pairs with C: a reader that sees data_head sees the records before it.
 *
 * The 4 bits of a generation that a record has are read with the full number of
 * one near it.  To begin with, that is "generation" of the control page, which
 * the kernel stores when the ring is opened: the number that is right for the
 * record at data_tail, however many resets ago it was written and whoever read
 * what is before it.  read(2) gives the same number as a GENERATION record in
 * front of the first record.  From there on each GENERATION record has the next.
 * (A reader that sets data_tail to data_head, because it does not want what is
 * there already, goes by the generation that stacks_raw tells at that time.)
 *
 * poll(2) reports POLLIN when at least data_size / 4 bytes are waiting; a
 * reader that wants to be quicker polls with a timeout and looks.  POLLERR
 * says that the CPU's ring is going away.
 *
 *
 * RECORDS
 *
 * Every record begins with two u64, struct stackid_record, whose bits are read
 * with the stackid_rec_*() functions below:
 *
 *   w0   0..3   type, STACKID_REC_*; bit 3 (STACKID_REC_VALUES) says that the
 *               record ends in 1 to 4 values
 *        4..7   generation, the low 4 bits
 *        8..15  size of the whole record in 8-byte words
 *       16..25  event number
 *       26..49  id
 *       50..63  time, bits 42 to 55
 *   w1   0..21  pid (the thread's, in the initial pid namespace; 0 is idle)
 *       22..63  time, bits 0 to 41
 *
 * A PAD is the exception: only its first u64 is there, with type and size.
 *
 * Values are what value= of the event asks for, in its order, each a u64; one of a
 * smaller type is extended to that, by its sign where it has one, and one that
 * could not be read, because the address was wrong, is 0.  They are as they are: also
 * pointers, whatever kptr_restrict says.  What a record's size leaves after the
 * header and the stack block is how many there are, see stackid_rec_nr_values().
 *
 * The time is CLOCK_MONOTONIC in nanoseconds, 56 bits of it: 2.28 years.  The
 * full value is the one nearest to the reader's clock with those low bits, see
 * stackid_rec_time().  So every record can be decoded alone, from whatever record
 * a reader begins at.
 *
 * type            size  what it is
 * EVENT           16    a hit whose stack has an id; id 0 is a hit of which
 *                       the unwinder got no stack
 * EVENT_STACK     24+   a hit whose stack has no id yet: a stack block follows
 *                       the header
 * EVENT_USER      16    a sample that hit user mode: no kernel stack
 * LOST            24    a u64 follows: the number of events dropped before
 *                       this record because the ring was full
 * GENERATION      32    struct stackid_generation_record: the full number of
 *                       the generation that the 4 bits of the records behind
 *                       it belong to
 * TASK            48    struct stackid_task_record: a task was made or renamed
 * MODULE          96    struct stackid_module_record: a kernel module came or
 *                       went; the symbols of addresses changed
 *
 * The generation's bits mean something in the EVENTs and in GENERATION only.
 * An ordinary event is 16 bytes, and 8 more for each value.  GENERATION stands
 * directly in front of the first event of a generation on its CPU; where there is no
 * room for both, neither is written and the event is lost.  A hit that was under way while
 * a reset came may follow with the bits of the generation before.  Given the full
 * number G of the last GENERATION, the number of a record is the value nearest to
 * G with the record's low 4 bits.
 *
 *
 * THE STACK BLOCK
 *
 * struct stackid_stack, then, if STACKID_STACK_CUT is set, a u64 digest, then, if
 * STACKID_STACK_MARKED is set, (nr + 63) / 64 u64 of marks, then nr PCs of 4 bytes
 * (or 8 with STACKID_STACK_PC64), padded with zeros to 8.  A 4-byte PC stands for
 * its sign extension: 0xffffffff00000000 | pc.
 *
 * depth is the number of frames that the stack had.  Where it is greater than
 * nr the stack was cut and its flag says so; the digest is a keyed 64-bit hash
 * of all its frames, the missing ones included, so that stacks which differ only
 * there have different ids.
 *
 * A PC is a return address, to be looked up at pc - 1, or an instruction that was
 * interrupted, to be looked up as it is: the first one where
 * STACKID_STACK_EXACT is set (a sample or a kprobe), and PC number i where bit
 * i % 64 of mark i / 64 is set (what a page fault or, with irqstack=full, an
 * interrupt came upon).  stackid_stack_is_exact() tells.  The marks follow from
 * the PCs and are no part of a stack's identity: one that the API was given as an
 * array has none.
 *
 *
 * DEFINITIONS  stacks_raw
 *
 * A stream of records that begin with struct stackid_def.  The file's position
 * is an id, not a byte offset: position 0 gives a HEADER and then the stacks
 * from id 1 on, lseek(fd, N, SEEK_SET) goes on with the stack after id N - 1,
 * that is N itself.  read(2) returns whole records; 0 means that there are no
 * more for now, and a later read goes on.  The file belongs to the generation
 * that was current when it was opened.  When that one has ended, the stacks
 * are followed by an END once, and then by nothing for ever: open it again for
 * the next.  The definitions of a generation stay readable until the last file
 * that was opened in it is closed.
 *
 * An id that was seen in the ring is in stacks_raw: it was published first.  Hits
 * of the next generation come into the ring a grace period before the END of the
 * one before can be read: whoever reads both opens stacks_raw again when either is
 * met.
 *
 *
 * A HOLD  recording_on
 *
 * A program that records writes "hold" to recording_on before anything else,
 * and keeps that file open.  EBUSY: recording is on, or another file holds it;
 * error_log names its process.  The hold begins with no events; when the file is
 * closed (by the last process that has it: mark it close-on-exec) recording is
 * turned off, the events that there are then are removed, and events and
 * buffer_size_kb are again what they were before the hold.  So nothing goes on
 * after a program that was killed.  The size waits until nobody has a ring open.
 *
 *
 * THE LEDGER  stats and per_cpu/cpuN/stats
 *
 * Every hit of an enabled event that passes its filters (pid=, tid=, uid= and if=)
 * while recording is on is offered, and (when nothing is under way) these sums hold
 * exactly, per CPU and in all:
 *
 *   offered  = recorded + lost_full + lost_recursion + lost_rcu
 *   recorded = hit + inline + user + empty
 *   inline   = queued + queue_full + table_full
 *
 *   hit            the stack had an id
 *   inline         it had none, and travelled in the record
 *   user           a sample hit user mode
 *   empty          the unwinder got no stack: a hit in the middle of a task switch
 *                  (x86_fpu:* in __switch_to), where the stack is not current's
 *   lost_full      the ring had no room; sum of all LOST records once each
 *                  ring has had room again
 *   lost_recursion the hit came from inside the handling of another hit on the
 *                  same CPU and context level (task, softirq, hardirq, NMI; a
 *                  kprobe's breakpoint belongs to the level that it is hit in),
 *                  or in an NMI that came while the CPU handled a kprobe, of
 *                  whomever, see kprobe_state.h; or its record gave up its
 *                  place to others 64 times, see ring_writer.c
 *   lost_rcu       RCU was not watching the CPU, so the table was off limits
 *   queued         the missing stack was put into the insert queue
 *   queue_full     the insert queue had no room, or the CPU is coming or going
 *                  and runs no irq_work; the next hit tries again
 *   table_full     the table takes no new stack: max_stacks or max_memory_mb is
 *                  reached, or no memory is ready; so it was not tried
 *   filtered       not offered: a comparison of if= did not hold.  Where a hit is
 *                  lost_recursion or lost_rcu, nobody has looked whether it does
 *   task_lost      not an event: TASK, MODULE records that found no room
 *
 * The table's own:
 *
 *   requests = inserted + found_again + full + no_memory + stale + pending
 *   requests = queued + save_queued + save_direct
 *   save_calls = save_hit + save_inserted + save_deferred + save_refused
 *
 *   inserted       a new id was given
 *   found_again    another CPU had been quicker
 *   full           max_stacks was reached
 *   no_memory      max_memory_mb was reached, or the arena's worker was behind
 *   stale          a reset came between the miss and the insert
 *   pending        still queued
 */
#ifndef _UAPI_STACKID_H
#define _UAPI_STACKID_H

#include <linux/types.h>

#define STACKID_ABI_VERSION	3

/* The deepest stack that is kept whole, in frames. */
#define STACKID_MAX_DEPTH	128

/* The most values of an event. */
#define STACKID_MAX_VALUES	4

/* "STACKIDR" and "STACKIDS" as they lie in a little-endian machine's memory. */
#define STACKID_RING_MAGIC	0x5244494b43415453ULL
#define STACKID_STACKS_MAGIC	0x5344494b43415453ULL

/**
 * struct stackid_ring_page - the control page of a ring
 * @magic:       STACKID_RING_MAGIC
 * @version:     STACKID_ABI_VERSION
 * @cpu:         the CPU whose events these are
 * @data_offset: where to mmap the data
 * @data_size:   size of the data, a power of two
 * @data_head:   written by the kernel: records end here
 * @lost:        written by the kernel: events dropped with a full ring so far
 * @generation:  written by the kernel when the ring is opened: the full number
 *               of the generation at @data_tail, 0 if there has been none yet
 * @data_tail:   written by the reader: records before it are consumed
 *
 * The kernel reads nothing of this page but data_tail.
 */
struct stackid_ring_page {
	__u64 magic;
	__u32 version;
	__u32 cpu;
	__u64 data_offset;
	__u64 data_size;
	__u64 reserved1[4];

	__u64 data_head;
	__u64 lost;
	__u64 generation;
	__u64 reserved2[5];

	__u64 data_tail;
	__u64 reserved3[7];
};

enum stackid_record_type {
	STACKID_REC_PAD		= 0,
	STACKID_REC_EVENT	= 1,
	STACKID_REC_EVENT_STACK	= 2,
	STACKID_REC_EVENT_USER	= 3,
	STACKID_REC_LOST	= 4,
	STACKID_REC_GENERATION	= 5,
	STACKID_REC_TASK	= 6,
	STACKID_REC_MODULE	= 7,
};

/* Ored to one of the three EVENT types: the record ends in values. */
#define STACKID_REC_VALUES	8

struct stackid_record {
	__u64 w0;
	__u64 w1;
};

#define STACKID_GENERATION_BITS	4
#define STACKID_EVENT_BITS	10
#define STACKID_ID_BITS		24
#define STACKID_PID_BITS	22
#define STACKID_TIME_BITS	56
#define STACKID_TIME_LOW_BITS	42

#define STACKID_MAX_EVENT	((1U << STACKID_EVENT_BITS) - 1)

static inline unsigned int stackid_rec_type(const struct stackid_record *r)
{
	return r->w0 & 0xf;
}

static inline unsigned int stackid_rec_generation(const struct stackid_record *r)
{
	return (r->w0 >> 4) & 0xf;
}

/* In bytes. */
static inline unsigned int stackid_rec_size(const struct stackid_record *r)
{
	return ((r->w0 >> 8) & 0xff) * 8;
}

static inline unsigned int stackid_rec_event(const struct stackid_record *r)
{
	return (r->w0 >> 16) & STACKID_MAX_EVENT;
}

static inline __u32 stackid_rec_id(const struct stackid_record *r)
{
	return (r->w0 >> 26) & ((1U << STACKID_ID_BITS) - 1);
}

static inline __u32 stackid_rec_pid(const struct stackid_record *r)
{
	return r->w1 & ((1U << STACKID_PID_BITS) - 1);
}

/* The low 56 bits of the time. */
static inline __u64 stackid_rec_time_bits(const struct stackid_record *r)
{
	return ((r->w0 >> 50) << STACKID_TIME_LOW_BITS) |
	       (r->w1 >> STACKID_PID_BITS);
}

/*
 * @now: any CLOCK_MONOTONIC time that is less than 1.14 years before or after that
 * of the record.
 */
static inline __u64 stackid_rec_time(const struct stackid_record *r, __u64 now)
{
	unsigned int above = 64 - STACKID_TIME_BITS;

	return now + ((__s64)((stackid_rec_time_bits(r) - now) << above) >> above);
}

/* @near: the full number of a generation at most 7 away from the record's. */
static inline __u64 stackid_rec_full_generation(const struct stackid_record *r,
						__u64 near)
{
	__u64 up = (stackid_rec_generation(r) - near) & 0xf;

	return up < 8 ? near + up : near + up - 16;
}

/* LOST. */
struct stackid_number_record {
	struct stackid_record head;
	__u64 number;
};

/**
 * struct stackid_generation_record - a generation begins on this CPU
 * @head:     with the low bits of @number
 * @number:   the full number of the generation of the records behind this one
 * @previous: that of the records before it, at most 7 off; 0 if there are none
 *            with an id
 */
struct stackid_generation_record {
	struct stackid_record head;
	__u64 number;
	__u64 previous;
};

/**
 * struct stackid_task_record - a task was made or renamed
 * @head: pid is the task's own; not the one of the task that did it
 * @tgid: its process
 * @ppid: the thread that made it, or 0 if it was renamed (exec does so too)
 * @comm: its name now, NUL-terminated
 */
struct stackid_task_record {
	struct stackid_record head;
	__u32 tgid;
	__u32 ppid;
	char comm[16];
	__u64 reserved;
};

enum stackid_module_state {
	STACKID_MODULE_LOADED	= 1,
	STACKID_MODULE_UNLOADED	= 2,
};

/**
 * struct stackid_module_record - a kernel module came or went
 * @base:  start of its text
 * @size:  of its text
 * @state: enum stackid_module_state
 * @name:  NUL-terminated
 */
struct stackid_module_record {
	struct stackid_record head;
	__u64 base;
	__u32 size;
	__u32 state;
	char name[64];
};

/* Flags of a stack block. */
#define STACKID_STACK_PC64	0x01	/* PCs of 8 bytes instead of 4 */
#define STACKID_STACK_CUT	0x02	/* deeper than nr: a digest follows */
#define STACKID_STACK_EXACT	0x04	/* the first PC is no return address */
#define STACKID_STACK_MARKED	0x08	/* nor are others: marks follow */

/**
 * struct stackid_stack - head of a stack block
 * @id:    its id, or 0 if it travels inline because it has none yet
 * @depth: frames that the stack had
 * @nr:    PCs that follow, at most STACKID_MAX_DEPTH
 * @flags: STACKID_STACK_*
 */
struct stackid_stack {
	__u32 id;
	__u16 depth;
	__u8 nr;
	__u8 flags;
};

/* Where the marks are, if STACKID_STACK_MARKED is set. */
static inline const __u64 *stackid_stack_marks(const struct stackid_stack *s)
{
	return (const __u64 *)(s + 1) + (s->flags & STACKID_STACK_CUT ? 1 : 0);
}

/* Where the PCs are. */
static inline const void *stackid_stack_pcs(const struct stackid_stack *s)
{
	return stackid_stack_marks(s) +
	       (s->flags & STACKID_STACK_MARKED ? (s->nr + 63) / 64 : 0);
}

/* Size of a whole stack block, a multiple of 8. */
static inline __u32 stackid_stack_size(const struct stackid_stack *s)
{
	__u32 pcs = s->nr * (s->flags & STACKID_STACK_PC64 ? 8U : 4U);

	return (const char *)stackid_stack_pcs(s) - (const char *)s +
	       ((pcs + 7) & ~7U);
}

/* Is PC number @i, from 0 to nr - 1, an interrupted instruction? */
static inline int stackid_stack_is_exact(const struct stackid_stack *s,
					 unsigned int i)
{
	if (!i)
		return !!(s->flags & STACKID_STACK_EXACT);
	return s->flags & STACKID_STACK_MARKED &&
	       stackid_stack_marks(s)[i / 64] >> (i % 64) & 1;
}

/* The values of a record with STACKID_REC_VALUES. */
static inline const __u64 *stackid_rec_values(const struct stackid_record *r)
{
	const struct stackid_stack *stack = (const struct stackid_stack *)(r + 1);

	if (stackid_rec_type(r) != (STACKID_REC_EVENT_STACK | STACKID_REC_VALUES))
		return (const __u64 *)(r + 1);
	return (const __u64 *)((const char *)stack + stackid_stack_size(stack));
}

/* How many; as many as fit where the record is wrong. */
static inline unsigned int stackid_rec_nr_values(const struct stackid_record *r)
{
	const char *end = (const char *)r + stackid_rec_size(r);
	long left = end - (const char *)stackid_rec_values(r);

	if (left < 8)
		return 0;
	return left / 8 < STACKID_MAX_VALUES ? left / 8 : STACKID_MAX_VALUES;
}

enum stackid_def_type {
	STACKID_DEF_HEADER	= 1,
	STACKID_DEF_STACK	= 2,
	STACKID_DEF_END		= 3,
};

/**
 * struct stackid_def - head of a record in stacks_raw
 * @size: of the whole record, a multiple of 8
 * @type: enum stackid_def_type
 * @id:   DEF_STACK: the stack's id, a stack block follows.
 *        DEF_END: the last id of the generation
 */
struct stackid_def {
	__u32 size;
	__u16 type;
	__u16 reserved1;
	__u32 id;
	__u32 reserved2;
};

/**
 * struct stackid_def_header - the first record of stacks_raw
 * @head:       type DEF_HEADER
 * @magic:      STACKID_STACKS_MAGIC
 * @version:    STACKID_ABI_VERSION
 * @max_stacks: the table's bound
 * @generation: that these stacks belong to
 * @start_time: when it began, CLOCK_MONOTONIC in nanoseconds
 */
struct stackid_def_header {
	struct stackid_def head;
	__u64 magic;
	__u32 version;
	__u32 max_stacks;
	__u64 generation;
	__u64 start_time;
};

#endif /* _UAPI_STACKID_H */
