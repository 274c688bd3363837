// SPDX-License-Identifier: GPL-2.0
/*
 * The events of a data file, counted chunk by chunk.
 *
 * Chunks are counted in the order of their first times.  Who a thread was at a time is
 * known as soon as no further chunk begins before that, so a chunk waits until the next
 * one begins behind its end: of each CPU one, or some more that all end where the next
 * one begins.
 */
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "crew.h"
#include "data_reader.h"
#include "hit_sums.h"
#include "pack.h"
#include "renames.h"
#include "tally.h"

/* Kept at once: 5 MiB. */
#define MOST_SUMS	(1 << 16)

/* Beside one of each CPU. */
#define MORE_WAITING	8

/* @number: of its CPU's chunks; @lane: its CPU's place */
struct counted_chunk {
	const struct section_place *section;
	size_t lane;
	uint32_t number;
};

/* A chunk that waits.  @payload: while it does */
struct waiting {
	const struct counted_chunk *chunk;
	struct tally tally;
	void *payload;
};

/* To load a chunk and to count it.  @counted: it could be */
struct counting_errand {
	struct errand errand;
	struct counter *counter;
	struct waiting result;
	bool counted;
};

/**
 * struct counter - see data_count.c
 * @chunks:  in order, @next of them have been counted
 * @waiting: places for chunks that do, @nr_waiting of them
 * @crew:      with an unpacker for each worker
 * @errands:   of the chunks from @next on, @nr_errands of them, in turn
 * @ends:    of the lanes so far
 * @sums:    of threads that had not been renamed yet
 * @added:   belong to these, @nr_added of them
 */
struct counter {
	struct data_reader *reader;
	struct data_equality equal;
	stackid_data_counted *counted;
	void *context;
	struct counted_chunk *chunks;
	size_t nr_chunks;
	size_t next;
	struct waiting *waiting;
	size_t nr_waiting;
	struct crew *crew;
	struct unpacker **unpackers;
	struct counting_errand *errands;
	size_t nr_errands;
	uint64_t *ends;
	struct renames renames;
	struct tally_cut *cuts;
	size_t nr_cuts;
	size_t cuts_room;
	struct hit_sums sums;
	struct hit_sum added[MOST_ADDED];
	size_t nr_added;
	uint64_t lost;
};

static int compare_chunks(const void *a, const void *b)
{
	const struct counted_chunk *x = a, *y = b;
	uint64_t t = x->section->head.first_time;
	uint64_t u = y->section->head.first_time;

	if (t != u)
		return t < u ? -1 : 1;
	return (x->section > y->section) - (x->section < y->section);
}

/* False if a CPU's chunks are not in the order of time. */
static bool order_chunks(struct counter *counter)
{
	struct data_reader *reader = counter->reader;
	size_t nr = 0;

	for (size_t i = 0; i < reader->nr_lanes; i++)
		nr += reader->lanes[i].nr_chunks;
	counter->chunks = stackid_memory_zalloc(nr, sizeof(*counter->chunks));
	for (size_t i = 0; i < reader->nr_lanes; i++) {
		const struct lane *lane = &reader->lanes[i];
		uint64_t last = 0;

		for (size_t k = 0; k < lane->nr_chunks; k++) {
			const struct section_place *section =
				&reader->file.sections[lane->chunks[k]];

			if (section->head.first_time < last ||
			    section->head.encoding != DATA_COLUMNS)
				return false;
			last = section->head.first_time;
			counter->chunks[counter->nr_chunks++] =
				(struct counted_chunk) { section, i, k };
		}
	}
	if (nr)
		qsort(counter->chunks, nr, sizeof(*counter->chunks),
		      compare_chunks);
	return true;
}

static struct rename_place place_of(const struct counted_chunk *chunk,
				    const struct tally_place *place)
{
	return (struct rename_place) {
		.time = place->time,
		.sequence = (uint64_t)chunk->number << 32 | place->index,
		.cpu = chunk->section->head.cpu,
	};
}

static bool add_renames(struct counter *counter, const struct waiting *waiting)
{
	const struct tally *tally = &waiting->tally;

	for (size_t i = 0; i < tally->nr_tasks; i++) {
		const struct tally_task *task = &tally->tasks[i];
		struct rename rename = {
			.place = place_of(waiting->chunk, &task->place),
			.pid = task->pid,
			.tgid = task->tgid,
		};

		/* See stackid_tasks_set(). */
		if (!task->pid)
			continue;
		rename.comm = stackid_tasks_name(&counter->reader->tasks,
						 task->pid, task->comm);
		if (!stackid_renames_add(&counter->renames, &rename))
			return false;
	}
	return true;
}

