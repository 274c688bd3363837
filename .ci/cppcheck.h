/* SPDX-License-Identifier: GPL-2.0 */
/* What cppcheck has to know of the kernel's headers, which it does not read. */
#define list_for_each_entry(at, head, member) \
	for ((at) = (void *)(head)->next; (at); (at) = (void *)(at)->member.next)
#define list_for_each_entry_safe(at, after, head, member) \
	for ((at) = (void *)(head)->next, (after) = (at); (at); (at) = (after))
#define list_for_each_entry_rcu(at, head, member, ...) \
	list_for_each_entry(at, head, member)
#define hlist_for_each_entry_rcu(at, head, member, ...) \
	for ((at) = (void *)(head)->first; (at); (at) = (void *)(at)->member.next)
#define hash_for_each_possible_rcu(table, at, member, key) \
	for ((at) = (void *)(table); (at); (at) = (void *)(at)->member.next)
#define hash_for_each(table, bucket, at, member) \
	for ((at) = (void *)(table), (bucket) = 0; (at); (at) = (void *)(at)->member.next)
#define hash_for_each_safe(table, bucket, after, at, member) \
	for ((at) = (void *)(table), (bucket) = 0, (after) = NULL; (at); (at) = (void *)(after))
#define for_each_possible_cpu(cpu)	for ((cpu) = 0; (cpu) < 8192; (cpu)++)
#define for_each_online_cpu(cpu)	for ((cpu) = 0; (cpu) < 8192; (cpu)++)
#define for_each_cpu(cpu, mask)		for ((cpu) = 0; (cpu) < 8192; (cpu)++)
#define for_each_thread(of, at)		for ((at) = (of); (at); (at) = (void *)(at)->thread_node.next)
#define for_each_process(at)		for ((at) = &init_task; (at); (at) = (void *)(at)->tasks.next)
#define for_each_process_thread(of, at)	for_each_process(of) for_each_thread(of, at)
#define xa_for_each(array, index, at)	for ((index) = 0; ((at) = xa_find(array, &(index), 0, 0)); (index)++)
