// SPDX-License-Identifier: GPL-2.0
/*
 * Pairing switches and wakings.
 *
 * What may be relied on is in the kernel's try_to_wake_up() and __schedule():
 *
 * - sched_waking comes only for a thread whose state says that it sleeps, or wants
 *   to, and sets that back.  So between a switch out that blocked and the switch
 *   back in there is one, and it is the one that counts.
 * - A thread that has set its state and not yet called schedule() may be woken: the
 *   waking comes before its switch out.  Either it finds its state set back and goes
 *   on, or, where the waker was late, it is off the CPU and able to run at once.
 *   Then no other waking comes.
 * - A signal that waits makes schedule() leave a thread runnable although the switch
 *   names the state that it wanted.  No waking comes there either.
 * - The switch out stands before the thread can run elsewhere, so it is before the
 *   switch in also by the clock; but two CPUs may read the same time.
 */
#include <stdlib.h>
#include <string.h>

#include "../array.h"
#include "../complain.h"
#include "../hash.h"
#include "../memory.h"
#include "../slots.h"
#include "losses.h"
#include "moment.h"
#include "sources.h"
#include "waits.h"

/* As the kernel's linux/sched.h has them; the lower ones in the order of letters. */
#define STATE_INTERRUPTIBLE	0x0001
#define STATE_UNINTERRUPTIBLE	0x0002
#define STATE_REPORTED		0x007f
#define STATE_DEAD		0x0080
#define STATE_WAKEKILL		0x0100
#define STATE_NOLOAD		0x0400
#define STATE_RTLOCK_WAIT	0x1000
#define STATE_FROZEN		0x8000

enum place {
	PLACE_UNKNOWN,	/* never seen yet */
	PLACE_GONE,	/* it ended; the next of its pid is another */
	PLACE_RUNNING,
	PLACE_OFF,
};

/**
 * struct thread - by pid, as time goes on
 * @since:     RUNNING: it was seen to come, or to be there
 * @wait:      OFF: it as far as it is known
 * @blocks:    OFF: the state that it sleeps in, 0 if it could run
 * @is_woken:  OFF, and it has been woken
 * @was_woken: it was while it ran
 * @doubtful:  OFF: what came since does not fit
 */
struct thread {
	enum place place;
	uint64_t since;
	struct wait wait;
	uint32_t blocks;
	bool is_woken;
	bool was_woken;
	bool doubtful;
};

struct waits {
	struct data_reader *data;
	const struct data_event_name *switched;
	const struct data_event_name *waking;
	int next_pid;
	int prev_state;
	int preempt;
	int woken_pid;

	struct losses losses;
	struct thread *threads;
	size_t nr_threads;
	size_t threads_room;
	/* From pids to places in threads + 1. */
	struct slots slots;

	struct moment moment;

	/* Waits that have ended and were not given yet. */
	struct wait *ended;
	size_t nr_ended;
	size_t ended_room;
	size_t given;

	struct waits_missing missing;
	uint64_t first_time;
	uint64_t last_time;
	bool finished;
};

static bool is_switch(const struct waits *waits, const struct data_event *event)
{
	return event->event == waits->switched->number;
}

static uint32_t next_pid(const struct waits *waits,
			 const struct data_event *event)
{
	return event->values[waits->next_pid];
}

static uint32_t woken_pid(const struct waits *waits,
			  const struct data_event *event)
{
	return event->values[waits->woken_pid];
}

static struct thread *find_thread(struct waits *waits, uint32_t pid)
{
	uint64_t hash = stackid_hash_u32(pid);
	uint32_t number = stackid_slots_get(&waits->slots, hash);

	if (number)
		return &waits->threads[number - 1];
	stackid_array_reserve(waits->threads, waits->nr_threads,
			      waits->threads_room);
	waits->threads[waits->nr_threads] = (struct thread) {
		.place = PLACE_UNKNOWN,
	};
	stackid_slots_add(&waits->slots, hash, waits->nr_threads + 1);
	return &waits->threads[waits->nr_threads++];
}

/* A switch that must have been there is not: because of a loss, or for no reason. */
static void count_missing(struct waits *waits, uint64_t from, uint64_t to)
{
	if (stackid_losses_between(&waits->losses, from, to) ||
	    waits->losses.unplaced)
		waits->missing.lost++;
	else
		waits->missing.contradictory++;
}

static char state_letter(uint32_t state)
{
	static const char letters[] = "SDTtXZP";

	if ((state & STATE_UNINTERRUPTIBLE) && (state & STATE_NOLOAD))
		return 'I';
	if (state & (STATE_RTLOCK_WAIT | STATE_FROZEN))
		return 'D';
	state &= STATE_REPORTED;
	return state ? letters[31 - __builtin_clz(state)] : 'D';
}

