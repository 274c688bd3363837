// SPDX-License-Identifier: GPL-2.0
/*
 * One HTML file that needs nothing else: what is made of flamegraph.html, linked into
 * the command.  page_data.js says what form the JSON has that is written here.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "../lib/array.h"
#include "../lib/memory.h"
#include "../lib/plain.h"
#include "flamegraph_names.h"
#include "flamegraph_page.h"
#include "flamegraph_times.h"
#include "flamegraph_tree.h"

#define MARK		"\nSTACKID_PROFILE\n"

/* As "ld -r -b binary" names the file's first byte and the one after the last. */
extern const char _binary_flamegraph_html_start[];
extern const char _binary_flamegraph_html_end[];

/* KINDS in page_data.js; the first four as in enum profile_function_kind. */
enum {
	FRAME_PROCESS = 3,
	FRAME_OTHER = 4,
};

/* A frame of the page: a function; if that is NULL, a name of the page's own. */
struct frame {
	const struct profile_function *function;
	const char *name;
	unsigned int kind;
};

struct page {
	const struct flamegraph *graph;
	FILE *out;

	struct frame *frames;
	size_t nr_frames;
	size_t max_frames;
	/* By function: its frame, or 0, which is the root's. */
	uint32_t *frame_of;

	/* Of one event, in preorder. */
	struct flamegraph_node *nodes;
	size_t nr_nodes;
	size_t max_nodes;
	struct flamegraph_times times;
};

static uint32_t add_frame(struct page *page,
			  const struct profile_function *function,
			  const char *name, unsigned int kind)
{
	stackid_array_reserve(page->frames, page->nr_frames, page->max_frames);
	page->frames[page->nr_frames] = (struct frame) {
		.function = function,
		.name = name,
		.kind = kind,
	};
	return page->nr_frames++;
}

static void add_node(struct page *page, const struct flamegraph_node *node)
{
	stackid_array_reserve(page->nodes, page->nr_nodes, page->max_nodes);
	page->nodes[page->nr_nodes++] = *node;
}

static uint32_t frame_of_function(struct page *page, uint32_t function)
{
	const struct profile_function *of;

	if (!page->frame_of[function]) {
		of = stackid_profile_function(flamegraph_shown(page->graph)->profile,
					      function);
		page->frame_of[function] =
			add_frame(page, of, of->name,
				  of->kind == FUNCTION_OTHER ? FRAME_OTHER :
							       of->kind);
	}
	return page->frame_of[function];
}

/* @depth: of the paths' functions; the page has the root and the name above. */
static void add_nodes(struct page *page, const struct profile_path *paths,
		      size_t nr, uint32_t depth)
{
	struct profile_node child;
	size_t pos = 0;

	while (stackid_profile_next_child(paths, nr, depth, &pos, &child)) {
		if (!child.weight && !child.before)
			continue;
		add_node(page, &(struct flamegraph_node) {
			.depth = depth + 2,
			.frame = frame_of_function(page, child.function),
			.self = child.self_weight,
			.before = child.self_before,
		});
		stackid_flamegraph_add_times(&page->times, &child, depth + 1);
		add_nodes(page, child.paths, child.nr_paths, depth + 1);
	}
}

/*
 * A thread may call itself anything, so nothing of it must end the string, the
 * script element or the encoding, or turn the order of the page's text.
 */
static void print_string(FILE *out, const char *text)
{
	putc('"', out);
	while (*text) {
		size_t length = stackid_plain_length(text);

		if (!length)
			fputs("\\ufffd", out);
		else if (strchr("\"\\<>&", *text))
			fprintf(out, "\\u%04x", *text);
		else
			fwrite(text, 1, length, out);
		text += length ? length : 1;
	}
	putc('"', out);
}

static void print_frames(struct page *page)
{
	fputs("\"frames\":[", page->out);
	for (size_t i = 0; i < page->nr_frames; i++) {
		const struct frame *frame = &page->frames[i];
		const char *module = "";
		char bare[64];

		/* "[ext4]" without its brackets. */
		if (frame->kind == FUNCTION_MODULE) {
			module = frame->function->module;
			if (*module == '[') {
				snprintf(bare, sizeof(bare), "%.*s",
					 (int)strcspn(module + 1, "]"),
					 module + 1);
				module = bare;
			}
		}
		fputs(i ? ",\n[" : "[", page->out);
		print_string(page->out, frame->name);
		fprintf(page->out, ",%u,", frame->kind);
		print_string(page->out, module);
		putc(']', page->out);
	}
	fputs("]", page->out);
}

static void add_about(FILE *out, const char *value)
{
	fprintf(out, "%s%s", ftell(out) ? " \u00b7 " : "", value);
}

/* One line about the recording; to be freed. */
static char *make_about(const struct comparison_side *side, const char *which)
{
	static const struct {
		const char *key;
		const char *before;
	} keys[] = {
		{ "command", "" }, { "hostname", "" }, { "release", "Linux " },
	};
	char *text = NULL;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);
	uint64_t duration;
	char buffer[64];

	if (which) {
		add_about(out, which);
		add_about(out, stackid_reading_name(side->reading));
	}
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = stackid_data_meta(side->data, keys[i].key);

		if (!value)
			continue;
		add_about(out, keys[i].before);
		fputs(value, out);
	}
	if (stackid_reading_start(side->reading, "%Y-%m-%d %H:%M UTC", buffer,
				  sizeof(buffer)))
		add_about(out, buffer);
	if (stackid_reading_number(side->reading, "duration", &duration)) {
		snprintf(buffer, sizeof(buffer), "%.3f s", duration / 1e9);
		add_about(out, buffer);
	}
	fclose(out);
	return text;
}

