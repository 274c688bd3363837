// SPDX-License-Identifier: GPL-2.0
/*
 * Records in rings, drained into a file or into counts.  What is read from that file
 * has to be what was in the rings, hit by hit.
 *
 * An input is a struct setting, then records.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../lib/array.h"
#include "../../lib/clock.h"
#include "../../lib/data/data.h"
#include "../../lib/data/records.h"
#include "../../lib/live/counts.h"
#include "../../lib/live/drain.h"
#include "../../lib/live/inline_stacks.h"
#include "../canned.h"
#include "fuzz.h"
#include "mutate_records.h"

#define NR_RINGS	2
#define RING_SIZE	4096

enum {
	COUNT	= 1,	/* into counts */
	WILD	= 2,	/* the bytes need not be records */
	OTHER	= 4,	/* the second CPU is not wanted */
	OLD	= 8,	/* the positions are about to pass 2^64 */
};

/**
 * struct setting - what is there before the first record
 * @flags:      of the enum above
 * @position:   of the first record, in words of 8 bytes
 * @step:       records between two drains
 * @generation: the number that the rings begin with
 */
struct setting {
	uint8_t flags;
	uint8_t step;
	uint16_t position;
	uint32_t generation;
};

/* A hit as it went into the ring. */
struct hit {
	const struct stackid_record *record;
	uint64_t generation;
};

/* A ring, its kernel's side, and what a reader has to find. */
struct image {
	struct stackid_ring_page page;
	union {
		char data[RING_SIZE];
		uint64_t words[RING_SIZE / 8];
	};
	uint64_t generation;
	struct hit *hits;
	size_t nr_hits;
	size_t room;
	size_t next;
};

/*
 * What costs much to make is made once, and again where an input has been too much
 * for it.
 */
#define MANY_IDS	0x10000

static struct image images[NR_RINGS];
static struct memory_file file;
static struct control control;
static int stacks_raw = -1;
static struct definitions definitions;
/* The generation that @definitions holds, and whether they have grown. */
static uint64_t held = UINT64_MAX;
static bool wide;
static struct inline_stacks *inlines;
static struct data_writer *writer;

