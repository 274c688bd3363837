// SPDX-License-Identifier: GPL-2.0
/*
 * value= and if= of a line of the file "events", as text.
 *
 *   VALUE       [NAME=]FETCH
 *   FETCH       argN[OFFSET[OFFSET[OFFSET]]][:TYPE], an OFFSET with its sign
 *   CONDITION   FETCH COMPARISON NUMBER, without blanks
 */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>

#include "event.h"
#include "event_value_spec.h"
#include "event_words.h"

/* The longest number is -9223372036854775808. */
#define NUMBER_SIZE 24

static const struct {
	const char *name;
	u8 shift;
	bool is_signed;
} types[] = {
	{ "u64", 0 }, { "u32", 32 }, { "u16", 48 }, { "u8", 56 },
	{ "s64", 0, true }, { "s32", 32, true }, { "s16", 48, true },
	{ "s8", 56, true },
};

/* The longer ones first, as a shorter one is the beginning of some. */
static const struct {
	const char *sign;
	enum event_comparison comparison;
} comparisons[] = {
	{ "==", EVENT_EQUAL }, { "!=", EVENT_NOT_EQUAL },
	{ "<=", EVENT_LESS_OR_EQUAL }, { ">=", EVENT_GREATER_OR_EQUAL },
	{ "<", EVENT_LESS }, { ">", EVENT_GREATER }, { "&", EVENT_HAS_BITS },
};

static int caret(const struct parser *p, const char *at)
{
	return at - p->line;
}

/* Digits, and what may be among them: "0x1f", "12". */
static struct word take_number(struct word *rest)
{
	struct word number = { .at = rest->at };

	while (number.len < rest->len && isalnum(rest->at[number.len]))
		number.len++;
	rest->at += number.len;
	rest->len -= number.len;
	return number;
}

static bool to_number(const struct word *word, u64 *number)
{
	char text[NUMBER_SIZE];

	if (!word->len || word->len >= sizeof(text))
		return false;
	memcpy(text, word->at, word->len);
	text[word->len] = '\0';
	return !kstrtou64(text, 0, number);
}

static int parse_arg(struct parser *p, const struct word *whole,
		     struct word *rest, struct event_value *value)
{
	struct word number;
	u64 arg;

	if (rest->len < 3 || memcmp(rest->at, "arg", 3))
		return stackid_refuse(p->why, -EINVAL, caret(p, whole->at),
				      "\"%.*s\" does not begin with one of arg1 to arg%u, the probe's argument; 'stackid record' knows arguments by their names.",
				      (int)whole->len, whole->at, EVENT_MAX_ARG);
	rest->at += 3;
	rest->len -= 3;
	number = take_number(rest);
	if (!to_number(&number, &arg) || !arg)
		return stackid_refuse(p->why, -EINVAL, caret(p, number.at),
				      "A number from 1 to %u has to follow arg.",
				      EVENT_MAX_ARG);
	if (arg > EVENT_MAX_ARG)
		return stackid_refuse(p->why, -ERANGE, caret(p, number.at),
				      "%llu is too big for arg: the greatest is arg%u.",
				      arg, EVENT_MAX_ARG);
	value->arg = arg;
	return 0;
}

static int parse_offset(struct parser *p, struct word *rest,
			struct event_value *value)
{
	bool minus = *rest->at == '-';
	struct word number;
	u64 offset;

	rest->at++;
	rest->len--;
	number = take_number(rest);
	if (!to_number(&number, &offset) || offset > S32_MAX)
		return stackid_refuse(p->why, -EINVAL, caret(p, number.at),
				      "\"%.*s\" is no offset: that is a number up to %d, such as 16 or 0x10.",
				      (int)number.len, number.at, S32_MAX);
	if (value->nr_offsets == EVENT_MAX_OFFSETS)
		return stackid_refuse(p->why, -E2BIG, caret(p, number.at),
				      "This is one offset too many: %d can follow each other.",
				      EVENT_MAX_OFFSETS);
	value->offsets[value->nr_offsets++] = minus ? -(s32)offset : offset;
	return 0;
}

