// SPDX-License-Identifier: GPL-2.0
/* /proc/kallsyms as it was at one moment. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../../include/edit_distance.h"
#include "../array.h"
#include "../complain.h"
#include "../strings.h"
#include "kallsyms.h"

#define STEP_SIZE	(256 * 1024)

/*
 * kallsyms knows no sizes: a symbol ends where the next begins.  Where nothing
 * follows, or something of another module, it is not believed to go on for ever.
 */
#define LONGEST_LAST	0x10000

struct symbol {
	uint64_t start;
	uint32_t name;		/* in the text */
	const char *module;
};

struct extent {
	const char *module;
	uint64_t end;
};

/**
 * struct kallsyms - see kallsyms.h
 * @text:    of the file, so far; names are cut out of it in place
 * @parsed:  where the first line begins that is not parsed yet
 * @symbols: of text only; sorted, one an address, when reading is done
 * @start:   of the kernel's own text
 * @end:     of it
 */
struct kallsyms {
	int fd;
	char *text;
	size_t size;
	size_t room;
	size_t parsed;
	struct symbol *symbols;
	size_t nr;
	size_t symbols_room;
	struct strings modules;
	struct extent *extents;
	size_t nr_extents;
	size_t extents_room;
	uint64_t start;
	uint64_t end;
};

/* Where modules end, so that what lies behind them is not taken for theirs. */
static void read_modules(struct kallsyms *kallsyms, const char *path)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0;
	char name[64];
	uint64_t size, base;

	if (!file)
		return;
	while (getline(&line, &room, file) > 0) {
		struct extent *extent;

		if (sscanf(line, "%63s %" SCNu64 " %*s %*s %*s %" SCNx64, name,
			   &size, &base) != 3)
			continue;
		stackid_array_reserve(kallsyms->extents, kallsyms->nr_extents,
				      kallsyms->extents_room);
		extent = &kallsyms->extents[kallsyms->nr_extents++];
		extent->module = stackid_strings_intern(&kallsyms->modules,
							name);
		extent->end = base + size;
	}
	free(line);
	fclose(file);
}

struct kallsyms *stackid_kallsyms_begin(const char *path, const char *modules)
{
	struct kallsyms *kallsyms;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		stackid_complain("cannot open %s: %s; frames will have no names",
				 path, strerror(errno));
		return NULL;
	}
	kallsyms = stackid_memory_zalloc(1, sizeof(*kallsyms));
	kallsyms->fd = fd;
	read_modules(kallsyms, modules);
	return kallsyms;
}

void stackid_kallsyms_destroy(struct kallsyms *kallsyms)
{
	if (!kallsyms)
		return;
	if (kallsyms->fd >= 0)
		close(kallsyms->fd);
	stackid_strings_exit(&kallsyms->modules);
	free(kallsyms->extents);
	free(kallsyms->symbols);
	free(kallsyms->text);
	free(kallsyms);
}

/* "ffffffffc0201200 t ext4_map_blocks\t[ext4]" */
static void parse_line(struct kallsyms *kallsyms, char *line)
{
	char *at, *name, *module;
	struct symbol *symbol;
	uint64_t start;
	char type;

	start = strtoull(line, &at, 16);
	if (at == line || at[0] != ' ' || !at[1] || at[2] != ' ')
		return;
	type = at[1];
	if (!strchr("tTwW", type))
		return;
	name = at + 3;
	module = strchr(name, '\t');
	if (module) {
		*module++ = '\0';
		if (*module == '[')
			module++;
		module[strcspn(module, "]")] = '\0';
	}
	if (!strcmp(name, "_stext"))
		kallsyms->start = start;
	else if (!strcmp(name, "_etext"))
		kallsyms->end = start;

	stackid_array_reserve(kallsyms->symbols, kallsyms->nr,
			      kallsyms->symbols_room);
	symbol = &kallsyms->symbols[kallsyms->nr++];
	symbol->start = start;
	symbol->name = name - kallsyms->text;
	symbol->module = stackid_strings_intern(&kallsyms->modules,
						module ? module : "");
}

static void parse_lines(struct kallsyms *kallsyms)
{
	char *line = kallsyms->text + kallsyms->parsed;
	char *newline;

	kallsyms->text[kallsyms->size] = '\0';
	while ((newline = strchr(line, '\n'))) {
		*newline = '\0';
		parse_line(kallsyms, line);
		line = newline + 1;
	}
	kallsyms->parsed = line - kallsyms->text;
}

