/* SPDX-License-Identifier: GPL-2.0 */
/* What a row of the report stands for: the keys of --sort. */
#ifndef STACKID_REPORT_SORT_H
#define STACKID_REPORT_SORT_H

#include <stdbool.h>

enum sort_key {
	KEY_COMM,
	KEY_PID,
	KEY_TID,
	KEY_CPU,
	KEY_SYM,
	KEY_MODULE,
	KEY_EVENT,
	KEY_STACK,
	KEY_TIME,
	KEY_PARENT,
	NR_KEYS,
};

/*
 * @given: by --sort, not by default
 * @before: how many of the keys order rows before their weights do
 * @may_have_lines: "srcline" is a key: functions, by file and line
 * @lines: it was named
 */
struct sort_order {
	enum sort_key keys[NR_KEYS];
	unsigned int nr;
	unsigned int before;
	bool given;
	bool may_have_lines;
	bool lines;
};

/* OPTION_CALL's; the field is a struct sort_order. */
int stackid_sort_parse(const char *arg, void *field);

/* Adds a key that may be there. */
void stackid_sort_add(struct sort_order *sort, enum sort_key key);

static inline bool stackid_sort_has(const struct sort_order *sort,
				    enum sort_key key)
{
	for (unsigned int i = 0; i < sort->nr; i++) {
		if (sort->keys[i] == key)
			return true;
	}
	return false;
}

/* As --sort takes it, and the key of such a word or -1. */
const char *stackid_sort_name(enum sort_key key);
int stackid_sort_find(const char *word);
/* What stands above the key's column. */
const char *stackid_sort_title(enum sort_key key);

#endif /* STACKID_REPORT_SORT_H */
