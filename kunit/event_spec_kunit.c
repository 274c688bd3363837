// SPDX-License-Identifier: GPL-2.0
/* The lines of the file "events", and the reasons for which one is refused. */
#include <kunit/test.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "../module/recording/event_spec.h"
#include "../module/recording/event_value.h"

struct spec_test {
	struct event_line parsed;
	struct refusal why;
};

static int spec_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct spec_test), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);
	return 0;
}

static int parse(struct kunit *test, const char *line)
{
	struct spec_test *t = test->priv;

	return stackid_event_spec_parse(line, strlen(line), &t->parsed,
					&t->why);
}

static void a_name_alone_adds_the_event(struct kunit *test)
{
	struct spec_test *t = test->priv;

	KUNIT_ASSERT_EQ(test, parse(test, "sched:sched_switch"), 0);
	KUNIT_EXPECT_EQ(test, (int)t->parsed.verb, (int)EVENT_ADD);
	KUNIT_EXPECT_STREQ(test, t->parsed.spec.name, "sched:sched_switch");
	KUNIT_EXPECT_EQ(test, t->parsed.spec.freq, 0ULL);
	KUNIT_EXPECT_EQ(test, t->parsed.spec.period, 0ULL);
	KUNIT_EXPECT_EQ(test, t->parsed.spec.nr_args, 0U);
	KUNIT_EXPECT_EQ(test, t->parsed.spec.nr_values, 0U);
	KUNIT_EXPECT_EQ(test, t->parsed.spec.tasks.nr_pids, 0U);
	KUNIT_EXPECT_EQ(test, (int)t->parsed.spec.tasks.whose, (int)TASK_OF_ALL);
	KUNIT_EXPECT_FALSE(test, t->parsed.spec.kernel_only);
	KUNIT_EXPECT_FALSE(test, t->parsed.spec.irq_full);
}

static void every_option_is_understood(struct kunit *test)
{
	struct spec_test *t = test->priv;
	const struct event_spec *spec = &t->parsed.spec;

	KUNIT_ASSERT_EQ(test, parse(test,
		" \tkprobe:do_sys_open+4\tpid=1,4194304 period=9223372036854775807 value=arg12 irqstack=full # why"),
		0);
	KUNIT_EXPECT_STREQ(test, spec->name, "kprobe:do_sys_open+4");
	KUNIT_EXPECT_EQ(test, (int)spec->tasks.whose, (int)TASK_OF_PROCESSES);
	KUNIT_EXPECT_EQ(test, spec->tasks.nr_pids, 2U);
	KUNIT_EXPECT_EQ(test, spec->tasks.pids[0], 1);
	KUNIT_EXPECT_EQ(test, spec->tasks.pids[1], 4194304);
	KUNIT_EXPECT_EQ(test, spec->period, (u64)S64_MAX);
	KUNIT_EXPECT_EQ(test, spec->nr_args, 12U);
	KUNIT_EXPECT_EQ(test, spec->nr_values, 1U);
	KUNIT_EXPECT_EQ(test, (unsigned int)spec->values[0].arg, 12U);
	KUNIT_EXPECT_TRUE(test, spec->irq_full);

	KUNIT_ASSERT_EQ(test, parse(test, "cpu-clock freq=999 irqstack=cut mode=kernel tid=7"), 0);
	KUNIT_EXPECT_EQ(test, spec->freq, 999ULL);
	KUNIT_EXPECT_FALSE(test, spec->irq_full);
	KUNIT_EXPECT_TRUE(test, spec->kernel_only);
	KUNIT_EXPECT_EQ(test, (int)spec->tasks.whose, (int)TASK_OF_THREADS);
	KUNIT_EXPECT_EQ(test, spec->tasks.nr_pids, 1U);
	KUNIT_EXPECT_EQ(test, spec->tasks.pids[0], 7);

	KUNIT_ASSERT_EQ(test, parse(test, "cycles uid=0"), 0);
	KUNIT_EXPECT_EQ(test, (int)spec->tasks.whose, (int)TASK_OF_USER);
	KUNIT_EXPECT_EQ(test, spec->tasks.user, 0U);
	KUNIT_ASSERT_EQ(test, parse(test, "cycles uid=4294967294"), 0);
	KUNIT_EXPECT_EQ(test, spec->tasks.user, 4294967294U);
}