static int compare_symbols(const void *va, const void *vb)
{
	const struct symbol *a = va, *b = vb;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	/* The order of the file. */
	return a->name < b->name ? -1 : 1;
}

/*
 * Of several symbols at one address the last of the file is shown, as by perf
 * where it has no vmlinux: it prefers one that has a length, which in kallsyms only
 * the distance to the next gives.  (A system call without arguments is __do_sys_fork, __ia32_sys_fork and
 * __x64_sys_fork.)  The kernel itself prints the first.
 */
static void finish(struct kallsyms *kallsyms)
{
	size_t kept = 0;

	if (kallsyms->nr)
		qsort(kallsyms->symbols, kallsyms->nr,
		      sizeof(*kallsyms->symbols), compare_symbols);
	for (size_t i = 0; i < kallsyms->nr; i++) {
		if (kept && kallsyms->symbols[i].start ==
			    kallsyms->symbols[kept - 1].start)
			kept--;
		kallsyms->symbols[kept++] = kallsyms->symbols[i];
	}
	kallsyms->nr = kept;
	close(kallsyms->fd);
	kallsyms->fd = -1;
}

int stackid_kallsyms_step(struct kallsyms *kallsyms)
{
	size_t until = kallsyms->size + STEP_SIZE;

	if (kallsyms->room < until + 1) {
		kallsyms->room = 2 * until + 1;
		kallsyms->text = stackid_memory_resize(kallsyms->text,
						       kallsyms->room, 1);
	}
	while (kallsyms->size < until) {
		ssize_t got = read(kallsyms->fd,
				   kallsyms->text + kallsyms->size,
				   until - kallsyms->size);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			stackid_complain("cannot read kallsyms: %s",
					 strerror(errno));
			return -1;
		}
		if (!got) {
			parse_lines(kallsyms);
			finish(kallsyms);
			return 0;
		}
		kallsyms->size += got;
	}
	parse_lines(kallsyms);
	return 1;
}

bool stackid_kallsyms_hidden(const struct kallsyms *kallsyms)
{
	return kallsyms->nr <= 1 &&
	       (!kallsyms->nr || !kallsyms->symbols[0].start);
}

size_t stackid_kallsyms_count(const struct kallsyms *kallsyms)
{
	return kallsyms->nr;
}

void stackid_kallsyms_kernel(const struct kallsyms *kallsyms, uint64_t *start,
			     uint64_t *end)
{
	*start = kallsyms->start;
	*end = kallsyms->end;
}

static uint64_t end_of(const struct kallsyms *kallsyms, size_t i)
{
	const struct symbol *symbol = &kallsyms->symbols[i];
	uint64_t end = symbol->start + LONGEST_LAST;

	if (i + 1 < kallsyms->nr) {
		const struct symbol *next = symbol + 1;

		if (next->module == symbol->module || next->start < end)
			end = next->start;
	}
	for (size_t m = 0; m < kallsyms->nr_extents; m++) {
		const struct extent *extent = &kallsyms->extents[m];

		if (extent->module == symbol->module &&
		    symbol->start < extent->end && extent->end < end)
			end = extent->end;
	}
	return end;
}

bool stackid_kallsyms_find(const struct kallsyms *kallsyms, uint64_t address,
			   struct kernel_symbol *symbol)
{
	size_t low = 0, high = kallsyms->nr;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (kallsyms->symbols[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address >= end_of(kallsyms, low - 1))
		return false;
	symbol->start = kallsyms->symbols[low - 1].start;
	symbol->name = kallsyms->text + kallsyms->symbols[low - 1].name;
	symbol->module = kallsyms->symbols[low - 1].module;
	return true;
}

const char *stackid_kallsyms_nearest(const struct kallsyms *kallsyms,
				     const char *name)
{
	size_t length = strlen(name);
	/* A third of the name changed is another name. */
	unsigned int best = length / 3 < 4 ? length / 3 + 1 : 5;
	const char *nearest = NULL;

	if (length > EDIT_DISTANCE_MAX)
		return NULL;
	for (size_t i = 0; i < kallsyms->nr; i++) {
		const char *other = kallsyms->text + kallsyms->symbols[i].name;
		size_t other_length = strlen(other);
		unsigned int distance;

		if (other_length > length + best || length > other_length + best ||
		    other_length > EDIT_DISTANCE_MAX)
			continue;
		distance = stackid_edit_distance(name, length, other,
						 other_length);
		if (distance < best) {
			best = distance;
			nearest = other;
		}
	}
	return nearest;
}
