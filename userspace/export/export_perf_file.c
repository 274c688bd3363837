// SPDX-License-Identifier: GPL-2.0
/*
 * What is around the records of a perf.data: the header, and behind the records the
 * features' table (in the order of their bits), the features, the ids and the attrs.
 * perf's tools/perf/Documentation/perf.data-file-format.txt explains it.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/memory.h"
#include "export_perf.h"

enum feature {
	FEATURE_BUILD_ID	= 2,
	FEATURE_HOSTNAME	= 3,
	FEATURE_OSRELEASE	= 4,
	FEATURE_VERSION		= 5,
	FEATURE_ARCH		= 6,
	FEATURE_NRCPUS		= 7,
	FEATURE_CMDLINE		= 11,
	FEATURE_EVENT_DESC	= 12,
	FEATURE_SAMPLE_TIME	= 21,
	FEATURE_DIR_FORMAT	= 24,
	FEATURE_CLOCK_DATA	= 29,
	NR_FEATURES
};

struct section {
	uint64_t offset;
	uint64_t size;
};

struct header {
	char magic[8];
	uint64_t size;
	uint64_t attr_size;
	struct section attrs;
	struct section data;
	struct section event_types;
	uint64_t features[4];
};

struct build_id_event {
	struct perf_event_header header;
	int32_t pid;
	uint8_t id[20];
	uint8_t size;
	uint8_t reserved[3];
};

/* Build-ids that are shorter have their size in the record. */
#define MISC_BUILD_ID_SIZE	(1 << 15)
#define BUILD_ID_EVENT		67
/* Numbers of PMUs that no kernel gives: perf asks for nothing behind them. */
#define FIRST_TYPE		1000
#define STRING_ALIGN		64
#define CLOCK_DATA_VERSION	1

static void add(struct buffer *text, const void *data, size_t size)
{
	stackid_buffer_add(text, data, size);
}

static void add_u32(struct buffer *text, uint32_t number)
{
	add(text, &number, sizeof(number));
}

static void add_u64(struct buffer *text, uint64_t number)
{
	add(text, &number, sizeof(number));
}

static void add_zeros(struct buffer *text, size_t size)
{
	memset(stackid_buffer_extend(text, size), 0, size);
}

static void add_string(struct buffer *text, const char *string)
{
	size_t size = strlen(string) + 1;
	size_t padded = (size + STRING_ALIGN - 1) / STRING_ALIGN * STRING_ALIGN;

	add_u32(text, padded);
	add(text, string, size);
	if (padded > size)
		add_zeros(text, padded - size);
}

static struct perf_event_attr attr_of(unsigned int number)
{
	return (struct perf_event_attr) {
		.type = FIRST_TYPE + number,
		.size = PERF_ATTR_SIZE_VER7,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_TYPE,
		.mmap = 1,
		.comm = 1,
		.sample_id_all = 1,
		.ksymbol = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
	};
}

static void add_attr(struct buffer *text, unsigned int number)
{
	struct perf_event_attr attr = attr_of(number);

	add(text, &attr, PERF_ATTR_SIZE_VER7);
}

/* The bytes of a build-id; 0 if it is none. */
static unsigned int parse_build_id(const char *text, uint8_t id[20])
{
	unsigned int nr = 0;

	for (; nr < 20 && text[2 * nr] && text[2 * nr + 1]; nr++) {
		char digits[3] = { text[2 * nr], text[2 * nr + 1] };
		char *end;

		id[nr] = strtoul(digits, &end, 16);
		if (*end)
			return 0;
	}
	return nr;
}

static void add_build_ids(struct buffer *text, const struct perf_data *perf)
{
	const struct export_modules *modules = &perf->modules;

	for (uint32_t i = 0; i < modules->nr; i++) {
		const struct data_module *module =
			stackid_data_module(modules->data, modules->order[i]);
		bool is_kernel = *module->name == '[';
		struct build_id_event event = {
			.header = {
				.type = BUILD_ID_EVENT,
				.misc = PERF_RECORD_MISC_KERNEL |
					MISC_BUILD_ID_SIZE,
			},
			.pid = -1,
		};
		char name[DATA_MAX_MODULE + 3 + STRING_ALIGN] = "";
		size_t size;

		event.size = parse_build_id(module->build_id, event.id);
		if (!event.size)
			continue;
		size = snprintf(name, DATA_MAX_MODULE + 3, is_kernel ? "%s" :
				"[%s]", module->name) + 1;
		size = (size + STRING_ALIGN - 1) / STRING_ALIGN * STRING_ALIGN;
		event.header.size = sizeof(event) + size;
		add(text, &event, sizeof(event));
		add(text, name, size);
	}
}

