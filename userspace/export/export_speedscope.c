// SPDX-License-Identifier: GPL-2.0
/*
 * The format of speedscope, by its file-format-schema.json: a profile for each event,
 * of all threads, and one for each thread that hit it, in the order of time.  There
 * speedscope lets each sample be as wide as it weighs.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "../lib/array.h"
#include "../lib/complain.h"
#include "../lib/json.h"
#include "../lib/strings.h"
#include "../lib/profile/profile.h"
#include "export_format.h"

#define SCHEMA		"https://www.speedscope.app/file-format-schema.json"

/*
 * A recording of more cells than that has coarser slices of time, within which a
 * thread's samples are in no order; at first one of 2^20 of the time that it took.
 */
#define MOST_CELLS	(1 << 18)
#define SLICES		(1 << 20)

/* A thread's cells of one event: @nr of them, from place @first of the order on. */
struct speedscope_thread {
	uint32_t first;
	uint32_t nr;
	uint64_t weight;
};

/*
 * @functions: how many frames are functions; comms follow them
 * @order:     the cells, those of each event and thread as they came
 */
struct speedscope {
	const struct export *export;
	struct profile *profile;
	uint32_t functions;
	struct strings comms;
	uint32_t *order;
	size_t nr;
	struct json json;
};

static const struct profile_cell *cell_at(const struct speedscope *scope,
					  size_t i)
{
	return stackid_profile_cell(scope->profile, scope->order[i]);
}

static const struct profile_who *who_of(const struct speedscope *scope,
					const struct profile_cell *cell)
{
	return stackid_profile_who(scope->profile, cell);
}

static int compare_threads(const void *a, const void *b, void *context)
{
	const struct profile *profile = context;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	const struct profile_cell *x = stackid_profile_cell(profile, i);
	const struct profile_cell *y = stackid_profile_cell(profile, k);
	uint32_t of_x = stackid_profile_who(profile, x)->pid;
	uint32_t of_y = stackid_profile_who(profile, y)->pid;

	if (x->event != y->event)
		return x->event < y->event ? -1 : 1;
	if (of_x != of_y)
		return of_x < of_y ? -1 : 1;
	return i < k ? -1 : 1;
}

/* By their functions: one stack has several numbers if it has had several ids. */
static int compare_stacks(struct profile *profile,
			  const struct profile_cell *x,
			  const struct profile_cell *y)
{
	uint32_t nr_x, nr_y, i;
	const uint32_t *of_x = stackid_profile_stack(profile, x, &nr_x);
	const uint32_t *of_y = stackid_profile_stack(profile, y, &nr_y);

	if (of_x == of_y)
		return 0;
	for (i = 0; i < nr_x && i < nr_y; i++) {
		if (of_x[i] != of_y[i])
			return of_x[i] < of_y[i] ? -1 : 1;
	}
	return (nr_x > nr_y) - (nr_x < nr_y);
}

static int compare_comms(const void *a, const void *b, void *context)
{
	struct profile *profile = context;
	uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
	const struct profile_cell *x = stackid_profile_cell(profile, i);
	const struct profile_cell *y = stackid_profile_cell(profile, k);
	const char *of_x = stackid_profile_who(profile, x)->comm;
	const char *of_y = stackid_profile_who(profile, y)->comm;
	int order = of_x == of_y ? 0 : strcmp(of_x, of_y);

	if (!order)
		order = compare_stacks(profile, x, y);
	return order ? order : i < k ? -1 : 1;
}

static int compare_weights(const void *a, const void *b)
{
	const struct speedscope_thread *x = a, *y = b;

	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return x->first < y->first ? -1 : 1;
}

static void add_sample(struct speedscope *scope, const struct profile_cell *cell,
		       bool with_comm)
{
	uint32_t nr, comm;
	const uint32_t *stack = stackid_profile_stack(scope->profile, cell, &nr);

	stackid_json_open(&scope->json, '[');
	if (with_comm) {
		stackid_strings_number(&scope->comms,
				       who_of(scope, cell)->comm, &comm);
		stackid_json_number(&scope->json, scope->functions + comm);
	}
	for (uint32_t i = 0; i < nr; i++)
		stackid_json_number(&scope->json, stack[i]);
	stackid_json_close(&scope->json, ']');
}

/* The sum of those from *@i on that are one sample; *@i becomes the next one's place. */
static uint64_t merge(const struct speedscope *scope, size_t *i, size_t end,
		      bool with_comm)
{
	const struct profile_cell *first = cell_at(scope, *i);
	uint64_t weight = 0;

	for (; *i < end; (*i)++) {
		const struct profile_cell *cell = cell_at(scope, *i);

		if ((with_comm && who_of(scope, cell)->comm !=
				  who_of(scope, first)->comm) ||
		    compare_stacks(scope->profile, cell, first))
			break;
		weight = stackid_profile_add_weights(weight, cell->weight);
	}
	return weight;
}

