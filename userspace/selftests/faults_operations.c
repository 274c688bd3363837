// SPDX-License-Identifier: GPL-2.0
/* What faults.c makes fail: loading, recording, each file, a reset, the API. */
#include <ftw.h>
#include <poll.h>
#include <sys/klog.h>
#include <sys/syscall.h>

#include "kselftest.h"
#include "stackid_test.h"
#include "faults.h"

#define BUFFER_KB	16
#define PROBED		SYS "lseek"
#define NO_DIRECTORY	"there is no debugfs directory"
#define MODULE		"/sys/module/stackid"
#define SAVER		"/sys/module/stackid_saver"

bool writing;

static char module_path[512], saver_path[512];
/* The files of an operation that ends later than its run. */
static int held[3] = { -1, -1, -1 };

static int keep(int fd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(held); i++) {
		if (held[i] >= 0)
			continue;
		held[i] = fd;
		return fd;
	}
	give_up("too many files");
}

static void close_held(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(held); i++) {
		if (held[i] >= 0)
			close(held[i]);
		held[i] = -1;
	}
}

static int load(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = syscall(SYS_finit_module, fd, parameters, 0) ? -errno : 0;
	close(fd);
	return ret;
}

static int unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

static void must(int ret, const char *what)
{
	errno = -ret;
	if (ret)
		give_up("%s", what);
}

/* Writing */

static int write_there(const struct operation *op)
{
	int fd = open(op->path, O_WRONLY | O_CLOEXEC | O_APPEND);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, op->text, strlen(op->text)) < 0) {
		ret = -errno;
		writing = true;
	}
	close(fd);
	return ret;
}

