// SPDX-License-Identifier: GPL-2.0
/* The ring's ABI: what can be mapped, who may open it, and what a reader can break. */
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "stackid_test.h"

/* Each getppid(2) passes it once, and nothing else that a test does. */
#define EVENT "kprobe:" SYS "getppid"

FIXTURE(ring)
{
	size_t page;
	struct ring ring;
};

FIXTURE_SETUP(ring)
{
	char event[64];

	self->page = sysconf(_SC_PAGESIZE);
	pin_to_cpu(0);
	start_clean(64);
	open_ring(&self->ring, 0);
	snprintf(event, sizeof(event), EVENT " pid=%d\n", getpid());
	write_file(ROOT "events", event);
}

FIXTURE_TEARDOWN(ring)
{
	close_ring(&self->ring);
	start_clean(64);
}

static void hit(int times)
{
	while (times--)
		syscall(SYS_getppid);
}

static int events_in(struct ring *ring)
{
	const struct stackid_record *record;
	int n = 0;

	while ((record = next_record(ring))) {
		n += is_event(record);
		consume(ring, record);
	}
	return n;
}

TEST_F(ring, control_page_describes_the_ring)
{
	EXPECT_EQ(self->ring.page->magic, STACKID_RING_MAGIC);
	EXPECT_EQ(self->ring.page->version, STACKID_ABI_VERSION);
	EXPECT_EQ(self->ring.page->cpu, 0);
	EXPECT_EQ(self->ring.page->data_offset, self->page);
	EXPECT_EQ(self->ring.page->data_size, 64 * 1024);
}

TEST_F(ring, records_arrive_while_recording_is_on)
{
	hit(5);
	write_file(ROOT "recording_on", "1\n");
	hit(7);
	write_file(ROOT "recording_on", "0\n");
	hit(5);
	EXPECT_EQ(events_in(&self->ring), 7);
}

TEST_F(ring, other_offsets_and_sizes_are_refused)
{
	const struct {
		size_t size;
		off_t offset;
	} bad[] = {
		{ 2 * self->page, 0 },
		{ self->ring.size + self->page, 0 },
		{ self->ring.size / 2, self->page },
		{ self->ring.size + self->page, self->page },
		{ 2 * self->ring.size, self->page },
		{ self->ring.size, 2 * self->page },
		{ self->page, self->page + self->ring.size },
		{ self->page, (off_t)1 << 40 },
	};
	int i;

	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		EXPECT_EQ(mmap(NULL, bad[i].size, PROT_READ, MAP_SHARED,
			       self->ring.fd, bad[i].offset), MAP_FAILED)
			TH_LOG("size %zu offset %lld", bad[i].size,
			       (long long)bad[i].offset);
		EXPECT_EQ(errno, EINVAL);
	}
}

TEST_F(ring, private_mappings_are_refused)
{
	EXPECT_EQ(mmap(NULL, self->page, PROT_READ | PROT_WRITE, MAP_PRIVATE,
		       self->ring.fd, 0), MAP_FAILED);
	EXPECT_EQ(errno, EINVAL);
	EXPECT_EQ(mmap(NULL, self->ring.size, PROT_READ, MAP_PRIVATE,
		       self->ring.fd, self->page), MAP_FAILED);
	EXPECT_EQ(errno, EINVAL);
}

TEST_F(ring, data_can_not_be_mapped_writable)
{
	EXPECT_EQ(mmap(NULL, self->ring.size, PROT_READ | PROT_WRITE,
		       MAP_SHARED, self->ring.fd, self->page), MAP_FAILED);
	EXPECT_EQ(errno, EPERM);
	EXPECT_EQ(mprotect((void *)self->ring.data, self->ring.size,
			   PROT_READ | PROT_WRITE), -1);
	EXPECT_EQ(errno, EACCES);
	EXPECT_EQ(mprotect((void *)self->ring.data, self->page, PROT_WRITE),
		  -1);
	EXPECT_EQ(errno, EACCES);
}

TEST_F(ring, mappings_do_not_grow)
{
	EXPECT_EQ(mremap((void *)self->ring.data, self->ring.size,
			 2 * self->ring.size, MREMAP_MAYMOVE), MAP_FAILED);
	EXPECT_EQ(mremap(self->ring.page, self->page, 2 * self->page,
			 MREMAP_MAYMOVE), MAP_FAILED);
}

