// SPDX-License-Identifier: GPL-2.0
/* The lines of the file "events", as text: NAME [OPTION=VALUE]..., -NAME. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/threads.h>

#include "event_spec.h"
#include "event_value_spec.h"
#include "event_words.h"

static int refuse_byte(struct parser *p, const char *at)
{
	unsigned char c = *at;

	if (!c)
		return stackid_refuse(p->why, -EINVAL, at - p->line,
				      "The line has a NUL byte in it; write plain text.");
	return stackid_refuse(p->why, -EINVAL, at - p->line,
			      "The byte 0x%02x is not allowed; a line consists of printable ASCII, blanks and tabs.",
			      c);
}

static int check_bytes(struct parser *p)
{
	const char *at;

	for (at = p->at; at < p->end; at++) {
		unsigned char c = *at;

		if (c != '\t' && !(isascii(c) && isprint(c)))
			return refuse_byte(p, at);
	}
	return 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool next_word(struct parser *p, struct word *word)
{
	while (p->at < p->end && is_blank(*p->at))
		p->at++;
	word->at = p->at;
	while (p->at < p->end && !is_blank(*p->at))
		p->at++;
	word->len = p->at - word->at;
	return word->len;
}

static int parse_number(struct parser *p, const char *what,
			const struct word *word, u64 max, u64 *number)
{
	int caret = word->at - p->line;
	size_t i;

	if (!word->len)
		return stackid_refuse(p->why, -EINVAL, caret,
				      "A number is missing after %s.", what);

	*number = 0;
	for (i = 0; i < word->len; i++) {
		unsigned int digit = word->at[i] - '0';

		if (digit > 9)
			return stackid_refuse(p->why, -EINVAL, caret,
					      "\"%.*s\" is not a decimal number, as %s wants one.",
					      (int)word->len, word->at, what);
		if (*number > (max - digit) / 10)
			return stackid_refuse(p->why, -ERANGE, caret,
					      "%.*s is too big for %s: the greatest value is %llu.",
					      (int)word->len, word->at, what, max);
		*number = *number * 10 + digit;
	}
	if (!*number)
		return stackid_refuse(p->why, -EINVAL, caret,
				      "%s has to be at least 1.", what);
	return 0;
}

static int refuse_twice(struct parser *p, const struct word *key)
{
	return stackid_refuse(p->why, -EINVAL, key->at - p->line,
			      "%.*s= is given twice; give it once.",
			      (int)key->len, key->at);
}

static int refuse_freq_and_period(struct parser *p, const struct word *key)
{
	return stackid_refuse(p->why, -EINVAL, key->at - p->line,
			      "freq= and period= contradict each other; give one of them.");
}

static int parse_freq(struct parser *p, const struct word *key,
		      const struct word *value)
{
	struct event_spec *spec = &p->parsed->spec;

	if (spec->freq)
		return refuse_twice(p, key);
	if (spec->period)
		return refuse_freq_and_period(p, key);
	return parse_number(p, "freq=", value, NSEC_PER_SEC, &spec->freq);
}

static int parse_period(struct parser *p, const struct word *key,
			const struct word *value)
{
	struct event_spec *spec = &p->parsed->spec;

	if (spec->period)
		return refuse_twice(p, key);
	if (spec->freq)
		return refuse_freq_and_period(p, key);
	return parse_number(p, "period=", value, S64_MAX, &spec->period);
}

static int add_pid(struct parser *p, const char *what, const struct word *word)
{
	struct event_spec *spec = &p->parsed->spec;
	unsigned int i;
	u64 pid;
	int err;

	err = parse_number(p, what, word, PID_MAX_LIMIT, &pid);
	if (err)
		return err;

	for (i = 0; i < spec->tasks.nr_pids; i++)
		if (spec->tasks.pids[i] == pid)
			return stackid_refuse(p->why, -EINVAL,
					      word->at - p->line,
					      "%s %llu is named twice; name it once.",
					      spec->tasks.whose == TASK_OF_THREADS ?
					      "Thread" : "Process", pid);
	if (spec->tasks.nr_pids == ARRAY_SIZE(spec->tasks.pids))
		return stackid_refuse(p->why, -E2BIG, word->at - p->line,
				      "This is one too many: an event can be of %zu processes and whatever they start, or of as many threads.",
				      ARRAY_SIZE(spec->tasks.pids));
	spec->tasks.pids[spec->tasks.nr_pids++] = pid;
	return 0;
}

/* pid=1 pid=2 is pid=1,2; but only one kind of them. */
static int take_whose(struct parser *p, const struct word *key,
		      enum task_whose whose)
{
	struct event_spec *spec = &p->parsed->spec;

	if (spec->tasks.whose != TASK_OF_ALL && spec->tasks.whose != whose)
		return stackid_refuse(p->why, -EINVAL, key->at - p->line,
				      "pid=, tid= and uid= contradict each other; give one of them.");
	spec->tasks.whose = whose;
	return 0;
}

/* pid= and tid= */
static int parse_pids(struct parser *p, const struct word *key,
		      const struct word *value, enum task_whose whose)
{
	const char *what = whose == TASK_OF_THREADS ? "tid=" : "pid=";
	struct word rest = *value;
	struct word pid;
	bool more;
	int err;

	err = take_whose(p, key, whose);
	if (err)
		return err;
	if (p->parsed->pid_at < 0)
		p->parsed->pid_at = key->at - p->line;
	do {
		more = word_split(&rest, ',', &pid);
		err = add_pid(p, what, &pid);
	} while (!err && more);
	return err;
}

