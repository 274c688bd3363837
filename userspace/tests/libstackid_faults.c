// SPDX-License-Identifier: GPL-2.0
/*
 * Lets each allocation of libstackid fail, one after the other, and then each with all
 * that follow: libstackid_faults FILE.  A call may end with STACKID_FILE_MEMORY or
 * succeed; nothing of the file may be left when it is closed, neither memory nor an open
 * descriptor.  It is linked with the static library, whose malloc() and its like are the
 * ones below.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libstackid.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t nr, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t nr, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *memory);

/* Allocations so far, the one that is to fail, and what has not been freed. */
static unsigned long nr_asked;
static unsigned long fails;
static bool for_ever;
static long nr_live;

static bool may_have(void)
{
	nr_asked++;
	return for_ever ? nr_asked < fails : nr_asked != fails;
}

void *__wrap_malloc(size_t size)
{
	void *memory = may_have() ? __real_malloc(size) : NULL;

	nr_live += !!memory;
	return memory;
}

void *__wrap_calloc(size_t nr, size_t size)
{
	void *memory = may_have() ? __real_calloc(nr, size) : NULL;

	nr_live += !!memory;
	return memory;
}

void *__wrap_realloc(void *old, size_t size)
{
	void *memory = may_have() ? __real_realloc(old, size) : NULL;

	nr_live += memory && !old;
	return memory;
}

void __wrap_free(void *memory)
{
	nr_live -= !!memory;
	__real_free(memory);
}

static unsigned int count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int nr = 0;

	while (dir && readdir(dir))
		nr++;
	if (dir)
		closedir(dir);
	return nr;
}

/* What a program does with a file, up to the first call that fails. */
static int read_file(struct stackid_file *file, const char *path)
{
	const struct stackid_file_event *event;
	const struct stackid_file_stack *stack;
	uint64_t first, last;
	int ret = stackid_file_open(file, path, 0);

	for (int i = 0; !ret && i < 2; i++) {
		while ((ret = stackid_file_next(file, &event)) > 0) {
			if (!event->stack)
				continue;
			ret = stackid_file_stack(file, event->stack, &stack);
			if (ret)
				return ret;
		}
		if (!ret)
			ret = stackid_file_rewind(file);
	}
	if (!ret && stackid_file_span(file, &first, &last) < 0)
		ret = STACKID_FILE_MEMORY;
	return ret;
}

/* What comes after a failure is that failure again. */
static bool stays_failed(struct stackid_file *file, const char *path)
{
	const struct stackid_file_event *event;

	return *stackid_file_message(file) &&
	       stackid_file_next(file, &event) == STACKID_FILE_MEMORY &&
	       stackid_file_rewind(file) == STACKID_FILE_MEMORY &&
	       stackid_file_open(file, path, 0) == STACKID_FILE_MEMORY &&
	       !stackid_file_nr_stacks(file) && !stackid_file_warning(file, 0);
}

/* False after a line that says what was wrong. */
static bool try(const char *path, bool *failed)
{
	unsigned int descriptors = count_descriptors();
	struct stackid_file *file;
	bool right = true;
	int ret;

	nr_live = 0;
	nr_asked = 0;
	file = stackid_file_new();
	*failed = !file;
	if (file) {
		ret = read_file(file, path);
		*failed = ret;
		if (ret && (ret != STACKID_FILE_MEMORY ||
			    !stays_failed(file, path))) {
			printf("allocation %lu failed, and a call returned %d: %s\n",
			       fails, ret, stackid_file_message(file));
			right = false;
		}
	}
	stackid_file_close(file);
	if (nr_live) {
		printf("allocation %lu failed, and %ld others were never freed\n",
		       fails, nr_live);
		right = false;
	}
	if (count_descriptors() != descriptors) {
		printf("allocation %lu failed, and a descriptor stayed open\n",
		       fails);
		right = false;
	}
	return right;
}

int main(int argc, char **argv)
{
	unsigned long nr_failed = 0;
	bool right = argc == 2, failed;

	for (int i = 0; right && i < 2; i++) {
		for_ever = i;
		fails = 0;
		do {
			fails++;
			right = try(argv[1], &failed);
			nr_failed += failed;
		} while (right && nr_asked >= fails);
		printf("%lu allocations, %lu of the calls failed\n", fails - 1,
		       nr_failed);
		right = right && nr_failed && !failed;
	}
	return !right;
}
