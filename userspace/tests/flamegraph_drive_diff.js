// SPDX-License-Identifier: GPL-2.0
/* Uses the flame graph that compares the canned file with the changed one; see flamegraph_hands.js. */
drive(async () => {
	const find = name => rows.flat().filter(box => boxText(box) === name)
		.sort((a, b) => b.value - a.value)[0];

	is("diff: says which is which", byId("about").textContent, /^Baseline \u00b7 before\.data .*\nNow \u00b7 after\.data /);
	is("diff: events of either", [...byId("event").options].map(o => o.text).join(),
	   "sched:sched_switch (1,300, before 1,300),cpu-clock (0, before 400),kprobe:do_sys_openat2 (300, before 300),sched:sched_wakeup (200, before 0)");
	is("diff: grown", describe(find("pipe_read")), "800 hits, before 400: +400, 2.00 times, 61.54% of all");
	is("diff: is red", colourOf(find("pipe_read")), mixed(1));
	is("diff: the legend says how much red is", byId("legend").textContent, /^grown, here by 400 hits at most/);
	is("diff: the same is grey", colourOf(find("all")), mixed(0));
	is("diff: what is gone has no width", find("do_idle"), undefined);
	is("diff: but is in a list", [...byId("gone").rows].map(row => row.textContent).join(), "39630.46%swapper,40.31%:300");
	is("diff: what is gone is counted", byId("gonehead").textContent, "Gone: only the baseline has it: 2 call paths, 30.77%");
	is("diff: nothing was added", byId("addedhead").textContent, /: nothing$/);
	byId("gone").querySelector("button").click();
	is("diff: the list shows it in the baseline", byId("width").value + pathText(), "1all > swapper");
	is("diff: gone is said", byId("says").textContent, /^swapper: 0 hits, before 396: gone/);
	is("diff: gone is blue", colourOf(find("do_idle")), mixed(-1));
	is("diff: address", location.hash, /^#zoom=\d+&width=baseline$/);
	byId("reset").click();
	choose("width", 0);

	choose("per", "second");
	is("diff: per second", describe(find("pipe_read")), /per second/);
	is("diff: per second what took twice as long is less", changeOf(find("vfs_read")) < 0, true);
	choose("per", "event");
	is("diff: shares", describe(find("pipe_read")), /\+30\.77 points of its share/);
	choose("per", "nothing");

	is("diff: two recordings have no time in common", byId("times").hidden, true);

	choose("event", 3);
	await until(() => document.title === "sched:sched_wakeup");
	is("diff: an event that is new", byId("addedhead").textContent, "Added: the baseline has none of it: 1 call path, 100.00%");
	choose("event", 1);
	await until(() => document.title === "cpu-clock");
	is("diff: an event that is gone has its list", byId("gonehead").textContent, /: 1 call path, 100\.00%$/);
	choose("event", 0);
	await until(() => document.title === "sched:sched_switch");
	choose("view", "callee");
	is("diff: inverted", describe(find("pipe_read")), /^801 hits, before 401: \+400, 2\.00 times/);
	byId("reset").click();
});
