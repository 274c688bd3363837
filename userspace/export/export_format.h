/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A format of stackid export: one file, like export_folded.c, that defines a const
 * struct export_format, a word in EXPORT_FORMATS, a line for --help, which stands
 * below that here, and a paragraph in man/stackid-export.1.
 */
#ifndef STACKID_EXPORT_FORMAT_H
#define STACKID_EXPORT_FORMAT_H

#include <stdbool.h>
#include <stdio.h>

#include "../reading.h"
#include "../report/report_sort.h"

#define EXPORT_FORMATS(F)						\
	F(folded)							\
	F(callgrind)							\
	F(perf)								\
	F(firefox)							\
	F(chrome)							\
	F(pprof)							\
	F(otlp)								\
	F(speedscope)							\
	F(sqlite)							\
	F(jsonl)							\
	F(json)								\
	F(csv)								\
	F(shards)

#define EXPORT_HELP_folded						\
	"  folded      COMM;ROOT;...;LEAF COUNT, for flamegraph.pl and its like; one event\n"
#define EXPORT_HELP_firefox						\
	"  firefox     for Firefox Profiler: a track for each thread and event, values as markers\n"
#define EXPORT_HELP_callgrind						\
	"  callgrind   functions and their calls, for callgrind_annotate and KCachegrind\n"
#define EXPORT_HELP_perf						\
	"  perf        perf.data, with its symbols: a directory, for perf report and script\n"
#define EXPORT_HELP_pprof						\
	"  pprof       profile.proto, compressed: go tool pprof, Parca, Pyroscope\n"
#define EXPORT_HELP_speedscope						\
	"  speedscope  for speedscope: each event, and each of its threads in order of time\n"
#define EXPORT_HELP_chrome						\
	"  chrome      JSON for Perfetto and chrome://tracing: events, and times off the CPUs\n"
#define EXPORT_HELP_jsonl						\
	"  jsonl       events as JSON, an object a line: for jq, databases, scripts\n"
#define EXPORT_HELP_json						\
	"  json        the rows of stackid report, with all digits; --sort as there\n"
#define EXPORT_HELP_csv							\
	"  csv         the same, separated by commas\n"
#define EXPORT_HELP_sqlite						\
	"  sqlite      a database of SQLite: events, stacks, threads, waits, the ledger\n"
#define EXPORT_HELP_shards						\
	"  shards      the same as compressed CSV in a folder of many recordings, by host and hour\n"
#define EXPORT_HELP_otlp						\
	"  otlp        OpenTelemetry profiles, protobuf: the body of an export request\n"

struct export_options {
	struct reading_options reading;
	struct sort_order sort;
	const char *format;
	const char *output;
};

/**
 * struct export - a run of the command
 * @weigh: events weigh what stackid_reading_weight() says, not 1
 * @out:   where to write; NULL if the format is EXPORT_TO_PATH, and writes
 *         @options->output itself
 */
struct export {
	const struct export_options *options;
	const struct export_format *format;
	struct reading *reading;
	struct data_reader *data;
	bool weigh;
	FILE *out;
};

enum export_to {
	EXPORT_TO_TEXT,
	EXPORT_TO_BINARY,	/* a stream, but not one for a terminal */
	EXPORT_TO_PATH,		/* a file or directory that it makes itself */
};

/**
 * struct export_format - a format
 * @has_rows: --sort says of what
 * @in_one_go: see struct reading_options
 * @names_stacks: the same
 * @write: EXIT_OK, or EXIT_FAILED after a sentence on stderr.  Errors of
 *         @out need not be looked at
 */
struct export_format {
	const char *name;
	enum export_to to;
	bool has_rows;
	bool in_one_go;
	bool names_stacks;
	int (*write)(struct export *export);
};

/* The first one is there for the others' commas, and named twice. */
#define EXPORT_FORMAT_DECLARE(name), stackid_export_##name
extern const struct export_format
	stackid_export_folded EXPORT_FORMATS(EXPORT_FORMAT_DECLARE);

#endif /* STACKID_EXPORT_FORMAT_H */
