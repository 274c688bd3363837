// SPDX-License-Identifier: GPL-2.0
/*
 * The line of an event, from the words of who asks to those of the module:
 *
 *   NAME value=[LABEL=]PATH,... if=PATH COMPARISON NUMBER&&...
 *
 * A PATH is bytes_alloc, next->pid, or what the module itself takes: argN,
 * argN+OFFSET:TYPE.  Without a LABEL a value is called by its PATH.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../complain.h"
#include "../memory.h"
#include "event_line.h"
#include "prototype.h"

#define VALUE_OPTION	"value="
#define IF_OPTION	"if="

/* In a data file and in the module; with the NUL. */
#define LABEL_SIZE	32

/**
 * struct translation - of one line
 * @found:  @prototype is that of the event
 * @asked:  it has been looked for
 * @out:    what is there so far of the new one
 */
struct translation {
	const char *event;
	struct prototype prototype;
	bool found;
	bool asked;
	FILE *out;
};

static bool know_prototype(struct translation *t)
{
	if (!t->asked)
		t->found = stackid_prototype_find(&t->prototype, t->event);
	t->asked = true;
	return t->found;
}

static void put_place(FILE *out, const struct prototype_value *value)
{
	fprintf(out, "arg%u", value->arg);
	for (unsigned int i = 0; i < value->nr_offsets; i++)
		fprintf(out, "%+d", value->offsets[i]);
	if (strcmp(value->type, "u64"))
		fprintf(out, ":%s", value->type);
}

/* "arg4", "arg3+16:u32": the number, or 0 if it is a name. */
static unsigned int number_of_arg(const char *path)
{
	size_t digits;

	if (strncmp(path, "arg", 3))
		return 0;
	path += 3;
	digits = strspn(path, "0123456789");
	if (!digits || digits > 3 || !strchr("+-:", path[digits]) ||
	    !strncmp(path + digits, "->", 2))
		return 0;
	return atoi(path);
}

/* What the module takes, of the event that has so many arguments. */
static int put_numbered(struct translation *t, const char *path,
			unsigned int arg)
{
	struct prototype_value value;

	if (know_prototype(t)) {
		if (stackid_prototype_arg(&t->prototype, arg, &value))
			return -1;
		/* As it stands alone it is of the type that it has. */
		if (isdigit((unsigned char)path[strlen(path) - 1]) &&
		    !strpbrk(path, "+-:")) {
			put_place(t->out, &value);
			return 0;
		}
	}
	fputs(path, t->out);
	return 0;
}

static int put_path(struct translation *t, const char *path)
{
	unsigned int arg = number_of_arg(path);
	struct prototype_value value;

	if (arg)
		return put_numbered(t, path, arg);
	if (!know_prototype(t)) {
		stackid_complain("%s: what its arguments are called is not known, as there is no such event, or the kernel has no BTF; write arg1, arg2, ... in place of %s",
				 t->event, path);
		return -1;
	}
	if (stackid_prototype_value(&t->prototype, path, &value))
		return -1;
	put_place(t->out, &value);
	return 0;
}

/* "next->pid", "pid=next->pid" */
static int put_value(struct translation *t, char *word)
{
	char *path = strchr(word, '=');
	const char *label = word;

	if (path)
		*path++ = '\0';
	else
		path = word;
	if (!*label || !*path) {
		stackid_complain("%s: value= takes names of arguments such as ptr,size=bytes_alloc; one of them is empty",
				 t->event);
		return -1;
	}
	if (strlen(label) >= LABEL_SIZE) {
		stackid_complain("%s is too long for a value's name; give it one: short=%s",
				 label, path);
		return -1;
	}
	if (path != word || !number_of_arg(path))
		fprintf(t->out, "%s=", label);
	return put_path(t, path);
}

static int put_values(struct translation *t, char *words)
{
	bool first = true;
	char *word;

	fputs(" " VALUE_OPTION, t->out);
	while ((word = strsep(&words, ","))) {
		if (!first)
			fputc(',', t->out);
		first = false;
		if (put_value(t, word))
			return -1;
	}
	return 0;
}

