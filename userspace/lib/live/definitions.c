// SPDX-License-Identifier: GPL-2.0
/* Definitions, from stacks_raw into the data file. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <stackid.h>

#include "../array.h"
#include "../clock.h"
#include "../complain.h"
#include "definitions.h"
#include "inline_stacks.h"

#define BUFFER_SIZE	(256 * 1024)
/* No definition is greater. */
#define LARGEST		(sizeof(struct stackid_def) +			\
			 sizeof(struct stackid_stack) + 8 +		\
			 8 * STACKID_MAX_DEPTH)

/*
 * A generation is held this long after its end: hits that were under way have
 * reached the rings by then, and the rings have been drained.
 */
#define GRACE_NS	(3 * NSEC_PER_SEC)

/**
 * struct held_generation - a generation whose stacks_raw is open
 * @seen:    a bit for every id that a record refers to
 * @done:    a bit for every id whose definition is written
 * @nr_words: of either
 * @ended:   when its end or the next one was met, or 0
 */
struct held_generation {
	int fd;
	uint64_t number;
	uint64_t *seen;
	uint64_t *done;
	size_t nr_words;
	uint64_t ended;
};

static int read_header(struct held_generation *held)
{
	struct stackid_def_header header = { };
	/* No room for anything but the header: records come whole. */
	ssize_t got = read(held->fd, &header, sizeof(header));

	if (got != sizeof(header) || header.magic != STACKID_STACKS_MAGIC) {
		stackid_complain("%s/stacks_raw does not begin with a header: is the module called stackid another one?",
				 CONTROL_PATH);
		return -1;
	}
	if (header.version != STACKID_ABI_VERSION) {
		stackid_complain("the module has ABI version %u, this stackid reads %u: install the module and the command of one release",
				 header.version, STACKID_ABI_VERSION);
		return -1;
	}
	held->number = header.generation;
	return 0;
}

static int hold_current(struct definitions *definitions)
{
	struct held_generation held = { };

	held.fd = stackid_control_open_file(definitions->control, "stacks_raw",
					    O_RDONLY);
	if (held.fd < 0)
		return -1;
	if (read_header(&held)) {
		close(held.fd);
		return -1;
	}
	stackid_array_reserve(definitions->held, definitions->nr_held,
			      definitions->room);
	definitions->held[definitions->nr_held++] = held;
	return 0;
}

static void release(struct held_generation *held)
{
	close(held->fd);
	free(held->seen);
	free(held->done);
}

int stackid_definitions_open(struct definitions *definitions,
			     const struct control *control,
			     struct inline_stacks *stacks)
{
	memset(definitions, 0, sizeof(*definitions));
	definitions->control = control;
	definitions->stacks = stacks;
	if (hold_current(definitions))
		return -1;
	definitions->buffer = stackid_memory_zalloc(BUFFER_SIZE, 1);
	definitions->chosen = stackid_memory_zalloc(BUFFER_SIZE, 1);
	return 0;
}

void stackid_definitions_close(struct definitions *definitions)
{
	for (size_t i = 0; i < definitions->nr_held; i++)
		release(&definitions->held[i]);
	free(definitions->held);
	free(definitions->buffer);
	free(definitions->chosen);
}

uint64_t stackid_definitions_generation(const struct definitions *definitions)
{
	return definitions->held[definitions->nr_held - 1].number;
}

static void release_old(struct definitions *definitions)
{
	struct held_generation *oldest = definitions->held;

	while (definitions->nr_held > 1 &&
	       stackid_clock(CLOCK_MONOTONIC) - oldest->ended > GRACE_NS) {
		release(oldest);
		definitions->nr_held--;
		memmove(oldest, oldest + 1,
			definitions->nr_held * sizeof(*oldest));
	}
}

static int hold_next(struct definitions *definitions)
{
	definitions->held[definitions->nr_held - 1].ended =
		stackid_clock(CLOCK_MONOTONIC);
	return hold_current(definitions);
}

int stackid_definitions_follow(struct definitions *definitions)
{
	struct held_generation *held =
		&definitions->held[definitions->nr_held - 1];
	char room[LARGEST];
	const struct stackid_def *def = (const void *)room;
	ssize_t got;

	/* Behind the last stack there is nothing yet, or the end. */
	if (lseek(held->fd, 0, SEEK_END) < 0)
		return 0;
	got = read(held->fd, room, sizeof(room));
	if (got < (ssize_t)sizeof(*def) || def->type != STACKID_DEF_END)
		return 0;
	return hold_next(definitions) ? -1 : 1;
}

