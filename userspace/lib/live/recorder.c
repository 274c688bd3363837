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
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../clock.h"
#include "../complain.h"
#include "../data/data.h"
#include "../exit_code.h"
#include "../memory.h"
#include "../ranges.h"
#include "control.h"
#include "definitions.h"
#include "drain.h"
#include "inline_stacks.h"
#include "machine.h"
#include "output.h"
#include "processes.h"
#include "recorder.h"
#include "session.h"
#include "signals.h"
#include "workload.h"

#define LOOK_MS		100

/* How often definitions and symbols are written, for the sake of a killed recorder. */
#define FLUSH_NS	NSEC_PER_SEC

/**
 * struct recorder - what is there while it runs
 * @broken:   the data file cannot be written, or the module is going away
 */
struct recorder {
	const struct recorder_request *request;
	struct control control;
	struct session session;
	struct output output;
	struct data_writer *writer;
	struct symbolizer *symbolizer;
	struct workload workload;
	struct processes processes;
	struct inline_stacks *stacks;
	struct definitions definitions;
	struct drain drain;
	bool *wanted;
	struct signals signals;
	bool broken;
	uint64_t started;
	uint64_t flushed;
	uint64_t lost;
};

__printf(2, 3)
static void say(const struct recorder *recorder, const char *format, ...)
{
	va_list args;

	if (recorder->request->quiet)
		return;
	va_start(args, format);
	stackid_say_args("record", format, args);
	va_end(args);
}

static int add_event(struct recorder *recorder, const char *line)
{
	static const char counter[] = "cycles";
	const struct recorder_request *request = recorder->request;
	struct session *session = &recorder->session;
	char *whole, *other;
	int ret;

	if (request->all)
		whole = stackid_memory_print("%s\n", line);
	else if (request->pids)
		whole = stackid_memory_print("%s pid=%s\n", line, request->pids);
	else
		whole = stackid_memory_print("%s pid=%d\n", line,
					     recorder->workload.pid);
	if (!request->default_event) {
		ret = stackid_session_add_event(session, whole);
	} else if (stackid_session_try_event(session, whole)) {
		other = stackid_memory_print("cpu-clock%s",
					     whole + strlen(counter));
		ret = stackid_session_add_event(session, other);
		free(other);
		/* If that was refused too, it was not for want of a counter. */
		if (!ret)
			say(recorder, "no counter of cycles on this machine, sampling cpu-clock instead");
	} else {
		ret = 0;
	}
	free(whole);
	return ret;
}

static int add_events(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;

	for (size_t i = 0; i < request->nr_events; i++) {
		if (add_event(recorder, request->events[i]))
			return -1;
	}
	return 0;
}

/* For -v. */
static void describe(const struct recorder *recorder)
{
	char *events;

	if (!recorder->request->verbose)
		return;
	events = stackid_control_read(&recorder->control, "events");
	for (char *rest = events, *line; (line = strsep(&rest, "\n"));) {
		if (*line)
			say(recorder, "event %s", line);
	}
	free(events);
	say(recorder, "%u rings of %" PRIu64 " KiB, generation %" PRIu64,
	    recorder->drain.nr_rings, recorder->drain.nr_rings ?
	    recorder->drain.rings[0].map.data_size >> 10 : 0,
	    stackid_definitions_generation(&recorder->definitions));
}

static int choose_cpus(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	unsigned int nr_cpus = recorder->session.nr_cpus;
	uint64_t missing;

	recorder->wanted = stackid_memory_zalloc(nr_cpus, sizeof(bool));
	if (!request->cpus->nr) {
		memset(recorder->wanted, true, nr_cpus);
		return 0;
	}
	missing = stackid_ranges_next(request->cpus, nr_cpus);
	if (missing != UINT64_MAX) {
		stackid_complain("there is no CPU %" PRIu64 ": the last one is %u",
				 missing, nr_cpus - 1);
		return -1;
	}
	for (unsigned int cpu = 0; cpu < nr_cpus; cpu++)
		recorder->wanted[cpu] = stackid_ranges_has(request->cpus, cpu);
	return 0;
}

static int read_symbols(struct recorder *recorder)
{
	/* Seconds on a slow machine; on others it is gone before it is read. */
	bool progress = isatty(STDERR_FILENO) && !recorder->request->quiet;

	if (progress)
		fputs("[ stackid record: reading kernel symbols ]\r", stderr);
	recorder->symbolizer = stackid_symbolizer_create();
	if (progress)
		fputs("\033[K", stderr);
	if (!recorder->symbolizer)
		return -1;
	if (stackid_symbolizer_blind(recorder->symbolizer))
		stackid_complain("/proc/kallsyms shows no addresses, so frames will have no names: sysctl kernel.kptr_restrict=1 (or 0) and CAP_SYSLOG show them");
	return 0;
}

