// SPDX-License-Identifier: GPL-2.0
/* A data file as a row of sections.  The format is in data.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "../array.h"
#include "../complain.h"
#include "data_file.h"
#include "pack.h"

#define SEARCH_WINDOW	65536

/*
 * No recording needs more memory to be read: a file that does was forged, so that
 * a few bytes of it stand for many.
 */
#define MEMORY		(96ULL << 20)
#define MEMORY_PER_BYTE	96

/* The same for payloads that are loaded when the file is opened, see data.h. */
#define LOADED		(16ULL << 20)
#define LOADED_PER_BYTE	64

void stackid_data_file_warn(struct data_file *file, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	stackid_complain("%s: %s", file->name, text);
	file->damaged = true;
}

static const char *name_type(unsigned int type)
{
	static const char *const names[] = {
		[DATA_META] = "description",
		[DATA_EVENTS] = "list of events",
		[DATA_TASKS] = "list of tasks",
		[DATA_CHUNK] = "chunk of events",
		[DATA_STACKS] = "stacks",
		[DATA_SYMBOLS] = "symbols",
		[DATA_MODULES] = "list of modules",
		[DATA_LEDGER] = "ledger",
		[DATA_END] = "end",
		[DATA_MARK] = "mark",
		[DATA_START] = "start",
	};

	if (type >= ARRAY_SIZE(names) || !names[type])
		return "section of a later version";
	return names[type];
}

const char *stackid_data_file_name_section(struct data_file *file,
					   const struct section_place *section)
{
	char *text = file->place;
	const size_t size = sizeof(file->place);
	int n;

	n = snprintf(text, size, "%s", name_type(section->head.type));
	if (section->head.cpu != DATA_NO_CPU)
		n += snprintf(text + n, size - n, " of CPU %u",
			      section->head.cpu);
	snprintf(text + n, size - n, " (section %u at byte %" PRIu64 ")",
		 section->head.sequence,
		 section->payload - sizeof(struct data_section));
	return text;
}

/* A pipe can not be sought in, and events are merged from all over the file. */
static int spool(int from)
{
	char buffer[16384];
	FILE *spool = tmpfile();
	ssize_t got = -1;
	int fd;

	if (!spool) {
		stackid_complain("no temporary file for what comes through the pipe: %s",
				 strerror(errno));
		return -1;
	}
	while ((got = read(from, buffer, sizeof(buffer))) > 0) {
		if (fwrite(buffer, 1, got, spool) != (size_t)got)
			break;
	}
	if (got || fflush(spool)) {
		stackid_complain("cannot keep what comes through the pipe: %s",
				 strerror(errno));
		fclose(spool);
		return -1;
	}
	fd = fcntl(fileno(spool), F_DUPFD_CLOEXEC, 3);
	fclose(spool);
	return fd;
}

/* What file->fd is: a regular file from here on. */
static int look_at_input(struct data_file *file)
{
	struct stat st;

	if (file->fd < 0 || fstat(file->fd, &st)) {
		stackid_complain("cannot open %s: %s%s", file->name,
				 strerror(errno), errno == ENOENT ?
				 " (try 'stackid record' first)" : "");
		return -1;
	}
	if (S_ISDIR(st.st_mode)) {
		stackid_complain("%s is a directory, not a data file",
				 file->name);
		return -1;
	}
	if (!S_ISREG(st.st_mode)) {
		int spooled = spool(file->fd);

		close(file->fd);
		file->fd = spooled;
		if (spooled < 0 || fstat(spooled, &st))
			return -1;
	}
	file->size = st.st_size;
	return 0;
}

/* False if the file has no @size bytes there. */
static bool read_at(const struct data_file *file, uint64_t position, void *to,
		    size_t size)
{
	while (size) {
		ssize_t got = pread(file->fd, to, size, position);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to = (char *)to + got;
		position += got;
		size -= got;
	}
	return true;
}

int stackid_data_file_check(const struct data_file *file,
			    const struct data_file_header *header, size_t size)
{
	if (!size) {
		stackid_complain("%s is empty: nothing was recorded into it",
				 file->name);
		return -1;
	}
	if (size < sizeof(*header)) {
		stackid_complain("%s is cut off in its first %zu bytes: nothing can be read",
				 file->name, sizeof(*header));
		return -1;
	}
	if (memcmp(header->magic, DATA_MAGIC, sizeof(header->magic))) {
		stackid_complain("%s was not written by stackid record",
				 file->name);
		return -1;
	}
	if (header->byte_order == __builtin_bswap32(DATA_BYTE_ORDER)) {
		stackid_complain("%s is from a machine of the other byte order; read it on one of that kind",
				 file->name);
		return -1;
	}
	if (header->crc != crc32(0, (const void *)header,
				offsetof(struct data_file_header, crc))) {
		stackid_complain("%s: the file header is corrupted: nothing can be read",
				 file->name);
		return -1;
	}
	if (header->version != DATA_VERSION) {
		stackid_complain("%s has format version %u, this stackid reads version %u; use the stackid that recorded it",
				 file->name, header->version, DATA_VERSION);
		return -1;
	}
	return 0;
}

