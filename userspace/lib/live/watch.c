// SPDX-License-Identifier: GPL-2.0
/* A recording that nobody keeps. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../buffer.h"
#include "../clock.h"
#include "../complain.h"
#include "../data/data_live.h"
#include "../data/records.h"
#include "../memory.h"
#include "counts.h"
#include "inline_stacks.h"
#include "recorder_layout.h"
#include "watch.h"

/* A section of stacks that waits for its symbols, with @size bytes behind it. */
struct waiting_stacks {
	uint64_t generation;
	uint64_t size;
};

/**
 * struct watch - see watch.h
 * @recorder: what is there of one; its request is @request
 * @events:   those of @request, ours
 * @writer:   its sections go into @data
 * @stacks:   struct waiting_stacks
 * @counts:   hits as they come
 * @entries:  of the first @nr_entries counts, which have their stacks
 * @ticked:   when the interval began, CLOCK_MONOTONIC
 */
struct watch {
	struct recorder recorder;
	struct recorder_request request;
	char **events;
	size_t nr_events;
	struct data_writer *writer;
	struct data_reader *data;
	struct buffer stacks;
	struct counts counts;
	struct watch_entry *entries;
	size_t nr_entries;
	size_t entries_room;
	uint64_t ticked;
	struct watch_sums sums;
	struct pollfd *fds;
};

static int take_section(void *context, enum data_section_type type,
			uint32_t cpu, uint64_t generation,
			const void *payload, size_t size)
{
	struct watch *watch = context;
	struct waiting_stacks head = { .generation = generation, .size = size };

	if (type != DATA_STACKS) {
		stackid_data_live_take(watch->data, type, cpu, generation,
				       payload, size);
		return 0;
	}
	stackid_buffer_add(&watch->stacks, &head, sizeof(head));
	stackid_buffer_add(&watch->stacks, payload, size);
	return 0;
}

static void set_events(struct watch *watch, char *const *events, size_t nr)
{
	for (size_t i = 0; i < watch->nr_events; i++)
		free(watch->events[i]);
	free(watch->events);
	watch->events = stackid_memory_zalloc(nr + 1, sizeof(*events));
	watch->nr_events = nr;
	for (size_t i = 0; i < nr; i++)
		watch->events[i] = stackid_memory_strdup(events[i]);
	watch->request.events = watch->events;
	watch->request.nr_events = nr;
}

static void count(struct watch *watch, const struct stackid_record *record,
		  uint64_t generation)
{
	size_t before = watch->counts.nr;
	uint32_t id = stackid_rec_id(record);

	stackid_counts_add(&watch->counts, record, generation);
	if (watch->counts.nr > before && id && !stackid_record_stack(record))
		stackid_definitions_see(&watch->recorder.definitions,
					generation, id);
}

static void take_records(struct watch *watch, struct drained_ring *ring,
			 const char *data, size_t size)
{
	struct record_walk walk = {
		.data = data,
		.size = size,
		.generation = ring->generation,
	};
	const struct stackid_record *record;
	enum walk state;

	while ((state = stackid_records_next(&walk, &record)) == WALK_RECORD) {
		if (stackid_rec_type(record) == STACKID_REC_MODULE)
			watch->recorder.drain.modules_changed = true;
		else if (ring->wanted && stackid_record_is_hit(record))
			count(watch, record, walk.generation);
	}
	if (state == WALK_WRONG)
		ring->map.wild += size - walk.position;
	ring->generation = walk.generation;
}

static void drain(struct watch *watch)
{
	struct drain *rings = &watch->recorder.drain;

	for (unsigned int i = 0; i < rings->nr_rings; i++) {
		struct drained_ring *ring = &rings->rings[i];
		/* What comes meanwhile waits: keys and other rings wait, too. */
		uint64_t waiting = stackid_ring_map_waiting(&ring->map);
		const char *data;
		size_t size;

		while (waiting &&
		       (data = stackid_ring_map_window(&ring->map, &size))) {
			take_records(watch, ring, data, size);
			stackid_ring_map_consume(&ring->map, size);
			waiting -= size < waiting ? size : waiting;
		}
	}
}

/* Of a count whose stack, if it has one, has got its symbols. */
static void add_entry(struct watch *watch, size_t i)
{
	const struct stackid_record *record =
		stackid_counts_record(&watch->counts, i);
	const struct stackid_stack *block = stackid_record_stack(record);
	uint64_t generation = watch->counts.at[i].generation;
	struct watch_entry entry = {
		.event = stackid_rec_event(record),
		.kind = DATA_HIT_STACK,
	};

	if (block)
		entry.stack = stackid_data_live_inline(watch->data, generation,
						       block);
	else if (stackid_rec_type(record) == STACKID_REC_EVENT_USER)
		entry.kind = DATA_HIT_USER;
	else if (stackid_rec_id(record))
		entry.stack = stackid_data_live_id(watch->data, generation,
						   stackid_rec_id(record));
	else
		entry.kind = DATA_HIT_EMPTY;
	stackid_array_reserve(watch->entries, watch->nr_entries,
			      watch->entries_room);
	watch->entries[watch->nr_entries++] = entry;
}

