// SPDX-License-Identifier: GPL-2.0
/*
 * faults [--all] [--verbose] [OPERATION...]: each allocation of each operation
 * fails once, one after the other, until the operation needs no more of them.
 * That is done by the module stackid_faults if it is loaded, else by the
 * kernel's /proc/self/fail-nth.  Every time
 *   - it has failed with an error that says so, and what there is to read is as
 *     it was before; a refused write is explained in error_log; or
 *   - it has succeeded, and all is as after a success without a fault;
 *   - then it succeeds without a fault;
 *   - in the end no memory is left: of the module in vmallocinfo, for each CPU
 *     in percpu_stats, and what kmemleak finds.
 * TAP, a point for each operation.  SKIP where there is neither.
 *
 * Of loading a module only the last allocations before its own are failed, and
 * its own; all of them with --all.  --verbose: the kernel says where each was.
 */
#include "kselftest.h"
#include "stackid_test.h"
#include "faults.h"

#define MAX_FAULTS 20000
#define DEBUGFS "/sys/kernel/debug/"

struct state {
	char text[8192];
};

static struct {
	bool all;
	bool verbose;
	const char *only[16];
	unsigned int nr_only;
} options;

static unsigned int nr_injected, nr_refused;

static void print_to(struct state *s, const char *format, ...)
{
	size_t len = strlen(s->text);
	va_list args;

	va_start(args, format);
	vsnprintf(s->text + len, sizeof(s->text) - len, format, args);
	va_end(args);
}

/* What a person or a program can read of the module's state. */
static void look(struct state *s, uint64_t first_generation)
{
	char text[4096], *line;

	s->text[0] = '\0';
	if (access(ROOT "events", F_OK)) {
		print_to(s, "not loaded");
		return;
	}
	read_file(ROOT "events", text, sizeof(text));
	for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		print_to(s, "event %.*s\n", (int)strcspn(line, "#"), line);
	read_file(ROOT "recording_on", text, sizeof(text));
	print_to(s, "recording_on %s", text);
	read_file(ROOT "buffer_size_kb", text, sizeof(text));
	print_to(s, "buffer_size_kb %s", text);
	print_to(s, "ring_bytes %llu\n",
		 (unsigned long long)stat_of(-1, "ring_bytes"));
	print_to(s, "resets %llu\n",
		 (unsigned long long)(stat_of(-1, "generation") -
				      first_generation));
}

static uint64_t generation(void)
{
	return access(ROOT "stats", F_OK) ? 0 : stat_of(-1, "generation");
}

/* Of the module's, while it is loaded. */
static unsigned int vmalloc_areas(void)
{
	FILE *file = fopen("/proc/vmallocinfo", "r");
	unsigned int nr = 0;
	char line[512];

	while (file && fgets(line, sizeof(line), file))
		nr += !!strstr(line, "[stackid]");
	if (file)
		fclose(file);
	return nr;
}

/* Of all the kernel; 0 where it does not count them. */
static long percpu_areas(void)
{
	FILE *file = fopen(DEBUGFS "percpu_stats", "r");
	long nr, sum = 0;
	char line[512];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, " nr_cur_alloc : %ld", &nr) == 1)
			sum += nr;
	if (file)
		fclose(file);
	return sum;
}

/* Some are freed behind a grace period, by a worker. */
static bool comes_back_to(long (*figure)(void), long wanted)
{
	unsigned int i;

	for (i = 0; i < 200 && figure() > wanted; i++)
		usleep(50000);
	return figure() <= wanted;
}

static long vmalloc_figure(void)
{
	return vmalloc_areas();
}

/* The fault */

static int fail_nth = -1;

static void arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(fail_nth, text, len, 0) != len)
		give_up("writing to fail-nth");
}

/* How many it would have taken yet.  To read that takes a copy, too, which fails. */
static unsigned int disarm(void)
{
	unsigned int left = 1;
	char text[16] = "";
	int err = errno;

	if (pread(fail_nth, text, sizeof(text) - 1, 0) > 0)
		left = strtoul(text, NULL, 10);
	arm(0);
	errno = err;
	return left;
}

