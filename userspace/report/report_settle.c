// SPDX-License-Identifier: GPL-2.0
/* What the options of stackid report mean together. */

#include <stdlib.h>
#include <string.h>

#include "../lib/duration.h"
#include "../lib/pager.h"
#include "report_settle.h"

#define DEFAULT_TREE_LIMIT	0.5

/* What brought the kernel here: perf's own pattern knows names of before 4.17. */
#define DEFAULT_PARENTS		"^__(x64|ia32|x32)_(compat_)?sys_|^(asm_)?exc_|^asm_sysvec_|^asm_common_interrupt"

int stackid_report_parse_quantum(const char *arg, void *field)
{
	uint64_t *ns = field;

	if (stackid_parse_duration(arg, "--time-quantum", ns))
		return -1;
	if (*ns)
		return 0;
	stackid_complain("--time-quantum has to be at least 1ns");
	return -1;
}

/* As perf has it: who names parents wants them in the table. */
static int settle_parents(struct report_options *options)
{
	if (options->parents.nr) {
		stackid_sort_add(&options->sort, KEY_PARENT);
		if (options->exclude_other)
			options->reading.focus.parents = &options->parents;
		return 0;
	}
	return stackid_patterns_add(DEFAULT_PARENTS, &options->parents);
}

static int parse_percent(const char *text, double *percent)
{
	char *end;

	*percent = strtod(text, &end);
	if (end == text || *end || !(*percent >= 0) || *percent > 100) {
		stackid_complain("--percent-limit takes a number from 0 to 100, not '%s'",
				 text);
		return -1;
	}
	return 0;
}

static int check_word(const char *option, const char *word, const char *a,
		      const char *b, const char *c)
{
	if (!word || !strcmp(word, a) || !strcmp(word, b) ||
	    (c && !strcmp(word, c)))
		return 0;
	stackid_complain("%s takes %s%s%s or %s, not '%s'", option, a,
			 c ? ", " : "", c ? b : "", c ? c : b, word);
	return -1;
}

/* The columns of -F, and with them whether callees count. */
static void settle_fields(struct report_options *options)
{
	stackid_report_columns_settle(&options->fields, &options->sort);
	if (options->fields.given)
		options->children = stackid_report_columns_has(&options->fields,
							COLUMN_CHILDREN);
}

static int settle_call_graph(struct report *report,
			     struct report_options *options)
{
	const char *said = options->call_graph.value;

	if (stackid_graph_parse(said && *said ? said : NULL, &report->graph))
		return -1;
	if (report->graph.type == GRAPH_NONE)
		options->call_graph.on = false;
	/* Lines of a tree among separated ones: only if somebody wants them. */
	if (options->separator && said && !*said)
		options->call_graph.on = false;
	report->lazy |= !options->call_graph.on;
	if (!options->order)
		options->order = report->graph.order;
	return check_word("--order", options->order, "caller", "callee", NULL);
}

static int settle_limits(struct report *report)
{
	const struct report_options *options = report->options;

	report->tree_limit = DEFAULT_TREE_LIMIT;
	if (options->percent_limit) {
		if (parse_percent(options->percent_limit, &report->row_limit))
			return -1;
		report->tree_limit = report->row_limit;
	}
	if (report->graph.limit >= 0)
		report->tree_limit = report->graph.limit;
	if (!options->max_stack) {
		stackid_complain("--max-stack takes a number from 1 on");
		return -1;
	}
	return 0;
}

static int settle_words(struct report *report, struct report_options *options)
{
	const char *percentage = options->percentage;

	if (check_word("--percentage", percentage, "relative", "absolute",
		       NULL) ||
	    check_word("--stdio-color", options->colours, "always", "never",
		       "auto"))
		return -1;
	if (options->separator &&
	    (!*options->separator || strchr(options->separator, '.'))) {
		stackid_complain("--field-separator can be anything but nothing and a point, which stands in numbers");
		return -1;
	}
	if (options->hierarchy &&
	    (options->fields.given || options->separator || options->tui)) {
		stackid_complain("--hierarchy has its own columns: it goes without %s",
				 options->tui ? "--tui" :
				 options->separator ? "--field-separator" :
						      "--fields");
		return -1;
	}
	if (options->row_filter && !report_sorts_by(report, KEY_SYM)) {
		stackid_complain("--symbol-filter needs rows of functions: --sort sym");
		return -1;
	}
	return 0;
}

int stackid_report_settle(struct report *report,
			  struct report_options *options)
{
	settle_fields(options);
	options->srcline.wanted |= options->sort.lines;
	/* As perf has it: what is below a row is a part of it. */
	if (options->hierarchy)
		options->children = false;
	if (settle_call_graph(report, options) || settle_parents(options) ||
	    settle_limits(report) || settle_words(report, options))
		return -1;
	report_settle_sort(report);
	report->weigh = stackid_reading_is_weighed(&options->reading);
	return 0;
}

void stackid_report_settle_output(struct report *report)
{
	const struct report_options *options = report->options;
	const char *colours = options->colours;

	if (!options->plain) {
		report->line.colours = stackid_terminal_colours();
		if (options->reading.pager)
			stackid_pager_start();
		if (!stackid_pager_running())
			report->line.width = stackid_terminal_width();
	}
	if (colours && strcmp(colours, "auto"))
		report->line.colours = !strcmp(colours, "always");
}
