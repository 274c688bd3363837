// SPDX-License-Identifier: GPL-2.0
/* The address carries what is shown, so that it can be kept and sent on. */
function address()
{
	const parts = [];

	function add(key, value)
	{
		parts.push(key + "=" + encodeURIComponent(value));
	}
	if (state.event)
		add("event", profile.events[state.event].name);
	if (state.view !== "flame")
		add("view", state.view);
	if (state.view === "flame" && state.zoom)
		add("zoom", state.zoom);
	if (state.view === "flame" && state.part)
		add("part", state.part.join("-"));
	if (state.view === "callee" && state.path.length)
		add("path", state.path.join("."));
	if (state.view === "callee" && state.skip)
		add("skip", state.skip);
	if (state.view === "sandwich")
		add("focus", labels[state.focus]);
	if (state.search)
		add("search", state.search);
	if (state.rootOnTop)
		add("root", "top");
	if (state.width)
		add("width", "baseline");
	if (state.per !== PER[0])
		add("per", state.per);
	if (state.time)
		add("time", state.time.join("-"));
	return "#" + parts.join("&");
}

/* null if it is none of the slices. */
function readRange(text)
{
	const [from, to] = text.split("-").map(Number);

	return from >= 0 && from < to && to <= profile.slices ? [from, to] : null;
}

function readAddress()
{
	const want = { ...HOME };
	const natural = text => Math.max(0, parseInt(text, 10) || 0);

	for (const part of location.hash.slice(1).split("&")) {
		const [key, ...rest] = part.split("=");
		let value = rest.join("=");

		try {
			value = decodeURIComponent(value);
		} catch {
			/* A lone percent sign: taken as it is. */
		}
		if (key === "event")
			want.event = Math.max(0, profile.events.findIndex(e => e.name === value));
		else if (key === "view" && VIEWS.includes(value))
			want.view = value;
		else if (key === "zoom")
			want.zoom = natural(value);
		else if (key === "part")
			want.part = value.split("-").map(natural);
		else if (key === "path")
			want.path = value.split(".").map(natural);
		else if (key === "skip")
			want.skip = natural(value);
		else if (key === "focus")
			want.focus = labels.indexOf(value);
		else if (key === "search")
			want.search = value;
		else if (key === "root")
			want.rootOnTop = value === "top";
		else if (key === "width")
			want.width = compares && value === "baseline" ? 1 : 0;
		else if (key === "time")
			want.time = readRange(value);
		else if (key === "per" && PER.includes(value))
			want.per = value;
	}
	return want;
}
