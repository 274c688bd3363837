// SPDX-License-Identifier: GPL-2.0
/* A recording as the module's files see it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../complain.h"
#include "../ledger_words.h"
#include "../memory.h"
#include "event_line.h"
#include "session.h"

#define ON_FILE		"recording_on"
#define HOLD		"hold\n"
#define BUFFER_FILE	"buffer_size_kb"
#define EVENTS_FILE	"events"

#define HOLD_TRIES	25
#define HOLD_WAIT_MS	20

/* One more than the greatest number of a CPU that can be: "0-3" or "0,2-5". */
static unsigned int count_cpus(void)
{
	FILE *file = fopen("/sys/devices/system/cpu/possible", "re");
	unsigned int cpu, nr = 0;

	while (file && fscanf(file, "%u%*[-,]", &cpu) == 1)
		nr = cpu + 1;
	if (file)
		fclose(file);
	return nr ? nr : sysconf(_SC_NPROCESSORS_CONF);
}

/*
 * A recorder that was killed a moment ago may not be gone yet, so a refusal
 * stands only if the next ones do too.
 */
static bool take_hold(int fd)
{
	for (int tries = 0; tries < HOLD_TRIES; tries++) {
		if (write(fd, HOLD, strlen(HOLD)) > 0)
			return true;
		if (errno != EBUSY)
			return false;
		poll(NULL, 0, HOLD_WAIT_MS);
	}
	errno = EBUSY;
	return false;
}

static void explain_hold(const struct control *control, int error)
{
	char *reason = error == EBUSY ? stackid_control_reason(control, ON_FILE) :
					NULL;

	if (reason && *reason)
		stackid_complain("cannot record: %s", reason);
	else
		stackid_control_explain(ON_FILE, error);
	free(reason);
}

int stackid_session_begin(struct session *session, struct control *control)
{
	memset(session, 0, sizeof(*session));
	session->control = control;
	session->hold = stackid_control_open_file(control, ON_FILE, O_WRONLY);
	if (session->hold < 0)
		return -1;
	if (!take_hold(session->hold)) {
		explain_hold(control, errno);
		close(session->hold);
		return -1;
	}
	session->nr_cpus = count_cpus();
	return 0;
}

static void free_ledger(struct session *session, struct session_ledger *ledger)
{
	for (unsigned int cpu = 0; ledger->cpus && cpu < session->nr_cpus;
	     cpu++)
		free(ledger->cpus[cpu]);
	free(ledger->cpus);
	free(ledger->stats);
	*ledger = (struct session_ledger) { };
}

void stackid_session_end(struct session *session)
{
	close(session->hold);
	free_ledger(session, &session->start);
	free_ledger(session, &session->end);
}

int stackid_session_set_buffer(struct session *session, uint64_t kb)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64 "\n", kb);
	return stackid_control_write(session->control, BUFFER_FILE, text,
				     false);
}

int stackid_session_add_event(struct session *session, const char *line)
{
	char *resolved = stackid_event_line_resolve(line);
	int ret;

	if (!resolved)
		return -1;
	ret = stackid_control_write(session->control, EVENTS_FILE, resolved,
				    false);
	free(resolved);
	return ret;
}

int stackid_session_try_event(struct session *session, const char *line)
{
	int fd = stackid_control_open_file(session->control, EVENTS_FILE,
					   O_WRONLY | O_APPEND);
	ssize_t done;

	if (fd < 0)
		return -1;
	done = write(fd, line, strlen(line));
	close(fd);
	return done < 0 ? -1 : 0;
}

static char *read_cpu_stats(const struct session *session, unsigned int cpu)
{
	char name[40];

	snprintf(name, sizeof(name), "per_cpu/cpu%u/stats", cpu);
	/* A number that no CPU of this machine has is no error. */
	if (faccessat(session->control->dir, name, F_OK, 0))
		return NULL;
	return stackid_control_read(session->control, name);
}

static int read_ledger(struct session *session, struct session_ledger *ledger)
{
	free_ledger(session, ledger);
	ledger->stats = stackid_control_read(session->control, "stats");
	if (!ledger->stats)
		return -1;
	ledger->cpus = stackid_memory_zalloc(session->nr_cpus, sizeof(char *));
	for (unsigned int cpu = 0; cpu < session->nr_cpus; cpu++)
		ledger->cpus[cpu] = read_cpu_stats(session, cpu);
	return 0;
}

static int turn_on(struct session *session)
{
	return stackid_control_write(session->control, ON_FILE, "1\n", false);
}

int stackid_session_read_start(struct session *session)
{
	return read_ledger(session, &session->start);
}

static int write_start(struct data_writer *writer, uint32_t cpu,
		       const char *stats)
{
	return stats ? stackid_data_write(writer, DATA_START, cpu, 0, stats,
					  strlen(stats)) : 0;
}

int stackid_session_write_start(struct session *session,
				struct data_writer *writer)
{
	if (write_start(writer, DATA_NO_CPU, session->start.stats))
		return -1;
	for (unsigned int cpu = 0; cpu < session->nr_cpus; cpu++) {
		if (write_start(writer, cpu, session->start.cpus[cpu]))
			return -1;
	}
	return 0;
}

