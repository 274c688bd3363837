// SPDX-License-Identifier: GPL-2.0
/*
 * How another module uses stackid: objects that remember in 4 bytes who made
 * them.
 *
 * Loading it makes some objects, in a task, in a softirq, in a hard interrupt
 * and with interrupts off, and then tells of each stack how many objects came
 * from there.  A real user would keep the id for as long as the object lives
 * and look at it when something has gone wrong: a leak, say.
 *
 * Its ids come from a table of its own, so that they do not mix with what is
 * recorded.  With own_table=0 it takes the one that debugfs shows.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "../include/stackid.h"

static bool own_table = true;
module_param(own_table, bool, 0444);
MODULE_PARM_DESC(own_table, "Take ids from a table of this module's own (default Y)");

static unsigned int rounds = 3;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "How often a task makes two objects, and how often one is made with interrupts off (default 3)");

/**
 * struct object - something that is worth remembering its maker
 * @link:       in objects
 * @made_by:    id of its maker's stack, 0 if there was none to be had
 * @generation: that the id belongs to
 */
struct object {
	struct list_head link;
	u32 made_by;
	u64 generation;
};

static struct stackid_table *table;
static LIST_HEAD(objects);

static struct object *allocate_object(gfp_t gfp)
{
	return kzalloc(sizeof(struct object), gfp);
}

static noinline struct object *make_object(struct object *object)
{
	if (!object)
		return NULL;
	/* From the caller on: that this function makes objects is no news. */
	object->made_by = stackid_save_current(table, 1, &object->generation);
	return object;
}

/* One context at a time does this here, so that the list needs no lock. */
static void keep(struct object *object)
{
	if (object)
		list_add_tail(&object->link, &objects);
}

static noinline void make_in_softirq(struct tasklet_struct *tasklet)
{
	keep(make_object(allocate_object(GFP_ATOMIC)));
}

static DECLARE_TASKLET(softirq, make_in_softirq);

/*
 * To save a stack is allowed wherever the kernel runs; to allocate is not: on
 * PREEMPT_RT neither in a hard interrupt nor with interrupts off.
 */
static struct object *for_hardirq;

static noinline void make_in_hardirq(struct irq_work *work)
{
	keep(make_object(for_hardirq));
}

static struct irq_work hardirq = IRQ_WORK_INIT_HARD(make_in_hardirq);

static noinline void make_in_task(void)
{
	keep(make_object(allocate_object(GFP_KERNEL)));
	/* The calls return to two places, so this is another stack. */
	keep(make_object(allocate_object(GFP_KERNEL)));
}

/*
 * A new stack can get no id here, so the first object has none.  Its stack is
 * in the table as soon as interrupts are on, and the next one finds it there.
 */
static noinline void make_with_interrupts_off(void)
{
	struct object *object;
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < rounds; i++) {
		object = allocate_object(GFP_KERNEL);
		local_irq_save(flags);
		keep(make_object(object));
		local_irq_restore(flags);
	}
}

static void make_objects(void)
{
	unsigned int i;

	for (i = 0; i < rounds; i++)
		make_in_task();
	tasklet_schedule(&softirq);
	tasklet_kill(&softirq);	/* waits until it has run */
	for_hardirq = allocate_object(GFP_KERNEL);
	irq_work_queue(&hardirq);
	irq_work_sync(&hardirq);
	make_with_interrupts_off();
}

/* Removes all objects of the first one's maker, and tells of them. */
static void tell_of_one_maker(void)
{
	struct object *first = list_first_entry(&objects, struct object, link);
	u64 generation = first->generation;
	u32 made_by = first->made_by;
	struct object *object, *next;
	unsigned int nr = 0;

	list_for_each_entry_safe(object, next, &objects, link) {
		if (object->made_by != made_by ||
		    object->generation != generation)
			continue;
		list_del(&object->link);
		kfree(object);
		nr++;
	}
	pr_info("stackid_example: %u objects of stack %u\n", nr, made_by);
	if (made_by && stackid_print(table, generation, made_by))
		pr_info("stackid_example: its generation %llu is over\n",
			generation);
}

static int __init stackid_example_init(void)
{
	if (own_table) {
		table = stackid_table_create(1024, 1);
		if (IS_ERR(table))
			return PTR_ERR(table);
	}
	make_objects();
	while (!list_empty(&objects))
		tell_of_one_maker();
	return 0;
}

static void __exit stackid_example_exit(void)
{
	if (own_table)
		stackid_table_destroy(table);
	table = NULL;
}

module_init(stackid_example_init);
module_exit(stackid_example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Objects that remember who made them: how to use stackid");