unsigned int allocations_of(int (*run)(const struct operation *op),
			    const struct operation *op)
{
	unsigned int left;

	arm(MAX_FAULTS);
	run(op);
	left = disarm();
	return MAX_FAULTS - left;
}

static bool prepare_faults(void)
{
	static const char *const kinds[] = {
		"failslab", "fail_page_alloc", "fail_usercopy"
	};
	char path[128];
	unsigned int i;

	fail_nth = open("/sys/module/stackid_faults/parameters/nth",
			O_RDWR | O_CLOEXEC);
	if (fail_nth >= 0)
		return true;
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		return false;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		snprintf(path, sizeof(path), DEBUGFS "%s/verbose", kinds[i]);
		try_write(path, options.verbose ? "2" : "0");
		/* Not only the ones that may not wait. */
		snprintf(path, sizeof(path), DEBUGFS "%s/ignore-gfp-wait",
			 kinds[i]);
		try_write(path, "N");
	}
	try_write(DEBUGFS "fail_page_alloc/min-order", "0");
	return true;
}

/* One operation */

static bool complain(const struct operation *op, unsigned int nth,
		     const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	ksft_print_msg("%s, fault %u: %s\n", op->name, nth, text);
	return false;
}

static bool same(const struct operation *op, unsigned int nth, const char *what,
		 const struct state *is, const struct state *wanted)
{
	if (!strcmp(is->text, wanted->text))
		return true;
	ksft_print_msg("%s, fault %u: %s is\n%s\ninstead of\n%s\n", op->name,
		       nth, what, is->text, wanted->text);
	return false;
}

static void last_refusal(char *text, size_t size)
{
	char log[65536], *at, *last = log;

	text[0] = '\0';
	if (access(ROOT "error_log", F_OK))
		return;
	read_file(ROOT "error_log", log, sizeof(log));
	for (at = log; (at = strstr(at, "] stackid ")); at++)
		last = at;
	while (last > log && last[-1] != '\n')
		last--;
	snprintf(text, size, "%.1000s", last);
}

/* Without a fault, from a clean beginning; the state that it leads to. */
static bool succeeds(const struct operation *op, unsigned int nth,
		     struct state *then)
{
	uint64_t first;
	int ret;

	operation_begin(op);
	first = generation();
	ret = op->run(op);
	if (ret < 0) {
		complain(op, nth, "without a fault it fails: %s",
			 strerror(-ret));
		operation_end(op);
		return false;
	}
	look(then, first);
	operation_end(op);
	return true;
}

/* True: go on with the next one.  *@more: there was such an allocation. */
static bool one_fault(const struct operation *op, unsigned int nth,
		      const struct state *wanted, bool *more)
{
	char refusal_before[1024], refusal[1024];
	struct state before, after;
	bool good = true;
	uint64_t first;
	int ret;

	operation_begin(op);
	first = generation();
	look(&before, first);
	last_refusal(refusal_before, sizeof(refusal_before));
	arm(nth);
	ret = op->run(op);
	*more = !disarm();
	look(&after, first);
	last_refusal(refusal, sizeof(refusal));

	if (!*more && ret < 0)
		good = complain(op, nth, "it fails without one: %s",
				strerror(-ret));
	else if (op->verdict)
		good = op->verdict(op, ret, !strcmp(refusal, refusal_before)) ||
		       complain(op, nth, "%s",
				ret < 0 ? strerror(-ret) : "half done");
	else if (ret < 0)
		good = same(op, nth, "after the failure all", &after, &before);
	else
		good = same(op, nth, "after the success all", &after, wanted);

	if (ret < 0 && ret != -ENOMEM && ret != -EFAULT)
		good = complain(op, nth, "the error is not ENOMEM but %s",
				strerror(-ret));
	if (ret == -ENOMEM && writing && !strcmp(refusal, refusal_before))
		good = complain(op, nth, "error_log does not say why");
	operation_end(op);
	nr_injected += *more;
	nr_refused += *more && ret < 0;
	return good;
}

