// SPDX-License-Identifier: GPL-2.0
/* Uses the flame graph of 20,000 stacks that make_many made; see flamegraph_hands.js. */
drive(async () => {
	const more = row => row.filter(box => box.more);

	is("many: all levels are seen", rows.length > 20, true);
	is("many: siblings that are too narrow share a box", Math.max(...rows.map(row => more(row).length)) > 100, true);
	is("many: nothing that can be seen is left out",
	   Math.min(...rows.slice(1, 7).map(row => row.reduce((n, box) => n + box.w, 0))) > 0.98 * width, true);

	const r = 7;
	const widest = more(rows[r]).reduce((a, b) => a.w > b.w ? a : b);
	const x = (widest.x + widest.w / 2) / width;

	graph.scrollTop = rowTop(r) - 100;
	at = null;
	const box = target.getBoundingClientRect();
	const there = type => target.dispatchEvent(new MouseEvent(type, {
		bubbles: true, clientX: box.left + x * box.width, clientY: box.top + rowTop(r) - graph.scrollTop + 9,
	}));
	there("mousemove");
	is("many: tooltip counts them", byId("tip").textContent, /^[\d,]+ more[\d,]+ hits, [\d.]+% of all; a click shows them$/);
	const before = widest.value;
	there("click");
	is("many: click zooms in to them", pathText(), / > narrow ones$/);
	is("many: they fill the width", Math.round(rows[shown.depth[zoomed] + 1].reduce((n, b) => n + b.w, 0)), width);
	is("many: address", location.hash, /^#zoom=\d+&part=\d+-\d+$/);
	history.back();
	await new Promise(done => addEventListener("popstate", done, { once: true }));
	await until(() => pathText() === "all");
	is("many: back", before > 0, true);

	type("function_1234$");
	await (counting || 0);
	is("many: matches in what is too narrow count", byId("matched").textContent, /^Matched: [\d.]+%, [1-9]\d* frames$/);
	is("many: and show", more(rows[8]).some(isFound), true);
	is("many: where they are only", more(rows[8]).every(isFound), false);
	press("n", document);
	is("many: a step makes it wide enough", boxAt(at).w >= 4 && boxText(boxAt(at)), "function_1234");
	byId("reset").click();

	choose("view", "callee");
	const narrow = more(rows[1])[0];
	is("many: inverted, the rest is one box", more(rows[1]).length === 1 && narrow.more > 500, true);
	is("many: what is not opened goes on", more(rows[rows.length - 1]).length > 0, true);
	enter(narrow);
	is("many: inverted, the narrow ones", pathText(), "all > narrow ones");
	is("many: inverted, they are the next ones", rows[1][0].value <= narrow.value, true);
	is("many: inverted, address", location.hash, /^#view=callee&skip=\d+&root=top$/);
	byId("reset").click();
	const self = new Float64Array(profile.frames.length);
	for (let i = 1; i < tree.nr; i++)
		self[tree.frame[i]] += tree.self[i];
	choose("view", "callee");
	is("many: inverted, the sums are right", rows[1].slice(0, 20).every(b => b.more ||
		b.value === self[b.t.frame[b.i]]), true);
	byId("reset").click();
});
