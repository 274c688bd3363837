// SPDX-License-Identifier: GPL-2.0
/*
 * What a recorder that was killed has left: a file without its end, and in the rings
 * what it had not written yet.  The rings stay until somebody reads them, and the counters
 * go on, so the next recorder of the same files finishes the one that was being written.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../array.h"
#include "../clock.h"
#include "../complain.h"
#include "../data/columns_decode.h"
#include "../data/data_file.h"
#include "../memory.h"
#include "inline_stacks.h"
#include "machine.h"
#include "recorded_file.h"
#include "recorder.h"

/**
 * struct rescue - a file that was left
 * @whole:    where its last whole section ends
 * @begun:    recording was on for it
 * @ended:    it has its end, and only not its name
 * @marked:   the section of its last mark; those behind it want definitions
 * @boot:     boot_id of META, or ""
 * @started:  start_time of META
 * @last:     the greatest number of its events
 * @events:   of each CPU
 * @nr_cpus:  of those
 */
struct rescue {
	struct data_file data;
	uint64_t whole;
	bool begun;
	bool ended;
	size_t marked;
	char boot[40];
	uint64_t started;
	unsigned int last;
	uint64_t *events;
	unsigned int nr_cpus;
};

/* NUL-terminated, to be freed; NULL if it is damaged. */
static char *load_text(struct rescue *rescue, size_t index)
{
	const struct section_place *section = &rescue->data.sections[index];
	char *payload = stackid_data_file_load(&rescue->data, section);
	char *text;

	if (!payload)
		return NULL;
	text = stackid_memory_zalloc(section->head.raw_size + 1, 1);
	memcpy(text, payload, section->head.raw_size);
	free(payload);
	return text;
}

static void look_at_meta(struct rescue *rescue, const char *line)
{
	char boot[sizeof(rescue->boot)];
	uint64_t started;

	if (sscanf(line, "boot_id=%39s", boot) == 1)
		memcpy(rescue->boot, boot, sizeof(boot));
	else if (sscanf(line, "start_time=%" SCNu64, &started) == 1)
		rescue->started = started;
}

static void look_at_event(struct rescue *rescue, const char *line)
{
	unsigned int number = strtoul(line, NULL, 10);

	if (number > rescue->last)
		rescue->last = number;
}

static void look_at_lines(struct rescue *rescue, size_t index,
			  void (*look)(struct rescue *rescue, const char *line))
{
	char *text = load_text(rescue, index);
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n")))
		look(rescue, line);
	free(text);
}

static void look_at_sections(struct rescue *rescue)
{
	struct data_file *data = &rescue->data;

	rescue->whole = sizeof(struct data_file_header);
	for (size_t i = 0; i < data->nr_sections; i++) {
		const struct section_place *section = &data->sections[i];

		rescue->whole = section->payload +
				((section->head.stored_size + 7) & ~7ULL);
		switch (section->head.type) {
		case DATA_META:
			look_at_lines(rescue, i, look_at_meta);
			break;
		case DATA_EVENTS:
			look_at_lines(rescue, i, look_at_event);
			break;
		case DATA_MARK:
			rescue->marked = i;
			break;
		case DATA_START:
		case DATA_CHUNK:
			rescue->begun = true;
			break;
		case DATA_END:
			rescue->ended = true;
			break;
		}
	}
}

/*
 * Has nobody recorded since?  Whoever does names events, and these get the numbers that
 * follow those of the file.
 */
static bool is_last(const struct recorder *recorder, const struct rescue *rescue)
{
	char *events, *number, boot[40];
	unsigned int least = UINT32_MAX;

	stackid_machine_boot_id(boot);
	if (!*rescue->boot || strcmp(rescue->boot, boot) || !rescue->last)
		return false;
	events = stackid_control_read(&recorder->control, "events");
	for (char *rest = events, *line; (line = strsep(&rest, "\n"));) {
		number = strstr(line, "# ");
		if (number && strtoul(number + 2, NULL, 10) < least)
			least = strtoul(number + 2, NULL, 10);
	}
	free(events);
	return least == (rescue->last + recorder->nr_refused) %
			STACKID_MAX_EVENT + 1;
}

/* Counts the chunk's events; those behind the last mark have no definitions yet. */
static void look_at_chunk(struct recorder *recorder, struct rescue *rescue,
			  size_t index)
{
	const struct section_place *section = &rescue->data.sections[index];
	const struct data_section *head = &section->head;
	void *payload = stackid_data_file_load(&rescue->data, section);
	struct record_walk walk = { .generation = head->generation };
	void *records;
	uint64_t nr;

	if (!payload)
		return;
	records = stackid_columns_decode(payload, head->raw_size, head->count,
					 &walk.size);
	free(payload);
	walk.data = records;
	nr = stackid_drain_look_again(&recorder->drain, &walk,
				      index > rescue->marked);
	free(records);
	if (head->cpu < rescue->nr_cpus)
		rescue->events[head->cpu] += nr;
}

