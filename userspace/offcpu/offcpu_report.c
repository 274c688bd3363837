// SPDX-License-Identifier: GPL-2.0
/* The waits of a recording, added up and printed. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../lib/clock.h"
#include "../stack_text.h"
#include "offcpu_report.h"

const char *stackid_offcpu_waker(const struct shapes *shapes,
				 const struct wait *wait)
{
	if (stackid_shapes_interrupt(shapes, wait->waker.stack))
		return "[interrupt]";
	return wait->waker.comm;
}

void stackid_offcpu_report_add(struct offcpu_report *report,
			       const struct wait *wait)
{
	uint32_t stack = stackid_shapes_find(&report->shapes, wait->left.stack);
	struct offcpu_sum key = { .comm = wait->left.comm };
	uint64_t blocked = offcpu_blocked(wait);

	report->whole.nr++;
	report->whole.blocked += blocked;
	report->whole.waiting += offcpu_waiting(wait);
	if (wait->waker.comm)
		stackid_offcpu_histogram_add(&report->blocked, blocked);
	stackid_offcpu_histogram_add(&report->waiting, offcpu_waiting(wait));
	stackid_offcpu_longest_add(&report->longest, wait);

	key.pid = wait->left.pid;
	stackid_offcpu_sums_add(&report->threads, &key, wait);
	key.pid = 0;
	key.stack = stack;
	stackid_offcpu_sums_add(&report->stacks, &key, wait);
	/* Nobody woke it. */
	if (!wait->waker.comm)
		return;
	key.waker = stackid_offcpu_waker(&report->shapes, wait);
	key.waker_stack = stackid_shapes_find(&report->shapes,
					      wait->waker.stack);
	stackid_offcpu_sums_add(&report->wakers, &key, wait);
}

void stackid_offcpu_report_free(struct offcpu_report *report)
{
	stackid_shapes_free(&report->shapes);
	stackid_offcpu_sums_free(&report->threads);
	stackid_offcpu_sums_free(&report->stacks);
	stackid_offcpu_sums_free(&report->wakers);
	stackid_offcpu_longest_free(&report->longest);
}

static void print_ms(uint64_t ns)
{
	printf(" %8" PRIu64 ".%06" PRIu64, ns / 1000000, ns % 1000000);
}

static void print_seconds(uint64_t ns, const char *what)
{
	uint64_t second = NSEC_PER_SEC;

	printf("%" PRIu64 ".%09" PRIu64 " s%s", ns / second, ns % second, what);
}

static void print_number(uint64_t nr, const char *what, bool *first)
{
	if (!nr)
		return;
	printf("%s %" PRIu64 " %s", *first ? "" : ",", nr, what);
	*first = false;
}

static void print_head(const struct offcpu_report *report,
		       const struct waits *waits)
{
	const struct waits_missing *missing = stackid_waits_missing(waits);
	bool first = true;

	printf("# %" PRIu64 " waits of %zu threads in ", report->whole.nr,
	       report->threads.nr);
	print_seconds(stackid_waits_last_time(waits) -
		      stackid_waits_first_time(waits), ": ");
	print_seconds(report->whole.blocked, " blocked, ");
	print_seconds(report->whole.waiting, " waiting for a CPU\n");
	fputs("# Not counted:", stdout);
	print_number(missing->begun_before, "that began before the recording",
		     &first);
	print_number(missing->not_ended, "that did not end in it", &first);
	print_number(missing->lost, "around lost events", &first);
	print_number(missing->contradictory, "whose events contradict each other",
		     &first);
	print_number(missing->no_values, "events without values", &first);
	print_number(report->left_out, "that the options leave out", &first);
	puts(first ? " none\n#" : "\n#");
}

static void print_titles(const char *title, const char *last)
{
	printf("# %s\n#\n", title);
	printf("#     Blocked ms      Waiting ms    Waits      Longest ms  %s\n",
	       last);
	puts("# ..............  ..............  .......  ..............  ..............................\n#");
}

