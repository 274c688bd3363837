/* SPDX-License-Identifier: GPL-2.0 */
/* How far a mistyped word is from another one, for both sides of the uapi. */
#ifndef _STACKID_EDIT_DISTANCE_H
#define _STACKID_EDIT_DISTANCE_H

/* The longest name of an event; longer words are not compared. */
#define EDIT_DISTANCE_MAX	127

/*
 * Insertions, deletions, replacements and swaps of neighbours between a and b, by
 * the usual table, of which three rows are alive at a time.  Both lengths are at
 * most EDIT_DISTANCE_MAX.
 */
static inline unsigned int
stackid_edit_distance(const char *a, unsigned long a_len,
		      const char *b, unsigned long b_len)
{
	unsigned char rows[3][EDIT_DISTANCE_MAX + 1];
	unsigned char *before = rows[0], *above = rows[1], *row = rows[2];
	unsigned long i, j;

	for (j = 0; j <= b_len; j++)
		above[j] = j;

	for (i = 1; i <= a_len; i++) {
		unsigned char *oldest = before;

		row[0] = i;
		for (j = 1; j <= b_len; j++) {
			unsigned char best = above[j - 1] + (a[i - 1] != b[j - 1]);

			if (above[j] < best)
				best = above[j] + 1;
			if (row[j - 1] < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
		before = above;
		above = row;
		row = oldest;
	}
	return above[b_len];
}

#endif /* _STACKID_EDIT_DISTANCE_H */
