// SPDX-License-Identifier: GPL-2.0
/*
 * Leaks a known number of objects, for leak.sh: 100,000 are allocated at three places,
 * and 1,000 of them are kept until the module goes.  The others are freed by tasks,
 * in softirqs and in hard interrupts, some allocations later.
 *
 * "run" written to its parameter "do" does so once.
 */
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>

#define OBJECTS		100000
#define KEPT		1000
/* Allocated before they are freed together. */
#define BATCH		50

struct object {
	void *data;
	struct kmem_cache *cache;
};

static DEFINE_MUTEX(lock);
static struct kmem_cache *cache;
static struct object kept[KEPT];
static unsigned int nr_kept;
static struct object batch[BATCH];
static unsigned int nr_batch;

/* Of their sizes no two share a kmalloc cache.  They are no tail calls. */
static noinline void *leaker_open(void)
{
	void *data = kmalloc(100, GFP_KERNEL);

	barrier();
	return data;
}

static noinline void *leaker_queue(void)
{
	void *data = kmem_cache_alloc(cache, GFP_KERNEL);

	barrier();
	return data;
}

static noinline void *leaker_log(void)
{
	void *data = kzalloc(3000, GFP_ATOMIC);

	barrier();
	return data;
}

static void free_object(struct object *object)
{
	if (object->cache)
		kmem_cache_free(object->cache, object->data);
	else
		kfree(object->data);
}

/* Any context. */
static void free_batch(void)
{
	while (nr_batch)
		free_object(&batch[--nr_batch]);
}

static void do_tasklet(struct tasklet_struct *unused)
{
	free_batch();
}

static DECLARE_TASKLET(tasklet, do_tasklet);

static void do_irq_work(struct irq_work *unused)
{
	free_batch();
}

static struct irq_work hardirq = IRQ_WORK_INIT_HARD(do_irq_work);

static void free_somewhere(unsigned int turn)
{
	switch (turn % 3) {
	case 0:
		free_batch();
		break;
	case 1:
		tasklet_schedule(&tasklet);
		tasklet_kill(&tasklet);
		break;
	case 2:
		irq_work_queue(&hardirq);
		irq_work_sync(&hardirq);
		break;
	}
}

/* Of each hundred the last one is kept: 500, 300 and 200 of the three. */
static noinline int allocate(unsigned int i)
{
	unsigned int which = i / 100 % 10;
	bool keep = i % 100 == 99;
	struct object object = { };

	if (!keep)
		which = i % 10;
	if (which < 5) {
		object.data = leaker_open();
	} else if (which < 8) {
		object.cache = cache;
		object.data = leaker_queue();
	} else {
		object.data = leaker_log();
	}
	if (!object.data)
		return -ENOMEM;
	if (keep)
		kept[nr_kept++] = object;
	else
		batch[nr_batch++] = object;
	return 0;
}

static int leak(void)
{
	unsigned int i, turn = 0;
	int ret = 0;

	for (i = 0; i < OBJECTS && !ret; i++) {
		ret = allocate(i);
		if (nr_batch == BATCH) {
			free_somewhere(turn++);
			cond_resched();
		}
	}
	free_batch();
	return ret;
}

static int set_do(const char *line, const struct kernel_param *kp)
{
	int ret = -EBUSY;

	if (strncmp(line, "run", 3))
		return -EINVAL;
	mutex_lock(&lock);
	if (!nr_kept)
		ret = leak();
	mutex_unlock(&lock);
	return ret;
}

static const struct kernel_param_ops do_ops = { .set = set_do };

module_param_cb(do, &do_ops, NULL, 0200);
MODULE_PARM_DESC(do, "What to do, see the top of stackid_leaker.c");

static int __init stackid_leaker_init(void)
{
	cache = kmem_cache_create("stackid_leaker", 200, 0, 0, NULL);
	return cache ? 0 : -ENOMEM;
}

static void __exit stackid_leaker_exit(void)
{
	while (nr_kept)
		free_object(&kept[--nr_kept]);
	kmem_cache_destroy(cache);
}

module_init(stackid_leaker_init);
module_exit(stackid_leaker_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Leaks a known number of objects, for stackid's tests");
