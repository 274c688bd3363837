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
	free(tally->clocks);
	free(tally->kinds);
	free(tally->kind_tallies);
	free(tally->kind_numbers);
	*tally = (struct tally) { };
}

struct tally_place stackid_counting_place(struct counting *counting,
					  size_t index)
{
	if (counting->now.index < index + 1)
		stackid_chunk_clock_advance(&counting->now, index + 1);
	return (struct tally_place) { counting->now.time, index };
}

uint64_t stackid_tally_time(const struct tally *tally, uint32_t index)
{
	struct chunk_clock clock = tally->clocks[index / CLOCK_STRIDE];

	stackid_chunk_clock_advance(&clock, index + 1);
	return clock.time;
}

/* The kind's hits so far, of which @last is the last record, are done.  There is room. */
static bool end_kind(struct counting *counting, unsigned int number,
		     struct tally_place last)
{
	const struct kind *kind = &counting->source.kinds[number];
	const struct kind_tally *of = &counting->kinds[number];
	uint32_t nr = counting->numbers[number];

	if (!nr || nr == IS_ODD)
		return true;
	if (!counting_fits(counting, kind->w0, last.time))
		return false;
	counting->nr_values += (size_t)nr * of->nr_values;
	counting->size += (size_t)nr * (16 + 8 * of->nr_values);
	counting_add(counting, kind->w0, kind->pid, nr, of->first, last.index);
	counting->numbers[number] = 0;
	return true;
}

bool stackid_counting_cut(struct counting *counting)
{
	unsigned int nr = counting->source.nr_kinds;
	struct tally_place last;

	counting->work += nr;
	if (counting->work > KINDS_PER_RECORD * (counting->now.nr + nr) ||
	    !TALLY_RESERVE(counting->tally, hits, nr))
		return false;
	if (!counting->index)
		return true;
	last = stackid_counting_place(counting, counting->index - 1);
	for (unsigned int i = 0; i < nr; i++) {
		if (!end_kind(counting, i, last))
			return false;
		counting->kinds[i].first = counting->index;
	}
	return true;
}

bool stackid_counting_cut_thread(struct counting *counting, uint32_t pid)
{
	const struct kind *kinds = counting->source.kinds;
	unsigned int number = counting->threads[pid % NR_THREADS];
	struct tally_place last;

	if (!counting->index)
		return true;
	last = stackid_counting_place(counting, counting->index - 1);
	/* Kind 0 comes last: it is in no chain, and ends each. */
	for (;; number = counting->kinds[number].before) {
		counting->work++;
		if (kinds[number].pid == pid) {
			if (!TALLY_RESERVE(counting->tally, hits, 1) ||
			    !end_kind(counting, number, last))
				return false;
			counting->kinds[number].first = counting->index;
		}
		if (!number)
			break;
	}
	return counting->work <= KINDS_PER_RECORD * (counting->now.nr +
						     counting->source.nr_kinds);
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
			if (!stackid_counting_cut_thread(counting,
							 request->cuts[counting->cut].pid))
				return false;
			counting->cut++;
		}
		if (counting->all_at <= next.time) {
			if (!stackid_counting_cut(counting))
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
	size_t number = kind - counting->source.kinds;
	struct kind_tally *of = &counting->kinds[number];

	if (stackid_rec_size(&record) < sizeof(record))
		return false;
	counting->numbers[number] = IS_ODD;
	of->nr_values = 0;
	of->first = counting->index;
	if (number) {
		uint16_t *last = &counting->threads[kind->pid % NR_THREADS];

		of->before = *last;
		*last = number;
	}
	if (type != STACKID_REC_EVENT && type != STACKID_REC_EVENT_USER)
		return true;
	if (!stackid_record_has_values(&record)) {
		if (!rest)
			counting->numbers[number] = 0;
		return true;
	}
	counting->numbers[number] = 0;
	of->nr_values = rest / 8;
	return of->nr_values && of->nr_values <= STACKID_MAX_VALUES;
}

/*
 * Hits before @stop, up to a record that asks for more: of a new kind, of one that has to
 * be looked at, or wrong.  A record takes a few instructions here, so what the columns
 * are asked for is in variables.
 */
