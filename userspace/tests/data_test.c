// SPDX-License-Identifier: GPL-2.0
/* Data files that are whole, cut off anywhere, or corrupted anywhere. */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "../lib/data/data.h"
#include "../lib/data/data_write.h"
#include "../lib/exit_code.h"
#include "../lib/hash.h"
#include "canned.h"
#include "test.h"

#define START		1000000000000ULL
#define SCHEDULE	0xffffffff81000010ULL
#define INTERRUPT	0xffffffff81000120ULL
#define VICTIM		0xffffffff81000200ULL

static const struct canned_stack plain = {
	.nr = 2, .pcs = { SCHEDULE, VICTIM + 0x10 },
};

/* An interrupt in the middle: what follows its entry is exact. */
static const struct canned_stack interrupted = {
	.nr = 3, .flags = STACKID_STACK_EXACT | STACKID_STACK_MARKED,
	.marks = 1 << 2,
	.pcs = { SCHEDULE, INTERRUPT, VICTIM },
};

static const struct data_resolved symbols[] = {
	{ SCHEDULE, false, 0xffffffff81000000, "schedule", "" },
	{ SCHEDULE, true, 0xffffffff81000010, "entered", "" },
	{ INTERRUPT, false, 0xffffffff81000100, "asm_sysvec_timer", "" },
	{ VICTIM, true, 0xffffffff81000200, "victim", "mod" },
	{ VICTIM + 0x10, false, 0xffffffff81000200, "victim", "mod" },
};

/* A whole file in memory. */
struct bytes {
	char *data;
	size_t size;
};

static void add_hit(struct canned *ring, uint64_t generation, uint32_t id,
		    uint64_t time, const struct canned_stack *stack)
{
	struct canned_hit hit = {
		.type = stack ? STACKID_REC_EVENT_STACK : STACKID_REC_EVENT,
		.generation = generation,
		.event = 1,
		.id = id,
		.pid = 10,
		.time = time,
	};

	canned_event(ring, &hit, stack);
}

static void write_chunk(struct data_writer *writer, struct canned *ring,
			uint32_t cpu, uint64_t generation)
{
	canned_write(ring, writer, cpu, generation, ring->last_time);
}

static void write_stacks(struct data_writer *writer, uint64_t generation,
			 const struct canned_stack *first,
			 const struct canned_stack *second)
{
	struct data_resolved copy[ARRAY_SIZE(symbols)];
	struct canned definitions = { };

	canned_definition(&definitions, 1, first);
	canned_definition(&definitions, 2, second);
	stackid_data_write(writer, DATA_STACKS, DATA_NO_CPU, generation,
			   definitions.data, definitions.size);
	canned_free(&definitions);
	memcpy(copy, symbols, sizeof(copy));
	stackid_data_write_symbols(writer, generation, copy,
				   ARRAY_SIZE(symbols));
}

static void write_text(struct data_writer *writer, enum data_section_type type,
		       const char *text)
{
	stackid_data_write(writer, type, DATA_NO_CPU, 0, text, strlen(text));
}

/* 8 events on 2 CPUs, in 2 generations with the ids the other way round. */
static void write_sections(struct data_writer *writer)
{
	struct data_task task = { 10, 9, "first name" };
	struct canned ring = { };

	write_text(writer, DATA_META, "hostname=here\nrelease=6.1\n");
	write_text(writer, DATA_EVENTS, "1 sched:sched_switch pid=10\n");
	write_text(writer, DATA_MODULES, "mod 0xffffffff81000200 0x100 -\n");
	stackid_data_write(writer, DATA_TASKS, DATA_NO_CPU, 0, &task,
			   sizeof(task));
	add_hit(&ring, 1, 1, START, NULL);
	add_hit(&ring, 1, 2, START + 20, NULL);
	write_chunk(writer, &ring, 0, 1);
	add_hit(&ring, 1, 0, START + 10, &plain);
	canned_task(&ring, 1, START + 25, 10, 9, 0, "second name");
	add_hit(&ring, 1, 1, START + 30, NULL);
	write_chunk(writer, &ring, 1, 1);
	canned_number(&ring, STACKID_REC_GENERATION, 2, START + 40, 2);
	add_hit(&ring, 2, 1, START + 40, NULL);
	add_hit(&ring, 2, 2, START + 60, NULL);
	write_chunk(writer, &ring, 0, 2);
	add_hit(&ring, 2, 0, START + 50, &interrupted);
	add_hit(&ring, 2, 2, START + 70, NULL);
	write_chunk(writer, &ring, 1, 2);
	write_stacks(writer, 1, &plain, &interrupted);
	write_stacks(writer, 2, &interrupted, &plain);
	write_text(writer, DATA_LEDGER, "offered 5 13\nlost_full 1 1\n");
	write_text(writer, DATA_END, "events=8\n");
	canned_free(&ring);
}

