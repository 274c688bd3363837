// SPDX-License-Identifier: GPL-2.0
/* What a row of the report stands for: the keys of --sort. */

#include <stdlib.h>
#include <string.h>

#include "../command.h"
#include "../lib/memory.h"
#include "../lib/words.h"
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
	[KEY_TIME]	= { "time", NULL, "Time" },
	[KEY_PARENT]	= { "parent", NULL, "Parent symbol" },
};

const char *stackid_sort_title(enum sort_key key)
{
	return sort_keys[key].title;
}

const char *stackid_sort_name(enum sort_key key)
{
	return sort_keys[key].name;
}

int stackid_sort_find(const char *word)
{
	for (int i = 0; i < NR_KEYS; i++) {
		const char *alias = sort_keys[i].alias;

		if (!strcmp(word, sort_keys[i].name) ||
		    (alias && !strcmp(word, alias)))
			return i;
	}
	return -1;
}

/* What perf calls the weight; where it stands among the keys is its place. */
static bool is_weight(const char *word)
{
	return !strcmp(word, "overhead") || !strcmp(word, "period") ||
	       !strcmp(word, "sample") || !strcmp(word, "overhead_children");
}

void stackid_sort_add(struct sort_order *sort, enum sort_key key)
{
	if (!stackid_sort_has(sort, key))
		sort->keys[sort->nr++] = key;
}

static int parse_sort_word(struct sort_order *sort, const char *word)
{
	const char *names[NR_KEYS];
	int key = stackid_sort_find(word);

	/* What functions are called then has both. */
	if (sort->may_have_lines && !strcmp(word, "srcline")) {
		sort->lines = true;
		stackid_sort_add(sort, KEY_SYM);
		return 0;
	}
	if (key == KEY_SYM && sort->lines)
		return 0;
	if (key >= 0 && !stackid_sort_has(sort, key)) {
		stackid_sort_add(sort, key);
		return 0;
	}
	for (unsigned int i = 0; i < NR_KEYS; i++)
		names[i] = sort_keys[i].name;
	if (key >= 0)
		stackid_complain("--sort names %s twice", word);
	else
		stackid_refuse_word("--sort knows no key", word, names, NR_KEYS);
	return -1;
}

int stackid_sort_parse(const char *arg, void *field)
{
	struct sort_order *sort = field;
	char *copy = stackid_memory_strdup(arg);
	char *rest = copy + (*arg == '+');
	bool weighed = false;
	char *word;
	int ret = 0;

	if (*arg != '+')
		sort->nr = 0;
	sort->before = 0;
	sort->given = true;
	while (!ret && (word = strsep(&rest, ","))) {
		if (!is_weight(word)) {
			ret = parse_sort_word(sort, word);
		} else if (!weighed) {
			sort->before = sort->nr;
			weighed = true;
		}
	}
	if (!ret && !sort->nr) {
		stackid_complain("--sort names no key: rows need one, as in --sort %s,sym",
				 arg);
		ret = -1;
	}
	/* Slices are read in the order of time. */
	if (!weighed && sort->nr && sort->keys[0] == KEY_TIME)
		sort->before = 1;
	free(copy);
	return ret;
}
