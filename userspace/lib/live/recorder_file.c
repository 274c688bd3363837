// SPDX-License-Identifier: GPL-2.0
/* A recording into a data file, or into one after the other. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../array.h"
#include "../clock.h"
#include "../complain.h"
#include "../memory.h"
#include "inline_stacks.h"
#include "machine.h"
#include "recorded_file.h"
#include "recorder.h"

/*
 * How often what a recorder has is written, with the definitions and symbols of it:
 * into a file for the sake of a recorder that is killed, into a pipe for whoever looks on.
 */
#define FILE_NS		NSEC_PER_SEC
#define PIPE_NS		(NSEC_PER_SEC / 5)

/* From an event's time until its record can be seen in the ring, see MARK in data.h. */
#define UNSEEN_NS	(10 * NSEC_PER_SEC / 1000)

int stackid_recorded_flush(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	uint64_t complete;

	file->flushed = stackid_clock(CLOCK_MONOTONIC);
	if (stackid_definitions_write(&recorder->definitions,
				      recorder->symbolizer, file->writer))
		return -1;
	stackid_inline_stacks_resolve(recorder->stacks, recorder->symbolizer);
	if (stackid_symbolizer_write(recorder->symbolizer, file->writer))
		return -1;
	complete = stackid_drain_complete(&recorder->drain);
	if (recorder->drain.counts || complete < UNSEEN_NS)
		return 0;
	return stackid_data_write_mark(file->writer, complete - UNSEEN_NS);
}

static int drain(struct recorder *recorder, bool last)
{
	struct recorded_file *file = recorder->own;
	bool reading;

	if (stackid_definitions_follow(&recorder->definitions) < 0 ||
	    stackid_drain_rings(&recorder->drain, last))
		return -1;
	if (recorder->drain.modules_changed) {
		recorder->drain.modules_changed = false;
		/* Those of before get the names of before. */
		if (stackid_recorded_flush(recorder))
			return -1;
		stackid_symbolizer_refresh(recorder->symbolizer);
	}
	do {
		reading = stackid_symbolizer_step(recorder->symbolizer);
	} while (reading && last);
	if (reading)
		return 0;
	if (last || stackid_clock(CLOCK_MONOTONIC) - file->flushed >
		    recorder->drain.patience)
		return stackid_recorded_flush(recorder);
	return 0;
}

/* The name, and the room for what stands at the file's end. */
static int create_file(struct recorder *recorder, struct output *output,
		       struct data_writer **writer)
{
	const struct recorder_request *request = recorder->request;
	struct recorded_file *file = recorder->own;

	if (request->counting)
		output->fd = dup(request->counting->fd);
	else if (file->rotation ?
	    stackid_rotation_open(file->rotation, output) :
	    request->switch_output.dated ?
	    stackid_output_open_dated(output, request->output) :
	    stackid_output_open(output, request->output))
		return -1;
	*writer = stackid_data_create(output->fd);
	if (*writer && stackid_output_is_ours(output))
		stackid_data_keep_room(*writer, RECORDED_ROOM);
	return 0;
}

/* What it begins with stands in it, but for the counters of before. */
static int prepare_file(struct recorder *recorder, struct output *output,
			struct data_writer **writer)
{
	if (create_file(recorder, output, writer))
		return -1;
	return *writer && stackid_recorded_begin(recorder, *writer) ? -1 : 0;
}

static int write_start(struct recorder *recorder, struct data_writer *writer)
{
	struct recorded_file *file = recorder->own;

	return file->rotation ?
	       stackid_session_write_start(&recorder->session, writer) : 0;
}

static void begin_file(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;

	file->opened = true;
	file->started = stackid_clock(CLOCK_MONOTONIC);
	file->flushed = file->started;
	recorder->drain.writer = file->writer;
	recorder->drain.patience = stackid_output_is_stream(&file->output) ?
				   PIPE_NS : FILE_NS;
	for (unsigned int i = 0; i < recorder->drain.nr_rings; i++) {
		recorder->drain.rings[i].events = 0;
		recorder->drain.rings[i].unwritten = 0;
	}
}

/* The next file knows nothing of the one before it. */
static void forget(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;

	stackid_definitions_forget(&recorder->definitions);
	stackid_inline_stacks_forget(recorder->stacks);
	stackid_symbolizer_forget(recorder->symbolizer);
	file->events = recorder->drain.events;
}

