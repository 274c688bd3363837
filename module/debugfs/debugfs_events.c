// SPDX-License-Identifier: GPL-2.0
/* debugfs: events and available_events. */
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../recording/event.h"
#include "../recording/event_spec.h"
#include "../recording/recording.h"
#include "../recording/recording_layout.h"
#include "../source/source.h"
#include "debugfs_files.h"
#include "error_log.h"
#include "lines.h"
#include "suggest.h"

/**
 * struct events_file - an open "events"
 * @debugfs: where
 * @lines:   what is written
 * @parsed:  the line that is being carried out.  It stands here so that no line can
 *           fail for want of memory before it is understood
 */
struct events_file {
	struct stackid_debugfs *debugfs;
	/** @lock: protects the rest; task, outside of recording->lock */
	struct mutex lock;
	struct lines lines;
	struct event_line parsed;
};

static int events_show(struct seq_file *m, void *unused)
{
	struct events_file *events = m->private;
	struct recording *rec = events->debugfs->rec;
	const char *module;
	struct event *event;

	mutex_lock(&rec->lock);
	list_for_each_entry(event, &rec->events, link) {
		stackid_event_spec_print(m, &event->spec);
		seq_printf(m, "  # %u", event->number);
		module = event->source->asleep ?
			 event->source->asleep(event) : NULL;
		if (module)
			seq_printf(m, " asleep until module %s is loaded",
				   module);
		seq_putc(m, '\n');
	}
	mutex_unlock(&rec->lock);
	return 0;
}

/* *@unknown: was the name refused, and not what was wanted of it? */
static int add_event(struct recording *rec, const struct event_spec *spec,
		     struct refusal *why, bool *unknown)
{
	const struct source_ops *source = stackid_source_find(spec->name);
	int err;

	if (source)
		err = stackid_recording_add_event(rec, spec, source, why);
	else
		err = stackid_refuse(why, -EINVAL, 0,
				     "%s is not the name of an event; available_events lists what there is.",
				     spec->name);
	*unknown = !source || err == -ENOENT;
	return err;
}

static int do_line(struct recording *rec, const struct event_line *parsed,
		   struct refusal *why)
{
	const struct event_spec *spec = &parsed->spec;
	bool unknown = false;
	int err;

	switch (parsed->verb) {
	case EVENT_NOTHING:
		return 0;
	case EVENT_REMOVE:
		err = stackid_recording_remove_event(rec, spec->name, why);
		break;
	default:
		err = add_event(rec, spec, why, &unknown);
		break;
	}
	if (!err)
		return 0;

	/* They know the spec only: their offsets are into the name. */
	if (why->caret >= 0)
		why->caret += parsed->name_at;
	else if (err == -ESRCH && parsed->pid_at >= 0)
		why->caret = parsed->pid_at;
	else
		why->caret = parsed->name_at;

	if (unknown) {
		mutex_lock(&rec->lock);
		stackid_suggest_event(spec->name, why);
		mutex_unlock(&rec->lock);
	}
	return err;
}

/*
 * Who may not see the kernel's addresses may not ask about them either: with
 * conditions the counters alone would tell an argument, or memory, bit by bit.
 */
static int check_capable(const struct event_spec *spec, struct refusal *why)
{
	if ((!spec->nr_values && !spec->nr_conditions) || capable(CAP_SYSLOG))
		return 0;
	return stackid_refuse(why, -EPERM, -1,
			      "value= and if= look at the kernel's raw values, which needs CAP_SYSLOG; get that capability, or leave them out.");
}

/* The line's verdict. */
static int take_line(void *context, const char *line, size_t len)
{
	struct events_file *events = context;
	struct stackid_debugfs *debugfs = events->debugfs;
	struct refusal why = { .caret = -1 };
	int err;

	if (len == STACKID_EVENT_LINE_SIZE)
		err = stackid_refuse(&why, -E2BIG, -1,
				     "The line is too long: %d characters are the most.",
				     STACKID_EVENT_LINE_SIZE - 1);
	else
		err = stackid_event_spec_parse(line, len, &events->parsed, &why);
	if (!err)
		err = check_capable(&events->parsed.spec, &why);
	if (!err)
		err = do_line(debugfs->rec, &events->parsed, &why);
	if (err)
		stackid_error_log_add(debugfs->log, "events", line, len, &why);
	return err;
}

static int write_lines(struct events_file *events, const char __user *buf,
		       size_t count)
{
	while (count) {
		size_t room;
		char *piece = stackid_lines_room(&events->lines, &room);
		ssize_t n = min(count, room);
		int err = 0;

		/* Empty lines may be many. */
		cond_resched();
		if (fatal_signal_pending(current))
			err = -EINTR;
		else if (copy_from_user(piece, buf, n))
			err = -EFAULT;
		if (err) {
			stackid_lines_drop(&events->lines);
			return err;
		}
		n = stackid_lines_take(&events->lines, n, take_line, events);
		if (n < 0)
			return n;
		buf += n;
		count -= n;
	}
	return 0;
}

/*
 * Does the end of this write end the line, too?  Whoever writes a command
 * without a newline shall hear the verdict.  But programs cut their output: by
 * blocks, when it is longer than their buffer, or byte by byte.
 */
static bool write_is_whole(size_t count)
{
	return count > 1 && count < STACKID_EVENT_LINE_SIZE;
}

static ssize_t events_write(struct file *file, const char __user *buf,
			    size_t count, loff_t *ppos)
{
	struct seq_file *m = file->private_data;
	struct events_file *events = m->private;
	int err;

	if (mutex_lock_interruptible(&events->lock))
		return -ERESTARTSYS;
	err = write_lines(events, buf, count);
	if (!err && write_is_whole(count))
		err = stackid_lines_end(&events->lines, take_line, events);
	mutex_unlock(&events->lock);

	if (err)
		return err;
	*ppos += count;
	return count;
}

static int events_open(struct inode *inode, struct file *file)
{
	struct stackid_debugfs *debugfs = inode->i_private;
	struct events_file *events;
	int err;

	events = kzalloc(sizeof(*events), GFP_KERNEL);
	if (!events)
		return -ENOMEM;
	events->debugfs = debugfs;
	mutex_init(&events->lock);

	err = single_open(file, events_show, events);
	if (err) {
		kfree(events);
		return err;
	}
	if ((file->f_mode & FMODE_WRITE) && (file->f_flags & O_TRUNC))
		stackid_recording_clear_events(debugfs->rec);
	return 0;
}

static int events_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct events_file *events = m->private;

	/* No write is left to fail, but error_log shows the refusal. */
	stackid_lines_end(&events->lines, take_line, events);
	kfree(events);
	return single_release(inode, file);
}

const struct file_operations stackid_events_fops = {
	.owner = THIS_MODULE,
	.open = events_open,
	.read = seq_read,
	.write = events_write,
	.llseek = seq_lseek,
	.release = events_release,
};

static int available_events_show(struct seq_file *m, void *unused)
{
	struct stackid_debugfs *debugfs = m->private;

	mutex_lock(&debugfs->rec->lock);
	stackid_source_list(m);
	mutex_unlock(&debugfs->rec->lock);
	return 0;
}

static int available_events_open(struct inode *inode, struct file *file)
{
	/* The size of most lists, to make them only once. */
	return single_open_size(file, available_events_show, inode->i_private,
				64 * 1024);
}

const struct file_operations stackid_available_events_fops = {
	.owner = THIS_MODULE,
	.open = available_events_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};
