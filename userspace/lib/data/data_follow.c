// SPDX-License-Identifier: GPL-2.0
/*
 * A reader of what is being written.  Chunks wait, decoded, in the queues of their CPUs
 * until a mark says that nothing of before it is to come any more.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../array.h"
#include "../complain.h"
#include "columns_decode.h"
#include "data_follow.h"
#include "data_reader.h"
#include "pack.h"

#define BUFFER_SIZE	65536
#define LOOK_MS		50

/* @mark: how many marks there had been when it came */
struct waiting_chunk {
	struct record_walk walk;
	void *records;
	uint64_t mark;
};

/**
 * struct follow_lane - the events of one CPU
 * @lane:   its record is the next one, if not NULL
 * @mark:   of the chunk in @lane
 * @chunks: that wait behind it, from @first to @nr
 */
struct follow_lane {
	struct lane lane;
	uint64_t mark;
	struct waiting_chunk *chunks;
	size_t first;
	size_t nr;
	size_t room;
};

/* A STACKS section whose symbols may still come. */
struct waiting_stacks {
	struct data_section head;
	void *payload;
};

/**
 * struct data_follow - what else there is in such a reader
 * @grows:    a regular file, at whose end more may come
 * @buffer:   from @at to @size what was read and not used yet
 * @position: in the file, of what comes next in @buffer
 * @expected: the next section's number
 * @complete: the time of the last mark
 * @marks:    how many there were
 * @ended:    nothing else comes
 * @lanes:    each allocated alone, as the earliest one is pointed to
 */
struct data_follow {
	int fd;
	bool grows;
	char buffer[BUFFER_SIZE];
	size_t at;
	size_t size;
	uint64_t position;
	uint32_t expected;
	uint64_t complete;
	uint64_t marks;
	bool ended;
	struct waiting_stacks *stacks;
	size_t nr_stacks;
	size_t stacks_room;
	struct follow_lane **lanes;
	size_t nr_lanes;
	size_t lanes_room;
	void (*idle)(void *own);
	void *own;
};

/* Whoever records holds a lock on the file, which ends with the process. */
static bool is_written(const struct data_follow *follow)
{
	if (!flock(follow->fd, LOCK_SH | LOCK_NB)) {
		flock(follow->fd, LOCK_UN);
		return false;
	}
	return true;
}

static bool has_bytes(const struct data_follow *follow)
{
	struct pollfd poller = { .fd = follow->fd, .events = POLLIN };

	return !follow->grows && poll(&poller, 1, 0) > 0;
}

/* What is there, and waits if that is nothing.  False at the end. */
static bool fill(struct data_follow *follow)
{
	bool alive = true;
	ssize_t got;

	for (;;) {
		if (follow->idle && !follow->grows && !has_bytes(follow))
			follow->idle(follow->own);
		/* If it dies between the two, what it wrote is seen all the same. */
		if (follow->grows)
			alive = is_written(follow);
		got = read(follow->fd, follow->buffer, BUFFER_SIZE);
		if (got > 0)
			break;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || !follow->grows || !alive)
			return false;
		if (follow->idle)
			follow->idle(follow->own);
		poll(NULL, 0, LOOK_MS);
	}
	follow->at = 0;
	follow->size = got;
	return true;
}

/* How many of @size bytes there are before the end. */
static size_t take(struct data_reader *reader, void *to, size_t size)
{
	struct data_follow *follow = reader->follow;
	size_t done = 0;

	while (done < size) {
		size_t piece = follow->size - follow->at;

		if (!piece) {
			if (!fill(follow))
				break;
			continue;
		}
		if (piece > size - done)
			piece = size - done;
		if (to)
			memcpy((char *)to + done,
			       follow->buffer + follow->at, piece);
		follow->at += piece;
		done += piece;
	}
	follow->position += done;
	/* By this data_file.c bounds what is loaded. */
	reader->file.size = follow->position;
	return done;
}

static struct follow_lane *find_lane(struct data_follow *follow, uint32_t cpu)
{
	struct follow_lane *lane;

	for (size_t i = 0; i < follow->nr_lanes; i++) {
		if (follow->lanes[i]->lane.cpu == cpu)
			return follow->lanes[i];
	}
	lane = stackid_memory_zalloc(1, sizeof(*lane));
	lane->lane.cpu = cpu;
	stackid_array_reserve(follow->lanes, follow->nr_lanes,
			      follow->lanes_room);
	follow->lanes[follow->nr_lanes++] = lane;
	return lane;
}