static void add_event_desc(struct buffer *text, const struct perf_data *perf)
{
	uint32_t nr = 0;

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++)
		nr += perf->counts[i] > 0;
	add_u32(text, nr);
	add_u32(text, PERF_ATTR_SIZE_VER7);
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (!perf->counts[i])
			continue;
		add_attr(text, i);
		add_u32(text, 1);
		add_string(text,
			   stackid_reading_event(perf->export->reading, i)->name);
		add_u64(text, stackid_perf_id(i));
	}
}

static void add_clock(struct buffer *text, const struct perf_data *perf)
{
	uint64_t start, time;

	if (!stackid_reading_number(perf->export->reading, "start", &start) ||
	    !stackid_reading_number(perf->export->reading, "start_time", &time))
		return;
	add_u32(text, CLOCK_DATA_VERSION);
	add_u32(text, CLOCK_MONOTONIC);
	add_u64(text, start);
	add_u64(text, time);
}

static void add_meta(struct buffer *text, const struct perf_data *perf,
		     const char *key)
{
	const char *value = stackid_data_meta(perf->export->data, key);

	if (value)
		add_string(text, value);
}

static void add_cpus(struct buffer *text, const struct perf_data *perf)
{
	uint32_t nr = stackid_data_nr_cpus(perf->export->data);

	add_u32(text, nr);
	add_u32(text, nr);
}

static void add_feature(struct buffer *text, const struct perf_data *perf,
			enum feature feature)
{
	switch (feature) {
	case FEATURE_BUILD_ID:
		add_build_ids(text, perf);
		break;
	case FEATURE_HOSTNAME:
		add_meta(text, perf, "hostname");
		break;
	case FEATURE_OSRELEASE:
		add_meta(text, perf, "release");
		break;
	case FEATURE_VERSION:
		add_string(text, "stackid " STACKID_VERSION);
		break;
	case FEATURE_ARCH:
		add_meta(text, perf, "arch");
		break;
	case FEATURE_NRCPUS:
		add_cpus(text, perf);
		break;
	case FEATURE_CMDLINE:
		/* One word: where it was quoted is not known. */
		add_u32(text, 1);
		add_string(text, stackid_data_meta(perf->export->data,
						   "command") ?: "stackid");
		break;
	case FEATURE_EVENT_DESC:
		add_event_desc(text, perf);
		break;
	case FEATURE_SAMPLE_TIME:
		add_u64(text, perf->first);
		add_u64(text, perf->last);
		break;
	case FEATURE_DIR_FORMAT:
		/* All records are in one file. */
		add_u64(text, 0);
		break;
	case FEATURE_CLOCK_DATA:
		add_clock(text, perf);
		break;
	default:
		break;
	}
}

static void write_out(struct perf_data *perf, const struct buffer *text)
{
	fwrite(text->data, 1, text->size, perf->out);
	perf->written += text->size;
}

static void write_features(struct perf_data *perf, struct header *header)
{
	struct section table[NR_FEATURES];
	struct buffer text = { };
	uint32_t nr = 0;

	for (unsigned int i = 0; i < NR_FEATURES; i++) {
		size_t begun = text.size;

		add_feature(&text, perf, i);
		if (text.size == begun)
			continue;
		header->features[0] |= 1ULL << i;
		table[nr++] = (struct section) {
			.offset = begun, .size = text.size - begun,
		};
	}
	for (uint32_t i = 0; i < nr; i++)
		table[i].offset += perf->written + nr * sizeof(*table);
	fwrite(table, sizeof(*table), nr, perf->out);
	perf->written += nr * sizeof(*table);
	write_out(perf, &text);
	free(text.data);
}

static void write_attrs(struct perf_data *perf, struct header *header)
{
	struct buffer text = { };
	uint64_t ids = perf->written;

	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (perf->counts[i])
			add_u64(&text, stackid_perf_id(i));
	}
	header->attrs.offset = perf->written + text.size;
	for (unsigned int i = 0; i <= STACKID_MAX_EVENT; i++) {
		if (!perf->counts[i])
			continue;
		add_attr(&text, i);
		add_u64(&text, ids);
		add_u64(&text, sizeof(uint64_t));
		ids += sizeof(uint64_t);
	}
	header->attrs.size = perf->written + text.size - header->attrs.offset;
	write_out(perf, &text);
	free(text.data);
}

void stackid_perf_begin_file(struct perf_data *perf)
{
	struct header header = { };

	fwrite(&header, sizeof(header), 1, perf->out);
	perf->written = sizeof(header);
}

void stackid_perf_end_file(struct perf_data *perf)
{
	struct header header = {
		.magic = { 'P', 'E', 'R', 'F', 'I', 'L', 'E', '2' },
		.size = sizeof(header),
		.attr_size = PERF_ATTR_SIZE_VER7 + sizeof(struct section),
		.data.offset = sizeof(header),
		.data.size = perf->written - sizeof(header),
	};

	write_features(perf, &header);
	write_attrs(perf, &header);
	if (!fseek(perf->out, 0, SEEK_SET))
		fwrite(&header, sizeof(header), 1, perf->out);
}
