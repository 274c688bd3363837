// SPDX-License-Identifier: GPL-2.0
/* What people do to it, and the start. */

/* What a click on a box does. */
function enter(box)
{
	const { t, i } = box;

	if (state.view === "sandwich")
		return box.more ? undefined : go({ focus: t.frame[i] }, true);
	if (!box.more)
		return go(state.view === "flame" ? { zoom: i, part: null } : { path: pathTo(t, i), skip: 0 }, true);
	const parent = t.parent[i];

	if (state.view === "flame")
		return go({ zoom: parent, part: [i, box.to] }, true);
	let skip = parent === zoomed ? state.skip : 0;

	for (let c = parent + 1; c < i; c = t.end[c])
		skip++;
	return go({ path: pathTo(t, parent), skip }, true);
}

/* Marks node i of t, zoomed so that it is wide enough to be read.  False if it cannot. */
function goTo(t, i)
{
	let place = placeOf(t, i);
	let box = boxAt(place);

	if (state.view === "flame" && (!box || box.more || box.w < 4)) {
		let a = i;

		while (t.parent[a] > 0 && t.total[i] * width >= 8 * t.total[t.parent[a]])
			a = t.parent[a];
		go({ zoom: a, part: null }, true);
		place = placeOf(t, i);
		box = boxAt(place);
	}
	if (!box)
		return false;
	at = place;
	scrollToRow(place.r);
	sayAt();
	draw();
	return true;
}

function pointed(mouse)
{
	const box = canvas.getBoundingClientRect();

	return placeAt(mouse.clientX - box.left, mouse.clientY - box.top);
}

function hideTip()
{
	$("tip").hidden = true;
}

function showTip(mouse, box)
{
	const tip = $("tip");
	const name = document.createElement("b");

	name.textContent = boxText(box);
	tip.replaceChildren(name, document.createElement("br"), describe(box));
	tip.hidden = false;

	const right = mouse.clientX + 14 + tip.offsetWidth > innerWidth;
	const low = mouse.clientY + 18 + tip.offsetHeight > innerHeight;

	tip.style.left = Math.max(2, right ? mouse.clientX - 10 - tip.offsetWidth : mouse.clientX + 14) + "px";
	tip.style.top = (low ? mouse.clientY - 10 - tip.offsetHeight : mouse.clientY + 18) + "px";
}

canvas.addEventListener("mousemove", mouse => {
	const place = pointed(mouse);

	if (place?.r !== at?.r || place?.k !== at?.k) {
		at = place;
		drawSoon();
	}
	if (place)
		showTip(mouse, boxAt(place));
	else
		hideTip();
});
canvas.addEventListener("mouseleave", () => {
	hideTip();
	at = null;
	drawSoon();
});
canvas.addEventListener("click", mouse => {
	const place = pointed(mouse);

	hideTip();
	if (place)
		enter(boxAt(place));
});

/* The widest box that stands on this one, or the one below it. */
function across(place, step)
{
	const from = boxAt(place), r = place.r + step;
	let best = null;

	(rows[r] || []).forEach((box, k) => {
		const room = Math.min(box.x + box.w, from.x + from.w) - Math.max(box.x, from.x);

		if (room > 0.01 && (!best || room > best.room + 0.01))
			best = { r, k, room };
	});
	return best || place;
}

canvas.addEventListener("keydown", key => {
	const outwards = downwards() ? "ArrowDown" : "ArrowUp";
	const inwards = downwards() ? "ArrowUp" : "ArrowDown";
	let place = at || placeOf(shown, zoomed) || { r: 0, k: 0 };

	if (key.ctrlKey || key.altKey || key.metaKey)
		return;
	if (key.key === "Enter" || key.key === " ") {
		key.preventDefault();
		enter(boxAt(place));
		return;
	}
	if (key.key === outwards)
		place = across(place, 1);
	else if (key.key === inwards)
		place = across(place, -1);
	else if (key.key === "ArrowLeft")
		place = { r: place.r, k: Math.max(0, place.k - 1) };
	else if (key.key === "ArrowRight")
		place = { r: place.r, k: Math.min(rows[place.r].length - 1, place.k + 1) };
	else
		return;
	key.preventDefault();
	at = place;
	sayAt();
	scrollToRow(place.r);
	draw();
});
canvas.addEventListener("focus", () => {
	if (!at && canvas.matches(":focus-visible")) {
		at = placeOf(shown, zoomed);
		sayAt();
		draw();
	}
});
canvas.addEventListener("blur", () => {
	at = null;
	drawSoon();
});

