// SPDX-License-Identifier: GPL-2.0
/* A reader of what is being written. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../array.h"
#include "../complain.h"
#include "byte_stream.h"
#include "data_follow.h"
#include "pack.h"
#include "read_ahead.h"
#include "waiting_chunks.h"

/* A STACKS section whose symbols may still come. */
struct waiting_stacks {
	struct section_place section;
	void *payload;
};

/**
 * struct data_follow - what else there is in such a reader
 * @whole:    of stackid_data_stream_open()
 * @named:    of stackid_data_stream_open()
 * @expected: the next section's number
 * @skipped:  something between the sections was wrong
 * @nr_nameless: which is then the number of the stack @nameless, the first without an id
 */
struct data_follow {
	struct byte_stream bytes;
	bool whole;
	bool named;
	uint32_t expected;
	bool skipped;
	struct waiting_chunks chunks;
	struct waiting_stacks *stacks;
	size_t nr_stacks;
	size_t stacks_room;
	uint32_t nameless;
	uint32_t nr_nameless;
};

static uint64_t take(struct data_reader *reader, void *to, uint64_t size)
{
	struct byte_stream *bytes = &reader->follow->bytes;
	uint64_t done = stackid_byte_stream_take(bytes, to, size);

	/* By this data_file.c bounds what is loaded. */
	reader->file.size = bytes->position;
	return done;
}

static void take_payload(struct data_reader *reader,
			 const struct section_place *section, void *payload)
{
	if (!stackid_data_take_payload(reader, &section->head, payload))
		stackid_data_file_warn(&reader->file, "the %s contradicts itself: skipped",
				       stackid_data_file_name_section(&reader->file, section));
	free(payload);
}

/* The symbols of all stacks so far are there. */
static void settle(struct data_reader *reader)
{
	struct data_follow *follow = reader->follow;

	for (size_t i = 0; i < follow->nr_stacks; i++)
		take_payload(reader, &follow->stacks[i].section,
			     follow->stacks[i].payload);
	follow->nr_stacks = 0;
}

static void end(struct data_reader *reader)
{
	settle(reader);
	stackid_waiting_end(&reader->follow->chunks);
	stackid_data_text_finish(&reader->text);
}

/* Takes @packed. */
static void use_section(struct data_reader *reader,
			const struct section_place *section, void *packed)
{
	struct data_follow *follow = reader->follow;
	void *payload;

	if (section->head.type == DATA_CHUNK) {
		stackid_waiting_add(reader, &follow->chunks, section, packed);
		return;
	}
	payload = stackid_data_file_unpack(&reader->file, section, packed);
	if (payload && section->head.type == DATA_STACKS) {
		stackid_array_reserve(follow->stacks, follow->nr_stacks,
				      follow->stacks_room);
		follow->stacks[follow->nr_stacks++] = (struct waiting_stacks) {
			*section, payload,
		};
	} else if (payload) {
		take_payload(reader, section, payload);
	}
}

/* Whether its payload is to be kept; false also after a warning. */
static bool wants(struct data_reader *reader,
		  const struct section_place *section)
{
	const struct data_section *head = &section->head;

	if (head->type < DATA_META || head->type > DATA_END)
		return false;
	if (head->encoding == (head->type == DATA_CHUNK ? DATA_COLUMNS : 0))
		return stackid_data_file_may_load(&reader->file, section);
	stackid_data_file_warn(&reader->file, "the %s has encoding %u, which this stackid does not know: skipped",
			       stackid_data_file_name_section(&reader->file, section),
			       head->encoding);
	return false;
}

static void skip_warn(struct data_reader *reader, uint64_t from, uint64_t to)
{
	stackid_data_file_warn(&reader->file, "corrupted head of a section: skipped bytes %" PRIu64 " to %" PRIu64,
			       from, to);
	reader->follow->skipped = true;
}