static struct bytes make_file(void)
{
	struct data_writer *writer;
	struct bytes bytes;
	const char *path;
	int fd = test_file(&path);

	writer = stackid_data_create(fd);
	write_sections(writer);
	bytes.size = stackid_data_written(writer);
	CHECK(!stackid_data_destroy(writer));
	bytes.data = malloc(bytes.size);
	CHECK_EQUAL(pread(fd, bytes.data, bytes.size, 0), bytes.size);
	close(fd);
	return bytes;
}

/* NULL if it is refused altogether.  What it complains of is not shown. */
static struct data_reader *open_bytes(const void *data, size_t size)
{
	struct data_reader *reader;
	const char *path;
	int fd = test_file(&path);

	CHECK_EQUAL(write(fd, data, size), size);
	close(fd);
	test_silence();
	reader = stackid_data_open(path, false);
	test_speak();
	return reader;
}

/* What a file says, in short: equal sums are equal contents. */
struct content {
	unsigned int events;
	uint64_t sum;
	int status;
};

static uint64_t mix(uint64_t sum, const void *data, size_t size)
{
	return stackid_hash_bytes(data, size, sum);
}

static uint64_t mix_stack(uint64_t sum, const struct data_reader *reader,
			  uint32_t index)
{
	const struct data_stack *stack = stackid_data_stack(reader, index);

	for (uint32_t i = 0; i < stack->nr; i++) {
		const struct data_frame *frame = stackid_data_frame(stack, i);
		const struct data_symbol *symbol;

		symbol = stackid_data_symbol(reader, frame->symbol);
		sum = mix(sum, &frame->pc, sizeof(uint64_t));
		sum = mix(sum, symbol->name, strlen(symbol->name));
		sum = mix(sum, symbol->module, strlen(symbol->module));
	}
	return sum;
}

static struct content read_bytes(const void *data, size_t size)
{
	struct data_reader *reader = open_bytes(data, size);
	struct content content = { .status = EXIT_FAILED };
	const char *key, *value;
	struct data_event event;
	uint64_t last = 0;

	if (!reader)
		return content;
	test_silence();
	while (stackid_data_next(reader, &event)) {
		CHECK(event.time >= last);
		last = event.time;
		content.events++;
		content.sum = mix(content.sum, &event.time, 8);
		content.sum = mix(content.sum, &event.pid, 4);
		content.sum = mix(content.sum, event.comm, strlen(event.comm));
		if (event.stack)
			content.sum = mix_stack(content.sum, reader,
						event.stack);
	}
	for (unsigned int i = 0; stackid_data_meta_at(reader, i, &key, &value);
	     i++)
		content.sum = mix(content.sum, value, strlen(value));
	for (unsigned int i = 0; i < stackid_data_nr_events(reader); i++)
		content.sum = mix(content.sum,
				  stackid_data_event(reader, i)->name,
				  strlen(stackid_data_event(reader, i)->name));
	content.sum += stackid_data_ledger(reader, DATA_NO_CPU, LEDGER_OFFERED);
	content.sum += stackid_data_nr_modules(reader);
	content.status = stackid_data_close(reader);
	test_speak();
	return content;
}

