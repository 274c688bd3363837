// SPDX-License-Identifier: GPL-2.0
/* What the commands that read a data file have in common. */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <stackid.h>

#include "lib/clock.h"
#include "lib/data/data_follow.h"
#include "lib/memory.h"
#include "lib/plain.h"
#include "lib/profile/profile.h"
#include "lib/words.h"
#include "reading.h"

/* Events between two looks at the clock, for the progress line. */
#define PROGRESS_STEP		65536
#define PROGRESS_AFTER_NS	500000000ULL

/* Which of an event's values it weighs; none of them unless @wanted. */
struct weight {
	bool wanted;
	bool is_signed;
	uint8_t value;
};

struct reading {
	struct data_reader *data;
	const char *name;
	struct filter *filter;	/* the options' */
	struct focus *focus;	/* the options' */
	bool strict_loss;
	/* Made up for numbers that the file does not name; NULL elsewhere. */
	struct data_event_name *nameless[STACKID_MAX_EVENT + 1];
	struct weight weights[STACKID_MAX_EVENT + 1];
	uint64_t nr_read;	/* losses, too */
	uint64_t nr_losses;
	uint64_t nr_expected;
	uint64_t started;
	uint64_t shown;
	bool progress;
	bool streams;
};

/*
 * A file that somebody else prepared could make root believe things; perf asks
 * too.
 */
static int check_owner(const char *path)
{
	struct stat file;

	if (!strcmp(path, "-") || stat(path, &file) || !S_ISREG(file.st_mode))
		return 0;
	if (!file.st_uid || file.st_uid == geteuid())
		return 0;
	stackid_complain("%s is owned neither by you nor by root (use -f to read it all the same)",
			 path);
	return -1;
}

/*
 * "stackid record -o - | stackid report" means the pipe; but a script whose own
 * standard input happens to be a pipe with nothing in it means the file.
 */
static bool stdin_has_data(void)
{
	struct pollfd poller = { .fd = STDIN_FILENO, .events = POLLIN };
	struct stat file;

	if (fstat(STDIN_FILENO, &file) || !S_ISFIFO(file.st_mode))
		return false;
	while (poll(&poller, 1, -1) < 0 && errno == EINTR)
		;
	return poller.revents & POLLIN;
}

static void reading_free(struct reading *reading)
{
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (reading->nameless[i])
			free((char *)reading->nameless[i]->name);
		free(reading->nameless[i]);
	}
	if (reading->filter)
		stackid_filter_free(reading->filter);
	if (reading->focus)
		stackid_focus_free(reading->focus);
	free(reading);
}

struct reading *stackid_reading_live(struct data_reader *data,
				     const char *name)
{
	struct reading *reading = stackid_memory_zalloc(1, sizeof(*reading));

	reading->data = data;
	reading->name = name;
	return reading;
}

void stackid_reading_live_end(struct reading *reading)
{
	reading_free(reading);
}

bool stackid_reading_is_weighed(const struct reading_options *options)
{
	return options->weight && strcmp(options->weight, "hits");
}

/* Any event's value will do for "value", as it need not have a name. */
static int find_weight(struct reading *reading, const char *word)
{
	unsigned int nr = stackid_data_nr_events(reading->data), nr_names = 0;
	const char **names;
	bool found = !word || !strcmp(word, "hits") || !strcmp(word, "value");
	bool any_value = found;

	/* Also of those that the file does not name. */
	for (unsigned int i = 0; any_value && i <= STACKID_MAX_EVENT; i++)
		reading->weights[i].wanted = true;
	names = stackid_memory_zalloc((size_t)nr * STACKID_MAX_VALUES,
				      sizeof(*names));
	for (unsigned int i = 0; i < nr; i++) {
		const struct data_event_name *event =
			stackid_data_event(reading->data, i);
		int value = any_value ? 0 : stackid_data_find_value(event, word);

		reading->weights[event->number] = (struct weight) {
			.wanted = any_value || value >= 0,
			.value = value < 0 ? 0 : value,
			.is_signed = value >= 0 &&
				     (unsigned int)value < event->nr_values &&
				     event->values[value].is_signed,
		};
		found |= value >= 0;
		for (unsigned int k = 0; k < event->nr_values; k++)
			names[nr_names++] = event->values[k].name;
	}
	if (!found && !nr_names)
		stackid_complain("--weight %s: no event in %s has a value; record with value=",
				 word, reading->name);
	else if (!found)
		stackid_refuse_word("--weight: no event has a value called",
				    word, names, nr_names);
	free(names);
	return found ? 0 : -1;
}

