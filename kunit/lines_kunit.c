// SPDX-License-Identifier: GPL-2.0
/* Lines out of the pieces in which a program writes them. */
#include <kunit/test.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "../module/debugfs/lines.h"

/* What the verdicts were asked for: lines, each with a '|' behind it. */
struct lines_test {
	struct lines lines;
	int error;
	size_t longest;
	char seen[256];
};

static int lines_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct lines_test), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static int verdict(void *context, const char *line, size_t len)
{
	struct lines_test *t = context;
	size_t at = strlen(t->seen);

	t->longest = max(t->longest, len);
	len = min(len, sizeof(t->seen) - at - 2);
	memcpy(t->seen + at, line, len);
	strcpy(t->seen + at + len, "|");
	return t->error;
}

/* As a write(2) of the text would; without the guess that its end ends the line. */
static int write_text(struct lines_test *t, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		size_t room;
		char *to = stackid_lines_room(&t->lines, &room);
		ssize_t n = min(left, room);

		memcpy(to, text, n);
		n = stackid_lines_take(&t->lines, n, verdict, t);
		if (n < 0)
			return n;
		text += n;
		left -= n;
	}
	return 0;
}

static int end(struct lines_test *t)
{
	return stackid_lines_end(&t->lines, verdict, t);
}

static void each_line_comes_once_however_it_is_cut(struct kunit *test)
{
	static const char text[] = "a b\nc\n\nlast\n";
	struct lines_test *t = test->priv;
	char byte[2] = "";
	size_t i;

	KUNIT_EXPECT_EQ(test, write_text(t, text), 0);
	KUNIT_EXPECT_STREQ(test, t->seen, "a b|c||last|");
	t->seen[0] = '\0';
	for (i = 0; i < strlen(text); i++) {
		byte[0] = text[i];
		KUNIT_EXPECT_EQ(test, write_text(t, byte), 0);
	}
	KUNIT_EXPECT_STREQ(test, t->seen, "a b|c||last|");
	KUNIT_EXPECT_EQ(test, end(t), 0);
	KUNIT_EXPECT_STREQ(test, t->seen, "a b|c||last|");
}

static void a_line_without_a_newline_waits_for_its_end(struct kunit *test)
{
	struct lines_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, write_text(t, "one"), 0);
	KUNIT_EXPECT_STREQ(test, t->seen, "");
	KUNIT_EXPECT_EQ(test, end(t), 0);
	KUNIT_EXPECT_STREQ(test, t->seen, "one|");
	KUNIT_EXPECT_EQ(test, end(t), 0);
	KUNIT_EXPECT_STREQ(test, t->seen, "one|");
}

/* The writer has heard the error: nothing may be carried out later, by a close. */
static void a_refused_line_is_forgotten_whatever_the_error(struct kunit *test)
{
	static const int errors[] = { -EINVAL, -ENOMEM, -EBUSY };
	struct lines_test *t = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		t->seen[0] = '\0';
		t->error = errors[i];
		KUNIT_EXPECT_EQ(test, write_text(t, "refused\nnever"), errors[i]);
		KUNIT_EXPECT_EQ(test, write_text(t, "again"), 0);
		KUNIT_EXPECT_EQ(test, end(t), errors[i]);
		t->error = 0;
		KUNIT_EXPECT_EQ(test, end(t), 0);
		KUNIT_EXPECT_STREQ(test, t->seen, "refused|again|");
	}
}

static void what_could_not_be_read_is_dropped(struct kunit *test)
{
	struct lines_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, write_text(t, "half"), 0);
	stackid_lines_drop(&t->lines);
	KUNIT_EXPECT_EQ(test, write_text(t, "whole\n"), 0);
	KUNIT_EXPECT_STREQ(test, t->seen, "whole|");
}

static void a_line_that_is_too_long_is_told_by_its_length(struct kunit *test)
{
	struct lines_test *t = test->priv;
	unsigned int i;

	for (i = 0; i < STACKID_EVENT_LINE_SIZE - 1; i++)
		KUNIT_ASSERT_EQ(test, write_text(t, "x"), 0);
	KUNIT_EXPECT_EQ(test, t->longest, (size_t)0);
	t->error = -E2BIG;
	KUNIT_EXPECT_EQ(test, write_text(t, "x"), -E2BIG);
	KUNIT_EXPECT_EQ(test, t->longest, (size_t)STACKID_EVENT_LINE_SIZE);
	t->error = 0;
	t->seen[0] = '\0';
	KUNIT_EXPECT_EQ(test, write_text(t, "next\n"), 0);
	KUNIT_EXPECT_STREQ(test, t->seen, "next|");
}

static struct kunit_case lines_cases[] = {
	KUNIT_CASE(each_line_comes_once_however_it_is_cut),
	KUNIT_CASE(a_line_without_a_newline_waits_for_its_end),
	KUNIT_CASE(a_refused_line_is_forgotten_whatever_the_error),
	KUNIT_CASE(what_could_not_be_read_is_dropped),
	KUNIT_CASE(a_line_that_is_too_long_is_told_by_its_length),
	{}
};

static struct kunit_suite lines_suite = {
	.name = "stackid_lines",
	.init = lines_test_init,
	.test_cases = lines_cases,
};

kunit_test_suite(lines_suite);

MODULE_LICENSE("GPL");
