// SPDX-License-Identifier: GPL-2.0
/* Counting, from the request to the numbers. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../ledger/ledger_print.h"
#include "../lib/complain.h"
#include "../lib/data/data.h"
#include "../lib/exit_code.h"
#include "../lib/memory.h"
#include "stat_run.h"

static void print_interval(void *own, uint64_t ns, const char *events,
			   const uint64_t *hits)
{
	struct stat_run *run = own;
	FILE *out = run->style.out;

	if (run->clear)
		fputs("\033[H\033[2J", out);
	for (const char *line = events; *line; line += strcspn(line, "\n") + 1) {
		const char *number = strstr(line, "# ");
		unsigned int i = number ? strtoul(number + 2, NULL, 10) : 0;

		if (!i || i >= ARRAY_SIZE(run->before))
			break;
		stackid_stat_print_tick(&run->style, ns, line,
					hits[i] - run->before[i]);
		run->before[i] = hits[i];
		if (!line[strcspn(line, "\n")])
			break;
	}
	fflush(out);
}

/* One run.  NULL after a complaint; *code: what to exit with. */
static struct data_reader *run_once(struct stat_run *run, int *code)
{
	int fd = memfd_create("stackid stat", MFD_CLOEXEC);
	struct data_reader *reader;
	char path[40];

	if (fd < 0) {
		stackid_complain("no memory to count in: %s", strerror(errno));
		*code = EXIT_FAILED;
		return NULL;
	}
	run->recorder.fd = fd;
	run->whole = false;
	memset(run->before, 0, sizeof(run->before));
	if (run->sync)
		sync();
	getrusage(RUSAGE_CHILDREN, &run->children);
	*code = stackid_recorder_run(&run->request);
	if (!run->whole) {
		close(fd);
		return NULL;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	reader = stackid_data_open(path, true);
	close(fd);
	return reader;
}

static double seconds(struct timeval now, struct timeval then)
{
	return now.tv_sec - then.tv_sec + (now.tv_usec - then.tv_usec) / 1e6;
}

static void print_times(const struct stat_run *run,
			const struct data_reader *reader)
{
	const char *duration = stackid_data_meta(reader, "duration");
	const struct rusage *then = &run->children;
	FILE *out = run->style.out;
	struct rusage now;

	fprintf(out, "\n%18.9f  seconds elapsed\n",
		duration ? strtoull(duration, NULL, 10) / 1e9 : 0);
	if (!run->request.workload)
		return;
	getrusage(RUSAGE_CHILDREN, &now);
	fprintf(out, "%18.9f  seconds user\n%18.9f  seconds sys\n",
		seconds(now.ru_utime, then->ru_utime),
		seconds(now.ru_stime, then->ru_stime));
}

static void print_title(const struct stat_run *run)
{
	const struct recorder_request *request = &run->request;
	FILE *out = run->style.out;

	fputs("\n Counts for ", out);
	if (request->all)
		fputs("everybody", out);
	else if (request->pids)
		fprintf(out, "process %s", request->pids);
	else if (request->tids)
		fprintf(out, "thread %s", request->tids);
	else if (request->user)
		fprintf(out, "user %u", *request->user);
	if (request->all && request->workload)
		fputs(" during ", out);
	for (char **word = request->workload; word && *word; word++)
		fprintf(out, "%s%s", word == request->workload ? "'" : " ",
			*word);
	fputs(request->workload ? "'" : "", out);
	if (run->repeat > 1)
		fprintf(out, " (%" PRIu64 " runs)", run->repeat);
	fputs(":\n\n", out);
}

static void warn_of_loss(const struct data_reader *reader)
{
	uint64_t lost = stackid_data_lost(reader);

	if (lost)
		stackid_complain("%" PRIu64 " events were lost and are not in the counts; a larger ring (-m) may help",
				 lost);
}

static int run_and_print(struct stat_run *run)
{
	struct data_reader *reader;
	int code;

	if (run->interval_ms && !run->style.separator)
		fprintf(run->style.out, "#%15s%18s  event\n", "time",
			"count");
	reader = run_once(run, &code);
	if (!reader)
		return code;
	warn_of_loss(reader);
	if (!run->interval_ms || run->summary) {
		if (!run->style.separator)
			print_title(run);
		stackid_stat_print_counts(&run->style, reader);
		if (!run->style.separator)
			print_times(run, reader);
	}
	if (run->ledger) {
		fputc('\n', run->style.out);
		stackid_ledger_print(run->style.out, reader, DATA_NO_CPU,
				     false);
	}
	stackid_data_close(reader);
	return code;
}

/* Adds the run to the means, the last of which is the time. */
static void add_run(struct data_reader *reader, struct stat_mean *means,
		    char **names, size_t nr)
{
	const char *duration = stackid_data_meta(reader, "duration");
	double sums[1024] = { };
	struct data_event event;

	while (stackid_data_next(reader, &event)) {
		if (event.kind != DATA_LOST && event.nr_values)
			sums[event.event] += event.values[0];
	}
	for (size_t i = 0; i < nr; i++) {
		const struct data_event_name *name = stackid_data_event(reader, i);

		stackid_stat_mean_add(&means[i], sums[name->number]);
		if (!names[i])
			names[i] = stackid_memory_strdup(name->name);
	}
	stackid_stat_mean_add(&means[nr], duration ?
			      strtoull(duration, NULL, 10) : 0);
}

static int run_repeatedly(struct stat_run *run)
{
	size_t nr = run->request.nr_events;
	struct stat_mean *means = stackid_memory_zalloc(nr + 1, sizeof(*means));
	char **names = stackid_memory_zalloc(nr, sizeof(*names));
	int code = EXIT_OK;

	for (uint64_t i = 0; i < run->repeat; i++) {
		struct data_reader *reader = run_once(run, &code);

		if (!reader)
			break;
		warn_of_loss(reader);
		add_run(reader, means, names, nr);
		stackid_data_close(reader);
		if (run->recorder.ended_by)
			break;
	}
	if (means[nr].runs) {
		if (!run->style.separator)
			print_title(run);
		stackid_stat_print_means(&run->style, names, means, nr);
	}
	for (size_t i = 0; i < nr; i++)
		free(names[i]);
	free(names);
	free(means);
	return code;
}

int stackid_stat_run(struct stat_run *run)
{
	run->request.counting = &run->recorder;
	run->request.whole = &run->whole;
	run->recorder.interval_ms = run->interval_ms;
	run->recorder.tick = print_interval;
	run->recorder.own = run;
	return run->repeat > 1 ? run_repeatedly(run) : run_and_print(run);
}
