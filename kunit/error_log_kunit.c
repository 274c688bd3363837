// SPDX-License-Identifier: GPL-2.0
/* The refusals, as error_log shows them. */
#include <kunit/test.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "../module/debugfs/error_log.h"

struct log_test {
	struct error_log *log;
	struct refusal why;
	char text[8192];
};

static int log_test_init(struct kunit *test)
{
	struct log_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, t);
	t->log = stackid_error_log_create();
	KUNIT_ASSERT_NOT_NULL(test, t->log);
	test->priv = t;
	return 0;
}

static void log_test_exit(struct kunit *test)
{
	struct log_test *t = test->priv;

	if (t)
		stackid_error_log_destroy(t->log);
}

static void refuse(struct log_test *t, const char *command, size_t len,
		   int caret, int number)
{
	stackid_refuse(&t->why, -EINVAL, caret, "Reason %d.", number);
	stackid_error_log_add(t->log, "events", command, len, &t->why);
}

static const char *show(struct log_test *t)
{
	struct seq_file m = { .buf = t->text, .size = sizeof(t->text) - 1 };

	stackid_error_log_show(t->log, &m);
	t->text[m.count] = '\0';
	return t->text;
}

static void a_refusal_fills_in_reason_and_caret(struct kunit *test)
{
	struct log_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, stackid_refuse(&t->why, -E2BIG, 4, "%s has %d.",
					     "It", 17), -E2BIG);
	KUNIT_EXPECT_EQ(test, t->why.caret, 4);
	KUNIT_EXPECT_STREQ(test, t->why.text, "It has 17.");
}

static void an_overlong_reason_is_cut(struct kunit *test)
{
	struct log_test *t = test->priv;

	stackid_refuse(&t->why, -EINVAL, -1, "%0300d", 7);
	KUNIT_EXPECT_EQ(test, strlen(t->why.text), sizeof(t->why.text) - 1);
}

static void without_refusals_the_log_is_empty(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, show(test->priv), "");
}

static void the_caret_stands_under_its_word(struct kunit *test)
{
	struct log_test *t = test->priv;

	refuse(t, "sched:x\tfreq=0\n", 15, 8, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(show(t),
		"events: error: Reason 1.\n"
		"  Command: sched:x freq=0\n"
		"                   ^\n"));
}

static void a_refused_opening_shows_no_command(struct kunit *test)
{
	struct log_test *t = test->priv;

	stackid_refuse(&t->why, -EBUSY, -1, "Reason.");
	stackid_error_log_add(t->log, "trace_pipe", NULL, 0, &t->why);
	KUNIT_EXPECT_NOT_NULL(test, strstr(show(t), "trace_pipe: error: Reason."));
	KUNIT_EXPECT_NULL(test, strstr(t->text, "Command"));
}

static void strange_bytes_are_shown_as_question_marks(struct kunit *test)
{
	struct log_test *t = test->priv;

	refuse(t, "a\0b\x1b[31m\xff", 9, -1, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(show(t), "  Command: a?b?[31m?\n"));
}

static void a_command_beyond_all_bounds_is_cut(struct kunit *test)
{
	char *command = kunit_kzalloc(test, 5000, GFP_KERNEL);
	struct log_test *t = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, command);
	memset(command, 'x', 5000);
	refuse(t, command, 5000, 4990, 1);
	KUNIT_EXPECT_NOT_NULL(test, strstr(show(t), "xxx...\n"));
	KUNIT_EXPECT_LT(test, strlen(t->text), (size_t)1000);
	KUNIT_EXPECT_NULL(test, strchr(t->text, '^'));
}

static void the_last_ones_stay_in_order(struct kunit *test)
{
	struct log_test *t = test->priv;
	const char *at = t->text;
	char reason[16];
	int i;

	for (i = 1; i <= 11; i++)
		refuse(t, "x", 1, 0, i);
	show(t);
	KUNIT_EXPECT_NULL(test, strstr(t->text, "Reason 3."));
	for (i = 4; i <= 11; i++) {
		snprintf(reason, sizeof(reason), "Reason %d.", i);
		at = strstr(at, reason);
		KUNIT_ASSERT_NOT_NULL(test, at);
	}
}

static struct kunit_case log_cases[] = {
	KUNIT_CASE(a_refusal_fills_in_reason_and_caret),
	KUNIT_CASE(an_overlong_reason_is_cut),
	KUNIT_CASE(without_refusals_the_log_is_empty),
	KUNIT_CASE(the_caret_stands_under_its_word),
	KUNIT_CASE(a_refused_opening_shows_no_command),
	KUNIT_CASE(strange_bytes_are_shown_as_question_marks),
	KUNIT_CASE(a_command_beyond_all_bounds_is_cut),
	KUNIT_CASE(the_last_ones_stay_in_order),
	{}
};

static struct kunit_suite log_suite = {
	.name = "stackid_error_log",
	.init = log_test_init,
	.exit = log_test_exit,
	.test_cases = log_cases,
};

kunit_test_suite(log_suite);

MODULE_LICENSE("GPL");
