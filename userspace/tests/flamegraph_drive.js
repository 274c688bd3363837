// SPDX-License-Identifier: GPL-2.0
/* Uses the flame graph of the canned file; see flamegraph_hands.js. */
drive(async () => {
	is("title", document.title, "sched:sched_switch");
	is("heading", byId("title").textContent, "sched:sched_switch");
	is("about", byId("about").textContent, /canned.*Linux 6\.1\.0-canned.*2023-11-14/);
	is("loss", byId("loss").textContent, /^12 of 2012 events lost/);
	is("loss stands out", byId("loss").className, "lossy");
	is("events", [...byId("event").options].map(o => o.text).join(),
	   "sched:sched_switch (1,300),cpu-clock (400),kprobe:do_sys_openat2 (300)");
	is("canvas is as wide as its place", target.clientWidth, byId("graph").clientWidth);

	is("something is drawn", coloursThere() > 8, true);

	mouse("mousemove", 0.5, 1);
	is("tooltip", byId("tip").textContent, /^bash900 hits, 69\.23% of all$/);
	is("tooltip shows", byId("tip").hidden, false);
	mouse("mouseleave", 0.5, 1);
	is("tooltip goes", byId("tip").hidden, true);

	mouse("click", 0.5, 1);
	is("click zooms", pathText(), "all > bash");
	is("counts stay after a click or a tap", byId("says").textContent, "bash: 900 hits, 69.23% of all");
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
	is("upper case is exact", byId("matched").textContent, "Matched: 0.00%, 0 frames");
	type("PIPE_READ");
	is("nothing in capitals", byId("matched").textContent, "Matched: 0.00%, 0 frames");
	type("pipe_re.d|^swap");
	is("matched", byId("matched").textContent, "Matched: 61.31%, 3 frames");
	is("address of search", location.hash, "#search=pipe_re.d%7C%5Eswap");
	type("schedule");
	is("matches count once", byId("matched").textContent, /^Matched: 99\.92%, \d+ frames$/);
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

	type("pipe_read|do_idle");
	is("matches can be stepped through", byId("steps").hidden, false);
	byId("next").click();
	is("the first", byId("matched").textContent + " " + byId("says").textContent,
	   /^1 of 4: Matched: 61\.62%, 4 frames do_idle: 4 hits/);
	press("Enter", byId("search"));
	is("the next", byId("matched").textContent + " " + byId("says").textContent,
	   /^2 of 4: .* pipe_read: 1 hits/);
	is("one that is too narrow is zoomed to", pathText(), /^all > bash > \[cut\]/);
	byId("reset").click();
	type("pipe_read|do_idle");
	byId("previous").click();
	is("backwards", byId("matched").textContent + " " + byId("says").textContent, /^4 of 4: .* do_idle: 396 hits/);
	const alpha = name => {
		const all = [];

		paintBox(rows.flat().find(b => boxText(b) === name), 0, (x, y, w, h, colour, a) => all.push(a), () => 0);
		return all.join();
	};
	is("the rest goes pale", alpha("do_idle") + " " + alpha("vfs_read"), "1 0.3");
	type("");
	is("and comes back", alpha("vfs_read"), "1");

	mouse("click", 0.9, 3);
	is("a stack as text", stackText(zoomBox()), "do_idle\ncpu_startup_entry\nswapper\n");
	byId("copy").click();
	await until(() => byId("says").textContent.startsWith("Copied"));
	is("copied", byId("says").textContent, "Copied the stack of do_idle, 3 lines.");
	byId("reset").click();

	const svg = new DOMParser().parseFromString(svgText(), "image/svg+xml");
	is("SVG is well formed", svg.querySelector("parsererror"), null);
	is("SVG has the frames", [...svg.querySelectorAll("g")].length > 15, true);
	is("SVG has the names", [...svg.querySelectorAll("text")].some(t => t.textContent === "pipe_read"), true);
	is("SVG says where it is from", svg.querySelectorAll("text")[0].textContent, "sched:sched_switch");
	const png = await pngBlob();
	is("PNG", png.type + " " + (png.size > 2000), "image/png true");

	choose("view", "callee");
	is("inverted: what stacks end in stands at the root", rows[1].map(boxText).join(), /^__schedule/);
	is("inverted: and on it who called it", rows[2].map(boxText).join(), "schedule,bash");
	is("inverted: down to the thread", rows.some(row => row.some(box => boxText(box) === "swapper")), true);
	mouse("click", 0.1, 2);
	is("inverted: zoom", pathText(), "all > __schedule > schedule");
	is("inverted: address", location.hash, /^#view=callee&path=\d+\.\d+&root=top$/);
	is("inverted: a stack as text", stackText(zoomBox()), "__schedule\nschedule\n");
	mouse("mousemove", 0.99, 3);
	is("inverted: share", byId("tip").textContent, /^do_idle400 hits, 30\.77% of all, 30\.79% of the zoomed$/);
	byId("reset").click();
	is("reset goes home", byId("view").value + pathText(), "flameall");

	mouse("click", 0.1, 5);
	choose("view", "sandwich");
	is("sandwich: of the zoomed", pathText(), "all > callers and callees of vfs_read");
	is("sandwich: callers above", rows.map(row => boxText(row[0])).join(" "),
	   /^bash entry_SYSCALL_64_after_hwframe do_syscall_64 ksys_read vfs_read schedule __schedule/);
	is("sandwich: address", location.hash, "#view=sandwich&focus=vfs_read");
	mouse("click", 0.5, 5);
	is("sandwich: click goes on", pathText(), /^all > callers and callees of (schedule|pipe_read)$/);
	byId("reset").click();
	byId("top").querySelectorAll("button")[1].click();
	is("sandwich: of a function in the table", pathText(), "all > callers and callees of __schedule");
	byId("reset").click();

	is("middle of a long name is left out", fit("entry_SYSCALL_64_after_hwframe", 14.5 * charWidth),
	   "entry_S\u2026wframe");
	is("a module has a hue of its own", new Set([hueOf("ext4"), hueOf("nvme"), hueOf("kvm")]).size, 3);
	is("and is in the legend", byId("legend").textContent, /kernel\[ext4\]user mode/);

	const dragTo = (from, to) => {
		const box = byId("strip").getBoundingClientRect();

		for (const [type, x] of [["pointerdown", from], ["pointermove", to], ["pointerup", to]])
			byId("strip").dispatchEvent(new PointerEvent(type, {
				bubbles: true, pointerId: 1, clientX: box.left + x * box.width, clientY: box.top + 9,
			}));
	};
	is("strip: all times", byId("timetext").textContent, /^All of 0\.00\d+ s: 1,300 of 1,300 hits$/);
	is("strip: its sums are the graph's", sumSlices(tree, 0, tree.nr).reduce((a, b) => a + b, 0), 1300);
	dragTo(0.55, 0.8);
	is("strip: a drag chooses", byId("timetext").textContent, /^From 0\.0011\d* to 0\.0016\d* s of .*: 3\d\d of 1,300 hits$/);
	is("strip: the graph is of that time", tree.total[0], Number(/: (\d+) of/.exec(byId("timetext").textContent)[1]));
	is("strip: address", location.hash, /^#time=\d+-\d+$/);
	dragTo(0.32, 0.29);
	is("strip: backwards, too", state.time[1] - state.time[0] < 6 && tree.total[0] > 20, true);
	is("strip: what was not hit then is not there", rows.flat().some(box => boxText(box) === ":300"), true);
	dragTo(0.6, 0.9);
	is("strip: or is", rows.flat().some(box => boxText(box) === ":300"), false);
	choose("view", "callee");
	is("strip: inverted", shown.total[0], tree.total[0]);
	choose("view", "flame");
	byId("alltimes").click();
	is("strip: all times again", tree.total[0] + location.hash, "1300");
	press("ArrowRight", byId("strip"));
	is("strip: arrow keys", state.time.join(), "0,1");
	press("Escape", document);
	is("strip: Escape resets", state.time, null);

	byId("turn").click();
	is("turned", byId("turn").getAttribute("aria-pressed"), "true");
	mouse("click", 0.5, 1);
	is("click on the turned", pathText(), "all > bash");
	byId("turn").click();
	byId("reset").click();

	const top = byId("top").tBodies[0].rows;

	is("table", top[0].textContent, "99.92%99.92%1,299__schedule \u21c5");
	top[0].querySelector("button").click();
	is("table searches", byId("matched").textContent, /^Matched: 99\.92%, \d+ frames$/);
	byId("reset").click();

	choose("event", 1);
	await until(() => document.title === "cpu-clock");
	is("heading of event", byId("title").textContent, "cpu-clock");
	is("event", target.getAttribute("aria-label"),
	   /^Flame graph of cpu-clock, 400 samples/);
	is("address of event", location.hash, "#event=cpu-clock");
	type("\\[ext4\\]$");
	is("modules can be searched", byId("matched").textContent, /^Matched: 50\.00%, \d+ frames?$/);
	type("^\\[user\\]$");
	is("user mode", byId("matched").textContent, /^Matched: 50\.00%, \d+ frames?$/);
});
