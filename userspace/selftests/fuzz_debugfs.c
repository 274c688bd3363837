// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz_debugfs [--operations N] [--seconds S] [--seed S]: does to the files below
 * /sys/kernel/debug/stackid, whichever there are, all that can be done to files,
 * from several processes of several threads that share their open files, and
 * that are killed now and then.  Looks afterwards whether all is as it should
 * be.  TAP.  The kernel's own complaints are for the caller to see.
 *
 * The seed that is printed gives each thread the same series of operations
 * again; what meets what is up to the scheduler.
 */
#include <ftw.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "kselftest.h"
#include "stackid_test.h"
#include "fuzz_text.h"

#define NR_PROCESSES	3
#define NR_THREADS	2
#define NR_SLOTS	8
/* Operations for which rings, or trace_pipe, which takes all of them, can be opened. */
#define PHASE		4096
#define MAX_FILES	256
/* A blocked read is interrupted so often. */
#define TICK_NS		20000000
/* What takes longer hangs, also where an emulated processor checks each access. */
#define LIMIT_S		180

static struct {
	char path[160];
	unsigned int mode;
} files[MAX_FILES];
static unsigned int nr_files;

/* In memory that all processes share. */
static struct shared {
	uint64_t done;
	uint64_t limit;
	uint64_t succeeded;
	uint64_t per_file[MAX_FILES];
	uint64_t ns_per_file[MAX_FILES];
	bool stop;
} *shared;

/* An open file; its threads use and close it as they like. */
static struct slot {
	int fd;
	unsigned int file;
} slots[NR_SLOTS];

struct worker {
	struct series series;
	struct text text;
	char buffer[1 << 16];
	int pipe[2];
};

static uint64_t seed;

static int find_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	if (type != FTW_F || nr_files == MAX_FILES)
		return 0;
	snprintf(files[nr_files].path, sizeof(files[0].path), "%s", path);
	files[nr_files++].mode = st->st_mode;
	return 0;
}

/* Otherwise one or the other would nearly always have a reader already. */
static bool is_its_turn(unsigned int file)
{
	bool rings = __atomic_load_n(&shared->done, __ATOMIC_RELAXED) / PHASE % 2;

	return rings ? !strstr(files[file].path, "trace_pipe") :
		       !strstr(files[file].path, "/ring");
}

