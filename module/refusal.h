/* SPDX-License-Identifier: GPL-2.0 */
/* Why a write was refused, in words for error_log. */
#ifndef _STACKID_REFUSAL_H
#define _STACKID_REFUSAL_H

#include <linux/compiler_attributes.h>

/**
 * struct refusal - the reason for a refused write
 * @text:  a sentence that says what was wrong and what to do
 * @caret: offset in the written line of the word that it is about, or -1
 *
 * Whoever refuses fills it in and returns the errno, usually in one step:
 * return stackid_refuse(why, -EINVAL, caret, "...", ...).
 */
struct refusal {
	char text[240];
	int caret;
};

__printf(4, 5)
int stackid_refuse(struct refusal *why, int error, int caret,
		   const char *format, ...);

#endif /* _STACKID_REFUSAL_H */
