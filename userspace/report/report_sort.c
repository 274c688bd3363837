// SPDX-License-Identifier: GPL-2.0
/* What a row of the report stands for: the keys of --sort. */

#include <stdlib.h>
#include <string.h>

#include "../command.h"
#include "../lib/memory.h"
#include "report_sort.h"

/* @alias: what perf calls it, where that is another word */
static const struct {
	const char *name;
	const char *alias;
	const char *title;
} sort_keys[NR_KEYS] = {
	[KEY_COMM]	= { "comm", NULL, "Command" },
	[KEY_PID]	= { "pid", NULL, "Pid" },
	[KEY_TID]	= { "tid", NULL, "Tid" },
	[KEY_CPU]	= { "cpu", NULL, "CPU" },
	[KEY_SYM]	= { "sym", "symbol", "Symbol" },
	[KEY_MODULE]	= { "module", "dso", "Shared Object" },
	[KEY_EVENT]	= { "event", NULL, "Event" },
	[KEY_STACK]	= { "stack", NULL, "Stack" },
};

const char *stackid_sort_title(enum sort_key key)
{
	return sort_keys[key].title;
}

static int parse_sort_word(struct sort_order *sort, const char *word)
{
	const char *names[NR_KEYS];

	for (unsigned int i = 0; i < NR_KEYS; i++) {
		names[i] = sort_keys[i].name;
		if (strcmp(word, names[i]) &&
		    (!sort_keys[i].alias || strcmp(word, sort_keys[i].alias)))
			continue;
		if (stackid_sort_has(sort, i)) {
			stackid_complain("--sort names %s twice", word);
			return -1;
		}
		sort->keys[sort->nr++] = i;
		return 0;
	}
	stackid_refuse_word("--sort knows no key", word, names, NR_KEYS);
	return -1;
}

int stackid_sort_parse(const char *arg, void *field)
{
	struct sort_order *sort = field;
	char *copy = stackid_memory_strdup(arg);
	char *rest = copy;
	char *word;
	int ret = 0;

	sort->nr = 0;
	sort->given = true;
	while (!ret && (word = strsep(&rest, ",")))
		ret = parse_sort_word(sort, word);
	free(copy);
	return ret;
}
