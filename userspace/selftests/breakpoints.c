// SPDX-License-Identifier: GPL-2.0
/*
 * Kprobes that hit by a breakpoint.  For the kernel that is an exception much
 * like an NMI; for a stack, and for whoever is writing a record just there, it
 * is as good as a call.
 */
#include <elf.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "stackid_test.h"

#define CLOCK "ktime_get_mono_fast_ns"
#define PROBE "/sys/module/stackid_fire/parameters/probe"
#define OPTIMIZATION "/proc/sys/debug/kprobes-optimization"
#define KPROBES "/sys/kernel/debug/kprobes/list"
#define TRACING "/sys/kernel/tracing/"

/* The lowest byte of the instruction; on arm64 no kprobe is a jump. */
#ifdef __aarch64__
enum { BREAKPOINT = 0x80, JUMP = 0x100 };
#else
enum { BREAKPOINT = 0xcc, JUMP = 0xe9 };
#endif

/*
 * The byte at a kernel address as a probe of ftrace reads it, of a system call
 * that nobody else makes here.
 */
static int byte_by_ftrace(uint64_t address)
{
	static char text[1 << 16];
	char probe[128];
	char *found;

	snprintf(probe, sizeof(probe), "p:stackid_look " SYS "setfsgid byte=@0x%llx:u8\n",
		 (unsigned long long)address);
	close(open(TRACING "trace", O_WRONLY | O_TRUNC));
	write_file(TRACING "kprobe_events", probe);
	write_file(TRACING "events/kprobes/stackid_look/enable", "1\n");
	syscall(SYS_setfsgid, -1);
	write_file(TRACING "events/kprobes/stackid_look/enable", "0\n");
	read_file(TRACING "trace", text, sizeof(text));
	write_file(TRACING "kprobe_events", "-:stackid_look\n");
	found = strstr(text, " byte=");
	return found ? atoi(found + strlen(" byte=")) : -1;
}

/* The byte at a kernel address, or -1 where there is none. */
static int kernel_byte(uint64_t address)
{
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC), i;
	unsigned char byte;
	Elf64_Phdr header;
	Elf64_Ehdr elf;
	int found = -1;

	/* A kernel that was built for debugging may not have it. */
	if (fd < 0 && errno == ENOENT)
		return byte_by_ftrace(address);
	if (fd < 0 || read(fd, &elf, sizeof(elf)) != sizeof(elf))
		give_up("reading /proc/kcore");
	for (i = 0; i < elf.e_phnum && found < 0; i++) {
		if (pread(fd, &header, sizeof(header), elf.e_phoff +
			  i * sizeof(header)) != sizeof(header))
			give_up("reading the headers of /proc/kcore");
		if (header.p_type == PT_LOAD && address >= header.p_vaddr &&
		    address - header.p_vaddr < header.p_memsz &&
		    pread(fd, &byte, 1, address - header.p_vaddr +
			  header.p_offset) == 1)
			found = byte;
	}
	close(fd);
	return found;
}

/*
 * How the kprobe at @place, FUNCTION+0xOFFSET or FUNCTION, hits; -1 if there is
 * none.  One at a function's start lies behind its ENDBR, if it has that.  The
 * list says [OPTIMIZED] as soon as that is intended; so the code is looked at.
 */
static int way_of(const char *place)
{
	static char text[1 << 16];
	size_t len = strlen(place);
	char *line;

	read_file(KPROBES, text, sizeof(text));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *at = strstr(line, place);

		if (at && strchr(" +", at[len]))
			return kernel_byte(strtoull(line, NULL, 16));
	}
	return -1;
}

static bool becomes(const char *place, int way, int ms)
{
	uint64_t end = now_ns() + ms * 1000000ULL;

	do {
		if (way_of(place) == way)
			return true;
		usleep(20000);
	} while (now_ns() < end);
	return false;
}

static void clear_events(void)
{
	int fd = open(ROOT "events", O_WRONLY | O_TRUNC);

	if (fd < 0)
		give_up("opening events");
	close(fd);
}

/*
 * The first place in one of @functions whose kprobe the kernel makes a jump.
 * At a function's very start it would be ftrace's.
 */
static bool find_place(const char *const *functions, char *place, size_t size)
{
	char event[256];
	int offset;

	for (; *functions; functions++) {
		for (offset = 4; offset < 64; offset++) {
			snprintf(place, size, "%s+0x%x", *functions, offset);
			snprintf(event, sizeof(event), "kprobe:%s\n", place);
			/* No instruction begins there, or nobody calls it so. */
			if (try_write(ROOT "events", event))
				continue;
			if (becomes(place, JUMP, 3000)) {
				clear_events();
				return true;
			}
			clear_events();
		}
	}
	return false;
}

