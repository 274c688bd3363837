/* SPDX-License-Identifier: GPL-2.0 */
/* What a unit test needs: a name, checks, and a verdict a line. */
#ifndef STACKID_TEST_H
#define STACKID_TEST_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../lib/compiler.h"

struct test {
	const char *name;
	void (*run)(void);
};

#define TEST(function) { #function, function }

/* How many checks of the running test have failed; the first are explained. */
extern unsigned int test_failures;
#define TEST_EXPLAINED 10

#define CHECK(condition) do {						\
	if (!(condition) && test_failures++ < TEST_EXPLAINED)		\
		printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition);\
} while (0)

#define CHECK_EQUAL(got, want) do {					\
	uint64_t _got = (got), _want = (want);				\
	if (_got != _want && test_failures++ < TEST_EXPLAINED)		\
		printf("# %s:%d: %s is %" PRIu64 " (0x%" PRIx64		\
		       ") instead of %" PRIu64 "\n", __FILE__, __LINE__, \
		       #got, _got, _got, _want);			\
} while (0)

/* Prints "ok NAME" or "not ok NAME" for each; what main() returns. */
int test_main(const struct test *tests, size_t nr);

/* Complaints that are expected would only confuse. */
void test_silence(void);
void test_speak(void);

/* An empty file that is gone at exit; *path is static. */
int test_file(const char **path);

#endif /* STACKID_TEST_H */