static int check_header(const struct data_file *file)
{
	struct data_file_header header = { };
	size_t size = sizeof(header);

	if (file->size < size)
		size = file->size;
	if (!read_at(file, 0, &header, size))
		size = 0;
	return stackid_data_file_check(file, &header, size);
}

bool stackid_data_section_is_right(const struct data_section *head)
{
	return head->magic == DATA_SECTION_MAGIC &&
	       head->crc == crc32(0, (const void *)head,
				  offsetof(struct data_section, crc)) &&
	       (head->cpu < DATA_MAX_CPUS || head->cpu == DATA_NO_CPU);
}

static uint64_t greatest_payload(unsigned int type)
{
	switch (type) {
	case DATA_CHUNK:
		return DATA_MAX_CHUNK;
	case DATA_SYMBOLS:
		return DATA_MAX_SYMBOLS;
	case DATA_LEDGER:
	case DATA_END:
	case DATA_MARK:
	case DATA_START:
		return DATA_MAX_SMALL;
	default:
		return DATA_MAX_SECTION;
	}
}

/* By the LIMITS of data.h. */
static bool has_possible_sizes(const struct data_section *head)
{
	return head->raw_size <= greatest_payload(head->type) &&
	       head->stored_size <= head->raw_size + head->raw_size / 64 + 65536 &&
	       (head->type != DATA_CHUNK || head->count <= head->stored_size);
}

/* The LIMITS of data.h; false after a warning. */
static bool within_limits(struct data_file *file,
			  const struct section_place *section)
{
	const struct data_section *head = &section->head;
	uint64_t loaded = file->loaded;

	if (head->type != DATA_CHUNK)
		loaded += head->raw_size;
	if (has_possible_sizes(head) &&
	    loaded <= LOADED + LOADED_PER_BYTE * file->size) {
		file->loaded = loaded;
		return true;
	}
	stackid_data_file_warn(file, "the %s claims to hold %" PRIu64 " bytes and %u records in %" PRIu64 " bytes, which no recorder writes: skipped",
			       stackid_data_file_name_section(file, section),
			       head->raw_size, head->count, head->stored_size);
	return false;
}

/* The next right header from @position on, or the end of the file. */
static uint64_t find_section(const struct data_file *file, uint64_t position)
{
	char *window = stackid_memory_zalloc(SEARCH_WINDOW, 1);
	const uint32_t magic = DATA_SECTION_MAGIC;
	struct data_section head;
	size_t size;

	for (; position + sizeof(head) <= file->size;
	     position += size - sizeof(head) + 8) {
		/* Nothing is in a hole, and a hole may be greater than any disk. */
		off_t data = lseek(file->fd, position, SEEK_DATA);

		if (data < 0 && errno == ENXIO)
			break;
		if (data > 0 && (uint64_t)data > position)
			position = data & ~7ULL;
		if (position + sizeof(head) > file->size)
			break;
		size = SEARCH_WINDOW;
		if (size > file->size - position)
			size = (file->size - position) & ~7ULL;
		if (!read_at(file, position, window, size))
			break;
		for (size_t i = 0; i + sizeof(head) <= size; i += 8) {
			if (memcmp(window + i, &magic, sizeof(magic)))
				continue;
			memcpy(&head, window + i, sizeof(head));
			if (stackid_data_section_is_right(&head)) {
				free(window);
				return position + i;
			}
		}
	}
	free(window);
	return file->size;
}

static void add_section(struct data_file *file,
			const struct section_place *section)
{
	stackid_array_reserve(file->sections, file->nr_sections, file->room);
	file->sections[file->nr_sections++] = *section;
}