/* The same again, with those before and after the cuts apart. */
static bool count_hits_apart(struct counter *counter, struct waiting *waiting)
{
	const struct tally_request request = {
		.head = &waiting->chunk->section->head,
		.payload = waiting->payload,
		.quantum = counter->equal.quantum,
		.cuts = counter->cuts,
		.nr_cuts = counter->nr_cuts,
	};

	return stackid_tally_chunk(&waiting->tally, &request);
}

static struct waiting *find_place(struct counter *counter)
{
	for (size_t i = 0; i < counter->nr_waiting; i++) {
		if (!counter->waiting[i].payload)
			return &counter->waiting[i];
	}
	return NULL;
}

/* In any thread: see the top of tally_count.c. */
static void run_errand(struct errand *errand, unsigned int worker)
{
	struct counting_errand *of = (struct counting_errand *)errand;
	struct counter *counter = of->counter;
	const struct section_place *section = of->result.chunk->section;
	struct tally_request request = {
		.head = &section->head,
		.quantum = counter->equal.quantum,
	};

	of->result.payload = stackid_data_file_try(&counter->reader->file,
						   section,
						   counter->unpackers[worker]);
	request.payload = of->result.payload;
	of->counted = request.payload &&
		      stackid_tally_chunk(&of->result.tally, &request);
}

/* The one that has been done is free for the next chunk that nobody has begun. */
static void send_errand(struct counter *counter, size_t chunk)
{
	struct counting_errand *errand =
		&counter->errands[chunk % counter->nr_errands];

	if (chunk >= counter->nr_chunks)
		return;
	errand->errand.run = run_errand;
	errand->counter = counter;
	errand->result.chunk = &counter->chunks[chunk];
	stackid_crew_send(counter->crew, &errand->errand);
}

static void start_crew(struct counter *counter)
{
	unsigned int nr;

	counter->crew = stackid_crew_create(counter->nr_chunks);
	nr = stackid_crew_nr_workers(counter->crew);
	counter->unpackers = stackid_memory_zalloc(nr,
						   sizeof(*counter->unpackers));
	for (unsigned int i = 0; i < nr; i++)
		counter->unpackers[i] = stackid_unpacker_create();
	counter->nr_errands = 2 * nr;
	counter->errands = stackid_memory_zalloc(counter->nr_errands,
						 sizeof(*counter->errands));
	for (size_t i = 0; i < counter->nr_errands; i++)
		send_errand(counter, i);
}

static void stop_crew(struct counter *counter)
{
	unsigned int nr;

	if (!counter->crew)
		return;
	nr = stackid_crew_nr_workers(counter->crew);
	stackid_crew_destroy(counter->crew);
	for (unsigned int i = 0; i < nr; i++)
		stackid_unpacker_destroy(counter->unpackers[i]);
	for (size_t i = 0; i < counter->nr_errands; i++) {
		free(counter->errands[i].result.payload);
		stackid_tally_free(&counter->errands[i].result.tally);
	}
	free(counter->unpackers);
	free(counter->errands);
}

/* The next chunk begins to wait. */
static bool count_chunk(struct counter *counter)
{
	size_t number = counter->next++;
	struct counting_errand *errand =
		&counter->errands[number % counter->nr_errands];
	struct waiting *waiting = find_place(counter);
	struct waiting spare;
	size_t lane;

	stackid_crew_wait(counter->crew, &errand->errand);
	if (!waiting || !errand->counted)
		return false;
	spare = *waiting;
	*waiting = errand->result;
	errand->result = spare;
	send_errand(counter, number + counter->nr_errands);
	lane = waiting->chunk->lane;
	if (waiting->tally.first_time < counter->ends[lane])
		return false;
	counter->ends[lane] = waiting->tally.last_time;
	return add_renames(counter, waiting);
}

static int compare_cuts(const void *a, const void *b)
{
	const struct tally_cut *x = a, *y = b;

	return (x->time > y->time) - (x->time < y->time);
}

/* Wherever another CPU renames a thread while the chunk lasts. */
static void collect_cuts(struct counter *counter, const struct waiting *waiting)
{
	uint32_t cpu = waiting->chunk->section->head.cpu;

	counter->nr_cuts = 0;
	for (size_t i = 1; i < counter->renames.nr; i++) {
		const struct rename *rename = &counter->renames.at[i];
		/* At the same time the lower CPU comes first. */
		uint64_t time = rename->place.time + (cpu < rename->place.cpu);

		if (rename->place.cpu == cpu ||
		    time < waiting->tally.first_time ||
		    time > waiting->tally.last_time)
			continue;
		stackid_array_reserve(counter->cuts, counter->nr_cuts,
				      counter->cuts_room);
		counter->cuts[counter->nr_cuts++] = (struct tally_cut) {
			.time = time,
			.pid = rename->pid,
		};
	}
	if (counter->nr_cuts)
		qsort(counter->cuts, counter->nr_cuts, sizeof(*counter->cuts),
		      compare_cuts);
}