static int write_and_keep(const struct operation *op)
{
	int fd = open(op->path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	keep(fd);
	if (write(fd, op->text, strlen(op->text)) >= 0)
		return 0;
	writing = true;
	return -errno;
}

/* A refusal of what cannot be has to stay one. */
static int write_what_is_refused(const struct operation *op)
{
	int ret = write_there(op);

	writing = false;
	if (ret == -ENOMEM || ret == -EFAULT)
		return ret;
	return ret ? 0 : -ENOTRECOVERABLE;
}

/* A program's recording, that ends as its file is closed. */
static void begin_hold(const struct operation *op)
{
	int fd = keep(open(ROOT "recording_on", O_WRONLY | O_CLOEXEC));

	if (write(fd, "hold\n", 5) != 5)
		give_up("taking hold");
	write_file(ROOT "events", "context-switches\n");
	write_file(ROOT "buffer_size_kb", "64\n");
	write_file(ROOT "recording_on", "1\n");
}

static int let_go(const struct operation *op)
{
	close_held();
	return 0;
}

/* What was there before can need memory to be there again. */
static bool is_over(const struct operation *op, int ret, bool unsaid)
{
	char events[4096], text[16];
	bool is_back;

	read_file(ROOT "events", events, sizeof(events));
	is_back = strstr(events, "sched:sched_switch") &&
		  strstr(events, "kprobe:" PROBED);
	read_file(ROOT "recording_on", text, sizeof(text));
	if (strcmp(text, "0\n") || strstr(events, "context-switches"))
		return false;
	read_file(ROOT "buffer_size_kb", text, sizeof(text));
	return !ret && atoi(text) == BUFFER_KB && (is_back || !unsaid);
}

/* Reading */

static int read_there(const struct operation *op)
{
	int fd = open(op->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	static char text[65536];
	unsigned int i;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	for (i = 0; i < 20 && n > 0; i++)
		n = read(fd, text, sizeof(text));
	n = n < 0 && errno != EAGAIN ? -errno : 0;
	close(fd);
	return n;
}

/* What is made for the first reader stays, so nothing may fail behind it. */
static int open_there(const struct operation *op)
{
	int fd = open(op->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int map_there(const struct operation *op)
{
	size_t page = sysconf(_SC_PAGESIZE), size = BUFFER_KB << 10;
	int fd = open(op->path, O_RDWR | O_CLOEXEC);
	char *control, *data;
	int ret = 0;

	if (fd < 0)
		return -errno;
	control = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (control == MAP_FAILED)
		ret = -errno;
	data = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, page);
	if (data == MAP_FAILED)
		ret = ret ?: -errno;
	/* That can need memory, too. */
	while (control != MAP_FAILED && munmap(control, page))
		ret = ret ?: -errno;
	while (data != MAP_FAILED && munmap(data, size))
		ret = ret ?: -errno;
	close(fd);
	return ret;
}

/* One that a reader has is refused, and so is poll's own memory. */
static int poll_there(const struct operation *op)
{
	struct pollfd p = { .events = POLLIN };
	int ret;

	p.fd = open(op->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (p.fd < 0)
		return -errno;
	ret = poll(&p, 1, 0) < 0 ? -errno : 0;
	close(p.fd);
	return ret;
}

/*
 * Something to read, of which there is not more each time: stacks_raw makes two
 * copies of each stack, and each of these is to fail once.
 */
static void record_some(const struct operation *op)
{
	unsigned int i;

	write_file(ROOT "reset", "1\n");
	write_file(ROOT "recording_on", "1\n");
	for (i = 0; i < 50; i++) {
		lseek(0, 0, SEEK_CUR);
		usleep(100);
	}
	write_file(ROOT "recording_on", "0\n");
}

/* Modules */

static void be_away(const struct operation *op)
{
	if (!access(MODULE, F_OK))
		must(unload("stackid"), "rmmod stackid");
	/* What has been said is not to be counted in a log that goes round. */
	klogctl(5 /* SYSLOG_ACTION_CLEAR */, NULL, 0);
}

static int load_module(const struct operation *op)
{
	return load(module_path, "");
}

static void be_there(void)
{
	if (access(MODULE, F_OK))
		must(load_module(NULL), "insmod stackid.ko");
}

static int load_wrongly(const struct operation *op)
{
	return load(module_path, "max_stacks=1");
}

static int load_saver(const struct operation *op)
{
	return load(saver_path, "");
}

static int load_saver_wrongly(const struct operation *op)
{
	return load(saver_path, "max_stacks=1");
}

static int unload_module(const struct operation *op)
{
	return unload("stackid");
}

/*
 * The kernel's own allocations for a module come before the first of its own,
 * and are as many for one that refuses its parameter at once.
 */
static unsigned int before_own(int ret, int (*wrongly)(const struct operation *op),
			       const struct operation *op)
{
	unsigned int nr;

	must(ret, "rmmod stackid");
	nr = allocations_of(wrongly, op);
	return nr > 40 ? nr - 40 : 1;
}

static unsigned int before_init(const struct operation *op)
{
	unsigned int nr = before_own(unload("stackid"), load_wrongly, op);

	must(load(module_path, ""), "insmod stackid.ko");
	return nr;
}

static unsigned int before_saver(const struct operation *op)
{
	return before_own(0, load_saver_wrongly, op);
}

static unsigned int files_found;

static int count_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	files_found += type == FTW_F;
	return 0;
}

static unsigned int nr_files(void)
{
	files_found = 0;
	nftw(ROOT, count_file, 8, FTW_PHYS);
	return files_found;
}

static bool was_said(const char *what)
{
	static char log[1 << 20];
	int n;

	n = klogctl(3 /* SYSLOG_ACTION_READ_ALL */, log, sizeof(log) - 1);
	log[n < 0 ? 0 : n] = '\0';
	return strstr(log, what);
}

/* All files are there or none; none only if the module was not loaded, or has said so. */
static bool is_whole_or_away(const struct operation *op, int ret, bool unsaid)
{
	bool is_loaded = !access(MODULE, F_OK);
	static unsigned int wanted;
	unsigned int nr;

	nr = nr_files();
	if (!wanted)
		wanted = nr;
	if (ret)
		return !is_loaded && !nr;
	if (nr && nr != wanted)
		ksft_print_msg("%u files instead of %u\n", nr, wanted);
	return is_loaded && (nr == wanted ||
			     (!nr && was_said(NO_DIRECTORY)));
}

static bool saver_is_whole_or_away(const struct operation *op, int ret, bool unsaid)
{
	return !access(SAVER, F_OK) == !ret;
}

static bool is_unloaded(const struct operation *op, int ret, bool unsaid)
{
	return !access(MODULE, F_OK) == !!ret;
}

#define EVENT_OP(what, line, there)					\
	{ .name = "events: " what, .run = write_there,			\
	  .path = ROOT "events", .text = line "\n", .given = there }
#define READ_OP(file, how)						\
	{ .name = #how " " file, .run = how##_there, .path = ROOT file,	\
	  .given = with_kprobe,	\
	  .prepare = record_some }

/* Breakpoints: the kernel warns if ftrace, at a function's entry, has no memory. */
static char kprobe_line[64], with_kprobe[96];

struct operation operations[] = {
	{ .name = "insmod", .run = load_module, .prepare = be_away,
	  .first = before_init, .verdict = is_whole_or_away },
	{ .name = "rmmod", .run = unload_module, .verdict = is_unloaded },
	{ .name = "API: a table", .run = load_saver, .first = before_saver,
	  .verdict = saver_is_whole_or_away },
	EVENT_OP("a tracepoint", "sched:sched_switch", "cpu-clock\n"),
	EVENT_OP("a bare tracepoint", "tracepoint:sched_switch", "cpu-clock\n"),
	EVENT_OP("through perf", "perf:sched:sched_switch", ""),
	EVENT_OP("a system call", "syscalls:sys_enter_lseek value=fd=arg1", ""),
	EVENT_OP("a counter", "cpu-clock freq=50 mode=kernel", ""),
	EVENT_OP("a software counter", "context-switches", "cpu-clock\n"),
	EVENT_OP("values", "sched:sched_switch value=a=arg2+16:u32,b=arg3 if=arg1==0", ""),
	EVENT_OP("a process", "sched:sched_switch pid=1", "cpu-clock\n"),
	EVENT_OP("threads", "cpu-clock freq=20 tid=1", "sched:sched_waking pid=1\n"),
	EVENT_OP("a user", "sched:sched_switch uid=0", ""),
	EVENT_OP("removal of a tracepoint", "-sched:sched_switch", "sched:sched_switch\n"),
	EVENT_OP("removal of one of two", "-tracepoint:sched_switch",
		 "sched:sched_switch\ntracepoint:sched_switch\n"),
	EVENT_OP("removal of a counter", "-cpu-clock", "cpu-clock\n"),
	{ .name = "events: a kprobe", .run = write_there, .path = ROOT "events",
	  .text = kprobe_line, .given = "cpu-clock\n" },
	{ .name = "events: an unknown name", .run = write_what_is_refused,
	  .path = ROOT "events", .text = "sched:sched_swich\n" },
	{ .name = "events: a tracepoint that no module has",
	  .run = write_what_is_refused, .path = ROOT "events",
	  .text = "tracepoint:no_such_thing_as_this\n" },
	{ .name = "events: an unknown function", .run = write_what_is_refused,
	  .path = ROOT "events", .text = "kprobe:vfs_raed\n" },
	{ .name = "events: added while recording", .run = write_there,
	  .path = ROOT "events", .text = "sched:sched_waking tid=1\n",
	  .given = "sched:sched_switch\n", .on = true },
	{ .name = "events: a counter added while recording", .run = write_there,
	  .path = ROOT "events", .text = "cpu-clock freq=50\n",
	  .given = "sched:sched_switch\n", .on = true },
	{ .name = "recording_on: 1", .run = write_there,
	  .path = ROOT "recording_on", .text = "1\n",
	  .given = "sched:sched_switch\ncpu-clock freq=50\n" },
	{ .name = "recording_on: 0", .run = write_there,
	  .path = ROOT "recording_on", .text = "0\n", .on = true,
	  .given = "sched:sched_switch\ncpu-clock freq=50\n" },
	{ .name = "recording_on: hold", .run = write_and_keep,
	  .path = ROOT "recording_on", .text = "hold\n",
	  .given = with_kprobe },
	{ .name = "recording_on: a hold ends", .run = let_go, .prepare = begin_hold,
	  .given = with_kprobe, .verdict = is_over },
	{ .name = "buffer_size_kb", .run = write_there,
	  .path = ROOT "buffer_size_kb", .text = "100\n",
	  .given = "sched:sched_switch\n" },
	{ .name = "reset", .run = write_there, .path = ROOT "reset",
	  .text = "1\n", .given = "sched:sched_switch\n", .on = true },
	READ_OP("README", read),
	READ_OP("available_events", read),
	READ_OP("events", read),
	READ_OP("recording_on", read),
	READ_OP("buffer_size_kb", read),
	READ_OP("stacks", read),
	READ_OP("stacks_raw", read),
	READ_OP("stats", read),
	READ_OP("error_log", read),
	READ_OP("trace_pipe", read),
	READ_OP("trace_pipe", poll),
	READ_OP("per_cpu/cpu0/stats", read),
	READ_OP("per_cpu/cpu0/ring", read),
	READ_OP("per_cpu/cpu0/ring", poll),
	READ_OP("per_cpu/cpu0/ring", map),
	{ .name = "the first reader of a ring", .run = open_there,
	  .path = ROOT "per_cpu/cpu0/ring" },
	{ .name = "the first reader of trace_pipe", .run = open_there,
	  .path = ROOT "trace_pipe" },
	{ }
};

/* Where no instruction begins, none can be probed. */
static void choose_kprobe(void)
{
	unsigned int offset;

	for (offset = 5; offset < 32; offset++) {
		snprintf(kprobe_line, sizeof(kprobe_line), "kprobe:%s+%u\n",
			 PROBED, offset);
		if (!try_write(ROOT "events", kprobe_line))
			break;
	}
	snprintf(with_kprobe, sizeof(with_kprobe), "%ssched:sched_switch\n",
		 kprobe_line);
}

void operations_begin(void)
{
	const char *ko = getenv("KO"), *saver = getenv("SAVER_KO");

	if (!ko || !saver)
		give_up("KO and SAVER_KO, the folders of the modules, are not set");
	snprintf(module_path, sizeof(module_path), "%s/stackid.ko", ko);
	snprintf(saver_path, sizeof(saver_path), "%s/stackid_saver.ko", saver);
	be_there();
	choose_kprobe();
	start_clean(BUFFER_KB);
}

void operations_end(void)
{
	if (!access(MODULE, F_OK))
		must(unload("stackid"), "rmmod stackid");
}

/* Loading takes a second on a kernel with KASAN, and is done only where it is needed. */
void operation_begin(const struct operation *op)
{
	if (op->prepare != be_away) {
		be_there();
		start_clean(BUFFER_KB);
	}
	if (op->given && op->given[0])
		write_file(ROOT "events", op->given);
	if (op->on)
		write_file(ROOT "recording_on", "1\n");
	if (op->prepare)
		op->prepare(op);
	writing = false;
}

void operation_end(const struct operation *op)
{
	close_held();
	if (!access(SAVER, F_OK))
		must(unload("stackid_saver"), "rmmod stackid_saver");
	/* Also one that has lost its files to a fault. */
	if (!access(MODULE, F_OK) && access(ROOT "events", F_OK))
		must(unload("stackid"), "rmmod stackid");
	if (!access(MODULE, F_OK))
		start_clean(BUFFER_KB);
}
