/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plain text: what a terminal shows and does not obey.  Threads choose their
 * names and files come from anybody, and both end up on terminals.
 */
#ifndef STACKID_PLAIN_H
#define STACKID_PLAIN_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "compiler.h"

/* Bytes of the UTF-8 character that begins at @string; 0 if it is none. */
size_t stackid_plain_decode(const char *string, uint32_t *character);

/*
 * The same; but 0 also if it is one that is obeyed: C0, DEL, C1, or a format control
 * that turns the order of the text or hides some of it.
 */
size_t stackid_plain_length(const char *text);

/* Every character or byte that is not plain becomes "?". */
void stackid_plain_make(char *text);

/* As vfprintf(), but plain: what is quoted in it may come from anybody. */
__printf(2, 0)
void stackid_plain_print(FILE *out, const char *format, va_list args);

#endif /* STACKID_PLAIN_H */