static void everything_comes_back(void)
{
	struct bytes bytes = make_file();
	struct data_reader *reader = open_bytes(bytes.data, bytes.size);
	const uint64_t generations[] = { 1, 1, 1, 1, 2, 2, 2, 2 };
	struct data_event events[9];
	const struct data_stack *stack;

	for (unsigned int i = 0; i < 8; i++) {
		CHECK(stackid_data_next(reader, &events[i]));
		CHECK_EQUAL(events[i].time, START + 10 * i);
		CHECK_EQUAL(events[i].cpu, i % 2);
		CHECK_EQUAL(events[i].generation, generations[i]);
		CHECK_EQUAL(events[i].tgid, 9);
		CHECK(!strcmp(events[i].comm,
			      i < 3 ? "first name" : "second name"));
	}
	CHECK(!stackid_data_next(reader, &events[8]));

	/* Inline or by id, it is the same stack; another generation's is not. */
	CHECK_EQUAL(events[1].stack, events[0].stack);
	CHECK_EQUAL(events[3].stack, events[0].stack);
	CHECK_EQUAL(events[5].stack, events[4].stack);
	CHECK_EQUAL(events[7].stack, events[6].stack);
	CHECK(events[2].stack != events[0].stack);
	CHECK(events[6].stack != events[0].stack);
	CHECK_EQUAL(stackid_data_nr_stacks(reader), 4);

	stack = stackid_data_stack(reader, events[4].stack);
	CHECK_EQUAL(stack->nr, 3);
	CHECK_EQUAL(stack->id, 1);
	CHECK(!strcmp(stackid_data_symbol(reader,
					  stackid_data_frame(stack, 0)->symbol)->name,
		      "entered"));
	CHECK(!strcmp(stackid_data_symbol(reader,
					  stackid_data_frame(stack, 2)->symbol)->name,
		      "victim"));
	CHECK(!strcmp(stackid_data_symbol(reader,
					  stackid_data_frame(stack, 2)->symbol)->module,
		      "[mod]"));
	CHECK_EQUAL(stackid_data_frame(stack, 2)->offset, 0);
	/* One symbol in both stacks, looked up in two ways. */
	CHECK_EQUAL(stackid_data_frame(stackid_data_stack(reader, events[0].stack),
				       1)->symbol,
		    stackid_data_frame(stack, 2)->symbol);

	CHECK_EQUAL(stackid_data_ledger(reader, DATA_NO_CPU, LEDGER_OFFERED), 8);
	CHECK_EQUAL(stackid_data_lost(reader), 0);
	CHECK(!strcmp(stackid_data_meta(reader, "hostname"), "here"));
	CHECK(!stackid_data_meta(reader, "nothing"));
	CHECK(!strcmp(stackid_data_event_by_number(reader, 1)->options,
		      "pid=10"));
	CHECK_EQUAL(stackid_data_nr_modules(reader), 1);
	CHECK_EQUAL(stackid_data_module(reader, 0)->base, 0xffffffff81000200);
	CHECK_EQUAL(stackid_data_module(reader, 0)->size, 0x100);
	CHECK_EQUAL(stackid_data_close(reader), EXIT_OK);
	free(bytes.data);
}

static void rewinding_gives_the_same_again(void)
{
	struct bytes bytes = make_file();
	struct data_reader *reader = open_bytes(bytes.data, bytes.size);
	struct data_event first[8], event;

	for (unsigned int i = 0; i < 8; i++)
		CHECK(stackid_data_next(reader, &first[i]));
	stackid_data_rewind(reader);
	for (unsigned int i = 0; i < 8; i++) {
		CHECK(stackid_data_next(reader, &event));
		CHECK_EQUAL(event.time, first[i].time);
		CHECK_EQUAL(event.stack, first[i].stack);
		CHECK(event.comm == first[i].comm);
	}
	CHECK(!stackid_data_next(reader, &event));
	CHECK_EQUAL(stackid_data_close(reader), EXIT_OK);
	free(bytes.data);
}