/* What recorders that were killed have left is finished, and gets its name. */
static int take_over(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	int ret = 0;

	while (ret >= 0 &&
	       stackid_rotation_left(file->rotation, &file->output)) {
		ret = stackid_recorded_rescue(recorder);
		if (file->writer && stackid_data_destroy(file->writer))
			ret = -1;
		file->writer = NULL;
		forget(recorder);
		if (ret > 0)
			stackid_output_discard(&file->output, ROTATION_PART);
		else if (ret)
			stackid_output_close(&file->output);
		else
			ret = stackid_rotation_finish(file->rotation,
						      &file->output);
	}
	stackid_drain_skip(&recorder->drain);
	return ret < 0 ? -1 : 0;
}

static int begin(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	struct recorded_file *file = stackid_memory_zalloc(1, sizeof(*file));
	int ret;

	recorder->own = file;
	if (request->counting)
		recorder->drain.counts = &file->counts;
	if (request->switch_output.rotate) {
		file->rotation =
			stackid_rotation_create(request->output,
						request->switch_output.max_files);
		if (!file->rotation || take_over(recorder) ||
		    stackid_session_read_start(&recorder->session))
			return -1;
	}
	ret = prepare_file(recorder, &file->output, &file->writer);
	if (!file->writer)
		return -1;
	begin_file(recorder);
	return ret || write_start(recorder, file->writer) ? -1 : 0;
}

/* Those that are renamed between the two looks keep their first name there. */
static int write_tasks(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;

	file->started = stackid_clock(CLOCK_MONOTONIC);
	return stackid_machine_write_tasks(file->writer);
}

/* @whole: it has its end. */
static int close_file(struct recorder *recorder, bool whole)
{
	struct recorded_file *file = recorder->own;
	int ret = 0;

	if (file->writer)
		ret = stackid_data_destroy(file->writer);
	if (file->opened && file->rotation && whole && !ret)
		ret = stackid_rotation_finish(file->rotation, &file->output);
	else if (file->opened && stackid_output_close(&file->output))
		ret = -1;
	file->writer = NULL;
	file->opened = false;
	return ret;
}

/* The name of the file that was closed is kept, and the oldest files go. */
static void keep_newest(struct recorder *recorder)
{
	uint64_t most = recorder->request->switch_output.max_files;
	struct recorded_file *file = recorder->own;

	stackid_array_reserve(file->names, file->nr_names, file->room);
	file->names[file->nr_names++] = file->output.made;
	file->output.made = NULL;
	/* The one that comes is one of them. */
	while (most && file->nr_names >= most) {
		unlink(file->names[0]);
		free(file->names[0]);
		file->nr_names--;
		memmove(file->names, file->names + 1,
			file->nr_names * sizeof(*file->names));
	}
}

static bool is_full(struct recorder *recorder)
{
	const struct switch_output *when = &recorder->request->switch_output;
	struct recorded_file *file = recorder->own;
	bool signalled = recorder->signals.user;

	recorder->signals.user = false;
	if (!when->on)
		return false;
	return signalled ||
	       (when->bytes &&
		stackid_data_written(file->writer) >= when->bytes) ||
	       (when->ns && stackid_clock(CLOCK_MONOTONIC) - file->started >=
			    when->ns);
}

/* False if there is no room for another file: then this one is the last. */
static bool prepare_next(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;

	file->next_writer = NULL;
	if (!prepare_file(recorder, &file->next, &file->next_writer) &&
	    file->next_writer && !stackid_data_full(file->next_writer))
		return true;
	if (file->next_writer)
		stackid_data_destroy(file->next_writer);
	if (file->next.made)
		stackid_output_discard(&file->next, file->rotation ?
				       ROTATION_PART : "");
	file->no_room = true;
	return false;
}

/* All that was recorded for it stands in the file.  0, or -1 after a complaint. */
static int end_file(struct recorder *recorder)
{
	if (stackid_definitions_follow(&recorder->definitions) < 0 ||
	    stackid_drain_rings(&recorder->drain, true) ||
	    stackid_session_take_ledger(&recorder->session) ||
	    stackid_recorded_flush(recorder) ||
	    stackid_recorded_end(recorder, "switched"))
		return -1;
	stackid_recorded_sum_up(recorder);
	return 0;
}