/* Where a part of the time begins shows when all of it is known. */
static struct data_reader *open_data(struct reading *reading,
				     const struct reading_options *options,
				     const char *path)
{
	reading->streams = true;
	if (options->follow)
		return stackid_data_follow_open(path);
	if (options->in_one_go && !options->filter.times.text &&
	    stackid_data_is_pipe(path))
		return stackid_data_stream_open(path, options->force,
						options->names_stacks);
	reading->streams = false;
	return stackid_data_open(path, options->force);
}

struct reading *stackid_reading_open(struct reading_options *options)
{
	struct reading *reading = stackid_memory_zalloc(1, sizeof(*reading));
	const char *path = options->input;

	stackid_memory_give_back();
	/* "| head" ends the command without a word, whoever started it. */
	signal(SIGPIPE, SIG_DFL);
	reading->filter = &options->filter;
	reading->focus = &options->focus;
	if (!path)
		path = stdin_has_data() ? "-" : DATA_DEFAULT_FILE;
	reading->name = strcmp(path, "-") ? path : "the standard input";
	if (!options->force && check_owner(path))
		goto err_free;
	reading->data = open_data(reading, options, path);
	if (!reading->data)
		goto err_free;
	if (stackid_filter_begin(reading->filter, reading->data, reading->name))
		goto err_close;
	stackid_focus_begin(reading->focus, reading->data);
	if (find_weight(reading, options->weight))
		goto err_close;

	if (!stackid_reading_number(reading, "events", &reading->nr_expected))
		reading->nr_expected = 0;
	reading->strict_loss = options->strict_loss;
	reading->started = stackid_clock(CLOCK_MONOTONIC);
	reading->progress = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
	return reading;

err_close:
	stackid_data_close(reading->data);
err_free:
	reading_free(reading);
	return NULL;
}

static void clear_progress(struct reading *reading)
{
	if (reading->shown)
		fputs("\r\033[K", stderr);
	reading->shown = 0;
}

int stackid_reading_close(struct reading *reading, int result)
{
	bool lossy = stackid_data_lost(reading->data) > 0;
	int state;

	clear_progress(reading);
	state = stackid_data_close(reading->data);
	if (result == EXIT_OK)
		result = state;
	if (result == EXIT_OK && reading->strict_loss && lossy)
		result = EXIT_LOSS;
	reading_free(reading);
	return result;
}

bool stackid_reading_streams(const struct reading *reading)
{
	return reading->streams;
}

struct data_reader *stackid_reading_data(const struct reading *reading)
{
	return reading->data;
}

const char *stackid_reading_name(const struct reading *reading)
{
	return reading->name;
}

static void show_progress(struct reading *reading)
{
	uint64_t time = stackid_clock(CLOCK_MONOTONIC);
	char *name;

	if (time - reading->started < PROGRESS_AFTER_NS ||
	    time - reading->shown < PROGRESS_AFTER_NS / 2)
		return;
	reading->shown = time;
	name = stackid_memory_strdup(reading->name);
	stackid_plain_make(name);
	if (reading->nr_read <= reading->nr_expected)
		fprintf(stderr, "\rreading %s: %3.0f%%", name,
			100.0 * reading->nr_read / reading->nr_expected);
	else
		fprintf(stderr, "\rreading %s: %" PRIu64 " events", name,
			reading->nr_read);
	free(name);
}

static bool is_chosen(struct reading *reading, const struct data_event *event)
{
	if (!stackid_filter_has_thread(reading->filter, event))
		return false;
	return !reading->focus->given || event->kind == DATA_LOST ||
	       stackid_focus_has(reading->focus, event);
}

bool stackid_reading_has_moment(struct reading *reading,
				const struct data_event *moment)
{
	return stackid_filter_has_place(reading->filter, moment) &&
	       is_chosen(reading, moment);
}

/* The next that is in its place; *@chosen says whether the other options want it. */
static bool next_in_place(struct reading *reading, struct data_event *event,
			  bool *chosen)
{
	while (stackid_data_next(reading->data, event)) {
		if (!(++reading->nr_read % PROGRESS_STEP) && reading->progress)
			show_progress(reading);
		if (stackid_filter_is_over(reading->filter, event->time))
			break;
		reading->nr_losses += event->kind == DATA_LOST;
		if (!stackid_filter_has_place(reading->filter, event))
			continue;
		*chosen = is_chosen(reading, event);
		return true;
	}
	clear_progress(reading);
	return false;
}

