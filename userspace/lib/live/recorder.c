// SPDX-License-Identifier: GPL-2.0
/*
 * A recording from beginning to end.
 *
 * One thread waits until a ring is a quarter full or a tenth of a second has
 * passed, and drains what is worth it.  What else there is to do (definitions,
 * symbols, a new kallsyms after a module change) is done between two drains, in
 * portions that are short against the time a ring takes to fill.
 */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../clock.h"
#include "../complain.h"
#include "../exit_code.h"
#include "../memory.h"
#include "inline_stacks.h"
#include "recorder.h"
#include "recorder_layout.h"

#define LOOK_MS		100

const char *stackid_recorder_command(const struct recorder *recorder)
{
	return recorder->request->command ? recorder->request->command :
					    "record";
}

void stackid_recorder_say(const struct recorder *recorder, const char *format,
			  ...)
{
	va_list args;

	if (recorder->request->quiet)
		return;
	va_start(args, format);
	stackid_say_args(stackid_recorder_command(recorder), format, args);
	va_end(args);
}

void stackid_recorder_result(const struct recorder *recorder, char *text,
			     size_t size)
{
	if (recorder->signals.fatal)
		snprintf(text, size, "signal %d", recorder->signals.fatal);
	else if (recorder->workload.ended)
		snprintf(text, size, "exited %d",
			 stackid_workload_exit_code(&recorder->workload));
	else
		snprintf(text, size, "stopped");
}

/* Those of the rings, and behind them the signals' and the processes'. */
static unsigned int fill_in(const struct recorder *recorder,
			    struct pollfd *fds)
{
	unsigned int nr = recorder->drain.nr_rings;

	for (unsigned int i = 0; i < nr; i++) {
		fds[i].fd = recorder->drain.rings[i].map.fd;
		fds[i].events = POLLIN;
	}
	fds[nr].fd = recorder->signals.fd;
	fds[nr].events = POLLIN;
	stackid_processes_poll(&recorder->processes, fds + nr + 1);
	return nr + 1 + recorder->processes.nr;
}

static bool wait_for_events(struct recorder *recorder, struct pollfd *fds,
			    int most_ms)
{
	unsigned int nr = fill_in(recorder, fds);

	if (poll(fds, nr, most_ms) < 0) {
		if (errno == EINTR) {
			memset(fds, 0, nr * sizeof(*fds));
			return true;
		}
		stackid_complain("cannot wait for events: %s", strerror(errno));
		return false;
	}
	for (unsigned int i = 0; i < recorder->drain.nr_rings; i++) {
		if (fds[i].revents & POLLERR) {
			stackid_complain("the ring of CPU %u is going away: is the module being removed?",
					 recorder->drain.rings[i].map.cpu);
			return false;
		}
	}
	return true;
}

/* The workload has, or all that -p or -t name have. */
static bool ended(struct recorder *recorder, const struct pollfd *fds)
{
	const struct recorder_request *request = recorder->request;

	if (request->workload && stackid_workload_poll(&recorder->workload))
		return true;
	return (request->pids || request->tids) &&
	       stackid_processes_ended(&recorder->processes,
				       fds + recorder->drain.nr_rings + 1);
}

static bool has_reached_size(const struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;

	if (!request->max_bytes || !recorder->sink->written ||
	    recorder->sink->written(recorder) < request->max_bytes)
		return false;
	stackid_recorder_say(recorder, "the file has the size of --max-size: that was it");
	return true;
}

static bool is_full(const struct recorder *recorder)
{
	return recorder->sink->full && recorder->sink->full(recorder);
}

static void show_progress(struct recorder *recorder)
{
	const struct recorder_sink *sink = recorder->sink;

	stackid_progress_show(&recorder->progress, recorder->drain.events,
			      recorder->drain.lost,
			      sink->written ? sink->written(recorder) : 0);
}

/* How long the next wait may be. */
static int wait_ms(const struct recorder *recorder, uint64_t gone,
		   uint64_t most)
{
	const struct recorder_counting *counting = recorder->request->counting;
	uint64_t ms = LOOK_MS;

	if (most && most - gone < ms)
		ms = most - gone;
	if (counting && counting->interval_ms &&
	    counting->interval_ms - gone % counting->interval_ms < ms)
		ms = counting->interval_ms - gone % counting->interval_ms;
	return ms;
}

/*
 * Until something ends it, or for @ms milliseconds if that is not 0.  @on: recording
 * is, and the rings are to be drained.
 */
static void run(struct recorder *recorder, uint64_t ms, bool on)
{
	uint64_t started = stackid_clock(CLOCK_MONOTONIC);
	struct pollfd *fds;

	fds = stackid_memory_zalloc(recorder->session.nr_cpus + 1 +
				    recorder->processes.nr, sizeof(*fds));
	while (!recorder->signals.fatal) {
		uint64_t gone = (stackid_clock(CLOCK_MONOTONIC) - started) /
				1000000;

		if (ms && gone >= ms)
			break;
		if (!wait_for_events(recorder, fds,
				     wait_ms(recorder, gone, ms)) ||
		    stackid_drain_follow(&recorder->drain) ||
		    (on && recorder->sink->turn(recorder, false))) {
			recorder->broken = true;
			break;
		}
		stackid_signals_take(&recorder->signals);
		if (ended(recorder, fds) || has_reached_size(recorder) ||
		    is_full(recorder))
			break;
		show_progress(recorder);
	}
	free(fds);
}