/* Up to the comparison: the > of -> is part of it. */
static size_t path_length(const char *text)
{
	size_t length = 0;

	while (text[length] && !strchr("=!<&|", text[length])) {
		if (text[length] == '>' && (!length || text[length - 1] != '-'))
			break;
		length++;
	}
	return length;
}

static int put_condition(struct translation *t, const char *text, size_t size)
{
	char *condition = strndup(text, size);
	size_t length = path_length(condition);
	char *path = strndup(condition, length);
	int ret = -1;

	if (!length || !condition[length])
		stackid_complain("%s: '%s' is no comparison; one has the form NAME>NUMBER, with ==, !=, <, <=, >, >= or &",
				 t->event, condition);
	else
		ret = put_path(t, path);
	if (!ret)
		fputs(condition + length, t->out);
	free(path);
	free(condition);
	return ret;
}

static int put_conditions(struct translation *t, const char *text)
{
	fputs(" " IF_OPTION, t->out);
	for (;;) {
		const char *end = strstr(text, "&&");
		size_t size = end ? (size_t)(end - text) : strlen(text);

		if (put_condition(t, text, size))
			return -1;
		if (!end)
			return 0;
		fputs("&&", t->out);
		text = end + 2;
	}
}

static int put_option(struct translation *t, char *word)
{
	if (!strncmp(word, VALUE_OPTION, strlen(VALUE_OPTION)))
		return put_values(t, word + strlen(VALUE_OPTION));
	if (!strncmp(word, IF_OPTION, strlen(IF_OPTION)))
		return put_conditions(t, word + strlen(IF_OPTION));
	fprintf(t->out, " %s", word);
	return 0;
}

char *stackid_event_line_resolve(const char *line)
{
	char *copy = stackid_memory_strdup(line);
	char *rest = copy, *word, *text;
	bool newline = rest[strcspn(rest, "\n")];
	struct translation t = { };
	size_t size;
	int ret = 0;

	rest[strcspn(rest, "\n")] = '\0';
	t.event = strsep(&rest, " ");

	t.out = stackid_memory_stream(&text, &size);
	fputs(t.event, t.out);
	while (!ret && (word = strsep(&rest, " "))) {
		if (*word)
			ret = put_option(&t, word);
	}
	if (newline)
		fputc('\n', t.out);
	fclose(t.out);
	stackid_prototype_free(&t.prototype);
	free(copy);
	if (!ret)
		return text;
	free(text);
	return NULL;
}

/* perf's grammar has more than the module's. */
static int check_filter(const char *filter)
{
	static const struct {
		const char *sign;
		const char *sentence;
	} signs[] = {
		{ "||", "|| is not to be had: record the event twice, or filter later" },
		{ "(", "there are no parentheses: comparisons are joined by && only" },
		{ "\"", "strings are not compared, numbers only" },
		{ "~", "strings are not compared, numbers only" },
	};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (!strstr(filter, signs[i].sign))
			continue;
		stackid_complain("--filter '%s': %s", filter, signs[i].sentence);
		return -1;
	}
	return 0;
}

char *stackid_event_line_add_filter(const char *line, const char *filter)
{
	const char *old = strstr(line, " " IF_OPTION), *end;
	char *dense = stackid_memory_strdup(filter), *to = dense, *longer;

	if (check_filter(filter)) {
		free(dense);
		return NULL;
	}
	for (const char *from = filter; *from; from++) {
		if (!isspace((unsigned char)*from))
			*to++ = *from;
	}
	*to = '\0';
	if (!old) {
		longer = stackid_memory_print("%s " IF_OPTION "%s", line, dense);
	} else {
		end = old + 1 + strcspn(old + 1, " ");
		longer = stackid_memory_print("%.*s&&%s%s", (int)(end - line),
					      line, dense, end);
	}
	free(dense);
	return longer;
}
