/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * The words of the files stats and per_cpu/cpuN/stats, in the order of their
 * lines, for both sides.  What each of them counts, and the sums, are told in
 * stackid.h; why a walk was not a fast one is told here.
 *
 * To be included as often as somebody wants something made of the words, who
 * defines one of these before:
 *
 *   LEDGER_WORD(NAME, WORD, SUM)   hits; SUM is the NAME of the word that this
 *                                  one is a part of, or NO_SUM
 *   TABLE_WORD(NAME, WORD)         what the table did
 *   UNWIND_WORD(NAME, WORD)        how walks went
 */
#ifndef LEDGER_WORD
#define LEDGER_WORD(name, word, sum)
#endif
#ifndef TABLE_WORD
#define TABLE_WORD(name, word)
#endif
#ifndef UNWIND_WORD
#define UNWIND_WORD(name, word)
#endif

LEDGER_WORD(OFFERED, "offered", NO_SUM)
LEDGER_WORD(RECORDED, "recorded", OFFERED)
LEDGER_WORD(LOST_FULL, "lost_full", OFFERED)
LEDGER_WORD(LOST_RECURSION, "lost_recursion", OFFERED)
LEDGER_WORD(LOST_RCU, "lost_rcu", OFFERED)
LEDGER_WORD(HIT, "hit", RECORDED)
LEDGER_WORD(INLINE, "inline", RECORDED)
LEDGER_WORD(USER, "user", RECORDED)
LEDGER_WORD(EMPTY, "empty", RECORDED)
LEDGER_WORD(QUEUED, "queued", INLINE)
LEDGER_WORD(QUEUE_FULL, "queue_full", INLINE)
LEDGER_WORD(TABLE_FULL, "table_full", INLINE)
LEDGER_WORD(FILTERED, "filtered", NO_SUM)
LEDGER_WORD(TASK_LOST, "task_lost", NO_SUM)

TABLE_WORD(REQUESTS, "requests")
TABLE_WORD(INSERTED, "inserted")
TABLE_WORD(FOUND_AGAIN, "found_again")
TABLE_WORD(FULL, "full")
TABLE_WORD(NO_MEMORY, "no_memory")
TABLE_WORD(STALE, "stale")
TABLE_WORD(SAVE_CALLS, "save_calls")
TABLE_WORD(SAVE_HIT, "save_hit")
TABLE_WORD(SAVE_INSERTED, "save_inserted")
TABLE_WORD(SAVE_DEFERRED, "save_deferred")
TABLE_WORD(SAVE_REFUSED, "save_refused")
TABLE_WORD(SAVE_QUEUED, "save_queued")
TABLE_WORD(SAVE_DIRECT, "save_direct")

/* By the ORC rules' cache; all the SLOW ones took the kernel's unwinder. */
UNWIND_WORD(FAST, "unwind_fast")
/* Switched off, or not for this kernel. */
UNWIND_WORD(SLOW_OFF, "unwind_slow_off")
/* A PC in no text that stays: init, BPF, trampolines. */
UNWIND_WORD(SLOW_TEXT, "unwind_slow_text")
/* A return address replaced by a tracer. */
UNWIND_WORD(SLOW_PATCHED, "unwind_slow_patched")
/* A frame of a kind that is not covered. */
UNWIND_WORD(SLOW_RULE, "unwind_slow_rule")
/* Not within the bounds of a known stack. */
UNWIND_WORD(SLOW_STACK, "unwind_slow_stack")
/* Of the fast ones: walked both ways. */
UNWIND_WORD(CHECKED, "unwind_checked")
/* Of the checked ones: not the same; must be 0. */
UNWIND_WORD(DIFFERENT, "unwind_different")

#undef LEDGER_WORD
#undef TABLE_WORD
#undef UNWIND_WORD