void stackid_session_set_start(struct session *session, uint32_t cpu,
			       char *stats)
{
	struct session_ledger *start = &session->start;
	char **place = &start->stats;

	if (!start->cpus)
		start->cpus = stackid_memory_zalloc(session->nr_cpus,
						    sizeof(char *));
	if (cpu < session->nr_cpus)
		place = &start->cpus[cpu];
	else if (cpu != DATA_NO_CPU || !stats)
		goto out;
	free(*place);
	*place = stats;
	return;
out:
	free(stats);
}

int stackid_session_start(struct session *session)
{
	return read_ledger(session, &session->start) ? -1 : turn_on(session);
}

int stackid_session_take_ledger(struct session *session)
{
	return read_ledger(session, &session->end);
}

int stackid_session_start_again(struct session *session)
{
	return turn_on(session);
}

void stackid_session_next(struct session *session)
{
	free_ledger(session, &session->start);
	session->start = session->end;
	session->end = (struct session_ledger) { };
}

int stackid_session_stop(struct session *session)
{
	return stackid_control_write(session->control, ON_FILE, "0\n", false);
}

/* "NAME options  # NUMBER remark" becomes "NUMBER NAME options". */
static void print_event(FILE *out, char *line)
{
	char *number = strstr(line, "# ");
	char *end;

	if (!number)
		return;
	end = number;
	number += 2;
	number[strcspn(number, " ")] = '\0';
	while (end > line && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	fprintf(out, "%s %s\n", number, line);
}

int stackid_session_write_events(struct session *session,
				 struct data_writer *writer)
{
	char *events = stackid_control_read(session->control, EVENTS_FILE);
	char *rest = events, *line, *text;
	size_t size;
	FILE *out;
	int ret;

	if (!events)
		return -1;
	out = stackid_memory_stream(&text, &size);
	while ((line = strsep(&rest, "\n")))
		print_event(out, line);
	fclose(out);
	ret = stackid_data_write(writer, DATA_EVENTS, DATA_NO_CPU, 0, text,
				 size);
	free(text);
	free(events);
	return ret;
}

static int write_ledger(struct data_writer *writer, uint32_t cpu,
			const char *start, const char *end)
{
	char *copy = stackid_memory_strdup(end);
	uint64_t before, after;
	char *rest = copy, *name, *text;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);
	int ret;

	while ((name = stackid_control_next_counter(&rest, &after))) {
		if (!stackid_control_counter(start, name, &before))
			before = 0;
		fprintf(out, "%s %" PRIu64 " %" PRIu64 "\n", name, before,
			after);
	}
	fclose(out);
	free(copy);
	ret = stackid_data_write(writer, DATA_LEDGER, cpu, 0, text, size);
	free(text);
	return ret;
}

/* By how much a counter of wanted CPUs has grown. */
static uint64_t grown(const char *name, const char *start, const char *end)
{
	uint64_t before = 0, after = 0;

	stackid_control_counter(start, name, &before);
	stackid_control_counter(end, name, &after);
	return after - before;
}

uint64_t stackid_session_grown(const struct session *session, uint32_t cpu,
			       const char *name)
{
	const char *start = session->start.cpus[cpu];
	const char *end = session->end.cpus[cpu];

	return start && end ? grown(name, start, end) : 0;
}

/*
 * Where not all CPUs are wanted, the sums are of those that are; counters that
 * belong to no CPU stay as they are.
 */
static char *sum_up(const struct session *session,
		    const struct session_ledger *ledger, const bool *wanted)
{
	char *copy = stackid_memory_strdup(ledger->stats);
	char *rest = copy, *name, *text;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);
	uint64_t all, value;

	while ((name = stackid_control_next_counter(&rest, &all))) {
		uint64_t sum = 0;
		bool found = false;

		for (unsigned int cpu = 0; cpu < session->nr_cpus; cpu++) {
			const char *of = ledger->cpus[cpu];

			if (!of || !stackid_control_counter(of, name, &value))
				continue;
			found = true;
			if (wanted[cpu])
				sum += value;
		}
		fprintf(out, "%s %" PRIu64 "\n", name, found ? sum : all);
	}
	fclose(out);
	free(copy);
	return text;
}

static char *sums_of(const struct session *session,
		     const struct session_ledger *ledger, const bool *wanted)
{
	for (unsigned int cpu = 0; cpu < session->nr_cpus; cpu++) {
		if (!wanted[cpu])
			return sum_up(session, ledger, wanted);
	}
	return stackid_memory_strdup(ledger->stats);
}

uint64_t stackid_session_lost(const struct session *session,
			      const bool *wanted)
{
	char *start = sums_of(session, &session->start, wanted);
	char *end = sums_of(session, &session->end, wanted);
	uint64_t lost = 0;

	for (enum ledger_word i = 0; i < NR_LEDGER; i++) {
		if (stackid_ledger_is_loss(i))
			lost += grown(stackid_ledger[i].word, start, end);
	}
	free(start);
	free(end);
	return lost;
}

int stackid_session_write_ledger(struct session *session,
				 struct data_writer *writer,
				 const bool *wanted)
{
	char *start = sums_of(session, &session->start, wanted);
	char *end = sums_of(session, &session->end, wanted);
	int ret = write_ledger(writer, DATA_NO_CPU, start, end);

	free(start);
	free(end);
	for (unsigned int cpu = 0; cpu < session->nr_cpus; cpu++) {
		if (session->end.cpus[cpu] && wanted[cpu])
			ret |= write_ledger(writer, cpu,
					    session->start.cpus[cpu],
					    session->end.cpus[cpu]);
	}
	return ret;
}