/* Cut off after any byte: what is whole is there, and it is never called whole. */
static void cut_off_anywhere(void)
{
	struct bytes bytes = make_file();
	unsigned int before = 0;

	CHECK_EQUAL(read_bytes(bytes.data, bytes.size).status, EXIT_OK);
	for (size_t size = 0; size < bytes.size; size++) {
		struct content content = read_bytes(bytes.data, size);

		if (size < sizeof(struct data_file_header))
			CHECK_EQUAL(content.status, EXIT_FAILED);
		else
			CHECK_EQUAL(content.status, EXIT_DAMAGED);
		CHECK(content.events >= before);
		before = content.events;
	}
	CHECK_EQUAL(before, 8);
	free(bytes.data);
}

/* Any byte wrong: it is reported, or it was a byte that says nothing. */
static void corrupted_anywhere(void)
{
	struct bytes bytes = make_file();
	struct content whole = read_bytes(bytes.data, bytes.size);
	unsigned int harmless = 0;

	for (size_t i = 0; i < bytes.size; i++) {
		struct content content;

		bytes.data[i] ^= 0x24;
		content = read_bytes(bytes.data, bytes.size);
		bytes.data[i] ^= 0x24;
		if (content.status != EXIT_OK)
			continue;
		harmless++;
		CHECK_EQUAL(content.events, whole.events);
		CHECK_EQUAL(content.sum, whole.sum);
	}
	/* Only the zeros behind 14 payloads. */
	CHECK(harmless < 14 * 8);
	free(bytes.data);
}

/* Position of section @index. */
static size_t find_section(const struct bytes *bytes, unsigned int index)
{
	size_t at = sizeof(struct data_file_header);

	while (index--) {
		const struct data_section *head = (const void *)(bytes->data +
								 at);

		at += sizeof(*head) + ((head->stored_size + 7) & ~7ULL);
	}
	return at;
}

static void one_corrupted_section_costs_only_itself(void)
{
	struct bytes bytes = make_file();
	struct content content;

	/* The payload of the first chunk, then the head of it. */
	size_t at = find_section(&bytes, 4);

	bytes.data[at + sizeof(struct data_section) + 12] ^= 0xff;
	content = read_bytes(bytes.data, bytes.size);
	CHECK_EQUAL(content.status, EXIT_DAMAGED);
	CHECK_EQUAL(content.events, 6);
	bytes.data[at + sizeof(struct data_section) + 12] ^= 0xff;

	bytes.data[at + 20] ^= 0xff;
	content = read_bytes(bytes.data, bytes.size);
	CHECK_EQUAL(content.status, EXIT_DAMAGED);
	CHECK_EQUAL(content.events, 6);
	free(bytes.data);
}

static void missing_definitions_are_unknown(void)
{
	struct bytes bytes = make_file();
	size_t at = find_section(&bytes, 8);
	struct data_reader *reader;
	const struct data_stack *stack;
	struct data_event event;

	bytes.data[at + sizeof(struct data_section) + 12] ^= 0xff;
	reader = open_bytes(bytes.data, bytes.size);
	test_silence();
	CHECK(stackid_data_next(reader, &event));
	stack = stackid_data_stack(reader, event.stack);
	CHECK(stack->undefined);
	CHECK_EQUAL(stack->nr, 0);
	CHECK_EQUAL(stack->depth, 0);
	CHECK_EQUAL(stackid_data_close(reader), EXIT_DAMAGED);
	test_speak();
	free(bytes.data);
}

static void seal_section(struct data_section *head)
{
	head->crc = crc32(0, (void *)head, offsetof(struct data_section, crc));
}

static void unknown_sections_are_skipped_in_silence(void)
{
	struct bytes bytes = make_file();
	struct data_section *head = (void *)(bytes.data +
					     find_section(&bytes, 2));
	struct content content;

	head->type = 4711;
	seal_section(head);
	content = read_bytes(bytes.data, bytes.size);
	CHECK_EQUAL(content.status, EXIT_OK);
	CHECK_EQUAL(content.events, 8);
	free(bytes.data);
}

/* A section of text that calls itself a chunk. */
static void columns_that_are_none_are_told(void)
{
	struct bytes bytes = make_file();
	struct data_section *head = (void *)(bytes.data +
					     find_section(&bytes, 2));
	struct content content;

	head->type = DATA_CHUNK;
	head->encoding = DATA_COLUMNS;
	head->cpu = 0;
	seal_section(head);
	content = read_bytes(bytes.data, bytes.size);
	CHECK_EQUAL(content.status, EXIT_DAMAGED);
	CHECK_EQUAL(content.events, 8);
	free(bytes.data);
}