static void a_minus_removes_the_event(struct kunit *test)
{
	struct spec_test *t = test->priv;

	KUNIT_ASSERT_EQ(test, parse(test, " -cpu-clock "), 0);
	KUNIT_EXPECT_EQ(test, (int)t->parsed.verb, (int)EVENT_REMOVE);
	KUNIT_EXPECT_STREQ(test, t->parsed.spec.name, "cpu-clock");
	KUNIT_EXPECT_EQ(test, t->parsed.name_at, 2);
}

static void blanks_and_comments_are_nothing(struct kunit *test)
{
	static const char * const lines[] = { "", "  \t ", "# freq=1", "  #" };
	struct spec_test *t = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		KUNIT_EXPECT_EQ(test, parse(test, lines[i]), 0);
		KUNIT_EXPECT_EQ(test, (int)t->parsed.verb, (int)EVENT_NOTHING);
	}
}

static void nothing_is_read_beyond_the_length(struct kunit *test)
{
	struct spec_test *t = test->priv;

	KUNIT_ASSERT_EQ(test, stackid_event_spec_parse("cycles freq=12345", 14,
						       &t->parsed, &t->why), 0);
	KUNIT_EXPECT_EQ(test, t->parsed.spec.freq, 12ULL);
}

static void a_line_that_was_printed_can_be_written_back(struct kunit *test)
{
	static const char * const lines[] = {
		"cycles",
		"cycles freq=999 pid=1,2,3",
		"cycles tid=4,5 mode=kernel",
		"cycles uid=0",
		"sched:sched_wakeup value=arg1 irqstack=full",
		"kprobe:vfs_read+8 period=10",
		"a:b value=arg1:u32,next->pid=arg3+1256-8:s32,c=arg12 if=arg4>4096&&arg1:s8!=-1&&arg2+0&16",
		"a:b if=arg1==18446744073709551615",
	};
	struct spec_test *t = test->priv;
	char text[256];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		struct seq_file m = { .buf = text, .size = sizeof(text) };

		KUNIT_ASSERT_EQ(test, parse(test, lines[i]), 0);
		stackid_event_spec_print(&m, &t->parsed.spec);
		text[m.count] = '\0';
		KUNIT_EXPECT_STREQ(test, text, lines[i]);
	}
}

/**
 * struct refused - a line that is refused
 * @says: part of the reason
 */
struct refused {
	const char *line;
	int error;
	int caret;
	const char *says;
};

