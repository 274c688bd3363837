// SPDX-License-Identifier: GPL-2.0
/* What was not freed, printed or drawn. */
#include <inttypes.h>
#include <stdio.h>

#include "../flamegraph/flamegraph_write.h"
#include "../lib/clock.h"
#include "../stack_text.h"
#include "leak_report.h"

static void print_number(uint64_t nr, const char *what, bool *first)
{
	if (!nr)
		return;
	printf("%s %" PRIu64 " %s", *first ? "" : ",", nr, what);
	*first = false;
}

static void print_head(const struct leak_sites *sites)
{
	const struct allocations_counts *counts =
		stackid_allocations_counts(sites->allocations);
	uint64_t objects = 0, bytes = 0;
	bool first = true;

	for (size_t i = 0; i < sites->nr; i++) {
		objects += sites->at[i].objects;
		bytes += sites->at[i].bytes;
	}
	printf("# %" PRIu64 " allocations and %" PRIu64 " frees of them in %.3f s\n",
	       sites->made, sites->freed,
	       (sites->last_time - sites->first_time) / 1e9);
	printf("# Not freed: %" PRIu64 " with %" PRIu64 " bytes, from %zu stacks",
	       objects, bytes, sites->nr);
	if (sites->options->windows)
		printf(" that grew in each of %" PRIu64 " windows",
		       sites->options->windows);
	fputs("\n# Not counted:", stdout);
	print_number(counts->freed_before,
		     "frees of what was allocated before the recording", &first);
	print_number(sites->unseen,
		     "freed without an event: their addresses were handed out again",
		     &first);
	print_number(sites->uncertain,
		     "not freed, but allocated before events were lost", &first);
	print_number(sites->young, "not freed that are not old enough", &first);
	print_number(counts->no_values, "events without values", &first);
	print_number(sites->left_out, "allocations that the options leave out",
		     &first);
	puts(first ? " none" : "");
	if (sites->losses.unplaced)
		printf("# %" PRIu64 " events were lost nobody knows when: as many of these may have been freed\n",
		       sites->losses.unplaced);
	puts("#");
}

static void print_age(const struct leak_sites *sites, uint64_t time)
{
	uint64_t second = NSEC_PER_SEC;
	uint64_t age = sites->last_time - time;

	printf("  %4" PRIu64 ".%06" PRIu64, age / second, age % second / 1000);
}

static void print_windows(const struct leak_sites *sites,
			  const struct leak_site *site)
{
	if (!site->windows)
		return;
	fputs("            grew by", stdout);
	for (uint64_t i = 0; i < sites->options->windows; i++)
		printf("%s %" PRIu64, i ? "," : "",
		       site->windows[i] - leak_site_before(site, i));
	puts(" bytes");
}

static void print_site(const struct leak_sites *sites,
		       const struct leak_site *site)
{
	printf("%14" PRIu64 "  %9" PRIu64 "  %9" PRIu64 "  %7" PRIu64,
	       site->bytes, site->objects, site->made, site->unseen);
	print_age(sites, site->oldest);
	print_age(sites, site->youngest);
	printf("  %s\n", stackid_allocators[site->allocator].name);
	print_windows(sites, site);
	puts("            |");
	stackid_stack_text_print(sites->data, site->stack, "---", false);
	putchar('\n');
}

void stackid_leak_report_print(const struct leak_sites *sites)
{
	uint64_t top = sites->options->top;
	size_t shown = top && top < sites->nr ? top : sites->nr;
	uint64_t bytes = 0;

	print_head(sites);
	puts("#        Bytes    Objects  Allocated   Unseen     Oldest s   Youngest s  By");
	puts("# ............  .........  .........  .......  ...........  ...........  .......\n#");
	for (size_t i = 0; i < shown; i++)
		print_site(sites, &sites->at[i]);
	for (size_t i = shown; i < sites->nr; i++)
		bytes += sites->at[i].bytes;
	if (shown < sites->nr)
		printf("# and %zu more, together %" PRIu64 " bytes\n\n",
		       sites->nr - shown, bytes);
}

int stackid_leak_report_draw(const struct leak_sites *sites,
			     struct reading *reading)
{
	struct flamegraph_write what = {
		.reading = reading,
		.profile = stackid_profile_create(sites->data, PROFILE_COMM),
		.command = "leak",
		.name = "not freed",
		.unit = "bytes",
		.path = sites->options->folded ? NULL : sites->options->page,
	};
	int result;

	/* An allocator takes the place of a thread. */
	for (size_t i = 0; i < sites->nr; i++) {
		const struct leak_site *site = &sites->at[i];

		stackid_profile_add_tailed(what.profile, FLAMEGRAPH_WRITE_EVENT,
					   stackid_allocators[site->allocator].name,
					   site->stack, 0, site->bytes);
	}
	result = stackid_flamegraph_write(&what);
	stackid_profile_destroy(what.profile);
	return result;
}
