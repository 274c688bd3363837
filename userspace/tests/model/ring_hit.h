/* SPDX-License-Identifier: GPL-2.0 */
/* What writes to the modelled ring and reads from it, and the book about that. */
#ifndef _STACKID_RING_HIT_H
#define _STACKID_RING_HIT_H

#include "model_kernel.h"

#include "../../../module/ring/ring_layout.h"

#define MAX_HITS	160
#define HIT_SIZE	(sizeof(struct stackid_record) + sizeof(u64))

enum fate { NOT_YET, OFFERED, WRITTEN, CONSUMED, LOST, CONTENDED };

/**
 * struct ring_book - what became of each hit
 * @ring:       that is modelled
 * @generation: the current one
 * @offered:    hits so far, numbered from 1
 * @fate:       of each hit
 * @of:         the generation of each
 * @lost:       sum of the LOST records consumed
 * @last_time:  of what was consumed
 * @known:      the generation that the consumer goes by
 * @head_was:   writer.head before it was written last
 * @data_head_was: data_head likewise
 * @in_breakpoint: its handler runs
 */
struct ring_book {
	struct ring *ring;
	u64 generation;
	u64 offered;
	u8 fate[MAX_HITS];
	u8 of[MAX_HITS];
	u64 lost;
	u64 last_time;
	u64 known;
	u64 head_was;
	u64 data_head_was;
	bool in_breakpoint;
};

extern struct ring_book *book;

/* ring_hit.c, whose steps are points. */
void ring_hit(void);
void ring_read_kernel(int records);
void ring_read_user(int rounds);
void ring_read_mapped(int rounds);
void ring_store_tail(u64 tail);
void ring_reset(void);

/* ring_model.c, whose steps are none. */
u64 book_offer(u64 generation);
void book_write(u64 number);
void book_lose(u64 number, enum fate fate);
void book_consume(const struct stackid_record *record);

#endif /* _STACKID_RING_HIT_H */
