// SPDX-License-Identifier: GPL-2.0
/*
 * debugfs: stacks and stacks_raw: a generation's stacks, as text and as the
 * binary stream that include/uapi/stackid.h explains.
 *
 * An open file holds the generation that was current when it was opened.  So
 * what it gives is of one generation, whatever is reset meanwhile.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "../../include/uapi/stackid.h"
#include "../recording/recording_layout.h"
#include "../table/generation.h"
#include "../table/table.h"
#include "debugfs_files.h"
#include "symbols.h"

struct stacks_file {
	struct generation *gen;
	struct frame_text frame;
};

/*
 * Is there anything at this position?  0 is the head, N the stack N, and what
 * follows the last stack of a generation that has ended is its end.  The
 * position after the last one may get a stack yet: a later read goes on there.
 */
static bool position_exists(const struct generation *gen, u64 pos)
{
	/* In this order: the last id is final once the generation has ended. */
	bool ended = stackid_generation_ended(gen);
	u32 last = stackid_generation_last_id(gen);

	return pos <= last || (ended && pos == last + 1ULL);
}

static void *stacks_start(struct seq_file *m, loff_t *pos)
{
	struct stacks_file *stacks = m->private;

	return position_exists(stacks->gen, *pos) ? pos : NULL;
}

static void *stacks_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return stacks_start(m, pos);
}

static void stacks_stop(struct seq_file *m, void *v)
{
}

static int stacks_show(struct seq_file *m, void *v)
{
	struct stacks_file *stacks = m->private;
	struct generation *gen = stacks->gen;
	u64 number = stackid_generation_number(gen);
	const struct stackid_stack *block;
	u64 id = *(loff_t *)v;
	unsigned int i;

	if (!id) {
		seq_printf(m, "# generation %llu\n", number);
		return 0;
	}

	block = stackid_generation_stack(gen, id);
	if (!block) {
		seq_printf(m,
			   "# generation %llu ended: these were all its stacks; open the file again for the next one\n",
			   number);
		return 0;
	}

	seq_printf(m, "id %llu  %u frames\n", id, block->depth);
	for (i = 0; i < block->nr; i++)
		seq_printf(m, "\t%s\n",
			   stackid_frame_text(&stacks->frame, block, i));
	if (block->flags & STACKID_STACK_CUT)
		seq_printf(m, "\t[%u more frames were cut]\n",
			   block->depth - block->nr);
	return 0;
}

static const struct seq_operations stacks_seq_ops = {
	.start = stacks_start,
	.next = stacks_next,
	.stop = stacks_stop,
	.show = stacks_show,
};

static int stacks_open(struct inode *inode, struct file *file)
{
	struct stackid_debugfs *debugfs = inode->i_private;
	struct stacks_file *stacks;

	stacks = __seq_open_private(file, &stacks_seq_ops, sizeof(*stacks));
	if (!stacks)
		return -ENOMEM;
	stacks->frame.show_address = capable(CAP_SYSLOG);
	stacks->gen = stackid_generation_get(debugfs->rec->table);
	return 0;
}

static int stacks_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct stacks_file *stacks = m->private;

	stackid_generation_put(stacks->gen);
	return seq_release_private(inode, file);
}

const struct file_operations stackid_stacks_fops = {
	.owner = THIS_MODULE,
	.open = stacks_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = stacks_release,
};

/**
 * struct piece - a record of stacks_raw, on its way to a user
 * @head:  of any of the types, begins with struct stackid_def
 * @size:  of what stands in @head
 * @block: follows it, or is NULL
 */
struct piece {
	struct stackid_def_header head;
	size_t size;
	const struct stackid_stack *block;
};

/* False if there is no record at this position. */
static bool make_piece(const struct generation *gen, u64 pos,
		       struct piece *piece)
{
	struct stackid_def *def = &piece->head.head;

	if (!position_exists(gen, pos))
		return false;

	*piece = (struct piece){};
	if (!pos) {
		piece->head = (struct stackid_def_header) {
			.head.type = STACKID_DEF_HEADER,
			.magic = STACKID_STACKS_MAGIC,
			.version = STACKID_ABI_VERSION,
			.max_stacks = stackid_generation_max_stacks(gen),
			.generation = stackid_generation_number(gen),
			.start_time = stackid_generation_start_time(gen),
		};
		piece->size = sizeof(piece->head);
		def->size = piece->size;
		return true;
	}

	piece->size = sizeof(*def);
	piece->block = stackid_generation_stack(gen, pos);
	def->size = sizeof(*def);
	if (piece->block) {
		def->type = STACKID_DEF_STACK;
		def->id = pos;
		def->size += stackid_stack_size(piece->block);
	} else {
		def->type = STACKID_DEF_END;
		def->id = pos - 1;
	}
	return true;
}

static int copy_piece(char __user *buf, const struct piece *piece)
{
	size_t block_size = piece->head.head.size - piece->size;

	if (copy_to_user(buf, &piece->head, piece->size))
		return -EFAULT;
	if (piece->block &&
	    copy_to_user(buf + piece->size, piece->block, block_size))
		return -EFAULT;
	return 0;
}

static ssize_t stacks_raw_read(struct file *file, char __user *buf,
			       size_t count, loff_t *ppos)
{
	struct generation *gen = file->private_data;
	struct piece piece;
	size_t copied = 0;

	while (make_piece(gen, *ppos, &piece)) {
		size_t size = piece.head.head.size;

		if (size > count - copied)
			return copied ?: -EINVAL;
		if (copy_piece(buf + copied, &piece))
			return copied ?: -EFAULT;
		copied += size;
		++*ppos;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	return copied;
}

/* The end of the file is where nothing is yet. */
static loff_t stacks_raw_llseek(struct file *file, loff_t offset, int whence)
{
	struct generation *gen = file->private_data;

	return generic_file_llseek_size(file, offset, whence, U32_MAX,
					stackid_generation_last_id(gen) + 1ULL);
}

static int stacks_raw_open(struct inode *inode, struct file *file)
{
	struct stackid_debugfs *debugfs = inode->i_private;

	if (!capable(CAP_SYSLOG))
		return -EPERM;
	file->private_data = stackid_generation_get(debugfs->rec->table);
	return 0;
}

static int stacks_raw_release(struct inode *inode, struct file *file)
{
	stackid_generation_put(file->private_data);
	return 0;
}

const struct file_operations stackid_stacks_raw_fops = {
	.owner = THIS_MODULE,
	.open = stacks_raw_open,
	.read = stacks_raw_read,
	.llseek = stacks_raw_llseek,
	.release = stacks_raw_release,
};
