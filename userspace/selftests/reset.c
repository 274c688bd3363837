// SPDX-License-Identifier: GPL-2.0
/* Generations: what a reset ends, what it begins, and who notices what. */
#include <sys/syscall.h>

#include "kselftest_harness.h"
#include "stackid_test.h"

#define EVENT "kprobe:" SYS "getppid"

static void hit(int times)
{
	while (times--)
		syscall(SYS_getppid);
}

FIXTURE(generation)
{
	struct ring ring;
	uint64_t number;
};

FIXTURE_SETUP(generation)
{
	char event[64];

	pin_to_cpu(0);
	start_clean(64);
	open_ring(&self->ring, 0);
	snprintf(event, sizeof(event), EVENT " pid=%d\n", getpid());
	write_file(ROOT "events", event);
	write_file(ROOT "recording_on", "1\n");
	hit(3);
	if (!inserts_are_done())
		give_up("inserts stay pending");
	self->number = stat_of(-1, "generation");
}

FIXTURE_TEARDOWN(generation)
{
	close_ring(&self->ring);
	start_clean(64);
}

TEST_F(generation, reset_begins_the_next_one_with_id_1)
{
	write_file(ROOT "reset", "1\n");
	EXPECT_EQ(stat_of(-1, "generation"), self->number + 1);
	EXPECT_EQ(stat_of(-1, "stacks"), 0);
	hit(3);
	EXPECT_TRUE(inserts_are_done());
	EXPECT_EQ(stat_of(-1, "stacks"), 1);
}

TEST_F(generation, records_tell_their_generation_before_the_first_event)
{
	const struct stackid_record *record;
	uint64_t told = 0, events = 0;
	int i;

	for (i = 0; i < 20; i++) {
		write_file(ROOT "reset", "1\n");
		hit(3);
	}
	write_file(ROOT "recording_on", "0\n");
	while ((record = next_record(&self->ring))) {
		if (stackid_rec_type(record) == STACKID_REC_GENERATION) {
			EXPECT_GT(number_of(record), told);
			told = number_of(record);
			EXPECT_EQ(told & 0xf, stackid_rec_generation(record));
		} else if (is_event(record)) {
			EXPECT_EQ(stackid_rec_full_generation(record, told),
				  told);
			events++;
		}
		consume(&self->ring, record);
	}
	EXPECT_EQ(told, self->number + 20);
	EXPECT_EQ(events, 63);
}

TEST_F(generation, an_open_file_ends_once_and_then_for_ever)
{
	struct definitions old = {}, more = {}, new = {};
	int fd = open_definitions(), fd2;
	char c[64];

	/* Before the reset it can be read on and on. */
	read_definitions(fd, &old);
	EXPECT_EQ(old.generation, self->number);
	EXPECT_EQ(old.nr, stat_of(-1, "stacks"));
	EXPECT_FALSE(old.ended);

	write_file(ROOT "reset", "1\n");
	hit(3);
	EXPECT_TRUE(inserts_are_done());
	more = old;
	read_definitions(fd, &more);
	EXPECT_TRUE(more.ended);
	EXPECT_EQ(more.nr, old.nr);
	EXPECT_EQ(read(fd, c, sizeof(c)), 0);
	EXPECT_EQ(read(fd, c, sizeof(c)), 0);

	fd2 = open_definitions();
	read_definitions(fd2, &new);
	EXPECT_EQ(new.generation, self->number + 1);
	EXPECT_EQ(new.nr, 1);
	EXPECT_FALSE(new.ended);
	close(fd2);
	close(fd);
}

TEST_F(generation, old_definitions_stay_readable_from_any_id)
{
	struct definitions all = {};
	struct stackid_def *def;
	char buffer[4096];
	int fd = open_definitions();
	uint32_t id;

	write_file(ROOT "reset", "1\n");
	read_definitions(fd, &all);
	ASSERT_GT(all.nr, 0);
	for (id = 1; id <= all.nr; id++) {
		ASSERT_EQ(lseek(fd, id, SEEK_SET), id);
		ASSERT_GT(read(fd, buffer, sizeof(buffer)), 0);
		def = (void *)buffer;
		EXPECT_EQ(def->type, STACKID_DEF_STACK);
		EXPECT_EQ(def->id, id);
		EXPECT_EQ(memcmp(def + 1, all.stacks[id - 1],
				 stackid_stack_size(all.stacks[id - 1])), 0);
	}
	ASSERT_EQ(lseek(fd, 0, SEEK_SET), 0);
	ASSERT_GT(read(fd, buffer, sizeof(buffer)), 0);
	EXPECT_EQ(((struct stackid_def *)buffer)->type, STACKID_DEF_HEADER);
	close(fd);
}