/* The next right one, behind what is none.  False at the end. */
static bool take_head(struct data_reader *reader, struct data_section *head)
{
	struct data_follow *follow = reader->follow;
	uint64_t start = follow->bytes.position;
	size_t got = take(reader, head, sizeof(*head));
	uint64_t size = got;

	if (got && got < sizeof(*head)) {
		stackid_data_file_warn(&reader->file, "cut off in the head of a section at byte %" PRIu64,
				       start);
		follow->skipped = true;
		return false;
	}
	while (got == sizeof(*head) && !stackid_data_section_is_right(head)) {
		memmove(head, (char *)head + 8, sizeof(*head) - 8);
		got -= 8;
		got += take(reader, (char *)head + sizeof(*head) - 8, 8);
	}
	if (size && got < sizeof(*head))
		skip_warn(reader, start, follow->bytes.position);
	else if (follow->bytes.position - sizeof(*head) > start && size)
		skip_warn(reader, start, follow->bytes.position - sizeof(*head));
	return got == sizeof(*head);
}

/* Nothing belongs behind the end. */
static void look_behind(struct data_reader *reader)
{
	uint64_t position = reader->follow->bytes.position;

	if (take(reader, NULL, UINT64_MAX))
		stackid_data_file_warn(&reader->file, "something follows the end of the recording at byte %" PRIu64 "; it is ignored",
				       position);
}

static void complain_cut_off(struct data_reader *reader)
{
	if (!reader->follow->skipped)
		stackid_data_file_warn(&reader->file, "cut off after %" PRIu64 " bytes: the recording was not finished; showing what is there",
				       reader->follow->bytes.position);
}

/* False if there is none, or if it is not whole: that has been said, then. */
static bool take_section(struct data_reader *reader)
{
	struct data_follow *follow = reader->follow;
	struct section_place section = { };
	struct data_section *head = &section.head;
	void *packed = NULL;
	uint64_t padding;
	bool wanted;

	if (!take_head(reader, head)) {
		complain_cut_off(reader);
		return false;
	}
	section.payload = follow->bytes.position;
	if (head->sequence != follow->expected) {
		stackid_data_file_warn(&reader->file, "section %u is followed by %u: those between are missing",
				       follow->expected - 1, head->sequence);
		follow->skipped = true;
	}
	follow->expected = head->sequence + 1;
	wanted = wants(reader, &section);
	if (wanted)
		packed = malloc(head->stored_size);
	if (take(reader, packed, head->stored_size) != head->stored_size) {
		stackid_data_file_warn(&reader->file, "cut off in the %s",
				       stackid_data_file_name_section(&reader->file, &section));
		free(packed);
		return false;
	}
	padding = -head->stored_size & 7;
	padding -= take(reader, NULL, padding);
	if (wanted)
		use_section(reader, &section, packed);
	if (head->type == DATA_MARK) {
		settle(reader);
		stackid_waiting_mark(&follow->chunks, head->time);
	}
	if (padding)
		complain_cut_off(reader);
	else if (head->type == DATA_END && follow->whole)
		look_behind(reader);
	return !padding && head->type != DATA_END;
}

/* False if there is nothing to read any more. */
static bool read_on(struct data_reader *reader)
{
	if (reader->follow->chunks.ended)
		return false;
	if (!take_section(reader))
		end(reader);
	return true;
}

uint32_t stackid_data_follow_find(struct data_reader *reader,
				  uint64_t generation, uint32_t id)
{
	uint32_t index = 0;

	while (reader->follow->whole && !index && read_on(reader))
		index = stackid_stacks_by_id(&reader->stacks, generation, id);
	return index;
}

/*
 * If it gets no id, all that have one are known then; it stands somewhere between them,
 * and the others without one come behind them.
 */
static void name_stack(struct data_reader *reader, uint32_t index)
{
	struct data_follow *follow = reader->follow;
	const struct data_stack *stack = stackid_stacks_get(&reader->stacks,
							    index);

	while (!stack->id && read_on(reader))
		;
	if (!stack->id && !follow->nameless) {
		follow->nameless = index;
		follow->nr_nameless = stackid_data_nr_stacks(reader);
	}
}

