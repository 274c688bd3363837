/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Plain text: what a terminal shows and does not obey.  Threads choose their
 * names and files come from anybody, and both end up on terminals.
 */
#ifndef STACKID_PLAIN_H
#define STACKID_PLAIN_H

#include <stddef.h>

/*
 * Bytes of the UTF-8 character that begins at @text; 0 if it is none, or one that
 * is obeyed: C0, DEL, C1, or a format control that turns the order of the text or
 * hides some of it.
 */
size_t stackid_plain_length(const char *text);

/* Every character or byte that is not plain becomes "?". */
void stackid_plain_make(char *text);

#endif /* STACKID_PLAIN_H */