/* Symbols, then the stacks that have them, then the entries that have those. */
static int find_stacks(struct watch *watch)
{
	struct recorder *recorder = &watch->recorder;
	const struct counts *counts = &watch->counts;
	const char *at;

	if (stackid_definitions_write(&recorder->definitions,
				      recorder->symbolizer, watch->writer))
		return -1;
	for (size_t i = watch->nr_entries; i < counts->nr; i++) {
		const struct stackid_stack *block =
			stackid_record_stack(stackid_counts_record(counts, i));

		if (block)
			stackid_symbolizer_add(recorder->symbolizer,
					       counts->at[i].generation, block);
	}
	if (stackid_symbolizer_write(recorder->symbolizer, watch->writer))
		return -1;
	for (at = watch->stacks.data;
	     at < watch->stacks.data + watch->stacks.size;) {
		const struct waiting_stacks *head = (const void *)at;

		stackid_data_live_take(watch->data, DATA_STACKS, DATA_NO_CPU,
				       head->generation, head + 1, head->size);
		at = (const char *)(head + 1) + head->size;
	}
	watch->stacks.size = 0;
	while (watch->nr_entries < counts->nr)
		add_entry(watch, watch->nr_entries);
	return 0;
}

static int fill_in(struct watch *watch, int fd)
{
	struct drain *rings = &watch->recorder.drain;

	for (unsigned int i = 0; i < rings->nr_rings; i++)
		watch->fds[i] = (struct pollfd) {
			.fd = rings->rings[i].map.fd, .events = POLLIN,
		};
	watch->fds[rings->nr_rings] = (struct pollfd) {
		.fd = fd, .events = POLLIN,
	};
	return rings->nr_rings + 1;
}

int stackid_watch_turn(struct watch *watch, int fd, int ms)
{
	struct recorder *recorder = &watch->recorder;
	struct drain *rings = &recorder->drain;

	if (poll(watch->fds, fill_in(watch, fd), ms) < 0 && errno != EINTR) {
		stackid_complain("cannot wait for events: %s", strerror(errno));
		return -1;
	}
	for (unsigned int i = 0; i < rings->nr_rings; i++) {
		if (!(watch->fds[i].revents & POLLERR))
			continue;
		stackid_complain("the ring of CPU %u is going away: is the module being removed?",
				 rings->rings[i].map.cpu);
		return -1;
	}
	if (stackid_definitions_follow(&recorder->definitions) < 0 ||
	    stackid_drain_follow(rings))
		return -1;
	drain(watch);
	if (rings->modules_changed) {
		rings->modules_changed = false;
		/* Those of before get the names of before. */
		if (find_stacks(watch))
			return -1;
		stackid_symbolizer_refresh(recorder->symbolizer);
	}
	stackid_symbolizer_step(recorder->symbolizer);
	return 0;
}

static int read_sums(struct watch *watch)
{
	struct session *session = &watch->recorder.session;
	struct watch_sums *sums = &watch->sums;
	uint64_t now = stackid_clock(CLOCK_MONOTONIC);
	uint64_t before = sums->lost;

	if (stackid_session_take_ledger(session))
		return -1;
	sums->lost = stackid_session_lost(session, watch->recorder.wanted);
	sums->last_lost = sums->lost - before;
	sums->seconds = (now - watch->ticked) / (double)NSEC_PER_SEC;
	watch->ticked = now;
	stackid_control_counter(session->end.stats, "stacks", &sums->stacks);
	stackid_control_counter(session->end.stats, "max_stacks",
				&sums->max_stacks);
	stackid_control_counter(session->end.stats, "table_bytes",
				&sums->table_bytes);
	stackid_control_counter(session->end.stats, "generation",
				&sums->generation);
	return 0;
}

int stackid_watch_tick(struct watch *watch)
{
	drain(watch);
	/* What is read of the symbols so far is not enough. */
	while (stackid_symbolizer_step(watch->recorder.symbolizer))
		;
	if (find_stacks(watch) || read_sums(watch))
		return -1;
	watch->sums.hits = 0;
	watch->sums.last_hits = 0;
	for (size_t i = 0; i < watch->nr_entries; i++) {
		struct watch_entry *entry = &watch->entries[i];

		entry->last = watch->counts.at[i].hits - entry->all;
		entry->all = watch->counts.at[i].hits;
		watch->sums.last_hits += entry->last;
		watch->sums.hits += entry->all;
	}
	return 0;
}

