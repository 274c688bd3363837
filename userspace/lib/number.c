// SPDX-License-Identifier: GPL-2.0
/* Numbers as people write them. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>

#include "complain.h"
#include "number.h"

bool stackid_number_begins(const char *text, const char **end,
			   uint64_t *number)
{
	/* Base 0 would take "010" for 8. */
	int base = text[0] == '0' && tolower((unsigned char)text[1]) == 'x' ?
		   16 : 10;
	char *behind;

	*end = text;
	errno = 0;
	*number = strtoull(text, &behind, base);
	if (errno || behind == text || !isdigit((unsigned char)*text))
		return false;
	*end = behind;
	return true;
}

int stackid_parse_number(const char *text, const char *what, uint64_t *number)
{
	const char *end;

	if (stackid_number_begins(text, &end, number) && !*end)
		return 0;
	stackid_complain("%s takes a number, not '%s'", what, text);
	return -1;
}
