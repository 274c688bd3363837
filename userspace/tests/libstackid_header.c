// SPDX-License-Identifier: GPL-2.0
/*
 * Every function of libstackid.h, by what it promises there, on make_data's file:
 * libstackid_header FILE.  What the events are is libstackid_read's.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libstackid.h>

#include "test.h"

static const char *path;

static struct stackid_file *open_file(void)
{
	struct stackid_file *file = stackid_file_new();

	CHECK(file);
	CHECK_EQUAL(stackid_file_open(file, path, 0), 0);
	CHECK(!*stackid_file_message(file));
	CHECK(!stackid_file_warning(file, 0));
	return file;
}

static void test_keys(void)
{
	struct stackid_file *file = open_file();
	const char *key, *value, *hostname = stackid_file_key(file, "hostname");
	unsigned int nr = 0, found = 0;

	CHECK(hostname && !strcmp(hostname, "canned"));
	CHECK(!stackid_file_key(file, "no such key"));
	while (stackid_file_key_at(file, nr, &key, &value) == 1) {
		const char *same = stackid_file_key(file, key);

		CHECK(same && !strcmp(same, value));
		found += !strcmp(key, "clock_offset");
		nr++;
	}
	CHECK(nr >= 12);
	CHECK_EQUAL(found, 1);
	CHECK_EQUAL(stackid_file_key_at(file, nr, &key, &value), 0);
	stackid_file_close(file);
}

static void test_events(void)
{
	struct stackid_file *file = open_file();
	const struct stackid_file_event_name *name;

	CHECK_EQUAL(stackid_file_event_at(file, 0, &name), 1);
	CHECK(!strcmp(name->name, "sched:sched_switch") && !*name->options);
	CHECK_EQUAL(name->number, 1);
	CHECK_EQUAL(name->nr_values, 0);
	CHECK_EQUAL(stackid_file_event_at(file, 3, &name), 0);
	CHECK_EQUAL(stackid_file_event_name(file, 4, &name), 0);
	CHECK_EQUAL(stackid_file_event_name(file, 3, &name), 1);
	CHECK(!strcmp(name->name, "kprobe:do_sys_openat2"));
	CHECK(!strcmp(name->options, "value=arg2,left=arg3:s32"));
	CHECK_EQUAL(name->nr_values, 2);
	CHECK(!strcmp(name->value_names[0], "arg2") && !name->value_signed[0]);
	CHECK(!strcmp(name->value_names[1], "left") && name->value_signed[1]);
	stackid_file_close(file);
}

static void test_modules(void)
{
	struct stackid_file *file = open_file();
	const struct stackid_file_module *module;

	CHECK_EQUAL(stackid_file_module_at(file, 0, &module), 1);
	CHECK(!strcmp(module->name, "[kernel.kallsyms]"));
	CHECK_EQUAL(stackid_file_module_at(file, 1, &module), 1);
	CHECK(!strcmp(module->name, "ext4"));
	CHECK(!strcmp(module->build_id,
		      "fedcba9876543210fedcba9876543210fedcba98"));
	CHECK_EQUAL(module->base, 0xffffffffc0200000);
	CHECK_EQUAL(module->size, 0x100000);
	CHECK_EQUAL(stackid_file_module_at(file, 2, &module), 1);
	CHECK(!strcmp(module->build_id, "-"));
	CHECK_EQUAL(stackid_file_module_at(file, 3, &module), 0);
	stackid_file_close(file);
}

static void test_losses(void)
{
	struct stackid_file *file = open_file();
	const struct stackid_file_counter *counter;
	const struct stackid_file_event *event;
	uint64_t lost = 0, recorded = 0, nr = 0;
	unsigned int i;

	CHECK_EQUAL(stackid_file_lost(file), 12);
	CHECK_EQUAL(stackid_file_nr_cpus(file), 2);
	for (i = 0; stackid_file_counter_at(file, STACKID_FILE_ALL_CPUS, i,
					    &counter) == 1; i++) {
		if (!strcmp(counter->name, "recorded"))
			recorded = counter->end - counter->start;
	}
	CHECK_EQUAL(stackid_file_counter_at(file, 1, 2, &counter), 1);
	CHECK(!strcmp(counter->name, "lost_full"));
	CHECK_EQUAL(counter->end, 12);
	CHECK_EQUAL(stackid_file_counter_at(file, 1, 3, &counter), 0);
	CHECK_EQUAL(stackid_file_counter_at(file, 2, 0, &counter), 0);
	while (stackid_file_next(file, &event) == 1) {
		lost += event->lost;
		nr += event->kind != STACKID_FILE_LOST;
	}
	CHECK_EQUAL(lost, 12);
	CHECK_EQUAL(nr, recorded);
	stackid_file_close(file);
}

static void test_rewind(void)
{
	struct stackid_file *file = open_file();
	const struct stackid_file_event *event;
	uint64_t sums[2] = { }, first, last, time = 0;
	uint32_t nr_stacks = 0;

	CHECK_EQUAL(stackid_file_span(file, &first, &last), 1);
	for (int i = 0; i < 2; i++) {
		unsigned int left = i ? 100 : 1000000;

		while (left-- && stackid_file_next(file, &event) == 1) {
			if (!sums[0])
				CHECK_EQUAL(event->time, first);
			CHECK(event->time >= time || left == 99);
			time = event->time;
			sums[i] += event->time * event->stack;
		}
		if (!i)
			CHECK_EQUAL(stackid_file_next(file, &event), 0);
		CHECK_EQUAL(stackid_file_rewind(file), 0);
		if (!i)
			nr_stacks = stackid_file_nr_stacks(file);
	}
	/* The second time was left in its middle. */
	sums[1] = 0;
	while (stackid_file_next(file, &event) == 1) {
		sums[1] += event->time * event->stack;
		time = event->time;
	}
	CHECK_EQUAL(time, last);
	CHECK_EQUAL(sums[0], sums[1]);
	CHECK_EQUAL(stackid_file_nr_stacks(file), nr_stacks);
	stackid_file_close(file);
}

