/* SPDX-License-Identifier: GPL-2.0 */
/* What stackid script prints of an event: the fields of -F. */
#ifndef STACKID_SCRIPT_FIELDS_H
#define STACKID_SCRIPT_FIELDS_H

enum field {
	FIELD_COMM	= 1 << 0,
	FIELD_PID	= 1 << 1,
	FIELD_TID	= 1 << 2,
	FIELD_CPU	= 1 << 3,
	FIELD_TIME	= 1 << 4,
	FIELD_PERIOD	= 1 << 5,
	FIELD_EVENT	= 1 << 6,
	FIELD_VALUE	= 1 << 7,
	FIELD_STACK	= 1 << 8,
	FIELD_IP	= 1 << 9,
	FIELD_SYM	= 1 << 10,
	FIELD_SYMOFF	= 1 << 11,
	FIELD_DSO	= 1 << 12,
	FIELD_SRCLINE	= 1 << 13,
};

#define FIELDS_OF_FRAMES (FIELD_IP | FIELD_SYM | FIELD_SYMOFF | FIELD_DSO | \
			  FIELD_SRCLINE)
#define FIELDS_DEFAULT	(FIELD_COMM | FIELD_TID | FIELD_CPU | FIELD_TIME | \
			 FIELD_PERIOD | FIELD_EVENT | \
			 (FIELDS_OF_FRAMES & ~FIELD_SRCLINE))

/*
 * OPTION_CALL's; the field is an unsigned int of ored enum field.  "a,b" says what to
 * print, "+a,-b" what to print more and less.
 */
int stackid_fields_parse(const char *arg, void *field);

#endif /* STACKID_SCRIPT_FIELDS_H */