static const struct refused refused[] = {
	{ "-", -EINVAL, 1, "missing after the minus" },
	{ "- cycles", -EINVAL, 1, "missing after the minus" },
	{ "freq=99", -EINVAL, 0, "name is missing" },
	{ "-cycles freq=99", -EINVAL, 8, "nothing but the event's name" },
	{ "cycles sched:sched_switch", -EINVAL, 7, "line of its own" },
	{ "cycles speed=3", -EINVAL, 7, "no such option" },
	{ "cycles freq=", -EINVAL, 12, "number is missing" },
	{ "cycles freq=0", -EINVAL, 12, "at least 1" },
	{ "cycles freq=-5", -EINVAL, 12, "not a decimal number" },
	{ "cycles freq=0x10", -EINVAL, 12, "not a decimal number" },
	{ "cycles freq=9k", -EINVAL, 12, "not a decimal number" },
	{ "cycles freq=1000000001", -ERANGE, 12, "too big" },
	{ "cycles period=9223372036854775808", -ERANGE, 14, "too big" },
	{ "cycles period=99999999999999999999999999", -ERANGE, 14, "too big" },
	{ "cycles freq=1 period=1", -EINVAL, 14, "contradict" },
	{ "cycles period=1 freq=1", -EINVAL, 16, "contradict" },
	{ "cycles freq=1 freq=2", -EINVAL, 14, "twice" },
	{ "cycles period=1 period=2", -EINVAL, 16, "twice" },
	{ "cycles pid=", -EINVAL, 11, "number is missing" },
	{ "cycles pid=1,", -EINVAL, 13, "number is missing" },
	{ "cycles pid=1,1", -EINVAL, 13, "named twice" },
	{ "cycles pid=4194305", -ERANGE, 11, "too big" },
	{ "cycles pid=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17", -E2BIG, 50,
	  "one too many" },
	{ "cycles pid=1 tid=2", -EINVAL, 13, "contradict" },
	{ "cycles tid=2,2", -EINVAL, 13, "Thread 2 is named twice" },
	{ "cycles uid=1 pid=2", -EINVAL, 13, "contradict" },
	{ "cycles uid=1 uid=1", -EINVAL, 13, "twice" },
	{ "cycles uid=", -EINVAL, 11, "number is missing" },
	{ "cycles uid=4294967295", -ERANGE, 11, "too big" },
	{ "cycles mode=user", -EINVAL, 12, "takes kernel" },
	{ "cycles mode=kernel mode=kernel", -EINVAL, 19, "twice" },
	{ "a:b value=1", -EINVAL, 10, "arg1 to arg12" },
	{ "a:b value=arg", -EINVAL, 13, "from 1 to 12" },
	{ "a:b value=arg0", -EINVAL, 13, "from 1 to 12" },
	{ "a:b value=", -EINVAL, 10, "arg1 to arg12" },
	{ "a:b value=arg1,", -EINVAL, 15, "arg1 to arg12" },
	{ "a:b value==arg1", -EINVAL, 10, "missing before" },
	{ "a:b value=x=arg1,x=arg2", -EINVAL, 17, "called x" },
	{ "a:b value=a23456789012345678901234567890123=arg1", -EINVAL, 10,
	  "31 characters" },
	{ "a:b value=arg1,arg2,arg3,arg4,arg5", -E2BIG, 30, "one value too many" },
	{ "a:b value=arg1+", -EINVAL, 15, "no offset" },
	{ "a:b value=arg1+2147483648", -EINVAL, 15, "no offset" },
	{ "a:b value=arg1+1+2+3+4", -E2BIG, 21, "one offset too many" },
	{ "a:b value=arg1:u7", -EINVAL, 15, "no type" },
	{ "a:b value=arg1:u8+3", -EINVAL, 17, "not understood" },
	{ "a:b value=arg1*2", -EINVAL, 14, "not understood" },
	{ "a:b if=", -EINVAL, 7, "arg1 to arg12" },
	{ "a:b if=size>3", -EINVAL, 7, "arg1 to arg12" },
	{ "a:b if=arg1", -EINVAL, 11, "comparison has to follow" },
	{ "a:b if=arg1=3", -EINVAL, 11, "comparison has to follow" },
	{ "a:b if=arg1>", -EINVAL, 12, "number has to follow" },
	{ "a:b if=arg1>x", -EINVAL, 12, "number has to follow" },
	{ "a:b if=arg1>18446744073709551616", -EINVAL, 12, "number has to follow" },
	{ "a:b if=arg1>-1", -EINVAL, 12, "never negative" },
	{ "a:b if=arg1:s64>-9223372036854775809", -EINVAL, 16,
	  "number has to follow" },
	{ "a:b if=arg1>1&arg2>1", -EINVAL, 13, "joined by &&" },
	{ "a:b if=arg1>1||arg2>1", -EINVAL, 13, "joined by &&" },
	{ "a:b if=arg1>1&&", -EINVAL, 15, "arg1 to arg12" },
	{ "a:b if=arg1>1&&arg1>1&&arg1>1&&arg1>1&&arg1>1&&arg1>1&&arg1>1&&arg1>1&&arg1>1",
	  -E2BIG, 71, "one comparison too many" },
	{ "a:b if=arg1>1 if=arg1>2", -EINVAL, 14, "twice" },
	{ "a:b value=arg13", -ERANGE, 13, "too big" },
	{ "a:b value=arg1 value=arg1", -EINVAL, 15, "twice" },
	{ "a:b irqstack=half", -EINVAL, 13, "cut" },
	{ "a:b irqstack=cut irqstack=full", -EINVAL, 17, "twice" },
	{ "a:b\x01", -EINVAL, 3, "0x01 is not allowed" },
	{ "a:\xc3\xa4", -EINVAL, 2, "0xc3 is not allowed" },
};