/* It was killed between writing a chunk and giving the ring's room back. */
static void skip_written(struct recorder *recorder, const struct rescue *rescue)
{
	struct drain *drain = &recorder->drain;

	for (unsigned int i = 0; i < drain->nr_rings; i++) {
		const struct data_section *last = NULL;

		for (size_t k = 0; k < rescue->data.nr_sections; k++) {
			const struct data_section *head =
				&rescue->data.sections[k].head;

			if (head->type == DATA_CHUNK &&
			    head->cpu == drain->rings[i].map.cpu)
				last = head;
		}
		if (last)
			stackid_drain_skip_written(&drain->rings[i],
						   last->first_time,
						   last->count);
	}
}

/* The ledger as it was at the file's beginning.  False if that is not there. */
static bool take_start(struct recorder *recorder, struct rescue *rescue)
{
	for (size_t i = 0; i < rescue->data.nr_sections; i++) {
		const struct data_section *head = &rescue->data.sections[i].head;

		if (head->type == DATA_START)
			stackid_session_set_start(&recorder->session, head->cpu,
						  load_text(rescue, i));
	}
	return recorder->session.start.stats;
}

/* What neither the file nor the rings have: they were made anew, or an id is unknown. */
static void count_missing(struct recorder *recorder, const struct rescue *rescue)
{
	for (unsigned int i = 0; i < recorder->drain.nr_rings; i++) {
		struct drained_ring *ring = &recorder->drain.rings[i];
		uint64_t recorded = ring->wanted ?
			stackid_session_grown(&recorder->session, ring->map.cpu,
					      "recorded") : 0;
		uint64_t have = rescue->events[ring->map.cpu] + ring->events;

		ring->unwritten += recorded > have ? recorded - have : 0;
	}
}

/* 0, or -1 after a complaint: then it stays as it is. */
static int finish(struct recorder *recorder, struct rescue *rescue)
{
	struct recorded_file *file = recorder->own;
	const struct data_file *data = &rescue->data;
	struct drain *drain = &recorder->drain;

	file->writer = stackid_data_resume(file->output.fd, rescue->whole,
					   data->sections[data->nr_sections - 1].head.sequence + 1);
	if (!file->writer)
		return -1;
	stackid_data_keep_room(file->writer, RECORDED_ROOM);
	drain->writer = file->writer;
	file->started = rescue->started;
	skip_written(recorder, rescue);
	for (size_t i = 0; i < data->nr_sections; i++) {
		if (data->sections[i].head.type == DATA_CHUNK)
			look_at_chunk(recorder, rescue, i);
	}
	if (stackid_drain_rings(drain, true) ||
	    stackid_session_take_ledger(&recorder->session))
		return -1;
	count_missing(recorder, rescue);
	return stackid_recorded_flush(recorder) ||
	       stackid_recorded_modules(recorder, file->writer) ||
	       stackid_recorded_end(recorder, "killed") ? -1 : 0;
}

int stackid_recorded_rescue(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	struct rescue rescue = { };
	FILE *nowhere = fopen("/dev/null", "we");
	int ret = 0;

	/* That it is cut off is what it is here for. */
	stackid_complain_into(nowhere);
	ret = stackid_data_file_open_fd(&rescue.data, file->output.fd,
					file->output.name, true);
	if (!ret)
		look_at_sections(&rescue);
	stackid_complain_into(NULL);
	if (nowhere)
		fclose(nowhere);
	if (ret)
		return lseek(file->output.fd, 0, SEEK_END) >=
		       (off_t)sizeof(struct data_file_header) ? 0 : 1;
	if (!rescue.begun) {
		stackid_data_file_close(&rescue.data);
		return 1;
	}
	rescue.nr_cpus = recorder->session.nr_cpus;
	rescue.events = stackid_memory_zalloc(rescue.nr_cpus,
					      sizeof(*rescue.events));
	if (!rescue.ended && is_last(recorder, &rescue) &&
	    take_start(recorder, &rescue)) {
		ret = finish(recorder, &rescue);
		if (!ret)
			stackid_recorded_sum_up(recorder);
	} else if (!rescue.ended) {
		stackid_recorder_say(recorder, "%s has no end: the machine went down, or others have recorded since",
				     file->output.name);
		ret = ftruncate(file->output.fd, rescue.whole);
	}
	free(rescue.events);
	stackid_data_file_close(&rescue.data);
	return ret;
}
