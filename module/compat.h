/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where kernels from 6.1 on differ.  The only file that may name a version; each
 * block says what changed.
 */
#ifndef _STACKID_COMPAT_H
#define _STACKID_COMPAT_H

#include <linux/context_tracking.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/version.h>
#ifdef CONFIG_ARM64
#include <asm/compiler.h>
#include <asm/pointer_auth.h>
#endif

/*
 * Kernel commit 1c71222e5f23 ("mm: replace vma->vm_flags direct modifications
 * with modifier calls", v6.3) made the field read-only.
 */
static inline void stackid_vm_flags_clear(struct vm_area_struct *vma,
					  unsigned long flags)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	vm_flags_clear(vma, flags);
#else
	vma->vm_flags &= ~flags;
#endif
}

/*
 * rcu_is_watching() as two instructions: the kernel's own inline takes the address
 * of this CPU's variable first.  The bit was called RCU_DYNTICKS_IDX before v6.12.
 */
static __always_inline bool stackid_rcu_is_watching(void)
{
#ifndef CONFIG_CONTEXT_TRACKING_IDLE
	return rcu_is_watching();
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
	return raw_cpu_read(context_tracking.state.counter) & CT_RCU_WATCHING;
#else
	return raw_cpu_read(context_tracking.state.counter) & RCU_DYNTICKS_IDX;
#endif
}

/* 6.1 has it by the one name, 6.12 by the other; those between were not tried. */
#ifdef CONFIG_ARM64
static inline unsigned long stackid_strip_pac(unsigned long pc)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
	return ptrauth_strip_kernel_insn_pac(pc);
#else
	return ptrauth_strip_insn_pac(pc);
#endif
}
#endif

struct text_range {
	unsigned long start;
	unsigned long size;
};

/*
 * Kernel commit ac3b43283923 ("module: replace module_layout with
 * module_memory", v6.4).
 */
static inline struct text_range stackid_module_text(const struct module *mod)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	return (struct text_range) {
		(unsigned long)mod->mem[MOD_TEXT].base,
		mod->mem[MOD_TEXT].size,
	};
#else
	return (struct text_range) {
		(unsigned long)mod->core_layout.base,
		mod->core_layout.text_size,
	};
#endif
}

static inline struct text_range stackid_module_init_text(const struct module *mod)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	return (struct text_range) {
		(unsigned long)mod->mem[MOD_INIT_TEXT].base,
		mod->mem[MOD_INIT_TEXT].size,
	};
#else
	return (struct text_range) {
		(unsigned long)mod->init_layout.base,
		mod->init_layout.text_size,
	};
#endif
}

/*
 * Kernel commit edd3cb05c00a ("copy_process: pass clone_flags as u64 across
 * calltree", v6.18) changed an argument of the tracepoint task_newtask.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
typedef u64 stackid_clone_flags_t;
#else
typedef unsigned long stackid_clone_flags_t;
#endif

#endif /* _STACKID_COMPAT_H */
