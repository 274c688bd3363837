/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The counters of the files stats, and their words.  The list of both is
 * include/uapi/stackid_ledger.h; who counts keeps the counters.
 */
#ifndef _STACKID_LEDGER_H
#define _STACKID_LEDGER_H

/* What became of each hit; stackid_recording_ledger(). */
#define LEDGER_WORD(name, word, sum) LEDGER_##name,
enum stackid_ledger {
#include "../include/uapi/stackid_ledger.h"
	NR_LEDGER
};

/* stackid_table_counter() */
#define TABLE_WORD(name, word) TABLE_##name,
enum table_counter {
#include "../include/uapi/stackid_ledger.h"
	NR_TABLE_COUNTERS
};

/* stackid_unwinder_counter() */
#define UNWIND_WORD(name, word) UNWIND_##name,
enum unwind_outcome {
#include "../include/uapi/stackid_ledger.h"
	NR_UNWIND_OUTCOMES
};

extern const char *const stackid_ledger_names[NR_LEDGER];
extern const char *const stackid_table_counter_names[NR_TABLE_COUNTERS];
extern const char *const stackid_unwind_names[NR_UNWIND_OUTCOMES];

#endif /* _STACKID_LEDGER_H */