static void print_event(struct page *page, const struct comparison_event *event)
{
	const struct flamegraph *graph = page->graph;
	const struct comparison *comparison = &graph->comparison;
	unsigned int side = comparison->nr_sides - 1;
	struct flamegraph_names names;

	page->nr_nodes = 0;
	page->times.bytes.size = 0;
	page->times.nr = 0;
	add_node(page, &(struct flamegraph_node) { });
	stackid_flamegraph_names_begin(&names, comparison, event);
	while (stackid_flamegraph_names_next(&names)) {
		add_node(page, &(struct flamegraph_node) {
			.depth = 1,
			.frame = add_frame(page, NULL, names.comm, FRAME_PROCESS),
		});
		add_nodes(page, names.paths, names.nr_paths, 0);
	}
	fputs("{\"name\":", page->out);
	print_string(page->out, event->name);
	fprintf(page->out, ",\"unit\":\"%s\",\"samples\":%" PRIu64 ",\"before\":",
		graph->unit ? graph->unit :
		graph->weigh ? "in all values" : "hits",
		stackid_comparison_sum(comparison, event, side).hits);
	if (flamegraph_compares(graph))
		fprintf(page->out, "%" PRIu64,
			stackid_comparison_sum(comparison, event, 0).hits);
	else
		fputs("null", page->out);
	fprintf(page->out, ",\"nodes\":%zu,\"times\":%zu,\"tree\":\"",
		page->nr_nodes, page->times.nr);
	stackid_flamegraph_print_tree(page->out, page->nodes, page->nr_nodes,
				      page->nr_frames, flamegraph_compares(graph),
				      &page->times.bytes);
	putc('"', page->out);
	putc('}', page->out);
}

/* A line for each side, the baseline's first; @make's texts are freed. */
static void print_lines(const struct page *page,
			char *make(const struct comparison_side *side,
				   const char *which))
{
	static const char * const names[] = { "Baseline", "Now" };
	const struct comparison *comparison = &page->graph->comparison;

	for (unsigned int i = 0; i < comparison->nr_sides; i++) {
		char *line = make(&comparison->sides[i],
				  flamegraph_compares(page->graph) ? names[i] :
								     NULL);

		putc(i ? ',' : '[', page->out);
		print_string(page->out, line);
		free(line);
	}
	putc(']', page->out);
}

static char *make_loss(const struct comparison_side *side, const char *which)
{
	char *loss = stackid_reading_loss(side->reading);
	char *text;

	if (!which)
		return loss;
	text = stackid_memory_print("%s: %s", which, loss);
	free(loss);
	return text;
}

static uint64_t duration_of(const struct comparison_side *side)
{
	uint64_t duration;

	return stackid_reading_number(side->reading, "duration", &duration) ?
	       duration : 0;
}

/* What stands in place of the mark. */
static void print_profile(struct page *page, const char *title)
{
	const struct flamegraph *graph = page->graph;
	const struct comparison *comparison = &graph->comparison;
	bool first = true, lossy = false;

	for (unsigned int i = 0; i < comparison->nr_sides; i++)
		lossy |= stackid_data_lost(comparison->sides[i].data) > 0;
	add_frame(page, NULL, "all", FRAME_OTHER);
	fputs("{\"title\":", page->out);
	print_string(page->out, title ? title : "");
	fputs(",\n\"about\":", page->out);
	print_lines(page, make_about);
	fputs(",\n\"loss\":", page->out);
	print_lines(page, make_loss);
	fprintf(page->out, ",\n\"lossy\":%s,\n\"seconds\":[",
		lossy ? "true" : "false");
	for (unsigned int i = comparison->nr_sides; i; i--)
		fprintf(page->out, "%.6f%s",
			duration_of(&comparison->sides[i - 1]) / 1e9,
			i > 1 ? "," : "");
	fprintf(page->out, "],\n\"slices\":%" PRIu64 ",\n\"slice\":%.9f,\n\"events\":[\n",
		stackid_flamegraph_nr_slices(page->times.side),
		page->times.side->quantum / 1e9);
	for (size_t i = 0; i < comparison->nr_events; i++) {
		const struct comparison_event *event = &comparison->events[i];

		if (!flamegraph_shows(graph, event))
			continue;
		if (!first)
			fputs(",\n", page->out);
		first = false;
		print_event(page, event);
	}
	fputs("],\n", page->out);
	print_frames(page);
	putc('}', page->out);
}

void stackid_flamegraph_print_page(const struct flamegraph *graph,
				   const char *title)
{
	const char *start = _binary_flamegraph_html_start;
	const char *end = _binary_flamegraph_html_end;
	const char *mark = memmem(start, end - start, MARK, strlen(MARK));
	uint32_t nr_functions =
		stackid_profile_nr_functions(flamegraph_shown(graph)->profile);
	struct page page = {
		.graph = graph,
		.out = graph->out,
		.times.side = flamegraph_shown(graph),
		.frame_of = stackid_memory_zalloc(nr_functions,
						  sizeof(*page.frame_of)),
	};

	fwrite(start, 1, mark + 1 - start, page.out);
	print_profile(&page, title);
	mark += strlen(MARK) - 1;
	fwrite(mark, 1, end - mark, page.out);
	free(page.frames);
	free(page.frame_of);
	free(page.nodes);
	stackid_flamegraph_times_free(&page.times);
}