static int order(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Operations; what they return is for the count of those that succeeded. */

static long open_one(struct worker *w, struct slot *slot)
{
	static const int ways[] = { O_RDONLY, O_WRONLY, O_RDWR };
	struct series *s = &w->series;
	unsigned int file = below(s, nr_files);
	int flags = PICK(s, ways) | O_CLOEXEC;
	int fd, old;

	/* Mostly as it is meant to be opened. */
	if (below(s, 4))
		flags = (files[file].mode & 0600) == 0600 ? O_RDWR :
			files[file].mode & 0200 ? O_WRONLY : O_RDONLY;
	flags |= below(s, 8) ? O_NONBLOCK : 0;
	flags |= below(s, 4) ? 0 : O_APPEND;
	flags |= below(s, 30) ? 0 : O_TRUNC;
	flags |= below(s, 40) ? 0 : O_DIRECT;
	/* So that its place is free: a ring has one reader. */
	old = __atomic_exchange_n(&slot->fd, -1, __ATOMIC_RELAXED);
	if (old >= 0)
		close(old);
	if (!is_its_turn(file))
		return -1;
	fd = open(files[file].path, flags);
	if (fd < 0)
		return -1;
	slot->file = file;
	old = __atomic_exchange_n(&slot->fd, fd, __ATOMIC_RELAXED);
	if (old >= 0)
		close(old);
	return fd;
}

static size_t odd_size(struct series *s)
{
	static const size_t sizes[] = {
		0, 1, 2, 7, 8, 15, 16, 47, 48, 49, 100, 4095, 4096, 4097, 65535, 65536,
	};

	return below(s, 3) ? PICK(s, sizes) : below(s, 65536);
}

static off_t odd_offset(struct series *s)
{
	static const off_t offsets[] = {
		0, 1, -1, 48, 4095, 4096, 4097, 65536, INT32_MAX, 1LL << 32,
		INT64_MAX, INT64_MAX - 4096, INT64_MIN,
	};

	return below(s, 3) ? PICK(s, offsets) : (off_t)below(s, 1 << 20);
}

/* The last page of it may not be there. */
static void *odd_buffer(struct worker *w, size_t size)
{
	if (below(&w->series, 30))
		return w->buffer;
	return below(&w->series, 2) ? NULL : w->buffer - (1UL << 40);
}

static long read_one(struct worker *w, int fd)
{
	struct series *s = &w->series;
	size_t size = odd_size(s);
	struct iovec parts[3] = {
		{ w->buffer, size / 3 }, { w->buffer, 0 },
		{ odd_buffer(w, size), size / 3 },
	};

	switch (below(s, 8)) {
	case 0:
		return pread(fd, odd_buffer(w, size), size, odd_offset(s));
	case 1:
		return readv(fd, parts, 3);
	default:
		return read(fd, odd_buffer(w, size), size);
	}
}

static long write_one(struct worker *w, int fd, unsigned int file)
{
	struct series *s = &w->series;
	struct text *t = &w->text;
	size_t at = 0, n;
	long ret = 0;

	make_text(s, t, files[file].path + strlen(ROOT));
	switch (below(s, 12)) {
	case 0:
		return pwrite(fd, t->at, t->len, odd_offset(s));
	case 1:
		return write(fd, odd_buffer(w, 0), odd_size(s));
	case 2:
	case 3:
		/* In pieces, among which come those of the other thread. */
		while (at < t->len && ret >= 0) {
			n = 1 + below(s, t->len - at);
			ret = write(fd, t->at + at, n);
			at += n;
		}
		return ret;
	default:
		return write(fd, t->at, t->len);
	}
}

/* A reader may write anything into the control page. */
static void use_mapping(struct worker *w, uint64_t *at, size_t size,
			int prot)
{
	struct series *s = &w->series;
	size_t n = size / sizeof(*at);
	uint64_t head;

	if (!n || !(prot & PROT_READ))
		return;
	head = __atomic_load_n(&at[below(s, n)], __ATOMIC_RELAXED);
	if (!(prot & PROT_WRITE))
		return;
	if (below(s, 2))
		((struct stackid_ring_page *)at)->data_tail =
			below(s, 2) ? head : next_random(s) >> below(s, 64);
	else
		at[below(s, n)] = next_random(s);
}

static long map_one(struct worker *w, int fd)
{
	static const size_t sizes[] = { 1, 4096, 8192, 16384, 65536, 1 << 20, 1 << 30 };
	static const off_t offsets[] = { 0, 4096, 8192, 65536, 1LL << 40, INT64_MAX & ~4095 };
	struct series *s = &w->series;
	size_t size = PICK(s, sizes);
	off_t offset = PICK(s, offsets);
	int prot = below(s, 8), flags = below(s, 6) ? MAP_SHARED : MAP_PRIVATE;
	char *at, *moved;

	if (below(s, 2)) {
		/* As it is meant. */
		prot = PROT_READ | PROT_WRITE;
		size = 4096;
		offset = 0;
	}
	at = mmap(NULL, size, prot, flags, fd, offset);
	if (at == MAP_FAILED)
		return -1;
	use_mapping(w, (void *)at, size, prot);
	if (!below(s, 4) && !mprotect(at, size, PROT_READ | PROT_WRITE))
		use_mapping(w, (void *)at, size, PROT_READ | PROT_WRITE);
	if (!below(s, 4)) {
		size_t other = PICK(s, sizes);

		moved = mremap(at, size, other, MREMAP_MAYMOVE);
		if (moved != MAP_FAILED) {
			at = moved;
			size = other;
		}
	}
	if (!below(s, 4))
		madvise(at, 4096, MADV_DONTNEED);
	/* Now and then it stays, longer than its file. */
	if (below(s, 8))
		munmap(at, size);
	return 0;
}

static long poll_one(struct worker *w, int fd)
{
	struct pollfd p[2] = {
		{ .fd = fd, .events = next_random(&w->series) },
		{ .fd = slots[below(&w->series, NR_SLOTS)].fd, .events = POLLIN },
	};

	return poll(p, 1 + below(&w->series, 2), below(&w->series, 4));
}

static long splice_one(struct worker *w, int fd)
{
	struct series *s = &w->series;
	size_t size = odd_size(s);
	loff_t offset = odd_offset(s);
	long ret;

	switch (below(s, 4)) {
	case 0:
		ret = sendfile(w->pipe[1], fd, NULL, size);
		break;
	case 1:
		ret = splice(fd, &offset, w->pipe[1], NULL, size, SPLICE_F_NONBLOCK);
		break;
	case 2:
		make_text(s, &w->text, "events");
		ret = write(w->pipe[1], w->text.at, w->text.len & 4095);
		ret = splice(w->pipe[0], NULL, fd, NULL, size, SPLICE_F_NONBLOCK);
		break;
	default:
		ret = splice(fd, NULL, w->pipe[1], NULL, size, SPLICE_F_NONBLOCK);
		break;
	}
	while (read(w->pipe[0], w->buffer, sizeof(w->buffer)) > 0)
		;
	return ret;
}

static long rest_one(struct worker *w, int fd)
{
	struct series *s = &w->series;
	struct stat st;
	int other;

	switch (below(s, 8)) {
	case 0:
		return ioctl(fd, next_random(s), w->buffer);
	case 1:
		return ftruncate(fd, odd_offset(s));
	case 2:
		return fstat(fd, &st);
	case 3:
		return fsync(fd);
	case 4:
		return flock(fd, LOCK_EX | LOCK_NB);
	case 5:
		return fcntl(fd, F_SETFL, below(s, 4) ? O_NONBLOCK : 0);
	case 6:
		return fallocate(fd, 0, 0, 4096);
	default:
		other = dup(fd);
		if (other >= 0)
			close(other);
		return other;
	}
}

static void do_one(struct worker *w)
{
	struct series *s = &w->series;
	struct slot *slot = &slots[below(s, NR_SLOTS)];
	int fd = __atomic_load_n(&slot->fd, __ATOMIC_RELAXED);
	unsigned int file = slot->file;
	uint64_t begin = now_ns();
	long ret;

	if (fd < 0 || !is_its_turn(file)) {
		ret = open_one(w, slot);
		file = slot->file;
	} else {
		switch (below(s, 20)) {
		case 0:
			ret = open_one(w, slot);
			break;
		case 1 ... 7:
			ret = read_one(w, fd);
			break;
		case 8 ... 11:
			ret = write_one(w, fd, file);
			break;
		case 12 ... 13:
			ret = map_one(w, fd);
			break;
		case 14:
			ret = lseek(fd, odd_offset(s), below(s, 6));
			break;
		case 15 ... 16:
			ret = poll_one(w, fd);
			break;
		case 17:
			ret = splice_one(w, fd);
			break;
		default:
			ret = rest_one(w, fd);
			break;
		}
	}
	__atomic_add_fetch(&shared->done, 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&shared->per_file[file], 1, __ATOMIC_RELAXED);
	__atomic_add_fetch(&shared->ns_per_file[file], now_ns() - begin,
			   __ATOMIC_RELAXED);
	if (ret >= 0)
		__atomic_add_fetch(&shared->succeeded, 1, __ATOMIC_RELAXED);
}

/* Processes */

static void wake_up(int unused)
{
}

static void start_ticks(void)
{
	struct sigevent to = {
		.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM,
	};
	struct itimerspec every = {
		.it_interval.tv_nsec = TICK_NS, .it_value.tv_nsec = TICK_NS,
	};
	timer_t timer;

	to._sigev_un._tid = syscall(SYS_gettid);
	if (timer_create(CLOCK_MONOTONIC, &to, &timer) ||
	    timer_settime(timer, 0, &every, NULL))
		give_up("making a timer");
}

static void *work(void *context)
{
	struct worker *w = context;

	start_ticks();
	while (!__atomic_load_n(&shared->stop, __ATOMIC_RELAXED) &&
	       __atomic_load_n(&shared->done, __ATOMIC_RELAXED) < shared->limit)
		do_one(w);
	return NULL;
}

static void be_process(unsigned int number)
{
	struct sigaction action = { .sa_handler = wake_up };
	pthread_t threads[NR_THREADS];
	struct worker *w;
	unsigned int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGALRM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGSEGV, SIG_DFL);
	for (i = 0; i < NR_SLOTS; i++)
		slots[i].fd = -1;
	for (i = 0; i < NR_THREADS; i++) {
		w = calloc(1, sizeof(*w));
		if (!w || pipe2(w->pipe, O_CLOEXEC | O_NONBLOCK))
			give_up("starting a thread");
		w->series.state = (seed + 1) * 0x9e3779b97f4a7c15ULL +
				  number * NR_THREADS + i + 1;
		if (pthread_create(&threads[i], NULL, work, w))
			give_up("starting a thread");
	}
	for (i = 0; i < NR_THREADS; i++)
		pthread_join(threads[i], NULL);
	_exit(0);
}