static void test_stacks(void)
{
	struct stackid_file *file = open_file();
	const struct stackid_file_event *event;
	const struct stackid_file_stack *stack;
	unsigned int exact = 0, cut = 0, unknown = 0;

	while (stackid_file_next(file, &event) == 1)
		;
	for (uint32_t i = 1; i <= stackid_file_nr_stacks(file); i++) {
		CHECK_EQUAL(stackid_file_stack(file, i, &stack), 0);
		CHECK(stack->nr && stack->nr <= stack->depth);
		cut += stack->nr < stack->depth;
		for (uint32_t k = 0; k < stack->nr; k++) {
			const struct stackid_file_frame *frame =
				&stack->frames[k];

			CHECK(*frame->symbol && *frame->module);
			/* Only a probe or a sample begins where it was. */
			CHECK(!frame->exact || !k);
			exact += frame->exact;
			unknown += !frame->number;
			CHECK(frame->number ||
			      !strcmp(frame->symbol, "[unknown]"));
		}
	}
	/* ids 4 and 5 of two generations, and the one of child */
	CHECK(exact >= 4);
	CHECK_EQUAL(cut, 1);
	CHECK(unknown >= 1);
	stackid_file_close(file);
}

static void test_misuse(void)
{
	struct stackid_file *file = stackid_file_new();
	const struct stackid_file_event *event;
	const struct stackid_file_stack *stack;
	const struct stackid_file_event_name *name;

	stackid_file_close(NULL);
	CHECK_EQUAL(-stackid_file_next(file, &event), -STACKID_FILE_MISUSED);
	CHECK(strstr(stackid_file_message(file), "no data file is open"));
	CHECK_EQUAL(-stackid_file_event_at(file, 0, &name),
		    -STACKID_FILE_MISUSED);
	CHECK(!stackid_file_key(file, "hostname"));
	CHECK_EQUAL(stackid_file_lost(file), 0);
	CHECK_EQUAL(-stackid_file_open(file, path, 8), -STACKID_FILE_MISUSED);
	CHECK_EQUAL(stackid_file_open(file, path, STACKID_FILE_TRUSTED), 0);
	CHECK_EQUAL(-stackid_file_open(file, path, 0), -STACKID_FILE_MISUSED);
	CHECK_EQUAL(-stackid_file_stack(file, 0, &stack),
		    -STACKID_FILE_MISUSED);
	CHECK_EQUAL(-stackid_file_stack(file, 1000, &stack),
		    -STACKID_FILE_MISUSED);
	CHECK(strstr(stackid_file_message(file), "no stack 1000"));
	/* None of that has harmed it. */
	CHECK_EQUAL(stackid_file_next(file, &event), 1);
	stackid_file_close(file);
}

static void test_no_file(void)
{
	struct stackid_file *file = stackid_file_new();
	const struct stackid_file_event *event;

	errno = 0;
	CHECK_EQUAL(-stackid_file_open(file, "/nonexistent/\033[31m", 0),
		    -STACKID_FILE_UNOPENED);
	CHECK_EQUAL(errno, ENOENT);
	CHECK(!strcmp(stackid_file_message(file),
		      "cannot open /nonexistent/?[31m: No such file or directory"));
	CHECK_EQUAL(-stackid_file_next(file, &event), -STACKID_FILE_UNOPENED);
	stackid_file_close(file);

	file = stackid_file_new();
	CHECK_EQUAL(-stackid_file_open_fd(file, 4711, "that", 0),
		    -STACKID_FILE_UNOPENED);
	stackid_file_close(file);

	file = stackid_file_new();
	CHECK_EQUAL(-stackid_file_open(file, "/proc/self/exe", 0),
		    -STACKID_FILE_UNREADABLE);
	CHECK(strstr(stackid_file_message(file), "was not written by stackid"));
	stackid_file_close(file);

	file = stackid_file_new();
	CHECK_EQUAL(-stackid_file_open(file, "/", 0), -STACKID_FILE_UNREADABLE);
	CHECK(strstr(stackid_file_message(file), "is a directory"));
	stackid_file_close(file);
}

int main(int argc, char **argv)
{
	static const struct test tests[] = {
		TEST(test_keys),
		TEST(test_events),
		TEST(test_modules),
		TEST(test_losses),
		TEST(test_rewind),
		TEST(test_stacks),
		TEST(test_misuse),
		TEST(test_no_file),
	};

	if (argc != 2)
		return 1;
	path = argv[1];
	return test_main(tests, sizeof(tests) / sizeof(tests[0]));
}
