/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests share: files of debugfs, rings, definitions.  Written from
 * include/uapi/stackid.h alone; the command's reader is not used, so that one
 * mistake cannot hide another.
 *
 * A helper that fails ends the test with a message: none of them may.
 */
#ifndef STACKID_TEST_H
#define STACKID_TEST_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <stackid.h>

#define ROOT "/sys/kernel/debug/stackid/"
#define MAX_CPUS 64

/* What the name of a system call's function begins with. */
#ifdef __aarch64__
#define SYS "__arm64_sys_"
#else
#define SYS "__x64_sys_"
#endif

static inline void __attribute__((noreturn, format(printf, 1, 2)))
give_up(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("# ");
	vprintf(format, args);
	printf(" (%s)\n", strerror(errno));
	va_end(args);
	fflush(stdout);
	_exit(1);
}

static inline uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000ULL + t.tv_nsec;
}

static inline int nr_cpus(void)
{
	return sysconf(_SC_NPROCESSORS_ONLN);
}

static inline void pin_to_cpu(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		give_up("cannot run on CPU %d", cpu);
}

/* One write(2); 0 or -errno. */
static inline int try_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = write(fd, text, strlen(text));
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? n : 0;
}

static inline void write_file(const char *path, const char *text)
{
	int ret = try_write(path, text);

	errno = -ret;
	if (ret)
		give_up("writing '%s' to %s", text, path);
}

static inline size_t read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		give_up("opening %s", path);
	while ((n = read(fd, text + len, size - 1 - len)) > 0)
		len += n;
	if (n < 0)
		give_up("reading %s", path);
	close(fd);
	text[len] = '\0';
	return len;
}

/* A counter of stats; @cpu -1 is the sum of all. */
static inline uint64_t stat_of(int cpu, const char *name)
{
	char path[128], text[16384], *line;
	size_t len = strlen(name);

	snprintf(path, sizeof(path), cpu < 0 ? ROOT "stats" :
		 ROOT "per_cpu/cpu%d/stats", cpu);
	read_file(path, text, sizeof(text));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (!strncmp(line, name, len) && line[len] == ' ')
			return strtoull(line + len + 1, NULL, 10);
	errno = ENOENT;
	give_up("%s has no line %s", path, name);
}

/* Off, no events, rings of @buffer_kb KiB. */
static inline void start_clean(unsigned int buffer_kb)
{
	char kb[16];
	int fd;

	write_file(ROOT "recording_on", "0\n");
	fd = open(ROOT "events", O_WRONLY | O_TRUNC);
	if (fd < 0)
		give_up("opening events");
	close(fd);
	snprintf(kb, sizeof(kb), "%u\n", buffer_kb);
	write_file(ROOT "buffer_size_kb", kb);
}

/* The sums that the uapi header states; for a CPU or, with -1, for all. */
static inline bool ledger_holds(int cpu)
{
	uint64_t offered = stat_of(cpu, "offered");
	uint64_t recorded = stat_of(cpu, "recorded");
	uint64_t in_line = stat_of(cpu, "inline");
	uint64_t lost = stat_of(cpu, "lost_full") +
			stat_of(cpu, "lost_recursion") +
			stat_of(cpu, "lost_rcu");
	uint64_t kinds = stat_of(cpu, "hit") + in_line +
			 stat_of(cpu, "user") + stat_of(cpu, "empty");
	uint64_t ways = stat_of(cpu, "queued") + stat_of(cpu, "queue_full") +
			stat_of(cpu, "table_full");

	printf("# cpu %d: offered %llu recorded %llu lost %llu inline %llu\n",
	       cpu, (unsigned long long)offered, (unsigned long long)recorded,
	       (unsigned long long)lost, (unsigned long long)in_line);
	return offered == recorded + lost && recorded == kinds &&
	       in_line == ways;
}

