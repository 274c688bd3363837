/* SPDX-License-Identifier: GPL-2.0 */
/* Sentences on stderr.  All of them are plain text, see plain.h. */
#ifndef STACKID_COMPLAIN_H
#define STACKID_COMPLAIN_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "compiler.h"

/* "stackid: " and a sentence and a newline. */
__printf(1, 2)
void stackid_complain(const char *format, ...);
/* From now on into @out instead of stderr; NULL ends that. */
void stackid_complain_into(FILE *out);
/*
 * A line that stays until the next sentence, or the next of its kind, takes its
 * place; cut to the terminal's width.  For terminals only: see stackid_line_fits().
 */
__printf(1, 2)
void stackid_line(const char *format, ...);
void stackid_line_clear(void);
/* Is stderr a terminal? */
bool stackid_line_fits(void);
/* What is no complaint: "[ stackid COMMAND: ... ]". */
__printf(2, 3)
void stackid_say(const char *command, const char *format, ...);
__printf(2, 0)
void stackid_say_args(const char *command, const char *format, va_list args);

#endif /* STACKID_COMPLAIN_H */