static void every_refusal_has_its_reason_and_place(struct kunit *test)
{
	struct spec_test *t = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		const struct refused *r = &refused[i];

		memset(&t->why, 0, sizeof(t->why));
		KUNIT_EXPECT_EQ_MSG(test, parse(test, r->line), r->error,
				    "%s", r->line);
		KUNIT_EXPECT_EQ_MSG(test, t->why.caret, r->caret, "%s",
				    r->line);
		KUNIT_EXPECT_TRUE_MSG(test, strstr(t->why.text, r->says),
				      "%s: %s", r->line, t->why.text);
	}
}

static void a_nul_in_the_line_is_refused(struct kunit *test)
{
	struct spec_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, stackid_event_spec_parse("a:b\0 freq=1", 11,
						       &t->parsed, &t->why),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, t->why.caret, 3);
	KUNIT_EXPECT_NOT_NULL(test, strstr(t->why.text, "NUL"));
}

static void a_name_may_have_127_characters(struct kunit *test)
{
	struct spec_test *t = test->priv;
	char line[129];

	memset(line, 'n', 128);
	line[127] = '\0';
	KUNIT_ASSERT_EQ(test, parse(test, line), 0);
	KUNIT_EXPECT_STREQ(test, t->parsed.spec.name, line);
	line[127] = 'n';
	line[128] = '\0';
	KUNIT_EXPECT_EQ(test, parse(test, line), -EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, strstr(t->why.text, "127"));
}

struct inner {
	u64 before;
	s16 negative;
	u8 byte;
};

struct outer {
	u32 before;
	s32 number;
	struct inner *inner;
};

/* User Mode Linux takes such a fault for its own end; values.sh has it elsewhere. */
static bool can_be_tried(bool wrong_address)
{
	return !wrong_address || !IS_ENABLED(CONFIG_UML);
}

/* The first value of the line. */
static u64 value_of(struct kunit *test, const char *line,
		    const unsigned long *args, bool *known)
{
	struct spec_test *t = test->priv;
	u64 value = 0xdead;

	KUNIT_EXPECT_EQ_MSG(test, parse(test, line), 0, "%s", t->why.text);
	*known = event_value_get(&t->parsed.spec.values[0], args, &value);
	return value;
}

