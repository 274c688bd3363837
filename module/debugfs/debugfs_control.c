// SPDX-License-Identifier: GPL-2.0
/* debugfs: recording_on, buffer_size_kb, reset: a number each, or hold. */
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "../../include/stackid.h"
#include "../recording/hold.h"
#include "../recording/recording.h"
#include "../recording/recording_layout.h"
#include "../recording/recording_rings.h"
#include "../refusal.h"
#include "debugfs_files.h"
#include "error_log.h"

/* No number that could be meant is longer. */
#define NUMBER_SIZE	32

/**
 * struct number_file - a file that a number can be written to
 * @name: for error_log
 * @set:  does it, or refuses it with @why
 * @help: a sentence that says what can be written
 */
struct number_file {
	const char *name;
	int (*set)(struct recording *rec, unsigned int number,
		   struct refusal *why);
	const char *help;
};

/* Only the digits: the caller has taken off the blanks around them. */
static int parse(const struct number_file *nf, const char *text, size_t at,
		 size_t end, unsigned int *number, struct refusal *why)
{
	size_t i;

	if (at == end)
		return stackid_refuse(why, -EINVAL, 0, "Nothing is there. %s",
				      nf->help);
	for (i = at; i < end; i++)
		if (!isdigit(text[i]))
			return stackid_refuse(why, -EINVAL, i,
					      "This is not a decimal number. %s",
					      nf->help);
	*number = 0;
	for (i = at; i < end; i++) {
		unsigned int digit = text[i] - '0';

		if (*number > (UINT_MAX - digit) / 10)
			return stackid_refuse(why, -ERANGE, at,
					      "The number is too big. %s",
					      nf->help);
		*number = *number * 10 + digit;
	}
	return 0;
}

static int set(const struct number_file *nf, struct recording *rec,
	       const char *text, size_t len, bool continued,
	       struct refusal *why)
{
	size_t end = len;
	size_t at = 0;
	unsigned int number;
	int err;

	while (at < end && isspace(text[at]))
		at++;
	while (end > at && isspace(text[end - 1]))
		end--;

	/*
	 * A number that arrives in pieces would be taken for several numbers,
	 * so it is refused, but not the newline that a program wrote by itself.
	 */
	if (continued) {
		if (at == end)
			return 0;
		return stackid_refuse(why, -EINVAL, at,
				      "The number came in pieces; write it at once and with a newline.");
	}

	err = parse(nf, text, at, end, &number, why);
	if (err)
		return err;
	err = nf->set(rec, number, why);
	if (err)
		why->caret = at;
	return err;
}

static ssize_t write_number(const struct number_file *nf,
			    struct stackid_debugfs *debugfs,
			    const char __user *buf, size_t count, loff_t *ppos)
{
	size_t len = min_t(size_t, count, NUMBER_SIZE);
	struct refusal why = { .caret = -1 };
	char text[NUMBER_SIZE];
	int err;

	if (!count)
		return 0;
	if (copy_from_user(text, buf, len))
		return -EFAULT;

	if (count > NUMBER_SIZE)
		err = stackid_refuse(&why, -EINVAL, 0, "This is too long. %s",
				     nf->help);
	else
		err = set(nf, debugfs->rec, text, len, *ppos, &why);
	if (err) {
		stackid_error_log_add(debugfs->log, nf->name, text, len, &why);
		return err;
	}

	/* Position 0 is the start of a line, which starts a number. */
	if (text[len - 1] == '\n')
		*ppos = 0;
	else
		*ppos += count;
	return count;
}

static struct stackid_debugfs *debugfs_of(struct file *file)
{
	return file_inode(file)->i_private;
}

#define RECORDING_ON_HELP \
	"Write 1 to start recording or 0 to stop it, or hold to end it when this file is closed."

static int set_on(struct recording *rec, unsigned int number,
		  struct refusal *why)
{
	if (number > 1)
		return stackid_refuse(why, -EINVAL, -1,
				      RECORDING_ON_HELP);
	return stackid_recording_set_on(rec, number, why);
}

static const struct number_file recording_on = {
	.name = "recording_on",
	.set = set_on,
	.help = RECORDING_ON_HELP,
};

