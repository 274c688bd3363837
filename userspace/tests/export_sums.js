// SPDX-License-Identifier: GPL-2.0
/* What stackid says of the file stackid.data itself, and whether an export says the same. */
"use strict";
const { spawnSync } = require("child_process");

function run(...args)
{
	const said = spawnSync(process.env.STACKID, args, { encoding: "utf8", maxBuffer: 1 << 30 });

	/* 2: the file is damaged, and what is whole was read. */
	if (said.status !== 0 && said.status !== 2)
		throw new Error(`${args.join(" ")}: ${said.stderr}`);
	return said.stdout;
}

function add(sums, name, at, number)
{
	if (!sums.has(name))
		sums.set(name, [0, 0]);
	sums.get(name)[at] += number;
}

/* The options for an event; "[event 1]" has no name to choose it by, and is alone. */
const of = event => (event.startsWith("[") ? [] : ["-e", event]);

/* From functions to [total, self]. */
function reportSums(event, options)
{
	const sums = new Map();

	["overhead_children,period,sym", "period,sym"].forEach((fields, at) => {
		const rows = run("report", "-q", "-t", "|", "-g", "none", "--sort", "sym", "-F", fields, ...of(event), ...options);

		for (const row of rows.split("\n").filter(line => line)) {
			const [, number, name] = row.match(/(?:^|\|)(\d+)\|\[.\] (.*)$/);

			add(sums, name, at, Number(number));
		}
	});
	return sums;
}

/* Of [[outermost, ..., innermost], weight] */
function sampleSums(samples)
{
	const sums = new Map();

	for (const [frames, weight] of samples) {
		for (const name of new Set(frames))
			add(sums, name, 0, weight);
		add(sums, frames[frames.length - 1], 1, weight);
	}
	return sums;
}

let failed = false;

function is(name, got, want)
{
	const right = JSON.stringify(got) === JSON.stringify(want);

	if (!right)
		failed = true;
	console.log(`${right ? "" : "not "}ok ${name}${right ? "" : `: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`}`);
}

const sorted = sums => [...sums].filter(([, [total]]) => total).sort(([a], [b]) => (a < b ? -1 : 1));

/* That sums are those of stackid report with these options. */
function sameSums(name, event, sums, options = [])
{
	const want = sorted(reportSums(event, options));

	is(`${name}: functions of ${event} as report has them`, sorted(sums), want);
	if (!want.length)
		is(`${name}: ${event} is there`, false, true);
}

/* The same, of samples. */
function same(name, event, samples, options = [])
{
	sameSums(name, event, sampleSums(samples), options);
}

/* The last line of a check. */
function end()
{
	console.log("done");
	process.exit(failed ? 1 : 0);
}

module.exports = { add, end, is, of, run, same, sameSums };