static pid_t start(unsigned int number)
{
	pid_t pid = fork();

	if (pid < 0)
		give_up("fork");
	if (!pid)
		be_process(number);
	return pid;
}

/* True when all operations are done; false: none is any more. */
static bool run_all(double seconds)
{
	uint64_t begin = now_ns(), progress = begin, last = 0, minutes = 0;
	struct series s = { seed + 1 };
	pid_t pids[NR_PROCESSES];
	unsigned int number, i;
	bool good = true;
	int status;

	for (number = 0; number < NR_PROCESSES; number++)
		pids[number] = start(number);
	while (good && shared->done < shared->limit) {
		usleep(100000);
		if (shared->done != last) {
			last = shared->done;
			progress = now_ns();
		} else if (now_ns() - progress > LIMIT_S * 1000000000ULL) {
			ksft_print_msg("no operation has ended for %u s\n", LIMIT_S);
			good = false;
		}
		if (now_ns() - begin >= (minutes + 1) * 60000000000ULL) {
			minutes++;
			ksft_print_msg("%llu operations in %llu min\n",
				       (unsigned long long)shared->done,
				       (unsigned long long)minutes);
		}
		if (seconds && now_ns() - begin > seconds * 1e9)
			break;
		if (below(&s, 10))
			continue;
		i = below(&s, NR_PROCESSES);
		kill(pids[i], SIGKILL);
		pids[i] = start(number++);
	}
	__atomic_store_n(&shared->stop, true, __ATOMIC_RELAXED);
	progress = now_ns();
	while (good) {
		pid_t pid = waitpid(-1, &status, WNOHANG);

		if (pid < 0)
			break;
		if (!pid && now_ns() - progress > LIMIT_S * 1000000000ULL) {
			ksft_print_msg("a process does not end\n");
			good = false;
		}
		if (pid && WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL) {
			ksft_print_msg("a process died of signal %d\n",
				       WTERMSIG(status));
			good = false;
		}
		if (!pid)
			usleep(10000);
	}
	ksft_print_msg("%llu operations, %llu succeeded, by %u processes of %u threads, in %.0f s\n",
		       (unsigned long long)shared->done,
		       (unsigned long long)shared->succeeded, number, NR_THREADS,
		       (now_ns() - begin) / 1e9);
	/* What hangs shows where. */
	if (!good)
		system("for p in $(pgrep fuzz_debugfs); do cat /proc/$p/task/*/stack; done 2>/dev/null | sed 's/^/# /'");
	return good;
}