TEST_F(ring, the_second_reader_gets_ebusy)
{
	EXPECT_EQ(try_open_ring(0, O_RDWR), -EBUSY);
	EXPECT_EQ(try_open_ring(0, O_RDONLY), -EBUSY);
	EXPECT_LT(open(ROOT "trace_pipe", O_RDONLY), 0);
	EXPECT_EQ(errno, EBUSY);
	close_ring(&self->ring);
	open_ring(&self->ring, 0);
}

/* The mapping alone is a reader, too. */
TEST_F(ring, a_mapping_keeps_the_ring_claimed)
{
	int fd = self->ring.fd;

	close(fd);
	EXPECT_EQ(try_open_ring(0, O_RDWR), -EBUSY);
	EXPECT_EQ(try_write(ROOT "buffer_size_kb", "128\n"), -EBUSY);
	write_file(ROOT "recording_on", "1\n");
	hit(3);
	write_file(ROOT "recording_on", "0\n");
	EXPECT_EQ(events_in(&self->ring), 3);
	munmap((void *)self->ring.data, self->ring.size);
	munmap(self->ring.page, self->page);
	open_ring(&self->ring, 0);
}

static void set_syslog_capability(bool on)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		give_up("capget");
	if (on)
		data[1].effective |= 1 << (CAP_SYSLOG - 32);
	else
		data[1].effective &= ~(1U << (CAP_SYSLOG - 32));
	if (syscall(SYS_capset, &header, data))
		give_up("capset");
}

TEST_F(ring, without_cap_syslog_there_are_no_raw_pcs)
{
	char text[65536];

	close_ring(&self->ring);
	hit(1);
	set_syslog_capability(false);
	EXPECT_EQ(try_open_ring(0, O_RDWR), -EPERM);
	EXPECT_EQ(open(ROOT "stacks_raw", O_RDONLY), -1);
	EXPECT_EQ(errno, EPERM);
	read_file(ROOT "stacks", text, sizeof(text));
	EXPECT_EQ(strstr(text, "ffffffff"), NULL);
	set_syslog_capability(true);
	open_ring(&self->ring, 0);
}

TEST_F(ring, read_gives_whole_records_only)
{
	const struct stackid_record *record;
	char buffer[4096];
	ssize_t n, at;
	int events = 0, i;

	write_file(ROOT "recording_on", "1\n");
	hit(50);
	write_file(ROOT "recording_on", "0\n");
	/* Sizes that end in the middle of a record. */
	for (i = 0; i < 200; i++) {
		n = syscall(SYS_read, self->ring.fd, buffer, 700 + i);
		if (!n || (n < 0 && errno == EAGAIN))
			break;
		ASSERT_GT(n, 0);
		for (at = 0; at < n; at += stackid_rec_size(record)) {
			record = (void *)(buffer + at);
			ASSERT_GT(stackid_rec_size(record), 0);
			ASSERT_LE(stackid_rec_size(record), n - at);
			events += is_event(record);
		}
		if (self->ring.page->data_tail == self->ring.page->data_head)
			break;
	}
	EXPECT_EQ(events, 50);
}

TEST_F(ring, a_buffer_that_holds_no_record_is_refused)
{
	uint64_t tail, small;

	write_file(ROOT "recording_on", "1\n");
	hit(1);
	write_file(ROOT "recording_on", "0\n");
	tail = self->ring.page->data_tail;
	EXPECT_EQ(read(self->ring.fd, &small, sizeof(small)), -1);
	EXPECT_EQ(errno, EINVAL);
	EXPECT_EQ(self->ring.page->data_tail, tail);
	EXPECT_EQ(events_in(&self->ring), 1);
}

TEST_F(ring, a_bad_buffer_costs_no_record)
{
	write_file(ROOT "recording_on", "1\n");
	hit(1);
	write_file(ROOT "recording_on", "0\n");
	EXPECT_EQ(syscall(SYS_read, self->ring.fd, (void *)8, 4096), -1);
	EXPECT_EQ(errno, EFAULT);
	EXPECT_EQ(events_in(&self->ring), 1);
}

