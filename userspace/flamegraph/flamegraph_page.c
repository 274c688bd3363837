// SPDX-License-Identifier: GPL-2.0
/*
 * One HTML file that needs nothing else: flamegraph.html, linked into the command,
 * whose script says what form the JSON has that is written here.
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

#define MARK		"\nSTACKID_PROFILE\n"

/* As "ld -r -b binary" names the file's first byte and the one after the last. */
extern const char _binary_flamegraph_html_start[];
extern const char _binary_flamegraph_html_end[];

/* KINDS in flamegraph.html; the first four as in enum profile_function_kind. */
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

struct node {
	uint32_t depth;
	uint32_t frame;
	uint64_t self;
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
	struct node *nodes;
	size_t nr_nodes;
	size_t max_nodes;
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

static void add_node(struct page *page, uint32_t depth, uint32_t frame,
		     uint64_t self)
{
	stackid_array_reserve(page->nodes, page->nr_nodes, page->max_nodes);
	page->nodes[page->nr_nodes++] = (struct node) {
		.depth = depth,
		.frame = frame,
		.self = self,
	};
}

static uint32_t frame_of_function(struct page *page, uint32_t function)
{
	const struct profile_function *of;

	if (!page->frame_of[function]) {
		of = stackid_profile_function(page->graph->profile, function);
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
		if (!child.weight)
			continue;
		add_node(page, depth + 2,
			 frame_of_function(page, child.function),
			 child.self_weight);
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

static void print_nodes(struct page *page)
{
	static const char * const arrays[] = { "depth", "frame", "self" };

	for (size_t a = 0; a < 3; a++) {
		fprintf(page->out, ",\"%s\":[", arrays[a]);
		for (size_t i = 0; i < page->nr_nodes; i++) {
			const struct node *node = &page->nodes[i];
			uint64_t number = a == 0 ? node->depth :
					  a == 1 ? node->frame : node->self;

			fprintf(page->out, "%s%" PRIu64, i ? "," : "", number);
		}
		putc(']', page->out);
	}
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

static void add_about(FILE *out, const char *before, const char *value)
{
	if (value)
		fprintf(out, "%s%s%s", ftell(out) ? " \u00b7 " : "", before,
			value);
}

/* One line about the recording; to be freed. */
static char *make_about(const struct flamegraph *graph)
{
	char *text = NULL;
	size_t size;
	FILE *out = stackid_memory_stream(&text, &size);
	uint64_t duration;
	char buffer[64];

	add_about(out, "", stackid_data_meta(graph->data, "command"));
	add_about(out, "", stackid_data_meta(graph->data, "hostname"));
	add_about(out, "Linux ", stackid_data_meta(graph->data, "release"));
	if (stackid_reading_start(graph->reading, "%Y-%m-%d %H:%M UTC", buffer,
				  sizeof(buffer)))
		add_about(out, "", buffer);
	if (stackid_reading_number(graph->reading, "duration", &duration)) {
		snprintf(buffer, sizeof(buffer), "%.3f s", duration / 1e9);
		add_about(out, "", buffer);
	}
	fclose(out);
	return text;
}

static void print_event(struct page *page, unsigned int event)
{
	const struct flamegraph *graph = page->graph;
	struct flamegraph_names names;

	page->nr_nodes = 0;
	add_node(page, 0, 0, 0);
	stackid_flamegraph_names_begin(&names, graph->profile, event);
	while (stackid_flamegraph_names_next(&names)) {
		add_node(page, 1, add_frame(page, NULL, names.comm,
					    FRAME_PROCESS), 0);
		add_nodes(page, names.paths, names.nr_paths, 0);
	}
	fputs("{\"name\":", page->out);
	print_string(page->out, graph->name ? graph->name :
		     stackid_reading_event(graph->reading, event)->name);
	fprintf(page->out, ",\"unit\":\"%s\",\"samples\":%" PRIu64,
		graph->unit ? graph->unit :
		graph->weigh ? "in all values" : "hits",
		stackid_profile_sum(graph->profile, event)->hits);
	print_nodes(page);
	putc('}', page->out);
}

/* What stands in place of the mark. */
static void print_profile(struct page *page, const char *title)
{
	const struct flamegraph *graph = page->graph;
	char *about = make_about(graph);
	char *loss = stackid_reading_loss(graph->reading);
	bool first = true;

	add_frame(page, NULL, "all", FRAME_OTHER);
	fputs("{\"title\":", page->out);
	print_string(page->out, title);
	fputs(",\n\"about\":", page->out);
	print_string(page->out, about);
	fputs(",\n\"loss\":", page->out);
	print_string(page->out, loss);
	fprintf(page->out, ",\n\"lossy\":%s,\n\"events\":[\n",
		stackid_data_lost(graph->data) ? "true" : "false");
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (!flamegraph_shows(graph, i))
			continue;
		if (!first)
			fputs(",\n", page->out);
		first = false;
		print_event(page, i);
	}
	fputs("],\n", page->out);
	print_frames(page);
	putc('}', page->out);
	free(loss);
	free(about);
}

void stackid_flamegraph_print_page(const struct flamegraph *graph,
				   const char *title)
{
	const char *start = _binary_flamegraph_html_start;
	const char *end = _binary_flamegraph_html_end;
	const char *mark = memmem(start, end - start, MARK, strlen(MARK));
	uint32_t nr_functions = stackid_profile_nr_functions(graph->profile);
	struct page page = {
		.graph = graph,
		.out = graph->out,
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
}
