// SPDX-License-Identifier: GPL-2.0
/* The module's own parser of a line of "events", in a program. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <linux/kernel.h>
#include <linux/seq_file.h>

#include "../../../module/recording/event_spec.h"
#include "event_spec.h"
#include "fuzz.h"

/* As the kernel's: the whole text, and nothing before the digits but a plus. */
int kstrtou64(const char *text, unsigned int base, u64 *number)
{
	char *end;

	if (*text == '+')
		text++;
	if (!isalnum((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	*number = strtoull(text, &end, base);
	return errno ? -ERANGE : *end ? -EINVAL : 0;
}

static void check_refusal(const struct refusal *why, size_t size)
{
	size_t length = strnlen(why->text, sizeof(why->text));

	if (!length || length == sizeof(why->text))
		fuzz_fail("a refusal without words");
	if (why->caret < -1 || why->caret > (int)size)
		fuzz_fail("a caret at %d of a line of %zu", why->caret, size);
}

static char *print(const struct event_line *parsed, size_t *size)
{
	char *text = NULL;
	struct seq_file m = { .out = open_memstream(&text, size) };

	stackid_event_spec_print(&m, &parsed->spec);
	fclose(m.out);
	return text;
}

bool event_spec_try(const char *line, size_t size)
{
	struct event_line parsed, again;
	struct refusal why = { };
	size_t first_size, second_size;
	char *first, *second;

	if (stackid_event_spec_parse(line, size, &parsed, &why)) {
		check_refusal(&why, size);
		return false;
	}
	if (parsed.verb != EVENT_ADD)
		return true;
	first = print(&parsed, &first_size);
	if (first_size >= STACKID_EVENT_LINE_SIZE)
		fuzz_fail("%zu bytes are printed", first_size);
	if (stackid_event_spec_parse(first, first_size, &again, &why))
		fuzz_fail("'%s' is printed and then refused: %s", first, why.text);
	second = print(&again, &second_size);
	if (strcmp(first, second))
		fuzz_fail("'%s' comes back as '%s'", first, second);
	free(first);
	free(second);
	return true;
}
