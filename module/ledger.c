// SPDX-License-Identifier: GPL-2.0
/* The words of the counters; the list has both in one order. */
#include "ledger.h"

#define LEDGER_WORD(name, word, sum) word,
const char *const stackid_ledger_names[NR_LEDGER] = {
#include "../include/uapi/stackid_ledger.h"
};

#define TABLE_WORD(name, word) word,
const char *const stackid_table_counter_names[NR_TABLE_COUNTERS] = {
#include "../include/uapi/stackid_ledger.h"
};

#define UNWIND_WORD(name, word) word,
const char *const stackid_unwind_names[NR_UNWIND_OUTCOMES] = {
#include "../include/uapi/stackid_ledger.h"
};