static int write_modules(struct recorder *recorder)
{
	uint64_t start, end;

	stackid_symbolizer_kernel(recorder->symbolizer, &start, &end);
	return stackid_machine_write_modules(recorder->writer, start, end);
}

static int write_beginning(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	struct data_writer *writer = recorder->writer;
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
	recorder->flushed = stackid_clock(CLOCK_MONOTONIC);
	if (stackid_definitions_write(&recorder->definitions,
				      recorder->symbolizer, recorder->writer))
		return -1;
	stackid_inline_stacks_resolve(recorder->stacks, recorder->symbolizer);
	return stackid_symbolizer_write(recorder->symbolizer,
					recorder->writer);
}

static int turn(struct recorder *recorder, bool last)
{
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
	if (last || stackid_clock(CLOCK_MONOTONIC) - recorder->flushed > FLUSH_NS)
		return flush(recorder);
	return 0;
}

static bool wait_for_events(struct recorder *recorder, struct pollfd *fds)
{
	unsigned int nr = recorder->drain.nr_rings;

	for (unsigned int i = 0; i < nr; i++) {
		fds[i].fd = recorder->drain.rings[i].map.fd;
		fds[i].events = POLLIN;
	}
	fds[nr].fd = recorder->signals.fd;
	fds[nr].events = POLLIN;
	stackid_processes_poll(&recorder->processes, fds + nr + 1);
	if (poll(fds, nr + 1 + recorder->processes.nr, LOOK_MS) < 0) {
		if (errno == EINTR) {
			memset(fds, 0, (nr + 1 + recorder->processes.nr) *
				       sizeof(*fds));
			return true;
		}
		stackid_complain("cannot wait for events: %s", strerror(errno));
		return false;
	}
	for (unsigned int i = 0; i < nr; i++) {
		if (fds[i].revents & POLLERR) {
			stackid_complain("the ring of CPU %u is going away: is the module being removed?",
					 recorder->drain.rings[i].map.cpu);
			return false;
		}
	}
	return true;
}

/* The workload has, or all processes of -p have. */
static bool ended(struct recorder *recorder, const struct pollfd *fds)
{
	const struct recorder_request *request = recorder->request;

	if (request->workload && stackid_workload_poll(&recorder->workload))
		return true;
	return request->pids &&
	       stackid_processes_ended(&recorder->processes,
				       fds + recorder->drain.nr_rings + 1);
}

static void run(struct recorder *recorder)
{
	struct pollfd *fds;

	fds = stackid_memory_zalloc(recorder->drain.nr_rings + 1 +
				    recorder->processes.nr, sizeof(*fds));
	while (!recorder->signals.fatal) {
		if (!wait_for_events(recorder, fds) || turn(recorder, false)) {
			recorder->broken = true;
			break;
		}
		stackid_signals_take(&recorder->signals);
		if (ended(recorder, fds))
			break;
	}
	free(fds);
}

static int write_end(struct recorder *recorder)
{
	uint64_t duration = stackid_clock(CLOCK_MONOTONIC) - recorder->started;
	struct workload *workload = &recorder->workload;
	char result[40] = "stopped";
	char text[256];

	if (recorder->signals.fatal)
		snprintf(result, sizeof(result), "signal %d",
			 recorder->signals.fatal);
	else if (workload->ended)
		snprintf(result, sizeof(result), "exited %d",
			 stackid_workload_exit_code(workload));
	if (write_modules(recorder) ||
	    stackid_session_write_ledger(&recorder->session, recorder->writer,
					 recorder->wanted, &recorder->lost))
		return -1;
	snprintf(text, sizeof(text),
		 "events=%" PRIu64 "\nlost=%" PRIu64 "\nstacks=%" PRIu64 "\nduration=%" PRIu64 "\nresult=%s\n",
		 recorder->drain.events, recorder->lost,
		 stackid_inline_stacks_count(recorder->stacks), duration,
		 result);
	return stackid_data_write(recorder->writer, DATA_END, DATA_NO_CPU, 0,
				  text, strlen(text));
}

