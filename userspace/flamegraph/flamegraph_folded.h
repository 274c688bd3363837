/* SPDX-License-Identifier: GPL-2.0 */
/* Folded stacks: COMM;ROOT;...;LEAF COUNT. */
#ifndef STACKID_FLAMEGRAPH_FOLDED_H
#define STACKID_FLAMEGRAPH_FOLDED_H

#include "flamegraph_common.h"

/* One stream cannot tell events apart, and their sum would mean nothing: -1 after a sentence. */
int stackid_flamegraph_check_single(const struct flamegraph *graph);
void stackid_flamegraph_print_folded(const struct flamegraph *graph);

#endif /* STACKID_FLAMEGRAPH_FOLDED_H */
