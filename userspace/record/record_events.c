// SPDX-License-Identifier: GPL-2.0
/* The events that -e names, as lines for the module. */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/live/control.h"
#include "../lib/live/event_line.h"
#include "../lib/memory.h"
#include "record_events.h"

#define RATE_FILE	"/proc/sys/kernel/perf_event_max_sample_rate"

/* perf's, behind an event's last colon; "k" is the one that there is here. */
#define MODIFIERS	"ukhHGpPSDI"

/* The list gets @line, which is freed with it. */
static void add(struct event_list *list, char *line)
{
	stackid_array_reserve(list->lines, list->nr, list->room);
	list->lines[list->nr++] = line;
}

void stackid_record_events_free(struct event_list *events)
{
	for (size_t i = 0; i < events->nr; i++)
		free(events->lines[i]);
	free(events->lines);
	*events = (struct event_list) { };
}

/*
 * Commas separate events up to the first blank; behind it they belong to the
 * options: "a:b,c:d value=arg2 pid=1,2" is the events a:b and c:d.
 */
int stackid_record_events_take(const char *arg, void *field)
{
	struct event_list *list = field;

	while (*arg == ' ' || *arg == ',')
		arg++;
	if (!*arg) {
		stackid_complain("-e takes the name of an event; 'stackid list' shows them");
		return -1;
	}
	while (*arg) {
		size_t length = strcspn(arg, ", ");

		if (arg[length] == ' ')
			length = strlen(arg);
		add(list, strndup(arg, length));
		arg += length;
		arg += strspn(arg, ",");
	}
	return 0;
}

int stackid_record_events_take_filter(const char *arg, void *field)
{
	struct event_list *list = field;
	char *longer;

	if (!list->nr) {
		stackid_complain("--filter is for the event before it, and there is none: -e EVENT --filter '%s'",
				 arg);
		return -1;
	}
	longer = stackid_event_line_add_filter(list->lines[list->nr - 1], arg);
	if (!longer)
		return -1;
	free(list->lines[list->nr - 1]);
	list->lines[list->nr - 1] = longer;
	return 0;
}

/* 0 would turn into the default. */
static int take_rate(const char *arg, const char *what, uint64_t *rate)
{
	if (stackid_parse_number(arg, what, rate))
		return -1;
	if (*rate)
		return 0;
	stackid_complain("%s takes a number from 1 on; leave it out for 4000 samples a second",
			 what);
	return -1;
}

/* What perf_event_open() allows now. */
static int take_greatest_rate(uint64_t *rate)
{
	FILE *file = fopen(RATE_FILE, "re");
	unsigned long long most;
	bool known = file && fscanf(file, "%llu", &most) == 1 && most;

	if (file)
		fclose(file);
	if (!known) {
		stackid_complain("-F max is what %s says, and that cannot be read: %s",
				 RATE_FILE, strerror(errno));
		return -1;
	}
	*rate = most;
	return 0;
}

int stackid_record_events_take_freq(const char *arg, void *field)
{
	if (!strcmp(arg, "max"))
		return take_greatest_rate(field);
	return take_rate(arg, "-F", field);
}

int stackid_record_events_take_count(const char *arg, void *field)
{
	return take_rate(arg, "-c", field);
}

static size_t name_length(const char *line)
{
	return strcspn(line, " \t");
}

/* Counters have plain names, tracepoints and kprobes have a colon. */
static bool is_counter(const char *line)
{
	return !memchr(line, ':', name_length(line));
}

static bool is_pattern(const char *line)
{
	return strcspn(line, "*?[") < name_length(line);
}

static bool has_option(const char *line, const char *name)
{
	const char *at = strstr(line, name);

	return at && at[-1] == ' ';
}

static bool is_named(const struct event_list *list, const char *line)
{
	size_t length = name_length(line);

	for (size_t i = 0; i < list->nr; i++) {
		if (length == name_length(list->lines[i]) &&
		    !memcmp(list->lines[i], line, length))
			return true;
	}
	return false;
}

/* Of "cycles:k" or "sched:sched_switch:k" where the modifiers begin, or NULL. */
static const char *find_modifiers(const char *line)
{
	size_t length = name_length(line);
	const char *colon = memrchr(line, ':', length);
	size_t behind = colon ? line + length - colon - 1 : 0;

	if (!behind || behind > 4 || strspn(colon + 1, MODIFIERS) < behind ||
	    !strncmp(line, "kprobe:", colon + 1 - line))
		return NULL;
	return colon + 1;
}