/* Afterwards */

static bool every_file_was_used(void)
{
	bool good = nr_files > 11;
	unsigned int i;

	for (i = 0; i < nr_files; i++) {
		ksft_print_msg("%10llu in %6.1f s %s\n",
			       (unsigned long long)shared->per_file[i],
			       shared->ns_per_file[i] / 1e9,
			       files[i].path + strlen(ROOT));
		good &= shared->per_file[i] || shared->done < 10000;
	}
	return good;
}

static bool sums_hold(void)
{
	bool good;
	int cpu;

	/* The last file may be closed by a worker yet. */
	for (cpu = 0; cpu < 100 && try_write(ROOT "buffer_size_kb", "64\n"); cpu++) {
		write_file(ROOT "recording_on", "0\n");
		usleep(100000);
	}
	start_clean(64);
	good = inserts_are_done() && ledger_holds(-1) && table_ledger_holds();
	for (cpu = 0; cpu < nr_cpus(); cpu++)
		good &= ledger_holds(cpu);
	return good;
}

static bool still_records(void)
{
	const unsigned int wanted = 1000;
	const struct stackid_record *record;
	unsigned int i, nr = 0;
	struct ring r;

	start_clean(64);
	pin_to_cpu(0);
	write_file(ROOT "reset", "1\n");
	write_file(ROOT "events", "kprobe:" SYS "lseek\n");
	open_ring(&r, 0);
	write_file(ROOT "recording_on", "1\n");
	for (i = 0; i < wanted; i++)
		lseek(0, 0, SEEK_CUR);
	write_file(ROOT "recording_on", "0\n");
	while ((record = next_record(&r))) {
		nr += is_event(record);
		consume(&r, record);
	}
	close_ring(&r);
	start_clean(64);
	ksft_print_msg("%u events recorded, %u system calls made\n", nr, wanted);
	return nr >= wanted && stat_of(-1, "stacks");
}