TEST_F(ring, nonblocking_reads_say_eagain)
{
	char buffer[4096];

	fcntl(self->ring.fd, F_SETFL, O_NONBLOCK);
	EXPECT_EQ(read(self->ring.fd, buffer, sizeof(buffer)), -1);
	EXPECT_EQ(errno, EAGAIN);
}

static void *hit_later(void *arg)
{
	pin_to_cpu(0);
	usleep(200000);
	hit(1);
	return NULL;
}

TEST_F(ring, a_blocked_read_ends_with_the_first_record)
{
	char buffer[4096];
	pthread_t thread;
	ssize_t n;

	write_file(ROOT "recording_on", "1\n");
	while (next_record(&self->ring))
		consume(&self->ring, next_record(&self->ring));
	pthread_create(&thread, NULL, hit_later, NULL);
	n = read(self->ring.fd, buffer, sizeof(buffer));
	EXPECT_GE(n, 16);
	pthread_join(thread, NULL);
	write_file(ROOT "recording_on", "0\n");
}

TEST_F(ring, poll_reports_a_quarter_of_the_ring)
{
	struct pollfd p = { .fd = self->ring.fd, .events = POLLIN };

	write_file(ROOT "recording_on", "1\n");
	hit(10);
	EXPECT_EQ(poll(&p, 1, 0), 0);
	hit(64 * 1024 / 4 / 16 + 10);
	EXPECT_EQ(poll(&p, 1, 5000), 1);
	EXPECT_EQ(p.revents & (POLLIN | POLLERR), POLLIN);
	write_file(ROOT "recording_on", "0\n");
	events_in(&self->ring);
	EXPECT_EQ(poll(&p, 1, 0), 0);
}

static void *hit_on_and_on(void *arg)
{
	pin_to_cpu(0);
	while (!__atomic_load_n((bool *)arg, __ATOMIC_RELAXED))
		hit(100);
	return NULL;
}

TEST_F(ring, wild_tails_harm_only_the_reader)
{
	const struct stackid_record *record;
	unsigned int seed = 1, i;
	bool stop = false;
	char buffer[4096];
	pthread_t thread;

	fcntl(self->ring.fd, F_SETFL, O_NONBLOCK);
	write_file(ROOT "recording_on", "1\n");
	pthread_create(&thread, NULL, hit_on_and_on, &stop);
	for (i = 0; i < 20000; i++) {
		uint64_t head = self->ring.page->data_head;
		uint64_t random = (uint64_t)rand_r(&seed) << 33 ^ rand_r(&seed);
		uint64_t tails[] = {
			random, head + random % (2 * self->ring.size),
			head - random % (2 * self->ring.size),
			head - 8 * (random % (self->ring.size / 8)),
			~0ULL, head,
		};

		__atomic_store_n(&self->ring.page->data_tail, tails[random % 6],
				 __ATOMIC_RELEASE);
		if (i % 16 == 0)
			syscall(SYS_read, self->ring.fd, buffer,
				random % sizeof(buffer));
		if (i % 64 == 0)
			sched_yield();
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	write_file(ROOT "recording_on", "0\n");

	/* A sane tail, and all is well again. */
	self->ring.page->data_tail = self->ring.page->data_head;
	write_file(ROOT "recording_on", "1\n");
	hit(7);
	write_file(ROOT "recording_on", "0\n");
	record = next_record(&self->ring);
	ASSERT_NE(record, NULL);
	EXPECT_EQ(events_in(&self->ring), 7);
	EXPECT_TRUE(ledger_holds(0));
}

/* The kernel reads nothing of the control page but data_tail. */
TEST_F(ring, a_scribbled_control_page_changes_nothing)
{
	struct stackid_ring_page saved = *self->ring.page;

	write_file(ROOT "recording_on", "1\n");
	hit(3);
	memset(self->ring.page, 0xff, offsetof(struct stackid_ring_page,
					       data_tail));
	hit(4);
	write_file(ROOT "recording_on", "0\n");
	self->ring.page->magic = saved.magic;
	EXPECT_EQ(events_in(&self->ring), 7);
}

TEST_HARNESS_MAIN
