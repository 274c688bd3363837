// SPDX-License-Identifier: GPL-2.0
/* Where a hit's stack begins, from registers that are made up. */
#include <kunit/test.h>

#include "../module/source/counters.h"

#define RETURN_TO	0xffffffff81001234UL
#define CALLER_BP	0xffffc90000003f00UL

/* perf_fetch_caller_regs(): the frame of a function, and where it returns to. */
static void a_function_s_frame_begins_at_its_caller(struct kunit *test)
{
	unsigned long stack[] = { CALLER_BP, RETURN_TO, 17, 18 };
	struct unwind_start from =
		stackid_made_up_start(RETURN_TO, (unsigned long)stack);

	KUNIT_EXPECT_NULL(test, from.regs);
	KUNIT_EXPECT_EQ(test, from.ip, RETURN_TO);
	KUNIT_EXPECT_EQ(test, from.sp, (unsigned long)(stack + 2));
	KUNIT_EXPECT_EQ(test, from.bp, CALLER_BP);
}

/* ftrace_fill_perf_regs(): a function's ip, and sp as it is at its entry. */
static void an_entered_function_begins_at_itself(struct kunit *test)
{
	unsigned long stack[] = { RETURN_TO, 17, 18, 19 };
	unsigned long inside = RETURN_TO + 0x1000;
	struct unwind_start from =
		stackid_made_up_start(inside, (unsigned long)stack);

	KUNIT_EXPECT_NULL(test, from.regs);
	KUNIT_EXPECT_EQ(test, from.ip, inside);
	KUNIT_EXPECT_EQ(test, from.sp, (unsigned long)stack);
	KUNIT_EXPECT_EQ(test, from.bp, 0UL);
}

static struct kunit_case counters_cases[] = {
	KUNIT_CASE(a_function_s_frame_begins_at_its_caller),
	KUNIT_CASE(an_entered_function_begins_at_itself),
	{}
};

static struct kunit_suite counters_suite = {
	.name = "stackid_counters",
	.test_cases = counters_cases,
};

kunit_test_suite(counters_suite);

MODULE_LICENSE("GPL");
