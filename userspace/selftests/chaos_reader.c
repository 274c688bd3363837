// SPDX-License-Identifier: GPL-2.0
/*
 * chaos_reader mmap|read RESULT: reads all rings and all definitions until
 * SIGTERM, and then writes to RESULT what it has found:
 *
 *	cpu N events E lost L	of each CPU's ring
 *	shot CONTEXT STACK N	hits of stackid_fire.c's, whose stacks tell what they are
 *	id N stack S		of the last generation: what the stack tells
 *	wrong ...		each kind of thing that may not be
 *	checked ...		how much was looked at
 *
 * Ids are looked up when the definitions of their generation are complete:
 *   - each generation defines its ids from 1 on, each of them once, and no stack
 *     twice;
 *   - an id that a ring shows is defined in its generation;
 *   - the stack of a kprobe's hit begins in the function that is probed, so that
 *     an id of another generation, or of another stack, does not pass for right;
 *   - the stack of a hit of stackid_fire.c is the one that its value says.
 * Generations that are over before this reader sees them are left out.
 */
#include <signal.h>

#include "stackid_test.h"

#define MAX_WRONG 20
/* Clocks of an NMI may be some ns off, see the uapi header. */
#define DISORDER_NS 1000000

struct cpu {
	bool open;
	int fd;			/* read */
	struct ring ring;	/* mmap */
	uint64_t told;		/* generation, 0 if unknown */
	uint64_t events;
	uint64_t lost;
	uint64_t last_time;
};

/* stackid_fire.c's number of a context. */
#define FIRE_CONTEXTS 6
#define FIRE_STACKS 65536
/* Of a record of another event, or of one that nobody knew yet as stackid_fire.c's. */
#define NO_SHOT UINT64_MAX

/* One id that was seen with an event; all of them in a hash. */
struct sighting {
	uint64_t generation;
	uint32_t id;
	uint32_t event;
	uint64_t shot;
};

/* What a stack's way through fire_left() and fire_right() tells. */
struct path {
	uint32_t number;
	uint32_t depth;
};

struct definition {
	uint64_t first_pc;
	uint64_t hash;
	struct path path;
};

struct generation {
	uint64_t number;
	unsigned int nr;
	unsigned int room;
	bool complete;
	struct definition *all;	/* by id - 1 */
};

/* Where a kprobe's hits begin. */
struct function {
	uint64_t start;
	uint64_t end;
};

static struct cpu cpus[MAX_CPUS];
static bool by_read;
static volatile sig_atomic_t stop;

static struct sighting *sightings;
static unsigned int nr_sightings, room_sightings;

static struct generation *generations;
static unsigned int nr_generations;
static int definitions_fd = -1;

static struct function functions[STACKID_MAX_EVENT + 1];
/* Events of stackid_fire.c. */
static bool fires[STACKID_MAX_EVENT + 1];
static struct function left, right;
static unsigned int shots[FIRE_CONTEXTS][FIRE_STACKS];
static struct symbols symbols;

static unsigned int nr_wrong;
static FILE *result;

static void __attribute__((format(printf, 1, 2))) wrong(const char *format, ...)
{
	va_list args;

	if (nr_wrong++ >= MAX_WRONG)
		return;
	va_start(args, format);
	fprintf(result, "wrong ");
	vfprintf(result, format, args);
	fprintf(result, "\n");
	va_end(args);
	fflush(result);
}

static uint64_t hash_bytes(const void *data, size_t size)
{
	const unsigned char *at = data;
	uint64_t hash = 0xcbf29ce484222325ULL;

	while (size--)
		hash = (hash ^ *at++) * 0x100000001b3ULL;
	return hash;
}

/* Events */

/* A name that several functions have says nothing. */
static struct function find_function(const char *name, size_t len)
{
	struct function found = {};
	unsigned int i;

	for (i = 0; i + 1 < symbols.nr; i++) {
		if (strlen(symbols.all[i].name) != len ||
		    strncmp(symbols.all[i].name, name, len))
			continue;
		if (found.start)
			return (struct function) {};
		found.start = symbols.all[i].address;
		while (i + 1 < symbols.nr &&
		       symbols.all[i + 1].address == found.start)
			i++;
		found.end = i + 1 < symbols.nr ? symbols.all[i + 1].address :
						 found.start + 4096;
	}
	return found;
}

