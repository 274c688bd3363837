// SPDX-License-Identifier: GPL-2.0
/* The rings of a recording: made, given to consumers, dropped. */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../refusal.h"
#include "../ring/ring.h"
#include "../ring/ring_reader.h"
#include "../ring/ring_writer.h"
#include "recall.h"
#include "recording_layout.h"
#include "recording_rings.h"

/* From cpuhp_setup_state_multi(); brings CPUs' rings when they come online. */
static enum cpuhp_state hotplug_state __ro_after_init;

static int make_ring(struct recording *rec, unsigned int cpu)
{
	struct percpu_state *state = per_cpu_ptr(rec->state, cpu);
	struct recall *recall = NULL;
	struct ring *ring;

	lockdep_assert_held(&rec->rings_lock);
	if (rec->rings[cpu])
		return 0;
	if (rec->recalls) {
		recall = kvzalloc_node(sizeof(*recall), GFP_KERNEL,
				       cpu_to_node(cpu));
		if (!recall)
			return -ENOMEM;
	}
	ring = stackid_ring_create(cpu, (size_t)rec->buffer_kb << 10, true);
	if (IS_ERR(ring)) {
		kvfree(recall);
		return PTR_ERR(ring);
	}
	/* Pairs with the acquire in stackid_recording_claim_ring(). */
	smp_store_release(&rec->rings[cpu], ring);
	/* Hits of this CPU may be under way, and see them or not. */
	WRITE_ONCE(state->writer, stackid_ring_writer(ring));
	/* Whoever sees it sees the writer; pairs with the acquire in recall(). */
	smp_store_release(&state->recall, recall);
	return 0;
}

/*
 * Rings are nobody's memory for the OOM killer: it would kill one process after the
 * other, and whoever asked for the rings last.
 */
static int check_memory(const struct recording *rec, unsigned int nr_rings,
			struct refusal *why)
{
	u64 needed = (u64)nr_rings * rec->buffer_kb;
	u64 available = (u64)si_mem_available() << (PAGE_SHIFT - 10);

	if (needed <= available)
		return 0;
	return stackid_refuse(why, -ENOMEM, -1,
		"Rings of %u KiB for %u CPUs need %llu KiB, and %llu KiB are available; make buffer_size_kb smaller.",
		rec->buffer_kb, nr_rings, needed, available);
}

static unsigned int nr_missing_rings(const struct recording *rec)
{
	unsigned int cpu, nr = 0;

	for_each_online_cpu(cpu)
		nr += !rec->rings[cpu];
	return nr;
}

static int make_missing_rings(struct recording *rec, struct refusal *why)
{
	unsigned int cpu;
	int ret;

	ret = check_memory(rec, nr_missing_rings(rec), why);
	if (ret)
		return ret;
	/* Others may take what was available: then this one is killed first. */
	if (current->mm)
		set_current_oom_origin();
	for_each_online_cpu(cpu) {
		ret = make_ring(rec, cpu);
		if (ret) {
			stackid_refuse(why, ret, -1,
				"No memory for rings of %u KiB for each CPU; make buffer_size_kb smaller.",
				rec->buffer_kb);
			break;
		}
	}
	if (current->mm)
		clear_current_oom_origin();
	return ret;
}

/* Nobody writes and nobody reads. */
static void drop_all(struct recording *rec)
{
	unsigned int cpu;

	lockdep_assert_held(&rec->lock);
	lockdep_assert_held(&rec->rings_lock);
	rec->has_rings = false;
	for_each_possible_cpu(cpu) {
		struct percpu_state *state = per_cpu_ptr(rec->state, cpu);

		if (!rec->rings[cpu])
			continue;
		state->writer = NULL;
		local_add(stackid_ring_untold(rec->rings[cpu]),
			  &state->lost_ringless);
		kvfree(state->recall);
		state->recall = NULL;
		stackid_ring_destroy(rec->rings[cpu]);
		rec->rings[cpu] = NULL;
	}
}

static void drop_rings(struct recording *rec)
{
	mutex_lock(&rec->rings_lock);
	drop_all(rec);
	mutex_unlock(&rec->rings_lock);
}

/*
 * For the CPUs that are online; the others get theirs when they come.  None is
 * coming meanwhile: one that has passed prepare_cpu() without a ring is online
 * when this looks.
 *
 * Where there were none before, all are made or none: those of a size for which
 * there is no memory would keep the rest of it.
 */
int stackid_rings_make(struct recording *rec, struct refusal *why)
{
	bool had_rings;
	int ret;

	lockdep_assert_held(&rec->lock);
	cpus_read_lock();
	mutex_lock(&rec->rings_lock);
	had_rings = rec->has_rings;
	rec->has_rings = true;
	ret = make_missing_rings(rec, why);
	/* Without rings recording is off, and they are nobody's yet. */
	if (ret && !had_rings)
		drop_all(rec);
	mutex_unlock(&rec->rings_lock);
	cpus_read_unlock();
	return ret;
}