/* Sets the next record; without one the lane has none until another chunk comes. */
static void advance(struct data_reader *reader, struct follow_lane *follow_lane)
{
	struct lane *lane = &follow_lane->lane;
	struct waiting_chunk *chunk;
	enum walk walk;

	for (;;) {
		walk = lane->payload ? stackid_records_next(&lane->walk,
							    &lane->record) :
				       WALK_END;
		if (walk == WALK_RECORD) {
			lane->time = stackid_rec_time(lane->record,
						      lane->walk.now);
			lane->generation = lane->walk.generation;
			return;
		}
		if (walk == WALK_WRONG)
			stackid_data_file_warn(&reader->file, "after %zu of %zu bytes a chunk of CPU %u holds no records: the rest of it is skipped",
					       lane->walk.position,
					       lane->walk.size, lane->cpu);
		free(lane->payload);
		lane->payload = NULL;
		lane->record = NULL;
		if (follow_lane->first == follow_lane->nr) {
			follow_lane->first = 0;
			follow_lane->nr = 0;
			return;
		}
		chunk = &follow_lane->chunks[follow_lane->first++];
		lane->payload = chunk->records;
		lane->walk = chunk->walk;
		follow_lane->mark = chunk->mark;
	}
}

/* Takes @payload. */
static void add_chunk(struct data_reader *reader,
		      const struct section_place *section, void *payload)
{
	const struct data_section *head = &section->head;
	struct data_follow *follow = reader->follow;
	struct waiting_chunk chunk = {
		.walk.generation = head->generation,
		.walk.now = head->time,
		.mark = follow->marks,
	};
	struct follow_lane *lane;

	chunk.records = stackid_columns_decode(payload, head->raw_size,
					       head->count, &chunk.walk.size);
	free(payload);
	if (!chunk.records) {
		stackid_data_file_warn(&reader->file, "the %s contradicts itself: skipped",
				       stackid_data_file_name_section(&reader->file, section));
		return;
	}
	chunk.walk.data = chunk.records;
	if (head->cpu != DATA_NO_CPU && head->cpu >= reader->nr_cpus)
		reader->nr_cpus = head->cpu + 1;
	lane = find_lane(follow, head->cpu);
	stackid_array_reserve(lane->chunks, lane->nr, lane->room);
	lane->chunks[lane->nr++] = chunk;
	if (!lane->lane.record)
		advance(reader, lane);
}

static void take_payload(struct data_reader *reader,
			 const struct data_section *head, void *payload)
{
	if (!stackid_data_take_payload(reader, head, payload))
		stackid_data_file_warn(&reader->file, "section %u contradicts itself: skipped",
				       head->sequence);
	free(payload);
}

/* The symbols of all stacks so far are there. */
static void settle(struct data_reader *reader)
{
	struct data_follow *follow = reader->follow;

	for (size_t i = 0; i < follow->nr_stacks; i++)
		take_payload(reader, &follow->stacks[i].head,
			     follow->stacks[i].payload);
	follow->nr_stacks = 0;
}

static void end(struct data_reader *reader)
{
	settle(reader);
	reader->follow->ended = true;
	stackid_data_text_finish(&reader->text);
}

/* Takes @payload. */
static void use_section(struct data_reader *reader,
			const struct section_place *section, void *payload)
{
	struct data_follow *follow = reader->follow;
	const struct data_section *head = &section->head;

	switch (head->type) {
	case DATA_CHUNK:
		add_chunk(reader, section, payload);
		return;
	case DATA_STACKS:
		stackid_array_reserve(follow->stacks, follow->nr_stacks,
				      follow->stacks_room);
		follow->stacks[follow->nr_stacks++] = (struct waiting_stacks) {
			*head, payload,
		};
		return;
	case DATA_MARK:
		free(payload);
		settle(reader);
		follow->complete = head->time;
		follow->marks++;
		return;
	}
	take_payload(reader, head, payload);
	if (head->type == DATA_END)
		end(reader);
}

/* The next right one, behind what is none.  False at the end. */
static bool take_head(struct data_reader *reader, struct data_section *head)
{
	struct data_follow *follow = reader->follow;
	uint64_t start = follow->position;
	size_t got = take(reader, head, sizeof(*head));

	if (!got)
		return false;
	while (got == sizeof(*head) && !stackid_data_section_is_right(head)) {
		memmove(head, (char *)head + 8, sizeof(*head) - 8);
		got -= 8;
		got += take(reader, (char *)head + sizeof(*head) - 8, 8);
	}
	if (follow->position - sizeof(*head) > start)
		stackid_data_file_warn(&reader->file, "corrupted head of a section: skipped bytes %" PRIu64 " to %" PRIu64,
				       start, follow->position - got);
	return got == sizeof(*head);
}