static int parse_type(struct parser *p, struct word *rest,
		      struct event_value *value)
{
	struct word word;
	unsigned int i;

	rest->at++;
	rest->len--;
	word = take_number(rest);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (!word_is(&word, types[i].name))
			continue;
		value->shift = types[i].shift;
		value->is_signed = types[i].is_signed;
		return 0;
	}
	return stackid_refuse(p->why, -EINVAL, caret(p, word.at),
			      "\"%.*s\" is no type; the types are u8, u16, u32, u64, s8, s16, s32 and s64.",
			      (int)word.len, word.at);
}

/* What is behind it stays in @rest. */
static int parse_fetch(struct parser *p, struct word *rest,
		       struct event_value *value)
{
	struct word whole = *rest;
	int err;

	*value = (struct event_value) { };
	err = parse_arg(p, &whole, rest, value);
	while (!err && rest->len && (*rest->at == '+' || *rest->at == '-'))
		err = parse_offset(p, rest, value);
	if (!err && rest->len && *rest->at == ':')
		err = parse_type(p, rest, value);
	return err;
}

static int parse_name(struct parser *p, const struct word *name,
		      struct event_spec *spec)
{
	unsigned int i;

	if (!name->len)
		return stackid_refuse(p->why, -EINVAL, caret(p, name->at),
				      "The value's name is missing before its =.");
	if (name->len >= sizeof(spec->value_names[0]))
		return stackid_refuse(p->why, -EINVAL, caret(p, name->at),
				      "The name \"%.*s\" is too long: %zu characters are the most.",
				      (int)name->len, name->at,
				      sizeof(spec->value_names[0]) - 1);
	for (i = 0; i < spec->nr_values; i++)
		if (word_is(name, spec->value_names[i]))
			return stackid_refuse(p->why, -EINVAL, caret(p, name->at),
					      "Two values are called %s; each needs a name of its own.",
					      spec->value_names[i]);
	memcpy(spec->value_names[spec->nr_values], name->at, name->len);
	spec->value_names[spec->nr_values][name->len] = '\0';
	return 0;
}

static void need_arg(struct event_spec *spec, const struct event_value *value)
{
	spec->nr_args = max_t(unsigned int, spec->nr_args, value->arg);
}

static int parse_value(struct parser *p, struct event_spec *spec,
		       struct word *text)
{
	struct event_value *value = &spec->values[spec->nr_values];
	struct word name;
	int err = 0;

	if (spec->nr_values == STACKID_MAX_VALUES)
		return stackid_refuse(p->why, -E2BIG, caret(p, text->at),
				      "This is one value too many: an event can record %d.",
				      STACKID_MAX_VALUES);
	if (word_split(text, '=', &name))
		err = parse_name(p, &name, spec);
	if (!err)
		err = parse_fetch(p, text, value);
	if (!err && text->len)
		err = stackid_refuse(p->why, -EINVAL, caret(p, text->at),
				     "\"%.*s\" is not understood; a value is argN, argN+OFFSET or argN+OFFSET:TYPE, as in arg3+16:u32.",
				     (int)text->len, text->at);
	need_arg(spec, value);
	spec->nr_values++;
	return err;
}

int stackid_event_values_parse(struct parser *p, struct event_spec *spec,
			       const struct word *text)
{
	struct word rest = *text, value;
	bool more;
	int err;

	do {
		more = word_split(&rest, ',', &value);
		err = parse_value(p, spec, &value);
	} while (!err && more);
	return err;
}

