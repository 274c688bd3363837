// SPDX-License-Identifier: GPL-2.0
/*
 * export_chrome_check.js FILE EVENT[,EVENT] [OPTION...]: a trace, by its format and by report; EVENT
 * may be "-".  With PAGE, what chrome://tracing's viewer has made of it.
 */
"use strict";
const fs = require("fs");
const { end, is, run, same } = require("./export_sums.js");

const [file, events, ...options] = process.argv.slice(2);
const trace = JSON.parse(fs.readFileSync(file, "utf8"));
const frames = trace.stackFrames;
const phases = { M: [], i: [], X: [] };

function stackOf(sf)
{
	const names = [];

	for (let frame = frames[sf]; frame; frame = frames[frame.parent])
		names.unshift(frame.name);
	return names;
}

for (const event of trace.traceEvents)
	phases[event.ph].push(event);
is(`${file}: each event has its place`, trace.traceEvents.filter(e => !Number.isInteger(e.pid) || !Number.isInteger(e.tid) ||
   (e.ph !== "M" && !(e.ts > 0)) || (e.ph === "X" && !(e.dur > 0))), []);
const hits = phases.i.filter(e => e.cat === "event");

is(`${file}: stacks as text are those in the frames`, [...hits, ...phases.X].filter(e => e.args.stack.split(" < ").reverse().join() !== stackOf(e.sf).join()), []);
for (const event of events.split(",").filter(name => name !== "-"))
	same(file, event, hits.filter(e => e.name === event).map(e => [stackOf(e.sf), 1]), options);

/* Every event, as script has it. */
const lines = run("script", "-F", "comm,tid,cpu,time,event", "--ns").trim().split("\n");

is(`${file}: as many events as script has`, hits.length, lines.length);
is(`${file}: CPUs, threads and times`, hits.map(e => `${e.tid} [${String(e.args.cpu).padStart(3, "0")}] ${Math.round(e.ts * 1000)} ${e.name}`).join("\n"),
   lines.map(line => line.match(/ (\d+) (\[\d+\]) +(\d+)\.(\d+): +(.*): *$/)).map(([, tid, cpu, s, ns, name]) => `${tid} ${cpu} ${Number(s + ns)} ${name}`).join("\n"));

const sum = name => phases.X.filter(e => !name || e.name === name).reduce((all, e) => all + Math.round(e.dur * 1000), 0);
/* Without their values, switches say nothing of it. */
const folded = process.env.WAITS ? run("offcpu", "-i", "stackid.data", "--folded") : "";
const want = folded.trim().split("\n").filter(line => line)
	.reduce((all, line) => all + Number(line.match(/ (\d+)$/)[1]), 0);

is(`${file}: times off the CPUs are offcpu's`, sum(), want);
if (process.env.PAGE) {
	const title = fs.readFileSync(process.env.PAGE, "utf8").match(/<title>([^<]*)/)[1];
	const page = JSON.parse(Buffer.from(title, "base64").toString());

	is("chrome://tracing: no errors", [page.errors, page.warnings], [[], []]);
	is("chrome://tracing: events and slices", page.events.length, hits.length + phases.X.length);
	is("chrome://tracing: their stacks", page.events.filter(([, , , , text, titles]) => titles.length && text.split(" < ").reverse().join() !== titles.join()), []);
	is("chrome://tracing: stacks are there", page.events.every(([, , , , text, titles]) => titles.length || text), true);
	is("chrome://tracing: threads have names", page.events.filter(([, comm]) => !comm), []);
	is("chrome://tracing: times off the CPUs", page.events.filter(([title]) => title === "blocked" || title === "waits for a CPU")
	   .reduce((all, [, , , duration]) => all + Math.round(duration * 1e6), 0), want);
}
end();