static struct wait_side side_of(const struct data_event *event)
{
	return (struct wait_side) {
		.comm = event->comm,
		.pid = event->pid,
		.tgid = event->tgid,
		.stack = event->kind == DATA_HIT_STACK ? event->stack : 0,
	};
}

static void leave(struct waits *waits, const struct data_event *event)
{
	struct thread *thread = find_thread(waits, event->pid);
	uint32_t state = event->values[waits->prev_state];

	/* It must have run in between. */
	if (thread->place == PLACE_OFF)
		count_missing(waits, thread->wait.start, event->time);
	/* What was preempted goes on, whatever it was about to do. */
	if (event->values[waits->preempt])
		state = 0;
	if (state & STATE_DEAD) {
		*thread = (struct thread) { .place = PLACE_GONE };
		return;
	}
	thread->place = PLACE_OFF;
	thread->wait = (struct wait) {
		.start = event->time,
		.left = side_of(event),
	};
	thread->blocks = state;
	thread->is_woken = false;
	thread->doubtful = false;
}

static void end_wait(struct waits *waits, const struct thread *thread,
		     uint64_t time)
{
	struct wait wait = thread->wait;

	wait.end = time;
	if (stackid_losses_between(&waits->losses, wait.start, time)) {
		waits->missing.lost++;
		return;
	}
	if (thread->doubtful) {
		waits->missing.contradictory++;
		return;
	}
	if (thread->is_woken) {
		wait.state = state_letter(thread->blocks);
	} else {
		/* Nothing but these keeps a thread from being blocked. */
		bool may_run = !thread->blocks || thread->was_woken ||
			       (thread->blocks & (STATE_INTERRUPTIBLE |
						  STATE_WAKEKILL));

		if (thread->blocks && (waits->losses.unplaced || !may_run)) {
			count_missing(waits, wait.start, time);
			return;
		}
		wait.woken = wait.start;
		wait.state = 'R';
	}
	stackid_array_reserve(waits->ended, waits->nr_ended, waits->ended_room);
	waits->ended[waits->nr_ended++] = wait;
}

static void enter(struct waits *waits, uint32_t pid, uint64_t time)
{
	struct thread *thread = find_thread(waits, pid);

	switch (thread->place) {
	case PLACE_OFF:
		end_wait(waits, thread, time);
		break;
	case PLACE_RUNNING:
		count_missing(waits, thread->since, time);
		break;
	case PLACE_UNKNOWN:
		/* A new one has never left a CPU. */
		if (!stackid_data_maker(waits->data, pid))
			waits->missing.begun_before++;
		break;
	case PLACE_GONE:
		break;
	}
	thread->place = PLACE_RUNNING;
	thread->since = time;
	thread->was_woken = false;
}

static void wake(struct waits *waits, const struct data_event *event)
{
	struct thread *thread = find_thread(waits, woken_pid(waits, event));

	if (thread->place == PLACE_RUNNING)
		thread->was_woken = true;
	if (thread->place != PLACE_OFF || !thread->blocks)
		return;
	if (thread->is_woken) {
		thread->doubtful = true;
		return;
	}
	thread->is_woken = true;
	thread->wait.woken = event->time;
	thread->wait.waker = side_of(event);
}

static void take(struct waits *waits, const struct data_event *event)
{
	/* Each CPU has an idle task of its own, all with pid 0. */
	if (is_switch(waits, event)) {
		if (event->pid)
			leave(waits, event);
		if (next_pid(waits, event))
			enter(waits, next_pid(waits, event), event->time);
	} else if (woken_pid(waits, event)) {
		wake(waits, event);
	}
}

/* Whether a waking of the same time is still to come. */
static bool others_wake(const struct waits *waits, uint32_t pid, unsigned int i)
{
	const struct moment *moment = &waits->moment;

	for (unsigned int k = i + 1; k < moment->nr; k++) {
		if (!moment->taken[k] && !is_switch(waits, &moment->events[k]) &&
		    woken_pid(waits, &moment->events[k]) == pid)
			return true;
	}
	return false;
}

/* By what is known of its threads. */
static bool fits(void *context, unsigned int i)
{
	struct waits *waits = context;
	const struct data_event *event = &waits->moment.events[i];
	const struct thread *thread;
	uint32_t pid;

	if (!is_switch(waits, event))
		return true;
	pid = next_pid(waits, event);
	if (event->pid && find_thread(waits, event->pid)->place == PLACE_OFF)
		return false;
	if (!pid)
		return true;
	thread = find_thread(waits, pid);
	if (thread->place == PLACE_RUNNING)
		return false;
	return thread->place != PLACE_OFF || !thread->blocks ||
	       thread->is_woken || !others_wake(waits, pid, i);
}