uint32_t stackid_data_follow_number(const struct data_reader *reader,
				    uint32_t index)
{
	return index == reader->follow->nameless ?
	       reader->follow->nr_nameless : index;
}

bool stackid_data_follow_next(struct data_reader *reader,
			      struct data_event *event)
{
	struct data_follow *follow = reader->follow;
	struct lane *lane;
	bool seen;

	do {
		while ((lane = stackid_waiting_first(reader, &follow->chunks))) {
			seen = stackid_data_fill_event(reader, lane, event);
			if (event->stack && follow->named)
				name_stack(reader, event->stack);
			stackid_waiting_advance(reader, &follow->chunks, lane);
			if (seen)
				return true;
		}
	} while (read_on(reader));
	return false;
}

void stackid_data_follow_rest(struct data_reader *reader)
{
	while (read_on(reader))
		stackid_waiting_drop(reader, &reader->follow->chunks);
}

static struct data_reader *create(void)
{
	struct data_reader *reader = stackid_memory_zalloc(1, sizeof(*reader));

	reader->follow = stackid_memory_zalloc(1, sizeof(*reader->follow));
	reader->follow->bytes.fd = -1;
	reader->file.fd = -1;
	stackid_data_init(reader);
	return reader;
}

static int open_input(struct data_reader *reader, const char *path)
{
	struct data_follow *follow = reader->follow;
	struct data_file *file = &reader->file;
	struct data_file_header header;

	file->name = stackid_memory_strdup(strcmp(path, "-") ? path :
					   "standard input");
	if (stackid_byte_stream_open(&follow->bytes, path)) {
		stackid_complain("cannot %s %s: %s", follow->whole ? "open" :
				 "follow", file->name, strerror(errno));
		return -1;
	}
	if (stackid_data_file_check(file, &header,
				    take(reader, &header, sizeof(header))))
		return -1;
	reader->file.unpacker = stackid_unpacker_create();
	return 0;
}

struct data_reader *stackid_data_follow_open(const char *path)
{
	struct data_reader *reader = create();

	if (open_input(reader, path)) {
		stackid_data_close(reader);
		return NULL;
	}
	while (!reader->text.nr_events && read_on(reader))
		;
	return reader;
}

bool stackid_data_is_pipe(const char *path)
{
	struct stat file;

	return !(strcmp(path, "-") ? stat(path, &file) :
				     fstat(STDIN_FILENO, &file)) &&
	       !S_ISREG(file.st_mode) && !S_ISDIR(file.st_mode);
}

struct data_reader *stackid_data_stream_open(const char *path, bool trusted,
					     bool named)
{
	struct data_reader *reader = create();
	struct data_follow *follow = reader->follow;

	follow->whole = true;
	follow->named = named;
	if (open_input(reader, path)) {
		stackid_data_close(reader);
		return NULL;
	}
	if (!trusted) {
		follow->bytes.allowed = stackid_data_file_limit(0);
		/* That is ours. */
		stackid_memory_allow(READ_AHEAD_MOST);
	}
	while (!follow->chunks.nr_lanes && read_on(reader))
		;
	return reader;
}

void stackid_data_follow_idle(struct data_reader *reader,
			      void (*idle)(void *own), void *own)
{
	reader->follow->bytes.idle = idle;
	reader->follow->bytes.own = own;
}

void stackid_data_follow_free(struct data_reader *reader)
{
	struct data_follow *follow = reader->follow;

	if (!follow)
		return;
	stackid_waiting_free(&follow->chunks);
	for (size_t i = 0; i < follow->nr_stacks; i++)
		free(follow->stacks[i].payload);
	free(follow->stacks);
	stackid_byte_stream_close(&follow->bytes);
	free(follow);
}
