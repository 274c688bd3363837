// SPDX-License-Identifier: GPL-2.0
/* What stands before and behind the events of a data file. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../clock.h"
#include "../complain.h"
#include "../ledger_words.h"
#include "inline_stacks.h"
#include "machine.h"
#include "recorded_file.h"
#include "recorder.h"

int stackid_recorded_modules(struct recorder *recorder,
			     struct data_writer *writer)
{
	uint64_t start, end;

	stackid_symbolizer_kernel(recorder->symbolizer, &start, &end);
	return stackid_machine_write_modules(writer, start, end);
}

int stackid_recorded_begin(struct recorder *recorder,
			   struct data_writer *writer)
{
	const struct recorder_request *request = recorder->request;
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
	return stackid_recorded_modules(recorder, writer);
}

/* Behind the kernel's lines in the same ledgers. */
static int write_unwritten(struct recorder *recorder, uint32_t cpu,
			   uint64_t unwritten)
{
	struct recorded_file *file = recorder->own;
	char text[64];

	if (!unwritten)
		return 0;
	snprintf(text, sizeof(text), "%s 0 %" PRIu64 "\n",
		 stackid_ledger[LEDGER_LOST_UNWRITTEN].word, unwritten);
	return stackid_data_write(file->writer, DATA_LEDGER, cpu, 0, text,
				  strlen(text));
}

static int write_ledger(struct recorder *recorder)
{
	struct recorded_file *file = recorder->own;
	const struct drain *drain = &recorder->drain;

	if (stackid_session_write_ledger(&recorder->session, file->writer,
					 recorder->wanted) ||
	    write_unwritten(recorder, DATA_NO_CPU,
			    stackid_drain_unwritten(drain)))
		return -1;
	for (unsigned int i = 0; i < drain->nr_rings; i++) {
		if (write_unwritten(recorder, drain->rings[i].map.cpu,
				    drain->rings[i].unwritten))
			return -1;
	}
	return 0;
}

static uint64_t lost(const struct recorder *recorder)
{
	return stackid_session_lost(&recorder->session, recorder->wanted) +
	       stackid_drain_unwritten(&recorder->drain);
}

int stackid_recorded_end(struct recorder *recorder, const char *result)
{
	struct recorded_file *file = recorder->own;
	uint64_t duration = stackid_clock(CLOCK_MONOTONIC) - file->started;
	char text[256];

	if (write_ledger(recorder))
		return -1;
	snprintf(text, sizeof(text),
		 "events=%" PRIu64 "\nlost=%" PRIu64 "\nstacks=%" PRIu64 "\nduration=%" PRIu64 "\nresult=%s\n",
		 recorder->drain.events - file->events,
		 lost(recorder),
		 stackid_inline_stacks_count(recorder->stacks), duration,
		 result);
	return stackid_data_write(file->writer, DATA_END, DATA_NO_CPU, 0,
				  text, strlen(text));
}

void stackid_recorded_sum_up(const struct recorder *recorder)
{
	const struct recorded_file *file = recorder->own;
	uint64_t wild = stackid_drain_wild(&recorder->drain);
	uint64_t nr_lost = lost(recorder);

	stackid_recorder_say(recorder, "Captured and wrote %.3f MB %s (%" PRIu64 " events, %" PRIu64 " lost, %" PRIu64 " stacks)",
			     stackid_data_written(file->writer) / 1e6,
			     file->output.name,
			     recorder->drain.events - file->events, nr_lost,
			     stackid_inline_stacks_count(recorder->stacks));
	if (nr_lost && strcmp(file->output.name, "-"))
		stackid_complain("%" PRIu64 " events were lost; 'stackid ledger -i %s' tells why, a larger ring (-m) may help",
				 nr_lost, file->output.name);
	if (wild)
		stackid_complain("%" PRIu64 " bytes in the rings were no records and are missing: please report this",
				 wild);
	if (recorder->definitions.missing)
		stackid_complain("some events belong to generations that came and went between two looks; their stacks are [unknown]");
}
