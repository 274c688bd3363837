/* SPDX-License-Identifier: GPL-2.0 */
/* A data file that a test writes. */
#ifndef STACKID_CANNED_FILE_H
#define STACKID_CANNED_FILE_H

#include <stdbool.h>

#include "../lib/compiler.h"
#include "../lib/data/data_write.h"

struct canned_file {
	struct data_writer *writer;
	const char *path;
	int fd;
};

/* Makes it anew; false after a sentence on stderr. */
bool canned_file_open(struct canned_file *file, const char *path);
/* What a program that has made it exits with. */
int canned_file_close(struct canned_file *file);

/* A section of text; the second one's as printf() makes it. */
void canned_text(struct data_writer *writer, enum data_section_type type,
		 uint32_t cpu, const char *text);
__printf(4, 5)
void canned_print(struct data_writer *writer, enum data_section_type type,
		  uint32_t cpu, const char *format, ...);

#endif /* STACKID_CANNED_FILE_H */