static unsigned long long number_of_option(const char *option, const char *text)
{
	unsigned long long number;
	char *end;

	errno = 0;
	number = text ? strtoull(text, &end, 10) : 0;
	if (!text || !*text || *end || errno) {
		fprintf(stderr, "fuzz_debugfs: %s takes a number\n", option);
		exit(2);
	}
	return number;
}

int main(int argc, char **argv)
{
	double seconds = 0;
	int i;

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	seed = now_ns() % 1000000;
	for (i = 1; i < argc; i += 2) {
		unsigned long long number = number_of_option(argv[i], argv[i + 1]);

		if (!strcmp(argv[i], "--operations")) {
			shared->limit = number;
		} else if (!strcmp(argv[i], "--seconds")) {
			seconds = number;
		} else if (!strcmp(argv[i], "--seed")) {
			seed = number;
		} else {
			fprintf(stderr, "Usage: fuzz_debugfs [--operations N] [--seconds S] [--seed S]\n");
			return 2;
		}
	}
	if (!shared->limit)
		shared->limit = seconds ? UINT64_MAX : 20000;
	/* What it says is worth most where it never comes to its end. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	ksft_print_header();
	ksft_set_plan(4);
	ksft_print_msg("--seed %llu\n", (unsigned long long)seed);
	/* A sample each 10 us is allowed otherwise. */
	try_write("/proc/sys/kernel/perf_event_max_sample_rate", "1000");
	nftw(ROOT, find_file, 16, FTW_PHYS);
	qsort(files, nr_files, sizeof(files[0]), order);
	ksft_test_result(run_all(seconds), "all operations end\n");
	ksft_test_result(every_file_was_used(), "every file was used\n");
	ksft_test_result(sums_hold(), "the sums of the ledger hold\n");
	ksft_test_result(still_records(), "it still records\n");
	ksft_finished();
}
