// SPDX-License-Identifier: GPL-2.0
/* A perf.data, made from the events one by one. */

#include <stdlib.h>
#include <string.h>

#include "export_perf.h"
#include "export_perf_directory.h"

/* So many bytes go into the file together. */
#define FLUSH_AT	(1 << 20)
/* After so many events perf is told that it can go on to show them. */
#define ROUND		8192

static void flush(struct perf_data *perf, size_t at_least)
{
	if (perf->text.size < at_least)
		return;
	fwrite(perf->text.data, 1, perf->text.size, perf->out);
	perf->written += perf->text.size;
	perf->text.size = 0;
}

static uint64_t end_of_room(const struct perf_data *perf)
{
	const struct export_modules *modules = &perf->modules;
	uint64_t end = PERF_PSEUDO_BASE;

	for (uint32_t i = 0; i < modules->nr; i++) {
		uint64_t base = stackid_data_module(modules->data,
						    modules->order[i])->base;

		if (base > perf->kernel_base && base < end)
			end = base;
	}
	return end;
}

/* Code of the kernel's that runs while it boots lies behind its end. */
static void extend_kernel(struct perf_data *perf)
{
	uint64_t room = end_of_room(perf) - perf->kernel_base;

	for (uint32_t i = 0; i < perf->symbols.nr; i++) {
		const struct perf_symbol *symbol = &perf->symbols.at[i];
		uint64_t size = symbol->start + symbol->end + 1 -
				perf->kernel_base;

		if (size > perf->kernel_size && size <= room &&
		    !strcmp(stackid_data_symbol(perf->export->data,
						symbol->symbol)->module,
			    EXPORT_KERNEL))
			perf->kernel_size = size;
	}
}

static void find_kernel(struct perf_data *perf)
{
	struct data_reader *data = perf->export->data;

	/* Where a file does not say, it is the upper half of the addresses. */
	perf->kernel_base = 1ULL << 63;
	perf->kernel_size = PERF_PSEUDO_BASE - perf->kernel_base;
	for (uint32_t i = 0; i < stackid_data_nr_modules(data); i++) {
		const struct data_module *module = stackid_data_module(data, i);

		if (strcmp(module->name, EXPORT_KERNEL))
			continue;
		perf->kernel_base = module->base;
		perf->kernel_size = module->size;
		extend_kernel(perf);
	}
}

static void add_modules(struct perf_data *perf)
{
	const struct export_modules *modules = &perf->modules;
	char name[DATA_MAX_MODULE + 3];

	stackid_perf_add_mmap(perf, EXPORT_KERNEL "_text", perf->kernel_base,
			      perf->kernel_size, perf->kernel_base);
	for (uint32_t i = 0; i < modules->nr; i++) {
		const struct data_module *module =
			stackid_data_module(modules->data, modules->order[i]);

		if (*module->name == '[' ||
		    module->base - perf->kernel_base < perf->kernel_size)
			continue;
		snprintf(name, sizeof(name), "[%s]", module->name);
		stackid_perf_add_mmap(perf, name, module->base, module->size,
				      0);
	}
	stackid_perf_add_text_poke(perf);
	for (unsigned int i = 0; i < PERF_NR_PSEUDO; i++)
		stackid_perf_add_symbol(perf, stackid_perf_pseudo_name(i),
					PERF_PSEUDO_BASE + i * PERF_PSEUDO_SIZE,
					PERF_PSEUDO_SIZE);
}

/* What lies in no module, as programs of BPF do, perf knows from records only. */
static void add_stray_symbols(struct perf_data *perf, uint32_t from)
{
	for (uint32_t i = from; i < perf->symbols.nr; i++) {
		const struct perf_symbol *symbol = &perf->symbols.at[i];
		const char *name = stackid_data_symbol(perf->export->data,
						       symbol->symbol)->name;

		if (symbol->symbol &&
		    !stackid_perf_module(perf, symbol->start))
			stackid_perf_add_symbol(perf, name, symbol->start,
						symbol->end + 1);
	}
}

