// SPDX-License-Identifier: GPL-2.0
/* The texts of stacks that were printed lately. */
#include <kunit/test.h>
#include <linux/string.h>

#include "../module/debugfs/stack_texts.h"

static int stack_texts_test_init(struct kunit *test)
{
	test->priv = stackid_stack_texts_create();
	return test->priv ? 0 : -ENOMEM;
}

static void stack_texts_test_exit(struct kunit *test)
{
	stackid_stack_texts_destroy(test->priv);
}

static void keep(struct kunit *test, u64 generation, u32 id, const char *at)
{
	stackid_stack_texts_keep(test->priv, generation, id, at, strlen(at));
}

static bool is_kept(struct kunit *test, u64 generation, u32 id, const char *at)
{
	const struct stack_text *text;

	text = stackid_stack_texts_find(test->priv, generation, id);
	return text && text->len == strlen(at) &&
	       !memcmp(text->at, at, text->len);
}

static void what_is_kept_is_found(struct kunit *test)
{
	keep(test, 1, 7, " => a\n => b\n");
	keep(test, 1, 8, "");
	KUNIT_EXPECT_TRUE(test, is_kept(test, 1, 7, " => a\n => b\n"));
	KUNIT_EXPECT_TRUE(test, is_kept(test, 1, 8, ""));
	KUNIT_EXPECT_NULL(test, stackid_stack_texts_find(test->priv, 1, 9));
}

static void a_slot_that_is_free_is_no_stack(struct kunit *test)
{
	u32 id;

	for (id = 1; id <= 5000; id++)
		KUNIT_ASSERT_NULL(test, stackid_stack_texts_find(test->priv,
								 0, id));
}

/* The first generation's number is 1, and an id says nothing without it. */
static void an_id_of_another_generation_is_another_stack(struct kunit *test)
{
	keep(test, 1, 7, "old");
	KUNIT_EXPECT_NULL(test, stackid_stack_texts_find(test->priv, 2, 7));
	keep(test, 2, 7, "new");
	KUNIT_EXPECT_TRUE(test, is_kept(test, 2, 7, "new"));
	KUNIT_EXPECT_NULL(test, stackid_stack_texts_find(test->priv, 1, 7));
}

/* More than there are slots: each has its own text, or none. */
static void what_shares_a_slot_is_never_mixed_up(struct kunit *test)
{
	unsigned int kept = 0;
	char at[16];
	u32 id;

	for (id = 1; id <= 4000; id++) {
		snprintf(at, sizeof(at), "stack %u", id);
		keep(test, 1, id, at);
		KUNIT_ASSERT_TRUE(test, is_kept(test, 1, id, at));
	}
	for (id = 1; id <= 4000; id++) {
		if (!stackid_stack_texts_find(test->priv, 1, id))
			continue;
		snprintf(at, sizeof(at), "stack %u", id);
		KUNIT_EXPECT_TRUE(test, is_kept(test, 1, id, at));
		kept++;
	}
	KUNIT_EXPECT_GT(test, kept, 512u);
	KUNIT_EXPECT_LE(test, kept, 1024u);
}

static void a_text_that_is_very_long_leaves_what_is_there(struct kunit *test)
{
	char *at = kunit_kzalloc(test, 5000, GFP_KERNEL);
	const struct stack_text *text;

	KUNIT_ASSERT_NOT_NULL(test, at);
	memset(at, 'x', 4999);
	keep(test, 1, 7, "short");
	keep(test, 2, 7, at);
	KUNIT_EXPECT_NULL(test, stackid_stack_texts_find(test->priv, 2, 7));
	KUNIT_EXPECT_TRUE(test, is_kept(test, 1, 7, "short"));
	at[4096] = 0;
	keep(test, 2, 7, at);
	text = stackid_stack_texts_find(test->priv, 2, 7);
	KUNIT_ASSERT_NOT_NULL(test, text);
	KUNIT_EXPECT_EQ(test, text->len, 4096u);
}

static struct kunit_case stack_texts_cases[] = {
	KUNIT_CASE(what_is_kept_is_found),
	KUNIT_CASE(a_slot_that_is_free_is_no_stack),
	KUNIT_CASE(an_id_of_another_generation_is_another_stack),
	KUNIT_CASE(what_shares_a_slot_is_never_mixed_up),
	KUNIT_CASE(a_text_that_is_very_long_leaves_what_is_there),
	{}
};

static struct kunit_suite stack_texts_suite = {
	.name = "stackid_stack_texts",
	.init = stack_texts_test_init,
	.exit = stack_texts_test_exit,
	.test_cases = stack_texts_cases,
};

kunit_test_suite(stack_texts_suite);

MODULE_LICENSE("GPL");