static void unknown_encodings_are_told(void)
{
	/* Of a chunk, and of something that is read at the opening. */
	for (unsigned int section = 4; section <= 8; section += 4) {
		struct bytes bytes = make_file();
		struct data_section *head = (void *)(bytes.data +
					find_section(&bytes, section));

		head->encoding = 200;
		seal_section(head);
		CHECK_EQUAL(read_bytes(bytes.data, bytes.size).status,
			    EXIT_DAMAGED);
		free(bytes.data);
	}
}

static void payloads_that_contradict_themselves_are_told(void)
{
	static const char trash[48] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
	const enum data_section_type types[] = {
		DATA_TASKS, DATA_CHUNK, DATA_STACKS, DATA_SYMBOLS,
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		for (size_t size = 1; size < sizeof(trash); size++) {
			struct data_writer *writer;
			struct bytes bytes;
			const char *path;
			int fd = test_file(&path);

			/* A whole number of tasks is a list of tasks. */
			if (types[i] == DATA_TASKS &&
			    size % sizeof(struct data_task) == 0)
				continue;
			writer = stackid_data_create(fd);
			stackid_data_write(writer, types[i], 0, 1, trash,
					   size);
			write_text(writer, DATA_END, "events=0\n");
			bytes.size = stackid_data_written(writer);
			CHECK(!stackid_data_destroy(writer));
			bytes.data = malloc(bytes.size);
			CHECK_EQUAL(pread(fd, bytes.data, bytes.size, 0),
				    bytes.size);
			close(fd);
			CHECK_EQUAL(read_bytes(bytes.data, bytes.size).status,
				    EXIT_DAMAGED);
			free(bytes.data);
		}
	}
}

static void seal_file(struct bytes *bytes)
{
	struct data_file_header *head = (void *)bytes->data;

	head->crc = crc32(0, (void *)head,
			  offsetof(struct data_file_header, crc));
}

static void other_versions_are_refused(void)
{
	struct bytes bytes = make_file();
	struct data_file_header *head = (void *)bytes.data;

	head->version = DATA_VERSION + 1;
	seal_file(&bytes);
	CHECK_EQUAL(read_bytes(bytes.data, bytes.size).status, EXIT_FAILED);
	head->version = 0;
	seal_file(&bytes);
	CHECK_EQUAL(read_bytes(bytes.data, bytes.size).status, EXIT_FAILED);
	head->version = DATA_VERSION;
	head->byte_order = __builtin_bswap32(DATA_BYTE_ORDER);
	seal_file(&bytes);
	CHECK_EQUAL(read_bytes(bytes.data, bytes.size).status, EXIT_FAILED);
	head->byte_order = DATA_BYTE_ORDER;
	seal_file(&bytes);
	CHECK_EQUAL(read_bytes(bytes.data, bytes.size).status, EXIT_OK);
	free(bytes.data);
}

static void what_follows_the_end_is_told(void)
{
	struct bytes bytes = make_file();
	struct content content;

	bytes.data = realloc(bytes.data, 2 * bytes.size);
	memcpy(bytes.data + bytes.size, bytes.data, bytes.size);
	content = read_bytes(bytes.data, 2 * bytes.size);
	CHECK_EQUAL(content.status, EXIT_DAMAGED);
	CHECK_EQUAL(content.events, 8);
	free(bytes.data);
}

static const struct test tests[] = {
	TEST(everything_comes_back),
	TEST(rewinding_gives_the_same_again),
	TEST(cut_off_anywhere),
	TEST(corrupted_anywhere),
	TEST(one_corrupted_section_costs_only_itself),
	TEST(missing_definitions_are_unknown),
	TEST(unknown_sections_are_skipped_in_silence),
	TEST(columns_that_are_none_are_told),
	TEST(unknown_encodings_are_told),
	TEST(payloads_that_contradict_themselves_are_told),
	TEST(other_versions_are_refused),
	TEST(what_follows_the_end_is_told),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
