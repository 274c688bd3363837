// SPDX-License-Identifier: GPL-2.0
/* What there is to do before a recording: CPUs, symbols, events. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../complain.h"
#include "../memory.h"
#include "../ranges.h"
#include "recorder.h"
#include "recorder_layout.h"

/* Whose events are wanted, as an option of each. */
static char *whose(const struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;

	/* Pids may be there all the same: then they are what ends it. */
	if (request->all)
		return stackid_memory_strdup("");
	if (request->pids)
		return stackid_memory_print(" pid=%s", request->pids);
	if (request->tids)
		return stackid_memory_print(" tid=%s", request->tids);
	if (request->user)
		return stackid_memory_print(" uid=%u", *request->user);
	return stackid_memory_print(" pid=%d", recorder->workload.pid);
}

/* The module suggests tracepoints; functions are too many for it. */
static void suggest_function(const struct recorder *recorder, const char *line)
{
	static const char kprobe[] = "kprobe:";
	char *reason, *name;
	const char *nearest;

	if (strncmp(line, kprobe, strlen(kprobe)))
		return;
	reason = stackid_control_reason(&recorder->control, "events");
	name = strndup(line + strlen(kprobe),
		       strcspn(line + strlen(kprobe), " +"));
	nearest = reason && strstr(reason, "no function") ?
		  stackid_symbolizer_nearest(recorder->symbolizer, name) : NULL;
	if (nearest)
		stackid_complain("did you mean %s%s?", kprobe, nearest);
	free(reason);
	free(name);
}

static int add_event(struct recorder *recorder, const char *line,
		     const char *options)
{
	static const char counter[] = "cycles";
	struct session *session = &recorder->session;
	char *whole = stackid_memory_print("%s%s\n", line, options);
	char *other;
	int ret = 0;

	if (!recorder->request->default_event) {
		ret = stackid_session_add_event(session, whole);
		if (ret)
			suggest_function(recorder, line);
	} else if (stackid_session_try_event(session, whole)) {
		recorder->nr_refused++;
		other = stackid_memory_print("cpu-clock%s",
					     whole + strlen(counter));
		ret = stackid_session_add_event(session, other);
		free(other);
		/* If that was refused too, it was not for want of a counter. */
		if (!ret)
			stackid_recorder_say(recorder, "no counter of cycles on this machine, sampling cpu-clock instead");
	}
	free(whole);
	return ret;
}

int stackid_recorder_add_events(struct recorder *recorder)
{
	const struct recorder_request *request = recorder->request;
	char *options = whose(recorder);
	int ret = 0;

	for (size_t i = 0; i < request->nr_events && !ret; i++)
		ret = add_event(recorder, request->events[i], options);
	free(options);
	return ret;
}

/* For -v. */
void stackid_recorder_describe(const struct recorder *recorder)
{
	char *events;

	if (!recorder->request->verbose)
		return;
	events = stackid_control_read(&recorder->control, "events");
	for (char *rest = events, *line; (line = strsep(&rest, "\n"));) {
		if (*line)
			stackid_recorder_say(recorder, "event %s", line);
	}
	free(events);
	stackid_recorder_say(recorder, "%u rings of %" PRIu64 " KiB, generation %" PRIu64,
	    recorder->drain.nr_rings, recorder->drain.nr_rings ?
	    recorder->drain.rings[0].map.data_size >> 10 : 0,
	    stackid_definitions_generation(&recorder->definitions));
}

int stackid_recorder_choose_cpus(struct recorder *recorder)
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

int stackid_recorder_read_symbols(struct recorder *recorder)
{
	/* Seconds on a slow machine; on others it is gone before it is read. */
	if (stackid_line_fits() && !recorder->request->quiet)
		stackid_line("[ stackid %s: reading kernel symbols ]",
			     stackid_recorder_command(recorder));
	recorder->symbolizer = stackid_symbolizer_create();
	stackid_line_clear();
	if (!recorder->symbolizer)
		return -1;
	if (stackid_symbolizer_blind(recorder->symbolizer))
		stackid_complain("/proc/kallsyms shows no addresses, so frames will have no names: sysctl kernel.kptr_restrict=1 (or 0) and CAP_SYSLOG show them");
	return 0;
}
