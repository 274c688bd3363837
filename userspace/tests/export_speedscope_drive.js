// SPDX-License-Identifier: GPL-2.0
/* In speedscope's own page, which was given the canned recording. */
"use strict";
const results = document.createElement("pre");

results.id = "results";

function is(name, got, want)
{
	results.append(`${got === want ? "" : "not "}ok speedscope's page: ${name}${got === want ? "" : `: ${JSON.stringify(got)}`}\n`);
}

async function until(yes)
{
	while (!yes())
		await new Promise(done => setTimeout(done, 0));
}

const rows = () => [...document.querySelectorAll("table tr")].map(row => [...row.cells].map(c => c.textContent).join(" "));

(async () => {
	await until(() => rows().length > 9);
	is("profiles and their sums", rows().slice(1, 10).map(row => row.replace(/^\d+ /, "")).join("; "),
	   "sched:sched_switch 1,300; sched:sched_switch: bash 100/100 900; sched:sched_switch: swapper 0/0 396; " +
	   "sched:sched_switch: :300 300/300 4; cpu-clock 400; cpu-clock: worker 7 100/101 400; " +
	   "kprobe:do_sys_openat2 300; kprobe:do_sys_openat2: bash 100/100 200; kprobe:do_sys_openat2: child 200/200 100");
	is("a flame graph is drawn", document.querySelectorAll("canvas").length > 0, true);
	/* The view "Sandwich". */
	window.dispatchEvent(new KeyboardEvent("keydown", { key: "3", bubbles: true }));
	window.dispatchEvent(new KeyboardEvent("keypress", { key: "3", bubbles: true }));
	await until(() => rows().some(row => row.includes("%)")));
	const functions = rows().filter(row => row.includes("%)"));

	is("functions", functions.length, 14);
	is("the hottest", functions[0], "1,299 (>99%) 1,299 (>99%) __schedule");
	is("a caller", functions.find(row => row.endsWith(" pipe_read")), "401 (31%) 0 (<0.01%) pipe_read");
	is("a thread", functions.find(row => row.endsWith(" bash")), "900 (69%) 0 (<0.01%) bash");
	is("what was cut", functions.find(row => row.endsWith(" [cut]")), "1 (0.08%) 0 (<0.01%) [cut]");
	is("no errors", window.errors.join(), "");
	results.append("done\n");
	document.body.append(results);
	window.held = false;
})();
