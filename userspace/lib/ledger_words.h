/* SPDX-License-Identifier: GPL-2.0 */
/* The words of the kernel's ledger that mean something to us. */
#ifndef STACKID_LEDGER_WORDS_H
#define STACKID_LEDGER_WORDS_H

#include <stdbool.h>

#define LEDGER_WORD(name, word, sum) LEDGER_##name,
enum ledger_word {
#include <stackid_ledger.h>
	/* Not the kernel's: recorded, and then the recorder could not write them. */
	LEDGER_LOST_UNWRITTEN,
	NR_LEDGER,
	LEDGER_NO_SUM = NR_LEDGER
};

/**
 * struct ledger_line - a counter
 * @word: as it is called in stats and in a data file
 * @sum:  the counter of which it is a part, or LEDGER_NO_SUM
 */
struct ledger_line {
	const char *word;
	enum ledger_word sum;
};

extern const struct ledger_line stackid_ledger[NR_LEDGER];

/* Does it count events that were lost? */
static inline bool stackid_ledger_is_loss(enum ledger_word which)
{
	return which == LEDGER_LOST_UNWRITTEN ||
	       (stackid_ledger[which].sum == LEDGER_OFFERED &&
		which != LEDGER_RECORDED);
}

#endif /* STACKID_LEDGER_WORDS_H */