static void print_sum(const struct offcpu_sum *sum)
{
	print_ms(sum->blocked);
	print_ms(sum->waiting);
	printf("  %7" PRIu64, sum->nr);
	print_ms(sum->longest);
	printf("  %s", sum->comm);
	if (sum->pid)
		printf("-%" PRIu32, sum->pid);
	if (sum->waker)
		printf(", woken by %s", sum->waker);
	putchar('\n');
}

static void print_stacks(const struct offcpu_report *report,
			 const struct offcpu_sum *sum)
{
	puts("            |");
	stackid_stack_text_print(report->shapes.data, sum->stack, "---", false);
	if (sum->waker) {
		puts("               --");
		stackid_stack_text_print(report->shapes.data, sum->waker_stack,
					 "   ", true);
	}
	putchar('\n');
}

static void print_sums(struct offcpu_report *report, struct offcpu_sums *sums,
		       bool stacks)
{
	uint64_t top = report->options->top;
	struct offcpu_sum rest = { };
	size_t shown = top && top < sums->nr ? top : sums->nr;

	stackid_offcpu_sums_sort(sums);
	for (size_t i = 0; i < shown; i++) {
		print_sum(&sums->at[i]);
		if (stacks)
			print_stacks(report, &sums->at[i]);
	}
	for (size_t i = shown; i < sums->nr; i++)
		rest.blocked += sums->at[i].blocked + sums->at[i].waiting;
	if (shown < sums->nr) {
		printf("# and %zu more, together ", sums->nr - shown);
		print_seconds(rest.blocked, "\n");
	}
	if (!stacks || shown < sums->nr)
		putchar('\n');
}

static void print_longest(struct offcpu_report *report)
{
	struct offcpu_longest *longest = &report->longest;
	uint64_t second = NSEC_PER_SEC;

	stackid_offcpu_longest_finish(longest);
	puts("# The longest waits\n#");
	puts("#             At s      Blocked ms      Waiting ms  State  Thread, waker");
	puts("# ................  ..............  ..............  .....  ..............................\n#");
	for (size_t i = 0; i < longest->nr; i++) {
		const struct wait *wait = &longest->at[i];
		const char *waker = wait->waker.comm ?
				    stackid_offcpu_waker(&report->shapes, wait) :
				    NULL;

		printf("%8" PRIu64 ".%09" PRIu64, wait->start / second,
		       wait->start % second);
		print_ms(offcpu_blocked(wait));
		print_ms(offcpu_waiting(wait));
		printf("  %-5c  %s-%" PRIu32, wait->state, wait->left.comm,
		       wait->left.pid);
		/* Idle threads and interrupts have no number that says anything. */
		if (waker == wait->waker.comm && waker && wait->waker.pid)
			printf(", woken by %s-%" PRIu32, waker, wait->waker.pid);
		else if (waker)
			printf(", woken by %s", waker);
		putchar('\n');
	}
	putchar('\n');
}

static bool shows(const struct offcpu_report *report, enum offcpu_part part)
{
	return report->options->parts & 1U << part;
}

void stackid_offcpu_report_print(struct offcpu_report *report,
				 const struct waits *waits)
{
	print_head(report, waits);
	if (shows(report, OFFCPU_THREADS)) {
		print_titles("By thread", "Thread");
		print_sums(report, &report->threads, false);
	}
	if (shows(report, OFFCPU_STACKS)) {
		print_titles("By stack", "Command");
		print_sums(report, &report->stacks, true);
	}
	if (shows(report, OFFCPU_WAKERS)) {
		print_titles("By waker", "Command, waker");
		print_sums(report, &report->wakers, true);
	}
	if (shows(report, OFFCPU_HISTOGRAM)) {
		stackid_offcpu_histogram_print(&report->blocked, "Blocked");
		stackid_offcpu_histogram_print(&report->waiting,
					       "Waiting for a CPU");
	}
	if (shows(report, OFFCPU_LONGEST))
		print_longest(report);
}