static void clear_counts(struct watch *watch)
{
	stackid_counts_exit(&watch->counts);
	watch->counts = (struct counts) {};
	watch->nr_entries = 0;
}

static int put_events(struct watch *watch)
{
	struct recorder *recorder = &watch->recorder;

	/* Without any, and an error of the way. */
	if (stackid_control_write(&recorder->control, "events", "", true) ||
	    stackid_recorder_add_events(recorder))
		return -1;
	return 0;
}

static int name_events(struct watch *watch)
{
	return stackid_session_write_events(&watch->recorder.session,
					    watch->writer);
}

int stackid_watch_change(struct watch *watch, char *const *events, size_t nr)
{
	char **old = watch->events;
	size_t nr_old = watch->nr_events;
	bool was_default = watch->request.default_event;

	/* A number may stand for another event from here on. */
	drain(watch);
	watch->events = NULL;
	watch->nr_events = 0;
	watch->request.default_event = false;
	set_events(watch, events, nr);
	if (put_events(watch)) {
		set_events(watch, old, nr_old);
		watch->request.default_event = was_default;
		put_events(watch);
		nr = 0;
	} else {
		drain(watch);
		clear_counts(watch);
	}
	for (size_t i = 0; i < nr_old; i++)
		free(old[i]);
	free(old);
	return name_events(watch) || !nr ? -1 : 0;
}

static int open_rings(struct watch *watch)
{
	struct recorder *recorder = &watch->recorder;

	if (stackid_definitions_open(&recorder->definitions,
				     &recorder->control, recorder->stacks))
		return -1;
	if (stackid_drain_open(&recorder->drain, &recorder->control,
			       recorder->wanted, recorder->session.nr_cpus,
			       &recorder->definitions, recorder->stacks,
			       false)) {
		stackid_definitions_close(&recorder->definitions);
		return -1;
	}
	watch->fds = stackid_memory_zalloc(recorder->session.nr_cpus + 1,
					   sizeof(*watch->fds));
	if (!name_events(watch) && !stackid_session_start(&recorder->session)) {
		watch->ticked = stackid_clock(CLOCK_MONOTONIC);
		return 0;
	}
	stackid_drain_close(&recorder->drain);
	stackid_definitions_close(&recorder->definitions);
	return -1;
}

static void free_watch(struct watch *watch)
{
	struct recorder *recorder = &watch->recorder;

	stackid_symbolizer_destroy(recorder->symbolizer);
	stackid_inline_stacks_destroy(recorder->stacks);
	free(recorder->wanted);
	stackid_session_end(&recorder->session);
	stackid_control_close(&recorder->control);
	stackid_data_destroy(watch->writer);
	stackid_data_close(watch->data);
	clear_counts(watch);
	free(watch->entries);
	set_events(watch, NULL, 0);
	free(watch->events);
	free(watch->stacks.data);
	free(watch->fds);
	free(watch);
}

struct watch *stackid_watch_begin(const struct recorder_request *request)
{
	struct watch *watch = stackid_memory_zalloc(1, sizeof(*watch));
	struct recorder *recorder = &watch->recorder;

	watch->request = *request;
	recorder->request = &watch->request;
	if (stackid_control_open(&recorder->control)) {
		free(watch);
		return NULL;
	}
	if (stackid_session_begin(&recorder->session, &recorder->control)) {
		stackid_control_close(&recorder->control);
		free(watch);
		return NULL;
	}
	set_events(watch, request->events, request->nr_events);
	watch->data = stackid_data_live_open();
	watch->writer = stackid_data_create_into(take_section, watch);
	recorder->stacks = stackid_inline_stacks_create();
	if (!stackid_recorder_choose_cpus(recorder) &&
	    !stackid_recorder_read_symbols(recorder) &&
	    (!request->buffer_kb ||
	     !stackid_session_set_buffer(&recorder->session,
					 request->buffer_kb)) &&
	    !stackid_recorder_add_events(recorder) && !open_rings(watch))
		return watch;
	free_watch(watch);
	return NULL;
}

void stackid_watch_end(struct watch *watch)
{
	struct recorder *recorder = &watch->recorder;

	stackid_session_stop(&recorder->session);
	stackid_drain_close(&recorder->drain);
	stackid_definitions_close(&recorder->definitions);
	free_watch(watch);
}

const struct watch_entry *stackid_watch_entries(const struct watch *watch,
						size_t *nr)
{
	*nr = watch->nr_entries;
	return watch->entries;
}

const struct watch_sums *stackid_watch_sums(const struct watch *watch)
{
	return &watch->sums;
}

struct data_reader *stackid_watch_data(const struct watch *watch)
{
	return watch->data;
}
