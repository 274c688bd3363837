// SPDX-License-Identifier: GPL-2.0
/* Where the kernel notes which kprobe a CPU handles. */
#include <linux/cache.h>
#include <linux/init.h>

#include "kprobe_state.h"

#ifdef STACKID_NMIS_MEET_KPROBES

static DEFINE_PER_CPU(struct kprobe *, none);
struct kprobe * __percpu *stackid_running_kprobe __ro_after_init = &none;

void __init stackid_kprobe_state_init(void __percpu *running)
{
	if (running)
		stackid_running_kprobe = running;
	else
		pr_warn("stackid: where this kernel notes its kprobes is not to be found; NMIs that are recorded while kprobes are hit may end it\n");
}

#else

void __init stackid_kprobe_state_init(void __percpu *running)
{
}

#endif