static void sum_up(const struct recorder *recorder)
{
	uint64_t wild = stackid_drain_wild(&recorder->drain);

	say(recorder, "Captured and wrote %.3f MB %s (%" PRIu64 " events, %" PRIu64 " lost, %" PRIu64 " stacks)",
	    stackid_data_written(recorder->writer) / 1e6,
	    recorder->output.name, recorder->drain.events, recorder->lost,
	    stackid_inline_stacks_count(recorder->stacks));
	if (recorder->lost && strcmp(recorder->output.name, "-"))
		stackid_complain("%" PRIu64 " events were lost; 'stackid stat -i %s' tells why, a larger ring (-m) may help",
				 recorder->lost, recorder->output.name);
	if (wild)
		stackid_complain("%" PRIu64 " bytes in the rings were no records and are missing: please report this",
				 wild);
	if (recorder->definitions.missing)
		stackid_complain("some events belong to generations that came and went between two looks; their stacks are [unknown]");
}

/* From the first event to the last. */
static int record_events(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	int code = EXIT_OK;

	/*
	 * Tasks that are made between the first look and the start are seen by
	 * the second one; those that are renamed keep their first name there.
	 */
	if (stackid_machine_write_tasks(recorder->writer) ||
	    stackid_session_start(&recorder->session) ||
	    stackid_machine_write_tasks(recorder->writer))
		return EXIT_FAILED;
	recorder->started = stackid_clock(CLOCK_MONOTONIC);
	recorder->flushed = recorder->started;
	if (request->workload)
		code = stackid_workload_start(&recorder->workload,
					      request->workload[0]);
	else
		say(recorder, "recording; %s ends it", request->pids ?
		    "Ctrl-C, or the end of all these processes," : "Ctrl-C");
	if (code == EXIT_OK)
		run(recorder);
	if (request->workload)
		stackid_workload_stop(&recorder->workload);

	if (stackid_session_stop(&recorder->session) || recorder->broken ||
	    turn(recorder, true) || write_end(recorder))
		return EXIT_FAILED;
	sum_up(recorder);
	return code != EXIT_OK ? code :
				 stackid_workload_exit_code(&recorder->workload);
}

/*
 * Each step undoes what it did when the steps after it are over.  The output comes
 * last: a recording that cannot begin leaves the file of the last one in its place.
 */
static int with_output(struct recorder *recorder)
{
	int code = EXIT_FAILED;

	if (stackid_output_open(&recorder->output, recorder->request->output))
		return EXIT_FAILED;
	recorder->writer = stackid_data_create(recorder->output.fd);
	recorder->drain.writer = recorder->writer;
	if (recorder->writer && !write_beginning(recorder))
		code = record_events(recorder);
	if (recorder->writer && stackid_data_destroy(recorder->writer))
		code = EXIT_FAILED;
	if (stackid_output_close(&recorder->output))
		code = EXIT_FAILED;
	return code;
}

static int with_rings(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	int code;

	if (stackid_definitions_open(&recorder->definitions,
				     &recorder->control, recorder->stacks))
		return EXIT_FAILED;
	if (stackid_drain_open(&recorder->drain, &recorder->control,
			       recorder->wanted, recorder->session.nr_cpus,
			       &recorder->definitions, recorder->stacks)) {
		stackid_definitions_close(&recorder->definitions);
		return EXIT_FAILED;
	}
	describe(recorder);
	if (request->pids)
		stackid_processes_open(&recorder->processes, request->pids);
	code = with_output(recorder);
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
	if (choose_cpus(recorder) || read_symbols(recorder) ||
	    (request->buffer_kb &&
	     stackid_session_set_buffer(&recorder->session,
					request->buffer_kb)))
		goto out;
	if (request->workload) {
		if (stackid_workload_fork(&recorder->workload,
					  request->workload))
			goto out;
	}
	if (!add_events(recorder))
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
	struct recorder recorder = { .request = request };
	int code = EXIT_FAILED;

	if (request->workload) {
		code = stackid_workload_find(request->workload[0]);
		if (code != EXIT_OK)
			return code;
		code = EXIT_FAILED;
	}
	recorder.workload.go = -1;
	if (stackid_signals_catch(&recorder.signals) || stackid_control_open(&recorder.control))
		return EXIT_FAILED;
	if (!stackid_session_begin(&recorder.session, &recorder.control)) {
		code = with_session(&recorder);
		stackid_session_end(&recorder.session);
	}
	stackid_control_close(&recorder.control);
	stackid_signals_take(&recorder.signals);
	if (recorder.signals.fatal)
		stackid_signals_die_by(recorder.signals.fatal);
	return code;
}