document.addEventListener("keydown", key => {
	const typing = document.activeElement?.tagName === "INPUT";

	if (key.key === "Escape") {
		reset();
		if (typing)
			canvas.focus();
	} else if (!typing && !key.ctrlKey && !key.metaKey && !key.altKey) {
		if (key.key === "/") {
			key.preventDefault();
			$("search").focus();
			$("search").select();
		} else if (key.key === "n" || key.key === "N") {
			stepTo(key.key === "n" ? 1 : -1);
		} else if (key.key === "c") {
			copyStack();
		}
	}
});
$("search").addEventListener("input", () => go({ search: $("search").value }, false));
$("search").addEventListener("change", () => {
	if ($("search").value !== state.search)
		go({ search: $("search").value }, false);
});
$("search").addEventListener("keydown", key => {
	if (key.key === "Enter") {
		key.preventDefault();
		stepTo(key.shiftKey ? -1 : 1);
	}
});
$("next").addEventListener("click", () => stepTo(1));
$("previous").addEventListener("click", () => stepTo(-1));
$("reset").addEventListener("click", reset);
$("turn").addEventListener("click", () => go({ rootOnTop: !state.rootOnTop }, false));
$("alltimes").addEventListener("click", () => go({ time: null }, true));
$("copy").addEventListener("click", copyStack);
$("svg").addEventListener("click", saveSvg);
$("png").addEventListener("click", savePng);
$("event").addEventListener("change", () => go({ event: Number($("event").value) }, true));
$("width").addEventListener("change", () => go({ width: Number($("width").value) }, true));
$("per").addEventListener("change", () => go({ per: $("per").value }, true));
$("view").addEventListener("change", () => {
	const view = $("view").value;
	const change = { view };

	/* An icicle is what hangs from the functions that stacks end in. */
	if (view === "callee" || state.view === "callee")
		change.rootOnTop = view === "callee";
	if (view === "sandwich") {
		change.focus = shown.frame[zoomed];
		if (!change.focus)
			change.focus = widestFunction();
	}
	go(change, true);
});

/* What most stacks end in. */
function widestFunction()
{
	const { self } = sumFrames(tree, 0);
	let best = 1;

	self.forEach((value, f) => {
		if (value > self[best] && profile.frames[f][1] !== PROCESS)
			best = f;
	});
	return best;
}

graph.addEventListener("scroll", () => {
	hideTip();
	drawSoon();
});
addEventListener("resize", () => {
	if (!tree)
		return;
	resize();
	drawStrip();
	sayAt();
});
addEventListener("popstate", async () => {
	Object.assign(state, readAddress());
	await load();
	show(false);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
	theme();
	drawStrip();
	if (compares)
		measureChanges(rows);
	draw();
});

async function start()
{
	$("about").textContent = profile.about.join("\n");
	$("loss").textContent = profile.loss.join("\n");
	$("loss").classList.toggle("lossy", profile.lossy);
	$("event").replaceChildren(...profile.events.map((e, k) => new Option(e.name + " (" + number(e.samples) +
		(compares ? ", before " + number(e.before) : "") + ")", k)));
	$("eventlabel").hidden = profile.events.length < 2;
	for (const id of ["widthlabel", "perlabel", "changes"])
		$(id).hidden = !compares;
	if (!profile.seconds.every(Boolean))
		$("per").querySelector("[value=second]").disabled = true;
	theme();
	Object.assign(state, readAddress());
	await load();
	show(true);
	scrollToRow(placeOf(shown, zoomed)?.r ?? 0);
	draw();
	performance.mark("painted");
}
/* Tests wait for it. */
window.started = start().catch(error => {
	$("title").textContent = typeof DecompressionStream === "undefined" ?
		"This browser is too old for this page: it cannot inflate." : "This page cannot be shown: " + error.message;
	throw error;
});