/* The table's own sums. */
static inline bool table_ledger_holds(void)
{
	uint64_t requests = stat_of(-1, "requests");

	return requests == stat_of(-1, "inserted") +
			   stat_of(-1, "found_again") + stat_of(-1, "full") +
			   stat_of(-1, "no_memory") + stat_of(-1, "stale") +
			   stat_of(-1, "pending") &&
	       requests == stat_of(-1, "queued") + stat_of(-1, "save_queued") +
			   stat_of(-1, "save_direct") &&
	       stat_of(-1, "save_calls") ==
			   stat_of(-1, "save_hit") +
			   stat_of(-1, "save_inserted") +
			   stat_of(-1, "save_deferred") +
			   stat_of(-1, "save_refused");
}

/* Waits, at most two minutes, until no insert is under way. */
static inline bool inserts_are_done(void)
{
	int i;

	for (i = 0; i < 12000; i++) {
		if (!stat_of(-1, "pending"))
			return true;
		usleep(10000);
	}
	return false;
}

/* The number that records give to an event. */
static inline unsigned int event_number(const char *name)
{
	char text[16384], *line;
	size_t len = strlen(name);

	read_file(ROOT "events", text, sizeof(text));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *number = strchr(line, '#');

		if (number && !strncmp(line, name, len) && line[len] == ' ')
			return strtoul(number + 1, NULL, 10);
	}
	errno = ENOENT;
	give_up("events has no line %s", name);
}

/* One CPU's ring, mapped. */
struct ring {
	int fd;
	int cpu;
	size_t size;
	struct stackid_ring_page *page;
	const char *data;
};

static inline int try_open_ring(int cpu, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), ROOT "per_cpu/cpu%d/ring", cpu);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static inline void open_ring(struct ring *r, int cpu)
{
	size_t page = sysconf(_SC_PAGESIZE);

	r->cpu = cpu;
	r->fd = try_open_ring(cpu, O_RDWR);
	errno = -r->fd;
	if (r->fd < 0)
		give_up("opening the ring of CPU %d", cpu);
	r->page = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd,
		       0);
	if (r->page == MAP_FAILED)
		give_up("mapping the control page");
	r->size = r->page->data_size;
	r->data = mmap(NULL, r->size, PROT_READ, MAP_SHARED, r->fd,
		       r->page->data_offset);
	if (r->data == MAP_FAILED)
		give_up("mapping the data");
}

static inline void close_ring(struct ring *r)
{
	munmap((void *)r->data, r->size);
	munmap(r->page, sysconf(_SC_PAGESIZE));
	close(r->fd);
}

/* The next record that is no PAD, or NULL. */
static inline const struct stackid_record *next_record(struct ring *r)
{
	uint64_t tail = r->page->data_tail;
	/* C, pairs with B in the kernel. */
	uint64_t head = __atomic_load_n(&r->page->data_head, __ATOMIC_ACQUIRE);

	while (tail != head) {
		const struct stackid_record *record =
			(const void *)(r->data + tail % r->size);
		unsigned int size = stackid_rec_size(record);

		errno = EINVAL;
		if (!size || size > head - tail ||
		    size > r->size - tail % r->size)
			give_up("CPU %d: a record of %u bytes at %llu, head %llu",
				r->cpu, size, (unsigned long long)tail,
				(unsigned long long)head);
		if (stackid_rec_type(record) != STACKID_REC_PAD)
			return record;
		tail += size;
		__atomic_store_n(&r->page->data_tail, tail, __ATOMIC_RELEASE);
	}
	return NULL;
}

static inline void consume(struct ring *r, const struct stackid_record *record)
{
	/* D, pairs with A in the kernel. */
	__atomic_store_n(&r->page->data_tail,
			 r->page->data_tail + stackid_rec_size(record),
			 __ATOMIC_RELEASE);
}

static inline bool is_event(const struct stackid_record *record)
{
	unsigned int type = stackid_rec_type(record) & ~STACKID_REC_VALUES;

	return type >= STACKID_REC_EVENT && type <= STACKID_REC_EVENT_USER;
}

static inline uint64_t number_of(const struct stackid_record *record)
{
	return ((const struct stackid_number_record *)record)->number;
}

/* The stack block in an EVENT_STACK. */
static inline const struct stackid_stack *
inline_stack(const struct stackid_record *record)
{
	return (const struct stackid_stack *)(record + 1);
}