/* Numbers go round, so that each belongs to one event in a short while. */
static void look_at_events(void)
{
	static char text[1 << 17];
	char *line, *number;

	read_file(ROOT "events", text, sizeof(text));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		unsigned int event;
		const char *name = line + strlen("kprobe:");

		number = strchr(line, '#');
		if (number && (!strncmp(line, "stackid_fire:", 13) ||
			       !strncmp(line, "kprobe:stackid_fire:", 20))) {
			fires[strtoul(number + 1, NULL, 10) & STACKID_MAX_EVENT] = true;
			continue;
		}
		if (strncmp(line, "kprobe:", strlen("kprobe:")) || !number)
			continue;
		event = strtoul(number + 1, NULL, 10);
		if (event && event <= STACKID_MAX_EVENT &&
		    !functions[event].start)
			functions[event] =
				find_function(name, strcspn(name, "+ "));
	}
}

static void check_first(unsigned int event, uint64_t pc, uint64_t generation,
			uint32_t id)
{
	const struct function *function = &functions[event];

	if (function->start && (pc < function->start || pc >= function->end))
		wrong("event %u at %#llx (%s) has a stack that begins at %#llx (%s): generation %llu, id %u",
		      event, (unsigned long long)function->start,
		      symbol_at(&symbols, function->start),
		      (unsigned long long)pc, symbol_at(&symbols, pc),
		      (unsigned long long)generation, id);
}

static bool is_in(const struct function *function, uint64_t pc)
{
	/* A return address. */
	return pc > function->start && pc <= function->end;
}

/* The outermost call is the lowest bit. */
static struct path path_of(const struct stackid_stack *stack)
{
	struct path path = {};
	unsigned int i;

	if (!left.start || !right.start)
		return path;
	for (i = 0; i < stack->nr; i++) {
		uint64_t pc = stack_pc(stack, i);

		if (!is_in(&left, pc) && !is_in(&right, pc))
			continue;
		path.number = path.number << 1 | is_in(&right, pc);
		path.depth++;
	}
	return path;
}

/* How many bits the numbers have; all shots have as many. */
static uint32_t fire_depth;

static void check_path(unsigned int event, uint64_t shot, struct path path,
		       uint64_t generation, uint32_t id)
{
	if (!fire_depth)
		fire_depth = path.depth;
	if (path.number != (uint32_t)shot || path.depth != fire_depth ||
	    !path.depth)
		wrong("event %u of shot %#llx has a stack of shot %u by %u calls, not %u: generation %llu, id %u",
		      event, (unsigned long long)shot, path.number, path.depth,
		      fire_depth, (unsigned long long)generation, id);
}

/* The shot that a record is of. */
static uint64_t shot_of(const struct stackid_record *record)
{
	uint64_t shot;

	if (!fires[stackid_rec_event(record)])
		return NO_SHOT;
	if (!stackid_rec_nr_values(record)) {
		wrong("event %u has no value", stackid_rec_event(record));
		return NO_SHOT;
	}
	shot = stackid_rec_values(record)[0];
	if (shot >> 32 >= FIRE_CONTEXTS || (uint32_t)shot >= FIRE_STACKS)
		wrong("event %u is of shot %#llx, which there is not",
		      stackid_rec_event(record), (unsigned long long)shot);
	else
		shots[shot >> 32][(uint32_t)shot]++;
	return shot;
}

/* Definitions */

static struct generation *generation_of(uint64_t number)
{
	unsigned int i = nr_generations;

	while (i--)
		if (generations[i].number == number)
			return &generations[i];
	return NULL;
}

static void take_stack(struct generation *g, const struct stackid_def *def)
{
	const struct stackid_stack *stack = (const void *)(def + 1);

	if (def->id != g->nr + 1 || stack->id != def->id)
		wrong("generation %llu: id %u (%u) is defined after id %u",
		      (unsigned long long)g->number, def->id, stack->id, g->nr);
	if (g->nr == g->room) {
		g->room = 2 * g->room + 64;
		g->all = realloc(g->all, g->room * sizeof(*g->all));
		if (!g->all)
			give_up("no memory");
	}
	g->all[g->nr++] = (struct definition) {
		.first_pc = stack->nr ? stack_pc(stack, 0) : 0,
		.hash = hash_bytes(&stack->depth, stackid_stack_size(stack) -
				   sizeof(stack->id)),
		.path = path_of(stack),
	};
}

/* True: the generation is over. */
static bool read_generation(void)
{
	static char buffer[1 << 16] __attribute__((aligned(8)));
	struct generation *g = nr_generations ?
			       &generations[nr_generations - 1] : NULL;
	ssize_t n, at;

	while ((n = read(definitions_fd, buffer, sizeof(buffer))) > 0) {
		for (at = 0; at < n;) {
			const struct stackid_def *def = (void *)(buffer + at);
			const struct stackid_def_header *header = (void *)def;

			at += def->size;
			if (def->type == STACKID_DEF_STACK) {
				take_stack(g, def);
			} else if (def->type == STACKID_DEF_END) {
				if (def->id != g->nr)
					wrong("generation %llu ends with id %u after %u",
					      (unsigned long long)g->number,
					      def->id, g->nr);
				g->complete = true;
				return true;
			} else if (def->type == STACKID_DEF_HEADER) {
				generations = realloc(generations,
						      (nr_generations + 1) *
						      sizeof(*generations));
				if (!generations)
					give_up("no memory");
				g = &generations[nr_generations++];
				*g = (struct generation) {
					.number = header->generation
				};
			}
		}
	}
	if (n < 0)
		give_up("reading stacks_raw");
	return false;
}