/* The word hold, as it comes from echo or without a newline. */
static bool is_hold(const char *text, size_t len)
{
	if (len && text[len - 1] == '\n')
		len--;
	return len == strlen("hold") && !memcmp(text, "hold", len);
}

static int recording_on_show(struct seq_file *m, void *unused)
{
	struct stackid_debugfs *debugfs = m->private;

	/* One moment's answer, whoever changes it at the next. */
	seq_printf(m, "%d\n", READ_ONCE(debugfs->rec->on));
	return 0;
}

static int recording_on_open(struct inode *inode, struct file *file)
{
	return single_open(file, recording_on_show, inode->i_private);
}

static ssize_t recording_on_write(struct file *file, const char __user *buf,
				  size_t count, loff_t *ppos)
{
	struct stackid_debugfs *debugfs = debugfs_of(file);
	struct refusal why = { .caret = -1 };
	char text[sizeof("hold\n") - 1];
	int err;

	if (*ppos || count > sizeof(text))
		return write_number(&recording_on, debugfs, buf, count, ppos);
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	if (!is_hold(text, count))
		return write_number(&recording_on, debugfs, buf, count, ppos);
	err = stackid_hold_take(debugfs->rec, file, &why);
	if (err) {
		stackid_error_log_add(debugfs->log, recording_on.name, text,
				      count, &why);
		return err;
	}
	return count;
}

static void not_enabled_again(void *context, const char *name,
			      const struct refusal *why)
{
	struct stackid_debugfs *debugfs = context;

	stackid_error_log_add(debugfs->log, "events", name, strlen(name), why);
}

static int recording_on_release(struct inode *inode, struct file *file)
{
	struct stackid_debugfs *debugfs = inode->i_private;

	stackid_hold_release(debugfs->rec, file, not_enabled_again, debugfs);
	return single_release(inode, file);
}

const struct file_operations stackid_recording_on_fops = {
	.owner = THIS_MODULE,
	.open = recording_on_open,
	.read = seq_read,
	.write = recording_on_write,
	.llseek = seq_lseek,
	.release = recording_on_release,
};

static const struct number_file buffer_size_kb = {
	.name = "buffer_size_kb",
	.set = stackid_recording_set_buffer,
	.help = "Write the size of each CPU's ring in KiB; it is rounded up to a power of two.",
};

static int buffer_size_kb_show(struct seq_file *m, void *unused)
{
	struct stackid_debugfs *debugfs = m->private;

	mutex_lock(&debugfs->rec->lock);
	seq_printf(m, "%u\n", debugfs->rec->buffer_kb);
	mutex_unlock(&debugfs->rec->lock);
	return 0;
}

static int buffer_size_kb_open(struct inode *inode, struct file *file)
{
	return single_open(file, buffer_size_kb_show, inode->i_private);
}

static ssize_t buffer_size_kb_write(struct file *file, const char __user *buf,
				    size_t count, loff_t *ppos)
{
	return write_number(&buffer_size_kb, debugfs_of(file), buf, count,
			    ppos);
}

const struct file_operations stackid_buffer_size_kb_fops = {
	.owner = THIS_MODULE,
	.open = buffer_size_kb_open,
	.read = seq_read,
	.write = buffer_size_kb_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int reset(struct recording *rec, unsigned int number,
		 struct refusal *why)
{
	int err;

	if (number != 1)
		return stackid_refuse(why, -EINVAL, -1,
				      "Write 1 to start a new generation of ids.");
	err = stackid_reset(rec->table);
	if (err)
		stackid_refuse(why, err, -1,
			       "There is no memory for a new table; the old generation goes on.");
	return err;
}

static const struct number_file reset_file = {
	.name = "reset",
	.set = reset,
	.help = "Write 1 to start a new generation of ids.",
};

static ssize_t reset_write(struct file *file, const char __user *buf,
			   size_t count, loff_t *ppos)
{
	return write_number(&reset_file, debugfs_of(file), buf, count, ppos);
}

const struct file_operations stackid_reset_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = reset_write,
	.llseek = noop_llseek,
};