static bool try_all(const struct operation *op)
{
	unsigned int nth, injected = nr_injected, refused = nr_refused;
	uint64_t began = now_ns();
	struct state wanted, again;
	bool more = true;
	long areas, percpu;

	/* Twice, for what the kernel makes once and keeps. */
	if (!succeeds(op, 0, &wanted) || !succeeds(op, 0, &wanted))
		return false;
	areas = vmalloc_figure();
	percpu = percpu_areas();
	nth = op->first && !options.all ? op->first(op) : 1;
	for (; more; nth++) {
		if (nth > MAX_FAULTS)
			return complain(op, nth, "there is no end");
		if (!one_fault(op, nth, &wanted, &more) ||
		    !succeeds(op, nth, &again) ||
		    !same(op, nth, "the next time all", &again, &wanted))
			return false;
		if (!comes_back_to(vmalloc_figure, areas))
			return complain(op, nth, "%u vmalloc areas, there were %ld",
					vmalloc_areas(), areas);
		if (!comes_back_to(percpu_areas, percpu))
			return complain(op, nth, "%ld per-CPU areas, there were %ld",
					percpu_areas(), percpu);
	}
	ksft_print_msg("%s: %u faults, %u of them refused it, %u s\n", op->name,
		       nr_injected - injected, nr_refused - refused,
		       (unsigned int)((now_ns() - began) / 1000000000));
	return true;
}

/* kmemleak believes in what is older than 5 s and was found twice. */
static bool kmemleak_finds_nothing(void)
{
	static char text[1 << 16];
	unsigned int i;

	for (i = 0; i < 2; i++) {
		sleep(6);
		if (try_write(DEBUGFS "kmemleak", "scan"))
			return false;
	}
	read_file(DEBUGFS "kmemleak", text, sizeof(text));
	/* The kernel's own are not ours. */
	if (!strstr(text, "comm \"faults\"") && !strstr(text, "stackid"))
		return true;
	ksft_print_msg("%s\n", text);
	return false;
}

static bool is_wanted(const struct operation *op)
{
	unsigned int i;

	for (i = 0; i < options.nr_only; i++)
		if (strstr(op->name, options.only[i]))
			return true;
	return !options.nr_only;
}

/* A name that nothing has is a mistake, also beside others. */
static void check_names(void)
{
	const struct operation *op;
	unsigned int i;

	for (i = 0; i < options.nr_only; i++) {
		for (op = operations; op->name; op++)
			if (strstr(op->name, options.only[i]))
				break;
		if (!op->name)
			ksft_exit_fail_msg("there is no operation '%s'\n",
					   options.only[i]);
	}
}

int main(int argc, char **argv)
{
	const struct operation *op;
	unsigned int nr = 0;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--all")) {
			options.all = true;
		} else if (!strcmp(argv[i], "--verbose")) {
			options.verbose = true;
		} else if (argv[i][0] != '-' &&
			   options.nr_only < ARRAY_SIZE(options.only)) {
			options.only[options.nr_only++] = argv[i];
		} else {
			fprintf(stderr, "Usage: faults [--all] [--verbose] [OPERATION...]\n");
			return 2;
		}
	}
	/* What it says is worth most where it never comes to its end. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	ksft_print_header();
	if (!prepare_faults())
		ksft_exit_skip("neither is the module stackid_faults loaded nor has the kernel /proc/self/fail-nth\n");
	check_names();
	operations_begin();
	for (op = operations; op->name; op++)
		nr += is_wanted(op);
	ksft_set_plan(nr + 1);
	for (op = operations; op->name; op++)
		if (is_wanted(op))
			ksft_test_result(try_all(op), "%s\n", op->name);
	operations_end();
	ksft_print_msg("%u faults injected, %u of them refused the operation\n",
		       nr_injected, nr_refused);
	if (access(DEBUGFS "kmemleak", F_OK))
		ksft_test_result_skip("kmemleak: this kernel has none\n");
	else
		ksft_test_result(kmemleak_finds_nothing(),
				 "kmemleak finds nothing\n");
	ksft_finished();
}
