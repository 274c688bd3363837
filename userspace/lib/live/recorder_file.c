// SPDX-License-Identifier: GPL-2.0
/* A recording into a data file, or into one after the other. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../array.h"
#include "../clock.h"
#include "../complain.h"
#include "../data/data.h"
#include "../memory.h"
#include "counts.h"
#include "inline_stacks.h"
#include "machine.h"
#include "output.h"
#include "recorder.h"
#include "recorder_layout.h"

/* How often definitions and symbols are written, for the sake of a killed recorder. */
#define FLUSH_NS	NSEC_PER_SEC

/**
 * struct recorded_file - the file that is being written
 * @opened:   @output is to be closed
 * @flushed:  when definitions and symbols were last written, CLOCK_MONOTONIC
 * @started:  when its first event can have been
 * @events:   how many were drained before this file
 * @counts:   of what is counted instead of being written
 * @enabled:  for the ticks of that
 * @ticks:    how many there were
 * @names:    of the files before it that are still there, oldest first; if they
 *            have dates
 */
struct recorded_file {
	struct output output;
	bool opened;
	struct data_writer *writer;
	uint64_t flushed;
	uint64_t started;
	uint64_t events;
	struct counts counts;
	char *enabled;
	uint64_t ticks;
	char **names;
	size_t nr_names;
	size_t room;
};

static int write_modules(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	uint64_t start, end;

	stackid_symbolizer_kernel(recorder->symbolizer, &start, &end);
	return stackid_machine_write_modules(file->writer, start, end);
}

static int write_beginning(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	struct recorded_file *file = recorder->own;
	struct data_writer *writer = file->writer;
	char text[32];

	if (stackid_machine_write_meta(writer) ||
	    stackid_machine_write_words(writer, "command", request->argv))
		return -1;
	if (request->workload) {
		snprintf(text, sizeof(text), "pid=%d\n",
			 recorder->workload.pid);
		if (stackid_machine_write_words(writer, "workload",
						request->workload) ||
		    stackid_data_write(writer, DATA_META, DATA_NO_CPU, 0, text,
				       strlen(text)))
			return -1;
	}
	if (stackid_session_write_events(&recorder->session, writer))
		return -1;
	return write_modules(recorder);
}

/* Definitions before the symbols that they need. */
static int flush(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;

	file->flushed = stackid_clock(CLOCK_MONOTONIC);
	if (stackid_definitions_write(&recorder->definitions,
				      recorder->symbolizer, file->writer))
		return -1;
	stackid_inline_stacks_resolve(recorder->stacks, recorder->symbolizer);
	return stackid_symbolizer_write(recorder->symbolizer,
					file->writer);
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
		if (flush(recorder))
			return -1;
		stackid_symbolizer_refresh(recorder->symbolizer);
	}
	do {
		reading = stackid_symbolizer_step(recorder->symbolizer);
	} while (reading && last);
	if (reading)
		return 0;
	if (last || stackid_clock(CLOCK_MONOTONIC) - file->flushed > FLUSH_NS)
		return flush(recorder);
	return 0;
}

static int open_file(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	struct recorded_file *file = recorder->own;

	if (request->counting)
		file->output.fd = dup(request->counting->fd);
	else if (request->switch_output.dated ?
	    stackid_output_open_dated(&file->output, request->output) :
	    stackid_output_open(&file->output, request->output))
		return -1;
	file->opened = true;
	file->started = stackid_clock(CLOCK_MONOTONIC);
	file->flushed = file->started;
	file->writer = stackid_data_create(file->output.fd);
	recorder->drain.writer = file->writer;
	return !file->writer || write_beginning(recorder) ? -1 : 0;
}

static int begin(struct recorder *recorder)
{
	struct recorded_file *file = stackid_memory_zalloc(1, sizeof(*file));

	recorder->own = file;
	if (recorder->request->counting)
		recorder->drain.counts = &file->counts;
	return open_file(recorder);
}

/* Those that are renamed between the two looks keep their first name there. */
static int write_tasks(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;

	file->started = stackid_clock(CLOCK_MONOTONIC);
	return stackid_machine_write_tasks(file->writer);
}

