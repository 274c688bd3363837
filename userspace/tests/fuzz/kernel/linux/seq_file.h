/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FUZZ_LINUX_SEQ_FILE_H
#define FUZZ_LINUX_SEQ_FILE_H

#include <stdio.h>

struct seq_file {
	FILE *out;
};

#define seq_puts(m, text)	fputs(text, (m)->out)
#define seq_printf(m, ...)	fprintf((m)->out, __VA_ARGS__)

#endif /* FUZZ_LINUX_SEQ_FILE_H */
