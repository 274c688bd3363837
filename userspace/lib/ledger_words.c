// SPDX-License-Identifier: GPL-2.0
/* The words of the kernel's ledger that mean something to us. */
#include "ledger_words.h"

#define LEDGER_WORD(name, word, sum) { word, LEDGER_##sum },
const struct ledger_line stackid_ledger[NR_LEDGER] = {
#include <stackid_ledger.h>
	{ "lost_unwritten", LEDGER_NO_SUM },
};
