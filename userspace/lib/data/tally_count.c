// SPDX-License-Identifier: GPL-2.0
/* Counting a chunk's hits by their kinds. */
#include <stdlib.h>

#include "records.h"
#include "tally_counting.h"

/* More would be slower than to look at the records one by one. */
#define KINDS_PER_RECORD	64
#define ROUND			(1ULL << STACKID_TIME_LOW_BITS)
#define NO_TIME			UINT64_MAX
#define MOST_AHEAD		(1LL << (STACKID_TIME_BITS - 1))

void stackid_tally_free(struct tally *tally)
{
	free(tally->hits);
	free(tally->tasks);
	free(tally->losses);
	free(tally->words);
	free(tally->kinds);
	free(tally->kind_tallies);
	*tally = (struct tally) { };
}

struct tally_place stackid_counting_place(struct counting *counting,
					  size_t index)
{
	if (counting->now.index < index + 1)
		stackid_chunk_clock_advance(&counting->now, index + 1);
	return (struct tally_place) { counting->now.time, index };
}

bool stackid_counting_has_round(uint64_t w0, uint64_t time)
{
	return w0 >> HIGH_SHIFT == (time >> STACKID_TIME_LOW_BITS &
				    LOW_BITS(64 - HIGH_SHIFT));
}

bool stackid_counting_fits(const struct counting *counting, uint64_t w0,
			   uint64_t time)
{
	const struct stackid_record record = { .w0 = w0 };

	return stackid_counting_has_round(w0, time) &&
	       stackid_rec_generation(&record) == (counting->generation & 0xf);
}

struct tally_hits *stackid_counting_add(struct counting *counting, uint64_t w0,
					uint32_t pid, uint32_t nr,
					struct tally_place first,
					struct tally_place last)
{
	struct tally *tally = counting->tally;

	if (!TALLY_RESERVE(tally, hits, 1))
		return NULL;
	tally->hits[tally->nr_hits] = (struct tally_hits) {
		.first = first,
		.last = last,
		.w0 = w0,
		.generation = counting->generation,
		.pid = pid,
		.nr = nr,
	};
	return &tally->hits[tally->nr_hits++];
}

/* The kind's hits so far are done: none is behind @last. */
static bool end_kind(struct counting *counting, unsigned int number,
		     struct tally_place last)
{
	const struct kind *kind = &counting->source.kinds[number];
	struct kind_tally *of = &counting->kinds[number];

	if (!of->nr)
		return true;
	if (!stackid_counting_fits(counting, kind->w0, last.time))
		return false;
	counting->nr_values += (size_t)of->nr * of->nr_values;
	counting->size += (size_t)of->nr * (16 + 8 * of->nr_values);
	if (!stackid_counting_add(counting, kind->w0, kind->pid, of->nr, of->first, last))
		return false;
	of->nr = 0;
	return true;
}

bool stackid_counting_cut(struct counting *counting, bool all, uint32_t pid)
{
	unsigned int nr = counting->source.nr_kinds;
	struct tally_place last, next;

	counting->work += nr;
	if (counting->work > KINDS_PER_RECORD * (counting->now.nr + nr))
		return false;
	if (!counting->index)
		return true;
	last = stackid_counting_place(counting, counting->index - 1);
	next = last;
	if (counting->index < counting->now.nr)
		next = stackid_counting_place(counting, counting->index);
	for (unsigned int i = 0; i < nr; i++) {
		if (!all && counting->source.kinds[i].pid != pid)
			continue;
		if (!end_kind(counting, i, last))
			return false;
		counting->kinds[i].first = next;
	}
	return true;
}

/* The next one is looked for, from the place of the next record on. */
static void find_stop(struct counting *counting)
{
	const struct tally_request *request = counting->request;
	uint64_t time = counting->all_at;

	if (counting->cut < request->nr_cuts &&
	    request->cuts[counting->cut].time < time)
		time = request->cuts[counting->cut].time;
	counting->stop = counting->now.nr;
	if (time > counting->tally->last_time)
		return;
	stackid_chunk_clock_find(&counting->ahead, time);
	counting->stop = counting->ahead.index;
}

/* When the next slice begins after @time, or the next round of the records' clock. */
static uint64_t next_for_all(const struct counting *counting, uint64_t time)
{
	uint64_t quantum = counting->request->quantum;
	uint64_t round = (time | (ROUND - 1)) + 1;
	uint64_t slice = quantum ? time - time % quantum + quantum : 0;

	if (!round)
		round = NO_TIME;
	return slice > time && slice < round ? slice : round;
}

static bool make_cuts(struct counting *counting)
{
	const struct tally_request *request = counting->request;

	while (counting->index == counting->stop) {
		struct chunk_clock next = counting->ahead;

		stackid_chunk_clock_advance(&next, counting->index + 1);
		while (counting->cut < request->nr_cuts &&
		       request->cuts[counting->cut].time <= next.time) {
			if (!stackid_counting_cut(counting, false,
				       request->cuts[counting->cut].pid))
				return false;
			counting->cut++;
		}
		if (counting->all_at <= next.time) {
			if (!stackid_counting_cut(counting, true, 0))
				return false;
			counting->all_at = next_for_all(counting, next.time);
		}
		find_stop(counting);
	}
	return true;
}

/* False if its records are none. */
static bool begin_kind(struct counting *counting, const struct kind *kind)
{
	const struct stackid_record record = { .w0 = kind->w0 };
	unsigned int type = stackid_rec_type(&record) & ~STACKID_REC_VALUES;
	size_t rest = stackid_rec_size(&record) - sizeof(record);
	struct kind_tally *of =
		&counting->kinds[kind - counting->source.kinds];

	if (stackid_rec_size(&record) < sizeof(record))
		return false;
	of->nr = 0;
	of->nr_values = 0;
	of->first = stackid_counting_place(counting, counting->index);
	of->is_odd = type != STACKID_REC_EVENT && type != STACKID_REC_EVENT_USER;
	if (of->is_odd)
		return true;
	if (!stackid_record_has_values(&record)) {
		of->is_odd = rest > 0;
		return true;
	}
	of->nr_values = rest / 8;
	return of->nr_values && of->nr_values <= STACKID_MAX_VALUES;
}