static void look_at_definitions(void)
{
	for (;;) {
		if (definitions_fd < 0)
			definitions_fd = open_definitions();
		if (!read_generation())
			return;
		close(definitions_fd);
		definitions_fd = -1;
	}
}

/* Records */

static void keep_sighting(const struct sighting *s)
{
	unsigned int i;

	if (nr_sightings * 2 >= room_sightings) {
		struct sighting *old = sightings;
		unsigned int n = room_sightings;

		room_sightings = n ? 2 * n : 1 << 16;
		sightings = calloc(room_sightings, sizeof(*sightings));
		if (!sightings)
			give_up("no memory");
		nr_sightings = 0;
		while (n--)
			if (old[n].id)
				keep_sighting(&old[n]);
		free(old);
	}
	i = hash_bytes(s, sizeof(*s)) & (room_sightings - 1);
	while (sightings[i].id) {
		if (!memcmp(&sightings[i], s, sizeof(*s)))
			return;
		i = (i + 1) & (room_sightings - 1);
	}
	sightings[i] = *s;
	nr_sightings++;
}

static void take_event(struct cpu *cpu, const struct stackid_record *record)
{
	unsigned int type = stackid_rec_type(record) & ~STACKID_REC_VALUES;
	unsigned int event = stackid_rec_event(record);
	uint64_t shot = shot_of(record);

	cpu->events++;
	if (type == STACKID_REC_EVENT_STACK) {
		const struct stackid_stack *stack = inline_stack(record);

		if (!stack->nr || stack->id)
			wrong("an inline stack of %u frames with id %u",
			      stack->nr, stack->id);
		else
			check_first(event, stack_pc(stack, 0), 0, 0);
		if (shot != NO_SHOT)
			check_path(event, shot, path_of(stack), 0, 0);
	} else if (type == STACKID_REC_EVENT && stackid_rec_id(record) &&
		   cpu->told) {
		struct sighting s = {
			.generation = stackid_rec_full_generation(record,
								  cpu->told),
			.id = stackid_rec_id(record),
			.event = event,
			.shot = shot,
		};

		keep_sighting(&s);
	}
}

static void take_record(struct cpu *cpu, const struct stackid_record *record)
{
	unsigned int type = stackid_rec_type(record);
	uint64_t time = stackid_rec_time(record, now_ns() + 1000000000ULL);

	if (type == STACKID_REC_GENERATION) {
		cpu->told = number_of(record);
		/* What read(2) puts in front has no time of its own. */
		return;
	}
	if (time + DISORDER_NS < cpu->last_time)
		wrong("CPU %ld: a time of %llu after %llu", (long)(cpu - cpus),
		      (unsigned long long)time,
		      (unsigned long long)cpu->last_time);
	cpu->last_time = time;
	if (type == STACKID_REC_LOST)
		cpu->lost += number_of(record);
	else if (is_event(record))
		take_event(cpu, record);
}

static void drain(struct cpu *cpu)
{
	static char buffer[1 << 18] __attribute__((aligned(8)));
	const struct stackid_record *record;
	ssize_t n, at;

	if (!by_read) {
		while ((record = next_record(&cpu->ring))) {
			take_record(cpu, record);
			consume(&cpu->ring, record);
		}
		return;
	}
	while ((n = read(cpu->fd, buffer, sizeof(buffer))) > 0) {
		for (at = 0; at < n; at += stackid_rec_size(record)) {
			record = (void *)(buffer + at);
			errno = EINVAL;
			if (!stackid_rec_size(record) ||
			    stackid_rec_size(record) > n - at)
				give_up("a record of %u bytes of %zd",
					stackid_rec_size(record), n - at);
			take_record(cpu, record);
		}
	}
	if (n < 0 && errno != EAGAIN)
		give_up("reading a ring");
}

