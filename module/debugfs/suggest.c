// SPDX-License-Identifier: GPL-2.0
/* What a mistyped event name was meant to be: the nearest by edit distance. */
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../../include/edit_distance.h"
#include "../refusal.h"
#include "../source/source.h"
#include "suggest.h"

/* A kernel with everything built in lists some 100 KB of names. */
#define LIST_SIZE	(512 * 1024)

/* More typing errors than this are another name. */
#define MAX_DISTANCE	4U

static unsigned int distance(const char *name, size_t name_len,
			     const char *other, size_t other_len)
{
	const char *colon = memchr(other, ':', other_len);

	/* Without its system a name is compared with names, and none is far. */
	if (colon && !memchr(name, ':', name_len)) {
		other_len -= colon + 1 - other;
		other = colon + 1;
	}
	if (other_len > EDIT_DISTANCE_MAX || other_len > name_len + MAX_DISTANCE ||
	    name_len > other_len + MAX_DISTANCE)
		return UINT_MAX;
	return stackid_edit_distance(name, name_len, other, other_len);
}

static void find_nearest(const char *name, const char *list,
			 struct refusal *why)
{
	size_t name_len = strlen(name);
	unsigned int best = min_t(size_t, MAX_DISTANCE, name_len / 3) + 1;
	const char *nearest = NULL;
	size_t nearest_len = 0;
	size_t len = strlen(why->text);

	while (*list) {
		size_t line_len = strcspn(list, "\n");
		size_t word_len = strcspn(list, " \t\n#");
		unsigned int d = distance(name, name_len, list, word_len);

		if (d < best) {
			best = d;
			nearest = list;
			nearest_len = word_len;
		}
		list += line_len;
		list += *list == '\n';
	}

	if (nearest)
		snprintf(why->text + len, sizeof(why->text) - len,
			 "%s Did you mean %.*s?",
			 len && why->text[len - 1] == '.' ? "" : ".",
			 (int)nearest_len, nearest);
}

void stackid_suggest_event(const char *name, struct refusal *why)
{
	struct seq_file list = { .size = LIST_SIZE };

	if (strlen(name) > EDIT_DISTANCE_MAX)
		return;
	list.buf = kvmalloc(list.size, GFP_KERNEL);
	if (!list.buf)
		return;

	stackid_source_list(&list);
	/* An overflowing list is one to look into no further than it goes. */
	list.buf[min(list.count, list.size - 1)] = '\0';
	find_nearest(name, list.buf, why);
	kvfree(list.buf);
}