/* Those of the run that are before @stop. */
static bool count_run(struct counting *counting)
{
	struct columns_source *source = &counting->source;
	struct kind *const kinds = source->kinds;
	size_t left = counting->stop - counting->index;
	size_t nr = source->run < left ? source->run : left;
	size_t first = counting->index;
	struct kind *kind = source->kind;

	for (size_t i = 0; i < nr; i++) {
		struct kind_tally *of;

		kind = &kinds[kind->next];
		of = &counting->kinds[kind - kinds];
		if (__builtin_expect(!of->is_odd, 1)) {
			of->nr++;
			continue;
		}
		counting->index = first + i;
		if (!stackid_counting_look(counting, kind))
			return false;
	}
	counting->index = first + nr;
	source->run -= nr;
	source->kind = kind;
	return true;
}

static bool count_token(struct counting *counting)
{
	struct columns_source *source = &counting->source;
	struct kind *kind;
	bool is_new;

	/* A new one replaces number 0 then. */
	if (source->nr_kinds == DATA_NR_KINDS && counting->kinds[0].nr &&
	    !end_kind(counting, 0, stackid_counting_place(counting, counting->index - 1)))
		return false;
	kind = columns_get_token(source, &is_new);
	if (source->wrong)
		return false;
	if (is_new && !begin_kind(counting, kind))
		return false;
	source->kind = kind;
	if (counting->kinds[kind - source->kinds].is_odd) {
		if (!stackid_counting_look(counting, kind))
			return false;
	} else {
		counting->kinds[kind - source->kinds].nr++;
	}
	counting->index++;
	return true;
}

/* Each of the values ends in a byte below 128, and is no longer than it may be. */
static bool values_fit(struct columns_source *source, size_t nr)
{
	const uint8_t *p = source->from[DATA_COLUMN_VALUE];
	const uint8_t *end = source->end[DATA_COLUMN_VALUE];
	unsigned int length = 0;

	for (; p < end; p++) {
		length++;
		if (*p & VALUE_MORE)
			continue;
		if (length > VALUE_MOST_BYTES || !nr--)
			return false;
		length = 0;
	}
	source->from[DATA_COLUMN_VALUE] = end;
	return !length && !nr;
}

/* What the head says of the chunk's first record and what the records say agree. */
static bool set_clock(struct counting *counting)
{
	const struct data_section *head = counting->request->head;
	struct chunk_clock clock;
	int64_t first, last;

	if ((head->first_time & TIME_MASK) != counting->now.time)
		return false;
	stackid_chunk_clock_set(&counting->now, head->first_time);
	clock = counting->now;
	stackid_chunk_clock_advance(&clock, clock.nr);
	/* See stackid_rec_time(). */
	first = head->first_time - head->time;
	last = clock.time - head->time;
	if (clock.time < head->first_time || first <= -MOST_AHEAD ||
	    first >= MOST_AHEAD || last <= -MOST_AHEAD || last >= MOST_AHEAD)
		return false;
	counting->tally->first_time = head->first_time;
	counting->tally->last_time = clock.time;
	counting->ahead = counting->now;
	counting->all_at = next_for_all(counting, head->first_time);
	find_stop(counting);
	return true;
}

static bool count(struct counting *counting)
{
	struct columns_source *source = &counting->source;

	columns_get_run(source);
	if (!set_clock(counting))
		return false;
	while (counting->index < counting->now.nr) {
		if (counting->index == counting->stop && !make_cuts(counting))
			return false;
		if (!(source->run ? count_run(counting) : count_token(counting)))
			return false;
	}
	return stackid_counting_cut(counting, true, 0) &&
	       values_fit(source, counting->nr_values) &&
	       counting->size <= DATA_MAX_CHUNK &&
	       stackid_columns_source_is_done(source);
}

/* What a NEW fills is not cleared, so that a few kinds take no time for many. */
static bool make_kinds(struct tally *tally, size_t nr)
{
	if (nr > tally->kinds_room) {
		free(tally->kinds);
		free(tally->kind_tallies);
		tally->kinds = calloc(nr, sizeof(*tally->kinds));
		tally->kind_tallies = calloc(nr, sizeof(*tally->kind_tallies));
		tally->kinds_room = tally->kinds && tally->kind_tallies ? nr : 0;
		if (!tally->kinds_room)
			return false;
	}
	/* What was before the first record is no record. */
	tally->kinds[0] = (struct kind) { };
	tally->kind_tallies[0] = (struct kind_tally) { .is_odd = true };
	return true;
}

bool stackid_tally_chunk(struct tally *tally,
			 const struct tally_request *request)
{
	const struct data_section *head = request->head;
	struct counting counting = { .tally = tally, .request = request };

	tally->nr_records = head->count;
	tally->nr_hits = 0;
	tally->nr_tasks = 0;
	tally->nr_losses = 0;
	tally->nr_words = 0;
	if (!head->count || !make_kinds(tally, columns_nr_kinds(head->count)))
		return false;
	counting.kinds = tally->kind_tallies;
	counting.generation = head->generation;
	counting.source.kinds = tally->kinds;
	return stackid_columns_source_open(&counting.source, request->payload,
					   head->raw_size, head->count) &&
	       stackid_chunk_clock_begin(&counting.now, &counting.source,
					 head->count) &&
	       count(&counting);
}