/*
 * The file ends, and another one begins.  Recording is off between the two until the
 * rings are drained, the file has its end and the next one the counters that it begins
 * with: so each one's ledger adds up, and whenever the recorder is killed, there is one file
 * at most to which belongs what lies in the rings.
 */
static int switch_file(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	uint64_t stopped;

	if (!prepare_next(recorder))
		return 0;
	if (stackid_recorded_modules(recorder, file->writer))
		return -1;
	stopped = stackid_clock(CLOCK_MONOTONIC);
	if (stackid_session_stop(&recorder->session) || end_file(recorder))
		return -1;
	stackid_session_next(&recorder->session);
	if (write_start(recorder, file->next_writer) ||
	    stackid_session_start_again(&recorder->session))
		return -1;
	if (recorder->request->verbose)
		stackid_recorder_say(recorder, "recording was off for %.1f ms",
				     (stackid_clock(CLOCK_MONOTONIC) -
				      stopped) / 1e6);
	if (close_file(recorder, true))
		return -1;
	if (!file->rotation)
		keep_newest(recorder);
	forget(recorder);
	file->output = file->next;
	file->writer = file->next_writer;
	file->next = (struct output) { };
	begin_file(recorder);
	return write_tasks(recorder);
}

/* At an interval's end what is in the rings belongs to it. */
static int tick(struct recorder *recorder, bool last)
{
	const struct recorder_counting *counting = recorder->request->counting;
	struct recorded_file *file = recorder->own;
	uint64_t ns = stackid_clock(CLOCK_MONOTONIC) - recorder->started;
	uint64_t most = recorder->request->duration_ms, ticks;

	if (!counting || !counting->interval_ms)
		return 0;
	ticks = ns / 1000000 / counting->interval_ms;
	/* The last one ends with the recording, and has what was in the rings then. */
	if (!last && (ticks <= file->ticks ||
		      (most && ticks * counting->interval_ms >= most)))
		return 0;
	file->ticks = ticks;
	if (!file->enabled)
		file->enabled = stackid_control_read(&recorder->control,
						     "events");
	if (!file->enabled || stackid_drain_rings(&recorder->drain, true))
		return -1;
	counting->tick(counting->own, ns, file->enabled, file->counts.hits);
	return 0;
}

static int turn(struct recorder *recorder, bool last)
{
	if (drain(recorder, last) || tick(recorder, last))
		return -1;
	return !last && is_full(recorder) ? switch_file(recorder) : 0;
}

static bool has_no_room(const struct recorder *recorder)
{
	const struct recorded_file *file = recorder->own;

	return file->no_room ||
	       (file->writer && stackid_data_full(file->writer));
}

static int end(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	char result[40];

	if (has_no_room(recorder))
		strcpy(result, "no space");
	else
		stackid_recorder_result(recorder, result, sizeof(result));
	if (recorder->drain.counts &&
	    stackid_counts_write(recorder->drain.counts, file->writer))
		return -1;
	if (stackid_recorded_modules(recorder, file->writer) ||
	    stackid_recorded_end(recorder, result))
		return -1;
	if (!recorder->request->counting)
		stackid_recorded_sum_up(recorder);
	return 0;
}

static int close_all(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	int ret;

	if (!file)
		return 0;
	ret = close_file(recorder, recorder->ended);
	if (file->rotation && stackid_rotation_destroy(file->rotation))
		ret = -1;
	for (size_t i = 0; i < file->nr_names; i++)
		free(file->names[i]);
	free(file->names);
	stackid_counts_exit(&file->counts);
	free(file->enabled);
	free(file->output.made);
	free(file);
	return ret;
}

static uint64_t written(const struct recorder *recorder)
{
	const struct recorded_file *file = recorder->own;

	return file && file->writer && !recorder->request->counting ?
	       stackid_data_written(file->writer) : 0;
}

const struct recorder_sink stackid_recorder_to_file = {
	.begin = begin,
	.tasks = write_tasks,
	.turn = turn,
	.end = end,
	.close = close_all,
	.written = written,
	.full = has_no_room,
};