/* 1 was taken, 0 there is none, -1 the file ends in it, and that has been said. */
static int take_section(struct data_reader *reader)
{
	struct data_follow *follow = reader->follow;
	struct data_file *file = &reader->file;
	struct section_place section = { };
	struct data_section *head = &section.head;
	void *packed = NULL;
	bool wanted;

	if (!take_head(reader, head))
		return 0;
	if (head->sequence != follow->expected)
		stackid_data_file_warn(file, "section %u is followed by %u: those between are missing",
				       follow->expected - 1, head->sequence);
	follow->expected = head->sequence + 1;
	section.payload = follow->position;
	wanted = head->type >= DATA_META && head->type <= DATA_MARK;
	if (wanted && head->encoding != (head->type == DATA_CHUNK ?
					 DATA_COLUMNS : 0)) {
		stackid_data_file_warn(file, "the %s has encoding %u, which this stackid does not know: skipped",
				       stackid_data_file_name_section(file, &section),
				       head->encoding);
		wanted = false;
	}
	wanted = wanted && stackid_data_file_may_load(file, &section);
	if (wanted)
		packed = malloc(head->stored_size);
	if (take(reader, packed, head->stored_size) != head->stored_size ||
	    take(reader, NULL, -head->stored_size & 7) !=
	    (-head->stored_size & 7)) {
		stackid_data_file_warn(file, "cut off in the %s",
				       stackid_data_file_name_section(file, &section));
		free(packed);
		return -1;
	}
	if (wanted)
		packed = stackid_data_file_unpack(file, &section, packed);
	if (packed)
		use_section(reader, &section, packed);
	return 1;
}

/* False if there is nothing to read any more. */
static bool read_on(struct data_reader *reader)
{
	int more;

	if (reader->follow->ended)
		return false;
	more = take_section(reader);
	if (more > 0)
		return true;
	if (!more)
		stackid_data_file_warn(&reader->file, "cut off after %" PRIu64 " bytes: the recording was not finished; showing what is there",
				       reader->follow->position);
	end(reader);
	return true;
}

/* That has the earliest record; NULL if none may be shown yet. */
static struct follow_lane *earliest(const struct data_follow *follow)
{
	struct follow_lane *found = NULL;

	for (size_t i = 0; i < follow->nr_lanes; i++) {
		struct follow_lane *lane = follow->lanes[i];

		if (!lane->lane.record)
			continue;
		/* What came after the mark has its definitions only at the next. */
		if (!follow->ended && (lane->mark == follow->marks ||
				       lane->lane.time >= follow->complete))
			continue;
		if (!found || lane->lane.time < found->lane.time ||
		    (lane->lane.time == found->lane.time &&
		     lane->lane.cpu < found->lane.cpu))
			found = lane;
	}
	return found;
}

bool stackid_data_follow_next(struct data_reader *reader,
			      struct data_event *event)
{
	struct follow_lane *lane;
	bool seen;

	do {
		while ((lane = earliest(reader->follow))) {
			seen = stackid_data_fill_event(reader, &lane->lane,
						       event);
			advance(reader, lane);
			if (seen)
				return true;
		}
	} while (read_on(reader));
	return false;
}

static int open_input(struct data_reader *reader, const char *path)
{
	struct data_follow *follow = reader->follow;
	struct data_file *file = &reader->file;
	struct data_file_header header;
	struct stat st;

	if (!strcmp(path, "-")) {
		file->name = stackid_memory_strdup("standard input");
		follow->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	} else {
		file->name = stackid_memory_strdup(path);
		follow->fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (follow->fd < 0 || fstat(follow->fd, &st) || S_ISDIR(st.st_mode)) {
		stackid_complain("cannot follow %s: %s", file->name,
				 follow->fd < 0 ? strerror(errno) :
						  "it is a directory");
		return -1;
	}
	follow->grows = S_ISREG(st.st_mode);
	return stackid_data_file_check(file, &header,
				       take(reader, &header, sizeof(header)));
}

struct data_reader *stackid_data_follow_open(const char *path)
{
	struct data_reader *reader = stackid_memory_zalloc(1, sizeof(*reader));

	reader->follow = stackid_memory_zalloc(1, sizeof(*reader->follow));
	reader->follow->fd = -1;
	reader->file.fd = -1;
	stackid_data_init(reader);
	if (open_input(reader, path)) {
		stackid_data_close(reader);
		return NULL;
	}
	reader->file.unpacker = stackid_unpacker_create();
	while (!reader->text.nr_events && read_on(reader))
		;
	return reader;
}

void stackid_data_follow_idle(struct data_reader *reader,
			      void (*idle)(void *own), void *own)
{
	reader->follow->idle = idle;
	reader->follow->own = own;
}

static void free_lane(struct follow_lane *lane)
{
	for (size_t i = lane->first; i < lane->nr; i++)
		free(lane->chunks[i].records);
	free(lane->chunks);
	free(lane->lane.payload);
	free(lane);
}

void stackid_data_follow_free(struct data_reader *reader)
{
	struct data_follow *follow = reader->follow;

	if (!follow)
		return;
	for (size_t i = 0; i < follow->nr_lanes; i++)
		free_lane(follow->lanes[i]);
	for (size_t i = 0; i < follow->nr_stacks; i++)
		free(follow->stacks[i].payload);
	free(follow->lanes);
	free(follow->stacks);
	if (follow->fd >= 0)
		close(follow->fd);
	free(follow);
}
