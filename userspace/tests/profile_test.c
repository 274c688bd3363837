// SPDX-License-Identifier: GPL-2.0
/* A profile's cells. */
#include "../lib/profile/profile.h"
#include "test.h"

#define SLICE	1000

static struct profile *make_profile(uint64_t longest)
{
	struct profile *profile = stackid_profile_create(NULL, PROFILE_TIME);

	stackid_profile_set_quantum(profile, SLICE);
	stackid_profile_limit_cells(profile, 100, longest);
	return profile;
}

/* @nr stacks, each hit in each of 64 slices, twice. */
static void hit(struct profile *profile, uint32_t nr)
{
	for (uint64_t time = 0; time < 64 * SLICE; time += SLICE / 2) {
		for (uint32_t stack = 1; stack <= nr; stack++) {
			struct data_event event = {
				.time = time,
				.stack = stack,
				.event = 1,
				.kind = DATA_HIT_STACK,
			};

			stackid_profile_add(profile, &event, stack);
		}
	}
}

static void check_sums(const struct profile *profile, uint32_t nr)
{
	uint64_t hits[10] = { }, weights[10] = { };

	for (size_t i = 0; i < stackid_profile_nr_cells(profile); i++) {
		const struct profile_cell *cell =
			stackid_profile_cell(profile, i);

		hits[cell->stack] += cell->hits;
		weights[cell->stack] += cell->weight;
		/* No two are of one stack and one slice. */
		for (size_t k = 0; k < i; k++) {
			const struct profile_cell *other =
				stackid_profile_cell(profile, k);

			CHECK(other->stack != cell->stack ||
			      stackid_profile_who(profile, other)->time !=
			      stackid_profile_who(profile, cell)->time);
		}
	}
	for (uint32_t stack = 1; stack <= nr; stack++) {
		CHECK_EQUAL(hits[stack], 128);
		CHECK_EQUAL(weights[stack], 128 * stack);
	}
	CHECK_EQUAL(stackid_profile_sum(profile, 1)->hits, 128 * nr);
}

static void few_cells_keep_their_slices(void)
{
	struct profile *profile = make_profile(64 * SLICE);

	hit(profile, 1);
	CHECK_EQUAL(stackid_profile_quantum(profile), SLICE);
	CHECK_EQUAL(stackid_profile_nr_cells(profile), 64);
	check_sums(profile, 1);
	stackid_profile_destroy(profile);
}

static void slices_are_joined_where_cells_are_too_many(void)
{
	struct profile *profile = make_profile(64 * SLICE);

	hit(profile, 5);
	CHECK_EQUAL(stackid_profile_quantum(profile), 4 * SLICE);
	CHECK_EQUAL(stackid_profile_nr_cells(profile), 5 * 16);
	check_sums(profile, 5);
	stackid_profile_destroy(profile);
}

static void slices_go_before_they_are_too_long(void)
{
	struct profile *profile = make_profile(2 * SLICE);

	hit(profile, 5);
	CHECK_EQUAL(stackid_profile_quantum(profile), 0);
	CHECK_EQUAL(stackid_profile_nr_cells(profile), 5);
	check_sums(profile, 5);
	stackid_profile_destroy(profile);
}

static const struct test tests[] = {
	TEST(few_cells_keep_their_slices),
	TEST(slices_are_joined_where_cells_are_too_many),
	TEST(slices_go_before_they_are_too_long),
};

int main(void)
{
	return test_main(tests, ARRAY_SIZE(tests));
}
