// SPDX-License-Identifier: GPL-2.0
/*
 * stackid flamegraph: the profile as one HTML file that needs nothing else, or
 * as folded stacks.  The page is flamegraph.html, linked into the command; its
 * script tells the form of the JSON that is written here.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <stackid.h>

#include "lib/array.h"
#include "lib/memory.h"
#include "lib/output.h"
#include "lib/plain.h"
#include "lib/profile.h"
#include "lib/profile_tree.h"
#include "reading.h"

#define DEFAULT_PAGE	"flamegraph.html"
#define MARK		"\nSTACKID_PROFILE\n"

/* As "ld -r -b binary" names the file's first byte and the one after the last. */
extern const char _binary_flamegraph_html_start[];
extern const char _binary_flamegraph_html_end[];

/* KINDS in flamegraph.html; the first four as in enum profile_function_kind. */
enum {
	FRAME_PROCESS = 3,
	FRAME_OTHER = 4,
};

struct flamegraph_options {
	struct reading_options reading;
	bool folded;
	const char *output;
	const char *title;
	const char *weight;
};

/* A frame of the page: a function, or if that is NULL what is told beside. */
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

struct flamegraph {
	const struct flamegraph_options *options;
	struct reading *reading;
	struct data_reader *data;
	struct profile *profile;
	bool weigh;
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

	/* Cells of one event by name, and the paths of one name. */
	uint32_t *cells;
	size_t nr_cells;
	struct profile_path *paths;

	/* A folded line's beginning. */
	char *line;
	size_t line_len;
	size_t line_max;
};

static uint32_t add_frame(struct flamegraph *graph,
			  const struct profile_function *function,
			  const char *name, unsigned int kind)
{
	graph->frames = stackid_array_grow(graph->frames, graph->nr_frames,
					   &graph->max_frames,
					   sizeof(*graph->frames));
	graph->frames[graph->nr_frames] = (struct frame) {
		.function = function,
		.name = name,
		.kind = kind,
	};
	return graph->nr_frames++;
}

static void add_node(struct flamegraph *graph, uint32_t depth, uint32_t frame,
		     uint64_t self)
{
	graph->nodes = stackid_array_grow(graph->nodes, graph->nr_nodes,
					  &graph->max_nodes,
					  sizeof(*graph->nodes));
	graph->nodes[graph->nr_nodes++] = (struct node) {
		.depth = depth,
		.frame = frame,
		.self = self,
	};
}

static uint32_t frame_of_function(struct flamegraph *graph, uint32_t function)
{
	const struct profile_function *of;

	if (!graph->frame_of[function]) {
		of = stackid_profile_function(graph->profile, function);
		graph->frame_of[function] =
			add_frame(graph, of, of->name,
				  of->kind == FUNCTION_OTHER ? FRAME_OTHER :
							       of->kind);
	}
	return graph->frame_of[function];
}

/* @depth: of the paths' functions; the page has the root and the name above. */
static void add_nodes(struct flamegraph *graph,
		      const struct profile_path *paths, size_t nr,
		      uint32_t depth)
{
	struct profile_node child;
	size_t pos = 0;

	while (stackid_profile_next_child(paths, nr, depth, &pos, &child)) {
		if (!child.weight)
			continue;
		add_node(graph, depth + 2,
			 frame_of_function(graph, child.function),
			 child.self_weight);
		add_nodes(graph, child.paths, child.nr_paths, depth + 1);
	}
}

static void add_to_line(struct flamegraph *graph, const char *name)
{
	size_t len = strlen(name);
	char *to;

	if (graph->line_len + len + 1 > graph->line_max) {
		graph->line_max = 2 * (graph->line_len + len + 1);
		graph->line = stackid_memory_resize(graph->line,
						    graph->line_max, 1);
	}
	if (graph->line_len)
		graph->line[graph->line_len++] = ';';
	to = graph->line + graph->line_len;
	memcpy(to, name, len);
	graph->line_len += len;
	/* The form gives it a meaning. */
	for (size_t i = 0; i < len; i++) {
		if (to[i] == ';')
			to[i] = ':';
	}
}

