/* SPDX-License-Identifier: GPL-2.0 */
/* Where things of the kernel are that it does not export. */
#ifndef _STACKID_KERNEL_SYMBOL_H
#define _STACKID_KERNEL_SYMBOL_H

/*
 * The address of a symbol, or NULL.  It is for looking at what is there, or for
 * locking it while looking; never to be called by its address: on a CPU with
 * indirect branch tracking such a call is fatal.  Of a function it may be the
 * place after its ENDBR instruction.  Not for symbols of init code: some kernels
 * read what is at the address, and that memory may not be mapped any more.  Task
 * context, may sleep.
 */
void *stackid_kernel_symbol(const char *name);

/*
 * A per-CPU variable, or NULL.  Only before the first CPU hears of the module: it may
 * change the module's own code.  Task context, may sleep.
 */
void __percpu *stackid_kernel_percpu(const char *name);

/* The bytes from an address to the end of its symbol, 0 if it has none. */
unsigned long stackid_symbol_size(unsigned long address);

/*
 * Where the symbol of an address begins, 0 if it has none.  @name, of KSYM_SYMBOL_LEN
 * bytes, is set to the symbol's.
 */
unsigned long stackid_symbol_start(unsigned long address, char *name);

#endif /* _STACKID_KERNEL_SYMBOL_H */