/* Returns the line as the module has it; the given one is freed. */
static char *without_modifiers(const struct command *self, char *line)
{
	const char *at = find_modifiers(line);
	const char *rest;
	bool user, kernel;
	char *plain;

	if (!at)
		return line;
	rest = line + name_length(line);
	user = memchr(at, 'u', rest - at);
	kernel = memchr(at, 'k', rest - at);
	if (user && !kernel)
		stackid_command_misused(self, "':u' of '%s' is of user space: stackid has the kernel's stacks, perf has those of user space",
					line);
	if (at[strspn(at, "uk")] && at + strspn(at, "uk") < rest)
		stackid_command_misused(self, "there is no modifier '%c' of '%s': ':k' is the one that there is, for samples of the kernel only",
					at[strspn(at, "uk")], line);
	plain = stackid_memory_print("%.*s%s", (int)(at - 1 - line), line,
				     rest);
	if (kernel && !user && is_counter(plain)) {
		free(line);
		line = plain;
		plain = stackid_memory_print("%s mode=kernel", line);
	}
	free(line);
	return plain;
}

/* What a pattern matches, each with its options. */
static void expand(const struct command *self, struct event_list *list,
		   const char *line, char *available)
{
	char *pattern = strndup(line, name_length(line));
	char *rest = available, *event;
	size_t before = list->nr;
	bool matched = false;

	while ((event = strsep(&rest, "\n"))) {
		event[strcspn(event, " \t#")] = '\0';
		if (!*event || fnmatch(pattern, event, 0))
			continue;
		matched = true;
		if (!is_named(list, event))
			add(list, stackid_memory_print("%s%s", event, line +
						       name_length(line)));
	}
	if (!matched)
		stackid_command_misused(self, "no event is like '%s'; 'stackid list' shows those that there are",
					pattern);
	if (list->nr == before)
		stackid_command_misused(self, "all that is like '%s' has been named before",
					pattern);
	free(pattern);
}

/* The module knows what there is. */
static char *read_available(void)
{
	struct control control;
	char *text;

	if (stackid_control_open(&control))
		exit(EXIT_FAILED);
	text = stackid_control_read(&control, "available_events");
	stackid_control_close(&control);
	if (!text)
		exit(EXIT_FAILED);
	return text;
}

static void replace_patterns(const struct command *self,
			     struct event_list *events)
{
	struct event_list list = { };
	char *available;

	for (size_t i = 0; i < events->nr; i++) {
		char *line = events->lines[i];

		if (is_pattern(line)) {
			available = read_available();
			expand(self, &list, line, available);
			free(available);
			free(line);
			continue;
		}
		if (is_named(&list, line))
			stackid_command_misused(self, "'%.*s' is named twice; an event is recorded once",
						(int)name_length(line), line);
		add(&list, line);
	}
	free(events->lines);
	*events = list;
}

static char *with_rates(char *line, const struct event_rates *rates)
{
	char rate[48] = "";
	char *longer;

	if (rates->freq)
		snprintf(rate, sizeof(rate), " freq=%llu",
			 (unsigned long long)rates->freq);
	if (rates->count)
		snprintf(rate, sizeof(rate), " period=%llu",
			 (unsigned long long)rates->count);
	if (has_option(line, "freq=") || has_option(line, "period="))
		rate[0] = '\0';
	longer = stackid_memory_print("%s%s%s", line, rate, rates->kernel &&
				      !has_option(line, "mode=") ?
				      " mode=kernel" : "");
	free(line);
	return longer;
}

void stackid_record_events_complete(struct event_list *events,
				    const struct command *self,
				    const struct event_rates *rates)
{
	bool counters = false;

	if (rates->freq && rates->count)
		stackid_command_misused(self, "-F and -c contradict each other: give one of them");
	if (!events->nr)
		add(events, stackid_memory_strdup("cycles"));
	for (size_t i = 0; i < events->nr; i++)
		events->lines[i] = without_modifiers(self, events->lines[i]);
	replace_patterns(self, events);
	for (size_t i = 0; i < events->nr; i++) {
		if (!is_counter(events->lines[i]))
			continue;
		counters = true;
		events->lines[i] = with_rates(events->lines[i], rates);
	}
	if ((rates->freq || rates->count) && !counters)
		stackid_command_misused(self, "%s is for counters such as cycles; '%s' is recorded every time it happens",
					rates->freq ? "-F" : "-c",
					events->lines[0]);
}
