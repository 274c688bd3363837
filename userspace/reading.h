/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands that read a data file have in common. */
#ifndef STACKID_READING_H
#define STACKID_READING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "command.h"
#include "filter.h"
#include "focus.h"
#include "lib/data/data.h"

/*
 * A member named reading of the command's options; .pager begins as true.  .follow: the
 * file is being written, see lib/data/data_follow.h.  .in_one_go: the command takes the
 * events once, and asks for nothing else but their names before they are over: so a
 * pipe is read as it comes.  .names_stacks: it asks for names of stacks while it does.
 */
struct reading_options {
	const char *input;
	struct filter filter;
	struct focus focus;
	bool force;
	bool strict_loss;
	bool pager;
	bool follow;
	bool in_one_go;
	bool names_stacks;
	const char *weight;
};

#define READING_OPTION_ROWS(type) READING_OPTION_ROWS_AND(type, 0)
/* @dsos: the letter of --dsos */
#define READING_OPTION_ROWS_AND(type, dsos)				\
	OPTION_GROUP("Input"),						\
	OPTION_STRING('i', "input", type, reading.input, "FILE", "file", \
		      "read FILE instead of stackid.data, - is a pipe"), \
	READING_WAY_OPTION_ROWS_AND(type, dsos)

/* The same for a command that names its files in another way. */
#define READING_WAY_OPTION_ROWS(type) READING_WAY_OPTION_ROWS_AND(type, 0)
#define READING_WAY_OPTION_ROWS_AND(type, dsos)				\
	READING_FILE_OPTION_ROWS(type),					\
	OPTION_GROUP("Which events"),					\
	FILTER_OPTION_ROWS(type, reading.filter),			\
	FOCUS_OPTION_ROWS(type, reading.focus, dsos)

/* For one that reads all events, whatever it shows. */
#define READING_FILE_OPTION_ROWS(type)					\
	OPTION_FLAG('f', "force", type, reading.force,			\
		    "read the file although somebody else owns it"),	\
	OPTION_FLAG(0, "strict-loss", type, reading.strict_loss,	\
		    "exit with 3 if events were lost")

/*
 * And for one that shows what lies between events: which of these,
 * stackid_reading_has_moment() tells.
 */
#define READING_MOMENT_OPTION_ROWS(type)				\
	FILTER_MOMENT_OPTION_ROWS(type, reading.filter),		\
	FOCUS_OPTION_ROWS(type, reading.focus, 0)

struct profile;
struct reading;

#define READING_WEIGHT_ROW(type, text)					\
	OPTION_STRING(0, "weight", type, reading.weight, "WHAT",	\
		      "hits value", text)

/* --weight: does an event weigh what one of its values says? */
bool stackid_reading_is_weighed(const struct reading_options *options);

/*
 * Opens the file that the options name, and frees their lists.  NULL after a
 * sentence on stderr: end with EXIT_FAILED.
 */
struct reading *stackid_reading_open(struct reading_options *options);

/* Of data that come from no file, and without options; @name is for people. */
struct reading *stackid_reading_live(struct data_reader *data,
				     const char *name);
/* Leaves the data to whoever has them. */
void stackid_reading_live_end(struct reading *reading);

/*
 * Returns @result, or what the file's state makes of it if that is EXIT_OK:
 * EXIT_DAMAGED, or EXIT_LOSS with --strict-loss.
 */
int stackid_reading_close(struct reading *reading, int result);

/* The data come as they are made: see .follow and .in_one_go. */
bool stackid_reading_streams(const struct reading *reading);

struct data_reader *stackid_reading_data(const struct reading *reading);
/* As people should see it: "stackid.data", "standard input". */
const char *stackid_reading_name(const struct reading *reading);

/*
 * As stackid_data_next(), less what the options leave out.  Losses pass every
 * filter but those of CPUs and times: nobody knows whose events those were.
 */
bool stackid_reading_next(struct reading *reading, struct data_event *event);

/*
 * Whether the options let something through that a thread did at a time with a stack;
 * of an event made up for that, whose number is 0.
 */
bool stackid_reading_has_moment(struct reading *reading,
				const struct data_event *moment);

/*
 * What an event weighs if that is asked for: the value that --weight names, or the
 * first one.  0 where it has none, or where that is negative.
 */
uint64_t stackid_reading_weight(const struct reading *reading,
				const struct data_event *event);

/*
 * Adds all events to @profile: 0, or -1 after what
 * stackid_reading_complain_empty() says.
 */
int stackid_reading_fill_profile(struct reading *reading,
				 struct profile *profile, bool weigh);

/* The same; also -1, after a complaint, if none of them weighs anything. */
int stackid_reading_fill_weighed(struct reading *reading,
				 struct profile *profile, bool weigh);

/* Whether the options let events of this number through. */
bool stackid_reading_wants_event(const struct reading *reading,
				 unsigned int number);

/*
 * The event of a number: also where the file does not name it, because it was
 * damaged there; such an event is called "[event 7]".
 */
const struct data_event_name *stackid_reading_event(struct reading *reading,
						    unsigned int number);

/*
 * What to say where no event came through: that nothing was recorded, or that
 * the options left nothing.
 */
void stackid_reading_complain_empty(const struct reading *reading);
/* What to say where values are wanted and no event has one. */
void stackid_reading_complain_valueless(const struct reading *reading);
/* Says on stderr what was lost, if anything was. */
void stackid_reading_complain_loss(const struct reading *reading);

/* "12 of 345 events lost: 12 with a full ring"; to be freed. */
char *stackid_reading_loss(const struct reading *reading);

/* The number of a key of the file; false if there is none, or it cannot be. */
bool stackid_reading_number(const struct reading *reading, const char *key,
			    uint64_t *number);
/* When it began, as strftime() has it; false likewise. */
bool stackid_reading_start(const struct reading *reading, const char *format,
			   char *text, size_t size);

/* Where, when and how it was recorded: "# name : value" lines. */
void stackid_reading_print_header(const struct reading *reading, FILE *out);

#endif /* STACKID_READING_H */