static bool has_values(const struct waits *waits,
		       const struct data_event *event)
{
	const struct data_event_name *name = is_switch(waits, event) ?
					     waits->switched : waits->waking;

	return event->nr_values >= name->nr_values;
}

static bool read_event(void *context, struct data_event *event)
{
	struct waits *waits = context;

	while (stackid_data_next(waits->data, event)) {
		if (event->kind == DATA_LOST ||
		    (event->event != waits->switched->number &&
		     event->event != waits->waking->number))
			continue;
		if (!has_values(waits, event)) {
			waits->missing.no_values++;
			continue;
		}
		if (!waits->first_time)
			waits->first_time = event->time;
		if (event->time > waits->last_time)
			waits->last_time = event->time;
		return true;
	}
	return false;
}

bool stackid_waits_next(struct waits *waits, struct wait *wait)
{
	const struct data_event *event;

	while (waits->given == waits->nr_ended) {
		waits->given = 0;
		waits->nr_ended = 0;
		if (waits->finished)
			return false;
		event = stackid_moment_next(&waits->moment, read_event, fits,
					    waits);
		if (event) {
			take(waits, event);
			continue;
		}
		waits->finished = true;
		for (size_t i = 0; i < waits->nr_threads; i++)
			waits->missing.not_ended +=
				waits->threads[i].place == PLACE_OFF;
	}
	*wait = waits->ended[waits->given++];
	return true;
}

static bool find_events(struct waits *waits)
{
	for (unsigned int i = 0; i < stackid_data_nr_events(waits->data); i++) {
		const struct data_event_name *event =
			stackid_data_event(waits->data, i);

		if (!waits->switched &&
		    !strcmp(event->name, "sched:sched_switch")) {
			waits->next_pid = stackid_sources_value(event,
								"next->pid next_pid");
			waits->prev_state = stackid_data_find_value(event,
								    "prev_state");
			waits->preempt = stackid_data_find_value(event,
								 "preempt");
			if (waits->next_pid >= 0 && waits->prev_state >= 0 &&
			    waits->preempt >= 0)
				waits->switched = event;
		}
		if (!waits->waking &&
		    !strcmp(event->name, "sched:sched_waking")) {
			waits->woken_pid = stackid_sources_value(event, "p->pid pid");
			if (waits->woken_pid >= 0)
				waits->waking = event;
		}
	}
	return waits->switched && waits->waking;
}

/* A switch back in is an event of the thread that left. */
static bool is_whole(const struct waits *waits)
{
	return !stackid_sources_is_part(waits->switched) &&
	       !stackid_sources_is_part(waits->waking);
}

bool stackid_waits_can(struct data_reader *data)
{
	struct waits waits = { .data = data };

	return find_events(&waits) && is_whole(&waits);
}

struct waits *stackid_waits_open(struct data_reader *data)
{
	struct waits *waits = stackid_memory_zalloc(1, sizeof(*waits));

	waits->data = data;
	if (!find_events(waits)) {
		stackid_complain("the file has not the events that waits are made of: record with -a -e 'sched:sched_switch value=next->pid,prev_state,preempt' -e 'sched:sched_waking value=p->pid', or by 'stackid offcpu'");
		goto err;
	}
	if (!is_whole(waits)) {
		stackid_complain("the file has only the switches or the wakings of some threads, so it cannot tell when a wait ends: record them with -a, and choose with -p when you read");
		goto err;
	}
	stackid_losses_find(&waits->losses, data);
	return waits;

err:
	free(waits);
	return NULL;
}

void stackid_waits_close(struct waits *waits)
{
	stackid_losses_free(&waits->losses);
	stackid_slots_free(&waits->slots);
	free(waits->threads);
	free(waits->ended);
	free(waits);
}

const struct waits_missing *stackid_waits_missing(const struct waits *waits)
{
	return &waits->missing;
}

uint64_t stackid_waits_first_time(const struct waits *waits)
{
	return waits->first_time;
}

uint64_t stackid_waits_last_time(const struct waits *waits)
{
	return waits->last_time;
}

struct data_event stackid_waits_moment(const struct wait *wait)
{
	const struct wait_side *left = &wait->left;

	return (struct data_event) {
		.time = wait->start,
		.comm = left->comm,
		.pid = left->pid,
		.tgid = left->tgid,
		.stack = left->stack,
		.kind = left->stack ? DATA_HIT_STACK : DATA_HIT_EMPTY,
	};
}