uint64_t stackid_reading_weight(const struct reading *reading,
				const struct data_event *event)
{
	const struct weight *weight = &reading->weights[event->event];
	uint64_t value;

	if (!weight->wanted || weight->value >= event->nr_values)
		return 0;
	value = event->values[weight->value];
	return weight->is_signed && (int64_t)value < 0 ? 0 : value;
}

bool stackid_reading_next(struct reading *reading, struct data_event *event)
{
	bool chosen = false;

	while (next_in_place(reading, event, &chosen)) {
		if (chosen)
			return true;
	}
	return false;
}

struct filling {
	struct reading *reading;
	struct profile *profile;
	bool any;
};

/* For stackid_data_count(). */
static void add_counted(void *context, const struct data_event *event,
			uint64_t nr)
{
	struct filling *filling = context;
	struct reading *reading = filling->reading;
	uint64_t steps = reading->nr_read / PROGRESS_STEP;

	reading->nr_read += nr;
	if (reading->nr_read / PROGRESS_STEP != steps && reading->progress)
		show_progress(reading);
	if (event->kind == DATA_LOST)
		reading->nr_losses += nr;
	if (!stackid_filter_has_place(reading->filter, event))
		return;
	if (!is_chosen(reading, event)) {
		stackid_profile_add_equal_others(filling->profile, event, nr);
		return;
	}
	stackid_profile_add_equal(filling->profile, event, nr);
	filling->any |= event->kind != DATA_LOST;
}

/* False if the events have to be read one by one: nothing has been read then. */
static bool count_events(struct filling *filling)
{
	struct reading *reading = filling->reading;
	struct profile *profile = filling->profile;
	const struct data_equality equal = {
		.quantum = stackid_profile_quantum(profile),
		.of_cpu = stackid_profile_has_cpus(profile) ||
			  reading->filter->cpus.nr,
	};
	bool done;

	if (reading->filter->times.text)
		return false;
	done = stackid_data_count(reading->data, &equal, add_counted, filling);
	clear_progress(reading);
	if (done)
		return true;
	stackid_profile_clear(profile);
	filling->any = false;
	reading->nr_read = 0;
	reading->nr_losses = 0;
	return false;
}

static void add_events(struct filling *filling, bool weigh)
{
	struct reading *reading = filling->reading;
	struct data_event event;
	bool chosen;

	while (next_in_place(reading, &event, &chosen)) {
		uint64_t weight = weigh ?
				  stackid_reading_weight(reading, &event) : 1;

		if (!chosen) {
			stackid_profile_add_other(filling->profile, &event,
						  weight);
			continue;
		}
		stackid_profile_add(filling->profile, &event, weight);
		filling->any |= event.kind != DATA_LOST;
	}
}

int stackid_reading_fill_profile(struct reading *reading,
				 struct profile *profile, bool weigh)
{
	struct filling filling = { .reading = reading, .profile = profile };

	/* Values are different from event to event. */
	if (weigh || !count_events(&filling))
		add_events(&filling, weigh);
	if (filling.any)
		return 0;
	stackid_reading_complain_empty(reading);
	return -1;
}

int stackid_reading_fill_weighed(struct reading *reading,
				 struct profile *profile, bool weigh)
{
	if (stackid_reading_fill_profile(reading, profile, weigh))
		return -1;
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (stackid_profile_sum(profile, i)->weight)
			return 0;
	}
	stackid_reading_complain_valueless(reading);
	return -1;
}

bool stackid_reading_wants_event(const struct reading *reading,
				 unsigned int number)
{
	return stackid_filter_wants_event(reading->filter, number);
}

const struct data_event_name *stackid_reading_event(struct reading *reading,
						    unsigned int number)
{
	const struct data_event_name *known =
		stackid_data_event_by_number(reading->data, number);
	struct data_event_name *made;
	char name[32];

	if (known)
		return known;
	if (!reading->nameless[number]) {
		snprintf(name, sizeof(name), "[event %u]", number);
		made = stackid_memory_zalloc(1, sizeof(*made));
		made->number = number;
		made->name = stackid_memory_strdup(name);
		made->options = "";
		reading->nameless[number] = made;
	}
	return reading->nameless[number];
}

void stackid_reading_complain_empty(const struct reading *reading)
{
	uint64_t lost = stackid_data_lost(reading->data);
	uint64_t nr_events = reading->nr_read - reading->nr_losses;

	if (nr_events && reading->filter->times.text)
		stackid_complain("none of the events in %s is left by --time and the other options that choose events",
				 reading->name);
	else if (nr_events && (reading->filter->given || reading->focus->given))
		stackid_complain("none of the %" PRIu64 " events in %s is left by the options that choose events",
				 nr_events, reading->name);
	else if (lost)
		stackid_complain("%s holds no events, all %" PRIu64 " were lost: record with a bigger ring (-m)",
				 reading->name, lost);
	else
		stackid_complain("%s holds no events: nothing hit while it was recorded",
				 reading->name);
}