static void count_hits(struct counting *counting)
{
	struct columns_source *source = &counting->source;
	const uint8_t *token = source->from[DATA_COLUMN_TOKEN];
	const uint8_t *token_end = source->end[DATA_COLUMN_TOKEN];
	const uint8_t *run_at = source->from[DATA_COLUMN_RUN];
	const uint8_t *run_end = source->end[DATA_COLUMN_RUN];
	struct kind *const kinds = source->kinds;
	uint32_t *const numbers = counting->numbers;
	size_t number = source->kind - kinds;
	size_t index = counting->index, stop = counting->stop;
	size_t run = source->run;

	while (index < stop) {
		size_t end = run < stop - index ? index + run : stop;
		size_t start = index;
		size_t next;

		for (; index < end; index++) {
			next = kinds[number].next;
			if (numbers[next] == IS_ODD)
				break;
			numbers[next]++;
			number = next;
		}
		run -= index - start;
		if (run || index == stop)
			break;
		if (token == token_end || run_at == run_end ||
		    *run_at == DATA_FURTHER)
			break;
		if (*token == DATA_TOKEN_OTHER) {
			next = kinds[number].other;
		} else if (*token == DATA_TOKEN_KNOWN) {
			next = columns_peek_known(source);
			if (next >= source->nr_kinds)
				break;
		} else {
			break;
		}
		if (numbers[next] == IS_ODD)
			break;
		if (*token == DATA_TOKEN_KNOWN)
			columns_take_known(source);
		expect(kinds, &kinds[number], &kinds[next]);
		numbers[next]++;
		number = next;
		index++;
		token++;
		run = *run_at++;
	}
	source->from[DATA_COLUMN_TOKEN] = token;
	source->from[DATA_COLUMN_RUN] = run_at;
	source->run = run;
	source->kind = &kinds[number];
	counting->index = index;
}

/* One record, whatever it is. */
static bool count_record(struct counting *counting)
{
	struct columns_source *source = &counting->source;
	struct kind *kind;
	size_t number;
	bool is_new = false;

	if (source->run) {
		source->run--;
		kind = &source->kinds[source->kind->next];
	} else {
		/* A new one replaces number 0 then. */
		if (source->nr_kinds == DATA_NR_KINDS && counting->numbers[0] &&
		    (!TALLY_RESERVE(counting->tally, hits, 1) ||
		     !end_kind(counting, 0,
			       stackid_counting_place(counting,
						      counting->index - 1))))
			return false;
		kind = columns_get_token(source, &is_new);
	}
	if (source->wrong || (is_new && !begin_kind(counting, kind)))
		return false;
	source->kind = kind;
	number = kind - source->kinds;
	if (counting->numbers[number] != IS_ODD)
		counting->numbers[number]++;
	else if (!stackid_counting_look(counting, kind))
		return false;
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
	struct tally *tally = counting->tally;
	struct chunk_clock clock;
	int64_t first, last;

	if ((head->first_time & TIME_MASK) != counting->now.time)
		return false;
	stackid_chunk_clock_set(&counting->now, head->first_time);
	if (!TALLY_RESERVE(tally, clocks, counting->now.nr / CLOCK_STRIDE + 1))
		return false;
	clock = counting->now;
	tally->clocks[tally->nr_clocks++] = clock;
	while (clock.nr - clock.index >= CLOCK_STRIDE) {
		stackid_chunk_clock_advance(&clock, clock.index + CLOCK_STRIDE);
		tally->clocks[tally->nr_clocks++] = clock;
	}
	stackid_chunk_clock_advance(&clock, clock.nr);
	/* See stackid_rec_time(). */
	first = head->first_time - head->time;
	last = clock.time - head->time;
	if (clock.time < head->first_time || first <= -MOST_AHEAD ||
	    first >= MOST_AHEAD || last <= -MOST_AHEAD || last >= MOST_AHEAD)
		return false;
	tally->first_time = head->first_time;
	tally->last_time = clock.time;
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
		count_hits(counting);
		if (counting->index < counting->stop && !count_record(counting))
			return false;
	}
	return stackid_counting_cut(counting) &&
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
		free(tally->kind_numbers);
		tally->kinds = calloc(nr, sizeof(*tally->kinds));
		tally->kind_tallies = calloc(nr, sizeof(*tally->kind_tallies));
		tally->kind_numbers = calloc(nr, sizeof(*tally->kind_numbers));
		tally->kinds_room = tally->kinds && tally->kind_tallies &&
				    tally->kind_numbers ? nr : 0;
		if (!tally->kinds_room)
			return false;
	}
	/* What was before the first record is no record. */
	tally->kinds[0] = (struct kind) { };
	tally->kind_tallies[0] = (struct kind_tally) { };
	tally->kind_numbers[0] = IS_ODD;
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
	tally->nr_clocks = 0;
	if (!head->count || !make_kinds(tally, columns_nr_kinds(head->count)))
		return false;
	counting.kinds = tally->kind_tallies;
	counting.numbers = tally->kind_numbers;
	counting.generation = head->generation;
	counting.source.kinds = tally->kinds;
	return stackid_columns_source_open(&counting.source, request->payload,
					   head->raw_size, head->count) &&
	       stackid_chunk_clock_begin(&counting.now, &counting.source,
					 head->count) &&
	       count(&counting);
}