TEST_F(generation, a_buffer_that_holds_no_definition_is_refused)
{
	int fd = open_definitions();
	char buffer[16];

	EXPECT_EQ(read(fd, buffer, sizeof(buffer)), -1);
	EXPECT_EQ(errno, EINVAL);
	close(fd);
}

/* Many resets under load: nothing is mislabelled, all is counted. */
TEST_F_TIMEOUT(generation, every_id_is_defined_in_its_own_generation, 900)
{
	const struct stackid_record *record;
	struct definitions d[50];
	uint64_t told = self->number, events = 0;
	unsigned int i, undefined = 0;
	int fds[50];

	memset(d, 0, sizeof(d));
	while ((record = next_record(&self->ring)))
		consume(&self->ring, record);
	write_file(ROOT "events", "sched:sched_switch\n");
	for (i = 0; i < 50; i++) {
		fds[i] = open_definitions();
		hit(10);
		usleep(3000);
		if (i < 49)
			write_file(ROOT "reset", "1\n");
	}
	write_file(ROOT "recording_on", "0\n");
	EXPECT_TRUE(inserts_are_done());
	for (i = 0; i < 50; i++) {
		read_definitions(fds[i], &d[i]);
		EXPECT_EQ(d[i].generation, self->number + i);
		EXPECT_EQ(d[i].ended, i < 49);
		close(fds[i]);
	}
	while ((record = next_record(&self->ring))) {
		if (stackid_rec_type(record) == STACKID_REC_GENERATION)
			told = number_of(record);
		if (is_event(record)) {
			uint64_t g = stackid_rec_full_generation(record, told) -
				     self->number;

			events++;
			undefined += g >= 50 ||
				     stackid_rec_id(record) > d[g].nr;
		}
		consume(&self->ring, record);
	}
	EXPECT_EQ(undefined, 0);
	EXPECT_GT(events, 500);
	EXPECT_TRUE(ledger_holds(-1));
	EXPECT_TRUE(table_ledger_holds());
}

/* Is @line the first frame of the hit in the line before it? */
static bool is_first_frame(const char *before, const char *line)
{
	return before && strstr(before, EVENT ":") &&
	       !strncmp(line, " => ", 4);
}

/*
 * Records carry 4 bits of their generation.  A reader that comes 16 resets
 * later, and finds the record with the full number consumed, must not take the
 * old id for one of today's.
 */
TEST_F(generation, trace_pipe_takes_no_id_for_that_of_16_generations_later)
{
	const struct stackid_record *record;
	unsigned int hits = 0, wrong = 0;
	char *before = NULL, *line;
	static char text[1 << 18];
	char event[64];
	int i;

	/* With id 1, and left in the ring without all that was before. */
	write_file(ROOT "reset", "1\n");
	hit(2);
	EXPECT_TRUE(inserts_are_done());
	while ((record = next_record(&self->ring)))
		consume(&self->ring, record);
	hit(2);
	for (i = 0; i < 16; i++)
		write_file(ROOT "reset", "1\n");
	/* The same id is another stack's now. */
	snprintf(event, sizeof(event), "kprobe:" SYS "getpgid pid=%d\n",
		 getpid());
	write_file(ROOT "events", event);
	for (i = 0; i < 3; i++)
		syscall(SYS_getpgid, 0);
	EXPECT_TRUE(inserts_are_done());
	EXPECT_EQ(stat_of(-1, "stacks"), 1);
	EXPECT_EQ(stat_of(-1, "generation"), self->number + 17);
	write_file(ROOT "recording_on", "0\n");
	close_ring(&self->ring);

	read_file(ROOT "trace_pipe", text, sizeof(text));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		hits += !!strstr(line, EVENT ":");
		if (is_first_frame(before, line) && !strstr(line, "getppid")) {
			TH_LOG("%s", before);
			TH_LOG("%s", line);
			wrong++;
		}
		before = line;
	}
	EXPECT_EQ(hits, 2);
	EXPECT_EQ(wrong, 0);
	open_ring(&self->ring, 0);
}

TEST_HARNESS_MAIN