/* The name of the value that --weight names. */
static const char *value_name(const struct speedscope *scope,
			      const struct data_event_name *source)
{
	const char *weight = scope->export->options->reading.weight;

	if (strcmp(weight, "value") || !source->nr_values)
		return weight;
	return source->values[0].name;
}

/* What speedscope writes behind numbers.  The kernel's own names tell some of it. */
static const char *unit_of(const struct speedscope *scope,
			   const struct data_event_name *source)
{
	const char *name;
	size_t length;

	if (!scope->export->weigh)
		return "none";
	name = value_name(scope, source);
	length = strlen(name);
	if (!strncmp(name, "bytes", strlen("bytes")))
		return "bytes";
	if (!strcmp(name, "runtime") || !strcmp(name, "delay") ||
	    (length > 3 && !strcmp(name + length - 3, "_ns")))
		return "nanoseconds";
	return "none";
}

static void print_samples(struct speedscope *scope, size_t first, size_t end,
			  bool with_comm)
{
	struct json *json = &scope->json;

	stackid_json_key_open(json, "samples", '[');
	for (size_t i = first; i < end;) {
		const struct profile_cell *cell = cell_at(scope, i);

		if (merge(scope, &i, end, with_comm))
			add_sample(scope, cell, with_comm);
	}
	stackid_json_close(json, ']');
	stackid_json_key_open(json, "weights", '[');
	for (size_t i = first; i < end;) {
		uint64_t weight = merge(scope, &i, end, with_comm);

		if (weight)
			stackid_json_number(json, weight);
	}
	stackid_json_close(json, ']');
}

static void print_profile(struct speedscope *scope, const char *name,
			  const char *unit, uint64_t weight, size_t first,
			  size_t end, bool with_comm)
{
	struct json *json = &scope->json;

	stackid_json_line(json);
	stackid_json_open(json, '{');
	stackid_json_key_string(json, "type", "sampled");
	stackid_json_key_string(json, "name", name);
	stackid_json_key_string(json, "unit", unit);
	stackid_json_key_number(json, "startValue", 0);
	stackid_json_key_number(json, "endValue", weight);
	print_samples(scope, first, end, with_comm);
	stackid_json_close(json, '}');
}

/* Those of one event; to be freed. */
static struct speedscope_thread *find_threads(const struct speedscope *scope,
					      size_t first, size_t end,
					      size_t *nr)
{
	struct speedscope_thread *threads = NULL, *thread = NULL;
	size_t room = 0;

	*nr = 0;
	for (size_t i = first; i < end; i++) {
		const struct profile_cell *cell = cell_at(scope, i);

		if (!thread || who_of(scope, cell)->pid !=
			       who_of(scope, cell_at(scope, i - 1))->pid) {
			stackid_array_reserve(threads, *nr, room);
			thread = &threads[(*nr)++];
			*thread = (struct speedscope_thread) { .first = i };
		}
		thread->nr++;
		thread->weight = stackid_profile_add_weights(thread->weight,
							     cell->weight);
	}
	if (*nr)
		qsort(threads, *nr, sizeof(*threads), compare_weights);
	return threads;
}

static void print_threads(struct speedscope *scope,
			  const struct data_event_name *source, size_t first,
			  size_t end)
{
	size_t nr;
	struct speedscope_thread *threads = find_threads(scope, first, end, &nr);

	for (size_t i = 0; i < nr; i++) {
		const struct speedscope_thread *thread = &threads[i];
		/* What it was called last. */
		const struct profile_cell *cell =
			cell_at(scope, thread->first + thread->nr - 1);
		const struct profile_who *who = who_of(scope, cell);
		char *name = stackid_memory_print("%s: %s %" PRIu32 "/%" PRIu32,
						  source->name, who->comm,
						  who->tgid, who->pid);

		if (thread->weight)
			print_profile(scope, name, unit_of(scope, source),
				      thread->weight, thread->first,
				      thread->first + thread->nr, false);
		free(name);
	}
	free(threads);
}