static void index_sections(struct data_file *file)
{
	uint64_t position = sizeof(struct data_file_header);
	struct section_place section = { };
	uint32_t expected = 0;
	bool ended = false;

	while (position < file->size) {
		uint64_t left = file->size - position;
		uint64_t next;

		if (left < sizeof(section.head) ||
		    !read_at(file, position, &section.head,
			     sizeof(section.head))) {
			stackid_data_file_warn(file, "cut off in the head of a section at byte %" PRIu64,
					       position);
			return;
		}
		if (!stackid_data_section_is_right(&section.head)) {
			next = find_section(file, position + 8);
			stackid_data_file_warn(file, "corrupted head of a section: skipped bytes %" PRIu64 " to %" PRIu64,
					       position, next);
			position = next;
			continue;
		}

		section.payload = position + sizeof(section.head);
		left -= sizeof(section.head);
		if (section.head.stored_size > left) {
			stackid_data_file_warn(file, "cut off in the %s",
					       stackid_data_file_name_section(file, &section));
			return;
		}
		if (section.head.sequence != expected)
			stackid_data_file_warn(file, "section %u is followed by %u: those between are missing",
					       expected - 1,
					       section.head.sequence);
		expected = section.head.sequence + 1;
		add_section(file, &section);
		position = section.payload +
			   ((section.head.stored_size + 7) & ~7ULL);
		if (section.head.type == DATA_END) {
			ended = position == file->size;
			if (position < file->size)
				stackid_data_file_warn(file, "something follows the end of the recording at byte %" PRIu64 "; it is ignored",
						       position);
			break;
		}
	}
	if (!ended && !file->damaged)
		stackid_data_file_warn(file, "cut off after %" PRIu64 " bytes: the recording was not finished; showing what is there",
				       file->size);
}

uint64_t stackid_data_file_limit(uint64_t size)
{
	stackid_memory_limit(MEMORY + MEMORY_PER_BYTE * size,
			     "the data file asks for more memory than a recording of its size needs: it was forged, or give it your trust with -f");
	return MEMORY_PER_BYTE;
}

/* file->fd may be none, with the reason in errno. */
static int open_file(struct data_file *file, bool trusted)
{
	if (look_at_input(file) || check_header(file)) {
		stackid_data_file_close(file);
		return -1;
	}
	if (!trusted)
		stackid_data_file_limit(file->size);
	file->unpacker = stackid_unpacker_create();
	index_sections(file);
	return 0;
}

int stackid_data_file_open(struct data_file *file, const char *path,
			   bool trusted)
{
	if (!strcmp(path, "-"))
		return stackid_data_file_open_fd(file, STDIN_FILENO,
						 "standard input", trusted);
	memset(file, 0, sizeof(*file));
	file->fd = -1;
	file->name = stackid_memory_strdup(path);
	file->fd = open(path, O_RDONLY | O_CLOEXEC);
	return open_file(file, trusted);
}

int stackid_data_file_open_fd(struct data_file *file, int fd, const char *name,
			      bool trusted)
{
	memset(file, 0, sizeof(*file));
	file->fd = -1;
	file->name = stackid_memory_strdup(name);
	file->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return open_file(file, trusted);
}

void stackid_data_file_abandon(struct data_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
	stackid_unpacker_destroy(file->unpacker);
	file->unpacker = NULL;
}

void stackid_data_file_close(struct data_file *file)
{
	stackid_data_file_abandon(file);
	free(file->name);
	free(file->sections);
}

/* @packed may be NULL; it is freed. */
static void *unpack(struct data_file *file, const struct section_place *section,
		    void *packed, bool is_there)
{
	size_t size = section->head.raw_size;
	void *payload = malloc(size ? size : 1);
	bool memory = packed && payload;

	if (memory && is_there &&
	    stackid_unpack(file->unpacker, packed, section->head.stored_size,
			   payload, size)) {
		free(packed);
		return payload;
	}
	stackid_data_file_warn(file, memory ? "corrupted %s: skipped" :
			       "no memory for the %s: skipped",
			       stackid_data_file_name_section(file, section));
	free(packed);
	free(payload);
	return NULL;
}

void *stackid_data_file_load(struct data_file *file,
			     const struct section_place *section)
{
	void *packed;

	if (!within_limits(file, section))
		return NULL;
	packed = malloc(section->head.stored_size);
	return unpack(file, section, packed,
		      packed && read_at(file, section->payload, packed,
					section->head.stored_size));
}

bool stackid_data_file_may_load(struct data_file *file,
				const struct section_place *section)
{
	return within_limits(file, section);
}

void *stackid_data_file_unpack(struct data_file *file,
			       const struct section_place *section,
			       void *packed)
{
	return unpack(file, section, packed, true);
}

void *stackid_data_file_try(const struct data_file *file,
			    const struct section_place *section,
			    struct unpacker *unpacker)
{
	const struct data_section *head = &section->head;
	void *packed, *payload;

	if (!has_possible_sizes(head) ||
	    file->loaded > LOADED + LOADED_PER_BYTE * file->size)
		return NULL;
	packed = malloc(head->stored_size);
	payload = malloc(head->raw_size ? head->raw_size : 1);
	if (!packed || !payload ||
	    !read_at(file, section->payload, packed, head->stored_size) ||
	    !stackid_unpack(unpacker, packed, head->stored_size, payload,
			    head->raw_size)) {
		free(payload);
		payload = NULL;
	}
	free(packed);
	return payload;
}
