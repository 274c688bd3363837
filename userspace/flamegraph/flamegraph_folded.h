/* SPDX-License-Identifier: GPL-2.0 */
/* Folded stacks: COMM;ROOT;...;LEAF COUNT. */
#ifndef STACKID_FLAMEGRAPH_FOLDED_H
#define STACKID_FLAMEGRAPH_FOLDED_H

#include "flamegraph_common.h"

void stackid_flamegraph_print_folded(const struct flamegraph *graph);

#endif /* STACKID_FLAMEGRAPH_FOLDED_H */