static void values_are_found(struct kunit *test)
{
	struct inner inner = { .negative = -5, .byte = 200 };
	struct outer outer = { .number = -7, .inner = &inner };
	unsigned long args[] = { 0xffffffff80000001, (unsigned long)&outer, 0 };
	static const struct {
		const char *line;
		u64 value;
		bool known;
	} cases[] = {
		{ "a:b value=arg1", 0xffffffff80000001, true },
		{ "a:b value=arg1:u32", 0x80000001, true },
		{ "a:b value=arg1:s32", 0xffffffff80000001, true },
		{ "a:b value=arg1:u8", 1, true },
		{ "a:b value=arg2+4:s32", -7, true },
		{ "a:b value=arg2+4:u32", 0xfffffff9, true },
		{ "a:b value=arg2+8+8:s16", -5, true },
		{ "a:b value=arg2+8+10:u8", 200, true },
		{ "a:b value=arg2+8+10:s8", (u64)-56, true },
		{ "a:b value=arg3+0", 0, false },
		{ "a:b value=arg3+0+8", 0, false },
		{ "a:b value=arg2+8-0+2147483647:u8", 0, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bool known;
		u64 value;

		if (!can_be_tried(!cases[i].known))
			continue;
		value = value_of(test, cases[i].line, args, &known);
		KUNIT_EXPECT_EQ_MSG(test, known, cases[i].known, "%s",
				    cases[i].line);
		KUNIT_EXPECT_EQ_MSG(test, value, cases[i].value, "%s",
				    cases[i].line);
	}
}

static void conditions_compare(struct kunit *test)
{
	struct spec_test *t = test->priv;
	struct outer outer = { .number = -7 };
	unsigned long args[] = { 10, (unsigned long)&outer, 0, -1UL };
	static const struct {
		const char *line;
		bool passes;
	} cases[] = {
		{ "a:b", true },
		{ "a:b if=arg1==10", true }, { "a:b if=arg1==11", false },
		{ "a:b if=arg1!=11", true }, { "a:b if=arg1!=10", false },
		{ "a:b if=arg1<11", true }, { "a:b if=arg1<10", false },
		{ "a:b if=arg1<=10", true }, { "a:b if=arg1<=9", false },
		{ "a:b if=arg1>9", true }, { "a:b if=arg1>10", false },
		{ "a:b if=arg1>=10", true }, { "a:b if=arg1>=11", false },
		{ "a:b if=arg1&0x8", true }, { "a:b if=arg1&5", false },
		{ "a:b if=arg4>0x7fffffffffffffff", true },
		{ "a:b if=arg4:s64<0", true }, { "a:b if=arg4:s64==-1", true },
		{ "a:b if=arg4:s64>-1", false },
		{ "a:b if=arg2+4:s32<0", true }, { "a:b if=arg2+4:s32>-8", true },
		{ "a:b if=arg2+4:u32<8", false },
		{ "a:b if=arg3+0==0", false }, { "a:b if=arg3+0!=1", false },
		{ "a:b if=arg1>9&&arg1<11", true },
		{ "a:b if=arg1>9&&arg1<10", false },
		{ "a:b if=arg1&2&&arg1&8", true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		if (!can_be_tried(strstr(cases[i].line, "arg3")))
			continue;
		KUNIT_ASSERT_EQ_MSG(test, parse(test, cases[i].line), 0, "%s",
				    t->why.text);
		KUNIT_EXPECT_EQ_MSG(test,
				    stackid_event_conditions_hold(t->parsed.spec.conditions,
								      t->parsed.spec.nr_conditions,
								      args),
				    cases[i].passes, "%s", cases[i].line);
	}
}

static struct kunit_case spec_cases[] = {
	KUNIT_CASE(a_name_alone_adds_the_event),
	KUNIT_CASE(every_option_is_understood),
	KUNIT_CASE(a_minus_removes_the_event),
	KUNIT_CASE(blanks_and_comments_are_nothing),
	KUNIT_CASE(nothing_is_read_beyond_the_length),
	KUNIT_CASE(a_line_that_was_printed_can_be_written_back),
	KUNIT_CASE(every_refusal_has_its_reason_and_place),
	KUNIT_CASE(a_nul_in_the_line_is_refused),
	KUNIT_CASE(a_name_may_have_127_characters),
	KUNIT_CASE(values_are_found),
	KUNIT_CASE(conditions_compare),
	{}
};

static struct kunit_suite spec_suite = {
	.name = "stackid_event_spec",
	.init = spec_test_init,
	.test_cases = spec_cases,
};

kunit_test_suite(spec_suite);

MODULE_LICENSE("GPL");
