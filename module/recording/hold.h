/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording that belongs to an open file, and ends when that is closed.
 *
 * A program that sets a recording up takes a hold of it first.  Whatever ends
 * the program closes the file, kill -9 included, and then nothing of the
 * recording is left: it is off, its events are removed, and events and
 * buffer_size_kb are what they were before.
 */
#ifndef _STACKID_HOLD_H
#define _STACKID_HOLD_H

struct recording;
struct refusal;

/*
 * Task context, may sleep; they take rec->lock.
 *
 * stackid_hold_take(): -EBUSY with @why if somebody else holds the recording or
 * it is on.  A second time is the same as once.
 *
 * stackid_hold_release(): nothing if @by does not hold it.  @refused hears of
 * each event that can not be enabled again, its process being gone for example.
 */
int stackid_hold_take(struct recording *rec, const void *by,
		      struct refusal *why);
void stackid_hold_release(struct recording *rec, const void *by,
			  void (*refused)(void *context, const char *name,
					  const struct refusal *why),
			  void *context);

#endif /* _STACKID_HOLD_H */