/* Before the first event, so that all names are there that may be in the way of others. */
static void meet_known_stacks(struct perf_data *perf)
{
	uint32_t nr = stackid_data_nr_stacks(perf->export->data);

	for (uint32_t i = 1; i <= nr; i++)
		stackid_perf_meet_stack(perf, i);
}

/* Whether a frame of the stack has to be moved. */
static bool is_moved(struct perf_data *perf, uint32_t index)
{
	const struct data_stack *stack =
		stackid_data_stack(perf->export->data, index);
	uint32_t from = perf->symbols.nr;

	if (stackid_perf_meet_stack(perf, index))
		add_stray_symbols(perf, from);
	if (perf->stacks[index] == PERF_STACK_NEW) {
		perf->stacks[index] = PERF_STACK_PLAIN;
		for (uint32_t i = 0; i < stack->nr; i++) {
			if (stackid_perf_pc(perf, stackid_data_frame(stack, i)) !=
			    stackid_data_frame(stack, i)->pc)
				perf->stacks[index] = PERF_STACK_MOVED;
		}
	}
	return perf->stacks[index] == PERF_STACK_MOVED;
}

static void add_event(struct perf_data *perf, const struct data_event *event)
{
	bool moved = event->kind == DATA_HIT_STACK &&
		     is_moved(perf, event->stack);

	if (event->kind == DATA_LOST) {
		stackid_perf_add_lost(perf, event->lost, event->time,
				      event->cpu);
		return;
	}
	if (!perf->first)
		perf->first = event->time;
	perf->last = event->time;
	perf->counts[event->event]++;
	stackid_perf_add_comm(perf, event);
	stackid_perf_add_sample(perf, event, moved);
}

static int add_events(struct perf_data *perf)
{
	uint64_t lost, nr = 0;
	struct data_event event;

	while (stackid_reading_next(perf->export->reading, &event)) {
		add_event(perf, &event);
		if (!(++nr % ROUND))
			stackid_perf_add_round(perf);
		flush(perf, FLUSH_AT);
		if (ferror(perf->out))
			break;
	}
	/* Those that nobody knows the place of. */
	lost = stackid_data_lost(perf->export->data);
	if (lost > perf->lost)
		stackid_perf_add_lost(perf, lost - perf->lost, perf->last, 0);
	flush(perf, 0);
	if (perf->first)
		return EXIT_OK;
	stackid_reading_complain_empty(perf->export->reading);
	return EXIT_FAILED;
}

static int write_kallsyms(const struct perf_data *perf, const char *path)
{
	FILE *out = stackid_perf_create_file(path);

	if (!out)
		return EXIT_FAILED;
	stackid_perf_print_kallsyms(perf, out);
	return stackid_perf_close_file(out, path, EXIT_OK);
}

static int write_data(struct perf_data *perf, const char *path)
{
	int result;

	perf->out = stackid_perf_create_file(path);
	if (!perf->out)
		return EXIT_FAILED;
	stackid_perf_begin_file(perf);
	meet_known_stacks(perf);
	find_kernel(perf);
	add_modules(perf);
	add_stray_symbols(perf, 0);
	result = add_events(perf);
	stackid_perf_end_file(perf);
	return stackid_perf_close_file(perf->out, path, result);
}

static int write_perf(struct export *export)
{
	const char *path = export->options->output;
	struct perf_data perf = { .export = export };
	struct perf_paths paths;
	int result = stackid_perf_make_directory(path);

	if (result != EXIT_OK)
		return result;
	paths = stackid_perf_paths(path);
	stackid_export_modules_init(&perf.modules, export->data, true);
	result = write_data(&perf, paths.data);
	if (result == EXIT_OK)
		result = write_kallsyms(&perf, paths.kallsyms);
	if (result != EXIT_OK)
		stackid_perf_remove_directory(path);
	stackid_perf_free_symbols(&perf);
	stackid_export_modules_exit(&perf.modules);
	stackid_slots_free(&perf.thread_slots);
	free(perf.threads);
	free(perf.text.data);
	stackid_perf_free_paths(&paths);
	return result;
}

const struct export_format stackid_export_perf = {
	.name = "perf",
	.to = EXPORT_TO_PATH,
	.write = write_perf,
};