static void grow_bits(struct held_generation *held, size_t word)
{
	size_t nr = held->nr_words ? held->nr_words : 1024;

	while (nr <= word)
		nr *= 2;
	held->seen = stackid_memory_resize(held->seen, nr, sizeof(uint64_t));
	held->done = stackid_memory_resize(held->done, nr, sizeof(uint64_t));
	memset(held->seen + held->nr_words, 0,
	       (nr - held->nr_words) * sizeof(uint64_t));
	memset(held->done + held->nr_words, 0,
	       (nr - held->nr_words) * sizeof(uint64_t));
	held->nr_words = nr;
}

static struct held_generation *find_held(const struct definitions *definitions,
					 uint64_t generation)
{
	for (size_t i = definitions->nr_held; i--;) {
		if (definitions->held[i].number == generation)
			return &definitions->held[i];
	}
	return NULL;
}

void stackid_definitions_see(struct definitions *definitions,
			     uint64_t generation, uint32_t id)
{
	struct held_generation *held = find_held(definitions, generation);
	size_t word = id / 64;
	uint64_t bit = 1ULL << id % 64;

	/* Its first hits come a grace period before the END of the one before. */
	if (!held && generation > stackid_definitions_generation(definitions) &&
	    !hold_next(definitions))
		held = find_held(definitions, generation);
	if (!held) {
		definitions->missing = true;
		return;
	}
	if (word >= held->nr_words)
		grow_bits(held, word);
	if (held->seen[word] & bit)
		return;
	held->seen[word] |= bit;
	definitions->fresh = true;
}

void stackid_definitions_forget(struct definitions *definitions)
{
	for (size_t i = 0; i < definitions->nr_held; i++) {
		struct held_generation *held = &definitions->held[i];
		size_t size = held->nr_words * sizeof(uint64_t);

		if (!size)
			continue;
		memset(held->seen, 0, size);
		memset(held->done, 0, size);
	}
	definitions->missing = false;
}

/* The first id from @id on that is seen and not done; 0 if there is none. */
static uint32_t next_needed(const struct held_generation *held, uint32_t id)
{
	size_t word = id / 64;
	uint64_t bits;

	if (word >= held->nr_words)
		return 0;
	bits = held->seen[word] & ~held->done[word] & ~0ULL << id % 64;
	while (!bits) {
		if (++word >= held->nr_words)
			return 0;
		bits = held->seen[word] & ~held->done[word];
	}
	return word * 64 + __builtin_ctzll(bits);
}

/* Of what has been read, those that are needed.  Returns their bytes. */
static size_t choose(struct definitions *definitions,
		     struct held_generation *held, size_t size,
		     struct symbolizer *symbolizer, uint32_t *last)
{
	size_t chosen = 0;

	for (size_t at = 0; at < size;) {
		const struct stackid_def *def =
			(const void *)(definitions->buffer + at);
		uint64_t bit = 1ULL << def->id % 64;
		size_t word = def->id / 64;

		at += def->size;
		if (def->type != STACKID_DEF_STACK || word >= held->nr_words)
			continue;
		*last = def->id;
		if (!(held->seen[word] & ~held->done[word] & bit))
			continue;
		held->done[word] |= bit;
		memcpy(definitions->chosen + chosen, def, def->size);
		chosen += def->size;
		stackid_inline_stacks_note(definitions->stacks, held->number,
					   (const void *)(def + 1));
		stackid_symbolizer_add(symbolizer, held->number,
				       (const void *)(def + 1));
	}
	return chosen;
}

static int write_held(struct definitions *definitions,
		      struct held_generation *held,
		      struct symbolizer *symbolizer,
		      struct data_writer *writer)
{
	uint32_t id = 0;

	while ((id = next_needed(held, id))) {
		uint32_t last = id;
		ssize_t got = -1;
		size_t size;

		if (lseek(held->fd, id, SEEK_SET) == (off_t)id)
			got = read(held->fd, definitions->buffer, BUFFER_SIZE);
		if (got <= 0) {
			stackid_complain("stack %u of generation %llu is not in stacks_raw",
					 id, (unsigned long long)held->number);
			held->done[id / 64] |= 1ULL << id % 64;
			continue;
		}
		size = choose(definitions, held, got, symbolizer, &last);
		if (size && stackid_data_write(writer, DATA_STACKS,
					       DATA_NO_CPU, held->number,
					       definitions->chosen, size))
			return -1;
		id = last + 1;
	}
	return 0;
}

int stackid_definitions_write(struct definitions *definitions,
			      struct symbolizer *symbolizer,
			      struct data_writer *writer)
{
	for (size_t i = 0; i < definitions->nr_held; i++) {
		if (write_held(definitions, &definitions->held[i], symbolizer,
			       writer))
			return -1;
	}
	definitions->fresh = false;
	release_old(definitions);
	return 0;
}
