// SPDX-License-Identifier: GPL-2.0
/*
 * The processed profile of Firefox Profiler, in version 60 of it, which is the first
 * whose threads share their tables; newer profilers bring it up to theirs.
 *
 * A track of the profiler has samples of one kind, so a thread has one for each
 * event.  Values become markers, at the time of their hits.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/array.h"
#include "../lib/complain.h"
#include "../lib/hash.h"
#include "export_cells.h"
#include "export_firefox_meta.h"
#include "export_firefox_tables.h"

/* The thread and event of a queue, as they were last. */
struct firefox_track {
	const char *comm;
	uint32_t pid;
	uint32_t tgid;
	uint16_t event;
	uint64_t nr;
};

/* @tracks: by the number of their queue; @slots: from threads and events to it + 1 */
struct firefox {
	struct export *export;
	struct export_nodes nodes;
	struct export_spool spool;
	struct firefox_track *tracks;
	size_t nr;
	size_t room;
	struct slots slots;
	struct firefox_span span;
	struct json json;
};

static size_t find_track(struct firefox *firefox,
			 const struct data_event *event)
{
	uint64_t hash = stackid_hash_mix(stackid_hash_u64(event->pid),
					 event->event);
	uint32_t number;
	size_t step = 0;

	while ((number = stackid_slots_next(&firefox->slots, hash, &step))) {
		const struct firefox_track *track =
			&firefox->tracks[number - 1];

		if (track->pid == event->pid && track->event == event->event)
			return number - 1;
	}
	stackid_array_reserve(firefox->tracks, firefox->nr, firefox->room);
	firefox->tracks[firefox->nr] = (struct firefox_track) {
		.pid = event->pid,
		.event = event->event,
	};
	stackid_slots_add(&firefox->slots, hash, firefox->nr + 1);
	firefox->nr++;
	return stackid_export_spool_queue(&firefox->spool);
}

static void add_hit(struct firefox *firefox, const struct data_event *event)
{
	struct reading *reading = firefox->export->reading;
	size_t number = find_track(firefox, event);
	struct firefox_track *track = &firefox->tracks[number];
	struct export_hit hit = {
		.time = event->time,
		.weight = firefox->export->weigh ?
			  stackid_reading_weight(reading, event) : 1,
		.node = stackid_export_node(&firefox->nodes, event),
		.nr_values = event->nr_values,
	};

	memcpy(hit.values, event->values, sizeof(hit.values));
	track->comm = event->comm;
	track->tgid = event->tgid;
	track->nr++;
	if (!firefox->span.any)
		firefox->span.first = event->time;
	firefox->span.any = true;
	firefox->span.last = event->time;
	firefox->span.any_weight |= hit.weight != 0;
	stackid_export_spool_add(&firefox->spool, number, &hit);
}

/* False after a sentence. */
static bool read_events(struct firefox *firefox)
{
	struct data_event event;

	while (stackid_reading_next(firefox->export->reading, &event)) {
		if (event.kind != DATA_LOST)
			add_hit(firefox, &event);
	}
	if (!firefox->span.any)
		stackid_reading_complain_empty(firefox->export->reading);
	else if (!firefox->span.any_weight)
		stackid_reading_complain_valueless(firefox->export->reading);
	return firefox->span.any_weight &&
	       stackid_export_spool_is_whole(&firefox->spool);
}

static bool has_one_event(const struct firefox *firefox)
{
	for (size_t i = 1; i < firefox->nr; i++) {
		if (firefox->tracks[i].event != firefox->tracks[0].event)
			return false;
	}
	return true;
}

static void print_names(struct firefox *firefox,
			const struct firefox_track *track, const char *event)
{
	struct json *json = &firefox->json;
	char *text = stackid_memory_print("%" PRIu32, track->tgid);

	stackid_json_key_string(json, "pid", text);
	free(text);
	if (has_one_event(firefox)) {
		stackid_json_key_string(json, "name", track->comm);
		stackid_json_key_number(json, "tid", track->pid);
		return;
	}
	text = stackid_memory_print("%s: %s", track->comm, event);
	stackid_json_key_string(json, "name", text);
	free(text);
	/* It has to be the only one. */
	text = stackid_memory_print("%" PRIu32 " %s", track->pid, event);
	stackid_json_key_string(json, "tid", text);
	free(text);
}

