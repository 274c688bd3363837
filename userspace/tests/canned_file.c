// SPDX-License-Identifier: GPL-2.0
/* A data file that a test writes. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "canned_file.h"

bool canned_file_open(struct canned_file *file, const char *path)
{
	file->path = path;
	file->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (file->fd < 0) {
		perror(path);
		return false;
	}
	file->writer = stackid_data_create(file->fd);
	return file->writer;
}

int canned_file_close(struct canned_file *file)
{
	if (stackid_data_destroy(file->writer) || close(file->fd)) {
		perror(file->path);
		return 1;
	}
	return 0;
}

void canned_text(struct data_writer *writer, enum data_section_type type,
		 uint32_t cpu, const char *text)
{
	stackid_data_write(writer, type, cpu, 0, text, strlen(text));
}

void canned_print(struct data_writer *writer, enum data_section_type type,
		  uint32_t cpu, const char *format, ...)
{
	va_list arguments;
	char *text;
	int size;

	va_start(arguments, format);
	size = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (size < 0)
		exit(1);
	canned_text(writer, type, cpu, text);
	free(text);
}