static void print_folded(struct flamegraph *graph,
			 const struct profile_path *paths, size_t nr,
			 uint32_t depth)
{
	size_t len = graph->line_len;
	struct profile_node child;
	size_t pos = 0;

	while (stackid_profile_next_child(paths, nr, depth, &pos, &child)) {
		add_to_line(graph,
			    stackid_profile_function(graph->profile,
						     child.function)->name);
		if (child.self_weight)
			fprintf(graph->out, "%.*s %" PRIu64 "\n",
				(int)graph->line_len, graph->line,
				child.self_weight);
		print_folded(graph, child.paths, child.nr_paths, depth + 1);
		graph->line_len = len;
	}
}

static int compare_cells(const void *a, const void *b, void *context)
{
	const struct flamegraph *graph = context;
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;
	int order = strcmp(stackid_profile_cell(graph->profile, x)->comm,
			   stackid_profile_cell(graph->profile, y)->comm);

	return order ? order : (x > y) - (x < y);
}

static void collect_cells(struct flamegraph *graph, unsigned int event)
{
	size_t nr = stackid_profile_nr_cells(graph->profile);

	graph->cells = stackid_memory_resize(graph->cells, nr,
					     sizeof(*graph->cells));
	graph->paths = stackid_memory_resize(graph->paths, nr,
					     sizeof(*graph->paths));
	graph->nr_cells = 0;
	for (size_t i = 0; i < nr; i++) {
		if (stackid_profile_cell(graph->profile, i)->event == event)
			graph->cells[graph->nr_cells++] = i;
	}
	qsort_r(graph->cells, graph->nr_cells, sizeof(*graph->cells),
		compare_cells, graph);
}

/* The paths of the cells from @first on that have one name; how many. */
static size_t collect_paths(struct flamegraph *graph, size_t first,
			    uint64_t *weight)
{
	const char *comm = NULL;
	size_t nr = 0;

	*weight = 0;
	for (size_t i = first; i < graph->nr_cells; i++) {
		const struct profile_cell *cell =
			stackid_profile_cell(graph->profile, graph->cells[i]);
		struct profile_path *path = &graph->paths[nr];

		if (comm && strcmp(comm, cell->comm))
			break;
		comm = cell->comm;
		path->first = stackid_profile_stack(graph->profile, cell,
						    &path->nr);
		path->step = 1;
		path->hits = cell->hits;
		path->weight = cell->weight;
		*weight = stackid_profile_add_weights(*weight, cell->weight);
		nr++;
	}
	stackid_profile_sort_paths(graph->paths, nr);
	return nr;
}

