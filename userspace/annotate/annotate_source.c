// SPDX-License-Identifier: GPL-2.0
/* The text of source files. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/array.h"
#include "../lib/memory.h"
#include "../lib/plain.h"
#include "annotate_source.h"

/* No source is larger; a name may be that of anything. */
#define LARGEST	(16 << 20)

static int open_regular(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) || !S_ISREG(st.st_mode) ||
			st.st_size > LARGEST)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int open_below(const char *tree, const char *file)
{
	int fd = -1;

	while (fd < 0 && file) {
		char *path = stackid_memory_print("%s/%s", tree, file);

		fd = open_regular(path);
		free(path);
		file = strchr(file, '/');
		if (file)
			file++;
	}
	return fd;
}

/* Ends with a NUL; NULL if it cannot be read. */
static char *read_all(int fd)
{
	struct stat st;
	ssize_t got;
	char *text;

	if (fstat(fd, &st))
		return NULL;
	text = stackid_memory_zalloc(st.st_size + 1, 1);
	got = pread(fd, text, st.st_size, 0);
	if (got < 0) {
		free(text);
		return NULL;
	}
	text[got] = '\0';
	return text;
}

/* A tab is no character to be replaced. */
static void make_plain(char *line)
{
	char *tab;

	for (; (tab = strchr(line, '\t')); line = tab + 1) {
		*tab = '\0';
		stackid_plain_make(line);
		memmove(line + strlen(line) + 1, tab + 1, strlen(tab + 1) + 1);
		tab = line + strlen(line);
		*tab = '\t';
	}
	stackid_plain_make(line);
}

void stackid_annotate_source_read(struct annotate_source *source,
				  const char *tree, const char *file)
{
	char *rest, *line;
	size_t room = 0;
	int fd = tree ? open_below(tree, file) : -1;

	*source = (struct annotate_source) { };
	if (fd < 0)
		fd = open_regular(file);
	if (fd < 0)
		return;
	source->text = read_all(fd);
	close(fd);
	rest = source->text;
	while (rest && (line = strsep(&rest, "\n"))) {
		make_plain(line);
		stackid_array_reserve(source->lines, source->nr, room);
		source->lines[source->nr++] = line;
	}
}

void stackid_annotate_source_free(struct annotate_source *source)
{
	free(source->lines);
	free(source->text);
}
