// SPDX-License-Identifier: GPL-2.0
/* An interleaving as text: the lines of source that ran, who ran them, and what they saw. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explorer.h"

#define MAX_LINES	4000

struct line {
	const void *pc;
	const void *at;
	size_t size;
	uint64_t value;
	bool writes;
	int depth;
	enum actor actor;
	char text[200];
};

const char *const actor_names[NR_ACTORS] = {
	"task", "irq", "irq_work", "nmi", "reader", "resetter",
};

bool trace_on;
static struct line lines[MAX_LINES];
static int nr_lines;
/* What the last line wrote is known when the next one begins. */
static struct line *unfinished;

static void finish(void)
{
	if (!unfinished)
		return;
	memcpy(&unfinished->value, unfinished->at,
	       unfinished->size < 8 ? unfinished->size : 8);
	unfinished = NULL;
}

static struct line *new_line(int depth, enum actor actor)
{
	struct line *line;

	finish();
	if (nr_lines == MAX_LINES) {
		memmove(lines, lines + 1, sizeof(lines) - sizeof(*lines));
		nr_lines--;
	}
	line = &lines[nr_lines++];
	*line = (struct line) { .depth = depth, .actor = actor };
	return line;
}

void trace_clear(void)
{
	nr_lines = 0;
	unfinished = NULL;
}

void trace_access(int depth, enum actor actor, const void *at, size_t size,
		  bool writes, const void *pc)
{
	struct line *line = new_line(depth, actor);

	line->pc = pc;
	line->at = at;
	line->size = size;
	line->writes = writes;
	unfinished = line;
	if (!writes)
		finish();
}

void trace_note(int depth, enum actor actor, const char *text)
{
	struct line *line = new_line(depth, actor);

	snprintf(line->text, sizeof(line->text), "%s", text);
}

/* The text of a line of source, without what it is indented by. */
static void source_text(char *place, char *text, size_t size)
{
	char *colon = strrchr(place, ':');
	int number = colon ? atoi(colon + 1) : 0;
	FILE *file;

	*text = '\0';
	if (!colon)
		return;
	*colon = '\0';
	file = fopen(place, "r");
	*colon = ':';
	if (!file)
		return;
	while (number-- > 0 && fgets(text, size, file))
		;
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	memmove(text, text + strspn(text, " \t"),
		strlen(text + strspn(text, " \t")) + 1);
}

static void name_places(char (*places)[256])
{
	char name[] = "/tmp/stackid-model.XXXXXX";
	char command[4200], exe[4096] = "";
	int fd = mkstemp(name), i;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file)
		return;
	for (i = 0; i < nr_lines; i++)
		/* Calls return behind the line that made them. */
		fprintf(file, "%p\n", (void *)((char *)lines[i].pc - 1));
	fclose(file);
	if (!realpath("/proc/self/exe", exe))
		return;
	snprintf(command, sizeof(command), "addr2line -e %s <%s", exe, name);
	file = popen(command, "r");
	for (i = 0; file && i < nr_lines; i++) {
		if (!fgets(places[i], sizeof(places[i]), file))
			break;
		places[i][strcspn(places[i], "\n ")] = '\0';
	}
	if (file)
		pclose(file);
	remove(name);
}

void trace_print(void)
{
	static char places[MAX_LINES][256];
	int i;

	finish();
	name_places(places);
	for (i = 0; i < nr_lines; i++) {
		const struct line *line = &lines[i];
		char *slash = strrchr(places[i], '/');
		char text[256];

		printf("    %*s%-8s ", 4 * line->depth, "",
		       actor_names[line->actor]);
		if (!line->pc) {
			printf("-- %s\n", line->text);
			continue;
		}
		source_text(places[i], text, sizeof(text));
		printf("%-22s %-58.80s %s %" PRIu64 "\n",
		       slash ? slash + 1 : places[i], text,
		       line->writes ? "<-" : "is", line->value);
	}
}