static void walk_event(struct flamegraph *graph, unsigned int event)
{
	size_t nr;

	collect_cells(graph, event);
	for (size_t i = 0; i < graph->nr_cells; i += nr) {
		const char *comm = stackid_profile_cell(graph->profile,
							graph->cells[i])->comm;
		uint64_t weight;

		nr = collect_paths(graph, i, &weight);
		if (!weight)
			continue;
		if (graph->options->folded) {
			graph->line_len = 0;
			add_to_line(graph, comm);
			print_folded(graph, graph->paths, nr, 0);
		} else {
			add_node(graph, 1, add_frame(graph, NULL, comm,
						     FRAME_PROCESS), 0);
			add_nodes(graph, graph->paths, nr, 0);
		}
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

static void print_nodes(struct flamegraph *graph)
{
	static const char * const arrays[] = { "depth", "frame", "self" };

	for (size_t a = 0; a < 3; a++) {
		fprintf(graph->out, ",\"%s\":[", arrays[a]);
		for (size_t i = 0; i < graph->nr_nodes; i++) {
			const struct node *node = &graph->nodes[i];
			uint64_t number = a == 0 ? node->depth :
					  a == 1 ? node->frame : node->self;

			fprintf(graph->out, "%s%" PRIu64, i ? "," : "", number);
		}
		putc(']', graph->out);
	}
}

static void print_frames(struct flamegraph *graph)
{
	fputs("\"frames\":[", graph->out);
	for (size_t i = 0; i < graph->nr_frames; i++) {
		const struct frame *frame = &graph->frames[i];
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
		fputs(i ? ",\n[" : "[", graph->out);
		print_string(graph->out, frame->name);
		fprintf(graph->out, ",%u,", frame->kind);
		print_string(graph->out, module);
		putc(']', graph->out);
	}
	fputs("]", graph->out);
}

static bool shown(const struct flamegraph *graph, unsigned int event)
{
	return stackid_profile_sum(graph->profile, event)->weight > 0;
}

static const char *event_name(const struct flamegraph *graph,
			      unsigned int event)
{
	return stackid_reading_event(graph->reading, event)->name;
}

/* "a, b, c"; to be freed. */
static char *event_names(const struct flamegraph *graph, unsigned int *nr)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	*nr = 0;
	if (!out) {
		stackid_complain("out of memory");
		exit(EXIT_FAILED);
	}
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (shown(graph, i))
			fprintf(out, "%s%s", (*nr)++ ? ", " : "",
				event_name(graph, i));
	}
	fclose(out);
	return text;
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
	FILE *out = open_memstream(&text, &size);
	uint64_t duration;
	char buffer[64];

	if (!out) {
		stackid_complain("out of memory");
		exit(EXIT_FAILED);
	}
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

static void print_event(struct flamegraph *graph, unsigned int event)
{
	const struct profile_sum *sum = stackid_profile_sum(graph->profile,
							    event);

	graph->nr_nodes = 0;
	add_node(graph, 0, 0, 0);
	walk_event(graph, event);
	fputs("{\"name\":", graph->out);
	print_string(graph->out, event_name(graph, event));
	fprintf(graph->out, ",\"unit\":\"%s\",\"samples\":%" PRIu64,
		graph->weigh ? "in all values" : "hits", sum->hits);
	print_nodes(graph);
	putc('}', graph->out);
}

static void print_page(struct flamegraph *graph)
{
	const char *page = _binary_flamegraph_html_start;
	const char *end = _binary_flamegraph_html_end;
	const char *mark = memmem(page, end - page, MARK, strlen(MARK));
	char *about = make_about(graph);
	char *loss = stackid_reading_loss(graph->reading);
	unsigned int nr;
	char *names = event_names(graph, &nr);

	add_frame(graph, NULL, "all", FRAME_OTHER);
	fwrite(page, 1, mark + 1 - page, graph->out);
	fputs("{\"title\":", graph->out);
	print_string(graph->out,
		     graph->options->title ? graph->options->title : names);
	fputs(",\n\"about\":", graph->out);
	print_string(graph->out, about);
	fputs(",\n\"loss\":", graph->out);
	print_string(graph->out, loss);
	fprintf(graph->out, ",\n\"lossy\":%s,\n\"events\":[\n",
		stackid_data_lost(graph->data) ? "true" : "false");
	nr = 0;
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (!shown(graph, i))
			continue;
		if (nr++)
			fputs(",\n", graph->out);
		print_event(graph, i);
	}
	fputs("],\n", graph->out);
	print_frames(graph);
	putc('}', graph->out);
	fwrite(mark + strlen(MARK) - 1, 1, end - mark - strlen(MARK) + 1,
	       graph->out);
	free(names);
	free(loss);
	free(about);
}

/* One stream cannot tell events apart, and their sum would mean nothing. */
static int check_single(const struct flamegraph *graph)
{
	unsigned int nr;
	char *names = event_names(graph, &nr);

	if (nr > 1)
		stackid_complain("%s holds %u events, and folded stacks can show only one: choose with --event from %s",
				 stackid_reading_name(graph->reading), nr,
				 names);
	free(names);
	return nr > 1 ? -1 : 0;
}

static void print_stacks(struct flamegraph *graph)
{
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (shown(graph, i))
			walk_event(graph, i);
	}
}