static inline uint64_t stack_pc(const struct stackid_stack *s, unsigned int i)
{
	const void *pcs = stackid_stack_pcs(s);

	if (s->flags & STACKID_STACK_PC64)
		return ((const uint64_t *)pcs)[i];
	return 0xffffffff00000000ULL | ((const uint32_t *)pcs)[i];
}

/* For qsort(3) of pointers to stacks. */
static inline int compare_stacks(const void *a, const void *b)
{
	const struct stackid_stack *x = *(const struct stackid_stack **)a;
	const struct stackid_stack *y = *(const struct stackid_stack **)b;
	uint32_t n = stackid_stack_size(x), m = stackid_stack_size(y);

	if (n != m)
		return n < m ? -1 : 1;
	/* All but the id. */
	return memcmp(&x->depth, &y->depth, n - sizeof(x->id));
}

/* All definitions of one generation. */
struct definitions {
	uint64_t generation;
	unsigned int nr;
	unsigned int room;
	const struct stackid_stack **stacks;	/* by id - 1 */
	bool ended;
};

static inline int open_definitions(void)
{
	int fd = open(ROOT "stacks_raw", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		give_up("opening stacks_raw");
	return fd;
}

static inline void take_definition(struct definitions *d,
				   const struct stackid_def *def)
{
	const struct stackid_def_header *header = (const void *)def;

	errno = EINVAL;
	switch (def->type) {
	case STACKID_DEF_HEADER:
		if (header->magic != STACKID_STACKS_MAGIC ||
		    header->version != STACKID_ABI_VERSION || d->generation)
			give_up("stacks_raw: a header that is none");
		d->generation = header->generation;
		break;
	case STACKID_DEF_STACK:
		if (def->id != d->nr + 1 || d->ended)
			give_up("stacks_raw: id %u after id %u", def->id,
				d->nr);
		if (d->nr == d->room) {
			d->room = d->room * 2 + 64;
			d->stacks = realloc(d->stacks,
					    d->room * sizeof(*d->stacks));
		}
		d->stacks[d->nr++] = (const void *)(def + 1);
		break;
	case STACKID_DEF_END:
		if (def->id != d->nr || d->ended)
			give_up("stacks_raw: an END with id %u after %u",
				def->id, d->nr);
		d->ended = true;
		break;
	default:
		give_up("stacks_raw: unknown type %u", def->type);
	}
}

/* What there is to read now; the memory is for the test's life. */
static inline void read_definitions(int fd, struct definitions *d)
{
	const size_t size = 1 << 16;
	ssize_t n, at;

	for (;;) {
		char *buffer = malloc(size);

		n = read(fd, buffer, size);
		if (n < 0)
			give_up("reading stacks_raw");
		if (!n)
			break;
		for (at = 0; at < n;) {
			const struct stackid_def *def = (void *)(buffer + at);

			take_definition(d, def);
			at += def->size;
		}
	}
}

/* Kernel symbols, for the names of PCs. */
struct symbol {
	uint64_t address;
	char name[48];
};

struct symbols {
	struct symbol *all;
	unsigned int nr;
};

static inline int compare_symbols(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static inline void read_symbols(struct symbols *s)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	unsigned int room = 0;
	char line[512];

	if (!file)
		give_up("opening /proc/kallsyms");
	s->nr = 0;
	s->all = NULL;
	while (fgets(line, sizeof(line), file)) {
		unsigned long long address;
		char type, name[512];

		if (sscanf(line, "%llx %c %511s", &address, &type, name) != 3 ||
		    !strchr("tTwW", type))
			continue;
		if (s->nr == room) {
			room = room * 2 + 4096;
			s->all = realloc(s->all, room * sizeof(*s->all));
		}
		s->all[s->nr].address = address;
		snprintf(s->all[s->nr++].name, sizeof(s->all->name), "%.47s",
			 name);
	}
	fclose(file);
	qsort(s->all, s->nr, sizeof(*s->all), compare_symbols);
}

static inline const char *symbol_at(const struct symbols *s, uint64_t pc)
{
	unsigned int low = 0, high = s->nr;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (s->all[middle].address <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? s->all[low - 1].name : "?";
}

#endif /* STACKID_TEST_H */