static bool has_jumps(void)
{
	return !access(OPTIMIZATION, F_OK);
}

static void allow_jumps(bool allow)
{
	if (has_jumps())
		write_file(OPTIMIZATION, allow ? "1\n" : "0\n");
}

#define SKIP_WITHOUT_JUMPS() do {					\
	if (!has_jumps())						\
		SKIP(return, "this kernel makes no jumps of kprobes");	\
} while (0)

FIXTURE(breakpoint)
{
	char place[128];
};

FIXTURE_SETUP(breakpoint)
{
	pin_to_cpu(0);
	start_clean(1024);
}

FIXTURE_TEARDOWN(breakpoint)
{
	start_clean(64);
	if (!access(PROBE, F_OK) && system("rmmod stackid_fire"))
		give_up("rmmod stackid_fire");
	allow_jumps(true);
}

/*
 * Lets stackid_fire probe the clock.  A compiler may put the head of a loop right at
 * its start, which then is no place for a jump.
 */
static bool put_on_clock(char *place, size_t size, int way)
{
	int offset;

	for (offset = 0; offset < 64; offset++) {
		snprintf(place, size, CLOCK "+0x%x", offset);
		if (!try_write(PROBE, place) && becomes(place, way, 5000))
			return true;
	}
	return false;
}

/*
 * Writing a record asks for the time: were the record of the probe's hit written
 * then, each attempt would find a newer one.  The clock is notrace, so that stackid
 * itself does not probe it: the hit is another module's tracepoint.
 */
static void probe_the_clock(struct __test_metadata *_metadata, int way)
{
	uint64_t offered = stat_of(-1, "offered");
	char events[512], place[128];
	int i;

	allow_jumps(way == JUMP);
	ASSERT_EQ(system("insmod \"$KO/selftests/stackid_fire.ko\""), 0);
	ASSERT_TRUE(put_on_clock(place, sizeof(place), way));
	TH_LOG("%s", place);
	snprintf(events, sizeof(events),
		 "stackid_fire:stackid_fire pid=%d\n"
		 "kprobe:" SYS "getppid pid=%d\n", getpid(), getpid());
	write_file(ROOT "events", events);
	write_file(ROOT "recording_on", "1\n");
	for (i = 0; i < 10; i++) {
		/* A record of a task that was made, and one of an event. */
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
		syscall(SYS_getppid);
	}
	write_file(ROOT "recording_on", "0\n");
	offered = stat_of(-1, "offered") - offered;
	TH_LOG("%llu hits, %llu lost in recursion", (unsigned long long)offered,
	       (unsigned long long)stat_of(-1, "lost_recursion"));
	EXPECT_GT(offered, 10);
	EXPECT_LT(offered, 1000);
	EXPECT_EQ(stat_of(-1, "lost_full"), 0);
	EXPECT_TRUE(inserts_are_done());
	EXPECT_TRUE(ledger_holds(-1));
	EXPECT_TRUE(table_ledger_holds());
}

TEST_F_TIMEOUT(breakpoint, the_clock_of_the_writer_can_be_probed, 900)
{
	probe_the_clock(_metadata, BREAKPOINT);
}

TEST_F_TIMEOUT(breakpoint, the_clock_of_the_writer_can_be_probed_by_a_jump, 900)
{
	SKIP_WITHOUT_JUMPS();
	probe_the_clock(_metadata, JUMP);
}

static void call_getppid(void)
{
	int i;

	for (i = 0; i < 20; i++)
		syscall(SYS_getppid);
}