static int write_output(struct flamegraph *graph)
{
	const char *path = graph->options->output;

	if (!path)
		path = graph->options->folded ? "-" : DEFAULT_PAGE;
	if (strcmp(path, "-") && stackid_output_keep(path))
		return EXIT_FAILED;
	graph->out = strcmp(path, "-") ? fopen(path, "we") : stdout;
	if (!graph->out) {
		stackid_complain("cannot write %s: %s", path, strerror(errno));
		return EXIT_FAILED;
	}
	if (graph->options->folded)
		print_stacks(graph);
	else
		print_page(graph);
	/* main() looks at what became of stdout. */
	if (graph->out == stdout)
		return EXIT_OK;
	if (ferror(graph->out) | fclose(graph->out)) {
		stackid_complain("cannot write %s: %s", path, strerror(errno));
		return EXIT_FAILED;
	}
	stackid_say("flamegraph", "wrote %s", path);
	return EXIT_OK;
}

static int check_weights(const struct flamegraph *graph)
{
	bool any = false;

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		any |= shown(graph, i);
		if (stackid_profile_sum(graph->profile, i)->overflow)
			stackid_complain("the sum of the values of %s has no room in 64 bits; its shares are wrong",
					 event_name(graph, i));
	}
	if (any)
		return 0;
	stackid_reading_complain_valueless(graph->reading);
	return -1;
}

static int make(struct flamegraph *graph)
{
	int result;

	if (stackid_reading_fill_profile(graph->reading, graph->profile,
					 graph->weigh) ||
	    check_weights(graph) ||
	    (graph->options->folded && check_single(graph)))
		return EXIT_FAILED;
	stackid_profile_finish(graph->profile);
	graph->frame_of =
		stackid_memory_zalloc(stackid_profile_nr_functions(graph->profile),
				      sizeof(*graph->frame_of));
	result = write_output(graph);
	if (result == EXIT_OK)
		stackid_reading_complain_loss(graph->reading);
	return result;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct flamegraph_options options = { };
	struct flamegraph graph = { .options = &options };
	int first = stackid_command_parse(self, &options, argc, argv);
	int result;

	if (first < argc)
		stackid_command_misused(self, "'%s' is one word too many; files are named with -i and -o",
					argv[first]);
	if (stackid_reading_parse_weight(options.weight, &graph.weigh))
		return EXIT_USAGE;
	graph.reading = stackid_reading_open(&options.reading);
	if (!graph.reading)
		return EXIT_FAILED;
	graph.data = stackid_reading_data(graph.reading);
	graph.profile = stackid_profile_create(graph.data, PROFILE_COMM);
	result = make(&graph);

	stackid_profile_destroy(graph.profile);
	free(graph.frames);
	free(graph.frame_of);
	free(graph.nodes);
	free(graph.cells);
	free(graph.paths);
	free(graph.line);
	return stackid_reading_close(graph.reading, result);
}

static const struct option_row rows[] = {
	READING_OPTION_ROWS(struct flamegraph_options),
	OPTION_GROUP("Output"),
	OPTION_STRING('o', "output", struct flamegraph_options, output, "FILE",
		      "file",
		      "write FILE instead of flamegraph.html, - is the standard output; what was there is kept as FILE.old"),
	OPTION_FLAG(0, "folded", struct flamegraph_options, folded,
		    "write folded stacks, COMM;ROOT;...;LEAF COUNT, to the standard output instead"),
	OPTION_STRING(0, "title", struct flamegraph_options, title, "TEXT",
		      NULL, "the page's title instead of the events' names"),
	OPTION_STRING(0, "weight", struct flamegraph_options, weight, "WHAT",
		      "hits value",
		      "count hits (default), or sum up the values that value=argN recorded"),
	OPTION_END,
};

const struct command stackid_command_flamegraph = {
	.name = "flamegraph",
	.summary = "draw where the recorded events came from, as an HTML page",
	.usage = "[OPTIONS]",
	.description =
		"Writes a flame graph: one HTML file, to be opened in any browser, without a\n"
		"network.  Each event is a graph of its own, to be chosen on the page.\n",
	.examples =
		"  stackid flamegraph\n"
		"  stackid flamegraph -i before.data -o before.html\n"
		"  stackid flamegraph --event sched:sched_switch --folded > switch.folded\n",
	.options = rows,
	.run = run,
};