static void print_track(struct firefox *firefox, size_t i)
{
	const struct firefox_track *track = &firefox->tracks[i];
	const struct data_event_name *event =
		stackid_reading_event(firefox->export->reading, track->event);
	struct json *json = &firefox->json;

	stackid_json_line(json);
	stackid_json_open(json, '{');
	print_names(firefox, track, event->name);
	stackid_json_key_string(json, "processName", track->comm);
	stackid_json_key_string(json, "processType", "default");
	stackid_json_key_number(json, "processStartupTime", 0);
	stackid_json_key_word(json, "processShutdownTime", "null");
	stackid_json_key_number(json, "registerTime", 0);
	stackid_json_key_word(json, "unregisterTime", "null");
	stackid_json_key_open(json, "pausedRanges", '[');
	stackid_json_close(json, ']');
	/* Its own name would not show. */
	stackid_json_key_word(json, "isMainThread", "false");
	stackid_firefox_samples(json, &firefox->spool, i, firefox->span.first,
				firefox->export->weigh ?
				stackid_firefox_weight(firefox->export, event) :
				NULL);
	stackid_firefox_markers(json, &firefox->spool, i, firefox->span.first,
				event,
				stackid_export_text(&firefox->nodes.places,
						    event->name));
	stackid_json_close(json, '}');
}

static int compare_tracks(const void *a, const void *b, void *context)
{
	const struct firefox_track *tracks = context;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	if (tracks[x].nr != tracks[y].nr)
		return tracks[x].nr > tracks[y].nr ? -1 : 1;
	return x < y ? -1 : 1;
}

/* Those with the most hits first, which are what is shown at first. */
static void print_tracks(struct firefox *firefox)
{
	size_t *order = stackid_memory_resize(NULL, firefox->nr, sizeof(*order));

	for (size_t i = 0; i < firefox->nr; i++)
		order[i] = i;
	qsort_r(order, firefox->nr, sizeof(*order), compare_tracks,
		firefox->tracks);
	stackid_json_key_open(&firefox->json, "threads", '[');
	for (size_t i = 0; i < firefox->nr; i++)
		print_track(firefox, order[i]);
	stackid_json_close(&firefox->json, ']');
	free(order);
}

static void print_document(struct firefox *firefox)
{
	struct json *json = &firefox->json;

	stackid_json_open(json, '{');
	stackid_firefox_meta(json, firefox->export, &firefox->span, firefox->nr);
	stackid_json_line(json);
	stackid_firefox_libs(json, &firefox->nodes.places);
	print_tracks(firefox);
	/* All strings are known now. */
	stackid_json_line(json);
	stackid_firefox_shared(json, &firefox->nodes);
	stackid_json_close(json, '}');
	stackid_json_end(json);
}

static int write_firefox(struct export *export)
{
	struct firefox firefox = { .export = export, .json.out = export->out };
	int result = EXIT_FAILED;

	if (!stackid_export_spool_open(&firefox.spool))
		return EXIT_FAILED;
	stackid_export_nodes_init(&firefox.nodes, export->data);
	if (read_events(&firefox)) {
		print_document(&firefox);
		if (stackid_export_spool_is_whole(&firefox.spool))
			result = EXIT_OK;
	}
	stackid_export_nodes_exit(&firefox.nodes);
	stackid_export_spool_close(&firefox.spool);
	stackid_slots_free(&firefox.slots);
	free(firefox.tracks);
	return result;
}

const struct export_format stackid_export_firefox = {
	.name = "firefox",
	.to = EXPORT_TO_TEXT,
	.write = write_firefox,
};