/* Its part of the order is sorted anew for the profile of all threads. */
static void print_event(struct speedscope *scope, size_t first, size_t end)
{
	unsigned int event = cell_at(scope, first)->event;
	const struct data_event_name *source =
		stackid_reading_event(scope->export->reading, event);
	const struct profile_sum *sum = stackid_profile_sum(scope->profile,
							    event);
	uint32_t *kept;

	if (!sum->weight)
		return;
	kept = stackid_memory_resize(NULL, end - first, sizeof(*kept));
	memcpy(kept, scope->order + first, (end - first) * sizeof(*kept));
	qsort_r(scope->order + first, end - first, sizeof(*kept),
		compare_comms, scope->profile);
	print_profile(scope, source->name, unit_of(scope, source), sum->weight,
		      first, end, true);
	memcpy(scope->order + first, kept, (end - first) * sizeof(*kept));
	free(kept);
	print_threads(scope, source, first, end);
}

static void print_profiles(struct speedscope *scope)
{
	size_t end;

	stackid_json_key_open(&scope->json, "profiles", '[');
	for (size_t i = 0; i < scope->nr; i = end) {
		end = i + 1;
		while (end < scope->nr &&
		       cell_at(scope, end)->event == cell_at(scope, i)->event)
			end++;
		print_event(scope, i, end);
	}
	stackid_json_close(&scope->json, ']');
}

static void print_frames(struct speedscope *scope)
{
	struct json *json = &scope->json;

	stackid_json_key_open(json, "shared", '{');
	stackid_json_key_open(json, "frames", '[');
	for (uint32_t i = 0; i < scope->functions; i++) {
		const struct profile_function *function =
			stackid_profile_function(scope->profile, i);

		stackid_json_line(json);
		stackid_json_open(json, '{');
		stackid_json_key_string(json, "name", function->name);
		/* What it gives a colour by. */
		stackid_json_key_string(json, "file", function->module);
		stackid_json_close(json, '}');
	}
	for (size_t i = 0; i < scope->comms.nr; i++) {
		stackid_json_line(json);
		stackid_json_open(json, '{');
		stackid_json_key_string(json, "name", scope->comms.texts[i]);
		stackid_json_close(json, '}');
	}
	stackid_json_close(json, ']');
	stackid_json_close(json, '}');
}

/* It shows above the profile, so what was lost belongs there. */
static void print_name(struct speedscope *scope)
{
	const struct reading *reading = scope->export->reading;
	char *name, *loss;

	if (!stackid_data_lost(scope->export->data)) {
		stackid_json_key_string(&scope->json, "name",
					stackid_reading_name(reading));
		return;
	}
	loss = stackid_reading_loss(reading);
	name = stackid_memory_print("%s (%s)", stackid_reading_name(reading),
				    loss);
	stackid_json_key_string(&scope->json, "name", name);
	free(name);
	free(loss);
}

static void print_document(struct speedscope *scope)
{
	struct json *json = &scope->json;

	scope->functions = stackid_profile_nr_functions(scope->profile);
	scope->nr = stackid_profile_nr_cells(scope->profile);
	scope->order = stackid_memory_resize(NULL, scope->nr,
					     sizeof(*scope->order));
	for (size_t i = 0; i < scope->nr; i++)
		scope->order[i] = i;
	qsort_r(scope->order, scope->nr, sizeof(*scope->order), compare_threads,
		scope->profile);

	stackid_json_open(json, '{');
	stackid_json_key_string(json, "$schema", SCHEMA);
	stackid_json_key_string(json, "exporter", "stackid " STACKID_VERSION);
	print_name(scope);
	stackid_json_key_number(json, "activeProfileIndex", 0);
	print_profiles(scope);
	print_frames(scope);
	stackid_json_close(json, '}');
	stackid_json_end(json);
	free(scope->order);
	stackid_strings_exit(&scope->comms);
}

static int write_speedscope(struct export *export)
{
	struct speedscope scope = {
		.export = export,
		.json.out = export->out,
	};
	uint64_t first = 0, last = 0;
	int result = EXIT_FAILED;

	scope.profile = stackid_profile_create(export->data,
					       PROFILE_COMM | PROFILE_TGID |
					       PROFILE_PID | PROFILE_TIME);
	stackid_data_span(export->data, &first, &last);
	stackid_profile_set_quantum(scope.profile, (last - first) / SLICES + 1);
	stackid_profile_limit_cells(scope.profile, MOST_CELLS, last - first);
	if (!stackid_reading_fill_weighed(export->reading, scope.profile,
					  export->weigh)) {
		stackid_profile_finish(scope.profile);
		print_document(&scope);
		result = EXIT_OK;
	}
	stackid_profile_destroy(scope.profile);
	return result;
}

const struct export_format stackid_export_speedscope = {
	.name = "speedscope",
	.to = EXPORT_TO_TEXT,
	.write = write_speedscope,
};
