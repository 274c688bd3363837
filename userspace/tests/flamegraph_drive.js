// SPDX-License-Identifier: GPL-2.0
/*
 * Uses the flame graph of the canned file as a person would.  flamegraph_test
 * appends it to the page.  What it finds it adds to the page's end, a line
 * "ok NAME" or "not ok NAME: what there was instead" each, and "done".
 */
"use strict";
(async () => {
	const results = document.createElement("pre");

	results.id = "results";
	document.body.append(results);

	function is(name, got, want)
	{
		const right = want instanceof RegExp ? want.test(got) : got === want;

		results.append((right ? "ok " : "not ok ") + "flamegraph page: " + name +
			       (right ? "" : ": " + JSON.stringify(got)) + "\n");
	}

	const byId = id => document.getElementById(id);
	const pathText = () => [...byId("path").children].map(li => li.textContent).join(" > ");
	const target = byId("canvas");

	function mouse(type, x, row)
	{
		const box = target.getBoundingClientRect();
		const height = box.height;
		const up = byId("turn").getAttribute("aria-pressed") !== "true";
		const y = up ? height - 18 * row - 9 : 18 * row + 9;

		target.dispatchEvent(new MouseEvent(type, {
			bubbles: true,
			clientX: box.left + x * box.width,
			clientY: box.top + y,
		}));
	}

	function press(key, where)
	{
		where.dispatchEvent(new KeyboardEvent("keydown", {
			key, bubbles: true, cancelable: true,
		}));
	}

	function type(text)
	{
		byId("search").value = text;
		byId("search").dispatchEvent(new Event("input"));
	}

	try {
		is("title", document.title,
		   "sched:sched_switch, cpu-clock, kprobe:do_sys_openat2");
		is("about", byId("about").textContent, /canned.*Linux 6\.1\.0-canned.*2023-11-14/);
		is("loss", byId("loss").textContent, /^12 of 2012 events lost/);
		is("loss stands out", byId("loss").className, "lossy");
		is("events", [...byId("event").options].map(o => o.text).join(),
		   "sched:sched_switch (1,300),cpu-clock (400),kprobe:do_sys_openat2 (300)");
		is("canvas is as wide as its place", target.clientWidth, byId("graph").clientWidth);

		const colours = new Set(target.getContext("2d")
			.getImageData(0, 0, target.width, target.height).data
			.reduce((all, c, i) => i % 4 ? (all[all.length - 1] += "," + c, all)
						     : (all.push("" + c), all), []));

		is("something is drawn", colours.size > 8, true);

		mouse("mousemove", 0.5, 1);
		is("tooltip", byId("tip").textContent, /^bash900 hits, 69\.23% of all$/);
		is("tooltip shows", byId("tip").hidden, false);
		mouse("mouseleave", 0.5, 1);
		is("tooltip goes", byId("tip").hidden, true);

		mouse("click", 0.5, 1);
		is("click zooms", pathText(), "all > bash");
		mouse("click", 0.9, 5);
		is("click zooms further", pathText(),
		   "all > bash > entry_SYSCALL_64_after_hwframe > do_syscall_64 > ksys_read > vfs_read");
		mouse("mousemove", 0.1, 6);
		is("share of the zoomed", byId("tip").textContent,
		   /^pipe_read400 hits, 30\.77% of all, 44\.54% of the zoomed$/);
		mouse("click", 0.5, 1);
		is("click on what it stands on zooms out", pathText(), "all > bash");
		byId("path").querySelector("button").click();
		is("path zooms out", pathText(), "all");

		mouse("click", 0.5, 1);
		is("address", location.hash, /^#zoom=\d+$/);
		history.back();
		await new Promise(done => addEventListener("popstate", done, { once: true }));
		is("back", pathText(), "all");

		press("/", document);
		is("slash goes to search", document.activeElement.id, "search");
		type("pipe_R");
		is("upper case is exact", byId("matched").textContent, "Matched: 0.00%");
		type("PIPE_READ");
		is("nothing in capitals", byId("matched").textContent, "Matched: 0.00%");
		type("pipe_re.d|^swap");
		is("matched", byId("matched").textContent, "Matched: 61.31%");
		is("address of search", location.hash, "#search=pipe_re.d%7C%5Eswap");
		type("schedule");
		is("matches count once", byId("matched").textContent, "Matched: 99.92%");
		type("(");
		is("no regular expression", byId("search").getAttribute("aria-invalid"), "true");
		byId("reset").click();
		is("reset clears search", byId("search").value + byId("matched").textContent, "");
		is("reset has nothing to do", byId("reset").disabled, true);

		target.focus();
		press("ArrowUp", target);
		is("keyboard goes to the widest", byId("says").textContent,
		   "bash: 900 hits, 69.23% of all");
		press("ArrowRight", target);
		is("keyboard goes right", byId("says").textContent, /^swapper: 396 hits/);
		press("ArrowUp", target);
		press("Enter", target);
		is("Enter zooms", pathText(), "all > swapper > cpu_startup_entry");
		press("ArrowDown", target);
		press("Enter", target);
		is("keyboard goes down", pathText(), "all > swapper");
		press("Escape", target);
		is("Escape resets", pathText(), "all");

		byId("turn").click();
		is("turned", byId("turn").getAttribute("aria-pressed"), "true");
		mouse("click", 0.5, 1);
		is("click on the turned", pathText(), "all > bash");
		byId("turn").click();
		byId("reset").click();

		const top = byId("top").tBodies[0].rows;

		is("table", top[0].textContent, "99.92%99.92%1,299__schedule");
		top[0].querySelector("button").click();
		is("table searches", byId("matched").textContent, "Matched: 99.92%");
		byId("reset").click();

		byId("event").value = 1;
		byId("event").dispatchEvent(new Event("change"));
		is("event", target.getAttribute("aria-label"),
		   /^Flame graph of cpu-clock, 400 samples/);
		is("address of event", location.hash, "#event=cpu-clock");
		type("\\[ext4\\]$");
		is("modules can be searched", byId("matched").textContent, "Matched: 50.00%");
		type("^\\[user\\]$");
		is("user mode", byId("matched").textContent, "Matched: 50.00%");
		is("no errors", window.errors.join(), "");
	} catch (error) {
		is("no exception", String(error.stack), "");
	}
	results.append("done\n");
})();
