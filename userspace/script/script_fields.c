// SPDX-License-Identifier: GPL-2.0
/* What stackid script prints of an event. */
#include <stdlib.h>
#include <string.h>

#include "../command.h"
#include "../lib/memory.h"
#include "../lib/words.h"
#include "script_fields.h"

static const struct {
	const char *name;
	enum field field;
} fields[] = {
	{ "comm", FIELD_COMM },
	{ "pid", FIELD_PID },
	{ "tid", FIELD_TID },
	{ "cpu", FIELD_CPU },
	{ "time", FIELD_TIME },
	{ "period", FIELD_PERIOD },
	{ "event", FIELD_EVENT },
	{ "value", FIELD_VALUE },
	{ "trace", FIELD_VALUE },	/* perf's word */
	{ "stack", FIELD_STACK },
	{ "ip", FIELD_IP },
	{ "sym", FIELD_SYM },
	{ "symoff", FIELD_SYMOFF },
	{ "dso", FIELD_DSO },
	{ "srcline", FIELD_SRCLINE },
};

#define NR_FIELDS (sizeof(fields) / sizeof(fields[0]))

static int parse_field(const char *word, unsigned int *found)
{
	const char *names[NR_FIELDS];

	for (size_t i = 0; i < NR_FIELDS; i++) {
		names[i] = fields[i].name;
		if (!strcmp(word, names[i])) {
			*found = fields[i].field;
			return 0;
		}
	}
	stackid_refuse_word("-F knows no field", word, names, NR_FIELDS);
	return -1;
}

int stackid_fields_parse(const char *arg, void *value)
{
	unsigned int *wanted = value;
	char *copy = stackid_memory_strdup(arg);
	char *rest = copy;
	unsigned int nr = 0, nr_signed = 0;
	char *word;
	int ret = 0;

	while (!ret && (word = strsep(&rest, ","))) {
		bool minus = *word == '-';
		bool sign = minus || *word == '+';
		unsigned int field;

		ret = parse_field(word + sign, &field);
		if (ret)
			break;
		if (!nr++ && !sign)
			*wanted = 0;
		nr_signed += sign;
		*wanted = minus ? *wanted & ~field : *wanted | field;
	}
	if (!ret && nr_signed && nr_signed != nr) {
		stackid_complain("-F: either every field has a + or - before it, or none");
		ret = -1;
	}
	free(copy);
	return ret;
}