void stackid_reading_complain_valueless(const struct reading *reading)
{
	stackid_complain("no event in %s has values: record with value=",
			 reading->name);
}

static void add_cause(FILE *out, uint64_t nr, const char *text, bool *first)
{
	if (!nr)
		return;
	fprintf(out, "%s%" PRIu64 " %s", *first ? ": " : ", ", nr, text);
	*first = false;
}

char *stackid_reading_loss(const struct reading *reading)
{
	const struct data_reader *data = reading->data;
	uint64_t lost = stackid_data_lost(data);
	uint64_t offered = stackid_data_ledger(data, DATA_NO_CPU, LEDGER_OFFERED);
	uint64_t full = stackid_data_ledger(data, DATA_NO_CPU, LEDGER_LOST_FULL);
	uint64_t nested = stackid_data_ledger(data, DATA_NO_CPU,
					      LEDGER_LOST_RECURSION);
	uint64_t rcu = stackid_data_ledger(data, DATA_NO_CPU, LEDGER_LOST_RCU);
	uint64_t unwritten = stackid_data_ledger(data, DATA_NO_CPU,
						 LEDGER_LOST_UNWRITTEN);
	uint64_t known = full + nested + rcu + unwritten;
	char *text = NULL;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);
	bool first = true;

	if (!offered) {
		fprintf(out, "at least %" PRIu64 " events lost (the file was cut off before its ledger)",
			lost);
	} else if (!lost) {
		fprintf(out, "0 of %" PRIu64 " events lost", offered);
	} else {
		fprintf(out, "%" PRIu64 " of %" PRIu64 " events lost (%.2f%%)",
			lost, offered, 100.0 * lost / offered);
		add_cause(out, full, "with a full ring", &first);
		add_cause(out, nested, "inside the handling of another", &first);
		add_cause(out, rcu, "where RCU was not watching", &first);
		add_cause(out, unwritten, "that could not be written", &first);
		if (lost > known)
			add_cause(out, lost - known, "from other causes",
				  &first);
	}
	fclose(out);
	return text;
}

void stackid_reading_complain_loss(const struct reading *reading)
{
	char *loss;

	if (!stackid_data_lost(reading->data))
		return;
	loss = stackid_reading_loss(reading);
	stackid_complain("%s", loss);
	free(loss);
}

bool stackid_reading_number(const struct reading *reading, const char *key,
			    uint64_t *number)
{
	const char *value = stackid_data_meta(reading->data, key);
	char *end;

	if (!value || !isdigit((unsigned char)*value))
		return false;
	errno = 0;
	*number = strtoull(value, &end, 10);
	return !errno && !*end && *number <= INT64_MAX;
}

bool stackid_reading_start(const struct reading *reading, const char *format,
			   char *text, size_t size)
{
	uint64_t start;
	time_t seconds;
	struct tm tm;

	if (!stackid_reading_number(reading, "start", &start))
		return false;
	seconds = start / NSEC_PER_SEC;
	/* In UTC, so that the same file says the same everywhere. */
	return gmtime_r(&seconds, &tm) && strftime(text, size, format, &tm);
}

void stackid_reading_print_header(const struct reading *reading, FILE *out)
{
	static const char * const keys[] = {
		"hostname", "release", "version", "arch", "cpus", "command",
		"workload", "result", "stackid",
	};
	char *loss = stackid_reading_loss(reading);
	uint64_t duration;
	char start[64];

	fputs("# ========\n", out);
	if (stackid_reading_start(reading, "%Y-%m-%d %H:%M:%S UTC", start,
				  sizeof(start)))
		fprintf(out, "# %-12s: %s\n", "recorded", start);
	if (stackid_reading_number(reading, "duration", &duration))
		fprintf(out, "# %-12s: %.3f s\n", "duration", duration / 1e9);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = stackid_data_meta(reading->data, keys[i]);

		if (value)
			fprintf(out, "# %-12s: %s\n", keys[i], value);
	}
	for (unsigned int i = 0; i < stackid_data_nr_events(reading->data);
	     i++) {
		const struct data_event_name *event =
			stackid_data_event(reading->data, i);

		fprintf(out, "# %-12s: %s%s%s\n", "event", event->name,
			*event->options ? " " : "", event->options);
	}
	fprintf(out, "# %-12s: %s\n# ========\n#\n", "loss", loss);
	free(loss);
}