static const struct rename *find_rename(struct counter *counter,
					const struct waiting *waiting,
					const struct tally_hits *hits,
					bool *apart)
{
	uint32_t cpu = waiting->chunk->section->head.cpu;
	struct tally_place from = { .index = hits->first };
	struct tally_place to = { .index = hits->last };
	struct rename_place first, last;

	if (stackid_renames_need_time(&counter->renames, hits->pid, cpu)) {
		from.time = stackid_tally_time(&waiting->tally, hits->first);
		to.time = stackid_tally_time(&waiting->tally, hits->last);
	}
	first = place_of(waiting->chunk, &from);
	last = place_of(waiting->chunk, &to);
	return stackid_renames_find(&counter->renames, hits->pid, &first,
				    &last, apart);
}

/*
 * Some of the hits that were counted together are before a rename, some after it.  What
 * the same CPU has renamed was counted apart from the beginning.
 */
static bool straddles(struct counter *counter, const struct waiting *waiting)
{
	uint32_t cpu = waiting->chunk->section->head.cpu;
	const struct tally *tally = &waiting->tally;
	bool apart = false, needed = false;

	/* Hits of a thread come mostly one after another. */
	for (size_t i = 0; i < tally->nr_hits && !apart; i++) {
		const struct tally_hits *hits = &tally->hits[i];

		if (!i || hits->pid != hits[-1].pid)
			needed = stackid_renames_need_time(&counter->renames,
							   hits->pid, cpu);
		if (needed)
			find_rename(counter, waiting, hits, &apart);
	}
	return apart;
}

/* False if the file does not say what stack it is. */
static bool set_stack(struct counter *counter, uint64_t w0,
		      const struct stackid_stack *block,
		      struct data_event *event)
{
	const struct stackid_record record = { .w0 = w0 };
	struct stacks *stacks = &counter->reader->stacks;

	event->id = stackid_rec_id(&record);
	event->event = stackid_rec_event(&record);
	event->kind = DATA_HIT_STACK;
	if (block) {
		event->stack = stackid_stacks_find(stacks, event->generation,
						   block);
		return event->stack;
	}
	if (event->id) {
		event->stack = stackid_stacks_by_id(stacks, event->generation,
						    event->id);
		return event->stack;
	}
	event->kind = DATA_HIT_EMPTY;
	if ((stackid_rec_type(&record) & ~STACKID_REC_VALUES) ==
	    STACKID_REC_EVENT_USER)
		event->kind = DATA_HIT_USER;
	return true;
}

/* The slice's. */
static uint64_t time_of(const struct counter *counter,
			const struct waiting *waiting,
			const struct tally_hits *hits)
{
	uint64_t quantum = counter->equal.quantum;
	uint64_t time;

	if (!quantum)
		return 0;
	time = stackid_tally_time(&waiting->tally, hits->first);
	return time - time % quantum;
}

static bool give_hits(struct counter *counter, const struct waiting *waiting,
		      const struct tally_hits *hits)
{
	const struct stackid_stack *block = NULL;
	struct data_event event = {
		.time = time_of(counter, waiting, hits),
		.pid = hits->pid,
		.cpu = waiting->chunk->section->head.cpu,
		.generation = hits->generation,
	};
	const struct rename *rename;
	bool apart;

	if (hits->block)
		block = (const void *)(waiting->tally.words + hits->block - 1);
	if (!set_stack(counter, hits->w0, block, &event))
		return false;
	rename = find_rename(counter, waiting, hits, &apart);
	if (rename) {
		event.comm = rename->comm;
		event.tgid = rename->tgid;
	} else {
		event.comm = stackid_tasks_first(&counter->reader->tasks,
						 hits->pid, &event.tgid);
	}
	counter->counted(counter->context, &event, hits->nr);
	return true;
}

static void add_added(struct counter *counter)
{
	stackid_hit_sums_add(&counter->sums, counter->added, counter->nr_added);
	counter->nr_added = 0;
}