static int turn_on(struct recorder *recorder)
{
	if (recorder->sink->tasks(recorder) ||
	    stackid_session_start(&recorder->session))
		return -1;
	recorder->started = stackid_clock(CLOCK_MONOTONIC);
	return recorder->sink->tasks(recorder);
}

static int start_workload(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;

	if (request->workload)
		return stackid_workload_start(&recorder->workload,
					      request->workload[0]);
	if (!request->duration_ms)
		stackid_recorder_say(recorder, "recording; %s ends it",
				     request->pids || request->tids ?
				     "Ctrl-C, or the end of all these," :
				     "Ctrl-C");
	return EXIT_OK;
}

/* From the first event to the last. */
static int record_events(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	int code, own;

	if (recorder->sink->begin(recorder) ||
	    (!request->delay_ms && turn_on(recorder)))
		return EXIT_FAILED;
	code = start_workload(recorder);
	if (request->delay_ms) {
		if (code == EXIT_OK)
			run(recorder, request->delay_ms, false);
		if (turn_on(recorder))
			return EXIT_FAILED;
	}
	/* Lines of intervals move enough. */
	if (!request->quiet &&
	    !(request->counting && request->counting->interval_ms))
		stackid_progress_begin(&recorder->progress,
				       stackid_recorder_command(recorder),
				       request->workload ?
				       recorder->workload.pid : 0);
	if (code == EXIT_OK)
		run(recorder, request->duration_ms, true);
	stackid_progress_end(&recorder->progress);
	/* What it exits with after it has been ended here says nothing. */
	own = stackid_workload_exit_code(&recorder->workload);
	if (request->workload)
		stackid_workload_stop(&recorder->workload);

	if (stackid_session_stop(&recorder->session) || recorder->broken ||
	    recorder->sink->turn(recorder, true) ||
	    stackid_session_take_ledger(&recorder->session) ||
	    recorder->sink->end(recorder))
		return EXIT_FAILED;
	recorder->ended = true;
	if (is_full(recorder)) {
		stackid_complain("no space is left on the disk: the recording has ended, and what there was room for can be read");
		return EXIT_FAILED;
	}
	return code != EXIT_OK ? code : own;
}

/*
 * Each step undoes what it did when the steps after it are over.  The sink comes
 * last: a recording that cannot begin leaves the file of the last one in its place.
 */
static int with_rings(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	int code;

	if (stackid_definitions_open(&recorder->definitions,
				     &recorder->control, recorder->stacks))
		return EXIT_FAILED;
	if (stackid_drain_open(&recorder->drain, &recorder->control,
			       recorder->wanted, recorder->session.nr_cpus,
			       &recorder->definitions, recorder->stacks,
			       request->switch_output.rotate)) {
		stackid_definitions_close(&recorder->definitions);
		return EXIT_FAILED;
	}
	stackid_recorder_describe(recorder);
	if (request->pids || request->tids)
		stackid_processes_open(&recorder->processes, request->pids ?
				       request->pids : request->tids);
	code = record_events(recorder);
	if (recorder->sink->close(recorder))
		code = EXIT_FAILED;
	else if (recorder->ended && request->whole)
		*request->whole = true;
	stackid_processes_close(&recorder->processes);
	stackid_drain_close(&recorder->drain);
	stackid_definitions_close(&recorder->definitions);
	return code;
}

static int with_session(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	int code = EXIT_FAILED;

	recorder->stacks = stackid_inline_stacks_create();
	if (stackid_recorder_choose_cpus(recorder) ||
	    stackid_recorder_read_symbols(recorder) ||
	    (request->buffer_kb &&
	     stackid_session_set_buffer(&recorder->session,
					request->buffer_kb)))
		goto out;
	if (request->workload) {
		if (stackid_workload_fork(&recorder->workload,
					  request->workload))
			goto out;
	}
	if (!stackid_recorder_add_events(recorder))
		code = with_rings(recorder);
	if (request->workload)
		stackid_workload_stop(&recorder->workload);
out:
	stackid_symbolizer_destroy(recorder->symbolizer);
	stackid_inline_stacks_destroy(recorder->stacks);
	free(recorder->wanted);
	return code;
}

int stackid_recorder_run(const struct recorder_request *request)
{
	struct recorder recorder = {
		.request = request,
		.sink = &stackid_recorder_to_file,
	};
	int code = EXIT_FAILED;

	if (request->workload) {
		code = stackid_workload_find(request->workload[0]);
		if (code != EXIT_OK)
			return code;
		code = EXIT_FAILED;
	}
	recorder.workload.go = -1;
	if (stackid_signals_catch(&recorder.signals,
				  request->switch_output.by_signal,
				  request->switch_output.rotate) ||
	    stackid_control_open(&recorder.control))
		return EXIT_FAILED;
	if (!stackid_session_begin(&recorder.session, &recorder.control)) {
		code = with_session(&recorder);
		stackid_session_end(&recorder.session);
	}
	stackid_control_close(&recorder.control);
	stackid_signals_take(&recorder.signals);
	if (request->counting)
		request->counting->ended_by = recorder.signals.fatal;
	else if (recorder.signals.fatal &&
		 !(recorder.signals.fatal == SIGINT && request->whole &&
		   *request->whole))
		stackid_signals_die_by(recorder.signals.fatal);
	stackid_signals_release(&recorder.signals);
	return code;
}