static int write_end(struct recorder *recorder, const char *result)
{
	struct recorded_file *file = recorder->own;
	uint64_t duration = stackid_clock(CLOCK_MONOTONIC) - file->started;
	char text[256];

	if (write_modules(recorder) ||
	    stackid_session_write_ledger(&recorder->session, file->writer,
					 recorder->wanted))
		return -1;
	snprintf(text, sizeof(text),
		 "events=%" PRIu64 "\nlost=%" PRIu64 "\nstacks=%" PRIu64 "\nduration=%" PRIu64 "\nresult=%s\n",
		 recorder->drain.events - file->events,
		 stackid_session_lost(&recorder->session, recorder->wanted),
		 stackid_inline_stacks_count(recorder->stacks), duration,
		 result);
	return stackid_data_write(file->writer, DATA_END, DATA_NO_CPU, 0,
				  text, strlen(text));
}

static void sum_up(const struct recorder *recorder)
{
	const struct recorded_file *file = recorder->own;
	uint64_t wild = stackid_drain_wild(&recorder->drain);
	uint64_t lost = stackid_session_lost(&recorder->session,
					     recorder->wanted);

	stackid_recorder_say(recorder, "Captured and wrote %.3f MB %s (%" PRIu64 " events, %" PRIu64 " lost, %" PRIu64 " stacks)",
			     stackid_data_written(file->writer) / 1e6,
			     file->output.name,
			     recorder->drain.events - file->events, lost,
			     stackid_inline_stacks_count(recorder->stacks));
	if (lost && strcmp(file->output.name, "-"))
		stackid_complain("%" PRIu64 " events were lost; 'stackid ledger -i %s' tells why, a larger ring (-m) may help",
				 lost, file->output.name);
	if (wild)
		stackid_complain("%" PRIu64 " bytes in the rings were no records and are missing: please report this",
				 wild);
	if (recorder->definitions.missing)
		stackid_complain("some events belong to generations that came and went between two looks; their stacks are [unknown]");
}

static int close_file(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	int ret = 0;

	if (file->writer)
		ret = stackid_data_destroy(file->writer);
	if (file->opened && stackid_output_close(&file->output))
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

/*
 * The file ends, and another one begins.  Recording is off between the two for as
 * long as it takes to drain the rings, so that each one's ledger adds up; the rest
 * is done while the rings fill again.
 */
static int switch_file(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	uint64_t stopped = stackid_clock(CLOCK_MONOTONIC);
	double pause;

	if (stackid_session_stop(&recorder->session) ||
	    stackid_definitions_follow(&recorder->definitions) < 0 ||
	    stackid_drain_rings(&recorder->drain, true) ||
	    stackid_session_take_ledger(&recorder->session) ||
	    stackid_session_start_again(&recorder->session))
		return -1;
	pause = (stackid_clock(CLOCK_MONOTONIC) - stopped) / 1e6;
	if (flush(recorder) || write_end(recorder, "switched"))
		return -1;
	sum_up(recorder);
	if (recorder->request->verbose)
		stackid_recorder_say(recorder, "recording was off for %.1f ms",
				     pause);
	if (close_file(recorder))
		return -1;
	keep_newest(recorder);
	stackid_session_next(&recorder->session);
	stackid_definitions_forget(&recorder->definitions);
	stackid_inline_stacks_forget(recorder->stacks);
	stackid_symbolizer_forget(recorder->symbolizer);
	file->events = recorder->drain.events;
	return open_file(recorder) || write_tasks(recorder) ? -1 : 0;
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

static int end(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	char result[40];

	stackid_recorder_result(recorder, result, sizeof(result));
	if (recorder->drain.counts &&
	    stackid_counts_write(recorder->drain.counts, file->writer))
		return -1;
	if (write_end(recorder, result))
		return -1;
	if (!recorder->request->counting)
		sum_up(recorder);
	return 0;
}

static int close_all(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	int ret;

	if (!file)
		return 0;
	ret = close_file(recorder);
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
};