/*
 * A CPU comes, and has not run yet: so none of its events is lost for want of a
 * ring, unless there is no memory, and then they are counted.
 */
static int prepare_cpu(unsigned int cpu, struct hlist_node *node)
{
	struct recording *rec =
		hlist_entry_safe(node, struct recording, hotplug_node);
	struct refusal ignored;

	mutex_lock(&rec->rings_lock);
	if (rec->has_rings && !rec->rings[cpu] &&
	    (check_memory(rec, 1, &ignored) || make_ring(rec, cpu)))
		pr_warn("stackid: no memory for the ring of CPU %u, its events are lost and counted\n",
			cpu);
	mutex_unlock(&rec->rings_lock);
	return 0;
}

int __init stackid_rings_init(void)
{
	int state = cpuhp_setup_state_multi(CPUHP_BP_PREPARE_DYN,
					    "stackid:rings", prepare_cpu, NULL);

	if (state < 0)
		return state;
	hotplug_state = state;
	return 0;
}

void stackid_rings_exit(void)
{
	cpuhp_remove_multi_state(hotplug_state);
}

int stackid_rings_create(struct recording *rec)
{
	int ret = -ENOMEM;

	mutex_init(&rec->rings_lock);
	rec->buffer_kb = STACKID_BUFFER_KB_DEFAULT;
	rec->rings = kcalloc(nr_cpu_ids, sizeof(*rec->rings), GFP_KERNEL);
	if (!rec->rings || !zalloc_cpumask_var(&rec->claimed, GFP_KERNEL))
		goto err_free;
	ret = cpuhp_state_add_instance_nocalls(hotplug_state,
					       &rec->hotplug_node);
	if (ret)
		goto err_mask;
	return 0;

err_mask:
	free_cpumask_var(rec->claimed);
err_free:
	kfree(rec->rings);
	return ret;
}

void stackid_rings_destroy(struct recording *rec)
{
	cpuhp_state_remove_instance_nocalls(hotplug_state, &rec->hotplug_node);
	mutex_lock(&rec->lock);
	drop_rings(rec);
	mutex_unlock(&rec->lock);
	free_cpumask_var(rec->claimed);
	kfree(rec->rings);
}

int stackid_recording_set_buffer(struct recording *rec, unsigned int kb,
				 struct refusal *why)
{
	int ret = 0;

	if (kb < STACKID_BUFFER_KB_MIN || kb > STACKID_BUFFER_KB_MAX)
		return stackid_refuse(why, -EINVAL, 0,
			"The size of a ring is %u to %u KiB.",
			STACKID_BUFFER_KB_MIN, STACKID_BUFFER_KB_MAX);
	mutex_lock(&rec->lock);
	if (rec->on) {
		ret = stackid_refuse(why, -EBUSY, -1,
			"Recording is on; write 0 to recording_on first.");
	} else if (!cpumask_empty(rec->claimed)) {
		ret = stackid_refuse(why, -EBUSY, -1,
			"A reader has a ring or trace_pipe open; close it first.");
	} else {
		drop_rings(rec);
		rec->buffer_kb = roundup_pow_of_two(kb);
		rec->hold.owed = false;
	}
	mutex_unlock(&rec->lock);
	return ret;
}

void stackid_recording_settle_buffer(struct recording *rec)
{
	mutex_lock(&rec->lock);
	if (rec->hold.owed && !rec->on && cpumask_empty(rec->claimed)) {
		drop_rings(rec);
		rec->buffer_kb = rec->hold.buffer_kb;
		rec->hold.owed = false;
	}
	mutex_unlock(&rec->lock);
}

struct ring *stackid_recording_claim_ring(struct recording *rec,
					  unsigned int cpu, struct refusal *why)
{
	struct ring *ring;
	int ret;

	mutex_lock(&rec->lock);
	ret = stackid_rings_make(rec, why);
	/* Pairs with the release in make_ring(). */
	ring = cpu < nr_cpu_ids ? smp_load_acquire(&rec->rings[cpu]) : NULL;
	if (ret)
		ring = ERR_PTR(ret);
	else if (!ring)
		ring = ERR_PTR(-ENODEV);
	else if (cpumask_test_and_set_cpu(cpu, rec->claimed))
		ring = ERR_PTR(-EBUSY);
	else
		stackid_ring_begin(ring);
	mutex_unlock(&rec->lock);
	return ring;
}

void stackid_recording_release_ring(struct recording *rec, struct ring *ring)
{
	mutex_lock(&rec->lock);
	cpumask_clear_cpu(stackid_ring_cpu(ring), rec->claimed);
	mutex_unlock(&rec->lock);
	stackid_recording_settle_buffer(rec);
}
