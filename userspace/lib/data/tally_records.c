// SPDX-License-Identifier: GPL-2.0
/* Records of a chunk that is counted, which have to be looked at one by one. */
#include <string.h>

#include "records.h"
#include "tally_counting.h"

static bool add_odd_hit(struct counting *counting,
			const struct stackid_record *record)
{
	const struct stackid_stack *block = stackid_record_stack(record);
	struct tally_place place = stackid_counting_place(counting, counting->index);
	struct tally *tally = counting->tally;
	struct tally_hits *hits;
	size_t nr;

	if (!counting_fits(counting, record->w0, place.time) ||
	    !TALLY_RESERVE(tally, hits, 1))
		return false;
	hits = counting_add(counting, record->w0, stackid_rec_pid(record), 1,
			    place.index, place.index);
	if (!block)
		return true;
	nr = stackid_stack_size(block) / 8;
	if (!TALLY_RESERVE(tally, words, nr))
		return false;
	memcpy(tally->words + tally->nr_words, block, 8 * nr);
	hits->block = tally->nr_words + 1;
	tally->nr_words += nr;
	return true;
}

static bool add_loss(struct counting *counting,
		     const struct stackid_record *record)
{
	struct tally *tally = counting->tally;

	if (!TALLY_RESERVE(tally, losses, 1))
		return false;
	tally->losses[tally->nr_losses++] = (struct tally_loss) {
		.place = stackid_counting_place(counting, counting->index),
		.generation = counting->generation,
		.nr = ((const struct stackid_number_record *)record)->number,
	};
	return true;
}

static bool add_task(struct counting *counting,
		     const struct stackid_record *record)
{
	const struct stackid_task_record *from = (const void *)record;
	struct tally *tally = counting->tally;
	struct tally_task *task;

	/* The hits up to here are those of who it was. */
	if (!stackid_counting_cut_thread(counting, stackid_rec_pid(record)) ||
	    !TALLY_RESERVE(tally, tasks, 1))
		return false;
	task = &tally->tasks[tally->nr_tasks++];
	*task = (struct tally_task) {
		.place = stackid_counting_place(counting, counting->index),
		.pid = stackid_rec_pid(record),
		.tgid = from->tgid,
		.ppid = from->ppid,
	};
	memcpy(task->comm, from->comm, sizeof(from->comm));
	return true;
}

/* A whole record, as a reader of records sees it. */
static bool look_at(struct counting *counting, const void *data, size_t size)
{
	struct record_walk walk = {
		.data = data,
		.size = size,
		.generation = counting->generation,
	};
	const struct stackid_record *record;

	switch (stackid_records_next(&walk, &record)) {
	case WALK_WRONG:
		return false;
	case WALK_END:
		return true;
	case WALK_RECORD:
		break;
	}
	if (stackid_record_is_hit(record))
		return add_odd_hit(counting, record);
	switch (stackid_rec_type(record)) {
	case STACKID_REC_LOST:
		return add_loss(counting, record);
	case STACKID_REC_TASK:
		return add_task(counting, record);
	case STACKID_REC_GENERATION:
		if (!stackid_counting_cut(counting))
			return false;
		counting->generation = walk.generation;
		break;
	}
	return true;
}

bool stackid_counting_look(struct counting *counting, const struct kind *kind)
{
	struct columns_source *source = &counting->source;
	const uint8_t *from = source->from[DATA_COLUMN_REST];
	uint64_t words[255] = { kind->w0 };
	size_t size = stackid_rec_size((const void *)words);
	size_t rest = size - 2 * sizeof(*words);

	if (size < 2 * sizeof(*words) ||
	    rest > columns_left(source, DATA_COLUMN_REST) ||
	    !counting_has_round(kind->w0, stackid_counting_place(counting, counting->index).time))
		return false;
	/* Values are in another column, unless they follow a stack. */
	if (stackid_record_has_values((const void *)words) &&
	    !stackid_record_stack((const void *)words))
		return false;
	words[1] = stackid_counting_place(counting, counting->index).time
		   << STACKID_PID_BITS | kind->pid;
	memcpy(words + 2, from, rest);
	source->from[DATA_COLUMN_REST] += rest;
	counting->size += size;
	return look_at(counting, words, size);
}