static int parse_comparison(struct parser *p, struct word *rest,
			    struct event_condition *condition)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(comparisons); i++) {
		size_t len = strlen(comparisons[i].sign);

		if (rest->len < len || memcmp(rest->at, comparisons[i].sign, len))
			continue;
		condition->comparison = comparisons[i].comparison;
		rest->at += len;
		rest->len -= len;
		return 0;
	}
	return stackid_refuse(p->why, -EINVAL, caret(p, rest->at),
			      "A comparison has to follow: one of ==, !=, <, <=, >, >= and &, then a number, without blanks.");
}

static int parse_number(struct parser *p, struct word *rest,
			struct event_condition *condition)
{
	bool minus = rest->len && *rest->at == '-';
	const char *start = rest->at;
	struct word number;

	rest->at += minus;
	rest->len -= minus;
	number = take_number(rest);
	if (!to_number(&number, &condition->number) ||
	    (minus && condition->number > 1ULL << 63))
		return stackid_refuse(p->why, -EINVAL, caret(p, start),
				      "A number has to follow the comparison, such as 4096, 0x1000 or -1.");
	if (minus && !condition->value.is_signed)
		return stackid_refuse(p->why, -EINVAL, caret(p, start),
				      "arg%u has no sign as it stands there, so it is never negative; with a type it has one, as in arg%u:s32.",
				      condition->value.arg, condition->value.arg);
	if (minus)
		condition->number = -condition->number;
	return 0;
}

int stackid_event_conditions_parse(struct parser *p, struct event_spec *spec,
				   const struct word *text)
{
	struct event_condition *condition;
	struct word rest = *text;
	int err;

	for (;;) {
		if (spec->nr_conditions == EVENT_MAX_CONDITIONS)
			return stackid_refuse(p->why, -E2BIG, caret(p, rest.at),
					      "This is one comparison too many: an event can have %d.",
					      EVENT_MAX_CONDITIONS);
		condition = &spec->conditions[spec->nr_conditions++];
		err = parse_fetch(p, &rest, &condition->value);
		need_arg(spec, &condition->value);
		if (!err)
			err = parse_comparison(p, &rest, condition);
		if (!err)
			err = parse_number(p, &rest, condition);
		if (err || !rest.len)
			return err;
		if (rest.len < 2 || memcmp(rest.at, "&&", 2))
			return stackid_refuse(p->why, -EINVAL, caret(p, rest.at),
					      "\"%.*s\" is not understood; comparisons are joined by &&.",
					      (int)rest.len, rest.at);
		rest.at += 2;
		rest.len -= 2;
	}
}

static void print_fetch(struct seq_file *m, const struct event_value *value)
{
	unsigned int i;

	seq_printf(m, "arg%u", value->arg);
	for (i = 0; i < value->nr_offsets; i++)
		seq_printf(m, "%+d", value->offsets[i]);
	if (!value->shift && !value->is_signed)
		return;
	seq_printf(m, ":%c%u", value->is_signed ? 's' : 'u',
		   64 - value->shift);
}

static void print_condition(struct seq_file *m,
			    const struct event_condition *condition)
{
	unsigned int i;

	print_fetch(m, &condition->value);
	for (i = 0; i < ARRAY_SIZE(comparisons); i++)
		if (comparisons[i].comparison == condition->comparison)
			seq_puts(m, comparisons[i].sign);
	if (condition->value.is_signed)
		seq_printf(m, "%lld", (s64)condition->number);
	else
		seq_printf(m, "%llu", condition->number);
}

void stackid_event_values_print(struct seq_file *m,
				const struct event_spec *spec)
{
	unsigned int i;

	for (i = 0; i < spec->nr_values; i++) {
		seq_puts(m, i ? "," : " value=");
		if (spec->value_names[i][0])
			seq_printf(m, "%s=", spec->value_names[i]);
		print_fetch(m, &spec->values[i]);
	}
	for (i = 0; i < spec->nr_conditions; i++) {
		seq_puts(m, i ? "&&" : " if=");
		print_condition(m, &spec->conditions[i]);
	}
}
