/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A table as lines that open and close: rows, and what is open of their trees.
 * Nothing is made of a tree before somebody opens it.
 */
#ifndef STACKID_REPORT_LINES_H
#define STACKID_REPORT_LINES_H

#include "report_tree.h"

/**
 * struct table_line - a row or a node of its tree
 * @node:  not of a row
 * @row:   index of the row, or of the node's
 * @depth: in how many functions the node's paths agree; 0 is the row itself
 * @whole: what the node's share is of
 * @level: how far it is indented; a line's tree is what follows with a higher one
 * @chain: all that came to the line above goes on here: it has no share of its own,
 *         and what it called is in the lines below
 * @open:  its tree is there
 * @leaf:  it has none
 */
struct table_line {
	struct profile_node node;
	uint32_t row;
	uint32_t depth;
	uint64_t whole;
	uint16_t level;
	bool chain;
	bool open;
	bool leaf;
};

/**
 * struct table_lines - see the top of the file; one of zeros is empty
 * @paths: by row; NULL where its tree has not been asked for
 */
struct table_lines {
	struct report *report;
	struct rows rows;
	unsigned int widths[NR_KEYS];
	struct profile_path **paths;
	struct table_line *at;
	size_t nr;
	size_t room;
};

/* The rows of an event (see stackid_rows_make()), all closed. */
void stackid_lines_make(struct table_lines *lines, struct report *report,
			unsigned int event);
/* Leaves the rows that have @text in their keys; NULL or "" leaves all.  All closed. */
void stackid_lines_filter(struct table_lines *lines, const char *text);
void stackid_lines_free(struct table_lines *lines);

/* False if there is nothing to open or close. */
bool stackid_lines_open(struct table_lines *lines, size_t i);
bool stackid_lines_close(struct table_lines *lines, size_t i);
/* With all that is below it. */
void stackid_lines_open_all(struct table_lines *lines, size_t i);
/* The line whose tree it is in, or itself. */
size_t stackid_lines_parent(const struct table_lines *lines, size_t i);

/* Before these are shown: the columns get room for them, and keep it. */
void stackid_lines_measure(struct table_lines *lines, size_t first, size_t nr);
/* Both last until the next call of either. */
const char *stackid_lines_titles(struct table_lines *lines);
const char *stackid_lines_text(struct table_lines *lines, size_t i);

/* The function that a line is of; false if its row is of none. */
bool stackid_lines_function(const struct table_lines *lines, size_t i,
			    uint32_t *function);

#endif /* STACKID_REPORT_LINES_H */
