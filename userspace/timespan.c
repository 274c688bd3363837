// SPDX-License-Identifier: GPL-2.0
/*
 * The spans of time that --time names:
 *
 *   A,B    from A to B; either may be left out.  1000.5 is a time as script prints
 *          it, +1.5 and 500ms are counted from the first event on.  Several of
 *          them have blanks between
 *   10%-20%, 10%/2
 *          parts of the time from the first to the last event.  Several of them
 *          have commas between
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/clock.h"
#include "lib/complain.h"
#include "timespan.h"

/* Digits of a second's fraction that script prints, without and with --ns. */
#define MICRO_DIGITS	6
#define NANO_DIGITS	9

static const struct {
	const char *name;
	uint64_t ns;
} units[] = {
	{ "ns", 1 },
	{ "us", 1000 },
	{ "ms", 1000000 },
	{ "s", NSEC_PER_SEC },
	{ "m", 60 * NSEC_PER_SEC },
	{ "h", 3600 * NSEC_PER_SEC },
};

/**
 * struct point - an end of a span
 * @ns:       0 if it was left out
 * @relative: counted from the first event on
 * @digits:   of the fraction
 */
struct point {
	bool given;
	bool relative;
	uint64_t ns;
	unsigned int digits;
};

static void add_span(struct timespans *spans, uint64_t first, uint64_t last)
{
	stackid_array_reserve(spans->at, spans->nr, spans->room);
	spans->at[spans->nr++] = (struct timespan) {
		.first = first, .last = last,
	};
	if (last > spans->last)
		spans->last = last;
}

/* The unit that is all of @text; "" is seconds, and then *@named is false. */
static uint64_t find_unit(const char *text, bool *named)
{
	*named = *text;
	if (!*named)
		return NSEC_PER_SEC;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (!strcmp(text, units[i].name))
			return units[i].ns;
	}
	return 0;
}

/*
 * A double has no room for the nanoseconds of a machine that has been up for long,
 * so whole and fraction are read apart.
 */
static bool parse_point(const char *text, struct point *point, bool relative)
{
	uint64_t whole = 0, fraction = 0, scale = 1, unit;
	bool plus = *text == '+', any = false, named;

	*point = (struct point) {
		.given = *text, .relative = plus || relative,
	};
	if (!*text)
		return true;
	for (text += plus; isdigit((unsigned char)*text); text++, any = true) {
		if (whole > UINT64_MAX / 10 - 1)
			return false;
		whole = whole * 10 + (*text - '0');
	}
	if (*text == '.') {
		for (text++; isdigit((unsigned char)*text); text++, any = true) {
			if (point->digits == NANO_DIGITS)
				continue;
			fraction = fraction * 10 + (*text - '0');
			scale *= 10;
			point->digits++;
		}
	}
	unit = find_unit(text, &named);
	if (!any || !unit || whole > UINT64_MAX / unit - 1)
		return false;
	point->relative |= named;
	point->ns = whole * unit +
		    (uint64_t)((__uint128_t)fraction * unit / scale);
	return true;
}

static uint64_t point_time(const struct point *point, uint64_t begin)
{
	uint64_t time = point->ns + (point->relative ? begin : 0);

	return time < point->ns ? UINT64_MAX : time;
}

/* "A,B", and "A" for "A,"; begin is 0 when only the form is looked at. */
static int add_points(struct timespans *spans, char *text, uint64_t begin)
{
	char *comma = strchr(text, ',');
	struct point from, to = { };
	uint64_t first, last = UINT64_MAX;
	char *all = text;

	if (comma)
		*comma++ = '\0';
	if (!parse_point(text, &from, spans->relative) ||
	    (comma && !parse_point(comma, &to, spans->relative)) ||
	    (!from.given && !to.given)) {
		stackid_complain("--time takes FROM,TO with times like 1000.5, +1.5 or 500ms, or parts like 10%%-20%%, not '%s%s%s'",
				 all, comma ? "," : "", comma ? comma : "");
		return -1;
	}
	first = from.given ? point_time(&from, begin) : 0;
	if (to.given) {
		last = point_time(&to, begin);
		/* As script prints it, it stands for the whole microsecond. */
		if (to.digits == MICRO_DIGITS && (!to.relative || spans->relative))
			last += 999;
	}
	/* One counts from the beginning, which is not known yet. */
	if (last < first && (begin || from.relative == to.relative)) {
		stackid_complain("--time %s,%s ends before it begins", all,
				 comma);
		return -1;
	}
	add_span(spans, first, last);
	return 0;
}

static bool parse_percent(const char *text, const char **end, double *percent)
{
	char *behind;

	if (!isdigit((unsigned char)*text) && *text != '.')
		return false;
	*percent = strtod(text, &behind);
	*end = behind + 1;
	return *behind == '%' && *percent >= 0 && *percent <= 100;
}

/* "10%-20%", "10%/2" the second of the parts of 10 percent, "10%" the first. */
static bool parse_part(const char *text, double *from, double *to)
{
	char *behind;
	double number;

	if (!parse_percent(text, &text, to))
		return false;
	*from = 0;
	if (!*text)
		return *to > 0;
	if (*text == '-') {
		*from = *to;
		return parse_percent(text + 1, &text, to) && !*text &&
		       *from < *to;
	}
	if (*text != '/' || !isdigit((unsigned char)text[1]))
		return false;
	number = strtoul(text + 1, &behind, 10);
	*from = (number - 1) * *to;
	*to *= number;
	return !*behind && number >= 1 && *from < 100 && *from < *to;
}

static int add_part(struct timespans *spans, const char *text, uint64_t first,
		    uint64_t last)
{
	long double whole = last - first;
	double from, to;

	if (!parse_part(text, &from, &to)) {
		stackid_complain("--time: no part of the time is called '%s'; there are 10%%-20%%, and 10%%/2 for the second of ten",
				 text);
		return -1;
	}
	/* What one part ends before, the next begins with. */
	if (to >= 100)
		add_span(spans, first + whole * from / 100, last);
	else if ((uint64_t)(whole * to / 100) > (uint64_t)(whole * from / 100))
		add_span(spans, first + whole * from / 100,
			 first + (uint64_t)(whole * to / 100) - 1);
	return 0;
}

static int settle(struct timespans *spans, uint64_t first, uint64_t last)
{
	bool parts = strchr(spans->text, '%');
	char *copy = stackid_memory_strdup(spans->text);
	char *rest = copy;
	char *word;
	int ret = 0;

	spans->nr = 0;
	spans->last = 0;
	while (!ret && (word = strsep(&rest, parts ? "," : " "))) {
		if (parts)
			ret = add_part(spans, word, first, last);
		else if (*word || !rest)
			ret = add_points(spans, word, first);
	}
	free(copy);
	return ret;
}

int stackid_timespans_parse(const char *arg, void *field)
{
	struct timespans *spans = field;

	spans->text = arg;
	return settle(spans, 0, 0);
}

int stackid_timespans_settle(struct timespans *spans, uint64_t first,
			     uint64_t last)
{
	return spans->text ? settle(spans, first, last) : 0;
}

void stackid_timespans_free(struct timespans *spans)
{
	free(spans->at);
}