static void make_control(void)
{
	char path[] = "/tmp/stackid-fuzz-XXXXXX";

	if (!mkdtemp(path))
		abort();
	control.dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	stacks_raw = openat(control.dir, "stacks_raw",
			    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (stacks_raw < 0)
		abort();
}

static void remove_control(void)
{
	char path[64], link[32];
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", control.dir);
	size = readlink(link, path, sizeof(path) - 1);
	unlinkat(control.dir, "stacks_raw", 0);
	if (size > 0) {
		path[size] = '\0';
		rmdir(path);
	}
}

int LLVMFuzzerInitialize(int *argc __attribute__((unused)),
			 char ***argv __attribute__((unused)))
{
	fuzz_file_create(&file);
	make_control();
	atexit(remove_control);
	fuzz_close_mouth();
	inlines = stackid_inline_stacks_create();
	writer = stackid_data_create(file.fd);
	if (!writer)
		abort();
	return 0;
}

/* Only its header is read: no definition is asked for. */
static void begin_generation(uint64_t generation)
{
	struct stackid_def_header header = {
		.head = { .size = sizeof(header), .type = STACKID_DEF_HEADER },
		.magic = STACKID_STACKS_MAGIC,
		.version = STACKID_ABI_VERSION,
		.generation = generation,
	};

	if (pwrite(stacks_raw, &header, sizeof(header), 0) != sizeof(header))
		abort();
}

static void set_up(struct drain *drain, const struct setting *setting)
{
	uint64_t position = setting->position * 8ULL;

	if (setting->flags & OLD)
		position = -position;
	for (unsigned int cpu = 0; cpu < NR_RINGS; cpu++) {
		struct drained_ring *ring = &drain->rings[cpu];
		struct image *image = &images[cpu];

		image->page = (struct stackid_ring_page) {
			.data_size = RING_SIZE,
			.data_head = position,
			.data_tail = position,
		};
		image->generation = setting->generation;
		image->nr_hits = 0;
		image->next = 0;
		*ring = (struct drained_ring) {
			.wanted = !cpu || !(setting->flags & OTHER),
			.generation = setting->generation,
			.map.cpu = cpu,
			.map.page = &image->page,
			.map.data = image->data,
			.map.data_size = RING_SIZE,
			.map.tail = position,
		};
	}
}

static void drain_all(struct drain *drain)
{
	if (stackid_drain_rings(drain, true))
		fuzz_fail("a file in memory cannot be written");
}

/* As the kernel puts it there. */
static void put(struct drain *drain, struct image *image, const void *record,
		size_t size)
{
	uint64_t head = image->page.data_head;
	size_t offset = head % RING_SIZE;
	size_t pad = offset + size > RING_SIZE ? RING_SIZE - offset : 0;

	if (head + pad + size - image->page.data_tail > RING_SIZE)
		drain_all(drain);
	if (pad) {
		uint64_t w0 = STACKID_REC_PAD | (uint64_t)(pad / 8) << 8;

		memcpy(image->data + offset, &w0, sizeof(w0));
	}
	memcpy(image->data + (head + pad) % RING_SIZE, record, size);
	image->page.data_head = head + pad + size;
}

/*
 * The kernel's promise: a hit is of the generation that the last GENERATION names,
 * or of the one before.
 */
static void set_generation(struct image *image, struct stackid_record *record)
{
	struct stackid_number_record *generation = (void *)record;
	uint64_t number = image->generation;

	if (stackid_rec_type(record) == STACKID_REC_GENERATION &&
	    stackid_rec_size(record) >= sizeof(*generation))
		number = image->generation = generation->number;
	else
		number -= stackid_rec_generation(record) & 1;
	record->w0 = (record->w0 & ~0xf0ULL) | (number & 0xf) << 4;
}

/* The records at @data, as many as are whole. */
static void put_records(struct drain *drain, const struct setting *setting,
			uint8_t *data, size_t size)
{
	unsigned int nr = 0;

	for (size_t at = 0; at + 16 <= size; nr++) {
		struct image *image = &images[nr % NR_RINGS];
		struct stackid_record *head = (void *)(data + at);
		const struct stackid_record *record;
		struct record_walk walk = {
			.data = (const void *)head,
			.size = stackid_rec_size(head),
			.generation = image->generation,
		};
		enum walk state;

		if (walk.size < 16 || walk.size > size - at)
			return;
		at += walk.size;
		state = stackid_records_next(&walk, &record);
		if (state == WALK_WRONG)
			continue;
		set_generation(image, head);
		if (state == WALK_RECORD && stackid_rec_id(record) > MANY_IDS)
			wide = true;
		put(drain, image, walk.data, walk.size);
		if (state == WALK_RECORD && stackid_record_is_hit(record) &&
		    drain->rings[nr % NR_RINGS].wanted) {
			stackid_array_reserve(image->hits, image->nr_hits,
					      image->room);
			image->hits[image->nr_hits++] = (struct hit) {
				record,
				stackid_rec_full_generation(record,
							    image->generation),
			};
		}
		if (setting->step && nr % setting->step == 0)
			drain_all(drain);
	}
}

static void put_wild(struct drain *drain, const uint8_t *data, size_t size)
{
	wide = true;
	for (size_t at = 0; at < size / 8 * 8; at += 512) {
		size_t some = size / 8 * 8 - at < 512 ? size / 8 * 8 - at : 512;
		struct image *image = &images[at / 512 % NR_RINGS];
		size_t offset = image->page.data_head % RING_SIZE;
		size_t first = RING_SIZE - offset < some ? RING_SIZE - offset : some;

		memcpy(image->data + offset, data + at, first);
		memcpy(image->data, data + at + first, some - first);
		image->page.data_head += some;
		drain_all(drain);
	}
}

static void compare(const struct data_event *event, const struct hit *hit)
{
	const struct stackid_record *record = hit->record;
	const struct stackid_stack *block = stackid_record_stack(record);
	const uint64_t low = (1ULL << STACKID_TIME_BITS) - 1;

	if (event->event != stackid_rec_event(record) ||
	    event->pid != stackid_rec_pid(record) ||
	    event->id != stackid_rec_id(record) ||
	    event->nr_values != stackid_record_nr_values(record) ||
	    memcmp(event->values, stackid_rec_values(record),
		   8 * event->nr_values) ||
	    event->generation != hit->generation ||
	    (event->time & low) != stackid_rec_time_bits(record))
		fuzz_fail("a hit of CPU %u comes back as another", event->cpu);
	if (block && event->kind != DATA_HIT_STACK)
		fuzz_fail("a hit of CPU %u has lost its stack", event->cpu);
}

static void check_file(const struct drain *drain)
{
	struct data_reader *reader = stackid_data_open(file.path, true);
	struct data_event event;
	uint64_t nr = 0;

	if (!reader)
		fuzz_fail("what was drained cannot be read");
	while (stackid_data_next(reader, &event)) {
		struct image *image = &images[event.cpu];

		if (event.kind == DATA_LOST)
			continue;
		nr++;
		if (image->next < image->nr_hits)
			compare(&event, &image->hits[image->next++]);
	}
	if (nr != drain->events)
		fuzz_fail("%llu hits were drained, and %llu are in the file",
			  (unsigned long long)drain->events,
			  (unsigned long long)nr);
	stackid_data_close(reader);
}

static void check_counts(const struct drain *drain, const struct counts *counts)
{
	uint64_t hits = 0;

	for (size_t i = 0; i < counts->nr; i++)
		hits += counts->at[i].hits;
	if (hits != drain->events)
		fuzz_fail("%llu hits were drained, and %llu counted",
			  (unsigned long long)drain->events,
			  (unsigned long long)hits);
}

static void finish(struct drain *drain, const struct setting *setting)
{
	uint64_t nr = images[0].nr_hits + images[1].nr_hits;

	drain_all(drain);
	if (drain->counts && stackid_counts_write(drain->counts, drain->writer))
		fuzz_fail("counts cannot be written");
	stackid_data_write(drain->writer, DATA_END, DATA_NO_CPU, 0,
			   "events=0\n", 9);
	if (!(setting->flags & WILD) &&
	    (nr != drain->events || stackid_drain_wild(drain)))
		fuzz_fail("of %llu hits %llu were drained, and %llu bytes are called wild",
			  (unsigned long long)nr,
			  (unsigned long long)drain->events,
			  (unsigned long long)stackid_drain_wild(drain));
	if (drain->counts)
		check_counts(drain, drain->counts);
	else
		check_file(drain);
}

static void hold(uint64_t generation)
{
	if (held != UINT64_MAX)
		stackid_definitions_close(&definitions);
	begin_generation(generation);
	if (stackid_definitions_open(&definitions, &control, inlines))
		fuzz_fail("the stacks cannot be opened");
	held = generation;
	wide = false;
}

static void prepare(struct drain *drain, uint64_t generation)
{
	/* The file's header stays; its sections only have other numbers. */
	if (ftruncate(file.fd, sizeof(struct data_file_header)) ||
	    lseek(file.fd, 0, SEEK_END) < 0)
		abort();
	drain->writer = writer;
	drain->inlines = inlines;
	stackid_inline_stacks_forget(inlines);
	if (held == generation && !wide)
		stackid_definitions_forget(&definitions);
	else
		hold(generation);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct drained_ring rings[NR_RINGS];
	struct counts counts = { };
	struct setting setting = { };
	size_t head = size < sizeof(setting) ? size : sizeof(setting);
	struct drain drain = {
		.rings = rings,
		.nr_rings = NR_RINGS,
		.definitions = &definitions,
	};
	uint64_t *records;

	memcpy(&setting, data, head);
	size -= head;
	/* Where records lie in a ring there are multiples of 8. */
	records = malloc(size + 8);
	memcpy(records, data + head, size);

	prepare(&drain, setting.generation);
	if (setting.flags & COUNT)
		drain.counts = &counts;
	set_up(&drain, &setting);
	if (setting.flags & WILD)
		put_wild(&drain, (const void *)records, size);
	else
		put_records(&drain, &setting, (void *)records, size);
	finish(&drain, &setting);
	stackid_counts_exit(&counts);
	free(records);
	fuzz_check_mouth();
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room,
			       unsigned int seed)
{
	struct dice dice = { seed };
	struct setting setting = { .step = 3, .generation = 1 };

	if (size < sizeof(setting)) {
		memcpy(data, &setting, sizeof(setting));
		size = sizeof(setting);
	}
	switch (roll(&dice, 12)) {
	case 0:
		return LLVMFuzzerMutate(data, size, room);
	case 1:
		LLVMFuzzerMutate(data, sizeof(setting), sizeof(setting));
		return size;
	}
	for (int times = 1 + roll(&dice, 6); times; times--)
		size = sizeof(setting) +
		       mutate_records(data + sizeof(setting),
				      size - sizeof(setting),
				      room - sizeof(setting),
				      stackid_clock(CLOCK_MONOTONIC), &dice);
	return size;
}
