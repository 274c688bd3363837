// SPDX-License-Identifier: GPL-2.0
/*
 * Prints a data file as "stackid script -F +pid,+value,+stack --ns --show-lost-events"
 * does, knowing nothing but libstackid.h: libstackid_read [-t] [-f] FILE.
 *
 * -t trusts it, -f gives the library a file descriptor.  Ends as the command does: 2 if
 * something was missing or wrong, 1 if it cannot be read.  Everything goes to stdout, so
 * that what comes on stderr is the library's.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libstackid.h>

/* As wide as the longest name of an event. */
static int event_width;

static void measure_events(struct stackid_file *file)
{
	const struct stackid_file_event_name *name;

	for (unsigned int i = 0; stackid_file_event_at(file, i, &name) > 0; i++) {
		if ((int)strlen(name->name) > event_width)
			event_width = strlen(name->name);
	}
}

static void print_time(uint64_t time)
{
	printf("%5" PRIu64 ".%09" PRIu64, time / 1000000000, time % 1000000000);
}

static void print_values(const struct stackid_file_event *event,
			 const struct stackid_file_event_name *source)
{
	for (unsigned int i = 0; i < event->nr_values; i++) {
		const char *name = "value";
		uint32_t is_signed = 0;

		if (source && i < source->nr_values) {
			name = source->value_names[i];
			is_signed = source->value_signed[i];
		}
		if (is_signed)
			printf("%s=%" PRId64 " ", name,
			       (int64_t)event->values[i]);
		else
			printf("%s=%" PRIu64 " ", name, event->values[i]);
	}
}

static void print_bracketed(const char *name)
{
	printf("\t%16x %s ([unknown])\n", 0U, name);
}

static int print_stack(const struct stackid_file_stack *stack)
{
	if (stack->depth < stack->nr)
		return -1;
	for (uint32_t i = 0; i < stack->nr; i++) {
		const struct stackid_file_frame *frame = &stack->frames[i];

		printf("\t%16" PRIx64 " %s", frame->pc, frame->symbol);
		if (frame->number)
			printf("+0x%" PRIx32, frame->offset);
		printf(" (%s)\n", frame->module);
	}
	if (stack->undefined)
		print_bracketed("[unknown]");
	if (stack->depth > stack->nr)
		print_bracketed("[cut]");
	return 0;
}

static int print_event(struct stackid_file *file,
		       const struct stackid_file_event *event)
{
	const struct stackid_file_event_name *source = NULL;
	const struct stackid_file_stack *stack = NULL;
	char made[32];

	if (event->kind == STACKID_FILE_LOST) {
		printf("# lost %" PRIu64 " events on CPU %" PRIu32 " before ",
		       event->lost, event->cpu);
		print_time(event->time);
		printf("\n");
		return 0;
	}
	if (stackid_file_event_name(file, event->event, &source) < 0)
		return -1;
	if (event->stack && stackid_file_stack(file, event->stack, &stack))
		return -1;
	snprintf(made, sizeof(made), "[event %u]", event->event);
	printf("%s %7" PRIu32 "/%-7" PRIu32 " [%03" PRIu32 "] ", event->comm,
	       event->pid, event->tid, event->cpu);
	print_time(event->time);
	printf(": %10u %*s: ", 1U, event_width, source ? source->name : made);
	print_values(event, source);
	if (!stack)
		printf("stack=0 ");
	else if (stack->id)
		printf("stack=%" PRIu64 ":%" PRIu32 " ", stack->generation,
		       stack->id);
	else
		printf("stack=%" PRIu64 ":#%" PRIu32 " ", stack->generation,
		       event->stack);
	printf("\n");
	if (event->kind == STACKID_FILE_USER)
		print_bracketed("[user]");
	else if (!stack)
		print_bracketed("[no stack]");
	else if (print_stack(stack))
		return -1;
	printf("\n");
	return 0;
}

static int print_file(struct stackid_file *file)
{
	const struct stackid_file_event *event;
	const char *warning;
	int ret;

	measure_events(file);
	while ((ret = stackid_file_next(file, &event)) > 0) {
		if (print_event(file, event)) {
			ret = -1;
			break;
		}
	}
	if (ret < 0) {
		printf("%s\n", stackid_file_message(file));
		return 1;
	}
	for (unsigned int i = 0; (warning = stackid_file_warning(file, i)); i++) {
		printf("# warning: %s\n", warning);
		ret = 2;
	}
	return ret;
}

int main(int argc, char **argv)
{
	struct stackid_file *file = stackid_file_new();
	unsigned int flags = 0;
	int by_fd = 0, ret, fd;

	for (; argc > 2; argc--, argv++) {
		if (!strcmp(argv[1], "-t"))
			flags = STACKID_FILE_TRUSTED;
		else
			by_fd = 1;
	}
	if (!file)
		return 1;
	if (by_fd) {
		fd = strcmp(argv[1], "-") ? open(argv[1], O_RDONLY) : 0;
		ret = stackid_file_open_fd(file, fd, argv[1], flags);
	} else {
		ret = stackid_file_open(file, argv[1], flags);
	}
	if (ret) {
		printf("%d: %s\n", ret, stackid_file_message(file));
		ret = 1;
	} else {
		ret = print_file(file);
	}
	stackid_file_close(file);
	return ret;
}