/* A CPU that is to come has no ring, perhaps; one that has another reader waits. */
static void open_cpu(unsigned int number)
{
	struct cpu *cpu = &cpus[number];
	int fd = try_open_ring(number, by_read ? O_RDONLY | O_NONBLOCK : O_RDWR);

	if (fd == -ENODEV || fd == -EBUSY || fd == -ENOENT || fd == -ENXIO)
		return;
	errno = -fd;
	if (fd < 0)
		give_up("opening the ring of CPU %u", number);
	if (by_read) {
		cpu->fd = fd;
	} else {
		close(fd);
		open_ring(&cpu->ring, number);
		cpu->told = cpu->ring.page->generation;
	}
	cpu->open = true;
}

static void look_at_rings(int nr)
{
	int i;

	for (i = 0; i < nr; i++) {
		if (!cpus[i].open)
			open_cpu(i);
		if (cpus[i].open)
			drain(&cpus[i]);
	}
}

/* The end */

static int compare_hashes(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void check_generation(const struct generation *g)
{
	uint64_t *hashes = malloc((g->nr + 1) * sizeof(*hashes));
	unsigned int i;

	if (!hashes)
		give_up("no memory");
	for (i = 0; i < g->nr; i++)
		hashes[i] = g->all[i].hash;
	qsort(hashes, g->nr, sizeof(*hashes), compare_hashes);
	for (i = 1; i < g->nr; i++)
		if (hashes[i] == hashes[i - 1])
			wrong("generation %llu: a stack has two ids",
			      (unsigned long long)g->number);
	free(hashes);
}

static void check_sighting(const struct sighting *s, uint64_t newest,
			   unsigned int *unseen)
{
	const struct generation *g = generation_of(s->generation);

	if (!g) {
		if (s->generation > newest)
			wrong("id %u of generation %llu, which has not begun: the newest is %llu",
			      s->id, (unsigned long long)s->generation,
			      (unsigned long long)newest);
		(*unseen)++;
	} else if (s->id > g->nr) {
		wrong("id %u of generation %llu is not defined: it has %u",
		      s->id, (unsigned long long)s->generation, g->nr);
	} else {
		check_first(s->event, g->all[s->id - 1].first_pc,
			    s->generation, s->id);
		if (s->shot != NO_SHOT)
			check_path(s->event, s->shot, g->all[s->id - 1].path,
				   s->generation, s->id);
	}
}

static void write_shots(const struct generation *last)
{
	static const char *const contexts[FIRE_CONTEXTS] = {
		"task", "softirq", "irq_work", "hrtimer", "int3", "nmi",
	};
	unsigned int i, j;

	for (i = 0; i < FIRE_CONTEXTS; i++)
		for (j = 0; j < FIRE_STACKS; j++)
			if (shots[i][j])
				fprintf(result, "shot %s %u %u\n", contexts[i], j,
					shots[i][j]);
	for (i = 0; last && fire_depth && i < last->nr; i++)
		if (last->all[i].path.depth)
			fprintf(result, "id %u stack %u\n", i + 1,
				last->all[i].path.number);
}

static void write_result(int nr)
{
	unsigned int unseen = 0, i;
	uint64_t newest;

	for (i = 0; i < nr; i++)
		fprintf(result, "cpu %u events %llu lost %llu\n", i,
			(unsigned long long)cpus[i].events,
			(unsigned long long)cpus[i].lost);
	newest = nr_generations ? generations[nr_generations - 1].number : 0;
	for (i = 0; i < nr_generations; i++)
		check_generation(&generations[i]);
	for (i = 0; i < room_sightings; i++)
		if (sightings[i].id)
			check_sighting(&sightings[i], newest, &unseen);
	write_shots(nr_generations ? &generations[nr_generations - 1] : NULL);
	fprintf(result, "checked %u generations, %u ids and events, %u of them of generations not seen\n",
		nr_generations, nr_sightings, unseen);
	if (nr_wrong > MAX_WRONG)
		fprintf(result, "wrong and %u more\n", nr_wrong - MAX_WRONG);
	fclose(result);
}

static void end(int unused)
{
	stop = 1;
}

int main(int argc, char **argv)
{
	int nr = sysconf(_SC_NPROCESSORS_CONF);

	if (argc != 3)
		give_up("usage: chaos_reader mmap|read RESULT");
	by_read = !strcmp(argv[1], "read");
	result = fopen(argv[2], "w");
	if (!result)
		give_up("opening %s", argv[2]);
	signal(SIGTERM, end);
	read_symbols(&symbols);
	left = find_function("fire_left", strlen("fire_left"));
	right = find_function("fire_right", strlen("fire_right"));
	while (!stop) {
		look_at_definitions();
		look_at_events();
		look_at_rings(nr);
		usleep(5000);
	}
	/* What is in the rings now is defined by now. */
	look_at_rings(nr);
	look_at_definitions();
	write_result(nr);
	return nr_wrong ? 1 : 0;
}
