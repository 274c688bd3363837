// SPDX-License-Identifier: GPL-2.0
/* Words that follow an option: the first byte chooses which. */
#include <stdlib.h>
#include <string.h>

#include "../../filter.h"
#include "../../lib/array.h"
#include "../../lib/duration.h"
#include "../../report/report_columns.h"
#include "../../report/report_settle.h"
#include "../../report/report_sort.h"
#include "../../script/script_fields.h"
#include "fuzz.h"

#define FIRST	1000000000000ULL
#define LAST	1000500000000ULL

int LLVMFuzzerInitialize(int *argc __attribute__((unused)),
			 char ***argv __attribute__((unused)))
{
	fuzz_close_mouth();
	return 0;
}

static void try_times(const char *text, bool relative)
{
	struct filter filter = { .times.relative = relative };

	bool right = !stackid_timespans_parse(text, &filter.times) &&
		     !stackid_timespans_settle(&filter.times, FIRST, LAST);

	for (size_t i = 0; right && i < filter.times.nr; i++) {
		if (filter.times.at[i].first > filter.times.at[i].last)
			fuzz_fail("a span that ends before it begins");
		if (filter.times.at[i].last > filter.times.last)
			fuzz_fail("a span that ends after the last");
	}
	stackid_timespans_has(&filter.times, FIRST);
	stackid_filter_free(&filter);
}

static void try_lists(const char *text)
{
	struct filter filter = { };

	stackid_filter_add_range(text, &filter.pids);
	stackid_ranges_has(&filter.pids, 4711);
	stackid_words_add(text, &filter.comms);
	stackid_words_has(&filter.comms, "bash");
	stackid_filter_free(&filter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct columns columns = { };
	struct column_widths widths = { };
	struct sort_order sort = { };
	uint64_t number = 0;
	unsigned int fields = 0;

	memcpy(text, data + (size > 0), size - (size > 0));
	text[size - (size > 0)] = '\0';
	switch (size ? data[0] % 8 : 0) {
	case 0:
		try_times(text, false);
		break;
	case 1:
		try_times(text, true);
		break;
	case 2:
		try_lists(text);
		break;
	case 3:
		stackid_sort_parse(text, &sort);
		break;
	case 4:
		stackid_report_columns_parse(text, &columns);
		break;
	case 5:
		stackid_report_columns_parse_widths(text, &widths);
		break;
	case 6:
		stackid_fields_parse(text, &fields);
		break;
	default:
		stackid_report_parse_quantum(text, &number);
	}
	free(text);
	fuzz_check_mouth();
	return 0;
}