static bool give_sums(struct counter *counter)
{
	struct hit_sums *sums = &counter->sums;

	add_added(counter);
	for (size_t i = 0; i < sums->nr; i++) {
		const struct hit_sum *sum = &sums->at[i];
		struct data_event event = {
			.time = sum->time,
			.pid = sum->pid,
			.cpu = sum->cpu,
			.generation = sum->generation,
		};

		if (!set_stack(counter, sum->w0, NULL, &event))
			return false;
		event.comm = stackid_tasks_first(&counter->reader->tasks,
						 sum->pid, &event.tgid);
		counter->counted(counter->context, &event, sum->nr);
	}
	stackid_hit_sums_clear(sums);
	return true;
}

/* Of a thread that has always been who it was at the beginning. */
static bool add_to_sums(struct counter *counter, const struct waiting *waiting,
			const struct tally_hits *hits)
{
	counter->added[counter->nr_added++] = (struct hit_sum) {
		.w0 = hits->w0,
		.generation = hits->generation,
		.time = time_of(counter, waiting, hits),
		.nr = hits->nr,
		.pid = hits->pid,
		.cpu = counter->equal.of_cpu ?
		       waiting->chunk->section->head.cpu : 0,
	};
	if (counter->nr_added == MOST_ADDED)
		add_added(counter);
	return counter->sums.nr < MOST_SUMS || give_sums(counter);
}

static void give_loss(struct counter *counter, const struct waiting *waiting,
		      const struct tally_loss *loss)
{
	struct data_event event = {
		.kind = DATA_LOST,
		.time = loss->place.time,
		.cpu = waiting->chunk->section->head.cpu,
		.generation = loss->generation,
		.comm = "",
		.lost = loss->nr,
	};

	if (counter->lost + loss->nr < counter->lost)
		counter->lost = UINT64_MAX;
	else
		counter->lost += loss->nr;
	counter->counted(counter->context, &event, 1);
}

/* The chunk need not wait any longer. */
static bool give(struct counter *counter, struct waiting *waiting)
{
	const struct tally *tally = &waiting->tally;
	bool renamed = false;

	if (straddles(counter, waiting)) {
		collect_cuts(counter, waiting);
		if (!count_hits_apart(counter, waiting))
			return false;
	}
	for (size_t i = 0; i < tally->nr_hits; i++) {
		const struct tally_hits *hits = &tally->hits[i];

		if (!i || hits->pid != hits[-1].pid)
			renamed = stackid_renames_has(&counter->renames,
						      hits->pid);
		if (!(renamed || hits->block ? give_hits(counter, waiting, hits) :
			       add_to_sums(counter, waiting, hits)))
			return false;
	}
	for (size_t i = 0; i < tally->nr_losses; i++)
		give_loss(counter, waiting, &tally->losses[i]);
	free(waiting->payload);
	waiting->payload = NULL;
	return !stackid_renames_is_slow(&counter->renames);
}

/* Those that end before the next chunk begins. */
static bool give_ready(struct counter *counter)
{
	uint64_t until = UINT64_MAX;

	if (counter->next < counter->nr_chunks)
		until = counter->chunks[counter->next].section->head.first_time;
	for (size_t i = 0; i < counter->nr_waiting; i++) {
		struct waiting *waiting = &counter->waiting[i];

		if (!waiting->payload ||
		    (waiting->tally.last_time >= until && until != UINT64_MAX))
			continue;
		if (!give(counter, waiting))
			return false;
	}
	return true;
}

static bool count_all(struct counter *counter)
{
	if (!order_chunks(counter))
		return false;
	start_crew(counter);
	while (counter->next < counter->nr_chunks) {
		if (!count_chunk(counter) || !give_ready(counter))
			return false;
	}
	return give_sums(counter);
}

bool stackid_data_count(struct data_reader *reader,
			const struct data_equality *equal,
			stackid_data_counted *counted, void *context)
{
	struct counter counter = {
		.reader = reader,
		.equal = *equal,
		.counted = counted,
		.context = context,
		.nr_waiting = reader->nr_lanes + MORE_WAITING,
		.waiting = stackid_memory_zalloc(reader->nr_lanes +
						 MORE_WAITING,
						 sizeof(*counter.waiting)),
		.ends = stackid_memory_zalloc(reader->nr_lanes,
					      sizeof(*counter.ends)),
	};
	/* What is being written has no chunks yet that could be ordered. */
	bool done = !reader->follow && count_all(&counter);

	stop_crew(&counter);
	if (done)
		reader->lost = counter.lost;
	for (size_t i = 0; i < counter.nr_waiting; i++) {
		free(counter.waiting[i].payload);
		stackid_tally_free(&counter.waiting[i].tally);
	}
	stackid_renames_free(&counter.renames);
	stackid_hit_sums_clear(&counter.sums);
	free(counter.waiting);
	free(counter.ends);
	free(counter.chunks);
	free(counter.cuts);
	return done;
}