static int parse_user(struct parser *p, const struct word *key,
		      const struct word *value)
{
	struct event_spec *spec = &p->parsed->spec;
	u64 user = 0;
	int err = 0;

	if (spec->tasks.whose == TASK_OF_USER)
		return refuse_twice(p, key);
	/* Root is the one number that is allowed to be 0. */
	if (!word_is(value, "0"))
		err = parse_number(p, "uid=", value, U32_MAX - 1, &user);
	spec->tasks.user = user;
	return err ?: take_whose(p, key, TASK_OF_USER);
}

static int parse_mode(struct parser *p, const struct word *key,
		      const struct word *value)
{
	struct event_spec *spec = &p->parsed->spec;

	if (spec->kernel_only)
		return refuse_twice(p, key);
	if (!word_is(value, "kernel"))
		return stackid_refuse(p->why, -EINVAL, value->at - p->line,
				      "mode= takes kernel (no samples that hit user mode).");
	spec->kernel_only = true;
	return 0;
}

static int parse_irqstack(struct parser *p, const struct word *key,
			  const struct word *value, bool *seen)
{
	if (*seen)
		return refuse_twice(p, key);
	*seen = true;
	if (word_is(value, "full"))
		p->parsed->spec.irq_full = true;
	else if (!word_is(value, "cut"))
		return stackid_refuse(p->why, -EINVAL, value->at - p->line,
				      "irqstack= takes cut (end a stack where an interrupt began) or full.");
	return 0;
}

static int parse_option(struct parser *p, const struct word *word,
			bool *irqstack_seen)
{
	struct event_spec *spec = &p->parsed->spec;
	struct word value = *word;
	struct word key;

	if (!word_split(&value, '=', &key))
		return stackid_refuse(p->why, -EINVAL, word->at - p->line,
				      "\"%.*s\" is no option: options have the form NAME=VALUE, and each event has a line of its own.",
				      (int)key.len, key.at);
	if (word_is(&key, "freq"))
		return parse_freq(p, &key, &value);
	if (word_is(&key, "period"))
		return parse_period(p, &key, &value);
	if (word_is(&key, "pid"))
		return parse_pids(p, &key, &value, TASK_OF_PROCESSES);
	if (word_is(&key, "tid"))
		return parse_pids(p, &key, &value, TASK_OF_THREADS);
	if (word_is(&key, "uid"))
		return parse_user(p, &key, &value);
	if (word_is(&key, "mode"))
		return parse_mode(p, &key, &value);
	if (word_is(&key, "value"))
		return spec->nr_values ? refuse_twice(p, &key) :
					 stackid_event_values_parse(p, spec, &value);
	if (word_is(&key, "if"))
		return spec->nr_conditions ? refuse_twice(p, &key) :
					     stackid_event_conditions_parse(p, spec, &value);
	if (word_is(&key, "irqstack"))
		return parse_irqstack(p, &key, &value, irqstack_seen);
	return stackid_refuse(p->why, -EINVAL, word->at - p->line,
			      "There is no such option; the options are freq=, period=, pid=, tid=, uid=, mode=, value=, if= and irqstack=.");
}

static int parse_name(struct parser *p, struct word *word)
{
	struct event_line *parsed = p->parsed;

	parsed->verb = EVENT_ADD;
	if (word->at[0] == '-') {
		parsed->verb = EVENT_REMOVE;
		word->at++;
		word->len--;
	}
	parsed->name_at = word->at - p->line;
	if (!word->len)
		return stackid_refuse(p->why, -EINVAL, parsed->name_at,
				      "The event's name is missing after the minus.");
	if (memchr(word->at, '=', word->len))
		return stackid_refuse(p->why, -EINVAL, parsed->name_at,
				      "The event's name is missing: it comes first, then the options.");
	if (word->len >= sizeof(parsed->spec.name))
		return stackid_refuse(p->why, -EINVAL, parsed->name_at,
				      "The name is too long: %zu characters are the most.",
				      sizeof(parsed->spec.name) - 1);
	memcpy(parsed->spec.name, word->at, word->len);
	return 0;
}

int stackid_event_spec_parse(const char *line, size_t len,
			     struct event_line *parsed, struct refusal *why)
{
	struct parser p = {
		.line = line,
		.at = line,
		.end = line + len,
		.parsed = parsed,
		.why = why,
	};
	bool irqstack_seen = false;
	const char *comment;
	struct word word;
	int err;

	memset(parsed, 0, sizeof(*parsed));
	parsed->pid_at = -1;

	err = check_bytes(&p);
	if (err)
		return err;
	comment = memchr(line, '#', len);
	if (comment)
		p.end = comment;

	if (!next_word(&p, &word))
		return 0;
	err = parse_name(&p, &word);
	while (!err && next_word(&p, &word)) {
		if (parsed->verb == EVENT_REMOVE)
			return stackid_refuse(why, -EINVAL, word.at - line,
					      "A removal takes nothing but the event's name.");
		err = parse_option(&p, &word, &irqstack_seen);
	}
	return err;
}

void stackid_event_spec_print(struct seq_file *m, const struct event_spec *spec)
{
	unsigned int i;

	seq_puts(m, spec->name);
	if (spec->freq)
		seq_printf(m, " freq=%llu", spec->freq);
	if (spec->period)
		seq_printf(m, " period=%llu", spec->period);
	for (i = 0; i < spec->tasks.nr_pids; i++)
		seq_printf(m, "%s%d", i ? "," :
			   spec->tasks.whose == TASK_OF_THREADS ? " tid=" : " pid=",
			   spec->tasks.pids[i]);
	if (spec->tasks.whose == TASK_OF_USER)
		seq_printf(m, " uid=%u", spec->tasks.user);
	if (spec->kernel_only)
		seq_puts(m, " mode=kernel");
	stackid_event_values_print(m, spec);
	if (spec->irq_full)
		seq_puts(m, " irqstack=full");
}
