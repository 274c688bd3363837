// SPDX-License-Identifier: GPL-2.0
/* What colour a frame has: by its module, or by what has changed. */
const LEGEND = ["kernel", "module", "user mode", "process", "no function"];
const LEGEND_MODULES = 10;

let colours = null;

function hash(text)
{
	let h = 0;

	for (let i = 0; i < text.length; i++)
		h = (h * 31 + text.charCodeAt(i)) >>> 0;
	/* Names that differ in their last letter only have to differ in more. */
	h = Math.imul(h ^ h >>> 15, 0x2c1b3c6d) >>> 0;
	return (h ^ h >>> 13) >>> 0;
}

/* Neighbours differ a little, and a name looks the same everywhere. */
const shades = profile.frames.map(([name]) => hash(name) & 3);

/* Away from the hues of the kernel, user mode, and what was found. */
function hueOf(module)
{
	const place = hash(module) % 160;

	return place < 115 ? 75 + place : 235 + (place - 115);
}

/* Whoever is compared with the baseline: numbers per what. */
const PER = ["nothing", "event", "second"];

function divisor(t, side)
{
	if (state.per === "event")
		return tree.totals[side][0] || 1;
	return state.per === "second" ? profile.seconds[side] : 1;
}

/* How much more it is than in the baseline. */
function changeOf(box)
{
	const [now, before] = sumsOf(box);

	return now / divisor(box.t, 0) - before / divisor(box.t, 1);
}

/* By side. */
function sumsOf(box)
{
	return box.sums || box.t.totals.map(total => total[box.i]);
}

function theme()
{
	const css = getComputedStyle(document.documentElement);
	const get = name => css.getPropertyValue(name).trim();
	const shade = Number(get("--shade"));

	function ramp(text, hue)
	{
		const [h, s, l] = text.split(/\s+/);

		return [-1, -0.33, 0.33, 1].map(k =>
			"hsl(" + (hue ?? h) + " " + s + " " + (parseFloat(l) + k * shade) + "%)");
	}
	const kinds = KINDS.map(k => ramp(get("--" + k)));
	const modules = new Map();

	for (const [, kind, module] of profile.frames) {
		if (kind === MODULE && !modules.has(module))
			modules.set(module, ramp(get("--module"), hueOf(module)));
	}
	colours = {
		kinds, modules,
		more: get("--more"),
		text: get("--frame-text"),
		page: get("--page"),
		accent: get("--accent"),
		match: get("--match"),
		grown: get("--grown").split(/\s+/),
		shrunk: get("--shrunk").split(/\s+/),
		same: get("--same").split(/\s+/),
	};
	if (!compares)
		showLegend();
}

function legendItem(name, colour)
{
	const item = document.createElement("span");
	const box = document.createElement("i");

	box.style.background = colour;
	item.append(box, name);
	return item;
}

function showLegend()
{
	const items = [];

	if (compares) {
		items.push(legendItem("grown, here by " + changeText(greatestChange) + " at most", mixed(1)),
			   legendItem("the same", mixed(0)), legendItem("shrunk", mixed(-1)));
	} else {
		const names = [...colours.modules.keys()].sort();

		LEGEND.forEach((name, k) => {
			if (k !== MODULE)
				items.push(legendItem(name, colours.kinds[k][1]));
			else
				items.push(...names.slice(0, LEGEND_MODULES).map(m =>
					legendItem("[" + m + "]", colours.modules.get(m)[1])));
		});
		if (names.length > LEGEND_MODULES)
			items.push(legendItem(plural(names.length - LEGEND_MODULES, "more module"), "none"));
	}
	items.push(legendItem("too narrow to be drawn", colours.more));
	$("legend").replaceChildren(...items);
}

/* @share: from -1, shrunk, to 1, grown. */
function mixed(share)
{
	const to = share < 0 ? colours.shrunk : colours.grown;
	const much = Math.sqrt(Math.abs(share));
	const [, s, l] = colours.same.map((from, k) =>
		parseFloat(from) + much * (parseFloat(to[k]) - parseFloat(from)));

	return "hsl(" + to[0] + " " + s + "% " + l + "%)";
}

function colourOf(box)
{
	if (compares)
		return mixed(Math.max(-1, Math.min(1, changeOf(box) / (greatestChange || 1))));
	if (box.more)
		return colours.more;
	const f = box.t.frame[box.i];
	const [, kind, module] = profile.frames[f];

	return (kind === MODULE ? colours.modules.get(module) : colours.kinds[kind])[shades[f]];
}

/* In what changes are compared in; @change: not negative. */
function changeText(change)
{
	if (state.per === "event")
		return (100 * change).toFixed(2) + " points of its share";
	return state.per === "second" ? change.toFixed(1) + " per second" : number(change) + " " + tree.event.unit;
}

let greatestChange = 0;

/* Of the boxes that are shown; the root's is no news where counts are compared. */
function measureChanges(rows)
{
	greatestChange = 0;
	for (const row of rows) {
		for (const box of row) {
			if (box.i || rows.length === 1)
				greatestChange = Math.max(greatestChange, Math.abs(changeOf(box)));
		}
	}
	showLegend();
}
