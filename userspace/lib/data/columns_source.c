// SPDX-License-Identifier: GPL-2.0
/* Columns that are being read. */
#include "columns_source.h"

bool stackid_columns_source_open(struct columns_source *source,
				 const void *payload, size_t size, size_t count)
{
	const struct data_columns *head = payload;
	const uint8_t *p = (const uint8_t *)(head + 1);
	size_t left = size - sizeof(*head);

	source->wrong = false;
	source->nr_kinds = 1;
	source->kind = source->kinds;
	source->run = 0;
	if (size < sizeof(*head))
		return false;
	for (int i = 0; i < DATA_NR_COLUMNS; i++) {
		if (head->sizes[i] > left)
			return false;
		source->from[i] = p;
		p += head->sizes[i];
		source->end[i] = p;
		left -= head->sizes[i];
	}
	return !left && columns_left(source, DATA_COLUMN_TIME_0) == count;
}

struct kind *stackid_columns_source_new(struct columns_source *source,
					unsigned int token)
{
	struct kind *kind = source->kind, *next = source->kinds;
	struct kind new = { .w0 = kind->w0, .pid = kind->pid };

	if (token & ~(DATA_TOKEN_NEW | DATA_NEW_PID | DATA_NEW_ID |
		      DATA_NEW_HEAD))
		source->wrong = true;
	if (token & DATA_NEW_PID) {
		new.pid = columns_get(source, DATA_COLUMN_PID_0, 1);
		new.pid |= columns_get(source, DATA_COLUMN_PID_1, 1) << 8;
		new.pid |= columns_get(source, DATA_COLUMN_PID_2, 1) << 16;
		new.pid &= LOW_BITS(STACKID_PID_BITS);
	}
	if (token & DATA_NEW_ID) {
		new.w0 &= ~ID_MASK;
		new.w0 |= columns_get(source, DATA_COLUMN_ID_0, 1) << ID_SHIFT;
		new.w0 |= columns_get(source, DATA_COLUMN_ID_1, 1)
			  << (ID_SHIFT + 8);
		new.w0 |= columns_get(source, DATA_COLUMN_ID_2, 1)
			  << (ID_SHIFT + 16);
	}
	if (token & DATA_NEW_HEAD) {
		uint64_t head = columns_get(source, DATA_COLUMN_HEAD, 5);

		new.w0 &= ID_MASK;
		new.w0 |= head & LOW_BITS(ID_SHIFT);
		new.w0 |= head >> ID_SHIFT << HIGH_SHIFT;
	}
	if (source->nr_kinds < DATA_NR_KINDS)
		next = &source->kinds[source->nr_kinds++];
	expect(source->kinds, kind, next);
	*next = new;
	return next;
}

bool stackid_columns_source_is_done(const struct columns_source *source)
{
	for (int i = 0; i < DATA_NR_COLUMNS; i++) {
		if (source->from[i] != source->end[i])
			return false;
	}
	return !source->wrong && !source->run;
}