/* Half of the pages are touched by user mode, half by a system call. */
static void fault(void)
{
	const int pages = 20;
	size_t page = sysconf(_SC_PAGESIZE);
	int zero = open("/dev/zero", O_RDONLY), i;
	char *memory = mmap(NULL, pages * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (zero < 0 || memory == MAP_FAILED)
		give_up("making memory");
	madvise(memory, pages * page, MADV_NOHUGEPAGE);
	for (i = 0; i < pages; i += 2)
		*(volatile char *)(memory + i * page) = 1;
	for (i = 1; i < pages; i += 2)
		if (read(zero, memory + i * page, 8) != 8)
			give_up("reading zeros");
	munmap(memory, pages * page);
	close(zero);
}

/* By record(). */
static bool recording;

/*
 * Until ticks have come to both user mode and system calls: the kernel serves the
 * ones on the task's stack and the others on its own, by two calls.
 */
static void be_interrupted(void)
{
	uint64_t end = now_ns() + 20000000000ULL;
	int zero = open("/dev/zero", O_RDONLY), i;
	static char buffer[1 << 16];
	volatile int sum = 0;

	while (recording && now_ns() < end && stat_of(-1, "stacks") < 2) {
		for (i = 0; i < 1000000; i++)
			sum++;
		for (i = 0; i < 100; i++)
			if (read(zero, buffer, sizeof(buffer)) <= 0)
				give_up("reading zeros");
	}
	close(zero);
}

/* All stacks of the event while @work is done, sorted. */
static void record(const char *event, void (*work)(void), struct definitions *d)
{
	int fd;

	write_file(ROOT "reset", "1\n");
	work();
	write_file(ROOT "recording_on", "1\n");
	recording = true;
	work();
	recording = false;
	write_file(ROOT "recording_on", "0\n");
	if (!inserts_are_done())
		give_up("inserts stay pending");
	memset(d, 0, sizeof(*d));
	fd = open_definitions();
	read_definitions(fd, d);
	close(fd);
	qsort(d->stacks, d->nr, sizeof(*d->stacks), compare_stacks);
}

static void show(struct __test_metadata *_metadata, const char *way,
		 const struct symbols *symbols, const struct definitions *d)
{
	unsigned int i, j;

	TH_LOG("%s: %u stacks", way, d->nr);
	for (i = 0; i < d->nr; i++) {
		TH_LOG(" stack:");
		for (j = 0; j < d->stacks[i]->nr; j++)
			TH_LOG("  %s", symbol_at(symbols, stack_pc(d->stacks[i], j) - !!j));
	}
}

static bool same(const struct definitions *a, const struct definitions *b)
{
	unsigned int i;

	if (a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++)
		if (compare_stacks(&a->stacks[i], &b->stacks[i]))
			return false;
	return true;
}

/* @frame: has to be in one of the stacks, @least of which there are */
static void compare_ways(struct __test_metadata *_metadata,
			 FIXTURE_DATA(breakpoint) *self,
			 const char *const *functions, const char *options,
			 void (*work)(void), unsigned int least,
			 const char *frame)
{
	struct definitions jump, breakpoint;
	unsigned int i, j, found = 0;
	struct symbols symbols;
	char event[256];

	read_symbols(&symbols);
	ASSERT_TRUE(find_place(functions, self->place, sizeof(self->place)))
		TH_LOG("no place that can be optimised");
	snprintf(event, sizeof(event), "kprobe:%s pid=%d %s\n", self->place,
		 getpid(), options);

	write_file(ROOT "events", event);
	ASSERT_TRUE(becomes(self->place, JUMP, 20000));
	record(event, work, &jump);
	EXPECT_EQ(way_of(self->place), JUMP);

	allow_jumps(false);
	ASSERT_TRUE(becomes(self->place, BREAKPOINT, 20000));
	record(event, work, &breakpoint);
	EXPECT_EQ(way_of(self->place), BREAKPOINT);

	for (i = 0; i < jump.nr; i++)
		for (j = 0; j < jump.stacks[i]->nr; j++)
			found += !!strstr(symbol_at(&symbols, stack_pc(jump.stacks[i], j) - !!j),
					  frame);
	TH_LOG("%s %s: %u stacks", self->place, options, jump.nr);
	EXPECT_GE(jump.nr, least);
	EXPECT_GT(found, 0);
	EXPECT_TRUE(same(&jump, &breakpoint)) {
		show(_metadata, "by a jump", &symbols, &jump);
		show(_metadata, "by a breakpoint", &symbols, &breakpoint);
	}
	free(symbols.all);
}

static const char *const syscalls[] = { SYS "getppid", "__task_pid_nr_ns", NULL };
static const char *const faults[] = { "handle_mm_fault", "__handle_mm_fault", NULL };
static const char *const interrupts[] = {
	"hrtimer_interrupt", "tick_sched_timer", "tick_nohz_handler", "update_process_times", NULL
};

TEST_F_TIMEOUT(breakpoint, a_system_calls_stacks_are_those_by_a_jump, 900)
{
	SKIP_WITHOUT_JUMPS();
	compare_ways(_metadata, self, syscalls, "", call_getppid, 1,
		     "do_syscall_64");
}

TEST_F_TIMEOUT(breakpoint, a_page_faults_stacks_are_those_by_a_jump, 900)
{
	SKIP_WITHOUT_JUMPS();
	compare_ways(_metadata, self, faults, "", fault, 2, "vfs_read");
}

TEST_F_TIMEOUT(breakpoint, whole_stacks_are_those_by_a_jump, 900)
{
	SKIP_WITHOUT_JUMPS();
	compare_ways(_metadata, self, faults, "irqstack=full", fault, 2,
		     "vfs_read");
}

TEST_F_TIMEOUT(breakpoint, an_interrupts_stacks_are_those_by_a_jump, 900)
{
	SKIP_WITHOUT_JUMPS();
	compare_ways(_metadata, self, interrupts, "", be_interrupted, 2,
		     "asm_sysvec_apic_timer_interrupt");
}

TEST_HARNESS_MAIN
